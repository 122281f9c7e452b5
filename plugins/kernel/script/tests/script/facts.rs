//! A small world for scripts to ask.

use hypogeum_script::{Facts, Intent, Memory, Outcome, Person, Script, ScriptError};

/// Ada (1) stands in the hall, Grace (2) in the yard. There are wolves, coins and a chill.
pub(crate) struct TestFacts {
    rolls: u32,
}

impl Facts for TestFacts {
    fn who(&self) -> Option<u32> {
        Some(1)
    }

    fn room(&self) -> Option<String> {
        Some("hall".to_owned())
    }

    fn words(&self) -> String {
        "the dawn".to_owned()
    }

    fn person(&self, who: u32) -> Option<Person> {
        let person =
            |name: &str, level, room: &str| Person { name: name.into(), level, hp: 70, hp_max: 90, room: room.into() };
        match who {
            1 => Some(person("Ada", 3, "hall")),
            2 => Some(person("Grace", 5, "yard")),
            _ => None,
        }
    }

    fn players(&self, room: &str, count_max: usize) -> Option<Vec<u32>> {
        match room {
            "hall" => Some(vec![1]),
            "yard" => Some(vec![2]),
            "square" => Some((1..=10_000).take(count_max).collect()),
            _ => None,
        }
    }

    fn player_count(&self, room: &str) -> Option<u32> {
        Some(u32::try_from(self.players(room, usize::MAX)?.len()).expect("they are few"))
    }

    fn npc_count(&self, npc: &str, room: &str) -> Option<u32> {
        self.has_room(room).then_some(if npc == "wolf" { 2 } else { 0 })
    }

    fn carries(&self, who: u32, item: &str) -> Option<bool> {
        self.person(who).map(|_| item == "coin")
    }

    fn flag(&self, flag: &str) -> bool {
        flag == "is_set"
    }

    fn door(&self, door: &str) -> Option<&'static str> {
        (door == "oak").then_some("closed")
    }

    fn hour(&self) -> Option<u32> {
        Some(7)
    }

    fn roll(&mut self, sides: u32) -> u32 {
        self.rolls += 1;
        self.rolls % sides + 1
    }

    fn has_item(&self, item: &str) -> bool {
        item == "coin"
    }

    fn has_effect(&self, effect: &str) -> bool {
        effect == "chill"
    }

    fn has_hazard(&self, hazard: &str) -> bool {
        hazard == "gas"
    }

    fn has_npc(&self, npc: &str) -> bool {
        npc == "wolf"
    }

    fn has_room(&self, room: &str) -> bool {
        ["hall", "yard", "square"].contains(&room)
    }
}

pub(crate) fn compile(source: &str) -> Script {
    Script::compile(source).unwrap_or_else(|faults| panic!("it is a script: {faults:#?}\n{source}"))
}

/// Calls `main` of a script in the small world.
pub(crate) fn run(source: &str, memory: Memory) -> Outcome<TestFacts> {
    compile(source).run("main", TestFacts { rolls: 0 }, memory)
}

pub(crate) fn result(source: &str) -> Result<Vec<Intent>, ScriptError> {
    run(source, Memory::default()).result.map(|(intents, _)| intents)
}

/// What a script tells Ada, as one text.
#[track_caller]
pub(crate) fn told(body: &str) -> String {
    let intents = result(&format!("fn main() {{ {body} }}")).unwrap_or_else(|error| panic!("{body}: {error}"));
    let words = intents.into_iter().map(|intent| match intent {
        Intent::Tell { words, .. } => words,
        other => panic!("nothing else is wanted: {other:?}"),
    });
    words.collect::<Vec<_>>().join("|")
}
