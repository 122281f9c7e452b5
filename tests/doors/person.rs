//! Somebody who plays, whichever door they came by.

use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, Change, Client, Login, Steering, Wire, WireState};
use hypogeum_protocol::{CharacterId, OwnState};
use hypogeum_world_messages::{WorldCommand, WorldNews};

use crate::door::Door;
use crate::line::Line;

/// A frame.
const FRAME: Duration = Duration::from_millis(33);
/// A test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(90);
/// Who is so near is there, in subunits.
const NEAR: f64 = 128.0;

pub(crate) struct Person {
    url: String,
    pub(crate) api: Api,
    pub(crate) login: Login,
    character: Option<CharacterId>,
    pub(crate) client: Client<Line>,
    /// Everything that has changed.
    pub(crate) seen: Vec<Change>,
    /// Frames since the avatar moved.
    frames_stuck: u32,
    last: (i32, i32),
}

impl Person {
    /// Comes in as a guest.
    pub(crate) fn guest(url: &str, door: &dyn Door) -> Self {
        Self::come(url, door, |_, _| None)
    }

    /// Comes in as a character of the same name.
    pub(crate) fn character(url: &str, door: &dyn Door) -> Self {
        Self::come(url, door, |api, login| {
            let made = api.create_character(login, door.name()).expect("a character is made");
            Some(made.id)
        })
    }

    fn come(url: &str, door: &dyn Door, character: impl FnOnce(&Api, &Login) -> Option<CharacterId>) -> Self {
        let api = Api::new(url).expect("the server's URL is good");
        let login = api.guest(&format!("Of-{}", door.name())).expect("guests are taken");
        let character = character(&api, &login);
        let client = Client::new(door.open(url, &login, character));
        let (url, seen) = (url.to_owned(), Vec::new());
        let mut person = Self { url, api, login, character, client, seen, frames_stuck: 0, last: (0, 0) };
        person.until("the welcome", |person| person.client.view().session.is_some());
        person
    }

    /// Goes on over another line, and returns the old one.
    pub(crate) fn go_on(&mut self, door: &dyn Door) -> Line {
        self.seen.clear();
        let old = self.client.resume(door.open(&self.url, &self.login, self.character));
        self.until("the welcome", |person| person.client.view().session.is_some());
        old
    }

    /// Lets a frame pass.
    pub(crate) fn frame(&mut self) {
        self.client.flush();
        thread::sleep(FRAME);
        let changes = self.client.poll(FRAME);
        if changes.contains(&Change::Opened) {
            self.client.hello_in("doors", "en");
        }
        self.seen.extend(changes);
    }

    /// Lets frames pass until something holds.
    pub(crate) fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "{what} never comes; it knows {:?}", self.client.view());
            self.frame();
        }
    }

    /// Its avatar, while there is one.
    pub(crate) fn own(&self) -> Option<OwnState> {
        self.client.view().snapshot.as_ref()?.own
    }

    /// Walks straight toward a place for a frame, and sideways where nothing comes of that.
    pub(crate) fn walk(&mut self, (x, y): (i32, i32)) {
        let Some(own) = self.own() else { return };
        let at = (own.x, own.y);
        self.frames_stuck = if at == self.last { self.frames_stuck + 1 } else { self.frames_stuck.saturating_sub(1) };
        self.last = at;
        let (dx, dy) = (f64::from(x - own.x), f64::from(y - own.y));
        let turn = dy.atan2(dx) / std::f64::consts::TAU * 65_536.0;
        let turn = (turn.round() as i64).rem_euclid(65_536) as u16;
        let walk = if self.frames_stuck > 8 { turn.wrapping_add(16_384) } else { turn };
        let pace = if dx.hypot(dy) < NEAR { 0 } else { 100 };
        self.client.steer(Steering { walk, pace, aim: turn, ability: 0 });
    }

    /// Walks about until its avatar has moved.
    pub(crate) fn walks_about(&mut self) {
        let middle = self.client.view().current.as_ref().map_or(0, |current| current.side / 2);
        let began = self.own().map(|own| (own.x, own.y));
        assert!(began.is_some(), "it has an avatar to walk with");
        self.until("a step", |person| {
            person.walk((middle, middle));
            person.own().map(|own| (own.x, own.y)) != began
        });
    }

    /// Types a line.
    pub(crate) fn types(&mut self, line: &str) {
        self.seen.clear();
        self.client.command(WorldCommand::Line { words: line.to_owned() }.encode());
    }

    /// News of the world since it typed last.
    pub(crate) fn news(&self) -> impl Iterator<Item = WorldNews> + '_ {
        self.seen.iter().filter_map(|change| match change {
            Change::Told(body) => Some(WorldNews::decode(body).expect("news can be read")),
            _ => None,
        })
    }

    /// Whether it was told these words, by the world or by somebody.
    pub(crate) fn was_told(&self, part: &str) -> bool {
        let is_said = self.seen.iter().any(|change| matches!(change, Change::Chat(line) if line.text.contains(part)));
        is_said || self.news().any(|news| matches!(news, WorldNews::Told { words, .. } if words.contains(part)))
    }

    /// Whether it was shown a room with this key.
    pub(crate) fn is_shown(&self, key: &str) -> bool {
        self.news().any(|news| matches!(news, WorldNews::Room(room) if room.key == key))
    }
}

/// Waits until the server has ended a line that somebody else took the place of.
pub(crate) fn is_ended(mut line: Line) {
    let began = Instant::now();
    while line.state() == WireState::Open {
        assert!(began.elapsed() < PATIENCE, "the old line stays");
        thread::sleep(FRAME);
        line.update(FRAME);
    }
}
