//! Which characters one person may put on another's screen.

/// Whether a character moves, turns round or hides other text, or breaks a line: nobody is shown it in what another wrote.
///
/// The joiners U+200C and U+200D are not among them: Persian, Hindi and many emoji cannot be written without them.
///
/// ```
/// use hypogeum_protocol::text::is_hidden;
///
/// assert!(is_hidden('\u{202E}') && is_hidden('\n') && is_hidden('\u{2028}'));
/// assert!(!is_hidden('é') && !is_hidden('字') && !is_hidden('\u{200D}'));
/// ```
#[must_use]
pub const fn is_hidden(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1F}'
            | '\u{7F}'..='\u{9F}'
            // The soft hyphen, the mark of Arabic letters, fillers that look like nothing.
            | '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180E}' | '\u{3164}' | '\u{FFA0}'
            // Spaces of no width, marks and overrides of direction, separators of lines.
            | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            // Annotations, tags and private use.
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}'
    )
}

/// Whether others may be shown these words: none of their characters [`is_hidden`].
#[must_use]
pub fn is_readable(words: &str) -> bool {
    !words.chars().any(is_hidden)
}
