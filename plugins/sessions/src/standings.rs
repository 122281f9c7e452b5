//! How players stand in a match that runs, kept now and then: for whoever looks from outside, and for a word to a player
//! whose match cannot be resumed. Nothing is granted by it.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Query, Without};
use hypogeum_arena::Scores;
use hypogeum_progression::{SeatStanding, StoreRequest};
use hypogeum_protocol::{GameEvent, Seat};
use hypogeum_shard::host::{Crashed, Obeyed};
use hypogeum_shard::{CommandBody, Outbox, Shard};

use crate::desk::Desk;
use crate::game::{Match, Progress};
use crate::session::Session;

/// Seconds of a match from one time to the next that everyone's standing is kept.
const EVERY_S: u32 = 10;

/// Keeps everyone's standing now and then, and at once that of whoever comes, goes, dies or gets out.
pub(crate) fn keep_standings(
    mut desk: Desk,
    mut games: Query<(&mut Match, &Shard, &Obeyed), Without<Crashed>>,
    sessions: Query<Session>,
) {
    // A store that is behind has more important things to keep.
    if desk.store.is_crowded() {
        return;
    }
    for (mut game, shard, obeyed) in &mut games {
        let tick = shard.tick().0;
        if game.progress != Progress::Playing || tick == game.looked_tick {
            continue;
        }
        game.looked_tick = tick;
        let everyone = tick.is_multiple_of(EVERY_S * desk.config.tick_hz);
        let stirred = if everyone { BTreeSet::new() } else { stirred(&game, shard, obeyed) };
        if !everyone && stirred.is_empty() {
            continue;
        }
        let scores = shard.world().resource::<Scores>();
        let holders = game.humans.iter().filter(|holder| everyone || stirred.contains(&holder.seat));
        let standing = |holder: &crate::game::Holder| {
            let score = scores.0.get(usize::from(holder.seat.0))?;
            let session = desk.directory.by_account.get(&holder.account);
            let session = session.and_then(|session| sessions.get(*session).ok());
            Some(SeatStanding {
                account: holder.account,
                present: session.is_some_and(|session| session.presence.listening().is_some()),
                kills: score.kills,
                xp: score.xp,
                damage_dealt: score.damage_dealt,
                outcome: score.outcome,
            })
        };
        let seats: Vec<SeatStanding> = holders.filter_map(standing).collect();
        desk.store.ask(StoreRequest::KeepSeats { match_id: game.id, tick: tick.into(), seats });
    }
}

/// Seats to which something happened in the last step that is worth keeping.
fn stirred(game: &Match, shard: &Shard, obeyed: &Obeyed) -> BTreeSet<Seat> {
    let came_or_went = obeyed.0.iter().filter(|command| matches!(command.body, CommandBody::Present(_)));
    let mut seats: BTreeSet<Seat> = came_or_went.map(|command| command.seat).collect();
    for outgoing in &shard.world().resource::<Outbox>().0 {
        if let GameEvent::Died { who, .. } | GameEvent::Extracted { who } = outgoing.event
            // Avatars are named in the order of their seats.
            && let Ok(place) = game.humans.binary_search_by_key(&who, |holder| holder.avatar)
        {
            seats.insert(game.humans[place].seat);
        }
    }
    seats
}
