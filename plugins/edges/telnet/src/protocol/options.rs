//! Options are agreed on by the Q method of RFC 1143, so that no two ends ever answer one another in a loop. What is not known here is
//! refused once, and then never answered again: also an end that keeps to no method gets a bounded number of answers.

use super::codes::{
    CHARSET, DO, DONT, ECHO, END_OF_RECORD, GMCP, IAC, MSSP, SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WILL, WINDOW_SIZE, WONT,
};
use super::parser::Verb;

/// Options that we have, if the client wants. ECHO is never given because it is asked for.
const OURS: [u8; 6] = [ECHO, SUPPRESS_GO_AHEAD, END_OF_RECORD, CHARSET, MSSP, GMCP];
/// Options that a client may have.
const THEIRS: [u8; 3] = [SUPPRESS_GO_AHEAD, TERMINAL_TYPE, WINDOW_SIZE];

/// Whose option it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// This server's.
    Ours,
    /// The client's.
    Theirs,
}

/// How it stands, in the words of RFC 1143; `opposite`: it is to be the other way as soon as this is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    No,
    Yes,
    WantNo {
        opposite: bool,
    },
    WantYes {
        opposite: bool,
    },
}

/// An option that has come to be on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) side: Side,
    pub(crate) option: u8,
    pub(crate) is_on: bool,
}

/// All options of one connection.
#[derive(Debug, Default)]
pub(crate) struct Options {
    ours: [State; OURS.len()],
    theirs: [State; THEIRS.len()],
    /// What was refused already, a bit for each option: ours, and theirs.
    refused: [[u64; 4]; 2],
}

impl Options {
    /// Whether it is on.
    pub(crate) fn is_on(&self, side: Side, option: u8) -> bool {
        let at = place(side, option);
        let state = at.map(|at| if side == Side::Ours { self.ours[at] } else { self.theirs[at] });
        state == Some(State::Yes)
    }

    /// Wants it on or off; what has to be said for that is appended.
    pub(crate) fn want(&mut self, (side, option): (Side, u8), is_wanted: bool, out: &mut Vec<u8>) {
        let Some(state) = self.state(side, option) else { return };
        if (side, option) == (Side::Ours, ECHO) {
            // Many clients never answer a WONT ECHO: it is said whenever it changes, and answers to it mean nothing.
            let next = if is_wanted { State::Yes } else { State::No };
            if std::mem::replace(state, next) != next {
                say(side, option, is_wanted, out);
            }
            return;
        }
        let (next, is_said) = match (*state, is_wanted) {
            (State::No, true) => (State::WantYes { opposite: false }, true),
            (State::Yes, false) => (State::WantNo { opposite: false }, true),
            (State::WantNo { .. }, opposite) => (State::WantNo { opposite }, false),
            (State::WantYes { .. }, wanted) => (State::WantYes { opposite: !wanted }, false),
            (same, _) => (same, false),
        };
        *state = next;
        if is_said {
            say(side, option, is_wanted, out);
        }
    }

    /// Takes what the client says; the answer is appended.
    pub(crate) fn receive(&mut self, verb: Verb, option: u8, out: &mut Vec<u8>) -> Option<Change> {
        let (side, is_on) = match verb {
            Verb::Do => (Side::Ours, true),
            Verb::Dont => (Side::Ours, false),
            Verb::Will => (Side::Theirs, true),
            Verb::Wont => (Side::Theirs, false),
        };
        if (side, option) == (Side::Ours, ECHO) {
            // A late DONT is not to show a password; a DO that nobody asked for is refused once.
            self.refuse_once(side, option, is_on && !self.is_on(side, option), out);
            return None;
        }
        let Some(state) = self.state(side, option) else {
            self.refuse_once(side, option, is_on, out);
            return None;
        };
        let before = *state;
        let (next, said) = if is_on { agreed(before) } else { refused(before) };
        *state = next;
        if let Some(said) = said {
            say(side, option, said, out);
        }
        let (was, is) = (before == State::Yes, next == State::Yes);
        (was != is).then_some(Change { side, option, is_on: is })
    }

    fn state(&mut self, side: Side, option: u8) -> Option<&mut State> {
        let at = place(side, option)?;
        Some(if side == Side::Ours { &mut self.ours[at] } else { &mut self.theirs[at] })
    }

    fn refuse_once(&mut self, side: Side, option: u8, is_asked: bool, out: &mut Vec<u8>) {
        let bits = &mut self.refused[usize::from(side == Side::Theirs)][usize::from(option >> 6)];
        let bit = 1_u64 << (option & 63);
        if is_asked && *bits & bit == 0 {
            *bits |= bit;
            say(side, option, false, out);
        }
    }
}

/// What follows on a DO or WILL, and whether on or off is said to it.
const fn agreed(state: State) -> (State, Option<bool>) {
    match state {
        State::No => (State::Yes, Some(true)),
        State::Yes => (State::Yes, None),
        // An answer that makes no sense: RFC 1143 takes it so.
        State::WantNo { opposite: false } => (State::No, None),
        State::WantNo { opposite: true } | State::WantYes { opposite: false } => (State::Yes, None),
        State::WantYes { opposite: true } => (State::WantNo { opposite: false }, Some(false)),
    }
}

/// What follows on a DONT or WONT, and whether on or off is said to it.
const fn refused(state: State) -> (State, Option<bool>) {
    match state {
        State::Yes => (State::No, Some(false)),
        State::WantNo { opposite: true } => (State::WantYes { opposite: false }, Some(true)),
        State::No | State::WantNo { .. } | State::WantYes { .. } => (State::No, None),
    }
}

fn place(side: Side, option: u8) -> Option<usize> {
    let known: &[u8] = if side == Side::Ours { &OURS } else { &THEIRS };
    known.iter().position(|known| *known == option)
}

fn say(side: Side, option: u8, is_on: bool, out: &mut Vec<u8>) {
    let verb = match (side, is_on) {
        (Side::Ours, true) => WILL,
        (Side::Ours, false) => WONT,
        (Side::Theirs, true) => DO,
        (Side::Theirs, false) => DONT,
    };
    out.extend_from_slice(&[IAC, verb, option]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_wanted_is_said_once_and_its_answer_is_not_answered() {
        let (mut options, mut out) = (Options::default(), Vec::new());
        options.want((Side::Theirs, WINDOW_SIZE), true, &mut out);
        options.want((Side::Theirs, WINDOW_SIZE), true, &mut out);
        assert_eq!(out, [IAC, DO, WINDOW_SIZE]);
        out.clear();
        let change = options.receive(Verb::Will, WINDOW_SIZE, &mut out);
        assert_eq!(change, Some(Change { side: Side::Theirs, option: WINDOW_SIZE, is_on: true }));
        assert_eq!(options.receive(Verb::Will, WINDOW_SIZE, &mut out), None, "it is on already");
        assert!(out.is_empty(), "nothing is said to that: {out:?}");
    }

    #[test]
    fn echo_waits_for_no_answer_for_some_clients_never_give_one() {
        let (mut options, mut out) = (Options::default(), Vec::new());
        for is_wanted in [true, false, false, true] {
            options.want((Side::Ours, ECHO), is_wanted, &mut out);
        }
        assert_eq!(out, [IAC, WILL, ECHO, IAC, WONT, ECHO, IAC, WILL, ECHO]);
        out.clear();
        options.receive(Verb::Do, ECHO, &mut out);
        options.receive(Verb::Dont, ECHO, &mut out);
        assert_eq!((out.len(), options.is_on(Side::Ours, ECHO)), (0, true), "a late answer does not show a password");
    }

    #[test]
    fn nobody_gets_echo_by_asking_and_what_is_unknown_is_refused_once() {
        let (mut options, mut out) = (Options::default(), Vec::new());
        for _ in 0..1_000 {
            options.receive(Verb::Do, ECHO, &mut out);
            options.receive(Verb::Will, 99, &mut out);
            options.receive(Verb::Do, 99, &mut out);
            options.receive(Verb::Wont, 99, &mut out);
        }
        assert_eq!(out, [IAC, WONT, ECHO, IAC, DONT, 99, IAC, WONT, 99]);
    }

    proptest! {
        /// Two of these ends that both want anything come to rest, whatever they were told before.
        #[test]
        fn two_ends_never_answer_one_another_for_ever(wants in prop::collection::vec((any::<bool>(), any::<bool>()), 1..20)) {
            let (mut server, mut client) = (Options::default(), Options::default());
            let (mut to_client, mut to_server) = (Vec::new(), Vec::new());
            for (is_server, is_on) in wants {
                let side = |is_own: bool| if is_own { Side::Ours } else { Side::Theirs };
                if is_server {
                    server.want((side(true), SUPPRESS_GO_AHEAD), is_on, &mut to_client);
                } else {
                    client.want((side(false), SUPPRESS_GO_AHEAD), is_on, &mut to_server);
                }
            }
            for round in 0.. {
                prop_assert!(round < 50, "they never stop");
                let (from_server, from_client) = (std::mem::take(&mut to_client), std::mem::take(&mut to_server));
                if from_server.is_empty() && from_client.is_empty() {
                    break;
                }
                answer(&mut client, &from_server, &mut to_server);
                answer(&mut server, &from_client, &mut to_client);
            }
            prop_assert_eq!(
                server.is_on(Side::Ours, SUPPRESS_GO_AHEAD),
                client.is_on(Side::Theirs, SUPPRESS_GO_AHEAD),
                "they agree"
            );
        }
    }

    fn answer(options: &mut Options, said: &[u8], out: &mut Vec<u8>) {
        for said in said.chunks(3) {
            let verb = match said[1] {
                WILL => Verb::Will,
                WONT => Verb::Wont,
                DO => Verb::Do,
                _ => Verb::Dont,
            };
            options.receive(verb, said[2], out);
        }
    }
}
