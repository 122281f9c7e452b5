//! From the line into a lobby: those who go together, and those who come to them before their match begins.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Entity, Or, Query, Res, ResMut, With};
use bevy_ecs::system::SystemParam;
use hypogeum_hosting::{SeedSource, ShardIds};
use hypogeum_matchmaking::Ticket;
use hypogeum_protocol::{AccountId, MatchId, SessionId};
use hypogeum_sessions::{CurrentMatch, Drain, KeepsServer, SessionIndex, SessionsConfig, Stage};
use hypogeum_shard::Seed;
use hypogeum_social::{Blocks, Party};
use hypogeum_store::StoreRequest;

use crate::MatchesConfig;
use crate::lobby::{Lobby, Member};
use crate::queueing::{InLine, Queues};
use crate::running_match::RunningMatch;
use crate::seating::Seating;

/// Parties by the tickets that are for them.
type Parties = BTreeMap<SessionId, Party>;

static NO_PARTIES: Parties = BTreeMap::new();

/// Lobbies that become matches in one tick: to build a match takes a millisecond or two, and thousands may queue at once.
const FORMED_PER_TICK_MAX: usize = 8;
/// Lobbies that look for latecomers in one tick: each looks at thousands of tickets where nobody fits.
const LOOKING_PER_TICK_MAX: usize = 8;
/// A lobby takes people in until this long before its loadout closes: time to choose what to bring.
const LATE_MS_MIN: u32 = 5_000;

/// Who waits where, and who must not meet whom.
#[derive(SystemParam)]
pub(crate) struct Waiting<'w, 's> {
    queues: ResMut<'w, Queues>,
    places: Query<'w, 's, &'static mut InLine>,
    blocks: Res<'w, Blocks>,
}

/// Lobbies that go become entities, and their members' stashes are asked for.
pub(crate) fn form_lobbies(
    mut seating: Seating,
    (mut waiting, mut ids): (Waiting, ResMut<ShardIds>),
    (config, seeds, draining): (Res<MatchesConfig>, Res<SeedSource>, Res<Drain>),
    begun: Query<(), Or<(With<RunningMatch>, With<Lobby>)>>,
    mut commands: Commands,
) {
    if draining.is_begun() {
        return;
    }
    let tick = seating.reply.tick.0;
    let room = config.matches_max.saturating_sub(begun.iter().len());
    waiting.queues.is_held = room == 0;
    let formed = {
        let Queues { line, parties, .. } = &mut *waiting.queues;
        let apart = apart(&seating.index, &waiting.places, &waiting.blocks, [parties, &NO_PARTIES]);
        line.form_apart(tick, room.min(FORMED_PER_TICK_MAX), &apart)
    };
    for found in formed {
        let id = MatchId::from(ids.draw());
        let seed = config.match_seed.map_or_else(|| seeds.draw(), Seed::numbered);
        let entity = commands.spawn((CurrentMatch(id), KeepsServer)).id();
        let mut lobby = Lobby::new(id, seed, found);
        let tickets = lobby.found.members.clone();
        seat(&mut seating, &mut waiting, (entity, &mut lobby), &tickets);
        commands.entity(entity).insert(lobby);
    }
}

/// Takes those in line into lobbies that have room for them, and time to choose what to bring; each lobby looks once a second.
pub(crate) fn admit_late(
    mut seating: Seating,
    mut waiting: Waiting,
    (config, draining): (Res<SessionsConfig>, Res<Drain>),
    mut lobbies: Query<(Entity, &mut Lobby)>,
) {
    if draining.is_begun() || waiting.queues.line.is_empty() {
        return;
    }
    let (tick, second) = (seating.reply.tick.0, config.ticks(1).max(1));
    let closes_after = tick + config.ticks_of_ms(LATE_MS_MIN);
    let is_due = |lobby: &Lobby| tick % second == lobby.id.0 % second && lobby.is_open_after(closes_after);
    let due = lobbies.iter_mut().filter(|(_, lobby)| is_due(lobby)).take(LOOKING_PER_TICK_MAX);
    for (entity, mut lobby) in due {
        let known = lobby.found.members.len();
        {
            let Queues { line, parties, .. } = &mut *waiting.queues;
            let Lobby { found, parties: within, .. } = &mut *lobby;
            let apart = apart(&seating.index, &waiting.places, &waiting.blocks, [parties, within]);
            line.admit_late(found, tick, &apart);
        }
        let newcomers = lobby.found.members.get(known..).unwrap_or_default().to_vec();
        seat(&mut seating, &mut waiting, (entity, &mut lobby), &newcomers);
    }
}

/// Names the tickets that a ticket must not meet: those of people whom somebody of it blocks, or who block somebody of it. `parties` are those in line,
/// and those in a lobby.
fn apart<'a>(
    index: &'a SessionIndex,
    places: &'a Query<'_, '_, &mut InLine>,
    blocks: &'a Blocks,
    parties: [&'a Parties; 2],
) -> impl Fn(&Ticket) -> Vec<SessionId> + 'a {
    move |ticket| {
        if blocks.is_empty() {
            return Vec::new();
        }
        let [waiting, within] = parties;
        let of = if within.contains_key(&ticket.who) { within } else { waiting };
        let blocked = accounts(of, ticket).into_iter().flat_map(|account| blocks.around(account));
        let place_of = |account| places.get(index.session_of(account)?).ok()?.0;
        // Whom the own party is with is no stranger.
        blocked.filter_map(place_of).map(|place| place.ticket).filter(|other| *other != ticket.who).collect()
    }
}

/// Moves everyone of some tickets from their lines into a lobby, and asks for their stashes.
fn seat(
    seating: &mut Seating<'_, '_>,
    waiting: &mut Waiting<'_, '_>,
    (entity, lobby): (Entity, &mut Lobby),
    tickets: &[Ticket],
) {
    for ticket in tickets {
        let party = if waiting.queues.parties.contains_key(&ticket.who) { lobby.draw_party() } else { 0 };
        for account in accounts(&waiting.queues.parties, ticket) {
            let session = seating.index.session_of(account);
            let taken = session
                .and_then(|session| take_place(seating, &mut waiting.places, (session, entity), (account, ticket)));
            let Some(mut member) = taken else { continue };
            member.party = party;
            let session = session.and_then(|session| seating.sessions.get(session).ok());
            let character = session.and_then(|session| session.who.character);
            seating.store.ask(StoreRequest::LoadProfile { account, character, tag: lobby.id.0 });
            lobby.add(member);
        }
        if let Some(party) = waiting.queues.parties.remove(&ticket.who) {
            lobby.parties.insert(ticket.who, party);
        }
        waiting.queues.server_made.remove(&ticket.who);
    }
}

/// Whom a ticket is for: in a lobby a party stays together.
fn accounts(parties: &Parties, ticket: &Ticket) -> Vec<AccountId> {
    parties.get(&ticket.who).map_or_else(|| vec![ticket.account], |party| party.members.clone())
}

/// Moves a session from its line into a lobby.
fn take_place(
    seating: &mut Seating<'_, '_>,
    places: &mut Query<'_, '_, &mut InLine>,
    (session, lobby): (Entity, Entity),
    (account, ticket): (AccountId, &Ticket),
) -> Option<Member> {
    let mut item = seating.sessions.get_mut(session).ok()?;
    if let Ok(mut in_line) = places.get_mut(session) {
        in_line.0 = None;
    }
    let stage = Stage::Joining { lobby };
    *item.stage = stage;
    seating.index.keep_place(account, stage);
    Some(Member::new(account, item.who.name.clone(), ticket.rating))
}
