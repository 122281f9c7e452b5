//! Who did what to whom, and what is left of those who died.

use bevy_ecs::message::{MessageReader, MessageWriter};
use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut, With};
use hypogeum_combat::{DamageDealt, Dead, Died};
use hypogeum_content::def::KillRule;
use hypogeum_items::DropAllRequest;
use hypogeum_npc::Npc;
use hypogeum_protocol::{NetId, Outcome};
use hypogeum_shard::{NetIdIndex, Rules, Tick};

use crate::state::{Game, Scores, Seated};
use crate::teams::Teams;

/// Counts damage and kills, pays experience, and ends the match for participants who died: what they carried stays
/// where they fell, in a container anyone may loot.
pub(crate) fn score(
    tick: Res<Tick>,
    rules: Res<Rules>,
    (game, teams): (Res<Game>, Res<Teams>),
    directory: Res<NetIdIndex>,
    mut scores: ResMut<Scores>,
    mut dealt: MessageReader<DamageDealt>,
    mut deaths: MessageReader<Died>,
    mut drop_requests: MessageWriter<DropAllRequest>,
    npcs: Query<&Npc>,
) {
    for damage in dealt.read().filter(|damage| damage.source != damage.target) {
        if let Some(score) = scores.earner(damage.source, tick.0) {
            score.damage_dealt = score.damage_dealt.saturating_add(damage.amount);
        }
    }
    let mode = &rules.content.modes[game.mode];
    let (rewards, shares) = (&mode.rewards, mode.teams.is_some_and(|rule| rule.kills == KillRule::Shared));
    for death in deaths.read() {
        let victim = scores.seat_of(death.who);
        if let Some(score) = victim.and_then(|seat| scores.0.row_mut(seat)) {
            assert!(score.ended_tick <= tick.0, "no verdict stands before its tick");
            if score.outcome.is_none() {
                score.outcome = Some(Outcome::Died);
                score.ended_tick = tick.0;
            }
            drop_requests.write(DropAllRequest { holder: death.who, keeps_worn: false, keeps_bound: false });
        }
        let npc = directory.entity(death.who).and_then(|entity| npcs.get(entity).ok());
        let worth = match npc.and_then(|npc| rules.content.npcs.find(npc.def)) {
            Some(def) => def.xp,
            None if victim.is_some() => rewards.xp_per_player,
            None => 0,
        };
        let killer = scores.seat_of(death.by);
        let is_mate = killer.zip(victim).is_some_and(|(killer, victim)| teams.are_mates(killer, victim));
        if death.by == death.who || is_mate {
            continue;
        }
        if let Some(killer) = scores.earner(death.by, tick.0) {
            killer.kills = killer.kills.saturating_add(1);
            pay(&mut scores, (death.by, tick.0), worth, shares.then_some(&*teams));
        }
    }
}

/// Pays the experience of a kill: to who killed, or in equal parts to all of its team who are inside, and what is left over to
/// who killed.
fn pay(scores: &mut Scores, (killer, tick): (NetId, u32), worth: u32, teams: Option<&Teams>) {
    let seat = scores.seat_of(killer);
    let mates: Vec<NetId> = match (seat, teams) {
        (Some(seat), Some(teams)) => {
            let others =
                scores.0.iter().enumerate().filter(|(other, score)| {
                    *other != seat && score.outcome.is_none() && teams.are_mates(seat, *other)
                });
            others.map(|(_, score)| score.avatar).collect()
        }
        _ => Vec::new(),
    };
    let part = worth / u32::try_from(mates.len() + 1).unwrap_or(u32::MAX);
    let rest = worth - part * u32::try_from(mates.len()).unwrap_or(0);
    for (who, xp) in mates.into_iter().map(|mate| (mate, part)).chain([(killer, rest)]) {
        if let Some(score) = scores.earner(who, tick) {
            score.xp = score.xp.saturating_add(xp);
        }
    }
}

/// The avatars of those who died a tick ago vanish; everyone has been told, and their things lie there.
pub(crate) fn despawn_fallen(tick: Res<Tick>, fallen: Query<(Entity, &Dead), With<Seated>>, mut commands: Commands) {
    for (entity, dead) in &fallen {
        if dead.tick < tick.0 {
            commands.entity(entity).despawn();
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_combat::{AbilityIntent, Effect, EffectRequest, Projectile};
    use hypogeum_items::{Container, Item, Place, carried};
    use hypogeum_npc::spawn_npc;
    use hypogeum_protocol::ItemId;
    use hypogeum_shard::{CommandBody, NetIdOf};
    use hypogeum_space::{Heading, METRE, Position};

    use super::*;
    use crate::test_shard::{TestShard, mode, quiet, shipped};

    fn live(seats: u64) -> TestShard {
        let mut test = quiet("skirmish", seats);
        test.go_live();
        test
    }

    /// What lies in the containers at a place.
    fn left_at(test: &mut TestShard, at: Position) -> Vec<ItemId> {
        let world = test.shard.world_mut();
        let mut containers = world.query::<(&NetIdOf, &Container, &Position)>();
        let there: Vec<NetId> = containers.iter(world).filter(|row| *row.2 == at).map(|(named, ..)| named.0).collect();
        let mut lies: Vec<ItemId> =
            there.iter().flat_map(|name| carried(world, *name)).map(|carried| carried.item.id).collect();
        lies.sort_unstable();
        lies
    }

    #[test]
    fn the_dead_leave_what_they_had_and_their_killer_has_the_credit() {
        let mut test = live(3);
        let (victim, killer) = (test.avatar(0), test.avatar(1));
        let at: Position = test.of(0);
        let mut had: Vec<ItemId> = carried(test.shard.world(), victim).iter().map(|held| held.item.id).collect();
        had.sort_unstable();
        let hp = test.hp(0);
        test.hurt(killer, 0, 100_000);
        test.step(&[]);
        assert_eq!(test.score(0).outcome, Some(Outcome::Died), "it died");
        assert_eq!(left_at(&mut test, at), had, "all it had lies there in one container");
        let score = test.score(1);
        let worth = mode("skirmish").rewards.xp_per_player;
        assert_eq!((score.kills, score.xp, score.damage_dealt), (1, worth, hp), "the killer is paid as the mode says");
        assert!(test.has::<Dead>(0), "for a tick the dead are shown");
        let ended = test.score(0).ended_tick;
        for _ in 0..5 {
            test.hurt(killer, 0, 100_000);
            test.step(&[(0, CommandBody::Leave)]);
        }
        assert!(!test.is_there(0), "then they are gone");
        assert_eq!((test.score(0).ended_tick, test.score(1).kills), (ended, 1), "nobody dies twice");
        assert_eq!(left_at(&mut test, at), had, "and what they had still lies there");
    }

    #[test]
    fn who_gives_up_dies_by_nobodys_hand() {
        let mut test = live(2);
        let (by, at) = (test.avatar(1), test.of::<Position>(0));
        test.hurt(by, 0, 1);
        test.step(&[]);
        test.step(&[(0, CommandBody::Leave)]);
        assert_eq!(test.score(0).outcome, Some(Outcome::Died), "giving up is dying");
        assert_eq!(test.score(1).kills, 0, "nobody killed it");
        assert_eq!(left_at(&mut test, at).len(), 3, "what it had lies there");
    }

    #[test]
    fn an_npc_is_worth_what_it_is_worth() {
        let mut test = live(2);
        let content = shipped();
        let wolf = content.npcs.id("wolf").expect("the wolf ships");
        let at = test.middle();
        let name = spawn_npc(test.shard.world_mut(), wolf, at, 0).expect("the wolf comes");
        let source = test.avatar(0);
        let harm = hypogeum_combat::HarmRequest { source, target: name, amount: 100_000 };
        test.shard.world_mut().write_message(harm);
        test.step(&[]);
        assert_eq!((test.score(0).kills, test.score(0).xp), (1, content.npcs[wolf].xp), "as its definition says");
    }

    #[test]
    fn two_who_fell_each_other_both_have_their_due() {
        let mut test = live(3);
        let (one, other) = (test.avatar(0), test.avatar(1));
        test.hurt(one, 1, 100_000);
        test.hurt(other, 0, 100_000);
        test.step(&[]);
        for seat in [0, 1] {
            let score = test.score(seat);
            assert_eq!((score.outcome, score.kills), (Some(Outcome::Died), 1), "seat {seat}");
        }
    }

    #[test]
    fn what_the_gone_left_behind_hurts_and_credits_nobody() {
        let mut test = live(3);
        let content = shipped();
        let at = test.middle();
        test.set(0, Position { x: at.x - 5 * METRE, y: at.y });
        test.set(1, at);
        test.set(0, Heading(0));
        test.set(0, AbilityIntent(2));
        let shots = |test: &mut TestShard| test.count::<Projectile>();
        for _ in 0..30 {
            test.step(&[]);
            if shots(&mut test) > 0 {
                break;
            }
        }
        assert_eq!(shots(&mut test), 1, "a knife is in the air");
        let (source, target) = (test.avatar(0), test.avatar(1));
        let effect = content.effects.id("poison").expect("poison ships");
        test.shard.world_mut().write_message(EffectRequest { source, target, effect });
        test.step(&[(0, CommandBody::Leave)]);
        let earned = test.score(0).clone();
        assert_eq!(earned.outcome, Some(Outcome::Died), "the thrower is dead");
        let hp = test.hp(1);
        test.steps(60);
        assert!(test.hp(1) < hp, "its poison works on");
        test.set(1, hypogeum_combat::Health { hp: 1, hp_max: 100 });
        test.steps(60);
        assert_eq!(test.score(1).outcome, Some(Outcome::Died), "and kills");
        assert_eq!(*test.score(0), earned, "the dead earn nothing: a verdict stands");
        assert_eq!((shots(&mut test), test.count::<Effect>()), (0, 0), "nothing lingers");
    }

    #[test]
    fn everything_has_one_place_whoever_dies() {
        let mut test = live(4);
        let before = test.count::<Item>();
        for seat in 0..3 {
            test.hurt(NetId::NONE, seat, 100_000);
            test.step(&[]);
        }
        assert_eq!(test.count::<Item>(), before, "no item is lost or doubled");
        assert_eq!(test.count::<Place>(), before, "each has one place");
    }
}
