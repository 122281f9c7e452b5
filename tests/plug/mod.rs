//! Servers whose plug is pulled: one data directory, server after server on it, and two who play on whatever happens.

mod books;
mod person;

use std::path::{Path, PathBuf};

use hypogeum_crash::CRASH_AT;
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_testkit::{Ended, Player, TestServer, content_with_dash};
use tempfile::TempDir;

pub(crate) use person::Person;

/// The binary under test.
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Frames after which two who play must have come to an end: two minutes.
const FRAMES_MAX: u32 = 3_600;
/// Matches in which a server must meet the point where it is to die.
const MATCHES_MAX: u32 = 5;

/// What outlives each server.
pub(crate) struct TestFiles {
    folder: TempDir,
}

impl TestFiles {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a directory for the test");
        content_with_dash(&folder.path().join("assets"));
        std::fs::create_dir(folder.path().join("data")).expect("a directory for the test");
        Self { folder }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn assets(&self) -> PathBuf {
        self.folder.path().join("assets")
    }

    /// Starts a server; `crash_at` names the point where it is to die.
    pub(crate) fn start(&self, crash_at: Option<&str>) -> Result<TestServer, Ended> {
        let assets = self.assets();
        let mut settings = vec![
            ("HYPOGEUM_SERVER__ASSETS_DIR", text(&assets)),
            ("HYPOGEUM_AUTH__GUESTS", "loopback"),
            ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "1"),
            ("HYPOGEUM_SERVER__RESUME_S", "30"),
        ];
        settings.extend(crash_at.map(|point| (CRASH_AT, point)));
        TestServer::start(BINARY, &self.data(), &settings)
    }

    /// Starts a server that must live.
    pub(crate) fn start_well(&self) -> TestServer {
        self.start(None).unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
    }

    /// Starts a server that must die at a point, and plays on it until it has.
    pub(crate) fn die_at(&self, point: &str, people: &mut Vec<Person>) {
        let ended = match self.start(Some(point)) {
            Err(ended) => ended,
            Ok(mut server) => {
                if people.is_empty() {
                    people.extend(["Ada", "Grace"].map(|name| Person::enter(&server.url, name)));
                } else {
                    come_back(people, &server.url);
                }
                let mut died = false;
                for _ in 0..MATCHES_MAX {
                    died = play(people, |people| server.is_alive() && !people.iter().all(Person::has_had_enough));
                    if !died || !server.is_alive() {
                        break;
                    }
                    // Two who got out in one step are settled with their match, and no seat alone: they play another.
                    for person in &mut *people {
                        person.want_one_more();
                    }
                }
                assert!(died && !server.is_alive(), "{point} was never reached: {}", server.log());
                server.ended()
            }
        };
        let name = point.split(':').next().unwrap_or(point);
        assert!(!ended.status.success() && ended.status.code().is_none(), "it was ended by a signal: {ended:?}");
        assert!(ended.log.contains(&format!("crash point {name}\n")), "it died where it should: {}", ended.log);
        self.look_into_the_books();
    }

    /// Whatever the last moment of a server was, its books are right.
    pub(crate) fn look_into_the_books(&self) {
        let audit = self.store().audit().expect("the database can be read");
        assert!(audit.is_sound(), "the books are wrong: {audit}");
    }

    /// The database, while no server has it.
    pub(crate) fn store(&self) -> Store {
        Store::open(&self.data(), StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens")
    }

    /// Plays until nobody plays any more and everyone has the report of some match, and stops the server.
    pub(crate) fn end_well(&self, mut server: TestServer, people: &mut [Person]) {
        let ended = play(people, |people| {
            server.is_alive() && !people.iter().all(|person| person.has_settled() && !person.is_playing())
        });
        assert!(ended, "everyone comes to an end: {}\n{}", server.log(), describe(people));
        assert!(server.is_alive(), "the server is well: {}", server.log());
        let ended = server.terminate();
        assert_eq!(ended.status.code(), Some(0), "the server ends in order: {}", ended.log);
        books::check(self, people);
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

/// Lets everyone connect again. A server that dies meanwhile does not answer: nothing is lost by that.
pub(crate) fn come_back(people: &mut [Person], url: &str) {
    for person in people {
        person.come_back(url);
    }
}

/// Plays as long as `goes_on`; returns whether that ended before patience did.
pub(crate) fn play(people: &mut [Person], mut goes_on: impl FnMut(&[Person]) -> bool) -> bool {
    for _ in 0..FRAMES_MAX {
        if !goes_on(people) {
            return true;
        }
        frame(people);
    }
    false
}

/// One frame of everyone.
pub(crate) fn frame(people: &mut [Person]) {
    // Whoever has had enough plays on only where somebody who has not would be alone.
    let wanted = people.iter().any(|person| !person.has_settled() && person.is_idle());
    for person in &mut *people {
        person.act(wanted);
    }
    Player::frame_of_all(people.iter_mut().map(|person| &mut person.player));
}

fn describe(people: &[Person]) -> String {
    people.iter().map(|person| format!("{:?}\n", person.player.view())).collect()
}
