//! What a client sends: messages in order, and datagrams with its inputs.

use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{
    Act, ChatChannel, ClientMessage, Ignored, Input, ItemId, MatchId, NetId, PartyAct, Property, Watched, codec, limits,
};

use super::{Client, Steering};
use crate::lane::LaneEnd;
use crate::wire::{Wire, WireState};

/// Pings under way at most; an older one that never came back is forgotten.
const PINGS_UNDER_WAY_MAX: usize = 8;

impl<W: Wire> Client<W> {
    fn next_seq(&mut self) -> u32 {
        self.last_seq = self.last_seq.saturating_add(1);
        self.last_seq
    }

    /// Sends any message in order; the methods below are its usual forms.
    pub fn send(&mut self, message: &ClientMessage) {
        self.wire.send(Lane::ReliableOrdered, codec::encode(message));
    }

    /// Says hello: the first message, once [`crate::Change::Opened`] came. `name` is cut to 64 bytes. Words come in
    /// English; [`Client::hello_in`] asks for another language.
    pub fn hello(&mut self, name: &str) {
        self.hello_in(name, "");
    }

    /// Says hello, and in which language its player reads, as BCP 47 writes it: `de`, `pt-BR`. What the server does not have is
    /// English; [`Session::locale`](crate::Session::locale) says what it is. What is no name of a language is not sent.
    pub fn hello_in(&mut self, name: &str, locale: &str) {
        let client = name[..name.floor_char_boundary(64)].to_owned();
        let locale = if locale.len() <= limits::LOCALE_BYTES_MAX { locale.to_owned() } else { String::new() };
        self.send(&ClientMessage::Hello { protocol_version: limits::PROTOCOL_VERSION, client, locale });
    }

    /// Asks for a match of `mode`.
    pub fn join_queue(&mut self, mode: &str) {
        self.send(&ClientMessage::JoinQueue { mode: mode.to_owned() });
    }

    /// Asks for a match of `mode` with people who fit: says what it is itself, and by `query` whom it wants. `PROTOCOL.md` says how one is
    /// written: `+region:eu -mood:grim level:10..20`. What is wrong with either comes back as [`crate::Change::QueueRefused`].
    pub fn join_queue_with(&mut self, mode: &str, properties: Vec<Property>, query: &str) {
        let (mode, query) = (mode.to_owned(), query.to_owned());
        self.send(&ClientMessage::JoinQueueWith { mode, properties, query });
    }

    /// No longer asks for one.
    pub fn leave_queue(&mut self) {
        self.send(&ClientMessage::LeaveQueue);
    }

    /// Asks why it still waits in line; answered by [`crate::Change::QueueExplained`].
    pub fn ask_queue(&mut self) {
        self.send(&ClientMessage::AskQueue);
    }

    /// Takes these into the match: the first [`limits::LOADOUT_ITEMS_MAX`] of them.
    pub fn choose_loadout(&mut self, items: impl IntoIterator<Item = ItemId>) {
        let items = items.into_iter().take(limits::LOADOUT_ITEMS_MAX).collect();
        self.send(&ClientMessage::ChooseLoadout { items });
    }

    /// Steers for one tick and returns the input's sequence. The inputs before it that the server has not confirmed
    /// go along, so that lost datagrams lose no input. On the datagram lane everything leaves with the next
    /// [`Client::flush`], so that who flushes every third tick sends a datagram every third tick. Who watches steers nothing.
    pub fn steer(&mut self, steering: Steering) -> u32 {
        if self.is_watching() {
            return self.last_seq;
        }
        let seq = self.next_seq();
        let Steering { walk, pace, aim, ability } = steering;
        let ability = if ability <= Input::ABILITY_MAX { ability } else { 0 };
        self.prediction.steer(Input { seq, walk, pace: pace.min(Input::PACE_MAX), aim, ability });
        self.has_steered = true;
        if !self.is_on_lane() {
            let surplus = self.prediction.unconfirmed_count().saturating_sub(limits::INPUTS_PER_BATCH_MAX);
            let batch = self.prediction.unconfirmed().skip(surplus).collect();
            self.wire.send(Lane::Unreliable, codec::encode(&ClientMessage::Inputs { batch }));
        }
        seq
    }

    /// Does something once and returns the act's sequence, which a refusal names. It goes along which version of the item the
    /// view shows, so that an item of a kind that rejects is not acted on once it is another:
    /// [`GameEvent::Changed`](hypogeum_protocol::GameEvent::Changed) then says how it is.
    pub fn act(&mut self, act: Act) -> u32 {
        let seq = self.next_seq();
        let seen = self.view.version_of(act.thing());
        self.send(&ClientMessage::Act { seq, act, seen });
        seq
    }

    /// Gives a command that only the kind of shard knows, at most [`limits::COMMAND_BYTES_MAX`] long, and returns its sequence, as
    /// [`Client::act`] does.
    pub fn command(&mut self, body: impl Into<Vec<u8>>) -> u32 {
        let seq = self.next_seq();
        self.send(&ClientMessage::Command { seq, body: body.into() });
        seq
    }

    /// Enters the persistent world with the character that the connection is for; a new one is as its player wishes it, at
    /// most [`limits::WISH_BYTES_MAX`] bytes: the key of an archetype, or nothing.
    pub fn enter_world(&mut self, wish: &str) {
        self.send(&ClientMessage::EnterWorld { wish: wish.to_owned() });
    }

    /// Gives the match up: the avatar dies. In a place of the world: leaves it, with everything.
    pub fn leave(&mut self) {
        self.send(&ClientMessage::LeaveMatch);
    }

    /// Asks whose avatars these are, at most [`limits::NAMES_ASKED_MAX`]; see [`crate::View::unnamed`].
    pub fn ask_names(&mut self, avatars: impl IntoIterator<Item = NetId>) {
        let avatars: Vec<NetId> = avatars.into_iter().take(limits::NAMES_ASKED_MAX).collect();
        if !avatars.is_empty() {
            self.send(&ClientMessage::AskNames { avatars });
        }
    }

    /// Says something on a channel: 1 to [`limits::CHAT_GRAPHEMES_MAX`] characters. It comes back as [`crate::Change::Chat`] where it is
    /// said.
    pub fn chat(&mut self, channel: ChatChannel, words: &str) {
        let (to, words) = (String::new(), words.to_owned());
        self.send(&ClientMessage::Chat { channel, to, words, is_emote: false });
    }

    /// Says something to one person; to whoever whispered last, where `to` is empty.
    pub fn whisper(&mut self, to: &str, words: &str) {
        let (channel, to, words) = (ChatChannel::Whisper, to.to_owned(), words.to_owned());
        self.send(&ClientMessage::Chat { channel, to, words, is_emote: false });
    }

    /// Asks for what was said before a line, 0 for the newest, with one person where the channel is
    /// [`ChatChannel::Whisper`]; answered by [`crate::Change::ChatPage`].
    pub fn chat_history(&mut self, channel: ChatChannel, with: &str, before: u64) {
        self.send(&ClientMessage::ChatHistory { channel, with: with.to_owned(), before });
    }

    /// Wants to hear somebody no more, or again.
    pub fn ignore(&mut self, name: &str, ignored: Ignored) {
        self.send(&ClientMessage::Ignore { name: name.to_owned(), ignored });
    }

    /// Shows a line to the moderators; `reason` has at most [`limits::REPORT_GRAPHEMES_MAX`] characters.
    pub fn report_chat(&mut self, line: u64, reason: &str) {
        self.send(&ClientMessage::ReportChat { line, from: String::new(), reason: reason.to_owned() });
    }

    /// Wants to be told how a game of creatures goes on, or to be told no longer; answered by [`crate::Change::GameFollowed`]. Ask again
    /// after a lost connection.
    pub fn follow_game(&mut self, game: u64, is_followed: bool) {
        self.send(&ClientMessage::FollowGame { game, is_followed });
    }

    /// Does something in a party, or about one; answered by [`crate::Change::PartyChanged`].
    pub fn party(&mut self, act: PartyAct) {
        self.send(&ClientMessage::Party { act });
    }

    /// Watches the rest of a match in which one is dead or out, once that is settled: somebody, somebody else, or nobody any more. Answered by
    /// [`crate::Change::Watching`], and refused where the mode does not show it.
    pub fn watch(&mut self, match_id: MatchId, whom: Watched) {
        self.send(&ClientMessage::Watch { match_id, whom });
    }

    /// Measures the way to the server and back; see [`Client::round_trip`].
    pub fn ping(&mut self) {
        self.last_nonce += 1;
        if self.pings.len() == PINGS_UNDER_WAY_MAX {
            self.pings.pop_front();
        }
        self.pings.push_back((self.last_nonce, self.clock));
        self.send(&ClientMessage::Ping { nonce: self.last_nonce });
    }

    /// Sends what waits.
    pub fn flush(&mut self) {
        // A match that a lost connection was in may be over: nothing is said of it before the next welcome.
        let in_match = self.view.session.is_some() && self.view.current.is_some();
        let is_due = |lane: &LaneEnd| (lane.is_up() && self.has_steered) || lane.is_due(self.clock, in_match);
        if self.lane.as_ref().is_some_and(is_due) {
            self.send_datagram();
        }
        self.has_steered = false;
        self.wire.flush();
    }

    pub(super) fn send_datagram(&mut self) {
        let Some(lane) = &mut self.lane else { return };
        if self.wire.state() != WireState::Open {
            return;
        }
        lane.write(self.prediction.unconfirmed(), self.clock, &mut self.datagram);
        self.wire.send_lane(&self.datagram);
    }

    /// Ends the connection. A match under way goes on without this client.
    pub fn close(&mut self) {
        self.wire.close();
    }
}
