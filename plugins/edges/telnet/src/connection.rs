//! One connection of the edge.

use std::collections::VecDeque;
use std::time::Duration;

use hypogeum_envelope::{Opcode, write_frame};
use hypogeum_metering::{Rate, TokenBucket};
use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::link::{CloseReason, FromEdge};
use mio::net::TcpStream;
use serde_json::Value;

use crate::dialogue::Dialogue;
use crate::doorkeeper::{Origin, Words};
use crate::phrase::{self, Phrase};
use crate::places::Place;
use crate::play::{Play, Reader};
use crate::protocol::gmcp;
use crate::protocol::page::Style;
use crate::protocol::terminal::{Bare, Terminal};
use crate::transport::{Outbox, Transport};
use crate::wire::{Subprotocol, Wire};

/// Lines of one connection: nobody types faster, and a client that sends a list of them does so at once.
pub(crate) const LINES: Rate = Rate { per_s: 8, burst: 40 };
/// Lines that are dropped because there are too many. Who goes on so is not asked any more.
pub(crate) const DROPS: Rate = Rate { per_s: 20, burst: 400 };
/// Lines that wait while something is asked for somebody.
pub(crate) const LINES_WAITING_MAX: usize = 64;
/// How often somebody is told that lines are dropped.
const TELL_EVERY: Duration = Duration::from_secs(1);
/// Bytes that may wait before data beside the words is left out: the newest of it is told later.
const DATA_BYTES_MAX: usize = 32 << 10;

/// Where on its way a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Agrees on keys.
    Shaking,
    /// Is in the dialogue.
    Talking,
    /// The tick knows it.
    Open,
    /// It may read what was said to it last.
    Closing { reason: CloseReason, until: Duration },
}

/// A login, while it is open.
pub(crate) struct Login {
    pub(crate) access_token: String,
    /// When a token in place of this one is asked for.
    pub(crate) renew_at: Duration,
    /// When it ends.
    pub(crate) ends_at: Duration,
}

/// A connection as the thread sees it.
pub(crate) struct Connection {
    pub(crate) id: ConnectionId,
    pub(crate) stream: TcpStream,
    pub(crate) origin: Origin,
    pub(crate) transport: Transport,
    pub(crate) wire: Wire,
    /// What was written in this round.
    pub(crate) draft: Vec<u8>,
    pub(crate) outbox: Outbox,
    pub(crate) terminal: Terminal,
    pub(crate) stage: Stage,
    pub(crate) dialogue: Dialogue,
    pub(crate) play: Play,
    pub(crate) locale: String,
    /// What its client calls itself.
    pub(crate) client: String,
    pub(crate) login: Option<Login>,
    pub(crate) lines: VecDeque<String>,
    pub(crate) rate: TokenBucket,
    pub(crate) drops: TokenBucket,
    told_fast_at: Option<Duration>,
    /// A message that the tick's queue had no room for.
    pub(crate) held: Option<FromEdge>,
    /// The doorkeeper was asked, and has not answered.
    pub(crate) is_asking: bool,
    /// How often it was asked: the number of the last question.
    pub(crate) asked_count: u32,
    /// The tick was told of it.
    pub(crate) was_opened: bool,
    pub(crate) came_at: Duration,
    pub(crate) typed_at: Duration,
    pub(crate) written_at: Duration,
    /// The prompt is to be shown below what was said.
    pub(crate) is_prompt_due: bool,
    /// How one is has changed since that was told as data.
    pub(crate) is_vitals_due: bool,
    /// Nothing more is written to it, and the system knows.
    pub(crate) is_shut: bool,
    /// In the list of those to be written to.
    pub(crate) is_fresh: bool,
    /// In the list of those that have more to be read.
    pub(crate) is_waiting: bool,
    /// Its place. Held for as long as the socket is open.
    _place: Place,
}

impl Connection {
    pub(crate) fn new(
        (id, origin, place): (ConnectionId, Origin, Place),
        (stream, transport, wire): (TcpStream, Transport, Wire),
        (dialogue, locale): (Dialogue, String),
        now: Duration,
    ) -> Self {
        let mut draft = Vec::new();
        let terminal = match &wire {
            Wire::Line | Wire::Frames(Subprotocol::Telnet, _) => Terminal::new(now, &mut draft),
            Wire::Frames(subprotocol, _) => Terminal::bare(Bare { has_gmcp: *subprotocol == Subprotocol::Gmcp }, now),
        };
        let stage = if transport.is_shaking_hands() { Stage::Shaking } else { Stage::Talking };
        Self {
            id,
            stream,
            origin,
            transport,
            wire,
            draft,
            outbox: Outbox::default(),
            terminal,
            stage,
            dialogue,
            play: Play::default(),
            locale,
            client: String::new(),
            login: None,
            lines: VecDeque::new(),
            rate: TokenBucket::full(LINES, now),
            drops: TokenBucket::full(DROPS, now),
            told_fast_at: None,
            held: None,
            is_asking: false,
            asked_count: 0,
            was_opened: false,
            came_at: now,
            typed_at: now,
            written_at: now,
            is_prompt_due: false,
            is_vitals_due: false,
            is_shut: false,
            is_fresh: false,
            is_waiting: false,
            _place: place,
        }
    }

    /// Whether it is told nothing more.
    pub(crate) const fn is_closing(&self) -> bool {
        matches!(self.stage, Stage::Closing { .. })
    }

    /// Lets words wait for it.
    pub(crate) fn print(&mut self, style: Style, words: &str) {
        self.terminal.print(style, words, &mut self.draft);
        self.is_prompt_due |= self.stage == Stage::Open;
    }

    /// Lets something that telnet says wait for it.
    pub(crate) fn say(&mut self, phrase: &Phrase, words: &dyn Words) {
        let text = phrase.in_words(words, &self.locale);
        self.print(Style::Notice, &text);
    }

    /// Tells it that lines are dropped, now and then.
    pub(crate) fn say_too_fast(&mut self, words: &dyn Words, now: Duration) {
        if self.told_fast_at.is_none_or(|at| now.saturating_sub(at) >= TELL_EVERY) {
            self.told_fast_at = Some(now);
            self.say(&Phrase::new(phrase::TOO_FAST), words);
        }
    }

    /// Lets data beside the words wait for it. Where much waits already, its client does without.
    pub(crate) fn tell(&mut self, message: &str, body: &Value) {
        if self.waiting_bytes() > DATA_BYTES_MAX || !self.terminal.wants(message) {
            return;
        }
        let text = gmcp::text(message, body);
        if self.wire.has_data_frames() {
            self.pack();
            write_frame(Opcode::Text, text.as_bytes(), self.outbox.end());
        } else {
            gmcp::write(&text, &mut self.draft);
        }
    }

    /// Asks its system for a sign of life.
    pub(crate) fn keep_alive(&mut self) {
        if self.wire.is_framed() {
            self.pack();
            write_frame(Opcode::Ping, &[], self.outbox.end());
        } else {
            Terminal::keep_alive(&mut self.draft);
        }
    }

    /// Lets what was written leave.
    pub(crate) fn pack(&mut self) {
        self.wire.pack(&mut self.draft, self.outbox.end());
    }

    /// Bytes that wait.
    pub(crate) const fn waiting_bytes(&self) -> usize {
        self.outbox.waiting_bytes() + self.draft.len()
    }

    /// Lets wait what is due at the end of a round: the newest of how one is, and the prompt.
    pub(crate) fn finish_round(&mut self, words: &dyn Words) {
        if self.stage != Stage::Open || self.waiting_bytes() > DATA_BYTES_MAX {
            return;
        }
        if std::mem::take(&mut self.is_vitals_due) && self.terminal.wants("Char.Vitals") {
            let vitals = self.play.vitals();
            self.tell("Char.Vitals", &vitals);
        }
        if std::mem::take(&mut self.is_prompt_due) && self.play.is_in() {
            let stats = self.play.stats();
            let prompt = Phrase::new(phrase::PROMPT)
                .with("hp", stats.hp.to_string())
                .with("hpmax", stats.hp_max.to_string())
                .with("mp", stats.mp.to_string())
                .with("mpmax", stats.mp_max.to_string());
            let text = prompt.in_words(words, &self.locale);
            self.terminal.prompt(Style::Prompt, &text, &mut self.draft);
        }
    }

    /// How its messages are read.
    pub(crate) fn reader<'a>(&self, words: &'a dyn Words, locale: &'a str) -> Reader<'a> {
        let (wants_data, wants_items) = (self.terminal.wants_data(), self.terminal.wants("Char.Items.List"));
        Reader { words, locale, wants_data, wants_items }
    }
}
