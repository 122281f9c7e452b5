//! A typed line becomes the command that a client with buttons sends.

use hypogeum_protocol::NetId;
use hypogeum_protocol::text::is_readable;
use hypogeum_world_messages::{LINE_BYTES_MAX, WorldCommand};

/// What a line means: a verb, and the words after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) verb: Verb,
    /// The words after the verb; what stood in quotes is one word.
    pub(crate) words: Vec<String>,
    /// All that followed the verb, as it was typed.
    pub(crate) rest: String,
}

/// What can be done in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verb {
    Look,
    Go,
    Say,
    Tell,
    Emote,
    Who,
    Stats,
    Effects,
    Inventory,
    Get,
    Drop,
    Give,
    Wear,
    Remove,
    Use,
    Split,
    Merge,
    Repair,
    Put,
    Open,
    Close,
    Unlock,
    Pull,
    Attack,
    Stop,
    Flee,
    Help,
    Shout,
    Gossip,
    Party,
    Reply,
    Mute,
    Unmute,
    Block,
    Report,
    History,
    Cast,
    Follow,
    Group,
    Invite,
    Join,
    LeaveGroup,
    Trade,
    Offer,
    Withdraw,
    Accept,
    Cancel,
    Quit,
    Talk,
    Wares,
    Buy,
    Sell,
}

/// Every word that can be typed, in the order in which beginnings are looked up: `l` is look, `s` an exit where there is one.
pub(crate) const VERBS: &[(&str, Verb)] = &[
    ("look", Verb::Look),
    ("go", Verb::Go),
    ("say", Verb::Say),
    ("tell", Verb::Tell),
    ("whisper", Verb::Tell),
    ("emote", Verb::Emote),
    ("who", Verb::Who),
    ("stats", Verb::Stats),
    ("score", Verb::Stats),
    ("effects", Verb::Effects),
    ("inventory", Verb::Inventory),
    ("get", Verb::Get),
    ("take", Verb::Get),
    ("loot", Verb::Get),
    ("drop", Verb::Drop),
    ("give", Verb::Give),
    ("wear", Verb::Wear),
    ("equip", Verb::Wear),
    ("wield", Verb::Wear),
    ("remove", Verb::Remove),
    ("use", Verb::Use),
    ("drink", Verb::Use),
    ("eat", Verb::Use),
    ("split", Verb::Split),
    ("merge", Verb::Merge),
    ("repair", Verb::Repair),
    ("put", Verb::Put),
    ("open", Verb::Open),
    ("close", Verb::Close),
    ("unlock", Verb::Unlock),
    ("pull", Verb::Pull),
    ("push", Verb::Pull),
    ("attack", Verb::Attack),
    ("kill", Verb::Attack),
    ("hit", Verb::Attack),
    ("stop", Verb::Stop),
    ("flee", Verb::Flee),
    ("help", Verb::Help),
    ("commands", Verb::Help),
    ("shout", Verb::Shout),
    ("gossip", Verb::Gossip),
    ("chat", Verb::Gossip),
    ("party", Verb::Party),
    ("reply", Verb::Reply),
    ("mute", Verb::Mute),
    ("unmute", Verb::Unmute),
    ("block", Verb::Block),
    ("unblock", Verb::Unmute),
    ("report", Verb::Report),
    ("history", Verb::History),
    ("cast", Verb::Cast),
    ("follow", Verb::Follow),
    ("unfollow", Verb::Follow),
    ("group", Verb::Group),
    ("invite", Verb::Invite),
    ("join", Verb::Join),
    ("ungroup", Verb::LeaveGroup),
    ("trade", Verb::Trade),
    ("offer", Verb::Offer),
    ("withdraw", Verb::Withdraw),
    ("accept", Verb::Accept),
    ("cancel", Verb::Cancel),
    ("quit", Verb::Quit),
    ("talk", Verb::Talk),
    ("list", Verb::Wares),
    ("wares", Verb::Wares),
    ("buy", Verb::Buy),
    ("sell", Verb::Sell),
];

/// Why a line means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Nonsense {
    /// Nothing was typed.
    Empty,
    /// It is too long, or has characters that nobody can read.
    Unreadable,
    /// No such word; and those that are nearest to it.
    Unknown(String, Vec<String>),
}

/// Whether a line is one that others may be shown: not too long, and without characters that move or hide text.
pub(crate) fn is_line(line: &str) -> bool {
    line.len() <= LINE_BYTES_MAX && is_readable(line)
}

/// Reads a line; `exits` are the words of the ways out of where one is.
pub(crate) fn parse(line: &str, exits: &[String]) -> Result<Line, Nonsense> {
    if !is_line(line) {
        return Err(Nonsense::Unreadable);
    }
    let line = line.trim();
    let Some(first) = line.chars().next() else { return Err(Nonsense::Empty) };
    let glued = match first {
        '\'' | '"' => Some(Verb::Say),
        ':' => Some(Verb::Emote),
        _ => None,
    };
    if let Some(verb) = glued {
        let rest = line[first.len_utf8()..].trim().to_owned();
        return Ok(Line { verb, words: split(&rest), rest });
    }
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let (word, rest) = (word.to_lowercase(), rest.trim().to_owned());
    let go = |exit: &String| Line { verb: Verb::Go, words: vec![exit.clone()], rest: exit.clone() };
    let exact = VERBS.iter().find(|(known, _)| *known == word).map(|(_, verb)| *verb);
    let found = match exact {
        Some(verb) => Some(verb),
        None => {
            // One letter is a way before it is a word: `n`, `e`, `s`, `w`.
            let is_short = rest.is_empty() && (exits.contains(&word) || word.chars().count() == 1);
            if let Some(exit) = exits.iter().find(|exit| is_short && exit.starts_with(&word)) {
                return Ok(go(exit));
            }
            VERBS.iter().find(|(known, _)| known.starts_with(&word)).map(|(_, verb)| *verb)
        }
    };
    if let Some(verb) = found {
        return Ok(Line { verb, words: split(&rest), rest });
    }
    match exits.iter().find(|exit| rest.is_empty() && exit.starts_with(&word)) {
        Some(exit) => Ok(go(exit)),
        None => Err(Nonsense::Unknown(word.clone(), nearest(&word, exits))),
    }
}

/// The words that one may have meant, at most three, the nearest first.
fn nearest(word: &str, exits: &[String]) -> Vec<String> {
    let known = VERBS.iter().map(|(known, _)| *known).chain(exits.iter().map(String::as_str));
    let mut near: Vec<(usize, &str)> =
        known.map(|known| (strsim::damerau_levenshtein(word, known), known)).filter(|(off, _)| *off <= 2).collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, known)| known.to_owned()).collect()
}

/// Splits at spaces; what stands in quotes is one word.
pub(super) fn split(rest: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for character in rest.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            _ if character.is_whitespace() && !is_quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// One of several things of a name: `wolf`, `2.wolf`, `all`, `all.wolf`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Which {
    /// Which of those that fit, 1 and up; `None`: all of them.
    pub(crate) number: Option<usize>,
    /// The beginning of a word of its name; empty: anything.
    pub(crate) name: String,
}

impl Which {
    pub(crate) fn parse(word: &str) -> Self {
        let word = word.to_lowercase();
        match word.split_once('.') {
            Some(("all", name)) => Self { number: None, name: name.to_owned() },
            Some((number, name)) if number.parse::<usize>().is_ok_and(|number| number > 0) => {
                Self { number: number.parse().ok(), name: name.to_owned() }
            }
            _ if word == "all" => Self { number: None, name: String::new() },
            _ => Self { number: Some(1), name: word },
        }
    }

    /// Those of several that are meant, in their order.
    pub(crate) fn of(&self, things: impl IntoIterator<Item = (NetId, String)>) -> Vec<NetId> {
        let fit = things.into_iter().filter(|(_, name)| self.fits(name)).map(|(thing, _)| thing);
        match self.number {
            Some(number) => fit.skip(number - 1).take(1).collect(),
            None => fit.collect(),
        }
    }

    fn fits(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        name.starts_with(&self.name) || name.split_whitespace().any(|word| word.starts_with(&self.name))
    }
}

/// Takes the number of pieces out of words such as `3 coin`, unless the number is all there is.
pub(crate) fn take_count(words: &mut Vec<String>) -> Option<u32> {
    let count = words.first()?.parse().ok().filter(|_| words.len() > 1)?;
    words.remove(0);
    Some(count)
}

/// Commands that need nothing of the world to be read: the rest is looked up there.
pub(crate) fn plain(line: &Line) -> Option<WorldCommand> {
    let words = || line.rest.clone();
    let first = || line.words.first().cloned().unwrap_or_default().to_lowercase();
    Some(match line.verb {
        Verb::Look if line.words.is_empty() => WorldCommand::Look { at: None },
        Verb::Go => WorldCommand::Go { word: first() },
        Verb::Say => WorldCommand::Say { words: words() },
        Verb::Tell => {
            let (name, words) = line.rest.split_once(char::is_whitespace).unwrap_or((&line.rest, ""));
            WorldCommand::Tell { name: name.to_owned(), words: words.trim().to_owned() }
        }
        Verb::Emote => WorldCommand::Emote { words: words() },
        Verb::Who => WorldCommand::Who,
        Verb::Stats => WorldCommand::Stats,
        Verb::Effects => WorldCommand::Effects,
        Verb::Inventory => WorldCommand::Inventory,
        Verb::Open => WorldCommand::Open { word: first(), seen: None },
        Verb::Close => WorldCommand::Close { word: first(), seen: None },
        Verb::Unlock => WorldCommand::Unlock { word: first(), seen: None },
        Verb::Pull => WorldCommand::Pull { word: first() },
        Verb::Stop => WorldCommand::Stop,
        Verb::Flee => WorldCommand::Flee,
        Verb::Help => WorldCommand::Help,
        Verb::Group if line.words.is_empty() => WorldCommand::Group,
        Verb::Join => WorldCommand::Join,
        Verb::LeaveGroup => WorldCommand::LeaveGroup,
        Verb::Follow if line.words.is_empty() => WorldCommand::Follow { whom: None },
        Verb::Accept => WorldCommand::Accept { seen: None },
        Verb::Cancel => WorldCommand::Cancel,
        Verb::Quit => WorldCommand::Quit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn exits() -> Vec<String> {
        ["north", "south", "gate"].map(str::to_owned).to_vec()
    }

    fn read(line: &str) -> Result<(Verb, Vec<String>), Nonsense> {
        parse(line, &exits()).map(|line| (line.verb, line.words))
    }

    #[test]
    fn words_and_their_beginnings_are_read() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        assert_eq!(read("look"), Ok((Verb::Look, words(&[]))), "a whole word");
        assert_eq!(read("  L  "), Ok((Verb::Look, words(&[]))), "one letter, however it is typed");
        assert_eq!(read("s"), Ok((Verb::Go, words(&["south"]))), "a way comes before a word");
        assert_eq!(read("sa hello"), Ok((Verb::Say, words(&["hello"]))), "with more behind it, it is a word");
        assert_eq!(read("gate"), Ok((Verb::Go, words(&["gate"]))), "a way is a word, too");
        assert_eq!(
            read("get \"old coin\" 2.wolf"),
            Ok((Verb::Get, words(&["old coin", "2.wolf"]))),
            "quotes hold together"
        );
        assert_eq!(read("'hello there"), Ok((Verb::Say, words(&["hello", "there"]))), "a quote says something");
        assert_eq!(read(":waves"), Ok((Verb::Emote, words(&["waves"]))), "a colon does something");
    }

    #[test]
    fn nonsense_is_told_with_what_was_meant() {
        let near = |word: &str| match read(word) {
            Err(Nonsense::Unknown(_, near)) => near,
            other => panic!("{word} means something: {other:?}"),
        };
        assert_eq!(near("lokk"), ["look", "block", "loot"], "a slip of a finger, the nearest first");
        assert_eq!(near("nroth"), ["north"], "of a way, too");
        assert!(near("xyzzyplugh").is_empty(), "some words are near to nothing");
        assert_eq!(read(""), Err(Nonsense::Empty), "nothing is nothing");
        assert_eq!(read("say \u{202E}olleh"), Err(Nonsense::Unreadable), "text that turns round is not passed on");
        assert_eq!(read(&"a".repeat(LINE_BYTES_MAX + 1)), Err(Nonsense::Unreadable), "nor is too much of it");
    }

    #[test]
    fn one_of_several_is_named() {
        let things = || {
            [(1, "the wolf"), (2, "the grey wolf"), (3, "an old coin")].map(|(id, name)| (NetId(id), name.to_owned()))
        };
        let found = |word: &str| Which::parse(word).of(things()).into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(found("wolf"), [1], "the first");
        assert_eq!(found("2.wolf"), [2], "the second");
        assert_eq!(found("3.wolf"), [0; 0], "there is no third");
        assert_eq!(found("all.wolf"), [1, 2], "all of them");
        assert_eq!(found("all"), [1, 2, 3], "everything");
        assert_eq!(found("0.wolf"), [0; 0], "numbers begin at one");
        assert_eq!(found("old"), [3], "by any of its words");
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,600}") {
            let _ = parse(&line, &exits());
            let _ = Which::parse(&line);
        }
    }
}
