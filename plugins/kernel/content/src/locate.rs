//! Where in a RON text a value stands: a tree of places beside the typed definition that serde gives.
//!
//! The text has been accepted by `ron` before a tree is made of it, so the scanner is lenient; it still terminates on
//! any text, never leaves it and nests at most [`NESTING_MAX`] deep.

use crate::limits::NESTING_MAX;

/// Digits of a number that messages show.
const NUMBER_CHARS_SHOWN: usize = 24;

/// A value: its first byte and what is inside it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    start: usize,
    end: usize,
    /// The bytes of a field's name, empty for elements of lists and tuples.
    label: (usize, usize),
    /// Fields of a struct, elements of a list, content of a variant.
    children: Vec<Node>,
}

/// A file's text and its tree.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: String,
    text: String,
    root: Node,
}

impl Source {
    pub(crate) fn new(file: String, text: String) -> Self {
        let root = Scanner { text: &text, at: 0 }.document();
        Self { file, text, root }
    }

    /// The whole value.
    pub(crate) fn root(&self) -> Spot<'_> {
        Spot { source: self, node: &self.root, name: "definition" }
    }
}

/// A place in a source: a value, or where it is left out, what should hold it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'s> {
    source: &'s Source,
    node: &'s Node,
    /// The last field gone into, for messages.
    pub(crate) name: &'s str,
}

impl<'s> Spot<'s> {
    /// The value of a field, whether or not `Some` is written around it.
    pub(crate) fn field(self, name: &'static str) -> Self {
        let named = |child: &&Node| self.source.text.get(child.label.0..child.label.1) == Some(name);
        let node = self.node.children.iter().find(named).map_or(self.node, |child| self.unwrapped(child));
        Self { node, name, ..self }
    }

    /// Whether a field is written.
    pub(crate) fn has(self, name: &str) -> bool {
        self.node.children.iter().any(|child| self.source.text.get(child.label.0..child.label.1) == Some(name))
    }

    /// The nth element, or part of a tuple or variant.
    pub(crate) fn nth(self, index: usize) -> Self {
        let node = self.node.children.get(index).map_or(self.node, |child| self.unwrapped(child));
        Self { node, ..self }
    }

    /// The same place under another name in messages.
    pub(crate) fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// The number as it is written, where one stands here.
    pub(crate) fn number(self) -> Option<&'s str> {
        let text = self.source.text.get(self.node.start..self.node.end)?;
        let digits = text.trim_start_matches(['-', '+']);
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        is_number.then(|| text.get(..NUMBER_CHARS_SHOWN).unwrap_or(text))
    }

    /// The name a variant is written with.
    pub(crate) fn word(self) -> &'s str {
        let text = self.source.text.get(self.node.start..self.node.end).unwrap_or_default();
        text.split(|char: char| !char.is_alphanumeric() && char != '_').next().unwrap_or_default()
    }

    fn unwrapped(self, node: &'s Node) -> &'s Node {
        let text = self.source.text.get(node.start..node.end).unwrap_or_default();
        match node.children.as_slice() {
            [inner] if text.strip_prefix("Some").is_some_and(|rest| rest.trim_start().starts_with('(')) => inner,
            _ => node,
        }
    }

    pub(crate) fn file(self) -> &'s str {
        &self.source.file
    }

    /// Line and column from 1, columns in characters.
    pub(crate) fn line_column(self) -> (u32, u32) {
        line_column(&self.source.text, self.node.start)
    }
}

/// Line and column from 1 of a byte of a text, columns in characters.
pub(crate) fn line_column(text: &str, byte: usize) -> (u32, u32) {
    let before = text.get(..byte).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&char| char != '\n').count() + 1;
    (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn document(&mut self) -> Node {
        self.skip_blank();
        while self.rest().starts_with("#!") {
            self.at += 2;
            self.value(0);
            self.skip_blank();
        }
        self.value(0)
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) {
        self.at += self.peek().map_or(0, char::len_utf8);
    }

    fn bump_while(&mut self, accept: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&accept) {
            self.bump();
        }
    }

    /// Goes past a text, or to the end where it does not come.
    fn bump_past(&mut self, end: &str) {
        self.at = self.rest().find(end).map_or(self.text.len(), |found| self.at + found + end.len());
    }

    /// White space and comments; block comments nest.
    fn skip_blank(&mut self) {
        loop {
            self.bump_while(char::is_whitespace);
            if self.rest().starts_with("//") {
                self.bump_past("\n");
            } else if self.rest().starts_with("/*") {
                self.skip_block_comment();
            } else {
                return;
            }
        }
    }

    fn skip_block_comment(&mut self) {
        let mut depth = 0_u32;
        loop {
            let rest = self.rest();
            if rest.is_empty() {
                return;
            }
            if rest.starts_with("/*") {
                depth += 1;
                self.at += 2;
            } else if rest.starts_with("*/") {
                depth -= 1;
                self.at += 2;
            } else {
                self.bump();
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn value(&mut self, depth: usize) -> Node {
        let start = self.at;
        let mut children = Vec::new();
        if !self.skip_string() {
            let word = |char: char| !char.is_whitespace() && !",:()[]{}\"/".contains(char);
            self.bump_while(word);
            let word_end = self.at;
            self.skip_blank();
            let group = self.peek().is_some_and(|char| "([{".contains(char));
            if group && depth < NESTING_MAX {
                self.bump();
                children = self.group(depth + 1);
            } else if word_end > start {
                self.at = word_end;
            }
        }
        Node { start, end: self.at, label: (0, 0), children }
    }

    /// What is between brackets, up to the closing one.
    fn group(&mut self, depth: usize) -> Vec<Node> {
        let mut children = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => return children,
                Some(')' | ']' | '}') => {
                    self.bump();
                    return children;
                }
                Some(',') => self.bump(),
                Some(_) => {
                    let before = self.at;
                    let mut node = self.value(depth);
                    self.skip_blank();
                    if self.peek() == Some(':') {
                        self.bump();
                        self.skip_blank();
                        let label = (node.start, node.end);
                        node = Node { label, ..self.value(depth) };
                    }
                    children.push(node);
                    if self.at == before {
                        self.bump();
                    }
                }
            }
        }
    }

    /// Goes past a string or character literal, if one stands here.
    fn skip_string(&mut self) -> bool {
        let rest = self.rest();
        let plain = rest.strip_prefix('b').unwrap_or(rest);
        if let Some(raw) = plain.strip_prefix('r') {
            let opening = raw.trim_start_matches('#');
            if opening.starts_with('"') {
                let hashes = raw.len() - opening.len();
                self.at += rest.len() - opening.len() + 1;
                self.bump_past(&format!("\"{}", "#".repeat(hashes)));
                return true;
            }
        }
        let Some(quote) = plain.chars().next().filter(|char| "\"'".contains(*char)) else { return false };
        self.at += rest.len() - plain.len() + 1;
        while let Some(char) = self.peek() {
            self.bump();
            if char == '\\' {
                self.bump();
            } else if char == quote {
                break;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str, walk: impl Fn(Spot<'_>) -> Spot<'_>) -> (u32, u32) {
        let source = Source::new("test".into(), text.into());
        walk(source.root()).line_column()
    }

    #[test]
    fn a_name_in_a_comment_or_string_is_no_field() {
        let text = "// damage: 1\n( /* damage: 2 /* damage: 3 */ */ name: \"damage: 4\",\n  damage: 5 )";
        assert_eq!(at(text, |root| root.field("damage")), (3, 11), "only the real field counts");
    }

    #[test]
    fn raw_strings_end_where_their_hashes_do() {
        let text = "(name: r#\"a \" damage: 1 \"#, damage: 5)";
        assert_eq!(at(text, |root| root.field("damage")), (1, 37), "a quote inside a raw string does not end it");
    }

    #[test]
    fn a_key_written_twice_is_told_apart() {
        let text = "(guards: [(\"rat\", 1), (\"rat\", 99)])";
        assert_eq!(at(text, |root| root.field("guards").nth(1).nth(0)), (1, 24), "the second one is meant");
        assert_eq!(at(text, |root| root.field("guards").nth(1).nth(1)), (1, 31), "and its count stands behind it");
    }

    #[test]
    fn an_option_is_looked_through() {
        let text = "Item(a: Some( \"x\" ), b: Something(1))";
        assert_eq!(at(text, |root| root.field("a")), (1, 15), "the value inside Some is meant");
        assert_eq!(at(text, |root| root.field("b")), (1, 25), "a variant that only begins like Some is a value");
    }

    #[test]
    fn a_field_left_out_is_where_it_should_be() {
        let text = "#![enable(implicit_some)]\n(shape: Melee(arc_deg: 1))";
        assert_eq!(at(text, |root| root.field("shape").field("range_cm")), (2, 9), "the variant should hold it");
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(at("(name: \"Ärger\", damage: 5)", |root| root.field("damage")), (1, 25), "not bytes");
    }

    proptest! {
        #[test]
        fn any_text_has_a_tree(text in "[\\PC\n]{0,200}", nested in 0_usize..300) {
            Source::new("test".into(), text);
            Source::new("test".into(), "([{r#\"".repeat(nested));
            Source::new("test".into(), "a(b:[".repeat(nested));
        }
    }
}
