//! How characters are is written to the store while they are in a place: all of them every so often, and at once those that have
//! been through something. What is written would survive a power failure in the log of the place, too.
//!
//! A place's log is what it goes on by after a crash. The store's copy is for whoever looks from outside, and for a visit that
//! is undone because its log is lost: the character is then as it was last written, with what it brought.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Component, Entity, MessageReader, Query, Res, ResMut, Resource, Without};
use hypogeum_hosting::{Halted, HostedShard, Recording, ask};
use hypogeum_protocol::{CharacterSheet, MatchId};
use hypogeum_sessions::{HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_shard::Shard;
use hypogeum_store::{CHARACTERS_KEPT_MAX, StoreReply, StoreRequest};

/// How often all characters of a place are written, in seconds; 0: only at what they go through.
#[derive(Resource, Clone, Copy, Debug)]
pub(crate) struct CheckpointEvery(pub(crate) u32);

/// What is to be written of a place.
#[derive(Component, Debug, Default)]
pub(crate) struct Checkpoints {
    /// The step that was looked at last.
    tick: u32,
    /// The tick of the host in which all characters are due again.
    due: u64,
    /// How they were, and after which step; by visit.
    waiting: BTreeMap<MatchId, (u32, CharacterSheet)>,
}

/// Whether the store is writing characters: it is asked again once it has answered.
#[derive(Resource, Debug, Default)]
pub(crate) struct Asked(bool);

type KeptPlace<'a> = (Entity, &'a HostedShard, &'a Shard, Option<&'a mut Checkpoints>);

/// Takes down how those are that are due, after each step of a place.
pub(crate) fn take_down(
    (host, config, every): (Res<HostTick>, Res<SessionsConfig>, Res<CheckpointEvery>),
    mut places: Query<KeptPlace, Without<Halted>>,
    mut commands: Commands,
) {
    for (entity, hosted, shard, kept) in &mut places {
        let Some(place) = hosted.kind.as_place else { continue };
        let Some(mut kept) = kept else {
            commands.entity(entity).insert(Checkpoints::default());
            continue;
        };
        let tick = shard.tick().0;
        if tick == kept.tick || hosted.players.is_empty() {
            continue;
        }
        kept.tick = tick;
        let mut seats = ask(hosted.id, "milestones", || (place.milestones)(shard.world())).unwrap_or_default();
        if every.0 > 0 && host.0 >= kept.due {
            // Places that were opened together are not due together.
            let spread = hosted.id.0 % u64::from(config.tick_hz.max(1));
            kept.due = host.0 + config.ticks(every.0) + spread;
            seats = hosted.players.iter().map(|player| player.seat).collect();
        }
        for seat in seats {
            let Some((visit, character)) = hosted.visit_of(seat) else { continue };
            let sheet = ask(hosted.id, "character", || (place.character)(shard.world(), seat)).flatten();
            if let Some(sheet) = sheet.filter(|sheet| sheet.id == character && sheet.is_within_limits()) {
                kept.waiting.insert(visit, (tick, sheet));
            }
        }
    }
}

/// Asks the store to write what would survive a power failure.
pub(crate) fn keep(
    (mut store, mut asked): (ResMut<Store>, ResMut<Asked>),
    mut places: Query<(&mut Checkpoints, Option<&Recording>)>,
) {
    if asked.0 {
        return;
    }
    let mut kept = Vec::new();
    for (mut checkpoints, recording) in &mut places {
        let is_durable = |tick: u32| recording.is_none_or(|recording| recording.is_durable(tick));
        let room = CHARACTERS_KEPT_MAX - kept.len();
        let due = checkpoints.waiting.iter().filter(|(_, (tick, _))| is_durable(*tick)).take(room);
        let due: Vec<MatchId> = due.map(|(visit, _)| *visit).collect();
        let due = due.into_iter().filter_map(|visit| Some((visit, checkpoints.waiting.remove(&visit)?.1)));
        kept.extend(due);
    }
    if !kept.is_empty() {
        asked.0 = true;
        store.ask(StoreRequest::KeepCharacters { kept });
    }
}

/// Handles the store's answers. What it could not write is written the next time, as it is then.
pub(crate) fn take_answers(mut answers: MessageReader<StoreAnswered>, mut asked: ResMut<Asked>) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::CharactersKept { .. } => asked.0 = false,
            StoreReply::Failed { request, failure } if matches!(**request, StoreRequest::KeepCharacters { .. }) => {
                tracing::warn!(%failure, "how characters are cannot be written to the store now");
                asked.0 = false;
            }
            _ => {}
        }
    }
}
