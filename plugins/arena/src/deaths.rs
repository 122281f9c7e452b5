//! Who did what to whom, and what is left of those who died.

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, With};
use hypogeum_combat::{DamageDealt, Dead, Died};
use hypogeum_items::SpillRequest;
use hypogeum_npc::Npc;
use hypogeum_protocol::Outcome;
use hypogeum_shard::{Directory, Rules, Tick};

use crate::state::{Game, Scores, Seated};

/// Counts damage and kills, pays experience, and ends the match for participants who died: what they carried stays
/// where they fell, in a container anyone may loot.
pub(crate) fn reckon(
    tick: Res<Tick>,
    rules: Res<Rules>,
    game: Res<Game>,
    directory: Res<Directory>,
    mut scores: ResMut<Scores>,
    mut dealt: MessageReader<DamageDealt>,
    mut deaths: MessageReader<Died>,
    mut spills: MessageWriter<SpillRequest>,
    npcs: Query<&Npc>,
) {
    for damage in dealt.read().filter(|damage| damage.source != damage.target) {
        if let Some(score) = scores.earner(damage.source, tick.0) {
            score.damage_dealt = score.damage_dealt.saturating_add(damage.amount);
        }
    }
    let rewards = &rules.content.modes[game.mode].rewards;
    for death in deaths.read() {
        let victim = scores.seat_of(death.who);
        if let Some(score) = victim.and_then(|seat| scores.0.get_mut(seat)) {
            if score.outcome.is_none() {
                score.outcome = Some(Outcome::Died);
                score.ended_tick = tick.0;
            }
            spills.write(SpillRequest { holder: death.who });
        }
        let npc = directory.entity(death.who).and_then(|entity| npcs.get(entity).ok());
        let worth = match npc.and_then(|npc| rules.content.npcs.find(npc.def)) {
            Some(def) => def.xp,
            None if victim.is_some() => rewards.xp_per_player,
            None => 0,
        };
        if death.by == death.who {
            continue;
        }
        if let Some(killer) = scores.earner(death.by, tick.0) {
            killer.kills = killer.kills.saturating_add(1);
            killer.xp = killer.xp.saturating_add(worth);
        }
    }
}

/// The avatars of those who died a tick ago vanish; everyone has been told, and their things lie there.
pub(crate) fn bury(tick: Res<Tick>, fallen: Query<(Entity, &Dead), With<Seated>>, mut commands: Commands) {
    for (entity, dead) in &fallen {
        if dead.tick < tick.0 {
            commands.entity(entity).despawn();
        }
    }
}
