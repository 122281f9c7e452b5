//! What `ron` says about a text, in the words every other mistake is told in.

use core::ops::Range;

use ron::Error as Code;

use super::tokens::{Kind, Token, Tokens};
use crate::ContentError;
use crate::limits::NESTING_MAX;
use crate::locate::line_column;
use crate::nearest::nearest;

/// Where a text stops being a definition, and what would mend it.
#[derive(Debug)]
pub(super) struct Slip {
    pub(super) start: usize,
    what: &'static str,
    found: String,
    expected: String,
    hint: Option<String>,
    /// What was probably meant, for which part.
    pub(super) instead: Option<(Range<usize>, String)>,
    /// Whether what follows can be told from it.
    pub(super) goes_on: bool,
}

impl Slip {
    fn new(start: usize, what: &'static str, found: impl Into<String>, expected: impl Into<String>) -> Self {
        let (found, expected) = (found.into(), expected.into());
        Self { start, what, found, expected, hint: None, instead: None, goes_on: true }
    }

    fn instead(self, part: Range<usize>, text: impl Into<String>) -> Self {
        Self { instead: Some((part, text.into())), ..self }
    }

    fn last(self) -> Self {
        Self { goes_on: false, ..self }
    }

    pub(super) fn at(self, file: &str, text: &str) -> ContentError {
        let (line, column) = line_column(text, self.start);
        let Self { what, found, expected, hint, .. } = self;
        ContentError { file: file.into(), line, column, what: what.into(), found, expected, hint, ..Default::default() }
    }

    /// A number that its field cannot hold.
    pub(super) fn unfit(tokens: &Tokens<'_>, number: Token) -> Self {
        Self::new(number.start, "number out of range", quoted(tokens.text(number)), "one that fits the field")
    }

    /// What is wrong at a byte.
    pub(super) fn of(tokens: &Tokens<'_>, byte: usize, code: &Code) -> Self {
        let index = tokens.index_at(byte);
        let what_stands = |at: usize, what, expected: String| {
            let found = tokens.get(tokens.index_at(at)).map_or_else(|| "the end".into(), |token| shown(tokens, token));
            Self::new(at, what, found, expected)
        };
        if let Some(slip) = another_language(tokens).or_else(|| unclosed(tokens, index, code)) {
            return slip;
        }
        // A comment of another language on the first line: `ron` looks past its sign.
        let index = if matches!(code, Code::ExpectedAttribute | Code::ExpectedAttributeEnd) { 0 } else { index };
        let token = tokens.get(index);
        let at = token.map_or(tokens.text.len(), |token| token.start);
        if let Some(slip) = token.and_then(|token| not_ron(tokens, index, token, code)) {
            return slip;
        }
        let value = number_start(tokens.text, byte);
        match code {
            Code::NoSuchStructField { expected, found, .. } => unknown(tokens, at, "unknown field", found, expected),
            Code::NoSuchEnumVariant { expected, found, .. } => unknown(tokens, at, "unknown value", found, expected),
            Code::MissingStructField { field, .. } => {
                Self::new(at, "missing field", "the end without it", quoted(field))
            }
            Code::DuplicateStructField { field, .. } => Self::new(at, "field given twice", quoted(field), "it once"),
            Code::InvalidValueForType { expected, .. } => what_stands(value, "wrong value", expected.clone()),
            Code::Message(expected) => what_stands(value, "wrong value", expected.clone()),
            Code::ExceededRecursionLimit => {
                Self::new(at, "nested too deep", "one more level", format!("at most {NESTING_MAX} levels")).last()
            }
            Code::ExpectedComma if tokens.text.get(byte..).is_some_and(|rest| rest.starts_with('.')) => {
                what_stands(value, "not a whole number", "a whole number".into())
            }
            Code::ExpectedComma => no_comma(tokens, index, at),
            Code::ExpectedMapColon => {
                let name = tokens.before(index).map_or_else(|| "the name".into(), |name| shown(tokens, name));
                what_stands(at, "colon missing", format!("`:` after {name}")).instead(at..at, ": ")
            }
            Code::ExpectedString => match token {
                Some(word) if word.kind == Kind::Word => {
                    let in_quotes = format!("{:?}", tokens.text(word));
                    let slip = what_stands(at, "quotes missing", in_quotes.clone());
                    slip.instead(word.start..word.end, in_quotes)
                }
                _ => what_stands(at, "syntax error", "string".into()),
            },
            Code::TrailingCharacters => what_stands(at, "syntax error", "the end".into()).last(),
            code => {
                let message = code.to_string();
                let expected = message.strip_prefix("Expected ");
                what_stands(at, "syntax error", expected.map_or_else(|| format!("RON ({message})"), str::to_owned))
            }
        }
    }
}

/// Texts of other languages, told by how they begin.
fn another_language(tokens: &Tokens<'_>) -> Option<Slip> {
    let first = tokens.get(0).filter(|first| tokens.text(*first) == "{")?;
    let expected = "`(`: RON has round brackets, and names without quotes";
    Some(Slip::new(first.start, "not RON but JSON", "`{`", expected).last())
}

/// Strings, comments and brackets without an end.
fn unclosed(tokens: &Tokens<'_>, index: usize, code: &Code) -> Option<Slip> {
    // Where the next quote is taken for the end, what follows it makes no sense.
    let is_cut = |string: &Token| string.kind == Kind::Quoted && tokens.text(*string).contains('\n');
    let strings = [tokens.before(index), tokens.get(index), tokens.before(usize::MAX)];
    if !matches!(code, Code::NoSuchStructField { .. } | Code::MissingStructField { .. })
        && let Some(string) = strings.into_iter().flatten().find(is_cut)
    {
        return Some(Slip::new(string.start, "string is never closed", "the end of the line", "`\"`").last());
    }
    if matches!(code, Code::UnclosedBlockComment) {
        let start = tokens.text.rfind("/*").unwrap_or_default();
        return Some(Slip::new(start, "comment is never closed", "the end", "`*/`").last());
    }
    if let Some((open, close)) = tokens.mismatched()
        && tokens.get(open.0).is_some_and(|open| open.end <= tokens.start_of(index))
        && index < close
    {
        let (bracket, line) = (tokens.text(open.1), line_column(tokens.text, tokens.start_of(close)).0);
        let found =
            format!("{} in line {line}", tokens.get(close).map_or_else(String::new, |close| shown(tokens, close)));
        return Some(Slip::new(open.1.start, never_closed(bracket), found, quoted(closing(bracket))).last());
    }
    let here = tokens.get(index);
    let around = tokens.open_before(index).pop().and_then(|open| tokens.get(open));
    if let (Some(close), Some(open)) = (here.filter(|here| here.kind == Kind::Close), around) {
        let (wanted, found) = (closing(tokens.text(open)), tokens.text(close));
        if wanted != found {
            let (line, _) = line_column(tokens.text, open.start);
            let expected = format!("`{wanted}` for the `{}` of line {line}", tokens.text(open));
            return Some(Slip::new(close.start, "brackets do not match", quoted(found), expected).last());
        }
    }
    let is_last = tokens.get(index + 1).is_none();
    let open = tokens.never_closed().filter(|_| is_last || matches!(code, Code::Eof))?;
    let bracket = tokens.text(open);
    Some(Slip::new(open.start, never_closed(bracket), "the end", quoted(closing(bracket))).last())
}

fn never_closed(bracket: &str) -> &'static str {
    match bracket {
        "(" => "`(` is never closed",
        "[" => "`[` is never closed",
        _ => "`{` is never closed",
    }
}

/// What people write by habit from elsewhere.
fn not_ron(tokens: &Tokens<'_>, index: usize, token: Token, code: &Code) -> Option<Slip> {
    let (at, word) = (token.start, tokens.text(token));
    let next = tokens.get(index + 1);
    if word.starts_with('#') && token.kind == Kind::Sign {
        let line = tokens.text.get(at..).and_then(|rest| rest.find('\n')).map_or(tokens.text.len(), |end| at + end);
        return Some(Slip::new(at, "not a comment", "`#`", "`//` before a comment").instead(at..line, ""));
    }
    let is_number = |word: &str| word.starts_with(|char: char| char.is_ascii_digit() || "-+.".contains(char));
    let percent = next.filter(|next| tokens.text(*next) == "%");
    if is_number(word)
        && matches!(code, Code::ExpectedIdentifier | Code::SuggestRawIdentifier(_) | Code::InvalidIdentifier(_))
    {
        let found = format!("`{word}{}`", percent.map_or("", |_| "%"));
        let expected = match percent {
            Some(_) => format!("Percent({word})"),
            None => format!("a name; of a change Flat({word}) or Percent({word})"),
        };
        return Some(Slip::new(at, "a number alone", found, expected));
    }
    if word == "%" {
        let number = tokens.before(index).map_or("", |number| tokens.text(number));
        let slip = Slip::new(at, "percent sign", "`%`", format!("{number} alone, where a field is in percent"));
        return Some(slip.instead(at..token.end, ""));
    }
    let is_expected_bare = matches!(
        code,
        Code::ExpectedIdentifier | Code::ExpectedInteger | Code::ExpectedBoolean | Code::ExpectedStructLikeEnd
    );
    if token.kind == Kind::Quoted && is_expected_bare {
        let bare = word.trim_matches(['"', '\'']);
        let what = if next.is_some_and(|next| next.kind == Kind::Colon) { "name in quotes" } else { "value in quotes" };
        let slip = Slip::new(at, what, word, format!("{bare} without quotes"));
        return Some(slip.instead(at..token.end, bare));
    }
    None
}

fn unknown(tokens: &Tokens<'_>, at: usize, what: &'static str, found: &str, expected: &[&'static str]) -> Slip {
    let end = at + found.len();
    let mut slip = Slip::new(at, what, quoted(found), format!("one of {}", expected.join(", ")));
    if let Some(near) = nearest(found, expected.iter().copied()) {
        slip.hint = Some(format!("did you mean `{near}`?"));
        if tokens.text.get(at..end) == Some(found) {
            slip = slip.instead(at..end, near);
        }
    } else if tokens.never_closed().is_some()
        && let Some(open) = tokens.open_before(tokens.index_at(at)).pop().and_then(|open| tokens.get(open))
    {
        let (line, _) = line_column(tokens.text, open.start);
        slip.hint = Some(format!("is the `{}` of line {line} closed?", tokens.text(open)));
        slip = slip.last();
    }
    slip
}

/// Behind the value that has none.
fn no_comma(tokens: &Tokens<'_>, index: usize, at: usize) -> Slip {
    let found = tokens.get(index).map_or_else(|| "the end".into(), |token| shown(tokens, token));
    let Some(before) = tokens.before(index) else { return Slip::new(at, "comma missing", found, "`,`").last() };
    let expected = format!("`,` after {}", shown(tokens, before));
    Slip::new(before.end, "comma missing", found, expected).instead(before.end..before.end, ",")
}

fn closing(open: &str) -> &'static str {
    match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn quoted(word: &str) -> String {
    format!("`{word}`")
}

/// A token, for messages.
fn shown(tokens: &Tokens<'_>, token: Token) -> String {
    let text = tokens.text(token);
    let start: String = text.chars().take(24).collect();
    if token.kind == Kind::Quoted { start } else { format!("`{}`", start.escape_debug()) }
}

/// The byte at a line and column from 1, columns in characters.
pub(super) fn byte_of(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line.checked_sub(2) {
        None => 0,
        Some(nth) => text.match_indices('\n').nth(nth).map_or(text.len(), |(byte, _)| byte + 1),
    };
    let rest = text.get(line_start..).unwrap_or_default();
    rest.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(byte, _)| line_start + byte)
}

/// Where the number begins that a byte is part of.
pub(super) fn number_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.trim_end_matches(|char: char| char.is_ascii_alphanumeric() || "+-_.".contains(char)).len()
}
