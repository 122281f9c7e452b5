//! The tournament as a kind of shard: what one is made from, and what its host asks of its world.

use bevy_ecs::prelude::World;
use hypogeum_brackets::Bracket;
use hypogeum_content::{Content, ContentPack};
use hypogeum_creature_messages::{TOURNAMENT_COMMAND_BYTES_MAX, TournamentCommand, TournamentSetup};
use hypogeum_locale::{LocaleFile, LocaleId, Locales};
use hypogeum_protocol::codec;
use hypogeum_shard::{Answered, SetupError, Shard, ShardBrief, ShardConfig, ShardKind, Stepping, TurnBasedKind};

use super::results::results;
use super::setup::{definition, populate, read};
use super::state::{Answers, Draw, Duel, Entrant, Preparation};
use super::{TournamentPlugin, clock, fight, news, view};
use crate::words::MESSAGES;

/// The kind of shard that is a tournament of creatures: from the first battle to the champion. A duel is one of two.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tournament;

impl ShardKind for Tournament {
    const NAME: &'static str = "tournament";
    const STEPPING: Stepping = Stepping::OnCommand;
    const COMMAND_BYTES_MAX: usize = TOURNAMENT_COMMAND_BYTES_MAX;
    const MESSAGES: &'static [LocaleFile] = MESSAGES;
    type Setup = TournamentSetup;

    fn build(config: ShardConfig, setup: &TournamentSetup) -> Result<Shard, SetupError> {
        let content = config.content.clone();
        read(setup, &content)?;
        let mut populated = Ok(());
        let shard = Shard::new(config, |app| {
            app.add_plugins(TournamentPlugin);
            populated = populate(app.world_mut(), setup, &content);
        });
        populated.map(|()| shard)
    }

    fn content(setup: &TournamentSetup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_tournament(definition(content, &setup.tournament)?))
    }

    /// Nobody sits in it: people give their commands through the service that runs tournaments, connected or not.
    fn brief(setup: &TournamentSetup) -> ShardBrief {
        ShardBrief { title: setup.tournament.clone(), seats: Vec::new() }
    }

    fn in_words(body: &[u8], locales: &Locales, locale: LocaleId) -> Option<Vec<u8>> {
        news::in_words(body, locales, locale)
    }
}

impl TurnBasedKind for Tournament {
    fn clock(unix_ms: u64) -> Vec<u8> {
        TournamentCommand::Clock { unix_ms }.encode()
    }

    fn resume(unix_ms: u64) -> Vec<u8> {
        TournamentCommand::Resume { unix_ms }.encode()
    }

    fn has_more(world: &World) -> bool {
        let mut entrants = Vec::new();
        view::each::<Entrant>(world, |entrant| entrants.push(entrant));
        let entrants = fight::numbered(entrants.into_iter());
        let mut has_more = false;
        view::each::<Duel>(world, |duel| {
            let levels = fight::levels(duel, &entrants);
            has_more |= duel.chosen.iter().zip(levels).all(|(chosen, level)| chosen.is_some() || level.is_some());
        });
        has_more
    }

    fn deadline_ms(world: &World) -> Option<u64> {
        let clock = clock::definitions_of(world)?.0.clock;
        let mut earliest: Option<u64> = None;
        let mut note = |deadline: u64| earliest = Some(earliest.map_or(deadline, |known| known.min(deadline)));
        view::each::<Entrant>(world, |entrant| match entrant.preparation {
            Preparation::Points { until_ms: Some(until_ms) } | Preparation::Called { until_ms } => note(until_ms),
            Preparation::Points { until_ms: None } | Preparation::Prepared | Preparation::Ready => {}
        });
        view::each::<Duel>(world, |duel| {
            for side in hypogeum_creature_messages::Side::BOTH {
                if duel.chosen[side.index()].is_none() {
                    duel.deadline_ms(side, clock).into_iter().for_each(&mut note);
                }
            }
        });
        earliest
    }

    fn is_over(world: &World) -> bool {
        world.resource::<Draw>().0.as_ref().is_some_and(Bracket::is_over)
    }

    fn answers(world: &World) -> Vec<Answered> {
        let answers = world.resource::<Answers>().0.iter();
        answers.map(|(seat, seq, done)| Answered { seat: *seat, seq: *seq, outcome: codec::encode(done) }).collect()
    }

    fn overview(world: &World) -> Vec<u8> {
        view::view(world).map(|view| view.encode()).unwrap_or_default()
    }

    fn log(world: &World, (pairing, game): (u16, u8)) -> Option<String> {
        view::battle_log(world, pairing, game)
    }

    fn kept(world: &World) -> Vec<u8> {
        view::kept(world).map(|kept| kept.encode()).unwrap_or_default()
    }

    fn result(world: &World) -> Vec<u8> {
        codec::encode(&results(world))
    }
}
