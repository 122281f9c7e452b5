//! Clients come to know the ground around their avatars.

use bevy_ecs::prelude::{MessageReader, Query, Res, ResMut};
use hypogeum_hosting::{HostedShard, ask};
use hypogeum_protocol::{ClientMessage, DoorChange, ErrorCode, NetId, ServerMessage, limits};
use hypogeum_sessions::{Counters, HostTick, MessageReceived, Outbound, Reply, Session, SessionsConfig, Stage};
use hypogeum_shard::Shard;

use super::place_ground::{PlaceGround, whereabouts};
use super::seat_ground::SeatGround;
use crate::announce::Announced;

/// How often it is looked what lies near somebody, in milliseconds.
const LOOK_EVERY_MS: u32 = 250;

/// Takes what clients ask for. Asking for what one was not told of is refused; what is asked for again, or of another place, may have crossed
/// with something else, and only counts.
pub(crate) fn take_asks(
    mut messages: MessageReader<MessageReceived>,
    mut reply: Reply,
    mut sessions: Query<Session>,
    mut places: Query<(&HostedShard, &Shard, &mut Announced)>,
) {
    for MessageReceived { session, about, message } in messages.read() {
        let ClientMessage::AskChunks { match_id, chunks } = message else { continue };
        let Ok(mut session) = sessions.get_mut(*session) else { continue };
        let Stage::Playing { shard, seat } = *session.stage else {
            reply.counters.wrong_state += 1;
            continue;
        };
        let place = places.get_mut(shard).ok();
        let Some((hosted, world, mut announced)) = place.filter(|(hosted, ..)| *match_id == hosted.id.into()) else {
            reply.counters.chunks_refused += chunks.len() as u64;
            continue;
        };
        let Announced { ground, seats } = &mut *announced;
        let at = hosted.player(seat).and_then(|player| whereabouts(world.world(), player.avatar));
        let (untold, repeated) = match (ground, seats.get_mut(&seat)) {
            (Some(ground), Some(known)) => known.ask(&ground.chunks, chunks, at),
            _ => (chunks.len(), 0),
        };
        reply.counters.chunks_refused += (untold + repeated) as u64;
        if untold > 0 {
            reply.refuse(&mut session, ErrorCode::OutOfReach, *about, 0);
        }
    }
}

/// Tells everyone in a place what lies near by now and which doors have changed, and sends what was asked for.
pub(crate) fn show_ground(
    (host, config): (Res<HostTick>, Res<SessionsConfig>),
    (mut outbound, mut counters): (ResMut<Outbound>, ResMut<Counters>),
    mut places: Query<(&HostedShard, &Shard, &mut Announced)>,
) {
    let look_every = config.ticks_of_ms(LOOK_EVERY_MS);
    for (hosted, shard, mut announced) in &mut places {
        let Some(place) = hosted.kind.as_place else { continue };
        let Announced { ground: Some(ground), seats } = &mut *announced else { continue };
        if seats.is_empty() || !ground.is_there() {
            continue;
        }
        let open = ask(hosted.id, "open_doors", || (place.open_doors)(shard.world())).unwrap_or_default();
        let changed = ground.follow_doors(&open);
        for (seat, known) in seats {
            let told = Told { outbound: &mut outbound, hosted, known };
            let Some(player) = hosted.player(*seat) else { continue };
            told.show(ground, (shard, player.avatar), &changed, (host.0, look_every, config.tick_hz), &mut counters);
        }
    }
}

/// One client, and what goes to it.
struct Told<'a> {
    outbound: &'a mut Outbound,
    hosted: &'a HostedShard,
    known: &'a mut SeatGround,
}

impl Told<'_> {
    fn show(
        mut self,
        ground: &PlaceGround,
        (shard, avatar): (&Shard, NetId),
        changed: &[usize],
        (tick, look_every, tick_hz): (u64, u64, u32),
        counters: &mut Counters,
    ) {
        let doors = changed.iter().filter_map(|door| ground.door_in(*door, |at| self.known.knows(at))).collect();
        self.tell_doors(doors);
        if self.known.is_due(tick, look_every)
            && let Some(at) = whereabouts(shard.world(), avatar)
        {
            let near = self.known.tell(&ground.chunks, at, ground.reach);
            for chunks in near.chunks(limits::CHUNKS_TOLD_MAX) {
                let (match_id, chunk_side) = (self.hosted.id.into(), ground.chunks.chunk_side());
                self.send(&ServerMessage::ChunksNear { match_id, chunk_side, chunks: chunks.to_vec() });
            }
            let near: Vec<_> = near.iter().map(|chunk| chunk.at).collect();
            self.tell_doors(ground.doors_changed_in(&near));
        }
        while let Some((at, body)) = self.known.next(&ground.chunks, tick, tick_hz) {
            counters.chunks += 1;
            self.send(&ServerMessage::Chunk { match_id: self.hosted.id.into(), at, body: body.to_vec() });
        }
    }

    fn tell_doors(&mut self, doors: Vec<DoorChange>) {
        if !doors.is_empty() {
            self.send(&ServerMessage::DoorsChanged { match_id: self.hosted.id.into(), doors });
        }
    }

    fn send(&mut self, message: &ServerMessage) {
        self.outbound.send(self.known.connection, message);
    }
}
