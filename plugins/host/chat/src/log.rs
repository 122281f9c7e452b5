//! Lines on their way into the database: never waited for, bounded, and written many at a time.

use std::collections::VecDeque;

use bevy_ecs::prelude::{Res, ResMut, Resource};
use hypogeum_sessions::{Drain, HostTick, SessionsConfig, Store};
use hypogeum_store::{ChatRequest, SpokenLine, StoreRequest};

/// Lines that may wait for a database that takes none: some minutes of a busy evening. Then the oldest are dropped.
pub const WAITING_LINES_MAX: usize = 8_192;
/// Lines in one request.
const LINES_AT_ONCE_MAX: usize = 1_024;
/// How long lines are gathered before they are written, in milliseconds: each commit waits for the disk.
const GATHERED_MS: u32 = 250;
/// When lines that could not be kept are tried again, in seconds.
const RETRY_S: u32 = 2;
/// The beginning of 2025, in milliseconds: names of lines count from there.
const EPOCH_MS: u64 = 1_735_689_600_000;
/// Bits of a name for the server that gave it.
const SERVER_BITS: u32 = 16;
/// Lines in a millisecond, as a power of two, after which names run ahead of the clock.
const RUNNING_BITS: u32 = 6;

/// Lines that wait to be kept.
#[derive(Resource, Debug, Default)]
pub struct ChatLog {
    waiting: VecDeque<SpokenLine>,
    under_way: u32,
    due: u64,
    dropped: u64,
}

impl ChatLog {
    /// Lines that were said and are not kept, since the start: the database was away for too long.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Keeps a line, as soon as may be.
    pub(crate) fn push(&mut self, line: SpokenLine) {
        if self.waiting.len() >= WAITING_LINES_MAX {
            self.waiting.pop_front();
            self.drop_lines(1);
        }
        self.waiting.push_back(line);
    }

    fn drop_lines(&mut self, count: u64) {
        if self.dropped == 0 {
            tracing::warn!("lines of the chat are said and not kept: the database takes none");
        }
        self.dropped += count;
    }

    /// Asks the store to keep what waits now, before whatever is asked of it next.
    pub(crate) fn flush(&mut self, store: &mut Store) {
        while !self.waiting.is_empty() {
            let count = self.waiting.len().min(LINES_AT_ONCE_MAX);
            let lines = self.waiting.drain(..count).collect();
            self.under_way += 1;
            store.ask(StoreRequest::Chat(ChatRequest::Keep { lines }));
        }
    }

    /// Lines are kept.
    pub(crate) fn note_kept(&mut self) {
        self.under_way = self.under_way.saturating_sub(1);
    }

    /// Lines are not kept: they wait again where that may help.
    pub(crate) fn note_failed(&mut self, lines: &[SpokenLine], retry: Option<u64>) {
        self.under_way = self.under_way.saturating_sub(1);
        let Some(due) = retry else { return self.drop_lines(lines.len() as u64) };
        self.due = self.due.max(due);
        let room = WAITING_LINES_MAX.saturating_sub(self.waiting.len());
        let lost = lines.len().saturating_sub(room);
        if lost > 0 {
            self.drop_lines(lost as u64);
        }
        lines[lost..].iter().rev().for_each(|line| self.waiting.push_front(line.clone()));
    }
}

/// When lines that could not be kept are tried again.
pub(crate) fn retry_tick(tick: u64, config: &SessionsConfig) -> u64 {
    tick + config.ticks(RETRY_S)
}

/// Hands over what has gathered; at the end of the server all of it, at once.
pub(crate) fn keep(
    (tick, config, drain): (Res<HostTick>, Res<SessionsConfig>, Res<Drain>),
    mut log: ResMut<ChatLog>,
    mut store: ResMut<Store>,
) {
    let is_due = drain.is_begun() || (log.under_way == 0 && tick.0 >= log.due);
    if !log.waiting.is_empty() && is_due {
        log.due = tick.0 + config.ticks_of_ms(GATHERED_MS);
        log.flush(&mut store);
    }
}

/// Names of lines: they rise with time, over restarts, and no two servers give the same.
#[derive(Resource, Debug)]
pub(crate) struct LineIds {
    server: u16,
    last: u64,
}

impl LineIds {
    pub(crate) const fn of_server(server: u16) -> Self {
        Self { server, last: 0 }
    }

    /// The next name, at a time in milliseconds since 1970.
    pub(crate) fn next(&mut self, now_ms: u64) -> u64 {
        // 41 bits of milliseconds are 69 years.
        let now = now_ms.saturating_sub(EPOCH_MS).min((1 << 41) - 1) << RUNNING_BITS;
        self.last = now.max(self.last + 1);
        self.last << SERVER_BITS | u64::from(self.server)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::AccountId;
    use hypogeum_store::ChatKey;

    use super::*;

    fn line(id: u64) -> SpokenLine {
        SpokenLine {
            id,
            key: ChatKey::global(),
            account: AccountId(1),
            from: "Ada".to_owned(),
            to: String::new(),
            words: "hi".to_owned(),
            is_emote: false,
            at_ms: id,
        }
    }

    #[test]
    fn names_rise_whatever_the_clock_does() {
        let mut ids = LineIds::of_server(7);
        let now_ms = EPOCH_MS + 1_000_000;
        let mut names: Vec<u64> = (0..200).map(|_| ids.next(now_ms)).collect();
        names.push(ids.next(now_ms - 5_000));
        names.push(ids.next(now_ms + 1_000));
        assert!(names.is_sorted_by(|one, next| one < next), "each is above those before it: {names:?}");
        assert!(names.iter().all(|name| name & 0xFFFF == 7), "and says whose it is");
        assert!(LineIds::of_server(u16::MAX).next(u64::MAX) < 1 << 63, "a database can keep it for decades");
    }

    #[test]
    fn what_no_database_takes_is_bounded_and_counted() {
        let mut log = ChatLog::default();
        (0..WAITING_LINES_MAX as u64 + 10).for_each(|id| log.push(line(id)));
        assert_eq!((log.waiting.len(), log.dropped()), (WAITING_LINES_MAX, 10), "the oldest are dropped");
        let back: Vec<SpokenLine> = log.waiting.drain(..100).collect();
        log.note_failed(&back, Some(9));
        assert_eq!(log.waiting.front().map(|line| line.id), Some(10), "what was not kept waits again, in its place");
        log.push(line(99_999));
        log.note_failed(&[line(1), line(2)], Some(9));
        assert_eq!((log.waiting.len(), log.dropped()), (WAITING_LINES_MAX, 13), "as far as there is room");
        log.note_failed(&[line(3)], None);
        assert_eq!(log.dropped(), 14, "what can never be kept is counted, too");
    }
}
