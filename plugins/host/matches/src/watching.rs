//! Whom those watch who are dead or out, while their match goes on without them. It is a matter of views alone: the match knows
//! nothing of it, and nothing of it is in the log.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::{MessageReader, Query, Res, Without};
use hypogeum_content::def::WatchRule;
use hypogeum_hosting::{HostedShard, SeatInfo, Views};
use hypogeum_protocol::{
    AccountId, ClientMessage, ConnectionId, ErrorCode, MatchId, NetId, Seat, ServerMessage, Watched,
};
use hypogeum_sessions::{MessageReceived, Outbound, Presence, Reply, Session, SessionIndex, SessionItem, Stage};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;
use hypogeum_social::PartyLookup;

use crate::names::seat_of_avatar;
use crate::rules::MatchRules;
use crate::running_match::RunningMatch;

/// Who watches whom in a match.
#[derive(Debug, Default)]
pub(crate) struct Watchers {
    by_seat: BTreeMap<Seat, Watch>,
    /// Whose seats these are.
    accounts: BTreeSet<AccountId>,
}

/// Whom the player of a seat watches.
#[derive(Clone, Copy, Debug)]
struct Watch {
    avatar: NetId,
    /// The connection that knows; `None` while the player is away.
    told: Option<ConnectionId>,
}

impl Watchers {
    /// Whether the player of a seat watches somebody.
    pub(crate) fn has(&self, seat: Seat) -> bool {
        self.by_seat.contains_key(&seat)
    }

    /// Whether an account watches somebody.
    pub(crate) fn has_account(&self, account: AccountId) -> bool {
        self.accounts.contains(&account)
    }

    /// The accounts that watch.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = AccountId> + '_ {
        self.accounts.iter().copied()
    }

    fn set(&mut self, (seat, account): (Seat, AccountId), watch: Watch) {
        self.by_seat.insert(seat, watch);
        self.accounts.insert(account);
    }

    fn end(&mut self, (seat, account): (Seat, AccountId)) {
        self.by_seat.remove(&seat);
        self.accounts.remove(&account);
    }
}

/// Tells a watcher that there is nobody to watch any more.
pub(crate) const fn nobody(match_id: MatchId) -> ServerMessage {
    ServerMessage::Watching { match_id, avatar: NetId::NONE, name: String::new() }
}

type WatchedGame<'a> = (&'a mut RunningMatch, &'a HostedShard, &'a Shard, &'a mut Views);

/// Who may be watched by one account.
struct Choice<'a> {
    rules: &'a MatchRules,
    hosted: &'a HostedShard,
    shard: &'a Shard,
    /// Those alone whom the mode shows; `None`: everyone.
    only: Option<Vec<AccountId>>,
}

impl<'a> Choice<'a> {
    fn new(
        game: &'a RunningMatch,
        (hosted, shard): (&'a HostedShard, &'a Shard),
        parties: Option<&PartyLookup>,
        account: AccountId,
    ) -> Self {
        let party = || parties.and_then(|parties| parties.0.party_of(account)).map(|party| party.members);
        let only = match game.watch {
            WatchRule::Everyone => None,
            WatchRule::Party => Some(party().unwrap_or_default()),
            WatchRule::Nobody => Some(Vec::new()),
        };
        Self { rules: &game.rules, hosted, shard, only }
    }

    fn is_shown(&self, seat: &SeatInfo<'_>) -> bool {
        let account = seat.occupant.account();
        self.only.as_ref().is_none_or(|only| account.is_some_and(|account| only.contains(&account)))
    }

    fn is_inside(&self, seat: &SeatInfo<'_>) -> bool {
        self.is_shown(seat) && self.rules.done_tick(self.shard, seat.seat).is_none()
    }

    /// Whether one still looks at an avatar. Its end is seen, too.
    fn keeps(&self, avatar: NetId) -> bool {
        let now = self.shard.tick().0;
        seat_of_avatar(self.hosted, avatar).is_some_and(|seat| {
            let done = self.rules.done_tick(self.shard, seat.seat);
            self.is_shown(&seat) && done.is_none_or(|done| now <= done.saturating_add(1))
        })
    }

    /// The avatar that is wanted, seen from the one that is watched now.
    fn pick(&self, whom: Watched, now: NetId) -> Option<NetId> {
        if let Watched::Participant { avatar } = whom {
            let seat = seat_of_avatar(self.hosted, avatar)?;
            return self.is_inside(&seat).then_some(avatar);
        }
        // The ids of avatars are in the order of their seats. There may be thousands, so they are not collected.
        let found = if whom == Watched::Previous {
            let before = self.hosted.seats().filter(|seat| seat.avatar < now && self.is_inside(seat)).last();
            before.or_else(|| self.hosted.seats().filter(|seat| self.is_inside(seat)).last())
        } else {
            let after = self.hosted.seats().find(|seat| seat.avatar > now && self.is_inside(seat));
            after.or_else(|| self.hosted.seats().find(|seat| self.is_inside(seat)))
        };
        found.map(|seat| seat.avatar)
    }
}

/// Answers those who want to watch.
pub(crate) fn answer(
    mut messages: MessageReader<MessageReceived>,
    mut reply: Reply,
    mut sessions: Query<Session>,
    parties: Option<Res<PartyLookup>>,
    mut games: Query<WatchedGame, Without<Crashed>>,
) {
    for MessageReceived { session, about, message } in messages.read() {
        let ClientMessage::Watch { match_id, whom } = *message else { continue };
        let Ok(mut session) = sessions.get_mut(*session) else { continue };
        if session.presence.closing.is_some() {
            continue;
        }
        let game = games.iter_mut().find(|(game, ..)| game.id == match_id);
        let turned = match game {
            Some((mut game, hosted, shard, mut views)) => {
                let parts = (&mut *game, hosted, shard, &mut *views);
                turn(&mut reply.outbound, parts, &session, (parties.as_deref(), whom))
            }
            None => Err(ErrorCode::WrongState),
        };
        match turned {
            Ok(watching) => reply.answer(&session.presence, *about, &watching),
            Err(ErrorCode::WrongState) => reply.refuse_here(&mut session, *about),
            Err(code) => reply.refuse(&mut session, code, *about, 0),
        }
    }
}

/// Turns the eyes of one who is done to whom it wants to see, and returns the answer.
fn turn(
    outbound: &mut Outbound,
    (game, hosted, shard, views): (&mut RunningMatch, &HostedShard, &Shard, &mut Views),
    session: &SessionItem,
    (parties, whom): (Option<&PartyLookup>, Watched),
) -> Result<ServerMessage, ErrorCode> {
    let account = session.who.account;
    let seat = hosted.players.iter().find(|player| player.account == account).map(|player| player.seat);
    let seat = seat.filter(|seat| hosted.is_free(*seat) && session.stage.may_watch() && game.is_watched(shard));
    let (Some(seat), Some(connection)) = (seat, session.presence.listening()) else {
        return Err(ErrorCode::WrongState);
    };
    if whom == Watched::Nobody {
        game.watchers.end((seat, account));
        views.watch(seat, NetId::NONE);
        return Ok(nobody(game.id));
    }
    let before = game.watchers.by_seat.get(&seat).copied();
    let now = before.map_or(NetId::NONE, |watch| watch.avatar);
    let picked = Choice::new(game, (hosted, shard), parties, account).pick(whom, now);
    let avatar = picked.ok_or(ErrorCode::NoSuchEntity)?;
    if before.and_then(|watch| watch.told) != Some(connection) {
        game.send_started_as(outbound, connection, avatar);
        game.scores_mark = None;
    }
    game.watchers.set((seat, account), Watch { avatar, told: Some(connection) });
    views.watch(seat, avatar);
    Ok(watching(game.id, hosted, avatar))
}

fn watching(match_id: MatchId, hosted: &HostedShard, avatar: NetId) -> ServerMessage {
    let name = seat_of_avatar(hosted, avatar).map_or_else(String::new, |seat| seat.name.to_owned());
    ServerMessage::Watching { match_id, avatar, name }
}

/// What is to become of a watcher.
enum Next {
    /// It watches on, or waits for its connection.
    Same,
    /// It turns to this avatar, and is told on this connection.
    Turn(NetId, ConnectionId),
    /// It is over.
    End,
}

/// Passes on the eyes of those whose watched ones are done, tells those who come back whom they watch, and ends it for
/// those who play something else and where the match is over.
pub(crate) fn follow(
    mut reply: Reply,
    index: Res<SessionIndex>,
    sessions: Query<(&Presence, &Stage)>,
    parties: Option<Res<PartyLookup>>,
    mut games: Query<WatchedGame, Without<Crashed>>,
) {
    for (mut game, hosted, shard, mut views) in &mut games {
        if game.watchers.by_seat.is_empty() {
            continue;
        }
        let game = &mut *game;
        let is_on = game.is_watched(shard);
        let watchers: Vec<(Seat, Watch)> = game.watchers.by_seat.iter().map(|(seat, watch)| (*seat, *watch)).collect();
        for (seat, watch) in watchers {
            let Some(player) = hosted.player(seat) else { continue };
            let session = index.session_of(player.account).and_then(|session| sessions.get(session).ok());
            if is_on && is_unchanged(game, (hosted, shard), (seat, watch), session) {
                continue;
            }
            let then = {
                let choice = || Choice::new(game, (hosted, shard), parties.as_deref(), player.account);
                next(choice, watch, session, is_on)
            };
            match then {
                Next::Same => {
                    let is_there = session.is_some_and(|(presence, _)| presence.listening().is_some());
                    let told = watch.told.filter(|_| is_there);
                    game.watchers.set((seat, player.account), Watch { told, ..watch });
                }
                Next::Turn(avatar, connection) => {
                    if watch.told != Some(connection) {
                        game.send_started_as(&mut reply.outbound, connection, avatar);
                        game.scores_mark = None;
                    }
                    reply.outbound.send(connection, &watching(game.id, hosted, avatar));
                    game.watchers.set((seat, player.account), Watch { avatar, told: Some(connection) });
                    views.watch(seat, avatar);
                }
                Next::End => {
                    game.watchers.end((seat, player.account));
                    views.watch(seat, NetId::NONE);
                    if let Some((presence, _)) = session {
                        reply.send(presence, &nobody(game.id));
                    }
                }
            }
        }
    }
}

/// Whether there is nothing to do for a watcher now. Whether it may still watch that one is looked at once a second.
fn is_unchanged(
    game: &RunningMatch,
    (hosted, shard): (&HostedShard, &Shard),
    (seat, watch): (Seat, Watch),
    session: Option<(&Presence, &Stage)>,
) -> bool {
    let is_told = session.is_some_and(|(presence, stage)| {
        stage.may_watch() && watch.told.is_some() && presence.listening() == watch.told
    });
    let is_due = shard.tick().0.wrapping_add(u32::from(seat.0)).is_multiple_of(game.tick_hz.max(1));
    let watched = seat_of_avatar(hosted, watch.avatar);
    let is_inside = watched.is_some_and(|watched| game.rules.done_tick(shard, watched.seat).is_none());
    is_told && !is_due && is_inside
}

/// Whom a watcher may see is asked only for one who is there: those who are away come by here in each tick.
fn next<'a>(
    choice: impl FnOnce() -> Choice<'a>,
    watch: Watch,
    session: Option<(&Presence, &Stage)>,
    is_on: bool,
) -> Next {
    if !is_on {
        return Next::End;
    }
    let Some((presence, stage)) = session else { return Next::Same };
    match stage {
        Stage::Arriving | Stage::Loading => return Next::Same,
        Stage::Joining { .. } | Stage::Playing { .. } => return Next::End,
        Stage::Idle | Stage::Queued => {}
    }
    let Some(connection) = presence.listening() else { return Next::Same };
    let choice = choice();
    let keeps = choice.keeps(watch.avatar);
    if keeps && watch.told == Some(connection) {
        return Next::Same;
    }
    let avatar = if keeps { Some(watch.avatar) } else { choice.pick(Watched::Next, watch.avatar) };
    avatar.map_or(Next::End, |avatar| Next::Turn(avatar, connection))
}
