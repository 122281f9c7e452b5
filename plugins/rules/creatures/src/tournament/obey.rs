//! What people want done.

use bevy_ecs::prelude::{Commands, Entity, Query, Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_brackets::BracketError;
use hypogeum_creature_messages::{BattleEnd, BattleMove, CreatureStats, TournamentCommand, TournamentRefusal};
use hypogeum_shard::{CommandBody, Inbox, KindOutbox, Rules};

use super::clock::definitions;
use super::news;
use super::state::{
    Answers, Draw, Duel, Entrant, Fought, FoughtBattle, GIVEN_BY_MAX, Preparation, Time, TournamentRef,
};
use crate::battle::{MoveError, PointsError, grow};

/// What commands change.
#[derive(SystemParam)]
pub(super) struct Obeying<'w, 's> {
    rules: Res<'w, Rules>,
    which: Res<'w, TournamentRef>,
    time: ResMut<'w, Time>,
    draw: ResMut<'w, Draw>,
    fought: ResMut<'w, Fought>,
    entrants: Query<'w, 's, &'static mut Entrant>,
    duels: Query<'w, 's, (Entity, &'static mut Duel)>,
    outbox: ResMut<'w, KindOutbox>,
    commands: Commands<'w, 's>,
}

/// Obeys what was commanded, one after the other. What cannot be done changes nothing.
pub(super) fn obey(inbox: Res<Inbox>, mut obeying: Obeying, mut answers: ResMut<Answers>) {
    answers.0.clear();
    for command in &inbox.0 {
        let CommandBody::Custom { seq, body } = &command.body else { continue };
        let Ok(wanted) = TournamentCommand::decode(body) else { continue };
        match wanted {
            // A clock that was set back changes nothing until it has caught up.
            TournamentCommand::Clock { unix_ms } if unix_ms > obeying.time.now_ms => obeying.time.now_ms = unix_ms,
            TournamentCommand::Resume { unix_ms } => obeying.resume(unix_ms),
            _ => {}
        }
        if matches!(wanted, TournamentCommand::Clock { .. } | TournamentCommand::Resume { .. }) {
            continue;
        }
        let number = u8::try_from(command.seat.0).unwrap_or(u8::MAX);
        answers.0.push((command.seat, *seq, obeying.command(number, wanted)));
    }
}

impl Obeying<'_, '_> {
    fn command(&mut self, number: u8, wanted: TournamentCommand) -> Result<(), TournamentRefusal> {
        if !self.entrants.iter().any(|entrant| entrant.number == number) {
            return Err(TournamentRefusal::NoSuchEntrant);
        }
        match wanted {
            TournamentCommand::Move { pairing, game, turn, what } => self.choose(number, (pairing, game, turn), what),
            TournamentCommand::Allocate { points } => self.allocate(number, points),
            TournamentCommand::AllocateOnce { points, key } => self.allocate_once(number, points, key),
            TournamentCommand::Ready => self.ready(number),
            TournamentCommand::Withdraw => self.withdraw(number),
            TournamentCommand::Clock { .. } | TournamentCommand::Resume { .. } => Ok(()),
        }
    }

    /// Everyone has as much time left as before, from now on.
    fn resume(&mut self, unix_ms: u64) {
        let Some(away_ms) = unix_ms.checked_sub(self.time.now_ms).filter(|away_ms| *away_ms > 0) else { return };
        self.time.now_ms = unix_ms;
        for (_, mut duel) in &mut self.duels {
            duel.since_ms = duel.since_ms.saturating_add(away_ms);
        }
        for mut entrant in &mut self.entrants {
            let later = |until_ms: u64| until_ms.saturating_add(away_ms);
            let preparation = match entrant.preparation {
                Preparation::Points { until_ms } => Preparation::Points { until_ms: until_ms.map(later) },
                Preparation::Called { until_ms } => Preparation::Called { until_ms: later(until_ms) },
                other => other,
            };
            if preparation != entrant.preparation {
                entrant.preparation = preparation;
            }
        }
    }

    fn choose(
        &mut self,
        number: u8,
        (pairing, game, turn): (u16, u8, u32),
        what: BattleMove,
    ) -> Result<(), TournamentRefusal> {
        let is_meant = |duel: &Duel| (duel.pairing.0, duel.game) == (pairing, game);
        let mut found = self.duels.iter_mut().filter(|(_, duel)| is_meant(duel));
        let (_, mut duel) = found.next().ok_or(TournamentRefusal::NotInBattle)?;
        let side = duel.side_of(number).ok_or(TournamentRefusal::NotInBattle)?;
        let next = duel.battle.turns() + 1;
        if turn != next {
            return Err(TournamentRefusal::OtherTurn { turn: next });
        }
        if duel.chosen[side.index()].is_some() {
            return Err(TournamentRefusal::AlreadyChosen);
        }
        duel.battle.check(side, what).map_err(|error| match error {
            MoveError::Over => TournamentRefusal::NotInBattle,
            MoveError::UsedUp { .. } => TournamentRefusal::UsedUp,
        })?;
        let clock = definitions(&self.which, &self.rules).and_then(|(def, _)| def.clock);
        duel.choose(side, what, self.time.now_ms, clock);
        news::chosen(&mut self.outbox, &duel, number);
        Ok(())
    }

    fn allocate(&mut self, number: u8, points: CreatureStats) -> Result<(), TournamentRefusal> {
        if self.duels.iter().any(|(_, duel)| duel.side_of(number).is_some()) {
            return Err(TournamentRefusal::InBattle);
        }
        let (_, battle) = definitions(&self.which, &self.rules).ok_or(TournamentRefusal::Over)?;
        let entrant = self.entrants.iter_mut().find(|entrant| entrant.number == number);
        let mut entrant = entrant.ok_or(TournamentRefusal::NoSuchEntrant)?;
        let left = u64::from(entrant.points).checked_sub(points.sum());
        let left = left.and_then(|left| u32::try_from(left).ok());
        let left = left.ok_or(TournamentRefusal::TooManyPoints { left: entrant.points })?;
        let stats = grow(battle, entrant.stats, points).map_err(|error| match error {
            PointsError::TooHigh { most, .. } => TournamentRefusal::TooHigh { most },
            PointsError::TooMany { left, .. } => TournamentRefusal::TooManyPoints { left },
        })?;
        (entrant.stats, entrant.points) = (stats, left);
        if let Preparation::Points { .. } = entrant.preparation {
            entrant.preparation = Preparation::Prepared;
        }
        Ok(())
    }

    /// Gives points unless the same command has given them before.
    fn allocate_once(&mut self, number: u8, points: CreatureStats, key: u64) -> Result<(), TournamentRefusal> {
        if self.entrants.iter().any(|entrant| entrant.number == number && entrant.given_by.contains(&key)) {
            return Ok(());
        }
        self.allocate(number, points)?;
        if let Some(mut entrant) = self.entrants.iter_mut().find(|entrant| entrant.number == number) {
            if entrant.given_by.len() >= GIVEN_BY_MAX {
                entrant.given_by.remove(0);
            }
            entrant.given_by.push(key);
        }
        Ok(())
    }

    fn ready(&mut self, number: u8) -> Result<(), TournamentRefusal> {
        let entrant = self.entrants.iter_mut().find(|entrant| entrant.number == number);
        let mut entrant = entrant.ok_or(TournamentRefusal::NoSuchEntrant)?;
        match entrant.preparation {
            Preparation::Called { .. } => {
                entrant.preparation = Preparation::Ready;
                Ok(())
            }
            Preparation::Ready => Ok(()),
            Preparation::Prepared | Preparation::Points { .. } => Err(TournamentRefusal::NotAsked),
        }
    }

    fn withdraw(&mut self, number: u8) -> Result<(), TournamentRefusal> {
        let bracket = self.draw.0.as_mut().ok_or(TournamentRefusal::Over)?;
        bracket.withdraw(hypogeum_brackets::Entrant(number)).map_err(|error| match error {
            BracketError::Over => TournamentRefusal::Over,
            _ => TournamentRefusal::Gone,
        })?;
        // The bracket has given its battle to the other.
        for (entity, mut duel) in &mut self.duels {
            if let Some(side) = duel.side_of(number) {
                duel.record.forfeit = Some(side);
                let names = news::names(&duel, self.entrants.iter());
                news::ended(&mut self.outbox, &duel, (side.other(), BattleEnd::Forfeit), names);
                let Duel { pairing, game, entrants, ref record, .. } = *duel;
                self.fought.0.push(FoughtBattle { pairing, game, entrants, record: record.clone() });
                self.commands.entity(entity).despawn();
            }
        }
        Ok(())
    }
}
