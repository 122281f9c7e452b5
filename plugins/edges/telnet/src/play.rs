//! What somebody in the world is told, as words and as data beside them; and what they type, as messages.

use hypogeum_protocol::{CarriedItem, ChatChannel, ClientMessage, ErrorCode, GameEvent, ServerMessage};
use hypogeum_world_messages::{DoorState, ExitNews, RoomNews, StatsNews, WorldCommand, WorldNews};
use serde_json::{Map, Value, json};

use crate::doorkeeper::Words;
use crate::phrase::{self, Phrase};
use crate::protocol::page::Style;

/// What follows on a message.
#[derive(Debug, PartialEq)]
pub(crate) enum Said {
    /// Words are printed.
    Words(Style, String),
    /// Telnet itself says something.
    Phrase(Phrase),
    /// Data is told in GMCP.
    Data(&'static str, Value),
    /// How one is has changed: the newest of it is enough.
    Vitals,
    /// The server is told something.
    Answer(ClientMessage),
    /// The visit is over.
    Over,
}

/// What has to do with how a message is read.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) words: &'a dyn Words,
    pub(crate) locale: &'a str,
    /// Whether any data beside the words is wanted.
    pub(crate) wants_data: bool,
    /// Whether lists of items are: names are looked up for them.
    pub(crate) wants_items: bool,
}

/// What is known of somebody's visit.
#[derive(Debug, Default)]
pub(crate) struct Play {
    stats: StatsNews,
    room: Option<RoomNews>,
    place: String,
    carried: Vec<CarriedItem>,
    /// The number of the last command.
    seq: u32,
    /// What a new character is to be.
    wish: String,
    is_in: bool,
    is_leaving: bool,
}

impl Play {
    /// Somebody who has not come in yet. `seq`: the number of their last command, beyond those of earlier connections.
    pub(crate) fn new(wish: String, seq: u32) -> Self {
        Self { wish, seq, ..Self::default() }
    }

    /// Whether they are in the world.
    pub(crate) const fn is_in(&self) -> bool {
        self.is_in
    }

    /// How one is.
    pub(crate) const fn stats(&self) -> &StatsNews {
        &self.stats
    }

    /// What was typed, as a message.
    pub(crate) fn command(&mut self, words: String) -> ClientMessage {
        self.seq = self.seq.saturating_add(1);
        ClientMessage::Command { seq: self.seq, body: WorldCommand::Line { words }.encode() }
    }

    /// Takes a message of the server.
    pub(crate) fn hear(&mut self, message: &ServerMessage, reader: Reader<'_>, mut say: impl FnMut(Said)) {
        match message {
            ServerMessage::Welcome { current_match: None, name, .. } => {
                say(Said::Data("Char.Name", json!({ "name": name, "fullname": name })));
                say(Said::Answer(ClientMessage::EnterWorld { wish: std::mem::take(&mut self.wish) }));
            }
            ServerMessage::Welcome { name, .. } => {
                say(Said::Data("Char.Name", json!({ "name": name, "fullname": name })));
            }
            ServerMessage::MatchStarted { mode, .. } => {
                self.place.clone_from(mode);
                (self.is_in, self.is_leaving) = (true, false);
            }
            ServerMessage::Told { body, .. } => {
                if let Ok(news) = WorldNews::decode(body) {
                    self.hear_news(news, reader, &mut say);
                }
            }
            ServerMessage::ChatLine(line) => {
                if reader.wants_data {
                    let data = json!({ "channel": channel(line.channel), "talker": line.from, "text": line.text });
                    say(Said::Data("Comm.Channel.Text", data));
                }
                say(Said::Words(Style::Speech, line.text.clone()));
            }
            ServerMessage::ChatPage { lines, .. } => {
                lines.iter().for_each(|line| say(Said::Words(Style::Speech, line.text.clone())));
            }
            ServerMessage::ChatNotice { text, .. } => say(Said::Words(Style::Notice, text.clone())),
            ServerMessage::Inventory { items, .. } => self.hear_inventory(items, reader, &mut say),
            ServerMessage::Events { events, .. } => {
                for event in events {
                    if let GameEvent::Refused { code, .. } = event {
                        say(Said::Phrase(not_done(*code)));
                    }
                }
            }
            ServerMessage::Error { code, retry_after_ms, .. } => self.hear_error(*code, *retry_after_ms, &mut say),
            ServerMessage::Settled { .. } if self.is_leaving => say(Said::Over),
            // A match that words cannot play.
            ServerMessage::LoadoutOpen { .. } | ServerMessage::Phase { .. } => {
                say(Said::Phrase(Phrase::new(phrase::IN_A_MATCH)));
                say(Said::Over);
            }
            _ => {}
        }
    }

    fn hear_error(&mut self, code: ErrorCode, retry_after_ms: u32, say: &mut impl FnMut(Said)) {
        if code == ErrorCode::Stale {
            // An earlier connection has counted further: that is made up for.
            self.seq = self.seq.saturating_add(1 << 20);
        }
        if !self.is_in && retry_after_ms > 0 {
            let seconds = retry_after_ms.div_ceil(1_000).to_string();
            say(Said::Phrase(Phrase::new(phrase::TRY_LATER).with("seconds", seconds)));
        } else {
            say(Said::Phrase(not_done(code)));
        }
        // Whoever cannot enter has nothing to do here.
        if !self.is_in {
            say(Said::Over);
        }
    }

    fn hear_news(&mut self, news: WorldNews, reader: Reader<'_>, say: &mut impl FnMut(Said)) {
        match news {
            WorldNews::Told { id, words, .. } => {
                self.is_leaving |= id == "goodbye";
                if id == "room" {
                    // Its name stands in the first line.
                    let (name, rest) = words.split_once('\n').unwrap_or((words.as_str(), ""));
                    say(Said::Words(Style::Place, name.to_owned()));
                    return say(Said::Words(Style::Plain, rest.to_owned()));
                }
                say(Said::Words(style(&id), words));
            }
            WorldNews::Room(room) => {
                if reader.wants_data {
                    say(Said::Data("Room.Info", self.room_info(&room)));
                }
                self.room = Some(room);
            }
            WorldNews::Stats(stats) => {
                self.stats = stats;
                say(Said::Vitals);
            }
            WorldNews::Completions { words } => {
                say(Said::Phrase(Phrase::new(phrase::COMPLETIONS).with("words", words.join(", "))));
            }
            WorldNews::Table(table) if reader.wants_data => {
                let names = |items: &[CarriedItem]| items.iter().map(|item| called(reader, item)).collect::<Vec<_>>();
                let data = json!({ "own": names(&table.own), "their": names(&table.their), "version": table.version });
                say(Said::Data("Char.Trade", data));
            }
            // In words these are told beside.
            WorldNews::Door { .. } | WorldNews::Wares(_) | WorldNews::Table(_) => {}
        }
    }

    /// A list at first, then what has changed of it.
    fn hear_inventory(&mut self, items: &[CarriedItem], reader: Reader<'_>, say: &mut impl FnMut(Said)) {
        let before = std::mem::replace(&mut self.carried, items.to_vec());
        if !reader.wants_items {
            return;
        }
        if before.is_empty() {
            return say(Said::Data("Char.Items.List", self.items(reader)));
        }
        for gone in before.iter().filter(|old| !items.iter().any(|item| item.id == old.id)) {
            say(Said::Data("Char.Items.Remove", json!({ "location": "inv", "item": item_info(reader, gone) })));
        }
        for item in items {
            let told = match before.iter().find(|old| old.id == item.id) {
                None => "Char.Items.Add",
                Some(old) if old != item => "Char.Items.Update",
                Some(_) => continue,
            };
            say(Said::Data(told, json!({ "location": "inv", "item": item_info(reader, item) })));
        }
    }

    /// All that one carries.
    pub(crate) fn items(&self, reader: Reader<'_>) -> Value {
        let items: Vec<Value> = self.carried.iter().map(|item| item_info(reader, item)).collect();
        json!({ "location": "inv", "items": items })
    }

    /// How one is, as data.
    pub(crate) fn vitals(&self) -> Value {
        let StatsNews { hp, hp_max, mp, mp_max, level, xp, xp_next } = self.stats;
        json!({ "hp": hp, "maxhp": hp_max, "mp": mp, "maxmp": mp_max, "level": level, "xp": xp, "nextxp": xp_next })
    }

    /// Where one is, as data, once that is known.
    pub(crate) fn room(&self) -> Option<Value> {
        self.room.as_ref().map(|room| self.room_info(room))
    }

    fn room_info(&self, room: &RoomNews) -> Value {
        let exit = |exit: &ExitNews| (exit.word.clone(), Value::from(state(exit)));
        let exits: Map<String, Value> = room.exits.iter().map(exit).collect();
        json!({
            "num": number_of(&self.place, &room.key), "id": room.key, "area": self.place, "name": room.name,
            "desc": room.description, "safe": room.is_safe, "exits": exits,
        })
    }
}

/// What is in the way, for the person.
fn not_done(code: ErrorCode) -> Phrase {
    Phrase::new(phrase::NOT_DONE).with("why", code.message())
}

/// A number for a room, for clients that draw maps by numbers: the same at every server that has the place.
fn number_of(place: &str, room: &str) -> u32 {
    // FNV-1a, of which the sign bit is left out.
    let bytes = place.bytes().chain([b'/']).chain(room.bytes());
    bytes.fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)) & 0x7FFF_FFFF
}

const fn state(exit: &ExitNews) -> &'static str {
    match exit.door {
        None => "open",
        Some(door) => match door.state {
            DoorState::Open => "open",
            DoorState::Closed => "closed",
            DoorState::Locked => "locked",
        },
    }
}

const fn channel(channel: ChatChannel) -> &'static str {
    match channel {
        ChatChannel::Room => "room",
        ChatChannel::Zone => "zone",
        ChatChannel::Party => "party",
        ChatChannel::Whisper => "whisper",
        ChatChannel::Global => "global",
    }
}

fn called(reader: Reader<'_>, item: &CarriedItem) -> String {
    reader.words.item(reader.locale, &item.template, item.state.count)
}

fn item_info(reader: Reader<'_>, item: &CarriedItem) -> Value {
    let attributes = if item.equipped { "w" } else { "" };
    let (id, count) = (item.id.0.to_string(), item.state.count);
    json!({
        "id": id, "name": called(reader, item), "attrib": attributes, "count": count, "template": item.template,
    })
}

/// How a message of a place is meant.
fn style(id: &str) -> Style {
    match id {
        "hits-you" | "you-are-hurt" | "you-die" | "danger-begins" | "danger-is-here" | "breaks" => Style::Danger,
        "you-gain" | "level-up" | "you-get" | "you-recover" | "heals-you" | "you-wake" => Style::Gain,
        "says" | "gm-announces" => Style::Speech,
        _ => Style::Plain,
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{AccountId, ItemId, ItemState, MatchId, NetId, SessionId};

    use super::*;
    use crate::doorkeeper::Arguments;

    struct Plain;

    impl Words for Plain {
        fn words(&self, _: &str, id: &'static str, _: Arguments<'_>) -> String {
            id.to_owned()
        }

        fn item(&self, _: &str, template: &str, count: u32) -> String {
            format!("{count} {template}")
        }

        fn archetype(&self, _: &str, key: &str) -> String {
            key.to_owned()
        }

        fn nearest(&self, wish: &str) -> String {
            wish.to_owned()
        }
    }

    fn hear(play: &mut Play, message: &ServerMessage) -> Vec<Said> {
        let mut said = Vec::new();
        let reader = Reader { words: &Plain, locale: "en", wants_data: true, wants_items: true };
        play.hear(message, reader, |it| said.push(it));
        said
    }

    fn told(news: &WorldNews) -> ServerMessage {
        ServerMessage::Told { tick: 1, body: news.encode() }
    }

    fn words(id: &str, words: &str) -> ServerMessage {
        told(&WorldNews::Told { id: id.to_owned(), arguments: Vec::new(), words: words.to_owned() })
    }

    fn started() -> ServerMessage {
        ServerMessage::MatchStarted {
            match_id: MatchId(1),
            mode: "town".to_owned(),
            tick_hz: 20,
            avatar: NetId(1),
            radius: 1,
            side: 1,
            obstacles: Vec::new(),
            pois: Vec::new(),
            exits: Vec::new(),
        }
    }

    #[test]
    fn who_is_welcomed_enters_and_who_quits_is_gone_once_all_is_kept() {
        let mut play = Play::new("mage".to_owned(), 7);
        let welcome = ServerMessage::Welcome {
            session: SessionId(1),
            account: AccountId(1),
            name: "Ann".to_owned(),
            protocol_version: 9,
            tick_hz: 30,
            content_hash: [0; 32],
            modes: Vec::new(),
            current_match: None,
            locale: "en".to_owned(),
        };
        let enters = Said::Answer(ClientMessage::EnterWorld { wish: "mage".to_owned() });
        assert_eq!(hear(&mut play, &welcome).pop(), Some(enters));
        assert!(!play.is_in());
        hear(&mut play, &started());
        let command = play.command("quit".to_owned());
        assert!(matches!(command, ClientMessage::Command { seq: 8, .. }), "numbers rise");
        let settled = ServerMessage::Settled {
            match_id: MatchId(1),
            report: hypogeum_protocol::SettledReport {
                outcome: hypogeum_protocol::Outcome::Extracted,
                kills: 0,
                damage_dealt: 0,
                xp_gained: 0,
                level: 1,
                items_secured: 0,
                currency_gained: 0,
                rating: 0,
            },
        };
        assert_eq!(hear(&mut play, &settled), [], "who goes through a gate goes on");
        hear(&mut play, &words("goodbye", "Bye."));
        assert_eq!(hear(&mut play, &settled), [Said::Over]);
    }

    #[test]
    fn a_room_is_told_in_words_and_as_data() {
        let mut play = Play::default();
        hear(&mut play, &started());
        let exits = vec![ExitNews { word: "north".to_owned(), door: None }];
        let room = RoomNews {
            key: "inn".to_owned(),
            name: "The Inn".to_owned(),
            description: "Warm.".to_owned(),
            is_safe: true,
            exits,
        };
        let said = hear(&mut play, &told(&WorldNews::Room(room)));
        let [Said::Data("Room.Info", info)] = &said[..] else { panic!("{said:?}") };
        assert_eq!((&info["area"], &info["exits"]["north"]), (&json!("town"), &json!("open")));
        assert!(info["num"].as_u64().is_some_and(|number| number < 1 << 31));
        assert_eq!(
            hear(&mut play, &words("room", "The Inn\nWarm.\nExits: north")),
            [
                Said::Words(Style::Place, "The Inn".to_owned()),
                Said::Words(Style::Plain, "Warm.\nExits: north".to_owned())
            ]
        );
    }

    #[test]
    fn of_what_is_carried_only_changes_are_told() {
        let item = |id, count| CarriedItem {
            id: NetId(id),
            item: ItemId { origin: 1, serial: id },
            template: "coin".to_owned(),
            equipped: false,
            state: ItemState { count, ..ItemState::default() },
            version: 1,
        };
        let mut play = Play::default();
        let mut told = |items: Vec<CarriedItem>| {
            let said = hear(&mut play, &ServerMessage::Inventory { version: 1, items });
            said.into_iter()
                .map(|said| match said {
                    Said::Data(message, body) => format!("{message} {}", body["item"]["name"]),
                    other => panic!("{other:?}"),
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(told(vec![item(1, 5), item(2, 1)]), ["Char.Items.List null"]);
        assert_eq!(
            told(vec![item(1, 6), item(3, 1)]),
            ["Char.Items.Remove \"1 coin\"", "Char.Items.Update \"6 coin\"", "Char.Items.Add \"1 coin\""]
        );
    }
}
