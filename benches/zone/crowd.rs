//! A thousand who play in words and by hand.

use std::time::{Duration, Instant};

use hypogeum_client::{Api, Change, Client, Login, Steering, UdpWire};
use hypogeum_protocol::CharacterId;
use hypogeum_world_messages::{WorldCommand, WorldNews};

/// How often one who plays is listened to.
const FRAME: Duration = Duration::from_millis(50);
/// Frames to an input: the zone takes ten steps a second, and one input of each player for each of them.
const STEERED_FRAMES: u32 = 2;
/// How often one who waits to be let in is listened to.
const WAITING_FRAME: Duration = Duration::from_millis(4);
const LINES: [&str; 12] = [
    "kill wolf",
    "kill raider",
    "get all",
    "say who goes there?",
    "north",
    "south",
    "east",
    "west",
    "kill rat",
    "look",
    "stop",
    "flee",
];

/// Somebody who plays.
struct Person {
    login: Login,
    character: CharacterId,
    client: Client<UdpWire>,
    is_welcome: bool,
    /// When it was listened to last: clients go by the time since.
    polled: Instant,
    /// When it asked to be let in, and how long that took.
    asked: Option<Instant>,
    waited: Option<Duration>,
}

pub(crate) struct Crowd {
    people: Vec<Person>,
    frames: u32,
    pub(crate) told: u64,
    pub(crate) blows: u64,
}

impl Crowd {
    /// Does something with the crowd while its thread yields to the server: they share the cores here, and would not anywhere else.
    pub(crate) fn behind_the_server<T: Send>(&mut self, work: impl FnOnce(&mut Self) -> T + Send) -> T {
        std::thread::scope(|scope| {
            let working = scope.spawn(|| {
                let thread = nix::unistd::gettid().to_string();
                let renice = std::process::Command::new("renice").args(["-n", "10", "-p", &thread]).output();
                assert!(renice.is_ok_and(|done| done.status.success()), "a thread may yield to others");
                work(self)
            });
            working.join().expect("it ends")
        })
    }

    /// Lets everyone register and connect; nobody has entered.
    pub(crate) fn connect(url: &str, count: usize) -> Self {
        let api = Api::new(url).expect("the server's URL is good");
        let person = |number: usize| {
            let name = format!("Walker{number}");
            let login = api.guest(&name).expect("guests are let in");
            let character = api.create_character(&login, &name).expect("an account can have a character").id;
            let connection = api.connect_token_as(&login, Some(character)).expect("a login gets a token");
            let client = Client::connect(&connection).expect("the token opens a socket");
            let polled = Instant::now();
            Person { login, character, client, is_welcome: false, polled, asked: None, waited: None }
        };
        let mut crowd = Self { people: Vec::new(), frames: 0, told: 0, blows: 0 };
        // Tokens are good for half a minute: those who have one shake hands while others still ask.
        for number in 0..count {
            crowd.people.push(person(number));
            if number % 16 == 0 {
                crowd.frame(Instant::now());
            }
        }
        crowd.until_all("welcome", |person| person.is_welcome);
        crowd
    }

    /// Lets everyone in, so many a second; returns how long each waited, in milliseconds, rising.
    pub(crate) fn enter(&mut self, per_s: usize) -> Vec<f64> {
        let began = Instant::now();
        let mut asked = 0;
        while self.people.iter().any(|person| person.waited.is_none()) {
            let due = (began.elapsed().as_secs_f64() * per_s as f64) as usize;
            for person in self.people.iter_mut().take(due).skip(asked) {
                person.client.enter_world("");
                person.client.flush();
                person.asked = Some(Instant::now());
            }
            asked = asked.max(due);
            assert!(began.elapsed() < Duration::from_secs(120), "everyone gets in");
            // Each would have a machine of its own: those who wait are not to wait for the others to be listened to.
            self.listen(Instant::now() + WAITING_FRAME, |person| {
                person.asked.is_some() && person.waited.is_none() || person.polled.elapsed() >= FRAME
            });
        }
        let mut waits: Vec<f64> =
            self.people.iter().filter_map(|person| Some(person.waited?.as_secs_f64() * 1_000.0)).collect();
        waits.sort_by(f64::total_cmp);
        waits
    }

    /// Lets everyone play for a while.
    pub(crate) fn play(&mut self, time: Duration) {
        let ends = Instant::now() + time;
        while Instant::now() < ends {
            let next = Instant::now() + FRAME;
            self.act();
            self.frame(next);
        }
    }

    /// Lets everyone come back to a server that was away, where they were.
    pub(crate) fn come_back(&mut self, url: &str) {
        let api = Api::new(url).expect("the server's URL is good");
        for at in 0..self.people.len() {
            let person = &mut self.people[at];
            let patience = Duration::from_secs(30);
            let connection = api.come_back(&mut person.login, Some(person.character), patience).expect("it is back");
            person.is_welcome = false;
            person.client.resume(UdpWire::connect(&connection.token).expect("the token opens a socket"));
            if at % 16 == 0 {
                self.frame(Instant::now());
            }
        }
        self.until_all("welcome again", |person| person.is_welcome && person.client.view().current.is_some());
    }

    /// Bytes that everyone has sent and received.
    pub(crate) fn traffic(&self) -> (u64, u64) {
        self.people.iter().fold((0, 0), |(sent, received), person| {
            let traffic = person.client.traffic();
            (sent + traffic.bytes_out, received + traffic.bytes_in)
        })
    }

    /// Bytes of chunks that a player was sent so far, on average.
    pub(crate) fn ground_bytes(&self) -> usize {
        let bytes: usize = self.people.iter().map(|person| person.client.chunk_cache().bytes()).sum();
        bytes / self.people.len().max(1)
    }

    /// One in forty types a line in each frame, which is one in two seconds for each; half of the others walk. All steer, but
    /// only once for each step of the zone.
    fn act(&mut self) {
        self.frames += 1;
        let frames = self.frames;
        for (number, person) in self.people.iter_mut().enumerate() {
            let turn = frames + number as u32;
            if turn.is_multiple_of(40) {
                let line = LINES[(turn / 40 + number as u32 * 7) as usize % LINES.len()];
                person.client.command(WorldCommand::Line { words: line.to_owned() }.encode());
            }
            if !turn.is_multiple_of(STEERED_FRAMES) {
                continue;
            }
            let walks = (turn / 60).is_multiple_of(2);
            let walk = (number as u32 * 7_919).wrapping_add(frames / 80 * 16_411) as u16;
            let pace = if walks { 100 } else { 0 };
            person.client.steer(Steering { walk, pace, aim: walk, ability: 0 });
        }
    }

    fn frame(&mut self, ends: Instant) {
        self.listen(ends, |_| true);
    }

    /// Listens to some of them, and sends what they have to say.
    fn listen(&mut self, ends: Instant, is_due: impl Fn(&Person) -> bool) {
        let (mut told, mut blows) = (0, 0);
        for person in self.people.iter_mut().filter(|person| is_due(person)) {
            let passed = person.polled.elapsed();
            person.polled = Instant::now();
            person.client.flush();
            for change in person.client.poll(passed) {
                match change {
                    Change::Opened => person.client.hello("zone bench"),
                    Change::Welcomed => person.is_welcome = true,
                    Change::MatchStarted => {
                        if let (Some(asked), None) = (person.asked, person.waited) {
                            person.waited = Some(asked.elapsed());
                        }
                    }
                    Change::Told(body) => {
                        if let Ok(WorldNews::Told { id, .. }) = WorldNews::decode(&body) {
                            told += 1;
                            blows += u64::from(id == "you-hit" || id == "hits-you");
                        }
                    }
                    _ => {}
                }
            }
        }
        self.told += told;
        self.blows += blows;
        std::thread::sleep(ends.saturating_duration_since(Instant::now()));
    }

    fn until_all(&mut self, what: &str, holds: impl Fn(&Person) -> bool) {
        let began = Instant::now();
        while !self.people.iter().all(&holds) {
            assert!(began.elapsed() < Duration::from_secs(120), "everyone gets a {what}");
            self.frame(Instant::now() + FRAME);
        }
    }
}

/// So many thousandths of sorted numbers are at most this.
pub(crate) fn percentile(sorted: &[f64], thousandths: usize) -> f64 {
    sorted[(sorted.len() - 1) * thousandths / 1_000]
}
