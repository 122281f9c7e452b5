//! What the fuzz target of `fuzz/` does with its bytes, and the seeds that were kept, replayed as tests.

use std::time::Duration;

use crate::dialogue::{Act, Dialogue};
use crate::doorkeeper::{Answered, Refusal};
use crate::protocol::line::LINE_BYTES_MAX;
use crate::protocol::page::Style;
use crate::protocol::parser::CONTENTS_BYTES_MAX;
use crate::protocol::terminal::{Heard, Terminal};

/// Bytes of the longest answer to any one byte: a list of characters that is asked for, or a long prompt.
const ANSWER_BYTES_MAX: usize = 64;

/// All that a client sends, in pieces whose length the first byte says; its lines go to a dialogue, which is answered as the second
/// byte says, and come back to it as words.
pub fn telnet(data: &[u8]) {
    let [piece, answers, bytes @ ..] = data else { return };
    let (piece, now) = (usize::from(*piece).max(1), Duration::ZERO);
    let mut out = Vec::new();
    let mut terminal = Terminal::new(now, &mut out);
    let mut dialogue = Dialogue::new(vec!["warrior".to_owned()]);
    let mut is_over = false;
    for (number, bytes) in bytes.chunks(piece).enumerate() {
        let mut heard = Vec::new();
        out.clear();
        terminal.receive(bytes, now, &mut out, |it| heard.push(it));
        assert!(out.len() <= ANSWER_BYTES_MAX * (bytes.len() + 1), "{} bytes answer {}", out.len(), bytes.len());
        let held = terminal.held_bytes();
        assert!(held <= LINE_BYTES_MAX + CONTENTS_BYTES_MAX + 256, "it holds {held} bytes");
        for heard in heard {
            match heard {
                Heard::Line(line) => {
                    assert!(line.len() <= LINE_BYTES_MAX && !line.contains(char::is_control), "{line:?} is no line");
                    let is_good = answers >> (number % 8) & 1 == 1;
                    is_over |= talk(&mut dialogue, &line, is_good);
                    echo(&mut terminal, &line);
                }
                Heard::Hostile(_) => return,
                Heard::TooLong | Heard::Gmcp(_) | Heard::Crawler => {}
            }
        }
        if is_over {
            return;
        }
    }
}

/// Gives a line to a dialogue, and answers what it asks. Whether it is over.
fn talk(dialogue: &mut Dialogue, line: &str, is_good: bool) -> bool {
    dialogue.read(line);
    let mut acts = dialogue.take_acts();
    assert!(acts.len() <= 16, "one line leads to {} things", acts.len());
    while let Some(act) = acts.pop() {
        match act {
            Act::Ask(_) => {
                let expires_in = Duration::from_secs(900);
                let good = Ok(Answered::LoggedIn { access_token: "token".to_owned(), expires_in });
                let wrong = Refusal { code: "wrong_credentials", message: String::new(), retry_after_ms: None };
                dialogue.hear(if is_good { good } else { Err(wrong) });
                // What it asks next is never answered: that would go round for ever.
                return dialogue.take_acts().contains(&Act::End);
            }
            Act::End => return true,
            _ => {}
        }
    }
    false
}

/// Somebody says words to this terminal: nothing in them may be more than words.
fn echo(terminal: &mut Terminal, line: &str) {
    let mut out = Vec::new();
    terminal.print(Style::Speech, line, &mut out);
    terminal.hide_input(line.len().is_multiple_of(2), &mut out);
    terminal.prompt(Style::Prompt, ">", &mut out);
    assert!(out.len() <= 40 * (line.len() + 4), "{} bytes show {}", out.len(), line.len());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_inputs_are_taken_or_end_the_connection() {
        replay("telnet", super::telnet);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_or_end_the_connection(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), 239_u8..=255, Just(b'\n')], 0..600),
        ) {
            super::telnet(&bytes);
        }
    }
}
