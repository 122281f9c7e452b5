//! A tournament in this process, without a server.

use std::sync::Arc;

use hypogeum_creature_messages::{
    BattleView, CreatureId, CreatureStats, EntrantSetup, GameId, TournamentCommand, TournamentRefusal, TournamentSetup,
    TournamentView,
};
use hypogeum_creatures::{Tournament, battle_log};
use hypogeum_protocol::{AccountId, Seat, codec};
use hypogeum_shard::{Command, CommandBody, Seed, Shard, ShardConfig, TurnBasedKind, build_shard};

use super::Rules;
use super::screen::Screen;

/// A tournament in which one creature is a person's.
pub(super) struct Table {
    shard: Shard,
    /// The battles that were begun: pairing and number.
    begun: Vec<(u16, u8)>,
}

impl Table {
    pub(super) fn new(
        rules: &Rules<'_>,
        (tournament, size, seed): (&str, u8, u64),
        (name, kind, stats): (&str, &str, CreatureStats),
    ) -> anyhow::Result<Self> {
        let own = EntrantSetup {
            creature: CreatureId(1),
            owner: AccountId(1),
            owner_name: "you".to_owned(),
            name: name.to_owned(),
            kind: kind.to_owned(),
            stats,
            points: 0,
        };
        let fill = Some(rules.level.to_owned());
        let setup = TournamentSetup {
            game: GameId(1),
            tournament: tournament.to_owned(),
            entrants: vec![own],
            size,
            fill,
            // Nobody is hurried here: this clock stands still.
            begins_unix_ms: 0,
        };
        let config = ShardConfig { seed: Seed::numbered(seed), tick_hz: 1, content: Arc::clone(rules.content) };
        let mut table = Self { shard: build_shard::<Tournament>(config, &setup)?, begun: Vec::new() };
        table.run();
        Ok(table)
    }

    /// Goes on as far as machines go alone.
    fn run(&mut self) {
        loop {
            self.step(0, Tournament::clock(0));
            if !Tournament::has_more(self.shard.world()) {
                break;
            }
        }
        for battle in self.view().battles {
            let named = (battle.pairing, battle.game);
            if !self.begun.contains(&named) {
                self.begun.push(named);
            }
        }
    }

    fn step(&mut self, number: u8, body: Vec<u8>) {
        let body = CommandBody::Custom { seq: 1, body: body.into() };
        self.shard.step(&[Command { seat: Seat(number.into()), body }]);
    }

    /// Says something for a creature.
    pub(super) fn tell(&mut self, number: u8, command: TournamentCommand) -> Result<(), TournamentRefusal> {
        self.step(number, command.encode());
        let answers = Tournament::answers(self.shard.world());
        let outcome =
            answers.first().map(|answered| codec::decode::<Result<(), TournamentRefusal>, 64>(&answered.outcome));
        self.run();
        outcome.and_then(Result::ok).unwrap_or(Err(TournamentRefusal::Over))
    }

    pub(super) fn view(&self) -> TournamentView {
        let bytes = Tournament::overview(self.shard.world());
        TournamentView::decode(&bytes).unwrap_or_else(|error| panic!("a tournament shows itself: {error}"))
    }

    /// The battle that somebody fights now.
    pub(super) fn battle_of(&self, number: u8) -> Option<BattleView> {
        let fights = |battle: &BattleView| battle.fighters.iter().any(|one| one.entrant == number);
        self.view().battles.into_iter().find(fights)
    }

    /// The log of somebody's last battle.
    pub(super) fn last_log(&self, number: u8) -> Option<String> {
        let view = self.view();
        let own = |(pairing, _): &&(u16, u8)| view.pairings[usize::from(*pairing)].sides.contains(&Some(number));
        let (pairing, game) = *self.begun.iter().rev().find(own)?;
        battle_log(self.shard.world(), pairing, game)
    }

    /// Shows how a battle went on that is over with this turn: no screen of it comes any more.
    pub(super) fn show_end(&self, number: u8, (pairing, game): (u16, u8), screen: Screen<'_>) {
        if self.battle_of(number).is_some_and(|battle| (battle.pairing, battle.game) == (pairing, game)) {
            return;
        }
        let view = self.view();
        let name =
            |side: Option<u8>| view.entrants.iter().find(|one| Some(one.number) == side).map(|one| one.name.as_str());
        let names = view.pairings[usize::from(pairing)].sides.map(|side| name(side).unwrap_or_default());
        if let Some(log) = battle_log(self.shard.world(), pairing, game) {
            screen.last_turn(&log, names);
        }
    }
}
