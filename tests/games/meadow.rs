//! A meadow that people walk about in: they come and go as they like, it has a map, and it never ends.

use bevy_ecs::prelude::{Commands, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, With, World};
use hypogeum_content::{Content, ContentPack};
use hypogeum_protocol::{Block, NetId, OwnState, RecordKind, Seat};
use hypogeum_shard::{
    CommandBody, Genesis, Inbox, NetIdOf, NetIds, SetupError, Shard, ShardApp, ShardBrief, ShardKind, ShardSchedule,
    ShardSystems, State, ViewRule,
};
use hypogeum_space::{
    Appearance, Avatar, Body, Heading, METRE, MoveIntent, MoveSpeed, Obstacles, OwnView, Position, SpacePlugin,
    ViewApp, Visible,
};
use serde::{Deserialize, Serialize};

pub(crate) const SIDE: i32 = 100 * METRE;
/// At whose entering the meadow crashes.
pub(crate) const STUMBLES: &str = "Stumbler";

pub(crate) struct Meadow;

/// Whose body it is, and the newest input that moved it.
#[derive(Component, Clone, Serialize, Deserialize)]
pub(crate) struct Walker {
    seat: Seat,
    input_seq: u32,
}

impl State for Walker {
    const NAME: &'static str = "walker";
}

/// A stone in the middle, 10 m wide.
pub(crate) fn stones() -> Vec<Block> {
    vec![Block { x_min: -5 * METRE, y_min: -5 * METRE, x_max: 5 * METRE, y_max: 5 * METRE }]
}

/// Who enters stands in the west; who leaves is gone; everyone else walks.
fn obey(
    inbox: Res<Inbox>,
    mut names: ResMut<NetIds>,
    mut walkers: Query<(Entity, &mut Walker, &mut MoveIntent, &mut Heading)>,
    mut commands: Commands,
) {
    for command in &inbox.0 {
        let walker = walkers.iter_mut().find(|(_, walker, ..)| walker.seat == command.seat);
        match (&command.body, walker) {
            (CommandBody::Join(who), None) => {
                assert_ne!(who.name, STUMBLES, "whoever has this name falls over the gate, and the meadow with it");
                let at = Position { x: -20 * METRE, y: i32::from(command.seat.0) * METRE };
                let body = (
                    Body { radius: METRE / 2 },
                    MoveSpeed { speed: METRE / 5 },
                    MoveIntent::default(),
                    Heading::default(),
                );
                commands.spawn((names.allocate(), Walker { seat: command.seat, input_seq: 0 }, at, body));
            }
            (CommandBody::Input(input), Some((_, mut walker, mut stride, mut heading))) => {
                walker.input_seq = input.seq;
                *stride = MoveIntent { direction: input.walk, percent: input.pace };
                *heading = Heading(input.aim);
            }
            (CommandBody::Leave, Some((entity, ..))) => commands.entity(entity).despawn(),
            _ => {}
        }
    }
}

impl ShardKind for Meadow {
    const NAME: &'static str = "meadow";
    const IS_OPEN: bool = true;
    type Setup = ();

    fn build(genesis: Genesis, _setup: &()) -> Result<Shard, SetupError> {
        Ok(Shard::new(genesis, |app| {
            app.add_plugins(SpacePlugin).register_occupants().register_state::<Walker>();
            app.show_things::<Walker>().show_avatars::<Walker>();
            app.add_systems(ShardSchedule, obey.in_set(ShardSystems::Apply));
            app.insert_resource(Obstacles::new(SIDE, stones()));
        }))
    }
    fn content(_setup: &(), content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack_of_items())
    }
    fn brief(_setup: &()) -> ShardBrief {
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
    fn own(_tick: u32, at: Position, (walker, heading, gait): (&Self, &Heading, &MoveSpeed)) -> OwnView {
        let (heading, speed) = (heading.0, u16::try_from(gait.speed).unwrap_or(u16::MAX));
        let (hp, hp_max, mp, cooling, extraction_ticks) = (1, 1, 0, 0, 0);
        let own = OwnState { x: at.x, y: at.y, heading, speed, hp, hp_max, mp, cooling, extraction_ticks };
        OwnView { state: Some(own), input_seq: walker.input_seq, sheet_version: 0 }
    }
}
