//! A meadow that people walk about in: they come and go as they like, it has a map, things can be put down there, picked up
//! and found, and it never ends.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource, With, World};
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{
    AccountId, Block, CharacterId, CharacterSheet, Grant, ItemId, NetId, Outcome, OwnState, RecordKind, Seat, ShardId,
    StashedItem, codec,
};
use hypogeum_shard::{
    CommandBody, Inbox, LineupSeat, NetIdOf, NetIds, ResourceState, SetupError, Shard, ShardApp, ShardBrief,
    ShardConfig, ShardKind, ShardSchedule, ShardSystems, State, ViewRule,
};
use hypogeum_space::{
    Appearance, Avatar, Body, Heading, METRE, MoveIntent, MoveSpeed, Obstacles, OwnView, Position, SpacePlugin,
    ViewApp, Visible,
};
use serde::{Deserialize, Serialize};

pub(crate) const SIDE: i32 = 100 * METRE;
/// Steps a second: every other tick of its server takes one.
pub(crate) const MEADOW_HZ: u16 = 15;
/// At whose entering the meadow crashes.
pub(crate) const STUMBLES: &str = "Stumbler";

pub(crate) struct Meadow;

/// Commands of the meadow: to put down the first thing one carries, to pick up the first that lies there, and to find something new.
pub(crate) const PUT_DOWN: &[u8] = b"d";
pub(crate) const PICK_UP: &[u8] = b"t";
pub(crate) const FIND: &[u8] = b"f";
/// What is found.
pub(crate) const FINDS: &str = "bandage";

/// Whose body it is, the newest input that moved it, what it carries, and in how many steps it has walked: each is worth one point
/// of experience.
#[derive(Component, Clone, Serialize, Deserialize)]
pub(crate) struct Walker {
    seat: Seat,
    account: AccountId,
    character: Option<CharacterId>,
    input_seq: u32,
    walked: u32,
    carries: Vec<StashedItem>,
}

impl State for Walker {
    const NAME: &'static str = "walker";
}

/// Who has left in the last step, and where they stood.
#[derive(Resource, Clone, Default, Serialize, Deserialize)]
struct Farewells(BTreeMap<Seat, (Walker, (i32, i32))>);

impl ResourceState for Farewells {
    const NAME: &'static str = "farewells";
}

/// What lies in the grass, the number of the meadow, and how many things were found in it.
#[derive(Resource, Clone, Serialize, Deserialize)]
struct Grass {
    lies: Vec<StashedItem>,
    origin: ShardId,
    found: u32,
}

impl Default for Grass {
    fn default() -> Self {
        Self { lies: Vec::new(), origin: ShardId(0), found: 0 }
    }
}

impl ResourceState for Grass {
    const NAME: &'static str = "grass";
}

/// A stone in the middle, 10 m wide.
pub(crate) fn stones() -> Vec<Block> {
    vec![Block { x_min: -5 * METRE, y_min: -5 * METRE, x_max: 5 * METRE, y_max: 5 * METRE }]
}

/// Where somebody stands who enters: a character where it left, everyone else in the west.
fn entrance(who: &LineupSeat, seat: Seat) -> Position {
    let left = who.character.as_ref().filter(|character| character.place == Meadow::NAME);
    let (x, y) = left.and_then(|character| stood(&character.body)).unwrap_or((-20 * METRE, i32::from(seat.0) * METRE));
    Position { x, y }
}

/// Where a character stood, as its body says.
pub(crate) fn stood(body: &[u8]) -> Option<(i32, i32)> {
    codec::decode::<(i32, i32), 16>(body).ok()
}

/// Who enters stands where a character left, or in the west; who leaves is gone; everyone else walks.
fn obey(
    inbox: Res<Inbox>,
    (mut names, mut farewells, mut grass): (ResMut<NetIds>, ResMut<Farewells>, ResMut<Grass>),
    mut walkers: Query<(Entity, &mut Walker, &mut MoveIntent, &mut Heading, &Position)>,
    mut commands: Commands,
) {
    if !farewells.0.is_empty() {
        farewells.0.clear();
    }
    for command in &inbox.0 {
        let walker = walkers.iter_mut().find(|(_, walker, ..)| walker.seat == command.seat);
        match (&command.body, walker) {
            (CommandBody::Join { brings: who, .. }, None) => {
                assert_ne!(who.name, STUMBLES, "this one stumbles at the gate, and the meadow falls with it");
                let at = entrance(who, command.seat);
                let body = (
                    Body { radius: METRE / 2 },
                    MoveSpeed { speed: METRE / 5 },
                    MoveIntent::default(),
                    Heading::default(),
                );
                let account = who.occupant.account().unwrap_or(AccountId(0));
                let carries = who.items.clone();
                let (seat, character) = (command.seat, who.character.as_ref().map(|character| character.id));
                let walker = Walker { seat, account, character, input_seq: 0, walked: 0, carries };
                commands.spawn((names.allocate(), walker, at, body));
            }
            (CommandBody::Input(input), Some((_, mut walker, mut move_intent, mut heading, _))) => {
                walker.input_seq = input.seq;
                *move_intent = MoveIntent { direction: input.walk, percent: input.pace };
                *heading = Heading(input.aim);
            }
            (CommandBody::Leave, Some((entity, walker, .., at))) => {
                farewells.0.insert(walker.seat, (walker.clone(), (at.x, at.y)));
                commands.entity(entity).despawn();
            }
            (CommandBody::Custom { body, .. }, Some((_, mut walker, ..))) => {
                handle(body, &mut grass, &mut walker.carries)
            }
            _ => {}
        }
    }
    for (_, mut walker, ..) in walkers.iter_mut().filter(|(_, _, move_intent, ..)| move_intent.percent > 0) {
        walker.walked += 1;
    }
}

/// Somebody puts something down, picks something up, or finds something.
fn handle(body: &[u8], grass: &mut Grass, carries: &mut Vec<StashedItem>) {
    match body {
        PUT_DOWN if !carries.is_empty() => grass.lies.push(carries.remove(0)),
        PICK_UP if !grass.lies.is_empty() => carries.push(grass.lies.remove(0)),
        FIND => {
            grass.found += 1;
            let id = ItemId { origin: grass.origin.0, serial: grass.found };
            carries.push(StashedItem::new(id, FINDS.to_owned()));
        }
        _ => {}
    }
}

impl ShardKind for Meadow {
    const NAME: &'static str = "meadow";
    const IS_OPEN: bool = true;
    const COMMAND_BYTES_MAX: usize = 1;
    /// Its number: the origin of what is found in it.
    type Setup = ShardId;

    fn build(config: ShardConfig, id: &ShardId) -> Result<Shard, SetupError> {
        Ok(Shard::new(config, |app| {
            app.add_plugins(SpacePlugin).register_occupants().register_state::<Walker>();
            app.register_resource_state::<Farewells>();
            app.insert_resource(Grass { lies: Vec::new(), origin: *id, found: 0 }).register_resource_state::<Grass>();
            app.show_things::<Walker>().show_avatars::<Walker>();
            app.add_systems(ShardSchedule, obey.in_set(ShardSystems::Apply));
            app.insert_resource(Obstacles::new(SIDE, stones()));
        }))
    }
    fn content(_: &ShardId, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }
    fn brief(_: &ShardId) -> ShardBrief {
        ShardBrief { title: Self::NAME.to_owned(), seats: Vec::new() }
    }
    fn avatar(world: &World, seat: Seat) -> Option<NetId> {
        let mut walkers = world.iter_entities().filter_map(|it| Some((it.get::<Walker>()?, it.get::<NetIdOf>()?)));
        walkers.find(|(walker, _)| walker.seat == seat).map(|(_, named)| named.0)
    }
    fn applied_input(world: &mut World, seat: Seat) -> u32 {
        let mut walkers = world.query::<&Walker>();
        walkers.iter(world).find(|walker| walker.seat == seat).map_or(0, |walker| walker.input_seq)
    }
    fn visit_grant(world: &World, seat: Seat) -> Option<Grant> {
        let (walker, at) = world.resource::<Farewells>().0.get(&seat)?.clone();
        let sheet = |id| CharacterSheet { id, place: Self::NAME.to_owned(), body: codec::encode(&at) };
        let Walker { account, character, walked: xp_gained, carries: items_secured, .. } = walker;
        (xp_gained > 0 || !items_secured.is_empty() || character.is_some()).then(|| Grant {
            account,
            xp_gained,
            items_secured,
            character: character.map(sheet),
            ..Grant::nothing(Outcome::Extracted)
        })
    }
    fn view(_world: &World) -> Option<ViewRule> {
        Some(ViewRule { sight: 60 * METRE, ..ViewRule::default() })
    }
}

impl Visible for Walker {
    const KIND: RecordKind = RecordKind::Player;
    type Data = &'static Heading;
    type Filter = With<Self>;
    fn appearance(heading: &Heading) -> Option<Appearance> {
        Some(Appearance { heading: heading.coarse(), hp_band: 15, ..Appearance::default() })
    }
}

impl Avatar for Walker {
    type Data = (&'static Self, &'static Heading, &'static MoveSpeed);
    type Filter = ();
    fn own(_tick: u32, at: Position, (walker, heading, move_speed): (&Self, &Heading, &MoveSpeed)) -> OwnView {
        let (heading, speed) = (heading.0, u16::try_from(move_speed.speed).unwrap_or(u16::MAX));
        // How many things it carries is shown as mana.
        let mp = u32::try_from(walker.carries.len()).unwrap_or(u32::MAX);
        let (hp, hp_max, cooling, extraction_ticks) = (1, 1, 0, 0);
        let own = OwnState { x: at.x, y: at.y, heading, speed, hp, hp_max, mp, cooling, extraction_ticks };
        OwnView { state: Some(own), input_seq: walker.input_seq, sheet_version: 0 }
    }
}
