//! Steering and deeds, from messages to a shard's commands.

use bevy_ecs::prelude::{Entity, Mut, Query, Res, ResMut, Without, World};
use hypogeum_protocol::{ErrorCode, Input, Seat};
use hypogeum_shard::host::{Paused, ShardInbox};
use hypogeum_shard::{Command, CommandBody};

use crate::board::Counters;
use crate::desk::Desk;
use crate::route::Rooms;
use crate::session::{SessionItem, Stage};
use crate::steering::Steering;
use crate::{HostTick, SessionsConfig};

/// Tag of the message that carries inputs, as errors name it and the datagrams that stand for it.
pub(crate) const ABOUT_INPUTS: u8 = 5;

/// Takes a batch of inputs; [`feed`] gives them to the seat one a tick.
#[inline]
pub(crate) fn steer(desk: &mut Desk, session: &mut SessionItem, batch: &[Input]) {
    if session.steering.steer(batch, desk.tick.0, &mut desk.counters).forged > 0 {
        desk.refuse(session, ErrorCode::FutureSeq, ABOUT_INPUTS, 0);
    }
}

/// Passes a deed on.
pub(crate) fn act(
    desk: &mut Desk,
    session: &mut SessionItem,
    rooms: &mut Rooms,
    (game, seat): (Entity, Seat),
    (tag, seq): (u8, u32),
    body: CommandBody,
) {
    if seq <= session.steering.act_seq {
        desk.counters.stale_acts += 1;
        return desk.refuse(session, ErrorCode::Stale, tag, 0);
    }
    session.steering.act_seq = seq;
    push(rooms, game, Command { seat, body });
}

/// Passes on a command that only the kind of shard knows, where that takes such and as long ones.
pub(crate) fn command(
    desk: &mut Desk,
    session: &mut SessionItem,
    rooms: &mut Rooms,
    (game, seat): (Entity, Seat),
    (tag, seq): (u8, u32),
    body: Vec<u8>,
) {
    let most = rooms.games.get(game).map_or(0, |(game, ..)| game.kind.command_bytes_max);
    if most == 0 {
        desk.counters.wrong_state += 1;
        return desk.refuse(session, ErrorCode::WrongState, tag, 0);
    }
    if body.len() > most {
        desk.counters.out_of_range += 1;
        return desk.refuse(session, ErrorCode::OutOfRange, tag, 0);
    }
    act(desk, session, rooms, (game, seat), (tag, seq), CommandBody::Custom { seq, body: body.into() });
}

/// Passes on that a participant leaves for good.
pub(crate) fn give_up(rooms: &mut Rooms, game: Entity, seat: Seat) {
    push(rooms, game, Command { seat, body: CommandBody::GiveUp });
}

fn push(rooms: &mut Rooms, game: Entity, command: Command) {
    if let Ok((_, _, Some(mut inbox))) = rooms.games.get_mut(game) {
        inbox.0.push(command);
    }
}

/// Tells a shard that a participant's connection came or went.
pub(crate) fn tell_presence(world: &mut World, game: Entity, seat: Seat, present: bool) {
    if let Some(mut inbox) = world.get_mut::<ShardInbox>(game) {
        inbox.0.push(Command { seat, body: CommandBody::Present(present) });
    }
}

/// Gives each seat its next input, and each shard its commands in the order of seats: within one seat as they came.
pub(crate) fn feed(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut counters: ResMut<Counters>,
    mut sessions: Query<(&Stage, &mut Steering)>,
    mut inboxes: Query<&mut ShardInbox, Without<Paused>>,
) {
    let counters = &mut *counters;
    // Sessions of one match mostly lie together.
    let mut last: Option<(Entity, Option<Mut<'_, ShardInbox>>)> = None;
    for (stage, mut steering) in &mut sessions {
        if let Stage::InMatch { game, seat } = *stage
            && let Some(input) = steering.next(tick.0, config.tick_hz, counters)
        {
            if last.as_ref().is_none_or(|(entity, _)| *entity != game) {
                last = Some((game, inboxes.get_mut(game).ok()));
            }
            if let Some((_, Some(inbox))) = &mut last {
                inbox.0.push(Command { seat, body: CommandBody::Input(input) });
            }
        }
    }
    for mut inbox in &mut inboxes {
        counters.commands += inbox.0.len() as u64;
        inbox.0.sort_by_key(|command| command.seat);
    }
}
