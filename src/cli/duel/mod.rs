//! `hypogeum duel`: a creature of one's own against machines, in this terminal.

mod screen;
mod table;

use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use hypogeum_content::Content;
use hypogeum_content::def::{BattleDef, CreatureDef, TournamentDef};
use hypogeum_creature_messages::{BattleMove, CreatureStats, TournamentCommand, Wants};
use hypogeum_creatures::create;

use super::unknown;
use crate::game::Game;
use screen::Screen;
use table::Table;

/// The number of one's own creature: people come before machines.
const OWN: u8 = 0;

/// The command line of `duel`.
#[derive(Debug, Args)]
pub(crate) struct DuelCommand {
    /// Level of the machines: a number or a key of opponents.
    #[arg(long, value_name = "LEVEL", default_value = "3")]
    vs: String,
    /// The tournament: a key of tournaments.
    #[arg(long, value_name = "KEY", default_value = "duel")]
    tournament: String,
    /// How many creatures take part; without it as few as can.
    #[arg(long, value_name = "COUNT")]
    size: Option<u8>,
    /// What the creature is: a key of creatures. Without it one is asked.
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// What it is called.
    #[arg(long, value_name = "NAME", default_value = "Yours")]
    name: String,
    /// Where its points go, such as `strength=3,speed=3`. Without it one is asked.
    #[arg(long, value_name = "POINTS")]
    points: Option<String>,
    /// The same number and the same moves give the same duel; without it each is another.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Write the log of the last battle to this file: `hypogeum replay` plays it again.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// The content to play.
    #[arg(long, value_name = "DIR", default_value = "assets")]
    assets: PathBuf,
    /// Print one JSON object at the end and nothing else on standard output; moves are read all the same.
    #[arg(long)]
    pub(super) json: bool,
}

/// What is fought, and by which rules.
struct Rules<'a> {
    content: &'a Arc<Content>,
    def: &'a TournamentDef,
    battle: &'a BattleDef,
    /// The key of the machines' level.
    level: &'a str,
}

impl DuelCommand {
    pub(crate) fn run(&self, game: &Game) -> anyhow::Result<ExitCode> {
        let content = super::content(game, &self.assets)?;
        let rules = self.rules(&content)?;
        let name = hypogeum_tournaments::CreatureName::parse(&self.name)?;
        let locales = game.locales(&self.assets).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
        let screen = Screen::new(!self.json, io::stdout().is_terminal(), &locales);
        let mut lines = io::stdin().lock().lines();
        let mut ask = move |question: &str| {
            screen.ask(question);
            lines.next().and_then(Result::ok)
        };
        let (key, kind) = self.kind(&rules, screen, &mut ask)?;
        let stats = self.stats(&rules, kind, screen, &mut ask)?;
        let size = self.size.unwrap_or_else(|| u8::try_from(rules.def.entrants_min).unwrap_or(2));
        let seed = self.seed.unwrap_or_else(rand::random);
        let mut table = Table::new(&rules, (&self.tournament, size, seed), (name.as_str(), key, stats))?;
        play(&rules, &mut table, screen, &mut ask);
        let view = table.view();
        screen.end(&view, OWN);
        let last = table.last_log(OWN);
        if let Some(path) = &self.log {
            let text = last.context("no battle was fought")?;
            std::fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if self.json {
            sayln!("{}", serde_json::json!({ "seed": seed, "won": view.champion == Some(OWN), "tournament": view }));
        }
        Ok(ExitCode::SUCCESS)
    }

    fn rules<'a>(&self, content: &'a Arc<Content>) -> anyhow::Result<Rules<'a>> {
        let def = content.tournaments.id(&self.tournament).map(|id| &content.tournaments[id]);
        let def =
            def.with_context(|| unknown("tournament", &self.tournament, content.tournaments.iter().map(|row| row.1)))?;
        let battle = content.battles.find(def.battle.id()).context("the tournament has no battles")?;
        let is_meant = |(_, key, level): &(_, &str, &hypogeum_content::def::OpponentDef)| {
            *key == self.vs || level.level.to_string() == self.vs
        };
        let level = content.opponents.iter().find(is_meant).map(|row| row.1);
        let level = level.with_context(|| unknown("opponent", &self.vs, content.opponents.iter().map(|row| row.1)))?;
        Ok(Rules { content, def, battle, level })
    }

    fn kind<'a>(
        &self,
        rules: &Rules<'a>,
        screen: Screen<'_>,
        ask: &mut impl FnMut(&str) -> Option<String>,
    ) -> anyhow::Result<(&'a str, &'a CreatureDef)> {
        let kinds: Vec<(&str, &CreatureDef)> = rules.content.creatures.iter().map(|(_, key, def)| (key, def)).collect();
        let find = |word: &str| {
            let of_number = word.parse::<usize>().ok().and_then(|number| kinds.get(number.checked_sub(1)?));
            of_number
                .or_else(|| kinds.iter().find(|(key, def)| *key == word || def.name.eq_ignore_ascii_case(word)))
                .copied()
        };
        if let Some(key) = &self.kind {
            return find(key).with_context(|| unknown("creature", key, kinds.iter().map(|kind| kind.0)));
        }
        screen.kinds(&kinds);
        loop {
            let Some(word) = ask("Which one? ") else { bail!("nobody has chosen a creature") };
            match find(word.trim()) {
                Some(kind) => return Ok(kind),
                None => screen.say("There is no such creature: say its number or its name."),
            }
        }
    }

    fn stats(
        &self,
        rules: &Rules<'_>,
        kind: &CreatureDef,
        screen: Screen<'_>,
        ask: &mut impl FnMut(&str) -> Option<String>,
    ) -> anyhow::Result<CreatureStats> {
        if let Some(points) = &self.points {
            return Ok(create(rules.battle, kind.bias, points_of(points)?)?);
        }
        let begun = create(rules.battle, kind.bias, CreatureStats::default())?;
        screen.stats(&format!("{} begins with", kind.name), &begun);
        loop {
            let question = format!("{} points, such as strength=3,speed=3: ", rules.battle.points_at_creation);
            let Some(line) = ask(&question) else { bail!("nobody has given its points") };
            match points_of(&line).and_then(|points| Ok(create(rules.battle, kind.bias, points)?)) {
                Ok(stats) => return Ok(stats),
                Err(error) => screen.say(&format!("{error}.")),
            }
        }
    }
}

/// `strength=3,speed=3`.
fn points_of(text: &str) -> anyhow::Result<CreatureStats> {
    let mut values = [0; 5];
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        let (name, number) = part.split_once('=').with_context(|| format!("{part:?} is not of the form strength=3"))?;
        let place = CreatureStats::NAMES.iter().position(|known| known.starts_with(name) && !name.is_empty());
        let place = place.with_context(|| unknown("stat", name, CreatureStats::NAMES.into_iter()))?;
        values[place] += number.parse::<u32>().with_context(|| format!("{number:?} is no number of points"))?;
    }
    Ok(CreatureStats::of_values(values))
}

/// Plays to the end. Whoever says nothing more has withdrawn.
fn play(rules: &Rules<'_>, table: &mut Table, screen: Screen<'_>, ask: &mut impl FnMut(&str) -> Option<String>) {
    let mut shown = (u16::MAX, 0, 0);
    loop {
        let view = table.view();
        let own = view.entrants.iter().find(|one| one.number == OWN);
        match own.map(|own| own.wants) {
            Some(Wants::Move { .. }) => {
                let Some(battle) = table.battle_of(OWN) else { return };
                let now = (battle.pairing, battle.game, battle.turn);
                if shown != now {
                    screen.battle(&view, &battle, rules.content);
                    shown = now;
                }
                let Some(line) = ask("[a]ttack, [d]efend, [s]pecial or [q]uit? ") else { return withdraw(table) };
                let Some(what) = move_of(&line) else {
                    if line.trim().starts_with('q') {
                        return withdraw(table);
                    }
                    screen.say("Say a, d, s or q.");
                    continue;
                };
                let (pairing, game, turn) = now;
                match table.tell(OWN, TournamentCommand::Move { pairing, game, turn, what }) {
                    Ok(()) => table.show_end(OWN, (pairing, game), screen),
                    Err(refusal) => screen.refused(refusal),
                }
            }
            Some(Wants::Points { .. }) => {
                let own = own.cloned();
                let Some(own) = own else { return };
                screen
                    .stats(&format!("{} has won, and has {} points to give. It has", own.name, own.points), &own.stats);
                let Some(line) = ask("points, such as strength=2,luck=1, or nothing to keep them: ") else {
                    return withdraw(table);
                };
                let told = points_of(&line).map(|points| table.tell(OWN, TournamentCommand::Allocate { points }));
                match told {
                    Ok(Ok(())) => {}
                    Ok(Err(refusal)) => screen.refused(refusal),
                    Err(error) => screen.say(&format!("{error}.")),
                }
            }
            Some(Wants::Ready { .. }) => {
                if let Err(refusal) = table.tell(OWN, TournamentCommand::Ready) {
                    screen.refused(refusal);
                    return;
                }
            }
            Some(Wants::Nothing) | None => return,
        }
    }
}

fn withdraw(table: &mut Table) {
    // It is over, or it has gone already: both are as good.
    let _ = table.tell(OWN, TournamentCommand::Withdraw);
}

fn move_of(line: &str) -> Option<BattleMove> {
    let word = line.trim();
    BattleMove::ALL.into_iter().find(|what| !word.is_empty() && what.name().starts_with(&word.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_read_as_people_write_them() {
        let points = points_of("strength=3, sp=2 luck=1").expect("it is good");
        assert_eq!(points, CreatureStats { strength: 3, speed: 2, luck: 1, ..CreatureStats::default() });
        assert_eq!(points_of("").expect("nothing is given"), CreatureStats::default());
        let refused = |text: &str| points_of(text).expect_err("it is not").to_string();
        assert_eq!(refused("strength"), "\"strength\" is not of the form strength=3");
        assert_eq!(refused("strength=-3"), "\"-3\" is no number of points");
        assert!(refused("strenght=3").ends_with("(did you mean \"strength\"?)"), "{}", refused("strenght=3"));
    }

    #[test]
    fn moves_are_one_letter_or_the_word() {
        assert_eq!(move_of(" a "), Some(BattleMove::Attack));
        assert_eq!(move_of("Special"), Some(BattleMove::Special));
        assert_eq!(move_of(""), None);
        assert_eq!(move_of("flee"), None);
    }
}
