//! What is shown of a duel: plain lines, in colours only on a terminal.

use hypogeum_content::Content;
use hypogeum_content::def::CreatureDef;
use hypogeum_creature_messages::{
    ActNews, ActResult, BattleMove, BattleView, CreatureStats, EntrantView, FighterView, PairingOutcome, Side,
    TournamentRefusal, TournamentView,
};
use hypogeum_creatures::act_words;
use hypogeum_locale::{LocaleId, Locales};

/// Signs of a whole bar of hit points.
const BAR: u32 = 20;

/// An act as a line of a log has it.
fn act_of(line: &str) -> Option<ActNews> {
    let mut fields = line.strip_prefix('|')?.split('|');
    let (word, side) = (fields.next()?, fields.next()?);
    let side = if side == "1" { Side::First } else { Side::Second };
    let (what, result) = match word {
        "defends" => (BattleMove::Defend, ActResult::Defends),
        "dodged" => (fields.next()?.parse().ok()?, ActResult::Dodged),
        "hit" => {
            let what = fields.next()?.parse().ok()?;
            let mut number = || fields.next()?.parse::<u32>().ok();
            let (damage, hp_before, hp_after) = (number()?, number()?, number()?);
            let flags: Vec<&str> = fields.collect();
            let (is_critical, is_defended) = (flags.contains(&"critical"), flags.contains(&"defended"));
            (what, ActResult::Hit { damage, is_critical, is_defended, hp_before, hp_after })
        }
        _ => return None,
    };
    Some(ActNews { side, what, result, defends_left: 0, specials_left: 0 })
}

/// Where a duel is shown; nowhere, where a program reads the results.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen<'a> {
    is_shown: bool,
    has_colours: bool,
    /// What happens in battles is said in the words of its first locale.
    locales: &'a Locales,
}

impl<'a> Screen<'a> {
    pub(super) const fn new(is_shown: bool, has_colours: bool, locales: &'a Locales) -> Self {
        Self { is_shown, has_colours, locales }
    }

    pub(super) fn say(self, line: &str) {
        if self.is_shown {
            sayln!("{line}");
        }
    }

    pub(super) fn ask(self, question: &str) {
        if self.is_shown {
            say!("{question}");
        }
    }

    fn painted(self, colour: u8, text: &str) -> String {
        if self.has_colours { format!("\x1b[{colour}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// The types there are.
    pub(super) fn kinds(self, kinds: &[(&str, &CreatureDef)]) {
        for (number, (_, def)) in (1..).zip(kinds) {
            self.say(&format!("{number}. {}", self.painted(1, &def.name)));
            def.art.iter().for_each(|line| self.say(&format!("   {line}")));
            self.say(&format!("   {}", def.description));
            let bias = def.bias;
            let by = [bias.speed, bias.health, bias.defence, bias.strength, bias.luck];
            let by = CreatureStats::NAMES.iter().zip(by).filter(|(_, by)| *by != 0);
            let by: Vec<String> = by.map(|(name, by)| format!("{name} {by:+}")).collect();
            self.say(&format!("   {}\n", by.join(", ")));
        }
    }

    pub(super) fn stats(self, words: &str, stats: &CreatureStats) {
        self.say(&format!("{words} {stats}."));
    }

    /// A battle before a turn: who fights, how both stand, and what was just done.
    pub(super) fn battle(self, view: &TournamentView, battle: &BattleView, content: &Content) {
        let of = |side: Side| view.entrants.iter().find(|one| one.number == battle.fighters[side.index()].entrant);
        let (Some(first), Some(second)) = (of(Side::First), of(Side::Second)) else { return };
        if battle.turn == 1 {
            let place = &view.pairings[usize::from(battle.pairing)].place;
            self.say(&format!(
                "\n== {}: {} against {} ({}) ==",
                place.replace('_', " "),
                first.name,
                second.name,
                second.owner_name
            ));
            for one in [first, second] {
                let def = content.creatures.id(&one.kind).and_then(|id| content.creatures.find(id));
                def.iter().flat_map(|def| &def.art).for_each(|line| self.say(&format!("   {line}")));
                self.stats(&format!("   {}:", one.name), &one.stats);
            }
        }
        self.acts(&battle.last, [&first.name, &second.name]);
        self.say(&format!("\nTurn {}", battle.turn));
        self.fighter(first, &battle.fighters[0]);
        self.fighter(second, &battle.fighters[1]);
    }

    fn fighter(self, entrant: &EntrantView, fighter: &FighterView) {
        let full = (fighter.hp * BAR).div_ceil(fighter.hp_max.max(1)) as usize;
        let bar = format!("{}{}", "#".repeat(full), "-".repeat(BAR as usize - full.min(BAR as usize)));
        let colour = if fighter.hp * 2 > fighter.hp_max {
            32
        } else if fighter.hp * 4 > fighter.hp_max {
            33
        } else {
            31
        };
        let (bar, hp) = (self.painted(colour, &bar), format!("{}/{}", fighter.hp, fighter.hp_max));
        let left = format!("defend {}, special {}", fighter.defends_left, fighter.specials_left);
        self.say(&format!("  {:<24} [{bar}] {hp:>7} hp   {left}", entrant.name));
    }

    fn acts(self, acts: &[ActNews], names: [&str; 2]) {
        for act in acts {
            let words = self.locales.words(LocaleId::default(), &act_words(act, names));
            self.say(&format!("  {words}"));
        }
    }

    /// The last turn of a battle that is over, as its log has it.
    pub(super) fn last_turn(self, log: &str, names: [&str; 2]) {
        let lines: Vec<&str> = log.lines().collect();
        let begins = lines.iter().rposition(|line| line.starts_with("|turn|")).unwrap_or(lines.len());
        let acts: Vec<ActNews> = lines[begins..].iter().filter_map(|line| act_of(line)).collect();
        self.acts(&acts, names);
    }

    pub(super) fn refused(self, refusal: TournamentRefusal) {
        let words = match refusal {
            TournamentRefusal::UsedUp => "That is used up for this round.".to_owned(),
            TournamentRefusal::TooManyPoints { left } => format!("There are {left} points to give."),
            TournamentRefusal::TooHigh { most } => format!("No stat can be more than {most}."),
            other => format!("That cannot be done now: {other:?}."),
        };
        self.say(&words);
    }

    /// How it ended.
    pub(super) fn end(self, view: &TournamentView, own: u8) {
        let Some(mine) = view.entrants.iter().find(|one| one.number == own) else { return };
        let won = view.pairings.iter().filter(|pairing| {
            matches!(pairing.outcome, Some(PairingOutcome::Won(number) | PairingOutcome::Forfeited(number)) if number == own)
        });
        if view.champion == Some(own) {
            self.say(&self.painted(32, &format!("\n*** {} has won! ***", mine.name)));
        } else {
            let champion = view.champion.and_then(|number| view.entrants.iter().find(|one| one.number == number));
            let champion = champion.map_or(String::new(), |one| format!(" {} has won.", one.name));
            self.say(&format!("\n{} is out.{champion}", mine.name));
        }
        self.say(&format!("{} has won {} of its rounds, and has {}.", mine.name, won.count(), mine.stats));
    }
}
