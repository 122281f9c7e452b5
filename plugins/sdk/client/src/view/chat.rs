//! What was said.

use std::collections::BTreeMap;

use hypogeum_protocol::{ChatChannel, ChatLine};

use super::Change;

/// Lines that a view keeps, of all channels together; the oldest go.
pub const RECENT_LINES_MAX: usize = 256;

/// What was said that this client heard, or has asked for. It outlives connections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChatView {
    /// The last [`RECENT_LINES_MAX`] lines by their names, so the oldest first.
    pub lines: BTreeMap<u64, ChatLine>,
}

impl ChatView {
    /// Takes in a line. One that is there already changes nothing.
    pub(super) fn heard(&mut self, line: ChatLine) -> Change {
        if self.keep(&line) { Change::Chat(line) } else { Change::Outdated }
    }

    /// Takes in a page of the history.
    pub(super) fn read(&mut self, channel: ChatChannel, with: String, lines: Vec<ChatLine>, before: u64) -> Change {
        let new = lines.into_iter().filter(|line| self.keep(line)).collect();
        Change::ChatPage { channel, with, new, before }
    }

    /// Keeps a line, and returns whether it is new.
    fn keep(&mut self, line: &ChatLine) -> bool {
        let is_new = self.lines.insert(line.id, line.clone()).is_none();
        while self.lines.len() > RECENT_LINES_MAX {
            self.lines.pop_first();
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: u64) -> ChatLine {
        ChatLine {
            id,
            channel: ChatChannel::Global,
            from: "Ada".to_owned(),
            to: String::new(),
            words: "hi".to_owned(),
            is_emote: false,
            at_ms: id,
            text: "Ada: hi".to_owned(),
        }
    }

    #[test]
    fn a_line_that_came_before_is_not_shown_again() {
        let mut chat = ChatView::default();
        assert_eq!(chat.heard(line(7)), Change::Chat(line(7)), "said");
        assert_eq!(chat.heard(line(7)), Change::Outdated, "said again");
        let Change::ChatPage { new, before, .. } =
            chat.read(ChatChannel::Global, String::new(), vec![line(5), line(7), line(8)], 5)
        else {
            panic!("a page is a page")
        };
        assert_eq!((new, before), (vec![line(5), line(8)], 5), "of a page what is new");
    }

    #[test]
    fn no_flood_fills_the_memory() {
        let mut chat = ChatView::default();
        (0..2_000).for_each(|id| drop(chat.heard(line(id))));
        assert_eq!(chat.lines.len(), RECENT_LINES_MAX, "a bounded number is kept");
        assert!(chat.lines.contains_key(&1_999), "of the newest");
    }
}
