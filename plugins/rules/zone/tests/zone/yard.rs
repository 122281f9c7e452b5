//! A small zone to try things in, and what is said in it.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_content::{Content, ContentPack};
use hypogeum_items::{Item, Place};
use hypogeum_locale::{LocaleFile, Locales};
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, Grant, ItemId, MatchId, NetId, Seat, ShardId, StashedItem,
};
use hypogeum_shard::{
    Audience, Command, CommandBody, KindOutbox, LineupSeat, NetIdIndex, Occupant, Rules, Seed, Shard, ShardConfig,
    ShardKind, build_shard,
};
use hypogeum_space::Position;
use hypogeum_world_messages::{WorldCommand, WorldNews};
use hypogeum_zone::{Zone, ZoneSetup};

/// News as a client of a locale is sent them.
pub(crate) fn read(body: &[u8], locale: &str) -> WorldNews {
    static LOCALES: LazyLock<Locales> = LazyLock::new(|| {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
        let shipped = LocaleFile::read_all(&assets).expect("the shipped messages can be read");
        Locales::new(Zone::MESSAGES.iter().cloned().chain(shipped)).expect("and are messages")
    });
    let words = Zone::in_words(body, &LOCALES, LOCALES.find(locale));
    WorldNews::decode(words.as_deref().unwrap_or(body)).expect("clients can read it")
}

/// A safe hall, a yard east of it behind a door, a den with wolves south of the yard, a cellar behind a locked grate that
/// a lever opens, and a niche that is found only by who knows it.
const YARD: &str = r#"(
    name: "Yard", theme: "town", level: (1, 5), tick_hz: Some(10), side_m: 64,
    rooms: [
        (key: "hall", name: "Hall", description: "A bare hall.", area: (x: 4, y: 20, width: 12, height: 12), is_safe: true),
        (key: "yard", name: "Yard", description: "A walled yard.", area: (x: 16, y: 20, width: 16, height: 12)),
        (key: "den", name: "Den", description: "It smells of wolves.", area: (x: 16, y: 36, width: 12, height: 12)),
        (key: "gap", name: "Gap", description: "A gap in the rocks.", area: (x: 16, y: 32, width: 12, height: 4)),
        (key: "cellar", name: "Cellar", description: "Dry and cold.", area: (x: 32, y: 20, width: 10, height: 12)),
        (key: "niche", name: "Niche", description: "Nobody has been here for years.", area: (x: 4, y: 32, width: 6, height: 6)),
    ],
    ways: [
        (between: ("hall", "yard"), words: ("east", "west"), width_cm: 200,
         door: Some((key: "oak", name: "the oak door", starts: Closed))),
        (between: ("yard", "gap"), words: ("south", "north"), width_cm: 300),
        (between: ("gap", "den"), words: ("south", "north"), width_cm: 300),
        (between: ("yard", "cellar"), words: ("east", "west"), width_cm: 200,
         door: Some((key: "grate", name: "the iron grate", starts: Locked, opened_by: Some("ward_amulet")))),
        (between: ("hall", "niche"), words: ("niche", "hall"), width_cm: 150, is_secret: true),
    ],
    gates: [(room: "cellar", word: "down", to_zone: "below", to_room: "only")],
    levers: [(key: "chain", room: "yard", name: "the rusty chain", word: "chain")],
    spawners: [(npc: "wolf", count: 1, room: "den", respawn_ms: 5000)],
    furniture: [(room: "cellar", loot: "arms", refill_ms: 2000)],
    triggers: [
        (on: Pull("chain"), then: [Open("grate"), Announce(room: "yard", words: "Something rattles."), SetFlag("opened", true)]),
        (on: Flag("opened"), then: [Tell("You feel clever.")], once: true),
        (on: Enter("cellar"), when: [FlagIs("opened", true)], then: [Give("old_coin")], once: true),
        (on: Kill("wolf"), then: [Effect("rage")]),
        (on: Every(2000), when: [DoorIs("oak", Open)], then: [Close("oak")]),
    ],
    shrine: "hall",
    death: (respawn_ms: 2000, loses: Carried),
)"#;

const BELOW: &str = r#"(
    name: "Below", theme: "dungeon", level: (6, 9), side_m: 32,
    rooms: [(key: "only", name: "Only room", description: "There is no other.", area: (x: 4, y: 4, width: 8, height: 8))],
    gates: [(room: "only", word: "up", to_zone: "yard", to_room: "cellar")],
    shrine: "only", death: (respawn_ms: 1000, loses: Nothing),
)"#;

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| content_of(YARD, &[]));

/// The yard with texts replaced, beside more files.
pub(crate) fn content_with(replaced: &[(&str, &str)], more: &[(&str, &str)]) -> Arc<Content> {
    let yard = replaced.iter().fold(YARD.to_owned(), |yard, (from, to)| {
        assert_eq!(yard.matches(from).count(), 1, "{from:?} stands in the yard once");
        yard.replace(from, to)
    });
    content_of(&yard, more)
}

fn content_of(yard: &str, more: &[(&str, &str)]) -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let mut files =
        vec![("zones/yard.ron".to_owned(), yard.to_owned()), ("zones/below.ron".to_owned(), BELOW.to_owned())];
    files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
    for folder in
        ["abilities", "archetypes", "behaviours", "effects", "hazards", "items", "loot", "maps", "modes", "npcs"]
    {
        for file in std::fs::read_dir(assets.join(folder)).expect("the folder is there") {
            let file = file.expect("it can be listed").path();
            if file.extension().is_some_and(|ending| ending == "ron") {
                let name = file.file_name().expect("a file has a name").to_string_lossy().into_owned();
                let text = std::fs::read_to_string(&file).expect("it can be read");
                files.push((format!("{folder}/{name}"), text));
            }
        }
    }
    Arc::new(Content::from_files(files).unwrap_or_else(|errors| panic!("the content is good: {errors:#?}")))
}

pub(crate) fn content() -> Arc<Content> {
    Arc::clone(&CONTENT)
}

pub(crate) fn config() -> ShardConfig {
    ShardConfig { seed: Seed::numbered(7), tick_hz: 10, content: content() }
}

pub(crate) fn setup() -> ZoneSetup {
    ZoneSetup { id: ShardId(77), zone: "yard".to_owned() }
}

/// The yard, and everything its characters were told.
pub(crate) struct TestZone {
    pub(crate) shard: Shard,
    pub(crate) told: Vec<(NetId, WorldNews)>,
    next_seq: u32,
}

/// The yard with texts replaced, beside more files.
pub(crate) fn zone_with(replaced: &[(&str, &str)], more: &[(&str, &str)]) -> TestZone {
    TestZone::of(content_with(replaced, more))
}

impl TestZone {
    pub(crate) fn new() -> Self {
        Self::of(content())
    }

    /// One on a content, packed as a host packs it.
    pub(crate) fn of(content: Arc<Content>) -> Self {
        Self::called("yard", ShardConfig { content, ..config() })
    }

    /// Any zone of a content.
    pub(crate) fn called(zone: &str, config: ShardConfig) -> Self {
        let setup = ZoneSetup { zone: zone.to_owned(), ..setup() };
        let pack = Zone::content(&setup, &config.content).expect("the zone is there");
        // As after a restart: what is read of a log.
        let pack = ContentPack::read(pack.text()).expect("a pack can be read");
        let config = ShardConfig { content: Arc::clone(pack.content()), ..config };
        let shard = build_shard::<Zone>(config, &setup).expect("the zone can be built");
        Self { shard, told: Vec::new(), next_seq: 0 }
    }

    /// Somebody new, who stands in a room.
    pub(crate) fn in_room(&mut self, seat: u16, name: &str, room: &str) -> NetId {
        let body = Zone::body_in(&self.shard.world().resource::<Rules>().content, room);
        self.enter(seat, name, body, &[])
    }

    /// How many NPCs live in it.
    pub(crate) fn npcs(&mut self) -> usize {
        let world = self.shard.world_mut();
        world.query::<&hypogeum_npc::Npc>().iter(world).count()
    }

    pub(crate) fn step(&mut self, commands: &[(u16, CommandBody)]) {
        let commands: Vec<Command> =
            commands.iter().map(|(seat, body)| Command { seat: Seat(*seat), body: body.clone() }).collect();
        let hash = self.shard.step(&commands);
        assert_eq!(hash, self.shard.hash_from_nothing(), "no change of state goes unnoticed");
        assert_eq!(self.shard.unregistered(), [""; 0], "everything is registered");
        for (audience, body) in self.shard.world().resource::<KindOutbox>().iter() {
            let Audience::Only(who) = audience else { panic!("a zone speaks to one at a time: {audience:?}") };
            self.told.push((who, read(body, "en")));
        }
    }

    pub(crate) fn steps(&mut self, count: u32) {
        for _ in 0..count {
            self.step(&[]);
        }
    }

    /// Steps until something holds.
    pub(crate) fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        for _ in 0..600 {
            if holds(self) {
                return;
            }
            self.step(&[]);
        }
        let words = self.told.iter().filter_map(|(who, news)| match news {
            WorldNews::Told { words, .. } => Some((who.0, words)),
            _ => None,
        });
        panic!("{what} never comes; the last that was told: {:#?}", words.rev().take(12).collect::<Vec<_>>());
    }

    /// Somebody new comes in, with a body and things.
    pub(crate) fn enter(&mut self, seat: u16, name: &str, body: Vec<u8>, items: &[(u32, &str)]) -> NetId {
        let id = |serial| ItemId { origin: 1, serial };
        let items = items.iter().map(|(serial, key)| StashedItem::new(id(*serial), *key)).collect();
        self.enter_with(seat, name, body, items)
    }

    /// Somebody comes in with a body and things as they are.
    pub(crate) fn enter_with(&mut self, seat: u16, name: &str, body: Vec<u8>, items: Vec<StashedItem>) -> NetId {
        let brings = LineupSeat {
            occupant: Occupant::Account(AccountId(u64::from(seat) + 1)),
            name: name.to_owned(),
            level: 1,
            rating: 0,
            items,
            character: Some(CharacterSheet { id: CharacterId(u64::from(seat) + 100), place: String::new(), body }),
        };
        self.step(&[(seat, CommandBody::Join { visit: MatchId(u64::from(seat) + 1_000), brings: Box::new(brings) })]);
        self.avatar(seat)
    }

    pub(crate) fn newcomer(&mut self, seat: u16, name: &str) -> NetId {
        self.enter(seat, name, Vec::new(), &[])
    }

    pub(crate) fn avatar(&self, seat: u16) -> NetId {
        Zone::avatar(self.shard.world(), Seat(seat)).expect("it is there")
    }

    /// Lets somebody go; returns what the visit was worth.
    pub(crate) fn leave(&mut self, seat: u16) -> Grant {
        self.step(&[(seat, CommandBody::Leave)]);
        Zone::visit_grant(self.shard.world(), Seat(seat)).expect("a visit is worth something")
    }

    /// Somebody types a line.
    pub(crate) fn types(&mut self, seat: u16, line: &str) {
        self.next_seq += 1;
        self.types_numbered(seat, line, self.next_seq);
    }

    /// Somebody types a line, which its client numbers so.
    pub(crate) fn types_numbered(&mut self, seat: u16, line: &str, seq: u32) {
        let command = WorldCommand::Line { words: line.to_owned() };
        self.step(&[(seat, CommandBody::Custom { seq, body: command.encode().into() })]);
    }

    /// Whether somebody was told words like these since that was asked last.
    pub(crate) fn was_told(&self, who: NetId, part: &str) -> bool {
        self.words(who).iter().any(|words| words.contains(part))
    }

    /// All that somebody was told in words.
    pub(crate) fn words(&self, who: NetId) -> Vec<String> {
        let own = self.told.iter().filter(|(one, _)| *one == who);
        own.filter_map(|(_, news)| match news {
            WorldNews::Told { words, .. } => Some(words.clone()),
            _ => None,
        })
        .collect()
    }

    pub(crate) fn at(&self, who: NetId) -> Position {
        let world = self.shard.world();
        let entity = world.resource::<NetIdIndex>().entity(who).expect("it is there");
        *world.get::<Position>(entity).expect("it has a place")
    }

    /// The key of the room somebody is in.
    pub(crate) fn room(&self, who: NetId) -> String {
        let world = self.shard.world();
        let entity = world.resource::<NetIdIndex>().entity(who).expect("it is there");
        let room = world.get::<hypogeum_zone::InRoom>(entity).expect("it is somewhere");
        let content = content();
        let zone = content.zones.id("yard").expect("it is there");
        content.zones[zone].rooms[usize::from(room.0)].key.clone()
    }

    /// Types a way and waits until one is there.
    pub(crate) fn walk(&mut self, seat: u16, word: &str, to: &str) {
        self.types(seat, word);
        let who = self.avatar(seat);
        self.until(&format!("{word} to {to}"), |test| test.room(who) == to);
        // On, out of the opening.
        self.steps(5);
    }

    /// Every item there is, by its name for ever: none twice.
    pub(crate) fn items(&mut self) -> Vec<ItemId> {
        let world = self.shard.world_mut();
        let mut items: Vec<ItemId> = world.query::<(&Item, &Place)>().iter(world).map(|(item, _)| item.id).collect();
        items.sort_unstable();
        let count = items.len();
        items.dedup();
        assert_eq!(items.len(), count, "every item is there once");
        items
    }
}
