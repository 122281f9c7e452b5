//! The words and signs of a RON text, whether or not it is one: for saying what is wrong with it.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    Comma,
    Colon,
    /// A string or a character, quotes included.
    Quoted,
    /// A name or a number.
    Word,
    /// Any other sign.
    Sign,
}

/// A word or a sign, by its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// A text and its tokens, comments left out.
#[derive(Debug)]
pub(super) struct Tokens<'t> {
    pub(super) text: &'t str,
    list: Vec<Token>,
}

impl<'t> Tokens<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let (mut list, mut at) = (Vec::new(), 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let blank = blank_len(rest);
            if blank > 0 {
                at += blank;
                continue;
            }
            let (len, kind) = token(rest);
            list.push(Token { start: at, end: at + len, kind });
            at += len;
        }
        Self { text, list }
    }

    pub(super) fn text(&self, token: Token) -> &'t str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    pub(super) fn get(&self, index: usize) -> Option<Token> {
        self.list.get(index).copied()
    }

    /// The place of the token that holds a byte, or of the first one behind it.
    pub(super) fn index_at(&self, byte: usize) -> usize {
        self.list.partition_point(|token| token.end <= byte)
    }

    /// The token before that of a place.
    pub(super) fn before(&self, index: usize) -> Option<Token> {
        index.checked_sub(1).and_then(|before| self.get(before))
    }

    /// Brackets that are open before the token of a place, by their places, the outermost first.
    pub(super) fn open_before(&self, index: usize) -> Vec<usize> {
        let mut open = Vec::new();
        for (place, token) in self.list.iter().enumerate().take(index) {
            match token.kind {
                Kind::Open => open.push(place),
                Kind::Close => drop(open.pop()),
                Kind::Comma | Kind::Colon | Kind::Quoted | Kind::Word | Kind::Sign => {}
            }
        }
        open
    }

    /// The innermost bracket that is never closed.
    pub(super) fn never_closed(&self) -> Option<Token> {
        self.open_before(self.list.len()).pop().and_then(|place| self.get(place))
    }

    /// Where the token of a place begins, or the text ends.
    pub(super) fn start_of(&self, index: usize) -> usize {
        self.get(index).map_or(self.text.len(), |token| token.start)
    }

    /// The first bracket that is closed by one of another kind, with its place, and the place of that one.
    pub(super) fn mismatched(&self) -> Option<((usize, Token), usize)> {
        let mut open = Vec::new();
        for (place, token) in self.list.iter().enumerate() {
            match token.kind {
                Kind::Open => open.push((place, *token)),
                Kind::Close => {
                    let last: (usize, Token) = open.pop()?;
                    if !matches!((self.text(last.1), self.text(*token)), ("(", ")") | ("[", "]") | ("{", "}")) {
                        return Some((last, place));
                    }
                }
                Kind::Comma | Kind::Colon | Kind::Quoted | Kind::Word | Kind::Sign => {}
            }
        }
        None
    }

    /// The bracket that closes the one at a place, or the end.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (place, token) in self.list.iter().enumerate().skip(open) {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close if depth <= 1 => return place,
                Kind::Close => depth -= 1,
                Kind::Comma | Kind::Colon | Kind::Quoted | Kind::Word | Kind::Sign => {}
            }
        }
        self.list.len()
    }

    /// What stands between two commas about the token of a place, in the bracket at `open`: its bytes with the comma behind
    /// it, and its name, if it has one.
    pub(super) fn part(&self, open: usize, index: usize) -> Option<(core::ops::Range<usize>, Option<&'t str>)> {
        let mut place = open + 1;
        let mut first = place;
        loop {
            let token = self.get(place);
            match token.map(|token| token.kind) {
                Some(Kind::Open) => place = self.closing(place) + 1,
                Some(Kind::Comma) if place < index => {
                    place += 1;
                    first = place;
                }
                None | Some(Kind::Comma | Kind::Close) => {
                    let start = self.get(first)?.start;
                    let end = match token {
                        Some(Token { kind: Kind::Comma, end, .. }) => end,
                        Some(token) => token.start,
                        None => self.text.len(),
                    };
                    let is_named = self.get(first + 1).is_some_and(|colon| colon.kind == Kind::Colon);
                    let name = self.get(first).filter(|_| is_named).map(|name| self.text(name));
                    return (start < end).then_some((start..end, name));
                }
                Some(_) => place += 1,
            }
        }
    }
}

/// Bytes of white space or of a comment at the beginning.
fn blank_len(text: &str) -> usize {
    let spaces = text.len() - text.trim_start().len();
    if spaces > 0 {
        return spaces;
    }
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if !text.starts_with("/*") {
        return 0;
    }
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest {
            "" => return text.len(),
            _ if rest.starts_with("/*") => (depth, at) = (depth + 1, at + 2),
            _ if rest.starts_with("*/") => (depth, at) = (depth - 1, at + 2),
            _ => at += rest.chars().next().map_or(1, char::len_utf8),
        }
        if depth == 0 {
            return at;
        }
    }
}

/// The token at the beginning of a text that is not blank.
fn token(text: &str) -> (usize, Kind) {
    if let Some(len) = quoted_len(text) {
        return (len, Kind::Quoted);
    }
    let first = text.chars().next().unwrap_or_default();
    let kind = match first {
        '(' | '[' | '{' => Kind::Open,
        ')' | ']' | '}' => Kind::Close,
        ',' => Kind::Comma,
        ':' => Kind::Colon,
        _ if is_word(first) => {
            return (text.find(|char| !is_word(char)).unwrap_or(text.len()), Kind::Word);
        }
        _ => Kind::Sign,
    };
    (first.len_utf8(), kind)
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || "_-+.".contains(char)
}

/// Bytes of a string or character at the beginning, to the end of the text where it is not closed.
fn quoted_len(text: &str) -> Option<usize> {
    let plain = text.strip_prefix('b').unwrap_or(text);
    if let Some(raw) = plain.strip_prefix('r') {
        let opening = raw.trim_start_matches('#');
        if let Some(inside) = opening.strip_prefix('"') {
            let end = format!("\"{}", "#".repeat(raw.len() - opening.len()));
            let closed = inside.find(&end).map(|at| text.len() - inside.len() + at + end.len());
            return Some(closed.unwrap_or(text.len()));
        }
    }
    let quote = plain.chars().next().filter(|char| "\"'".contains(*char))?;
    let mut escaped = false;
    for (at, char) in plain.char_indices().skip(1) {
        match char {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if char == quote => return Some(text.len() - plain.len() + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_part_goes_from_comma_to_comma() {
        let tokens = Tokens::of("(a: 1, b: [2, (3, 4)], // c: 5,\n d: \"x, y\")");
        let part = |byte: usize| {
            let index = tokens.index_at(byte);
            let open = tokens.open_before(index).pop()?;
            tokens.part(open, index).map(|(range, name)| (&tokens.text[range], name))
        };
        assert_eq!(part(4), Some(("a: 1,", Some("a"))), "a field with its comma");
        assert_eq!(part(14), Some(("(3, 4)", None)), "an element has no name");
        assert_eq!(part(37), Some(("d: \"x, y\"", Some("d"))), "a comma in a string or a comment is none");
    }

    proptest! {
        #[test]
        fn any_text_has_tokens(text in "([\\PC\n]|/\\*|\\*/|//|\"|r#\"|[(\\[{}\\])]){0,200}") {
            let tokens = Tokens::of(&text);
            for index in 0..=tokens.list.len() {
                if let Some(open) = tokens.open_before(index).pop() {
                    tokens.part(open, index);
                }
            }
            prop_assert!(tokens.list.iter().all(|token| token.start < token.end), "each token is something");
            prop_assert!(tokens.list.is_sorted_by(|one, next| one.end <= next.start), "one after the other");
        }
    }
}
