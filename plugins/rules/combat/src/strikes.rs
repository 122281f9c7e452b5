//! Ability intents become casts, casts become blows and shots.

use bevy_ecs::message::MessageWriter;
use bevy_ecs::prelude::{Commands, Entity, Has, Local, Query, Res, ResMut, With, Without};
use bevy_ecs::query::QueryData;
use hypogeum_content::Id;
use hypogeum_content::def::{AbilityDef, AbilityShape};
use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, InTurn, NetIdIndex, NetIdOf, NetIds, Outbox, Purpose, Rules, Tick};
use hypogeum_space::turn::distance;
use hypogeum_space::{Body, Grid, Heading, Neighbour, Obstacles, Position, cm};

use crate::aim;
use crate::fighter::{reach, ready};
use crate::harm::{Blow, BlowKind, Blows, CombatDisabled};
use crate::hits::{Verdict, roll};
use crate::{
    ABILITY_SLOTS, AbilityIntent, AbilitySlots, Aid, CastBegan, Casting, Cause, Cooldowns, Dead, DerivedStats, Dispel,
    DispelRequest, Downed, EffectRequest, Health, Mana, Projectile, Sheltered, Side,
};

const STRIKE: Purpose = Purpose::named("strike");

/// Those who can be struck, as they stand at the start of the stage.
pub(crate) type Targets<'w, 's> =
    Query<'w, 's, (&'static Side, &'static DerivedStats, Has<Sheltered>), (With<Health>, Without<Dead>)>;

/// An attack on its way to those it reaches: who strikes, with what, and how well.
pub(crate) struct Attack<'a> {
    pub(crate) source: NetId,
    pub(crate) side: Side,
    pub(crate) stats: &'a DerivedStats,
    pub(crate) id: Id<AbilityDef>,
    pub(crate) ability: &'a AbilityDef,
}

impl Attack<'_> {
    /// Whether it could hurt that one.
    pub(crate) fn concerns(&self, one: &Neighbour, targets: &Targets) -> bool {
        one.id != self.source && targets.get(one.entity).is_ok_and(|(side, ..)| !self.side.spares(*side))
    }

    /// Rolls the blow against one target.
    pub(crate) fn blow(&self, target: NetId, defender: &DerivedStats, dice: &mut hypogeum_shard::Dice) -> Blow {
        let kind = match roll(self.ability, self.stats, defender, dice) {
            Verdict::Dodged => BlowKind::Dodged,
            Verdict::Hit { amount, critical } => {
                let effect = self.ability.effect.as_ref().map(|link| link.id());
                let dispels = (!self.ability.dispels.is_empty()).then_some(self.id);
                BlowKind::Hit { amount, critical, effect, dispels }
            }
        };
        Blow { source: self.source, target, cause: Cause::Ability(self.id), kind }
    }
}

/// All that striking reads and writes of a fighter.
#[derive(QueryData)]
#[query_data(mutable)]
pub(crate) struct Striker {
    entity: Entity,
    named: &'static NetIdOf,
    at: &'static Position,
    heading: &'static Heading,
    body: &'static Body,
    side: &'static Side,
    stats: &'static DerivedStats,
    slots: &'static AbilitySlots,
    cooldowns: &'static mut Cooldowns,
    mana: &'static mut Mana,
    intent: &'static mut AbilityIntent,
    casting: &'static mut Casting,
    aid: Option<&'static Aid>,
    is_dead: Has<Dead>,
    is_downed: Has<Downed>,
}

impl StrikerItem<'_, '_> {
    /// Takes the intent back and, where the slot it names is ready, begins to cast: that costs mana and cools down. Returns
    /// the cast where it takes its time.
    #[inline]
    fn begin_cast(&mut self, rules: &Rules, tick: Tick) -> Option<CastBegan> {
        let wanted = self.intent.0;
        if wanted == 0 {
            return None;
        }
        self.intent.0 = 0;
        let index = usize::from(wanted).checked_sub(1)?;
        if self.is_dead
            || self.is_downed
            || !ready(rules, tick.0, index, self.slots, &self.cooldowns, &self.mana, &self.casting)
        {
            return None;
        }
        let (id, ability) = ability_in(rules, self.slots, index)?;
        self.cooldowns.0[index] = tick.0.saturating_add(rules.ticks(ability.cooldown_ms));
        if ability.mana > 0 {
            self.mana.mp -= ability.mana;
        }
        let ticks = rules.ticks(ability.cast_ms);
        *self.casting = Casting { slot: index as u8, done_tick: tick.0.saturating_add(ticks) };
        (ticks > 0).then_some(CastBegan { who: self.named.0, ability: id, ticks })
    }

    /// Those who see it.
    fn near(&self) -> Audience {
        Audience::Near { x: self.at.x, y: self.at.y }
    }

    /// The ability whose cast is over by now; nothing is cast any more then. The dead and the downed never get there.
    #[inline]
    fn end_cast<'r>(&mut self, rules: &'r Rules, tick: Tick) -> Option<(Id<AbilityDef>, &'r AbilityDef)> {
        if self.is_dead || self.is_downed || self.casting.slot == Casting::NOTHING || self.casting.done_tick > tick.0 {
            return None;
        }
        let slot = usize::from(self.casting.slot);
        assert!(slot < ABILITY_SLOTS, "only what is in a slot is cast");
        *self.casting = Casting::default();
        // The slot may hold another weapon by now, or none: then that one strikes, or nothing does.
        ability_in(rules, self.slots, slot)
    }

    /// Looks along its heading for those that an ability reaches. A shot reaches nobody yet: see [`Self::shot`].
    #[inline]
    fn aim(
        &self,
        attack: &Attack,
        (grid, obstacles): (&Grid, &Obstacles),
        targets: &Targets,
        reached: &mut Vec<Neighbour>,
    ) {
        let attacker = Neighbour { id: self.named.0, entity: self.entity, at: *self.at, radius: self.body.radius };
        let heading = self.heading.0;
        reached.clear();
        match attack.ability.shape {
            AbilityShape::Melee { range_cm, arc_deg } => {
                aim::in_arc(grid, obstacles, &attacker, heading, cm(range_cm), arc_deg, reached);
            }
            AbilityShape::Area { radius_cm } => {
                aim::in_arc(grid, obstacles, &attacker, heading, cm(radius_cm), 360, reached);
            }
            AbilityShape::Hitscan { range_cm } => {
                let stands = |one: &Neighbour| attack.concerns(one, targets);
                reached.extend(aim::on_ray(grid, obstacles, &attacker, heading, cm(range_cm), stands));
            }
            AbilityShape::Projectile { .. } => {}
        }
    }

    /// Whether somebody it helps stands within reach of an ability and in sight. It always reaches itself.
    fn reaches_friend(
        &self,
        friend: NetId,
        ability: &AbilityDef,
        obstacles: &Obstacles,
        bodies: &Bodies,
        directory: &NetIdIndex,
    ) -> bool {
        if friend == self.named.0 {
            return true;
        }
        let there = directory.entity(friend).and_then(|friend| bodies.get(friend).ok());
        there.is_some_and(|(there, body)| {
            let between = distance(*self.at, *there).saturating_sub(self.body.radius).saturating_sub(body.radius);
            between <= reach(ability.shape) && obstacles.sight(*self.at, *there)
        })
    }

    /// Does a friend the good that an ability does.
    fn help(&self, friend: NetId, (id, ability): (Id<AbilityDef>, &AbilityDef), (effects, dispels): &mut Helps) {
        let (source, target) = (self.named.0, friend);
        if let Some(effect) = &ability.effect {
            effects.write(EffectRequest { source, target, effect: effect.id() });
        }
        if !ability.dispels.is_empty() {
            dispels.write(DispelRequest { source, target, what: Dispel::ByAbility(id) });
        }
    }

    /// The projectile that an ability shoots, if it is one that does.
    fn shot(&self, rules: &Rules, id: Id<AbilityDef>, ability: &AbilityDef) -> Option<Projectile> {
        let AbilityShape::Projectile { range_cm, speed_cm_per_s, .. } = ability.shape else { return None };
        Some(Projectile {
            ability: id,
            source: self.named.0,
            speed: rules.speed(speed_cm_per_s).max(1),
            range_left: cm(range_cm).saturating_add(self.body.radius),
        })
    }
}

/// What is asked for those who are helped.
type Helps<'w> = (MessageWriter<'w, EffectRequest>, MessageWriter<'w, DispelRequest>);

/// Where those who can be helped stand.
type Bodies<'w, 's> = Query<'w, 's, (&'static Position, &'static Body), (With<Health>, Without<Dead>)>;

/// What is told of those who act: to clients, and to the other rules.
type Tidings<'w> = (ResMut<'w, Outbox>, MessageWriter<'w, CastBegan>);

/// Everyone with an intent or a finished cast acts, as their turns come: of two last blows, chance decides whose it was.
/// What it comes to is only collected here. That a cast begins is told at once; that it is over is not: it has its time, and
/// nothing but death breaks it, which is told by itself. Nor are attacks of which damage and dodges tell.
pub(crate) fn strike(
    rules: Res<Rules>,
    tick: Res<Tick>,
    (grid, obstacles, directory): (Res<Grid>, Res<Obstacles>, Res<NetIdIndex>),
    combat_disabled: Res<CombatDisabled>,
    mut blows: ResMut<Blows>,
    mut helps: Helps,
    (mut outbox, mut casts): Tidings,
    mut ids: ResMut<NetIds>,
    mut commands: Commands,
    mut fighters: Query<Striker>,
    (targets, bodies): (Targets, Bodies),
    mut turns: InTurn,
    mut reached: Local<Vec<Neighbour>>,
) {
    let pending = fighters.iter().filter_map(|one| {
        (one.intent.0 != 0 || one.casting.slot != Casting::NOTHING).then_some((one.named.0, one.entity))
    });
    for entity in turns.of(pending) {
        let Ok(mut striker) = fighters.get_mut(entity) else { continue };
        if let Some(cast) = striker.begin_cast(&rules, *tick) {
            outbox.tell(striker.near(), cast.event());
            casts.write(cast);
        }
        let ended = striker.end_cast(&rules, *tick);
        let aid = striker.aid.copied();
        if aid.is_some() && striker.casting.slot == Casting::NOTHING {
            commands.entity(entity).remove::<Aid>();
        }
        let Some((id, ability)) = ended else { continue };
        if let Some(Aid(friend)) = aid {
            if striker.reaches_friend(friend, ability, &obstacles, &bodies, &directory) {
                striker.help(friend, (id, ability), &mut helps);
            }
            continue;
        }
        let StrikerItem { named, at, heading, side, stats, .. } = striker;
        if let Some(shot) = striker.shot(&rules, id, ability) {
            commands.spawn((ids.allocate(), shot, *at, *heading, *side, *stats));
            continue;
        }
        let attack = Attack { source: named.0, side: *side, stats, id, ability };
        striker.aim(&attack, (&grid, &obstacles), &targets, &mut reached);
        let mut dice = rules.dice(*tick, named.0, STRIKE);
        let mut is_told = false;
        for one in reached.iter().filter(|one| attack.concerns(one, &targets)) {
            if let Ok((_, defender, is_sheltered)) = targets.get(one.entity) {
                let blow = attack.blow(one.id, defender, &mut dice);
                is_told |= blow.is_told(combat_disabled.0 || is_sheltered);
                blows.0.push(blow);
            }
        }
        if !is_told {
            let swung = GameEvent::Swung { who: named.0, ability: id.index(), heading: heading.coarse() };
            outbox.tell(striker.near(), swung);
        }
    }
}

/// Shots fly on, as their turns come, and strike the first body they touch; obstacles and the end of their reach
/// stop them. A shot keeps the side and stats its shooter had.
pub(crate) fn fly(
    rules: Res<Rules>,
    tick: Res<Tick>,
    grid: Res<Grid>,
    obstacles: Res<Obstacles>,
    mut blows: ResMut<Blows>,
    mut commands: Commands,
    mut shots: Query<(Entity, &NetIdOf, &mut Projectile, &mut Position, &Heading, &Side, &DerivedStats)>,
    targets: Targets,
    mut turns: InTurn,
) {
    for entity in turns.of(shots.iter().map(|shot| (shot.1.0, shot.0))) {
        let Ok((entity, named, mut shot, mut position, heading, side, stats)) = shots.get_mut(entity) else {
            continue;
        };
        let Some(ability) = rules.content.abilities.find(shot.ability) else {
            commands.entity(entity).despawn();
            continue;
        };
        let width = match ability.shape {
            AbilityShape::Projectile { radius_cm, .. } => cm(radius_cm),
            AbilityShape::Melee { .. } | AbilityShape::Hitscan { .. } | AbilityShape::Area { .. } => 0,
        };
        let attack = Attack { source: shot.source, side: *side, stats, id: shot.ability, ability };
        let wanted = shot.speed.min(shot.range_left);
        let open = obstacles.ray(*position, heading.0, wanted);
        let end = hypogeum_space::beyond(*position, heading.0, open);
        let struck = aim::first_on_line(&grid, *position, end, width, |one| attack.concerns(one, &targets));
        if let Some((_, one)) = struck
            && let Ok((_, defender, _)) = targets.get(one.entity)
        {
            let mut dice = rules.dice(*tick, named.0, STRIKE);
            blows.0.push(attack.blow(one.id, defender, &mut dice));
        }
        let off_map = end.x < 0 || end.y < 0 || end.x > obstacles.side() || end.y > obstacles.side();
        if struck.is_some() || open < wanted || shot.range_left <= shot.speed || off_map {
            commands.entity(entity).despawn();
        } else {
            shot.range_left -= shot.speed;
            assert!(shot.range_left > 0, "a shot that flies on has a way before it");
            *position = end;
        }
    }
}

fn ability_in<'r>(rules: &'r Rules, slots: &AbilitySlots, index: usize) -> Option<(Id<AbilityDef>, &'r AbilityDef)> {
    let id = slots.0.get(index).copied().flatten()?;
    Some((id, rules.content.abilities.find(id)?))
}
