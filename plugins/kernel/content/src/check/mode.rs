//! Modes by themselves.

use core::ops::RangeInclusive;

use hypogeum_protocol::limits::{INVENTORY_ITEMS_MAX, LOADOUT_ITEMS_MAX, ROSTER_TOLD_MAX};

use super::ground::check_ground;
use super::npc::check_stats;
use super::teams::check_teams;
use super::waves::check_waves;
use crate::def::{AvatarDef, ExitsDef, ModeDef, PartyRule, RatingWindow, RewardsDef, WatchRule};
use crate::limits::{ABILITY_SLOTS_MAX, DURATION_MS_MAX, PLAYERS_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for ModeDef {
    const FOLDER: &'static str = "modes";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.link(at.field("map"), &mut self.map);
        let most = i64::from(PLAYERS_MAX);
        let are_numbers = review.in_range(at.field("players_min"), self.players_min, 1..=most)
            & review.in_range(at.field("players_max"), self.players_max, 1..=most);
        if are_numbers {
            let (fewest, most) = (at.field("players_min"), at.field("players_max"));
            review.ordered((fewest, self.players_min), (most, self.players_max));
            self.check_watch(at, review);
        }
        if let Some(teams) = &self.teams {
            check_teams(at.field("teams"), teams, (at.field("players_max"), self.players_max), review);
        }
        review.link(at.field("autopilot"), &mut self.autopilot);
        // Where the match's own time is wrong, nothing that lies within it can be right: one mistake, one message.
        let duration_ms = self.check_times(at, review).then_some(self.duration_ms);
        check_rating_window(self.rating_window, at.field("rating_window"), review);
        if let Some(every_ms) = self.relax_queries_ms {
            review.range(at.field("relax_queries_ms"), every_ms, 100..=600_000);
        }
        if let Some(party) = self.party {
            let most = self.teams.as_ref().map_or(self.players_max, |teams| teams.size.min(self.players_max));
            check_party(party, most, at.field("party"), review);
        }
        check_avatar(at.field("avatar"), &mut self.avatar, review);
        self.check_spawners(at.field("spawners"), duration_ms, review);
        self.check_hazards(at.field("hazards"), duration_ms, review);
        check_exits(at.field("exits"), &self.exits, duration_ms, review);
        check_ground(at.field("ground"), self.ground, review);
        check_rewards(at.field("rewards"), &mut self.rewards, review);
    }
}

impl ModeDef {
    /// Whether it is known how long the match lasts.
    fn check_times(&self, at: Spot<'_>, review: &mut Review<'_>) -> bool {
        if let Some(tick_hz) = self.tick_hz {
            review.range(at.field("tick_hz"), tick_hz, 10..=60);
        }
        review.range(at.field("queue_wait_ms"), self.queue_wait_ms, 0..=600_000);
        review.range(at.field("loadout_ms"), self.loadout_ms, 0..=300_000);
        review.range(at.field("deploy_ms"), self.deploy_ms, 0..=60_000);
        review.in_range(at.field("duration_ms"), self.duration_ms, DURATIONS_MS)
    }

    /// Where everyone may be watched, everyone is known by name.
    fn check_watch(&self, at: Spot<'_>, review: &mut Review<'_>) {
        if self.watch == WatchRule::Everyone && self.players_max as usize > ROSTER_TOLD_MAX {
            let expected = format!("at most {ROSTER_TOLD_MAX} participants, or Party");
            review.fault(at.field("watch"), "too many for everyone to watch", self.players_max, expected);
        }
    }

    fn check_spawners(&mut self, at: Spot<'_>, duration_ms: Option<u32>, review: &mut Review<'_>) {
        review.count(at, self.spawners.len(), 0..=64);
        for (index, spawner) in self.spawners.iter_mut().enumerate() {
            let at = at.nth(index);
            review.link(at.field("npc"), &mut spawner.npc);
            review.range(at.field("count"), spawner.count, 1..=500);
            check_waves(at.field("waves"), spawner.waves, review);
            check_before_end(at.field("first_ms"), spawner.first_ms, duration_ms, review);
            if spawner.respawn_ms != 0 {
                review.range(at.field("respawn_ms"), spawner.respawn_ms, 500..=i64::from(DURATION_MS_MAX));
            }
        }
    }

    fn check_hazards(&mut self, at: Spot<'_>, duration_ms: Option<u32>, review: &mut Review<'_>) {
        review.count(at, self.hazards.len(), 0..=64);
        for (index, hazard) in self.hazards.iter_mut().enumerate() {
            let at = at.nth(index);
            review.link(at.field("hazard"), &mut hazard.hazard);
            check_before_end(at.field("at_ms"), hazard.at_ms, duration_ms, review);
            review.range(at.field("count"), hazard.count, 1..=32);
        }
    }
}

/// How long a match may last.
pub(super) const DURATIONS_MS: RangeInclusive<i64> = 10_000..=DURATION_MS_MAX as i64;

pub(super) fn check_rating_window(window: RatingWindow, at: Spot<'_>, review: &mut Review<'_>) {
    let are_numbers = review.in_range(at.field("max"), window.max, 0..=10_000)
        & review.in_range(at.field("start"), window.start, 0..=10_000);
    if are_numbers {
        review.ordered((at.field("start"), window.start), (at.field("max"), window.max));
    }
    review.range(at.field("per_s"), window.per_s, 0..=10_000);
}

fn check_party(party: PartyRule, members_max: u32, at: Spot<'_>, review: &mut Review<'_>) {
    // Where the mode's own number is wrong, that is said there.
    let most = i64::from(members_max.clamp(1, PLAYERS_MAX));
    review.range(at.field("members_max"), party.members_max, 1..=most);
    review.range(at.field("rating_spread_max"), party.rating_spread_max, 0..=20_000);
}

fn check_before_end(at: Spot<'_>, at_ms: u32, duration_ms: Option<u32>, review: &mut Review<'_>) {
    if let Some(duration_ms) = duration_ms {
        review.range(at, at_ms, 0..=i64::from(duration_ms.saturating_sub(1)));
    }
}

pub(super) fn check_avatar(at: Spot<'_>, avatar: &mut AvatarDef, review: &mut Review<'_>) {
    check_stats(at.field("stats"), &avatar.stats, review);
    if avatar.stats.speed_cm_per_s == 0 {
        review.fault(at.field("stats").field("speed_cm_per_s"), "participants cannot walk", 0, "1 to 2000");
    }
    review.range(at.field("radius_cm"), avatar.radius_cm, 10..=200);
    review.count(at.field("abilities"), avatar.abilities.len(), 0..=ABILITY_SLOTS_MAX - 1);
    review.links(at.field("abilities"), &mut avatar.abilities);
    review.link(at.field("unarmed"), &mut avatar.unarmed);
    review.range(at.field("inventory_slots"), avatar.inventory_slots, 1..=INVENTORY_ITEMS_MAX as i64);
    if let Some(weight_max_g) = avatar.weight_max_g {
        review.range(at.field("weight_max_g"), weight_max_g, 1..=100_000_000);
    }
    review.range(at.field("sight_cm"), avatar.sight_cm, 500..=20_000);
    review.range(at.field("regeneration_per_s"), avatar.regeneration_per_s, 0..=1_000);
}

fn check_exits(at: Spot<'_>, exits: &ExitsDef, duration_ms: Option<u32>, review: &mut Review<'_>) {
    let is_count = review.in_range(at.field("count"), exits.count, 1..=32);
    review.range(at.field("radius_cm"), exits.radius_cm, 100..=5_000);
    let is_channel = review.in_range(at.field("channel_ms"), exits.channel_ms, 100..=60_000);
    if is_count {
        // Hours that no exit takes would look as if they meant something.
        review.count(at.field("open_ms"), exits.open_ms.len(), 1..=exits.count as usize);
    }
    let Some(duration_ms) = duration_ms.filter(|_| is_channel) else { return };
    for (index, (opens, closes)) in exits.open_ms.iter().enumerate() {
        let at = at.field("open_ms").nth(index);
        let last_ms = duration_ms.saturating_sub(exits.channel_ms);
        if review.in_range(at.nth(0).named("exit opens"), *opens, 0..=i64::from(last_ms)) {
            let first_ms = i64::from(*opens) + i64::from(exits.channel_ms);
            review.range(at.nth(1).named("exit closes"), *closes, first_ms..=i64::from(duration_ms));
        }
    }
}

fn check_rewards(at: Spot<'_>, rewards: &mut RewardsDef, review: &mut Review<'_>) {
    review.range(at.field("xp_per_player"), rewards.xp_per_player, 0..=100_000);
    review.range(at.field("xp_extracted"), rewards.xp_extracted, 0..=1_000_000);
    review.range(at.field("currency_extracted"), rewards.currency_extracted, 0..=1_000_000);
    review.range(at.field("xp_kept_on_death_percent"), rewards.xp_kept_on_death_percent, 0..=100);
    review.count(at.field("starter_items"), rewards.starter_items.len(), 0..=LOADOUT_ITEMS_MAX);
    review.links(at.field("starter_items"), &mut rewards.starter_items);
    review.range(at.field("starter_currency"), rewards.starter_currency, 0..=1_000_000);
}
