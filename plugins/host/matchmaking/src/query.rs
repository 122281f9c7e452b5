//! What a ticket asks of those it plays with.
//!
//! ```text
//! query  = [clause *(" " clause)]
//! clause = ["+" / "-"] key ":" value *("|" value)
//! value  = "*" / word / quoted / ("<" / "<=" / ">" / ">=") number / number ".." number
//! ```
//!
//! A word with `*` in it stands for all texts that have the rest of it in this order. A word that is a whole number stands for the number,
//! too. `+` must hold, `-` must not, and a clause without a sign is a criteria: it must hold until the mode lets it go.

use hypogeum_protocol::limits::{QUERY_CLAUSES_MAX, QUERY_VALUES_MAX};
use hypogeum_protocol::{PropertyValue, QueryFault};

use crate::Properties;
use crate::properties::is_key_byte;

/// Why a query cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at} of the query: {fault:?}")]
pub struct BadQuery {
    /// Where reading ended: bytes from the beginning.
    pub at: usize,
    /// What is wrong there.
    pub fault: QueryFault,
}

/// Clauses over the properties of somebody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    musts: Vec<Clause>,
    must_nots: Vec<Clause>,
    /// In their order: the last is let go first.
    shoulds: Vec<Clause>,
}

/// One property, and what it may be.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Clause {
    key: String,
    values: Vec<Wanted>,
}

/// What a property may be.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wanted {
    /// Anything, as long as it is there.
    Any,
    /// This text.
    Text(String),
    /// This text, or this number.
    Digits(String, i64),
    /// Texts that have these pieces in their order, the first at the beginning and the last at the end.
    Pieces(Vec<String>),
    /// A number, both ends included.
    Range(i64, i64),
}

impl Query {
    /// Reads a query; an empty one asks for nothing.
    ///
    /// # Errors
    /// [`BadQuery`].
    pub fn parse(text: &str) -> Result<Self, BadQuery> {
        let mut query = Self::default();
        let mut reader = Reader { text, at: 0 };
        let mut count = 0;
        while reader.skip_spaces() {
            count += 1;
            if count > QUERY_CLAUSES_MAX {
                return Err(reader.fault(QueryFault::TooManyClauses));
            }
            let clauses = match reader.peek() {
                Some(b'+') => &mut query.musts,
                Some(b'-') => &mut query.must_nots,
                _ => &mut query.shoulds,
            };
            if matches!(reader.peek(), Some(b'+' | b'-')) {
                reader.at += 1;
            }
            clauses.push(reader.clause()?);
        }
        Ok(query)
    }

    pub(crate) const fn none() -> Self {
        Self { musts: Vec::new(), must_nots: Vec::new(), shoulds: Vec::new() }
    }

    /// Whether it asks for nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.musts.is_empty() && self.must_nots.is_empty() && self.shoulds.is_empty()
    }

    /// What everyone has to have, whatever else, while the first `shoulds` of its should clauses hold: keys, and where only one value will do that, as it is written. A range, a pattern and several
    /// values name their key alone.
    pub(crate) fn needs(&self, shoulds: usize) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.musts
            .iter()
            .chain(self.shoulds.iter().take(shoulds))
            .map(|clause| (clause.key.as_str(), clause.only_value()))
    }

    /// How many of its clauses are should clauses.
    #[must_use]
    pub const fn shoulds(&self) -> usize {
        self.shoulds.len()
    }

    /// Whether somebody with these properties will do, while the first `shoulds` of its should clauses hold.
    #[must_use]
    pub fn accepts(&self, properties: &Properties, shoulds: usize) -> bool {
        let holds = |clause: &Clause| clause.holds(properties);
        self.musts.iter().chain(self.shoulds.iter().take(shoulds)).all(holds) && !self.must_nots.iter().any(holds)
    }
}

impl Clause {
    /// The one value that will do, as it is written.
    fn only_value(&self) -> Option<&str> {
        match self.values.as_slice() {
            [Wanted::Text(text)] => Some(text),
            // Another way to write a number, as `+5` or `05`, is the same number, and not the same text.
            [Wanted::Digits(text, number)] if *text == number.to_string() => Some(text),
            _ => None,
        }
    }

    fn holds(&self, properties: &Properties) -> bool {
        properties.get(&self.key).is_some_and(|value| self.values.iter().any(|wanted| wanted.is(value)))
    }
}

impl Wanted {
    fn is(&self, value: &PropertyValue) -> bool {
        match (self, value) {
            (Self::Any, _) => true,
            (Self::Text(wanted) | Self::Digits(wanted, _), PropertyValue::Text { text }) => wanted == text,
            (Self::Digits(_, wanted), PropertyValue::Number { number }) => wanted == number,
            (Self::Pieces(pieces), PropertyValue::Text { text }) => has_pieces(text, pieces),
            (Self::Range(first, last), PropertyValue::Number { number }) => (first..=last).contains(&number),
            (Self::Text(_) | Self::Pieces(_), PropertyValue::Number { .. })
            | (Self::Range(..), PropertyValue::Text { .. }) => false,
        }
    }
}

/// Whether a text has these pieces in their order, the first at its beginning and the last at its end: taking each as early as it comes
/// leaves most for the others.
fn has_pieces(text: &str, pieces: &[String]) -> bool {
    let [first, between @ .., last] = pieces else { return false };
    let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
    for piece in between {
        let Some(at) = rest.find(piece.as_str()) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    rest.ends_with(last.as_str())
}

/// A query, and how far it is read.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    const fn fault(&self, fault: QueryFault) -> BadQuery {
        BadQuery { at: self.at, fault }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether something is left behind the spaces that come next.
    fn skip_spaces(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start_matches(' ').len();
        self.at < self.text.len()
    }

    fn skip(&mut self, what: &str) -> bool {
        let is_there = self.rest().starts_with(what);
        if is_there {
            self.at += what.len();
        }
        is_there
    }

    fn clause(&mut self) -> Result<Clause, BadQuery> {
        let key: &str = self.while_byte(is_key_byte);
        if key.is_empty() {
            return Err(self.fault(QueryFault::BadKey));
        }
        if !self.skip(":") {
            let ends = self.peek().is_none_or(|byte| byte == b' ');
            return Err(self.fault(if ends { QueryFault::NoColon } else { QueryFault::BadKey }));
        }
        let mut values = vec![self.value()?];
        while self.skip("|") {
            if values.len() == QUERY_VALUES_MAX {
                return Err(self.fault(QueryFault::TooManyValues));
            }
            values.push(self.value()?);
        }
        match self.peek() {
            None | Some(b' ') => Ok(Clause { key: key.to_owned(), values }),
            Some(_) => Err(self.fault(QueryFault::BadCharacter)),
        }
    }

    fn while_byte(&mut self, is_one: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| !is_one(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn value(&mut self) -> Result<Wanted, BadQuery> {
        let began = self.at;
        if self.skip("\"") {
            let Some(length) = self.rest().find('"') else {
                return Err(BadQuery { at: began, fault: QueryFault::OpenQuote });
            };
            let text = self.rest().get(..length).unwrap_or_default().to_owned();
            self.at += length + 1;
            return Ok(Wanted::Text(text));
        }
        // The longer sign first. One that no number is beyond asks for a range that is empty.
        let sign = ["<=", ">=", "<", ">"].into_iter().find(|sign| self.skip(sign));
        let begins = self.at;
        let word = self.word()?;
        let number = |text: &str, at| text.parse().map_err(|_| BadQuery { at, fault: QueryFault::BadNumber });
        let empty = BadQuery { at: began, fault: QueryFault::EmptyRange };
        if let Some(sign) = sign {
            let edge: i64 = number(word, begins)?;
            return match sign {
                "<=" => Ok(Wanted::Range(i64::MIN, edge)),
                ">=" => Ok(Wanted::Range(edge, i64::MAX)),
                "<" => edge.checked_sub(1).map(|last| Wanted::Range(i64::MIN, last)).ok_or(empty),
                _ => edge.checked_add(1).map(|first| Wanted::Range(first, i64::MAX)).ok_or(empty),
            };
        }
        if word.is_empty() {
            return Err(self.fault(QueryFault::NoValue));
        }
        if let Some((first, last)) = word.split_once("..") {
            let (first, last) = (number(first, begins)?, number(last, begins + first.len() + 2)?);
            return if first <= last { Ok(Wanted::Range(first, last)) } else { Err(empty) };
        }
        Ok(match word.parse() {
            _ if word == "*" => Wanted::Any,
            _ if word.contains('*') => Wanted::Pieces(word.split('*').map(str::to_owned).collect()),
            Ok(number) => Wanted::Digits(word.to_owned(), number),
            Err(_) => Wanted::Text(word.to_owned()),
        })
    }

    /// What stands until a space, a `|` or the end.
    fn word(&mut self) -> Result<&'a str, BadQuery> {
        let rest = self.rest();
        let length = rest.find([' ', '|']).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        if let Some(bad) = word.find(|letter: char| letter == '"' || letter.is_control()) {
            self.at += bad;
            return Err(self.fault(QueryFault::BadCharacter));
        }
        self.at += length;
        Ok(word)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::Property;

    use super::*;

    fn somebody() -> Properties {
        let text = |key: &str, text: &str| Property {
            key: key.to_owned(),
            value: PropertyValue::Text { text: text.to_owned() },
        };
        let level = Property { key: "level".to_owned(), value: PropertyValue::Number { number: 12 } };
        Properties::new(&[text("region", "eu-west"), text("name", "the long one"), text("season", "7"), level])
            .expect("they are good")
    }

    fn accepts(query: &str) -> bool {
        let query = Query::parse(query).unwrap_or_else(|bad| panic!("{query:?}: {bad}"));
        query.accepts(&somebody(), query.shoulds())
    }

    #[test]
    fn clauses_hold_or_do_not() {
        for yes in [
            "",
            " ",
            "+region:eu-west",
            "region:us|eu-west",
            "+region:eu-*",
            "+region:*west",
            "+region:e*w*t",
            "+level:*",
            "+level:12",
            "+level:>11",
            "+level:>=12",
            "+level:<13",
            "+level:<=12",
            "+level:12..12",
            "+level:-5..99",
            "+season:7",
            "-region:us",
            "-missing:*",
            "+name:\"the long one\"",
            "-level:>12",
            "  +level:12   -level:13 ",
            "+region:*-*",
            "+region:**eu**",
        ] {
            assert!(accepts(yes), "{yes:?} holds");
        }
        for no in [
            "+region:eu",
            "region:EU-WEST",
            "+region:us*",
            "+region:*us",
            "+level:>12",
            "+level:<12",
            "+level:13..20",
            "+missing:*",
            "-region:eu-*",
            "-level:*",
            "+region:>5",
            "+season:>5",
            "+level:\"12\"",
            "+region:eu-west level:3",
            "+region:eu-w*-west",
        ] {
            assert!(!accepts(no), "{no:?} does not hold");
        }
    }

    #[test]
    fn should_clauses_are_let_go_from_the_last_on() {
        let query = Query::parse("+level:12 region:eu-west name:other").expect("it is one");
        assert_eq!(query.shoulds(), 2, "two without a sign");
        assert!(!query.accepts(&somebody(), 2), "the second does not hold");
        assert!(query.accepts(&somebody(), 1), "until it is let go");
        let never = Query::parse("+level:13 region:eu-west").expect("it is one");
        assert!(!never.accepts(&somebody(), 0), "what must hold is never let go");
    }

    #[test]
    fn what_is_no_query_is_named_by_its_place() {
        let many = "+a:1 ".repeat(QUERY_CLAUSES_MAX + 1);
        let values = format!("a:{}1", "1|".repeat(QUERY_VALUES_MAX));
        for (text, at, fault) in [
            ("+", 1, QueryFault::BadKey),
            (":x", 0, QueryFault::BadKey),
            ("+a:1 +B:2", 6, QueryFault::BadKey),
            ("aB:2", 1, QueryFault::BadKey),
            ("region", 6, QueryFault::NoColon),
            ("region level:1", 6, QueryFault::NoColon),
            ("region:", 7, QueryFault::NoValue),
            ("region:eu|", 10, QueryFault::NoValue),
            ("region: eu", 7, QueryFault::NoValue),
            ("level:>", 7, QueryFault::BadNumber),
            ("level:>x", 7, QueryFault::BadNumber),
            ("level:1..", 9, QueryFault::BadNumber),
            ("level:..1", 6, QueryFault::BadNumber),
            ("level:9223372036854775808..9223372036854775809", 6, QueryFault::BadNumber),
            ("level:2..1", 6, QueryFault::EmptyRange),
            ("level:<-9223372036854775808", 6, QueryFault::EmptyRange),
            ("level:>9223372036854775807", 6, QueryFault::EmptyRange),
            ("name:\"open", 5, QueryFault::OpenQuote),
            ("name:\"one\"two", 10, QueryFault::BadCharacter),
            ("name:o\"ne", 6, QueryFault::BadCharacter),
            ("name:a\tb", 6, QueryFault::BadCharacter),
            (&many, QUERY_CLAUSES_MAX * 5, QueryFault::TooManyClauses),
            (&values, 2 + QUERY_VALUES_MAX * 2, QueryFault::TooManyValues),
        ] {
            assert_eq!(Query::parse(text), Err(BadQuery { at, fault }), "{text:?}");
        }
    }
}
