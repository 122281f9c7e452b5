//! Reads the log of a battle, and plays it again.

use hypogeum_content::Content;
use hypogeum_creature_messages::{BattleMove, CreatureStats, Side};
use hypogeum_shard::Seed;

use super::field::unescape;
use super::write::{number_of, write};
use super::{BATTLE_LOG_BYTES_MAX, BattleHead, BattleSide, ReplayedBattle, VERSION};
use crate::battle::MoveError;
use crate::record::BattleRecord;

/// Why a log cannot be played again, or is not true.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BattleLogError {
    /// Longer than any battle.
    #[error("the log has {0} bytes, at most {BATTLE_LOG_BYTES_MAX} are allowed")]
    Size(usize),
    /// It was written by a grammar of another number, or by nobody.
    #[error("line 1: this build reads battles of grammar {VERSION}")]
    Version,
    /// A line is none of the grammar, or stands where it cannot.
    #[error("line {line}: expected {expected}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// Its rules are no rules.
    #[error("line 2: {0}")]
    Rules(String),
    /// A move that was not possible.
    #[error("the battle cannot be played: {0}")]
    Move(#[from] MoveError),
    /// Played again, it came out otherwise.
    #[error("line {line}: the log says {found:?}, and played again the battle says {played:?}")]
    Untrue {
        /// The first line that differs, from 1.
        line: usize,
        /// As the log has it.
        found: String,
        /// As it should be.
        played: String,
    },
    /// The battle is not over: its seed is not known.
    #[error("the battle is not over, and cannot be played again before it is")]
    Unfinished,
}

/// Reads a log and plays its battle again: every line must come out as it stands there.
///
/// # Errors
/// [`BattleLogError`], with the line where there is one.
pub fn replay(text: &str) -> Result<ReplayedBattle, BattleLogError> {
    if text.len() > BATTLE_LOG_BYTES_MAX {
        return Err(BattleLogError::Size(text.len()));
    }
    let (head, record) = Reader::new(text).read()?;
    let path = format!("battles/{}.ron", head.rules_key);
    let content = Content::from_files([(path, head.rules.clone())]);
    let content = content
        .map_err(|errors| BattleLogError::Rules(errors.first().map_or_else(String::new, ToString::to_string)))?;
    let rules = content.battles.id(&head.rules_key).and_then(|id| content.battles.find(id));
    let rules = rules.ok_or_else(|| BattleLogError::Rules("it has no rules".to_owned()))?;
    compare(text, &write(&head, rules, &record)?)?;
    let battle = record.replay(rules, |_| {})?;
    let end = battle.end().ok_or(BattleLogError::Unfinished)?;
    Ok(ReplayedBattle { head, stats: record.stats, turns: battle.turns(), end })
}

fn compare(text: &str, played: &str) -> Result<(), BattleLogError> {
    let (mut found, mut again) = (text.lines(), played.lines());
    for line in 1.. {
        match (found.next(), again.next()) {
            (None, None) => break,
            (one, other) if one == other => {}
            (one, other) => {
                let words = |line: Option<&str>| line.unwrap_or("nothing").to_owned();
                return Err(BattleLogError::Untrue { line, found: words(one), played: words(other) });
            }
        }
    }
    Ok(())
}

/// A log that is read line by line.
struct Reader<'a> {
    lines: std::iter::Enumerate<std::str::Lines<'a>>,
    line: usize,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { lines: text.lines().enumerate(), line: 0 }
    }

    /// The fields of the next line, without the first, empty one.
    fn next(&mut self) -> Option<Vec<&'a str>> {
        let (index, line) = self.lines.next()?;
        self.line = index + 1;
        Some(line.strip_prefix('|').map_or_else(Vec::new, |line| line.split('|').collect()))
    }

    const fn fault(&self, expected: &'static str) -> BattleLogError {
        BattleLogError::Line { line: self.line, expected }
    }

    /// What is not the outcome of something else: who fought by which rules, what they did, and the seed. All other lines follow
    /// from that, and are compared afterwards.
    fn read(mut self) -> Result<(BattleHead, BattleRecord), BattleLogError> {
        if self.next().as_deref() != Some(&["battle", VERSION]) {
            return Err(BattleLogError::Version);
        }
        let (rules_key, rules) = match self.next().as_deref() {
            Some(["rules", key, rules]) => (unescape(key), unescape(rules)),
            _ => (None, None),
        };
        let expected = "|rules|key|definition";
        let (rules_key, rules) = (rules_key.ok_or(self.fault(expected))?, rules.ok_or(self.fault(expected))?);
        let (one, first) = self.side()?;
        let (other, second) = self.side()?;
        let mut record = BattleRecord::new(Seed::from_bytes([0; 16]), [first, second]);
        let mut seed = None;
        while let Some(fields) = self.next() {
            match *fields.as_slice() {
                ["turn", _, first, second] => {
                    let of = |name: &str| name.parse::<BattleMove>().ok();
                    let moves = of(first).zip(of(second));
                    let (first, second) = moves.ok_or(self.fault("|turn|number|move|move"))?;
                    record.moves.push([first, second]);
                }
                ["forfeit", side] => {
                    let side = Side::BOTH.into_iter().find(|one| number_of(*one) == side);
                    record.forfeit = Some(side.ok_or(self.fault("|forfeit|1 or |forfeit|2"))?);
                }
                ["seed", digits] => seed = Some(seed_of(digits).ok_or(self.fault("|seed|32 hexadecimal digits"))?),
                ["fingerprint" | "defends" | "dodged" | "hit" | "win", ..] => {}
                _ => return Err(self.fault("a line of a battle")),
            }
        }
        record.seed = seed.ok_or(BattleLogError::Unfinished)?;
        Ok((BattleHead { rules_key, rules, sides: [one, other] }, record))
    }

    fn side(&mut self) -> Result<(BattleSide, CreatureStats), BattleLogError> {
        let expected = "|side|type|name|owner|five stats";
        let fields = self.next();
        let Some(["side", kind, name, owner, stats]) = fields.as_deref() else { return Err(self.fault(expected)) };
        let all = unescape(kind).zip(unescape(name)).zip(unescape(owner)).zip(stats_of(stats));
        let (((kind, name), owner), stats) = all.ok_or(self.fault(expected))?;
        Ok((BattleSide { kind, name, owner }, stats))
    }
}

fn stats_of(text: &str) -> Option<CreatureStats> {
    let mut words = text.split(' ');
    let mut values = [0; 5];
    for (value, name) in values.iter_mut().zip(CreatureStats::NAMES) {
        *value = words.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok()?;
    }
    words.next().is_none().then_some(CreatureStats::of_values(values))
}

fn seed_of(digits: &str) -> Option<Seed> {
    let mut bytes = [0; 16];
    let is_hex = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)).filter(|_| is_hex) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    is_hex.then_some(Seed::from_bytes(bytes))
}
