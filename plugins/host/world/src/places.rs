//! The places there are, each opened once.

use bevy_ecs::prelude::{Local, Query, Res};
use hypogeum_hosting::{HostContent, HostedShard, Opening};
use hypogeum_shard::{HostedKind, HostedPlace, PlaceRule, ShardKinds};

/// Every place of every kind; none where a definition is bad, which the start has refused already.
pub(crate) fn places(kinds: &ShardKinds, content: &HostContent) -> Vec<(HostedKind, HostedPlace, PlaceRule)> {
    let places = kinds.places(&content.0).unwrap_or_default();
    places.into_iter().filter_map(|(kind, rule)| Some((kind, kind.as_place?, rule))).collect()
}

/// Opens the places that no earlier run has left, in the first tick.
pub(crate) fn open(
    (kinds, content): (Res<ShardKinds>, Res<HostContent>),
    shards: Query<&HostedShard>,
    mut opening: Opening,
    mut is_done: Local<bool>,
) {
    if std::mem::replace(&mut *is_done, true) {
        return;
    }
    for (kind, place, rule) in places(&kinds, &content) {
        let is_there = shards.iter().any(|hosted| hosted.kind.name == kind.name && hosted.title == rule.key);
        if !is_there {
            opening.open(kind.name, rule.tick_hz, |id| (place.setup)(&rule.key, id));
        }
    }
}
