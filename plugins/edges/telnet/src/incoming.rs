//! What clients say: bytes become lines, lines become what a dialogue or the tick is told.

use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use hypogeum_envelope::{Opcode, write_frame};
use hypogeum_protocol::limits::PROTOCOL_VERSION;
use hypogeum_protocol::link::{Class, CloseReason, FromEdge, Lane, SessionTicket};
use hypogeum_protocol::{ClientMessage, SessionId, codec};
use mio::net::TcpStream;
use nix::sys::socket::{setsockopt, sockopt};
use serde_json::Value;

use crate::connection::{Connection, DROPS, LINES, LINES_WAITING_MAX, Login, Stage};
use crate::dialogue::{Act, Dialogue};
use crate::door::Upgraded;
use crate::doorkeeper::{Answered, Ask, Origin, Refusal};
use crate::phrase::{self, Phrase};
use crate::play::Play;
use crate::protocol::charset::Charset;
use crate::protocol::gmcp::Asked;
use crate::protocol::line::LINE_BYTES_MAX;
use crate::protocol::mssp;
use crate::protocol::page::{Colours, Style};
use crate::protocol::terminal::Heard;
use crate::transport::Transport;
use crate::wire::{Came, Wire};
use crate::worker::Worker;

/// Connections taken in one round.
const ACCEPTS_PER_ROUND: usize = 64;
/// Reads from one socket in one round: whoever sends more does so with others between.
const READS_PER_ROUND: usize = 2;
/// What somebody is told for whom there is no place: no words are looked up for them.
const FULL: &[u8] = b"As many are connected as may be, in all or from your address. Try later.\r\n";
/// How long before the end of a token another one is asked for.
const RENEW_BEFORE: Duration = Duration::from_secs(300);
/// When it is asked for again where that failed.
const RENEW_AGAIN: Duration = Duration::from_secs(30);

impl Worker {
    /// Takes the connections that have come.
    pub(crate) fn accept(&mut self) {
        for _ in 0..ACCEPTS_PER_ROUND {
            if !self.is_accepting {
                return;
            }
            match self.listener.accept() {
                Ok((stream, peer)) => self.admit(stream, peer.ip()),
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.is_accepting = false,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // Also of one that is gone again. Where it is the system that has no more, the next look tries again.
                Err(error) => {
                    tracing::debug!(%error, "a telnet connection cannot be accepted");
                    return;
                }
            }
        }
    }

    fn admit(&mut self, mut stream: TcpStream, address: std::net::IpAddr) {
        let Some(place) = self.places.take(address) else {
            self.tally.refused += 1;
            // Whoever does not take it at once does without.
            let _ = stream.write(FULL);
            return;
        };
        let Ok(transport) = Transport::new(self.config.tls.as_ref()) else { return };
        self.set_up(&stream);
        let Some((slot, id)) = self.watch(&mut stream) else { return };
        self.tally.accepted += 1;
        let dialogue = Dialogue::new(self.config.archetypes.clone());
        let coming = (dialogue, self.config.locale.clone());
        let keeping = (id, Origin::of_peer(address), place);
        let connection = Connection::new(keeping, (stream, transport, Wire::Line), coming, self.now);
        self.keep(slot, connection);
        self.greet(slot);
        self.read(slot);
    }

    /// Tells the system how a socket is used. One that it does not do that for works, too.
    fn set_up(&self, stream: &TcpStream) {
        let _ = stream.set_nodelay(true);
        // A client that is gone is found by what it does not confirm.
        let unconfirmed_ms = u32::try_from(self.config.unconfirmed_max.as_millis()).unwrap_or(u32::MAX);
        let _ = setsockopt(stream, sockopt::TcpUserTimeout, &unconfirmed_ms);
        // The system's own number is larger: what waits there costs memory, too.
        let _ = setsockopt(stream, sockopt::SndBuf, &self.config.system_bytes_max);
    }

    /// Takes a WebSocket in.
    pub(crate) fn admit_upgraded(&mut self, upgraded: Upgraded) {
        let Upgraded { stream, tls, received, subprotocol, origin, permit } = upgraded;
        if let Err(error) = stream.set_nonblocking(true) {
            tracing::debug!(%error, "a socket cannot be watched");
            return;
        }
        let mut stream = TcpStream::from_std(stream);
        self.set_up(&stream);
        let Some((slot, id)) = self.watch(&mut stream) else { return };
        self.tally.accepted += 1;
        let coming = (Dialogue::new(self.config.archetypes.clone()), self.config.locale.clone());
        let carried = (stream, Transport::of_session(tls), Wire::frames(subprotocol));
        let connection = Connection::new((id, origin, permit.0), carried, coming, self.now);
        self.keep(slot, connection);
        self.greet(slot);
        self.take_plain(slot, &received);
        // The session may have decrypted more than was read of it.
        self.take(slot, &[]);
        self.read(slot);
    }

    /// Begins the dialogue, once that can be read by nobody else where there is TLS.
    fn greet(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if connection.stage == Stage::Talking {
            // Of a proxy before a WebSocket nothing is known.
            let is_quiet =
                !connection.transport.is_plain() || connection.origin.is_local || connection.wire.is_framed();
            connection.dialogue.greet(&self.config.name, is_quiet);
            self.act(slot);
        }
    }

    /// Reads what a socket has, as much as one round allows.
    pub(crate) fn read(&mut self, slot: usize) {
        for _ in 0..READS_PER_ROUND {
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
            match connection.stream.read(&mut self.scratch) {
                Ok(0) => return self.end(slot, CloseReason::ByPeer),
                Ok(count) => {
                    self.tally.bytes_in += count as u64;
                    if !connection.is_closing() {
                        let scratch = std::mem::take(&mut self.scratch);
                        self.take(slot, &scratch[..count]);
                        self.scratch = scratch;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return self.take_lines(slot),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.end(slot, CloseReason::TimedOut),
            }
        }
        self.take_lines(slot);
        self.note_waiting(slot);
    }

    /// Takes the bytes that were read.
    fn take(&mut self, slot: usize, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let mut plain = Vec::new();
        let opened = connection.transport.open(bytes, |part| plain.extend_from_slice(part));
        let is_greeted = connection.stage == Stage::Shaking && !connection.transport.is_shaking_hands();
        match opened {
            Ok(false) => {}
            Ok(true) => return self.end(slot, CloseReason::ByPeer),
            Err(error) => {
                tracing::debug!(%error, "no TLS, or broken");
                self.write_alert(slot);
                return self.end(slot, CloseReason::Hostile);
            }
        }
        if is_greeted {
            if let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) {
                connection.stage = Stage::Talking;
            }
            self.greet(slot);
        }
        self.take_plain(slot, &plain);
    }

    /// Takes bytes that are decrypted.
    fn take_plain(&mut self, slot: usize, plain: &[u8]) {
        let now = self.now;
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let (mut heard, mut has_ended) = (Vec::new(), false);
        let Connection { wire, terminal, draft, outbox, .. } = connection;
        wire.open(plain, |came| match came {
            Came::Telnet(bytes) => terminal.receive(bytes, now, draft, |it| heard.push(it)),
            Came::Typed(bytes) => terminal.type_in(bytes, |it| heard.push(it)),
            Came::Data(bytes) => heard.extend(terminal.hear_data(bytes, now)),
            Came::Ping(_) if terminal.is_too_fast(now) => heard.push(Heard::Hostile("too many pings")),
            Came::Ping(bytes) => write_frame(Opcode::Pong, bytes, outbox.end()),
            Came::End => has_ended = true,
            Came::Wrong => heard.push(Heard::Hostile("no frames, or of the wrong kind")),
        });
        self.note_fresh(slot);
        for heard in heard {
            self.hear(slot, heard);
        }
        if has_ended {
            self.close(slot, CloseReason::ByPeer, None);
        }
    }

    /// Tells a client what was wrong with its records, if the socket takes that at once.
    fn write_alert(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if let Transport::Tls(session) = &mut connection.transport {
            let _ = session.write_tls(&mut connection.stream);
        }
    }

    fn hear(&mut self, slot: usize, heard: Heard) {
        let (now, words) = (self.now, self.words.clone());
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        match heard {
            Heard::Line(line) => {
                self.tally.lines_in += 1;
                connection.typed_at = now;
                if connection.rate.take(LINES, now).is_ok() && connection.lines.len() < LINES_WAITING_MAX {
                    connection.lines.push_back(line);
                    return;
                }
                self.tally.lines_dropped += 1;
                connection.say_too_fast(&*words, now);
                if connection.drops.take(DROPS, now).is_err() {
                    self.end_hostile(slot, "lines without end");
                }
            }
            Heard::TooLong => {
                self.tally.lines_dropped += 1;
                let bytes = LINE_BYTES_MAX.to_string();
                connection.say(&Phrase::new(phrase::TOO_LONG).with("bytes", bytes), &*words);
                if connection.drops.take(DROPS, now).is_err() {
                    self.end_hostile(slot, "long lines without end");
                }
            }
            Heard::Gmcp(asked) => self.answer_gmcp(slot, asked),
            Heard::Crawler => {
                let told = [
                    ("NAME", self.config.name.clone()),
                    ("PLAYERS", self.doorkeeper.players_count().to_string()),
                    ("UPTIME", self.started_s.to_string()),
                    ("CODEBASE", concat!("Hypogeum ", env!("CARGO_PKG_VERSION")).to_owned()),
                    ("CHARSET", "UTF-8".to_owned()),
                    ("ANSI", "1".to_owned()),
                    ("GMCP", "1".to_owned()),
                    ("XTERM 256 COLORS", "1".to_owned()),
                ];
                mssp::write(&told, &mut connection.draft);
            }
            Heard::Hostile(what) => self.end_hostile(slot, what),
        }
    }

    /// Ends a connection that did what no honest client does.
    fn end_hostile(&mut self, slot: usize, what: &'static str) {
        tracing::debug!(what, "a telnet connection is closed");
        self.tally.hostile += 1;
        self.end(slot, CloseReason::Hostile);
    }

    fn answer_gmcp(&mut self, slot: usize, asked: Asked) {
        let words = self.words.clone();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        match asked {
            Asked::Hello(client) => {
                connection.client = client;
                return;
            }
            Asked::Ping => return connection.tell("Core.Ping", &Value::Null),
            Asked::Supports | Asked::Inventory | Asked::Nothing => {}
        }
        if connection.stage != Stage::Open || !connection.play.is_in() {
            return;
        }
        let locale = connection.locale.clone();
        let items = connection.play.items(connection.reader(&*words, &locale));
        connection.tell("Char.Items.List", &items);
        if asked == Asked::Supports {
            connection.is_vitals_due = true;
            if let Some(room) = connection.play.room() {
                connection.tell("Room.Info", &room);
            }
        }
    }

    /// Takes the lines that wait, as many as may be taken.
    pub(crate) fn take_lines(&mut self, slot: usize) {
        loop {
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
            if let Some(held) = connection.held.take()
                && let Err(held) = self.lent.link().incoming.offer(Class::Gameplay, held)
            {
                connection.held = Some(held);
                return self.note_waiting(slot);
            }
            let is_talking = connection.stage == Stage::Talking && !connection.is_asking;
            // Before somebody is in, there is nobody to hear them.
            if !is_talking && (connection.stage != Stage::Open || !connection.play.is_in()) {
                return;
            }
            let Some(line) = connection.lines.pop_front() else { return };
            if is_talking {
                connection.dialogue.read(&line);
                self.act(slot);
            } else {
                self.obey(slot, line);
            }
        }
    }

    /// Does what somebody in the world has typed.
    fn obey(&mut self, slot: usize, line: String) {
        let words = self.words.clone();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        // What is said in answer has a prompt behind it.
        if let Some(local) = line.strip_prefix('/') {
            let id = set(connection, local);
            connection.say(&Phrase::new(id), &*words);
        } else if line.trim().is_empty() {
            connection.is_prompt_due = true;
        } else {
            let command = connection.play.command(line);
            self.pass_on(slot, &command);
        }
        self.note_fresh(slot);
    }

    /// Does what a dialogue wants done.
    fn act(&mut self, slot: usize) {
        let words = self.words.clone();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        for act in connection.dialogue.take_acts() {
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
            match act {
                Act::Say(phrase) => connection.say(&phrase, &*words),
                Act::SayArchetypes => {
                    let named = |key: &String| {
                        let name = words.archetype(&connection.locale, key);
                        if name.to_lowercase() == *key { name } else { format!("{name} ({key})") }
                    };
                    let archetypes: Vec<String> = self.config.archetypes.iter().map(named).collect();
                    let phrase = Phrase::new(phrase::ARCHETYPES).with("archetypes", archetypes.join(", "));
                    connection.say(&phrase, &*words);
                }
                Act::Prompt { id, is_hidden } => {
                    let text = Phrase::new(id).in_words(&*words, &connection.locale);
                    connection.terminal.hide_input(is_hidden, &mut connection.draft);
                    connection.terminal.prompt(Style::Prompt, &text, &mut connection.draft);
                }
                Act::Ask(ask) => self.ask(slot, ask),
                Act::Language(wish) => connection.locale = words.nearest(&wish),
                Act::Enter { session, ticket, wish } => self.open(slot, (session, ticket), wish),
                Act::End => self.close(slot, CloseReason::ByPeer, None),
            }
        }
        self.note_fresh(slot);
    }

    /// The doorkeeper has answered the question of this number.
    pub(crate) fn take_answer(&mut self, slot: usize, number: u32, answer: Result<Answered, Refusal>) {
        let now = self.now;
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if connection.asked_count != number || !connection.is_asking {
            return;
        }
        connection.is_asking = false;
        if let Ok(Answered::LoggedIn { access_token, expires_in }) = &answer {
            let ends_at = now.saturating_add(*expires_in);
            let renew_at = now.saturating_add(expires_in.saturating_sub(RENEW_BEFORE).max(*expires_in / 2));
            connection.login = Some(Login { access_token: access_token.clone(), renew_at, ends_at });
        }
        if connection.is_closing() {
            // The login ends with it.
            return;
        }
        if connection.stage != Stage::Open {
            connection.dialogue.hear(answer);
            self.act(slot);
            // What was typed meanwhile.
            return self.take_lines(slot);
        }
        match answer {
            Ok(_) => {}
            Err(refusal) if refusal.retry_after_ms.is_some() => {
                if let Some(login) = &mut connection.login {
                    login.renew_at = now.saturating_add(RENEW_AGAIN);
                }
            }
            Err(_) => self.close(slot, CloseReason::ByServer, Some(&Phrase::new(phrase::LOGIN_CLOSED))),
        }
    }

    /// Asks for a token in place of the one that ends.
    pub(crate) fn renew(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let Some(login) = &mut connection.login else { return };
        login.renew_at = self.now.saturating_add(RENEW_AGAIN);
        let ask = Ask::Stay { access_token: login.access_token.clone() };
        self.ask(slot, ask);
    }

    /// Somebody comes in: the tick is told who, and greeted in their name.
    fn open(&mut self, slot: usize, (session, ticket): (SessionId, SessionTicket), wish: String) {
        // With closes waiting it would overtake the close of the session's last connection.
        let has_unreported = self.has_unreported();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let opened = FromEdge::Opened { connection: connection.id, session, ticket, hello: None };
        if has_unreported || self.lent.link().incoming.push(Class::Critical, opened).is_err() {
            let later = Phrase::new(phrase::TRY_LATER).with("seconds", "1");
            return self.close(slot, CloseReason::TryLater, Some(&later));
        }
        self.tally.opened += 1;
        connection.was_opened = true;
        connection.stage = Stage::Open;
        // Numbers of commands rise faster with the time than anybody may give some.
        let seq = u32::try_from(self.now.as_millis() / 32).unwrap_or(u32::MAX / 2);
        connection.play = Play::new(wish, seq);
        let hello = ClientMessage::Hello {
            protocol_version: PROTOCOL_VERSION,
            client: format!("telnet {}", connection.client),
            locale: connection.locale.clone(),
        };
        self.pass_on(slot, &hello);
    }

    /// Gives a message to the tick.
    pub(crate) fn pass_on(&mut self, slot: usize, message: &ClientMessage) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let bytes = codec::encode(message);
        let frame = FromEdge::Frame { connection: connection.id, lane: Lane::ReliableOrdered, bytes, request: None };
        if let Err(frame) = self.lent.link().incoming.offer(Class::Gameplay, frame) {
            connection.held = Some(frame);
            self.note_waiting(slot);
        }
    }
}

/// Does what was said to telnet itself; what is said to that.
fn set(connection: &mut Connection, local: &str) -> &'static str {
    let (word, value) = local.trim().split_once(' ').unwrap_or((local.trim(), ""));
    let colours = match value.trim() {
        "none" | "0" => Some(Colours::None),
        "16" => Some(Colours::Sixteen),
        "256" => Some(Colours::Indexed),
        _ => None,
    };
    match (word, Charset::named(value.trim()), colours) {
        ("charset", Some(charset), _) => connection.terminal.set_charset(charset),
        ("colours" | "colors", _, Some(colours)) => connection.terminal.set_colours(colours),
        _ => return phrase::HELP,
    }
    phrase::SET
}
