//! Modes by themselves.

use hypogeum_protocol::limits::{INVENTORY_ITEMS_MAX, LOADOUT_ITEMS_MAX};

use super::npc::check_stats;
use crate::def::{AvatarDef, ExitsDef, ModeDef, RewardsDef};
use crate::limits::{ABILITY_SLOTS_MAX, DURATION_MS_MAX, PLAYERS_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for ModeDef {
    const FOLDER: &'static str = "modes";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.link(at.field("map"), &mut self.map);
        let most = i64::from(PLAYERS_MAX);
        review.range(at.field("players_min"), self.players_min, 1..=most);
        let fewest = i64::from(self.players_min).clamp(1, most);
        review.range(at.field("players_max"), self.players_max, fewest..=most);
        review.link(at.field("autopilot"), &mut self.autopilot);
        self.check_times(at, review);
        let window = at.field("rating_window");
        review.range(window.field("max"), self.rating_window.max, 0..=10_000);
        let widest = i64::from(self.rating_window.max.min(10_000));
        review.range(window.field("start"), self.rating_window.start, 0..=widest);
        review.range(window.field("per_s"), self.rating_window.per_s, 0..=10_000);
        check_avatar(at.field("avatar"), &mut self.avatar, review);
        self.check_spawners(at.field("spawners"), review);
        self.check_hazards(at.field("hazards"), review);
        check_exits(at.field("exits"), &self.exits, self.duration_ms, review);
        check_rewards(at.field("rewards"), &mut self.rewards, review);
    }
}

impl ModeDef {
    fn check_times(&self, at: Spot<'_>, review: &mut Review<'_>) {
        review.range(at.field("queue_wait_ms"), self.queue_wait_ms, 0..=600_000);
        review.range(at.field("loadout_ms"), self.loadout_ms, 0..=300_000);
        review.range(at.field("deploy_ms"), self.deploy_ms, 0..=60_000);
        review.range(at.field("duration_ms"), self.duration_ms, 10_000..=i64::from(DURATION_MS_MAX));
    }

    fn check_spawners(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.spawners.len(), 0..=64);
        let last_ms = i64::from(self.duration_ms.max(1)) - 1;
        for (index, spawner) in self.spawners.iter_mut().enumerate() {
            let at = at.nth(index);
            review.link(at.field("npc"), &mut spawner.npc);
            review.range(at.field("count"), spawner.count, 1..=500);
            review.range(at.field("first_ms"), spawner.first_ms, 0..=last_ms);
            if spawner.respawn_ms != 0 {
                review.range(at.field("respawn_ms"), spawner.respawn_ms, 500..=i64::from(DURATION_MS_MAX));
            }
        }
    }

    fn check_hazards(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.count(at, self.hazards.len(), 0..=64);
        let last_ms = i64::from(self.duration_ms.max(1)) - 1;
        for (index, hazard) in self.hazards.iter_mut().enumerate() {
            let at = at.nth(index);
            review.link(at.field("hazard"), &mut hazard.hazard);
            review.range(at.field("at_ms"), hazard.at_ms, 0..=last_ms);
            review.range(at.field("count"), hazard.count, 1..=32);
        }
    }
}

fn check_avatar(at: Spot<'_>, avatar: &mut AvatarDef, review: &mut Review<'_>) {
    check_stats(at.field("stats"), &avatar.stats, review);
    if avatar.stats.speed_cm_per_s == 0 {
        review.fault(at.field("stats").field("speed_cm_per_s"), "participants cannot walk", 0, "1 to 2000");
    }
    review.range(at.field("radius_cm"), avatar.radius_cm, 10..=200);
    review.count(at.field("abilities"), avatar.abilities.len(), 0..=ABILITY_SLOTS_MAX - 1);
    review.links(at.field("abilities"), &mut avatar.abilities);
    review.link(at.field("unarmed"), &mut avatar.unarmed);
    review.range(at.field("inventory_slots"), avatar.inventory_slots, 1..=INVENTORY_ITEMS_MAX as i64);
    review.range(at.field("sight_cm"), avatar.sight_cm, 500..=20_000);
    review.range(at.field("regeneration_per_s"), avatar.regeneration_per_s, 0..=1_000);
}

fn check_exits(at: Spot<'_>, exits: &ExitsDef, duration_ms: u32, review: &mut Review<'_>) {
    review.range(at.field("count"), exits.count, 1..=32);
    review.range(at.field("radius_cm"), exits.radius_cm, 100..=5_000);
    review.range(at.field("channel_ms"), exits.channel_ms, 100..=60_000);
    // Hours that no exit takes would look as if they meant something.
    review.count(at.field("open_ms"), exits.open_ms.len(), 1..=exits.count.clamp(1, 32) as usize);
    for (index, (opens, closes)) in exits.open_ms.iter().enumerate() {
        let at = at.field("open_ms").nth(index);
        let channel_ms = exits.channel_ms.clamp(100, 60_000);
        let last_ms = duration_ms.saturating_sub(channel_ms);
        review.range(at.nth(0).named("exit opens"), *opens, 0..=i64::from(last_ms));
        let first_ms = i64::from((*opens).min(last_ms)) + i64::from(channel_ms);
        review.range(at.nth(1).named("exit closes"), *closes, first_ms..=i64::from(duration_ms));
    }
}

fn check_rewards(at: Spot<'_>, rewards: &mut RewardsDef, review: &mut Review<'_>) {
    review.range(at.field("xp_per_player"), rewards.xp_per_player, 0..=100_000);
    review.range(at.field("xp_extracted"), rewards.xp_extracted, 0..=1_000_000);
    review.range(at.field("currency_extracted"), rewards.currency_extracted, 0..=1_000_000);
    review.range(at.field("xp_kept_on_death"), rewards.xp_kept_on_death, 0..=10_000);
    review.count(at.field("starter_items"), rewards.starter_items.len(), 0..=LOADOUT_ITEMS_MAX);
    review.links(at.field("starter_items"), &mut rewards.starter_items);
}
