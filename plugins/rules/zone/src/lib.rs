//! A place of a persistent world: rooms, doors, characters that come and go, and what is said and done there in words.
//!
//! A zone is the kind of shard [`Zone`]: the same space, combat, items and NPCs as in a match, and on top of them what makes it a
//! place to live in. Players with buttons send inputs and acts, as in a match; players with words send lines
//! ([`WorldCommand`](hypogeum_world_messages::WorldCommand)), which are read into the same things. Both are told what happens as
//! [`WorldNews`](hypogeum_world_messages::WorldNews).
//!
//! | stage | idea | file |
//! |---|---|---|
//! | before it is built | the kind of shard | `kind.rs` |
//! | | the ground as clients come to know it | `ground.rs` |
//! | before the first step | walls and openings from the definition | `layout.rs` |
//! | | who lives there, what stands there | `populate.rs` |
//! | Apply | characters come and go | `arriving.rs`, `body.rs` |
//! | | the dead come back | `deaths.rs` |
//! | | inputs | `steering.rs` |
//! | | lines and commands | `orders/` |
//! | Think | who fights or walks by itself | `fights.rs`, `rooms.rs` |
//! | Act | things are asked for | `orders/acts.rs` |
//! | Resolve | what blows and deaths come to | `fights.rs`, `deaths.rs` |
//! | | what others begin to cast | `casts.rs` |
//! | | what NPCs say | `voices.rs` |
//! | | who is in which room, gates | `rooms.rs`, `presence.rs` |
//! | | what follows from it | `triggers.rs`, `conditions.rs`, `actions.rs`, `scripts/`, `doors.rs` |
//! | | hazards begin and are over | `hazards.rs` |
//! | | chests are filled again | `populate.rs` |
//! | | each is told how it is | `view.rs` |
//! | any | what is told | `tell.rs` |
//! | | what is to be kept at once | `milestones.rs` |

mod actions;
mod arriving;
mod body;
mod casts;
mod conditions;
mod deaths;
mod doors;
mod fights;
mod ground;
mod hazards;
mod kind;
mod layout;
mod milestones;
mod orders;
mod populate;
mod presence;
mod rooms;
mod scripts;
mod state;
mod steering;
mod tell;
mod triggers;
mod view;
mod voices;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, Res, SystemSet, World};
use bevy_ecs::system::SystemParam;
use hypogeum_combat::{CombatPlugin, CombatSystems, HazardSystems, HazardsPlugin};
use hypogeum_content::Content;
use hypogeum_content::def::ZoneDef;
use hypogeum_items::{ItemsPlugin, ItemsSystems};
use hypogeum_npc::{NpcPlugin, NpcSystems, mark_dangers};
use hypogeum_shard::{Rules, ShardApp, ShardSchedule, ShardSystems};
use hypogeum_space::SpacePlugin;

pub use body::{LEVEL_MAX, level_of, xp_of_next};
pub use kind::{Zone, ZoneSetup};
pub use scripts::{Failures, ScriptRecord, Timer};
pub use state::{Attacking, Character, Deed, Deeds, Errand, InRoom, Returning, SteeredBy, Step};

use state::ZoneRef;

/// When a zone does its parts of a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ZoneSystems {
    /// In `ShardSystems::Apply`: who comes and goes, then what is ordered. Before NPCs appear.
    Apply,
    /// In `ShardSystems::Think`, after minds have steered: who walks or fights by itself.
    Think,
    /// In `ShardSystems::Act`, after hazards hurt and before items change hands: what is wanted with them.
    Ask,
    /// In `ShardSystems::Resolve`, between combat's deaths and the items they leave.
    Reckon,
    /// In `ShardSystems::Resolve`, after all else: rooms, triggers, news.
    Conclude,
}

/// A whole zone: every rule of the place in one shard. Its [`Zone`] builds it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ZonePlugin;

impl Plugin for ZonePlugin {
    fn build(&self, app: &mut App) {
        use ZoneSystems::{Apply, Ask, Conclude, Reckon, Think};
        let hazards = HazardsPlugin::<Character>::default();
        app.add_plugins((SpacePlugin, CombatPlugin, hazards, ItemsPlugin, NpcPlugin, view::ZoneViewPlugin));
        register(app);
        app.configure_sets(ShardSchedule, Apply.in_set(ShardSystems::Apply).before(NpcSystems::Populate))
            .configure_sets(ShardSchedule, Think.in_set(ShardSystems::Think).after(NpcSystems::Steer))
            .configure_sets(ShardSchedule, HazardSystems::Advance.after(Apply).before(NpcSystems::Populate))
            .configure_sets(
                ShardSchedule,
                Ask.in_set(ShardSystems::Act).after(HazardSystems::Hurt).before(ItemsSystems::Requests),
            )
            .configure_sets(
                ShardSchedule,
                Reckon.in_set(ShardSystems::Resolve).after(CombatSystems::Death).before(ItemsSystems::Drops),
            )
            .configure_sets(
                ShardSchedule,
                Conclude
                    .in_set(ShardSystems::Resolve)
                    .after(ItemsSystems::Drops)
                    .after(CombatSystems::Derive)
                    .after(NpcSystems::Settle),
            )
            .add_systems(
                ShardSchedule,
                (
                    (milestones::forget, arriving::come_and_go, deaths::return_dead, steering::steer, orders::obey)
                        .chain()
                        .in_set(Apply),
                    mark_dangers.in_set(ShardSystems::Think).before(NpcSystems::Decide),
                    (fights::fight, orders::cast_ordered, rooms::walk_errands).chain().in_set(Think),
                    (orders::do_deeds, actions::begin_effects).chain().in_set(Ask),
                    (fights::note_blows, deaths::reckon).chain().in_set(Reckon),
                    (
                        rooms::follow_rooms,
                        orders::conclude_acts,
                        casts::tell_casts,
                        fights::tell_blows,
                        fights::tell_heals,
                        fights::tell_dispels,
                        voices::tell_speech,
                        (deaths::tell_deaths, hazards::tell_ended).chain(),
                        rooms::enter_rooms,
                        triggers::follow,
                        rooms::pass_gates,
                        orders::keep_trades,
                        populate::refill,
                        view::tell_stats,
                    )
                        .chain()
                        .in_set(Conclude),
                ),
            );
    }
}

fn register(app: &mut App) {
    use state::{
        CastOrder, Departing, Discovered, Doors, EffectsDue, Farewells, Flags, Following, Furniture, Groups,
        SeatAvatars, Trades, TriggerStates,
    };
    app.register_occupants()
        .register_state::<Character>()
        .register_state::<Deeds>()
        .register_state::<SteeredBy>()
        .register_state::<InRoom>()
        .register_state::<Errand>()
        .register_state::<Attacking>()
        .register_state::<Returning>()
        .register_state::<Following>()
        .register_state::<CastOrder>()
        .register_resource_state::<ZoneRef>()
        .register_resource_state::<SeatAvatars>()
        .register_resource_state::<Doors>()
        .register_resource_state::<Flags>()
        .register_resource_state::<Discovered>()
        .register_resource_state::<TriggerStates>()
        .register_resource_state::<ScriptRecord>()
        .register_resource_state::<Furniture>()
        .register_resource_state::<Farewells>()
        .register_resource_state::<Departing>()
        .register_resource_state::<EffectsDue>()
        .register_resource_state::<Groups>()
        .register_resource_state::<Trades>()
        .init_resource::<layout::Layout>()
        .init_resource::<presence::Presence>()
        .init_resource::<rooms::Moves>()
        .init_resource::<orders::DeedsDue>()
        .init_resource::<fights::Struck>()
        .init_resource::<deaths::Deaths>()
        .init_resource::<milestones::Milestones>()
        .init_resource::<triggers::Happenings>();
}

/// The definition of the zone that a world is.
fn zone_def(world: &World) -> Option<&ZoneDef> {
    zone_of(world, &world.resource::<Rules>().content)
}

/// The key of the zone that a world is.
fn zone_key(world: &World) -> &str {
    world.resource::<Rules>().content.zones.key(world.resource::<ZoneRef>().def)
}

fn zone_of<'a>(world: &World, content: &'a Content) -> Option<&'a ZoneDef> {
    content.zones.find(world.resource::<ZoneRef>().def)
}

/// The definition of the zone, for systems.
#[derive(SystemParam)]
struct ZoneParam<'w> {
    rules: Res<'w, Rules>,
    zone: Res<'w, ZoneRef>,
}

impl ZoneParam<'_> {
    fn def(&self) -> Option<&ZoneDef> {
        self.rules.content.zones.find(self.zone.def)
    }
}
