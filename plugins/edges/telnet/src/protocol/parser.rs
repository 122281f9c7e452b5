//! Bytes of a client become data, commands, and what is said about options. Bytes come in any pieces; nothing that is kept between them
//! grows beyond a bound.

use super::codes::{DO, DONT, IAC, SB, SE, WILL, WONT};

/// Longest contents of a subnegotiation. GMCP has the longest honest ones: what a client wants to be told, and nothing is longer than
/// a screen.
pub(crate) const CONTENTS_BYTES_MAX: usize = 4_096;
/// Bytes of one subnegotiation that are skipped where it is longer. One that goes on is never meant to end.
pub(crate) const SKIPPED_BYTES_MAX: usize = 64 << 10;

/// What is said about an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Will,
    Wont,
    Do,
    Dont,
}

impl Verb {
    const fn of(byte: u8) -> Option<Self> {
        match byte {
            WILL => Some(Self::Will),
            WONT => Some(Self::Wont),
            DO => Some(Self::Do),
            DONT => Some(Self::Dont),
            _ => None,
        }
    }
}

/// What comes of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event<'a> {
    /// A byte of what is typed.
    Data(u8),
    /// Any other command.
    Command(u8),
    /// Something about an option.
    Negotiation(Verb, u8),
    /// The whole contents of a subnegotiation of an option.
    Subnegotiation(u8, &'a [u8]),
    /// One was too long, and is dropped.
    TooLong,
    /// One that does not end.
    Endless,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Data,
    Command,
    Option(Verb),
    SubnegotiationOption,
    Subnegotiation,
    SubnegotiationCommand,
}

/// Takes bytes apart.
#[derive(Debug, Default)]
pub(crate) struct Parser {
    state: State,
    option: u8,
    contents: Vec<u8>,
    skipped: usize,
}

impl Parser {
    /// Takes one byte, and says what it completes.
    pub(crate) fn take(&mut self, byte: u8) -> Option<Event<'_>> {
        match self.state {
            State::Data if byte == IAC => self.go_on(State::Command),
            State::Data => Some(Event::Data(byte)),
            State::Command => self.command(byte),
            State::Option(verb) => {
                self.state = State::Data;
                Some(Event::Negotiation(verb, byte))
            }
            State::SubnegotiationOption => {
                self.option = byte;
                self.contents.clear();
                self.skipped = 0;
                self.go_on(State::Subnegotiation)
            }
            State::Subnegotiation if byte == IAC => self.go_on(State::SubnegotiationCommand),
            State::Subnegotiation => self.keep(byte),
            State::SubnegotiationCommand => match byte {
                IAC => {
                    self.state = State::Subnegotiation;
                    self.keep(byte)
                }
                SE => self.end_contents(),
                // Its end was lost: what was said of it is nothing, and this is a command.
                _ => self.command(byte),
            },
        }
    }

    /// Bytes that are kept until more come.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(crate) const fn held_bytes(&self) -> usize {
        self.contents.len()
    }

    const fn go_on(&mut self, state: State) -> Option<Event<'static>> {
        self.state = state;
        None
    }

    fn command(&mut self, byte: u8) -> Option<Event<'static>> {
        self.state = State::Data;
        match byte {
            IAC => Some(Event::Data(IAC)),
            SB => self.go_on(State::SubnegotiationOption),
            SE => None,
            _ => match Verb::of(byte) {
                Some(verb) => self.go_on(State::Option(verb)),
                None => Some(Event::Command(byte)),
            },
        }
    }

    fn keep(&mut self, byte: u8) -> Option<Event<'static>> {
        if self.contents.len() < CONTENTS_BYTES_MAX {
            self.contents.push(byte);
            return None;
        }
        self.skipped += 1;
        (self.skipped > SKIPPED_BYTES_MAX).then_some(Event::Endless)
    }

    fn end_contents(&mut self) -> Option<Event<'_>> {
        self.state = State::Data;
        if self.skipped > 0 { Some(Event::TooLong) } else { Some(Event::Subnegotiation(self.option, &self.contents)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What comes of bytes, as text.
    fn parse(bytes: &[u8]) -> Vec<String> {
        let mut parser = Parser::default();
        bytes.iter().filter_map(|byte| parser.take(*byte).map(|event| format!("{event:?}"))).collect()
    }

    #[test]
    fn bytes_are_taken_apart() {
        let bytes = [b'a', IAC, IAC, IAC, 241, IAC, WILL, 31, IAC, SB, 31, 0, IAC, IAC, IAC, SE, b'b'];
        let expected = [
            "Data(97)",
            "Data(255)",
            "Command(241)",
            "Negotiation(Will, 31)",
            "Subnegotiation(31, [0, 255])",
            "Data(98)",
        ];
        assert_eq!(parse(&bytes), expected);
    }

    #[test]
    fn a_subnegotiation_whose_end_was_lost_takes_nothing_with_it() {
        let bytes = [IAC, SB, 24, 0, b'x', IAC, DO, 3, b'a'];
        assert_eq!(parse(&bytes), ["Negotiation(Do, 3)", "Data(97)"], "what follows is what it is");
    }

    #[test]
    fn a_long_one_is_dropped_and_an_endless_one_is_known() {
        let mut bytes = vec![IAC, SB, 201];
        bytes.resize(3 + CONTENTS_BYTES_MAX + 1, b'x');
        bytes.extend([IAC, SE, b'a']);
        assert_eq!(parse(&bytes), ["TooLong", "Data(97)"]);
        let mut parser = Parser::default();
        bytes.truncate(bytes.len() - 3);
        bytes.resize(bytes.len() + SKIPPED_BYTES_MAX, b'x');
        let last = bytes.iter().filter_map(|byte| parser.take(*byte).map(|event| format!("{event:?}"))).last();
        assert_eq!(last.as_deref(), Some("Endless"));
        assert_eq!(parser.held_bytes(), CONTENTS_BYTES_MAX, "no more is kept");
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference_and_data_comes_back(data in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut bytes = Vec::new();
            super::super::codes::escape(&data, &mut bytes);
            let mut parser = Parser::default();
            let mut back = Vec::new();
            for byte in bytes {
                match parser.take(byte) {
                    Some(Event::Data(byte)) => back.push(byte),
                    None => {}
                    Some(other) => panic!("{other:?} is no data"),
                }
            }
            prop_assert_eq!(back, data);
        }
    }
}
