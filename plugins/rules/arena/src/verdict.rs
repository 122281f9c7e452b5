//! What a match shows and what it comes to, for its host.

use bevy_ecs::prelude::{With, Without, World};
use hypogeum_combat::Dead;
use hypogeum_npc::Npc;
use hypogeum_protocol::{ExitInfo, Grant, MatchPhase, NetId, Outcome, PoiInfo, Seat, StashedItem};
use hypogeum_shard::{MapBrief, Rules};
use hypogeum_space::{Obstacles, cm};

use crate::extraction::channel_ticks;
use crate::ranks::{Merit, Ranks};
use crate::state::{Game, Ground, HazardPlan, MatchClock, PlannedHazard, Scores};

/// Who is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Participants inside: neither dead nor out.
    pub players_alive: u32,
    /// Participants that got out.
    pub players_extracted: u32,
    /// NPCs alive now.
    pub npcs_alive: u32,
    /// NPCs that live there when nobody disturbs them: all guards, and every spawner at its cap.
    pub npcs_total: u32,
}

/// The avatar of a seat; `None` once it is gone or dead.
#[must_use]
pub fn avatar(world: &World, seat: Seat) -> Option<NetId> {
    let score = world.resource::<Scores>().0.get(usize::from(seat.0))?;
    let inside = score.outcome.is_none() || score.outcome == Some(Outcome::TimedOut);
    inside.then_some(score.avatar)
}

/// The name of a seat's avatar, also once it is gone or dead; `None` for a seat there is not.
#[must_use]
pub fn avatar_name(world: &World, seat: Seat) -> Option<NetId> {
    world.resource::<Scores>().0.get(usize::from(seat.0)).map(|score| score.avatar)
}

/// Whether the match is over: every seat has its verdict.
#[must_use]
pub fn is_over(world: &World) -> bool {
    world.resource::<MatchClock>().phase == MatchPhase::Over
}

/// Hash of the place and of who stands there before anyone comes: the same for the same seed, mode and content.
#[must_use]
pub fn layout_hash(world: &World) -> u64 {
    world.resource::<Ground>().layout_hash
}

/// The ground as clients are told.
#[must_use]
pub fn map_brief(world: &World) -> MapBrief {
    let (rules, ground) = (world.resource::<Rules>(), world.resource::<Ground>());
    let obstacles = world.resource::<Obstacles>();
    let mode = &rules.content.modes[world.resource::<Game>().mode];
    let kinds = &rules.content.maps[mode.map.id()].pois;
    let channel_ticks = channel_ticks(rules, *world.resource::<Game>());
    MapBrief {
        radius: cm(mode.avatar.radius_cm),
        side: ground.side,
        obstacles: obstacles.blocks().to_vec(),
        pois: ground
            .pois
            .iter()
            .map(|poi| PoiInfo {
                kind: kinds.get(usize::from(poi.kind)).map(|def| def.kind.clone()).unwrap_or_default(),
                x: poi.at.x,
                y: poi.at.y,
                radius: poi.radius,
            })
            .collect(),
        exits: ground
            .exits
            .iter()
            .map(|exit| ExitInfo {
                x: exit.at.x,
                y: exit.at.y,
                radius: exit.radius,
                opens_tick: exit.opens_tick,
                closes_tick: exit.closes_tick,
                channel_ticks,
            })
            .collect(),
    }
}

/// The hazards that are still to be shown, by the tick they are; clients are not told.
#[must_use]
pub fn hazards_to_come(world: &World) -> Vec<PlannedHazard> {
    world.resource::<HazardPlan>().0.clone()
}

/// Who is there now.
#[must_use]
pub fn counts(world: &mut World) -> Counts {
    let npcs_alive = world.query_filtered::<(), (With<Npc>, Without<Dead>)>().iter(world).count() as u32;
    let (players_alive, players_extracted) = Ranks::of(world, |ranks| ranks.inside_and_out());
    Counts { players_alive, players_extracted, npcs_alive, npcs_total: world.resource::<Ground>().npcs_planned }
}

/// How many seats are inside: neither dead nor out.
#[must_use]
pub fn seats_inside(world: &World) -> u32 {
    Ranks::of(world, Ranks::inside_and_out).0
}

/// What the match comes to for a seat, and how it went there; `None` while it is inside. Anyone who got out stands
/// before anyone who did not; then the worth of what was brought out, the time survived, kills and damage count, in
/// this order.
#[must_use]
pub fn grant(world: &World, seat: Seat) -> Option<Grant> {
    let scores = &world.resource::<Scores>().0;
    let score = scores.get(usize::from(seat.0))?;
    let outcome = score.outcome?;
    let rules = world.resource::<Rules>();
    let rewards = &rules.content.modes[world.resource::<Game>().mode].rewards;
    let out = outcome == Outcome::Extracted;
    let kept = u64::from(score.xp) * u64::from(rewards.xp_kept_on_death_percent) / 100;
    let better = Ranks::of(world, |ranks| ranks.better_than(&Merit::of(score, rules)));
    let stashed = |(id, def, state): &(_, _, _)| StashedItem {
        id: *id,
        template: rules.content.items.key(*def).to_owned(),
        state: *state,
    };
    Some(Grant {
        account: score.account,
        outcome,
        kills: score.kills,
        damage_dealt: score.damage_dealt,
        xp_gained: if out { score.xp.saturating_add(rewards.xp_extracted) } else { kept as u32 },
        currency_gained: if out { i64::from(rewards.currency_extracted) } else { 0 },
        placement: u16::try_from(better).unwrap_or(u16::MAX - 1) + 1,
        items_secured: score.secured.iter().map(stashed).collect(),
        items_changed: score.changed.clone(),
        character: None,
    })
}

#[cfg(test)]
mod tests {
    use hypogeum_npc::spawn_npc;
    use hypogeum_protocol::{ItemId, ItemState};

    use super::*;
    use crate::state::SeatScore;
    use crate::test_shard::{mode, quiet, shipped};

    #[test]
    fn the_dead_keep_a_share_of_their_experience_and_nothing_else() {
        let mut test = quiet("skirmish", 2);
        test.go_live();
        let by = test.avatar(0);
        test.hurt(by, 1, 100_000);
        test.step(&[]);
        test.hurt(NetId::NONE, 0, 100_000);
        test.step(&[]);
        let verdict = grant(test.shard.world(), Seat(0)).expect("it died");
        let rewards = mode("skirmish").rewards;
        let kept = rewards.xp_per_player * rewards.xp_kept_on_death_percent / 100;
        assert_eq!(
            (verdict.kills, verdict.xp_gained, verdict.currency_gained),
            (1, kept, 0),
            "a share of what it earned"
        );
        assert!(verdict.items_secured.is_empty(), "what it carried is lost");
        assert_eq!(verdict.placement, 1, "it outlived the other");
        assert_eq!(grant(test.shard.world(), Seat(1)).map(|other| other.placement), Some(2), "who is second");
    }

    #[test]
    fn out_comes_before_worth_before_time_survived_before_kills_before_damage() {
        let mut test = quiet("skirmish", 4);
        let content = shipped();
        let idol = content.items.id("golden_idol").expect("the idol ships");
        let coin = content.items.id("old_coin").expect("the coin ships");
        assert!(content.items[idol].value > content.items[coin].value, "an idol is worth more than a coin");
        let item = |serial, def| (ItemId { origin: 1, serial }, def, ItemState::default());
        let places = |test: &mut crate::test_shard::TestShard, scores: [SeatScore; 2]| -> [u16; 2] {
            test.shard.world_mut().insert_resource(Scores(Vec::from(scores).into()));
            [0, 1].map(|seat| grant(test.shard.world(), Seat(seat)).expect("it has ended").placement)
        };
        let base = SeatScore { outcome: Some(Outcome::Died), ended_tick: 100, ..test.score(0).clone() };
        let out = SeatScore { outcome: Some(Outcome::Extracted), secured: vec![item(0, coin)], ..base.clone() };
        let late = SeatScore { ended_tick: 900, kills: 9, ..base.clone() };
        assert_eq!(places(&mut test, [late.clone(), out.clone()]), [2, 1], "out comes first");
        let rich = SeatScore { secured: vec![item(1, idol)], ..out.clone() };
        let busy = SeatScore { kills: 9, ..out.clone() };
        assert_eq!(places(&mut test, [busy.clone(), rich]), [2, 1], "then what was brought out");
        let early = SeatScore { ended_tick: 50, ..out.clone() };
        assert_eq!(places(&mut test, [out.clone(), early]), [1, 1], "when one got out is all the same");
        assert_eq!(places(&mut test, [base.clone(), late]), [2, 1], "then how long one lived");
        assert_eq!(places(&mut test, [out.clone(), busy]), [2, 1], "then kills");
        let rough = SeatScore { damage_dealt: 1, ..out.clone() };
        assert_eq!(places(&mut test, [out, rough]), [2, 1], "then damage");
    }

    #[test]
    fn counts_tell_who_is_there() {
        let mut test = quiet("skirmish", 3);
        let before = counts(test.shard.world_mut());
        assert_eq!((before.players_alive, before.players_extracted, before.npcs_alive), (3, 0, 0), "all are inside");
        assert_eq!(before.npcs_total, 2, "two rats would live here");
        test.go_live();
        let (at, rat) = (test.middle(), shipped().npcs.id("rat").expect("the rat ships"));
        let _ = spawn_npc(test.shard.world_mut(), rat, at, 0);
        test.hurt(NetId::NONE, 0, 100_000);
        test.step(&[]);
        let after = counts(test.shard.world_mut());
        assert_eq!((after.players_alive, after.npcs_alive), (2, 1), "one died, a rat came");
        assert_eq!(avatar(test.shard.world(), Seat(0)), None, "the dead have no avatar");
        assert_eq!(avatar(test.shard.world(), Seat(9)), None, "nor have seats that are none");
        assert_eq!(grant(test.shard.world(), Seat(9)), None, "nor a verdict");
    }
}
