//! Takes out of a module what a browser does not need: comments, indentation, empty lines, and spaces around punctuation. Its words
//! stay as they are, and so does where its lines end, since a statement may end with its line.

/// Between one of these and a neighbour no space is needed. Not `+`, `-` and `/`: two of them together mean something else.
const ALONE: &[u8] = b"{}()[],;:=<>!&|?*%";
/// Behind these a slash begins a regular expression.
const BEFORE_REGEX: &[u8] = b"(,=:[!&|?{;+-*%~^<>\n";
/// And behind these words.
const WORDS_BEFORE_REGEX: [&str; 6] = ["return", "typeof", "case", "in", "of", "await"];

/// A module without what is not needed.
///
/// # Errors
/// In words, where something in it does not end.
pub(crate) fn squeezed(source: &str) -> Result<String, String> {
    let mut squeezer = Squeezer { source, at: 0, out: String::with_capacity(source.len()), braces: Vec::new() };
    while squeezer.at < source.len() {
        squeezer.step()?;
    }
    if squeezer.braces.is_empty() { Ok(squeezer.out) } else { Err("a template does not end".to_owned()) }
}

struct Squeezer<'s> {
    source: &'s str,
    at: usize,
    out: String,
    /// Braces that are open within each `${` that is.
    braces: Vec<usize>,
}

impl Squeezer<'_> {
    fn step(&mut self) -> Result<(), String> {
        let rest = &self.source.as_bytes()[self.at..];
        match rest[0] {
            quote @ (b'\'' | b'"') => self.copy_to(closing(rest, quote)),
            b'`' => self.template(),
            b'}' if self.braces.last() == Some(&0) => {
                self.braces.pop();
                self.template()
            }
            b'/' if rest.get(1) == Some(&b'/') => {
                let length = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
                self.at += length;
                Ok(())
            }
            b'/' if rest.get(1) == Some(&b'*') => self.comment(),
            b'/' if self.may_regex_begin() => self.copy_to(regex_end(rest)),
            b'\n' => {
                self.line_end();
                self.at += 1;
                Ok(())
            }
            b' ' | b'\t' | b'\r' => {
                self.space();
                self.at += 1;
                Ok(())
            }
            byte => {
                self.brace(byte);
                let is_alone = ALONE.contains(&byte);
                if is_alone && self.out.ends_with(' ') {
                    self.out.pop();
                }
                let length = self.source[self.at..].chars().next().map_or(1, char::len_utf8);
                self.copy_to(Some(length))
            }
        }
    }

    /// Copies so many bytes as they are.
    fn copy_to(&mut self, length: Option<usize>) -> Result<(), String> {
        let rest = &self.source[self.at..];
        let length = length.ok_or_else(|| format!("does not end: {}", rest.lines().next().unwrap_or_default()))?;
        self.out.push_str(&rest[..length]);
        self.at += length;
        Ok(())
    }

    /// Copies a part of a template: to its end, or to the next value in it.
    fn template(&mut self) -> Result<(), String> {
        let rest = &self.source.as_bytes()[self.at..];
        let mut end = 1;
        while end < rest.len() {
            match rest[end] {
                b'\\' => end += 2,
                b'`' => return self.copy_to(Some(end + 1)),
                b'$' if rest.get(end + 1) == Some(&b'{') => {
                    self.braces.push(0);
                    return self.copy_to(Some(end + 2));
                }
                _ => end += 1,
            }
        }
        self.copy_to(None)
    }

    fn comment(&mut self) -> Result<(), String> {
        let rest = &self.source[self.at..];
        let length = rest[2..].find("*/").map(|end| end + 4).ok_or("a comment does not end")?;
        if rest[..length].contains('\n') {
            self.line_end()
        } else {
            self.space()
        }
        self.at += length;
        Ok(())
    }

    fn line_end(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn space(&mut self) {
        let last = self.out.bytes().next_back();
        if last.is_some_and(|last| !ALONE.contains(&last) && last != b'\n' && last != b' ') {
            self.out.push(' ');
        }
    }

    fn brace(&mut self, byte: u8) {
        if let Some(open) = self.braces.last_mut() {
            match byte {
                b'{' => *open += 1,
                b'}' => *open -= 1,
                _ => {}
            }
        }
    }

    fn may_regex_begin(&self) -> bool {
        let before = self.out.trim_end_matches(' ');
        let word =
            before.rsplit(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '$').next();
        let is_behind_word = word.is_some_and(|word| WORDS_BEFORE_REGEX.contains(&word));
        before.bytes().next_back().is_none_or(|last| BEFORE_REGEX.contains(&last)) || is_behind_word
    }
}

/// Where a string ends that begins here.
fn closing(rest: &[u8], quote: u8) -> Option<usize> {
    let mut at = 1;
    while at < rest.len() && rest[at] != b'\n' {
        match rest[at] {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// Where a regular expression ends that begins here; its flags are words like others.
fn regex_end(rest: &[u8]) -> Option<usize> {
    let (mut at, mut is_in_class) = (1, false);
    while at < rest.len() && rest[at] != b'\n' {
        match rest[at] {
            b'\\' => at += 1,
            b'[' => is_in_class = true,
            b']' => is_in_class = false,
            b'/' if !is_in_class => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}
