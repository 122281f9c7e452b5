//! Of each body enough to have every type in it.

use hypogeum_creature_messages::{
    ActNews, ActResult, ActTold, BattleEnd, BattleMove, GameNews, PairingOutcome, Side, Wants,
};
use hypogeum_protocol::{Block, CarriedItem, Chunk, DoorInfo, ItemId, ItemState, NetId, RoomInfo};
use hypogeum_world_messages::{
    DoorNews, DoorState, ExitNews, RoomNews, StatsNews, TableNews, WaresNews, WorldCommand, WorldNews,
};

const BLOCK: Block = Block { x_min: -1, y_min: 0, x_max: 256, y_max: 70_000 };

pub(crate) fn chunk() -> Chunk {
    Chunk {
        obstacles: vec![BLOCK],
        doors: vec![DoorInfo { number: 3, key: "gate".to_owned(), block: BLOCK, is_open: true }],
        rooms: vec![RoomInfo { key: "inn".to_owned(), name: "The Inn".to_owned(), area: BLOCK, is_safe: false }],
    }
}

pub(crate) fn commands() -> Vec<WorldCommand> {
    let (item, word) = (NetId(300), || "north".to_owned());
    vec![
        WorldCommand::Line { words: "look".to_owned() },
        WorldCommand::Look { at: None },
        WorldCommand::Look { at: Some(item) },
        WorldCommand::Give { item, to: NetId(4), seen: Some(70_000) },
        WorldCommand::Open { word: word(), seen: None },
        WorldCommand::Help,
        WorldCommand::Cast { slot: 200, at: Some(item) },
        WorldCommand::Accept { seen: Some(2) },
        WorldCommand::Quit,
        WorldCommand::Sell { to: NetId(4), item, count: Some(3), seen: None },
    ]
}

pub(crate) fn world_news() -> Vec<WorldNews> {
    let bag = ItemId { origin: ItemId::STARTER_BIT | 6, serial: 300 };
    let carried = CarriedItem {
        id: NetId(9),
        item: ItemId { origin: 0xAB, serial: 7 },
        template: "knife".to_owned(),
        equipped: true,
        state: ItemState { count: 2, wear: 300, is_bound: true, inside: Some(bag) },
        version: 4,
    };
    let door = DoorNews { state: DoorState::Locked, version: 2 };
    vec![
        WorldNews::Told {
            id: "say".to_owned(),
            arguments: vec![("who".to_owned(), "Ada".to_owned())],
            words: "Ada says".to_owned(),
        },
        WorldNews::Room(RoomNews {
            key: "inn".to_owned(),
            name: "The Inn".to_owned(),
            description: "Warm.".to_owned(),
            is_safe: true,
            exits: vec![
                ExitNews { word: "north".to_owned(), door: Some(door) },
                ExitNews { word: "out".to_owned(), door: None },
            ],
        }),
        WorldNews::Stats(StatsNews { hp: 87, hp_max: 300, mp: 2, mp_max: 3, level: 4, xp: 70_000, xp_next: 80_000 }),
        WorldNews::Door { key: "gate".to_owned(), state: DoorState::Closed, block: BLOCK, version: 3 },
        WorldNews::Completions { words: vec!["north".to_owned(), "norbert".to_owned()] },
        WorldNews::Wares(WaresNews {
            who: NetId(5),
            coin: "old_coin".to_owned(),
            sells: vec![("knife".to_owned(), 300)],
            buys: Vec::new(),
        }),
        WorldNews::Table(TableNews { with: NetId(6), version: 1, own: vec![carried], their: Vec::new() }),
    ]
}

pub(crate) fn game_news() -> Vec<GameNews> {
    let hit = ActResult::Hit { damage: 12, is_critical: true, is_defended: false, hp_before: 300, hp_after: 288 };
    let act = |side, what, result| ActTold {
        act: ActNews { side, what, result, defends_left: 1, specials_left: 0 },
        words: "It strikes.".to_owned(),
    };
    let acts = vec![
        act(Side::First, BattleMove::Special, hit),
        act(Side::Second, BattleMove::Defend, ActResult::Defends),
        act(Side::Second, BattleMove::Attack, ActResult::Dodged),
    ];
    let outcomes = [
        PairingOutcome::Won(3),
        PairingOutcome::BothGone(None),
        PairingOutcome::BothGone(Some(1)),
        PairingOutcome::NotNeeded,
    ];
    let wants = [
        Wants::Nothing,
        Wants::Points { until_unix_ms: Some(1_800_000_000_000) },
        Wants::Ready { until_unix_ms: 1_800_000_000_000 },
        Wants::Move { until_unix_ms: None },
    ];
    let mut news = vec![
        GameNews::Chosen { entrant: 1, pairing: 300, game: 1, turn: 4 },
        GameNews::Turn { pairing: 0, game: 1, turn: 4, hp: [288, 70_000], acts },
        GameNews::Begun { pairing: 0, game: 2, entrants: [1, 255] },
        GameNews::Ended { pairing: 0, game: 1, winner: 1, how: BattleEnd::TurnsOver, words: "Over.".to_owned() },
        GameNews::Ready { entrant: 1 },
        GameNews::Over { champion: Some(1), words: "Won.".to_owned() },
    ];
    news.extend(outcomes.map(|outcome| GameNews::Decided { pairing: 7, outcome }));
    news.extend(wants.map(|wants| GameNews::Wanted { entrant: 2, wants }));
    news
}
