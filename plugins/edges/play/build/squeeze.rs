//! Takes out of a module what a browser does not need: comments, indentation, empty lines, spaces around punctuation, and what its private names
//! mean. Its other words stay as they are, and so does where its lines end, since a statement may end with its line. Once modules are one,
//! [`on_few_lines`] puts those lines together that cannot end a statement.
//!
//! It is small, and for the code of this page, which lints keep in one form. It parses nothing, so it knows no scopes: names that are not private stay
//! long. The minifiers of the field know them, and bring a hundred crates into the build for some kilobytes. It takes a slash behind `)` or `}` for a
//! division: a regular expression that begins a statement there is written behind a name.

use std::collections::BTreeMap;

/// Between one of these and a neighbour no space is needed. Not `/`: two of them together mean something else. So do two of `+` or `-`, which the
/// squeezer keeps apart.
const ALONE: &[u8] = b"{}()[],;:=<>!&|?*%+-";
/// A line that ends with one of these goes on, or has ended with it.
const GOES_ON_BEHIND: &[u8] = b";{,([=?&|:<>";
/// A line that begins with one of these goes on from the one before, or ends what that says.
const GOES_ON_WITH: &[u8] = b")]},.?:&|";
/// A private name is one of these, with a number where they do not suffice.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";
/// Behind these a slash begins a regular expression.
const BEFORE_REGEX: &[u8] = b"(,=:[!&|?{;+-*%~^<>\n";
/// And behind these words.
const WORDS_BEFORE_REGEX: [&str; 13] =
    ["return", "typeof", "case", "in", "of", "await", "throw", "else", "do", "void", "delete", "yield", "instanceof"];

/// A module without what is not needed.
///
/// # Errors
/// In words, where something in it does not end.
pub(crate) fn squeezed(source: &str) -> Result<String, String> {
    Squeezer::new(source, Pass::Module).run()
}

/// All modules in one, squeezed, without the ends of lines that say nothing.
///
/// # Errors
/// As of [`squeezed`].
pub(crate) fn on_few_lines(source: &str) -> Result<String, String> {
    Squeezer::new(source, Pass::Whole).run()
}

/// What is squeezed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// A module: its private names become short ones, and its lines end where they ended.
    Module,
    /// All modules in one: the ends of lines that say nothing are taken out.
    Whole,
}

struct Squeezer<'s> {
    source: &'s str,
    pass: Pass,
    /// The short names of its private ones.
    privates: BTreeMap<&'s str, String>,
    at: usize,
    out: String,
    /// Braces that are open within each `${` that is.
    braces: Vec<usize>,
}

impl<'s> Squeezer<'s> {
    fn new(source: &'s str, pass: Pass) -> Self {
        let out = String::with_capacity(source.len());
        Self { source, pass, privates: BTreeMap::new(), at: 0, out, braces: Vec::new() }
    }

    fn run(mut self) -> Result<String, String> {
        while self.at < self.source.len() {
            self.step()?;
        }
        if self.braces.is_empty() { Ok(self.out) } else { Err("a template does not end".to_owned()) }
    }

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
            b'#' if self.pass == Pass::Module => {
                self.private();
                Ok(())
            }
            byte => {
                self.brace(byte);
                self.close_up(byte);
                let length = self.source[self.at..].chars().next().map_or(1, char::len_utf8);
                self.copy_to(Some(length))
            }
        }
    }

    /// Takes out what stands before a byte and is not needed before it.
    fn close_up(&mut self, byte: u8) {
        if self.pass == Pass::Whole && GOES_ON_WITH.contains(&byte) && self.out.ends_with('\n') {
            self.out.pop();
            // A point right behind a number would be its own.
            if byte == b'.' && self.out.ends_with(|last: char| last.is_ascii_digit()) {
                self.out.push('\n');
            }
        }
        if ALONE.contains(&byte) && self.out.ends_with(' ') {
            self.out.pop();
        }
        // `a + +b` is not `a ++b`: what was apart stays apart.
        let is_sign = byte == b'+' || byte == b'-';
        if is_sign && self.out.as_bytes().last() == Some(&byte) && self.source.as_bytes()[self.at - 1] != byte {
            self.out.push(' ');
        }
    }

    /// Writes the short name of a private one: the same for the same name in all of the module.
    fn private(&mut self) {
        let source: &'s str = self.source;
        let rest = &source[self.at + 1..];
        let is_inside = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
        let name = &rest[..rest.find(|letter: char| !is_inside(letter)).unwrap_or(rest.len())];
        let number = self.privates.len();
        let short = self.privates.entry(name).or_insert_with(|| short_name(number));
        self.out.push('#');
        self.out.push_str(short);
        self.at += 1 + name.len();
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
        let last = self.out.as_bytes().last();
        let is_needed = |last: &u8| *last != b'\n' && !(self.pass == Pass::Whole && GOES_ON_BEHIND.contains(last));
        if last.is_some_and(is_needed) {
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
        // `a++ / b` divides.
        if before.ends_with("++") || before.ends_with("--") {
            return false;
        }
        let is_inside = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
        let rest = before.trim_end_matches(is_inside);
        // `a.of` is no word of the language.
        let is_behind_word = WORDS_BEFORE_REGEX.contains(&&before[rest.len()..]) && !rest.ends_with(['.', '#']);
        before.bytes().next_back().is_none_or(|last| BEFORE_REGEX.contains(&last)) || is_behind_word
    }
}

fn short_name(number: usize) -> String {
    let letter = char::from(LETTERS[number % LETTERS.len()]);
    match number / LETTERS.len() {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
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
