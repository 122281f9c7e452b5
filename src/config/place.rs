//! Where in a file a mistake is, and what was probably meant.

/// What is wrong with a file, as `file:line:column: …`.
pub(super) fn located(name: &str, text: &str, error: &toml::de::Error) -> String {
    let (line, column) = position(text, error.span().map_or(0, |span| span.start));
    let message = error.message().replace('\n', ", ").replace("unknown variant", "unknown value");
    let hint = meant(&message).map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"));
    format!("{name}:{line}:{column}: {message}{hint}")
}

/// The words in backticks of a message about an unknown one, the unknown one first.
pub(super) fn words_of(message: &str) -> Vec<&str> {
    if !message.contains("unknown") { Vec::new() } else { message.split('`').skip(1).step_by(2).collect() }
}

/// What was probably meant by a word that is not known.
pub(super) fn meant(message: &str) -> Option<&str> {
    let words = words_of(message);
    let (found, expected) = words.split_first()?;
    hypogeum_content::nearest(found, expected.iter().copied())
}

/// Line and column of a byte of a text, both from 1.
pub(super) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count()) + 1;
    (line, column)
}

/// Where a key is set in a file, in bytes; its beginning where it is not.
pub(super) fn key_offset(text: &str, key: &str) -> usize {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start();
        if trimmed.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return offset + line.len() - trimmed.len();
        }
        offset += line.len();
    }
    0
}
