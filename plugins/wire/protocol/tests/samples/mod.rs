//! One of each message, so that a test can go through all of them.

use hypogeum_protocol::*;

/// Each client message once, acts and whom one watches included, in the order of their tags.
pub(crate) fn client_messages() -> Vec<ClientMessage> {
    let mut messages = vec![
        ClientMessage::Hello { protocol_version: 9, client: "example".into(), locale: "de".into() },
        ClientMessage::JoinQueue { mode: "blitz".into() },
        ClientMessage::LeaveQueue,
        ClientMessage::ChooseLoadout { items: vec![ItemId { origin: 300, serial: 7 }] },
    ];
    messages.extend(
        acts().into_iter().zip([Some(300)].into_iter().chain([None; 5])).map(|(act, seen)| ClientMessage::Act {
            seq: 9,
            act,
            seen,
        }),
    );
    messages.push(ClientMessage::Inputs {
        batch: vec![
            Input { seq: 250, walk: 16_384, pace: 100, aim: 0, ability: 0 },
            Input { seq: 251, walk: 16_384, pace: 100, aim: 32_768, ability: 1 },
        ],
    });
    messages.push(ClientMessage::LeaveMatch);
    messages.push(ClientMessage::Ping { nonce: u64::MAX });
    messages.push(ClientMessage::AskNames { avatars: vec![NetId(3), NetId(300)] });
    messages.push(ClientMessage::Command { seq: 9, body: vec![1, 2, 3] });
    messages.push(ClientMessage::EnterWorld { wish: "mage".into() });
    messages.push(ClientMessage::Chat {
        channel: ChatChannel::Whisper,
        to: "Grace".into(),
        words: "hi".into(),
        is_emote: false,
    });
    messages.push(ClientMessage::ChatHistory { channel: ChatChannel::Whisper, with: "Grace".into(), before: 300 });
    messages.push(ClientMessage::Ignore { name: "Grace".into(), ignored: Ignored::Blocked });
    messages.push(ClientMessage::ReportChat { line: 300, from: String::new(), reason: "spam".into() });
    let chunks = vec![ChunkPlace { column: 0, row: 1 }, ChunkPlace { column: 300, row: 2 }];
    messages.push(ClientMessage::AskChunks { match_id: MatchId(5), chunks });
    messages.push(ClientMessage::FollowGame { game: 300, is_followed: true });
    messages.extend(party_acts().into_iter().map(|act| ClientMessage::Party { act }));
    messages.extend(watched().into_iter().map(|whom| ClientMessage::Watch { match_id: MatchId(5), whom }));
    messages.push(ClientMessage::AskQueue);
    messages.push(ClientMessage::JoinQueueWith {
        mode: "blitz".into(),
        properties: property_values().into_iter().map(|value| Property { key: "level".into(), value }).collect(),
        query: "+region:eu".into(),
    });
    messages
}

/// Whomever one may want to watch.
pub(crate) fn watched() -> Vec<Watched> {
    vec![Watched::Next, Watched::Previous, Watched::Participant { avatar: NetId(300) }, Watched::Nobody]
}

/// Each thing that is done in a party once.
pub(crate) fn party_acts() -> Vec<PartyAct> {
    let (party, account) = (300, AccountId(7));
    vec![
        PartyAct::Invite { name: "Grace".into() },
        PartyAct::Accept { party },
        PartyAct::Decline { party },
        PartyAct::Leave,
        PartyAct::Kick { account },
        PartyAct::Promote { account },
        PartyAct::Label { label: "storms".into() },
    ]
}

/// Everywhere that somebody can be.
pub(crate) fn whereabouts() -> Vec<Whereabouts> {
    vec![
        Whereabouts::Offline,
        Whereabouts::Online,
        Whereabouts::InMatch { mode: "blitz".into() },
        Whereabouts::InPlace { place: "vale".into() },
    ]
}

fn social_messages() -> [ServerMessage; 5] {
    let account = AccountId(7);
    [
        ServerMessage::FriendRequested { account, name: "Grace".into() },
        ServerMessage::FriendAccepted { account, name: "Grace".into() },
        ServerMessage::FriendsPresent {
            friends: whereabouts().into_iter().map(|whereabouts| FriendPresence { account, whereabouts }).collect(),
        },
        ServerMessage::PartyChanged {
            party: Some(PartyInfo {
                party: 300,
                label: "storms".into(),
                leader: account,
                members_max: 8,
                members: vec![PartyMember { account, name: "Grace".into(), is_here: true }],
                invited: vec!["Ada".into()],
            }),
        },
        ServerMessage::PartyInvited { party: 300, from: "Grace".into(), label: "storms".into(), expires_s: 60 },
    ]
}

/// Everything that may be in the way of a party.
pub(crate) fn queue_refusals() -> Vec<QueueRefusal> {
    let account = AccountId(7);
    vec![
        QueueRefusal::NotLeader { leader: account },
        QueueRefusal::PartyTooLarge { members: 5, members_max: 4 },
        QueueRefusal::MemberAway { account },
        QueueRefusal::MemberBusy { account },
        QueueRefusal::RatingsTooWide { spread: 5_009, spread_max: 3_000 },
        QueueRefusal::BadProperty { place: 1, fault: PropertyFault::SameKey },
        QueueRefusal::BadQuery { at: 300, fault: QueryFault::NoValue },
    ]
}

/// What a property may hold.
pub(crate) fn property_values() -> Vec<PropertyValue> {
    vec![PropertyValue::Text { text: "eu".into() }, PropertyValue::Number { number: -300 }]
}

/// Each act once.
pub(crate) fn acts() -> Vec<Act> {
    let item = NetId(70_000);
    vec![
        Act::PickUp { item },
        Act::Loot { container: item },
        Act::Equip { item },
        Act::Unequip { item },
        Act::Drop { item },
        Act::Use { item },
    ]
}

/// Each error code once.
pub(crate) fn error_codes() -> Vec<ErrorCode> {
    vec![
        ErrorCode::Malformed,
        ErrorCode::VersionMismatch { min: 2, max: 2 },
        ErrorCode::HelloFirst,
        ErrorCode::OutOfRange,
        ErrorCode::Stale,
        ErrorCode::FutureSeq,
        ErrorCode::WrongState,
        ErrorCode::UnknownMode,
        ErrorCode::UnknownItem,
        ErrorCode::NoSuchEntity,
        ErrorCode::OutOfReach,
        ErrorCode::Full,
        ErrorCode::TooSoon,
        ErrorCode::TakenOver,
        ErrorCode::Draining,
        ErrorCode::Unavailable,
        ErrorCode::TryLater,
        ErrorCode::WordsRefused,
        ErrorCode::Silenced,
        ErrorCode::Conflict,
    ]
}

/// Each event once.
pub(crate) fn events() -> Vec<GameEvent> {
    let (who, by) = (NetId(3), NetId(0));
    vec![
        GameEvent::Damaged { source: NetId(4), target: who, amount: 12, critical: true },
        GameEvent::Dodged { source: NetId(4), target: who },
        GameEvent::Died { who, by },
        GameEvent::EffectBegan { who, effect: 2 },
        GameEvent::EffectEnded { who, effect: 2 },
        GameEvent::ExtractionBegan { who, ticks: 90 },
        GameEvent::ExtractionBroken { who },
        GameEvent::Extracted { who },
        GameEvent::ExitChanged { exit: 1, open: true },
        GameEvent::Refused { seq: 9, code: ErrorCode::OutOfReach },
        GameEvent::Healed { source: NetId(4), target: who, amount: 7 },
        GameEvent::Dispelled { source: NetId(4), target: who, effect: 2 },
        GameEvent::Changed { item: NetId(9), version: 300, count: 2 },
        GameEvent::CastBegan { who, ability: 7, ticks: 300 },
        GameEvent::Swung { who, ability: 7, heading: 64 },
        GameEvent::Downed { who, by: NetId(4) },
        GameEvent::ReviveBegan { who, by: NetId(4), ticks: 90 },
        GameEvent::ReviveBroken { who, by: NetId(4) },
        GameEvent::Revived { who, by: NetId(4) },
        GameEvent::TeamTold { who, team: 2 },
        GameEvent::Defeated { who, cause: DamageCause::Ability { ability: 7 } },
    ]
}

/// Each kind of record once.
pub(crate) fn record_kinds() -> Vec<RecordKind> {
    vec![
        RecordKind::Player,
        RecordKind::Npc,
        RecordKind::Item,
        RecordKind::Container,
        RecordKind::Projectile,
        RecordKind::Hazard,
        RecordKind::Storm,
    ]
}

/// Each server message once, in the order of their tags.
pub(crate) fn server_messages() -> Vec<ServerMessage> {
    let mut messages = messages_until_chat();
    messages.extend(ground_messages(MatchId(5)));
    messages.push(ServerMessage::GameFollowed { game: 300, is_followed: true, step: 7 });
    messages.push(ServerMessage::GameTold { game: 300, step: 8, body: vec![1, 2, 3] });
    messages.extend(social_messages());
    let refused = |why| ServerMessage::QueueRefused { mode: "blitz".into(), why };
    messages.extend(queue_refusals().into_iter().map(refused));
    messages.push(ServerMessage::Watching { match_id: MatchId(5), avatar: NetId(300), name: "Grace".into() });
    messages.push(ServerMessage::QueueExplained(QueueWhy {
        mode: "blitz".into(),
        waited_ms: 4_000,
        estimate_ms: Some(300),
        window: 200,
        window_start: 100,
        window_per_s: 50,
        window_max: 3_000,
        in_line: 9,
        looked_at: 8,
        fitting: 3,
        beyond_window: 2,
        beyond_theirs: 2,
        too_many: 1,
    }));
    messages.push(ServerMessage::InboxChanged { unread: 3 });
    messages.push(ServerMessage::QueryExplained(QueryWhy { ruled_out: 5, shoulds: 2, next_relaxed_ms: Some(300) }));
    messages
}

fn messages_until_chat() -> Vec<ServerMessage> {
    let (match_id, mode) = (MatchId(5), String::from("blitz"));
    let item = ItemId { origin: ItemId::STARTER_BIT | 6, serial: 1 };
    let state = ItemState { count: 3, wear: 300, is_bound: true, inside: Some(item) };
    vec![
        welcome(),
        ServerMessage::Error { code: ErrorCode::VersionMismatch { min: 2, max: 2 }, about: 0, retry_after_ms: 0 },
        ServerMessage::Queued { mode: mode.clone(), waiting: 3, wanted: 24, window: 200 },
        ServerMessage::Unqueued,
        ServerMessage::LoadoutOpen {
            match_id,
            mode: mode.clone(),
            closes_in_ms: 4_000,
            stash: vec![StashItem { item, template: "medkit".into(), state }],
        },
        ServerMessage::LoadoutChosen { items: vec![item] },
        match_started(match_id, mode),
        ServerMessage::Phase { phase: MatchPhase::Live, tick: 90, ends_tick: 2_250 },
        ServerMessage::Inventory {
            version: 2,
            items: vec![CarriedItem {
                id: NetId(9),
                item,
                template: "medkit".into(),
                equipped: false,
                state,
                version: 7,
            }],
        },
        ServerMessage::Events { tick: 100, events: events() },
        ServerMessage::Settled { match_id, report: settled_report() },
        ServerMessage::Pong { nonce: 1 },
        ServerMessage::Snapshot(snapshot()),
        ServerMessage::Goodbye,
        ServerMessage::LoadoutRefused { items: vec![item] },
        ServerMessage::Roster { match_id, players: vec![RosterEntry { avatar: NetId(3), name: "Ada".into() }] },
        ServerMessage::Scoreboard {
            match_id,
            tick: 100,
            rows: vec![ScoreRow { avatar: NetId(4), kills: 3, outcome: None }],
            own: Some(ScoreRow { avatar: NetId(3), kills: 0, outcome: Some(Outcome::Died) }),
        },
        ServerMessage::MatchEnded {
            match_id,
            players: 24,
            rows: vec![ResultRow {
                avatar: NetId(4),
                name: "Grace".into(),
                placement: 1,
                outcome: Outcome::Extracted,
                kills: 3,
                damage_dealt: 340,
            }],
            own: None,
            rating: 1_512,
        },
        ServerMessage::Told { tick: 300, body: vec![4, 5] },
        ServerMessage::ChatLine(chat_line()),
        ServerMessage::ChatPage {
            channel: ChatChannel::Room,
            with: String::new(),
            lines: vec![chat_line()],
            before: 300,
        },
        ServerMessage::ChatNotice {
            notice: ChatNotice::Muted,
            name: "Grace".into(),
            text: "You hear Grace no more.".into(),
        },
    ]
}

fn ground_messages(match_id: MatchId) -> [ServerMessage; 3] {
    [
        ServerMessage::ChunksNear {
            match_id,
            chunk_side: 8_192,
            chunks: vec![
                ChunkInfo { at: ChunkPlace { column: 0, row: 0 }, hash: ChunkHash::of(&[]) },
                ChunkInfo {
                    at: ChunkPlace { column: 300, row: 2 },
                    hash: ChunkHash(core::array::from_fn(|index| index as u8)),
                },
            ],
        },
        ServerMessage::Chunk { match_id, at: ChunkPlace { column: 1, row: 2 }, body: Chunk::default().encode() },
        ServerMessage::DoorsChanged {
            match_id,
            doors: vec![DoorChange { number: 3, is_open: true }, DoorChange { number: 4, is_open: false }],
        },
    ]
}

fn chat_line() -> ChatLine {
    ChatLine {
        id: 300,
        channel: ChatChannel::Room,
        from: "Ada".into(),
        to: String::new(),
        words: "hi".into(),
        is_emote: false,
        at_ms: 1_000,
        text: "Ada says, \"hi\"".into(),
    }
}

fn match_started(match_id: MatchId, mode: String) -> ServerMessage {
    ServerMessage::MatchStarted {
        match_id,
        mode,
        tick_hz: 30,
        avatar: NetId(3),
        radius: 102,
        side: 38_400,
        obstacles: vec![Block { x_min: -1, y_min: 0, x_max: 256, y_max: 512 }],
        pois: vec![PoiInfo { kind: "camp".into(), x: 1_000, y: 2_000, radius: 2_048 }],
        exits: vec![ExitInfo {
            x: 1_536,
            y: 1_536,
            radius: 1_536,
            opens_tick: 810,
            closes_tick: 1_590,
            channel_ticks: 90,
        }],
    }
}

fn settled_report() -> SettledReport {
    SettledReport {
        outcome: Outcome::Extracted,
        kills: 2,
        damage_dealt: 340,
        xp_gained: 215,
        level: 2,
        items_secured: 5,
        currency_gained: -50,
        rating: 1_512,
    }
}

/// The worked welcome.
pub(crate) fn welcome() -> ServerMessage {
    ServerMessage::Welcome {
        session: SessionId(0x0001_2345_6789_ABCD),
        account: AccountId(6),
        name: "Ada".into(),
        protocol_version: 9,
        tick_hz: 30,
        content_hash: core::array::from_fn(|index| index as u8),
        modes: vec![ModeInfo { name: "blitz".into(), players: 24, duration_s: 75 }],
        current_match: Some(MatchId(300)),
        locale: "de".into(),
    }
}

/// The worked snapshot.
pub(crate) fn snapshot() -> Snapshot {
    Snapshot {
        tick: 1_000,
        input_seq: 251,
        own: Some(OwnState {
            x: 19_200,
            y: -3,
            heading: 16_384,
            speed: 51,
            hp: 87,
            hp_max: 130,
            mp: 20,
            cooling: 1,
            extraction_ticks: 0,
        }),
        records: vec![Record {
            id: NetId(12),
            kind: RecordKind::Npc,
            template: 4,
            x: 19_456,
            y: 300,
            heading: 255,
            hp_band: 15,
            extent: 0,
        }],
        alive: 23,
        extracted: 1,
    }
}
