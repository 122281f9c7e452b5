//! People of a test: each with an account, a socket, and eyes.

use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError, Change, Client, Connection, Login, Steering, UdpWire, View};
use hypogeum_protocol::{Act, CharacterId, GameEvent, ItemId, NetId, OwnState, Record, RecordKind};

/// A whole turn is 65,536.
const TURN: f64 = 65_536.0;
/// A person's frame.
const FRAME: Duration = Duration::from_millis(33);
/// After so long without what was waited for, the test has failed; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(90);
/// Password of every throwaway account.
const PASSWORD: &str = "a password for tests only";

/// Someone who plays. Everything waits for what the server shows, and panics with the situation if it never does.
#[derive(Debug)]
pub struct Player {
    name: String,
    locale: String,
    way_in: WayIn,
    login: Login,
    character: Option<CharacterId>,
    client: Client<UdpWire>,
    seen: Vec<Change>,
    feet: Feet,
}

/// How someone logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WayIn {
    Password,
    Guest,
}

impl WayIn {
    fn log_in(self, api: &Api, name: &str) -> Result<Login, ApiError> {
        match self {
            Self::Password => api.login(name, PASSWORD),
            Self::Guest => api.guest(name),
        }
    }
}

/// Notices walls: someone who walks and gets nowhere goes sideways for a while.
#[derive(Debug, Default)]
struct Feet {
    last: (i32, i32),
    frames_stuck: u32,
    frames_sideways: u32,
    turn: u16,
}

impl Feet {
    /// Frames without progress that mean a wall, and frames spent going round it.
    const STUCK_FRAMES: u32 = 6;
    const SIDEWAYS_FRAMES: u32 = 24;

    fn detour(&mut self, at: (i32, i32), wanted: u16) -> u16 {
        if self.frames_sideways > 0 {
            self.frames_sideways -= 1;
            return self.turn;
        }
        let moved = (at.0 - self.last.0).abs() + (at.1 - self.last.1).abs();
        self.frames_stuck = if moved < 8 { self.frames_stuck + 1 } else { 0 };
        self.last = at;
        if self.frames_stuck > Self::STUCK_FRAMES {
            *self = Self {
                last: at,
                frames_stuck: 0,
                frames_sideways: Self::SIDEWAYS_FRAMES,
                turn: wanted.wrapping_add(16_384),
            };
        }
        wanted
    }
}

/// The character of this name, made where there is none.
fn made(api: &Api, login: &Login, name: &str) -> CharacterId {
    let own = api.characters(login).expect("the characters are listed");
    let known = own.into_iter().find(|character| character.name == name);
    known.unwrap_or_else(|| api.create_character(login, name).expect("a character is made")).id
}

impl Player {
    /// Registers if the name is new, and logs in.
    ///
    /// # Panics
    /// Where the server refuses.
    #[must_use]
    pub fn connection(url: &str, name: &str) -> Connection {
        let api = Api::new(url).expect("the server's URL is good");
        register(&api, name);
        let login = WayIn::Password.log_in(&api, name).expect("a registered account can log in");
        api.connect_token(&login).expect("a login gets a connect token")
    }

    /// Logs in, connects, says hello and is welcomed.
    #[must_use]
    pub fn enter(url: &str, name: &str) -> Self {
        register(&Api::new(url).expect("the server's URL is good"), name);
        Self::come_in(url, name, WayIn::Password, None, "")
    }

    /// As [`Player::enter`], but without a password, on a server that takes guests: much faster.
    #[must_use]
    pub fn guest(url: &str, name: &str) -> Self {
        Self::come_in(url, name, WayIn::Guest, None, "")
    }

    /// As [`Player::guest`], but as a character of this name, which is made where the account has none.
    #[must_use]
    pub fn guest_as(url: &str, name: &str, character: &str) -> Self {
        Self::come_in(url, name, WayIn::Guest, Some(character), "")
    }

    /// As [`Player::guest_as`], but it reads in another language.
    #[must_use]
    pub fn guest_reading(url: &str, name: &str, character: &str, locale: &str) -> Self {
        Self::come_in(url, name, WayIn::Guest, Some(character), locale)
    }

    /// The character it plays, if it plays one.
    #[must_use]
    pub const fn character(&self) -> Option<CharacterId> {
        self.character
    }

    fn come_in(url: &str, name: &str, way_in: WayIn, character: Option<&str>, locale: &str) -> Self {
        let api = Api::new(url).expect("the server's URL is good");
        let login = way_in.log_in(&api, name).expect("the account can log in");
        let character = character.map(|character| made(&api, &login, character));
        let connection = api.connect_token_as(&login, character).expect("a login gets a connect token");
        let client = Client::connect(&connection).expect("the token opens a socket");
        let (seen, feet) = (Vec::new(), Feet::default());
        let (name, locale) = (name.to_owned(), locale.to_owned());
        let mut player = Self { name, locale, way_in, login, character, client, seen, feet };
        player.until("the welcome", |player| player.view().session.is_some());
        player
    }

    /// Comes back to a server that was away, wherever it is now: with the login it has where that is still good, with a
    /// new one where it is not. What it has seen it keeps. It is welcomed once [`View::session`] is there.
    ///
    /// # Errors
    /// Where the server does not let it in, or is gone again.
    pub fn reconnect(&mut self, url: &str) -> Result<(), ApiError> {
        let api = Api::new(url)?;
        let connection = match api.connect_token_as(&self.login, self.character) {
            Err(error) if error.status() == Some(401) => {
                self.login = self.way_in.log_in(&api, &self.name)?;
                api.connect_token_as(&self.login, self.character)?
            }
            answer => answer?,
        };
        self.client.resume(UdpWire::connect(&connection.token).expect("the token opens a socket"));
        self.feet = Feet::default();
        Ok(())
    }

    /// What it knows.
    #[must_use]
    pub fn view(&self) -> &View {
        self.client.view()
    }

    /// Its client, to say what no method here says.
    pub const fn client(&mut self) -> &mut Client<UdpWire> {
        &mut self.client
    }

    /// Everything that changed since it was last asked.
    pub fn take_seen(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.seen)
    }

    /// What happened in its match since it was last asked; whatever else has changed is forgotten.
    pub fn take_events(&mut self) -> Vec<GameEvent> {
        let happened = |change: Change| match change {
            Change::Happened(events) => events,
            _ => Vec::new(),
        };
        self.take_seen().into_iter().flat_map(happened).collect()
    }

    /// Lets one frame pass: takes in what came, sends what is to be sent.
    pub fn frame(&mut self) {
        Self::frame_of_all(std::slice::from_mut(self));
    }

    /// Lets the same frame pass for many.
    pub fn frame_of_all<'a>(players: impl IntoIterator<Item = &'a mut Self>) {
        let mut players: Vec<_> = players.into_iter().collect();
        for player in &mut players {
            player.client.flush();
        }
        thread::sleep(FRAME);
        for player in players {
            let changes = player.client.poll(FRAME);
            if changes.contains(&Change::Opened) {
                player.client.hello_in("testkit", &player.locale);
            }
            player.seen.extend(changes);
        }
    }

    /// Lets frames pass until something holds.
    ///
    /// # Panics
    /// Naming `what`, if it never does.
    pub fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "{} waited in vain for {what}; it knows {:?}", self.name, self.view());
            self.frame();
        }
    }

    /// Joins the queue of a mode and waits for the loadout.
    pub fn queue(&mut self, mode: &str) {
        self.client.join_queue(mode);
    }

    /// Once the loadout opens, takes everything of these templates along, and waits for the match to begin.
    pub fn bring(&mut self, templates: &[&str]) {
        self.until("the loadout", |player| player.view().loadout.is_some());
        let offer = self.view().loadout.clone().expect("just seen");
        let items: Vec<ItemId> = offer
            .stash
            .iter()
            .filter(|item| templates.contains(&item.template.as_str()))
            .map(|item| item.item)
            .collect();
        assert_eq!(items.len(), templates.len(), "{}: the stash has {:?}", self.name, offer.stash);
        self.client.choose_loadout(items);
    }

    /// Its avatar, while there is one.
    #[must_use]
    pub fn own(&self) -> Option<OwnState> {
        self.view().snapshot.as_ref()?.own
    }

    /// Its avatar's name.
    #[must_use]
    pub fn avatar(&self) -> Option<NetId> {
        Some(self.view().current.as_ref()?.avatar)
    }

    /// The nearest thing of a kind in sight.
    #[must_use]
    pub fn nearest(&self, kind: RecordKind) -> Option<Record> {
        let own = self.own()?;
        let distance = |record: &&Record| i64::from(record.x - own.x).pow(2) + i64::from(record.y - own.y).pow(2);
        let records = &self.view().snapshot.as_ref()?.records;
        records.iter().filter(|record| record.kind == kind).min_by_key(distance).copied()
    }

    /// What it sees of an avatar, while that is in sight.
    #[must_use]
    pub fn sight_of(&self, avatar: NetId) -> Option<Record> {
        let records = &self.view().snapshot.as_ref()?.records;
        records.iter().find(|record| record.kind == RecordKind::Player && record.id == avatar).copied()
    }

    /// Walks straight toward a place, looking there and using an ability (0 for none); returns the distance left in
    /// subunits. One frame's steering: call it once a frame.
    pub fn walk(&mut self, (x, y): (i32, i32), ability: u8) -> f64 {
        let Some(own) = self.own() else { return f64::INFINITY };
        let (dx, dy) = (f64::from(x - own.x), f64::from(y - own.y));
        let turn = ((dy.atan2(dx) / std::f64::consts::TAU * TURN).round() as i64).rem_euclid(65_536) as u16;
        let distance = dx.hypot(dy);
        let pace = if distance < 128.0 { 0 } else { 100 };
        let walk = if pace == 0 { turn } else { self.feet.detour((own.x, own.y), turn) };
        self.client.steer(Steering { walk, pace, aim: turn, ability });
        distance
    }

    /// Does something once.
    pub fn act(&mut self, act: Act) -> u32 {
        self.client.act(act)
    }
}

fn register(api: &Api, name: &str) {
    if let Err(error) = api.register(name, PASSWORD) {
        assert_eq!(error.code(), "name_taken", "{name} cannot register: {error}");
    }
}
