//! What a client knows: everything the server told, kept without I/O.

use std::collections::{BTreeMap, VecDeque};

use hypogeum_protocol::lane::DownHead;
use hypogeum_protocol::{
    AccountId, Block, CarriedItem, ErrorCode, ExitInfo, GameEvent, ItemId, MatchId, MatchPhase, ModeInfo, NetId,
    PoiInfo, Record, RecordKind, ServerMessage, SessionId, SettledReport, Snapshot, StashItem,
};

use crate::scores::{MatchTable, Scoreboard};

/// Events a view remembers: some seconds of a busy fight.
pub const RECENT_EVENTS_MAX: usize = 256;

/// Who this client is, and what the server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// This session.
    pub id: SessionId,
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub name: String,
    /// The protocol spoken.
    pub protocol_version: u16,
    /// Steps a second of every match.
    pub tick_hz: u16,
    /// BLAKE3 of the server's content.
    pub content_hash: [u8; 32],
    /// What can be queued for.
    pub modes: Vec<ModeInfo>,
    /// The match the account was in at the welcome; its announcement follows.
    pub current_match: Option<MatchId>,
}

/// How the queue stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueState {
    /// For which mode.
    pub mode: String,
    /// Tickets in reach, this one included.
    pub waiting: u16,
    /// Players the match wants.
    pub wanted: u16,
    /// Rating distance accepted now.
    pub window: u32,
}

/// A match found, not begun: what can be brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadoutOffer {
    /// The match.
    pub match_id: MatchId,
    /// Its mode.
    pub mode: String,
    /// Time there was to choose when the offer came.
    pub closes_in_ms: u32,
    /// What there is.
    pub stash: Vec<StashItem>,
    /// What the server says is chosen.
    pub chosen: Vec<ItemId>,
}

/// A match under way, as it was announced, and the phase it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchView {
    /// The match.
    pub id: MatchId,
    /// Its mode.
    pub mode: String,
    /// The entity this client steers.
    pub avatar: NetId,
    /// Radius of the avatar's body in subunits.
    pub radius: i32,
    /// Side of the square map in subunits.
    pub side: i32,
    /// What stands in the way.
    pub obstacles: Vec<Block>,
    /// Where something is to be found.
    pub pois: Vec<PoiInfo>,
    /// Where one gets out.
    pub exits: Vec<ExitInfo>,
    /// Where the match stands; none before the first word of it.
    pub phase: Option<PhaseView>,
    /// Names of participants by their avatars. In a crowd only of those asked for.
    pub names: BTreeMap<NetId, String>,
    /// How everyone stands; none where the mode hides it.
    pub scores: Option<Scoreboard>,
}

/// A phase of a match and its ticks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhaseView {
    /// Which.
    pub phase: MatchPhase,
    /// The tick it began.
    pub tick: u32,
    /// The tick it ends.
    pub ends_tick: u32,
}

/// A refusal of the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// Tag of the client message it answers, 255 where none could be read.
    pub about: u8,
    /// When trying again may help; 0: never.
    pub retry_after_ms: u32,
}

impl Refusal {
    /// What `about` is where the refusal answers no message.
    pub const ABOUT_NOTHING: u8 = 255;

    /// Whether the server could not go on with what the session was in: queue, loadout or match are undone, and items
    /// taken along are back in the stash.
    #[must_use]
    pub const fn is_undoing(&self) -> bool {
        self.about == Self::ABOUT_NOTHING
            && matches!(self.code, ErrorCode::Unavailable | ErrorCode::Draining | ErrorCode::TryLater)
    }
}

/// What a message, or the wire, changed. The details stand in the [`View`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The handshake is complete: say hello.
    Opened,
    /// The session is there.
    Welcomed,
    /// Something asked for was not done.
    Refused(Refusal),
    /// The queue stands otherwise.
    Queued,
    /// No longer queued.
    Unqueued,
    /// A match was found.
    LoadoutOpened,
    /// The server took the choice.
    LoadoutChosen,
    /// Items that were chosen stay at home; the match begins without them.
    LoadoutRefused(Vec<ItemId>),
    /// The match begins, or goes on after a reconnect.
    MatchStarted,
    /// Names of participants became known.
    NamesLearned,
    /// Somebody's score changed.
    ScoresChanged,
    /// A match is over for all; [`View::table`] says how it went.
    MatchEnded,
    /// A phase began.
    PhaseReached(MatchPhase),
    /// The inventory is another.
    InventoryChanged,
    /// Things happened; also in [`View::recent`].
    Happened(Vec<GameEvent>),
    /// The kind of shard told something in words of its own.
    Told(Vec<u8>),
    /// A newer snapshot, or datagram of the datagram lane.
    Saw,
    /// A snapshot or datagram not newer than the last, or of no match: ignored.
    Outdated,
    /// The match is over for this client.
    Settled,
    /// A ping came back.
    Pong {
        /// As sent.
        nonce: u64,
    },
    /// The server ends.
    Goodbye,
    /// A message or datagram of the server could not be read; counted and ignored.
    Unreadable,
    /// The connection is gone.
    Closed(crate::wire::Ending),
}

/// Everything the server told. It changes by [`View::apply`], and by what a client hears on the datagram lane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// Set by the welcome.
    pub session: Option<Session>,
    /// Set while queued.
    pub queue: Option<QueueState>,
    /// Set from a match's discovery to its beginning.
    pub loadout: Option<LoadoutOffer>,
    /// Set while in a match, until it is settled.
    pub current: Option<MatchView>,
    /// The newest snapshot of the current or last match. On the datagram lane its records are everything known of what is
    /// around, in the order of names and areas last; else they are what one message holds, nearest first.
    pub snapshot: Option<Snapshot>,
    /// What the avatar carries.
    pub inventory: Vec<CarriedItem>,
    /// Rises with the inventory's changes; 0 before the first.
    pub inventory_version: u32,
    /// The last [`RECENT_EVENTS_MAX`] events with their ticks, oldest first.
    pub recent: VecDeque<(u32, GameEvent)>,
    /// The last match settled and what came of it.
    pub settled: Option<(MatchId, SettledReport)>,
    /// Matches settled in this connection.
    pub settled_count: u32,
    /// How the last match that is over for all went for everyone.
    pub table: Option<MatchTable>,
    /// The last refusal.
    pub last_refusal: Option<Refusal>,
    /// The server said goodbye.
    pub goodbye: bool,
}

impl View {
    /// Takes in one message and says what it changed.
    pub fn apply(&mut self, message: ServerMessage) -> Change {
        match message {
            ServerMessage::Welcome {
                session,
                account,
                name,
                protocol_version,
                tick_hz,
                content_hash,
                modes,
                current_match,
            } => {
                // What a lost connection was in, and what is not any more, nobody else will tell.
                if self.current.as_ref().is_some_and(|current| Some(current.id) != current_match) {
                    self.current = None;
                }
                self.session = Some(Session {
                    id: session,
                    account,
                    name,
                    protocol_version,
                    tick_hz,
                    content_hash,
                    modes,
                    current_match,
                });
                Change::Welcomed
            }
            ServerMessage::Error { code, about, retry_after_ms } => {
                let refusal = Refusal { code, about, retry_after_ms };
                self.last_refusal = Some(refusal);
                if refusal.is_undoing() {
                    self.queue = None;
                    self.loadout = None;
                    self.current = None;
                }
                Change::Refused(refusal)
            }
            ServerMessage::Queued { mode, waiting, wanted, window } => {
                self.queue = Some(QueueState { mode, waiting, wanted, window });
                Change::Queued
            }
            ServerMessage::Unqueued => {
                // A match that was found and falls through sends its players back, too.
                self.queue = None;
                self.loadout = None;
                Change::Unqueued
            }
            ServerMessage::LoadoutOpen { match_id, mode, closes_in_ms, stash } => {
                self.queue = None;
                self.loadout = Some(LoadoutOffer { match_id, mode, closes_in_ms, stash, chosen: Vec::new() });
                Change::LoadoutOpened
            }
            ServerMessage::LoadoutChosen { items } => {
                if let Some(offer) = &mut self.loadout {
                    offer.chosen = items;
                }
                Change::LoadoutChosen
            }
            ServerMessage::MatchStarted { match_id, mode, avatar, radius, side, obstacles, pois, exits } => {
                let id = match_id;
                self.begin(MatchView {
                    id,
                    mode,
                    avatar,
                    radius,
                    side,
                    obstacles,
                    pois,
                    exits,
                    phase: None,
                    names: BTreeMap::new(),
                    scores: None,
                });
                Change::MatchStarted
            }
            ServerMessage::Phase { phase, tick, ends_tick } => {
                if let Some(current) = &mut self.current {
                    current.phase = Some(PhaseView { phase, tick, ends_tick });
                }
                Change::PhaseReached(phase)
            }
            ServerMessage::Inventory { version, items } => {
                self.inventory_version = version;
                self.inventory = items;
                Change::InventoryChanged
            }
            ServerMessage::Events { tick, events } => self.happened(tick, events),
            ServerMessage::Settled { match_id, report } => {
                if self.current.as_ref().is_some_and(|current| current.id == match_id) {
                    self.current = None;
                }
                self.settled = Some((match_id, report));
                self.settled_count += 1;
                Change::Settled
            }
            ServerMessage::Pong { nonce } => Change::Pong { nonce },
            ServerMessage::Snapshot(snapshot) => self.see(snapshot),
            ServerMessage::Goodbye => {
                self.goodbye = true;
                Change::Goodbye
            }
            ServerMessage::LoadoutRefused { items } => {
                if let Some(offer) = &mut self.loadout {
                    offer.chosen.retain(|chosen| !items.contains(chosen));
                }
                Change::LoadoutRefused(items)
            }
            ServerMessage::Roster { match_id, players } => {
                if let Some(current) = self.current.as_mut().filter(|current| current.id == match_id) {
                    current.names.extend(players.into_iter().map(|player| (player.avatar, player.name)));
                }
                Change::NamesLearned
            }
            ServerMessage::Scoreboard { match_id, tick, rows, own } => {
                if let Some(current) = self.current.as_mut().filter(|current| current.id == match_id) {
                    current.scores = Some(Scoreboard { tick, rows, own });
                }
                Change::ScoresChanged
            }
            ServerMessage::MatchEnded { match_id, players, rows, own, rating } => {
                self.table = Some(MatchTable { match_id, players, rows, own, rating });
                Change::MatchEnded
            }
            ServerMessage::Told { body, .. } => Change::Told(body),
        }
    }

    /// Avatars of others that are seen and whose names are not known: ask for them where the match has not told.
    pub fn unnamed(&self) -> impl Iterator<Item = NetId> + '_ {
        let records = self.snapshot.iter().flat_map(|snapshot| &snapshot.records);
        let players = records.filter(|record| record.kind == RecordKind::Player).map(|record| record.id);
        let names = self.current.as_ref().map(|current| &current.names);
        players.filter(move |avatar| names.is_some_and(|names| !names.contains_key(avatar)))
    }

    /// Forgets what only a connection holds. The match goes on, or the next welcome says otherwise.
    pub(crate) fn disconnect(&mut self) {
        self.session = None;
        self.queue = None;
        self.loadout = None;
        self.goodbye = false;
    }

    fn begin(&mut self, mut announced: MatchView) {
        self.queue = None;
        self.loadout = None;
        let goes_on = self.current.as_ref().is_some_and(|current| current.id == announced.id);
        if let Some(current) = self.current.as_mut().filter(|_| goes_on) {
            announced.names = std::mem::take(&mut current.names);
        }
        if !goes_on {
            // Ticks begin again with a match: what was seen of another says nothing about this one.
            self.snapshot = None;
            self.inventory.clear();
            self.inventory_version = 0;
            self.recent.clear();
        }
        self.current = Some(announced);
    }

    /// Snapshots come unreliably: late, twice, and after the match they belong to.
    fn see(&mut self, snapshot: Snapshot) -> Change {
        let newer = self.snapshot.as_ref().is_none_or(|last| snapshot.tick > last.tick);
        if self.current.is_none() || !newer {
            return Change::Outdated;
        }
        self.snapshot = Some(snapshot);
        Change::Saw
    }

    /// Takes in the newest datagram of the datagram lane; `write_records` writes what is around.
    pub(crate) fn show(&mut self, head: &DownHead, write_records: impl FnOnce(&mut Vec<Record>)) -> Change {
        let snapshot = self.snapshot.get_or_insert_default();
        let DownHead { tick, input_seq, own, alive, extracted, .. } = *head;
        write_records(&mut snapshot.records);
        // Pages are shared by all who see them, so the avatar stands in its own.
        if let Some(current) = &self.current {
            snapshot.records.retain(|record| record.id != current.avatar);
        }
        *snapshot = Snapshot { tick, input_seq, own, records: std::mem::take(&mut snapshot.records), alive, extracted };
        Change::Saw
    }

    /// Takes in what happened.
    pub(crate) fn happened(&mut self, tick: u32, events: Vec<GameEvent>) -> Change {
        self.recent.extend(events.iter().map(|event| (tick, *event)));
        self.recent.drain(..self.recent.len().saturating_sub(RECENT_EVENTS_MAX));
        Change::Happened(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::Outcome;

    fn started(id: u64) -> ServerMessage {
        ServerMessage::MatchStarted {
            match_id: MatchId(id),
            mode: "blitz".into(),
            avatar: NetId(3),
            radius: 90,
            side: 25_600,
            obstacles: vec![],
            pois: vec![],
            exits: vec![],
        }
    }

    fn snapshot(tick: u32, alive: u16) -> ServerMessage {
        ServerMessage::Snapshot(Snapshot { tick, alive, ..Snapshot::default() })
    }

    #[test]
    fn an_older_or_repeated_snapshot_changes_nothing() {
        let mut view = View::default();
        view.apply(started(1));
        assert_eq!(view.apply(snapshot(10, 5)), Change::Saw, "the first snapshot is taken");
        for tick in [10, 9, 0] {
            assert_eq!(view.apply(snapshot(tick, 9)), Change::Outdated, "tick {tick} is not newer than 10");
        }
        assert_eq!(view.snapshot.as_ref().map(|seen| (seen.tick, seen.alive)), Some((10, 5)), "tick 10 stands");
        assert_eq!(view.apply(snapshot(11, 4)), Change::Saw, "a newer one replaces it");
    }

    #[test]
    fn a_new_match_forgets_the_last_one_and_a_resumed_one_does_not() {
        let mut view = View::default();
        view.apply(started(1));
        view.apply(snapshot(900, 5));
        view.apply(started(1));
        assert!(view.snapshot.is_some(), "the same match announced again goes on");
        view.apply(started(2));
        assert!(view.snapshot.is_none(), "ticks begin again with another match");
        assert_eq!(view.apply(snapshot(1, 5)), Change::Saw, "its first tick is news");
    }

    #[test]
    fn a_settled_match_is_over_and_late_snapshots_of_it_are_ignored() {
        let mut view = View::default();
        view.apply(started(1));
        let report = SettledReport {
            outcome: Outcome::Died,
            kills: 1,
            damage_dealt: 40,
            xp_gained: 9,
            level: 1,
            items_secured: 0,
            currency_gained: 0,
            rating: 1_490,
        };
        let settled = ServerMessage::Settled { match_id: MatchId(1), report: report.clone() };
        assert_eq!(view.apply(settled), Change::Settled, "the settlement is news");
        assert_eq!(view.settled, Some((MatchId(1), report)), "the report is kept");
        assert_eq!(view.apply(snapshot(901, 5)), Change::Outdated, "no match, no snapshot");
    }

    #[test]
    fn a_match_the_server_could_not_go_on_with_is_gone() {
        let mut view = View::default();
        let error = |code, about| ServerMessage::Error { code, about, retry_after_ms: 1_000 };
        view.apply(started(1));
        view.apply(error(ErrorCode::Unavailable, 4));
        view.apply(error(ErrorCode::Malformed, Refusal::ABOUT_NOTHING));
        assert!(view.current.is_some(), "a refused act or a garbled message ends no match");
        view.apply(error(ErrorCode::Unavailable, Refusal::ABOUT_NOTHING));
        assert!(view.current.is_none(), "the match is undone");
    }

    #[test]
    fn events_are_remembered_up_to_their_bound() {
        let mut view = View::default();
        for tick in 0..RECENT_EVENTS_MAX as u32 + 10 {
            view.apply(ServerMessage::Events { tick, events: vec![GameEvent::Extracted { who: NetId(1) }] });
        }
        assert_eq!(view.recent.len(), RECENT_EVENTS_MAX, "the oldest are forgotten");
        assert_eq!(view.recent.front().map(|(tick, _)| *tick), Some(10), "exactly the ten oldest");
    }
}
