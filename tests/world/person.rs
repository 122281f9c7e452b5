//! Someone who plays the world in words.

use std::path::Path;

use hypogeum_client::Change;
use hypogeum_testkit::{Player, TestServer};
use hypogeum_world_messages::{StatsNews, WorldCommand, WorldNews};

/// A server of the shipped world.
pub(crate) fn open(data: &Path, settings: &[(&str, &str)]) -> TestServer {
    let mut all = vec![
        ("HYPOGEUM_WORLD__OPEN", "true"),
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "2"),
        ("HYPOGEUM_WORLD__CHECKPOINT_S", "1"),
    ];
    all.extend_from_slice(settings);
    TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &all)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

pub(crate) struct Person {
    pub(crate) player: Player,
    /// All that it was told in words since it spoke last.
    pub(crate) words: Vec<String>,
    pub(crate) stats: StatsNews,
    /// The key of the room it is in.
    pub(crate) room: String,
}

impl Person {
    /// Comes to a server as a character of this name, new or known.
    pub(crate) fn come(url: &str, name: &str) -> Self {
        let player = Player::guest_as(url, name, name);
        Self { player, words: Vec::new(), stats: StatsNews::default(), room: String::new() }
    }

    /// As [`Person::come`], but one who reads in another language.
    pub(crate) fn come_reading(url: &str, name: &str, locale: &str) -> Self {
        let player = Player::guest_reading(url, name, name, locale);
        Self { player, words: Vec::new(), stats: StatsNews::default(), room: String::new() }
    }

    /// Enters the world where the character is.
    pub(crate) fn enter(&mut self) {
        self.player.client().enter_world("warrior");
        until(&mut [self], "its room", |people| !people[0].room.is_empty() && people[0].player.own().is_some());
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.words.clear();
        let command = WorldCommand::Line { words: line.to_owned() };
        self.player.client().command(command.encode());
    }

    pub(crate) fn was_told(&self, part: &str) -> bool {
        self.words.iter().any(|words| words.contains(part))
    }

    /// The key of the place it is in.
    pub(crate) fn place(&self) -> &str {
        self.player.view().current.as_ref().map_or("", |current| current.mode.as_str())
    }

    /// One frame of everyone.
    pub(crate) fn frame_of(people: &mut [&mut Self]) {
        Player::frame_of_all(people.iter_mut().map(|person| &mut person.player));
        people.iter_mut().for_each(|person| person.listen());
    }

    fn listen(&mut self) {
        for change in self.player.take_seen() {
            let body = match change {
                Change::Told(body) => body,
                Change::Chat(line) => {
                    self.words.push(line.text);
                    continue;
                }
                Change::ChatPage { new, .. } => {
                    self.words.extend(new.into_iter().map(|line| line.text));
                    continue;
                }
                Change::ChatNotice { text, .. } => {
                    self.words.push(text);
                    continue;
                }
                _ => continue,
            };
            match WorldNews::decode(&body).expect("news can be read") {
                WorldNews::Told { words, .. } => self.words.push(words),
                WorldNews::Stats(stats) => self.stats = stats,
                WorldNews::Room(room) => self.room = room.key,
                WorldNews::Door { .. } | WorldNews::Completions { .. } | WorldNews::Wares(_) | WorldNews::Table(_) => {}
            }
        }
    }
}

/// Lets frames pass for everyone until something holds.
pub(crate) fn until(people: &mut [&mut Person], what: &str, mut holds: impl FnMut(&[&mut Person]) -> bool) {
    for _ in 0..2_700 {
        if holds(people) {
            return;
        }
        Person::frame_of(people);
    }
    let words: Vec<_> = people.iter().map(|person| (&person.room, &person.words, person.player.view())).collect();
    panic!("{what} never comes: {words:#?}");
}

/// Types a line, and waits for words.
pub(crate) fn says(people: &mut [&mut Person], who: usize, line: &str, answer: &str) {
    people[who].types(line);
    until(people, &format!("{answer:?} after {line:?}"), |people| people[who].was_told(answer));
}

/// Types a way out, and waits until one is in the next room.
pub(crate) fn walks(people: &mut [&mut Person], who: usize, way: &str, room: &str) {
    people[who].types(way);
    until(people, &format!("{room} after {way:?}"), |people| people[who].room == room);
    // On, out of the opening.
    for _ in 0..12 {
        Player::frame_of_all(people.iter_mut().map(|person| &mut person.player));
    }
    people.iter_mut().for_each(|person| person.listen());
}
