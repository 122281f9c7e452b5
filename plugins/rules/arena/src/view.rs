//! What clients are shown of a match.

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{Has, With, World};
use hypogeum_combat::{Cooldowns, Dead, Downed, Health, Mana};
use hypogeum_items::{Inventory, carried_in_all};
use hypogeum_protocol::{CarriedItem, NetId, OwnState, RecordKind, ServerMessage, limits};
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::{Appearance, Avatar, Head, Heading, MoveSpeed, OwnView, Position, ViewApp, Visible};

use crate::ranks::Ranks;
use crate::state::{Extracting, LastInput, MatchClock, Scores, Seated};
use crate::teams::Team;

/// Registers what clients are shown of a match besides what combat, hazards, items and NPCs show of theirs.
#[derive(Clone, Copy, Debug, Default)]
pub struct MatchViewPlugin;

impl Plugin for MatchViewPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<MatchClock>()
            .init_resource::<Scores>()
            .init_resource::<Ranks>()
            .show_things::<ParticipantView>()
            .show_avatars::<ParticipantAvatar>()
            .show_sheet(inventory)
            .show_head(head);
    }
}

/// Participants, as others see them.
struct ParticipantView;

impl Visible for ParticipantView {
    const KIND: RecordKind = RecordKind::Player;
    type Data = (&'static Heading, &'static Health, Has<Dead>, Option<&'static Team>);
    type Filter = With<Seated>;

    #[inline]
    fn appearance((heading, health, dead, team): (&Heading, &Health, bool, Option<&Team>)) -> Option<Appearance> {
        // What is told once of a thing never changes: that it is downed, events tell.
        let template = team.map_or(0, |team| u16::from(team.0));
        (!dead).then(|| Appearance { template, heading: heading.coarse(), hp_band: health.band() })
    }
}

/// Participants, as they see themselves.
struct ParticipantAvatar;

type Steered = (
    (&'static Heading, &'static Health, Has<Dead>, Has<Downed>),
    Option<&'static Mana>,
    Option<&'static MoveSpeed>,
    Option<&'static Cooldowns>,
    Option<&'static Inventory>,
    Option<&'static LastInput>,
    Option<&'static Extracting>,
);

impl Avatar for ParticipantAvatar {
    type Data = Steered;
    type Filter = With<Seated>;

    fn own(
        tick: u32,
        at: Position,
        ((heading, health, dead, downed), mana, move_speed, cooldowns, inventory, last, extracting): (
            (&Heading, &Health, bool, bool),
            Option<&Mana>,
            Option<&MoveSpeed>,
            Option<&Cooldowns>,
            Option<&Inventory>,
            Option<&LastInput>,
            Option<&Extracting>,
        ),
    ) -> OwnView {
        let cools = |bit: usize| cooldowns.is_some_and(|cooldowns| cooldowns.0[bit] > tick + 1);
        let state = OwnState {
            x: at.x,
            y: at.y,
            heading: heading.0,
            // The downed lie where they fell.
            speed: move_speed
                .filter(|_| !downed)
                .map_or(0, |move_speed| u16::try_from(move_speed.speed.max(0)).unwrap_or(u16::MAX)),
            hp: health.hp,
            hp_max: health.hp_max,
            mp: mana.map_or(0, |mana| mana.mp),
            cooling: (0..8).filter(|bit| cools(*bit)).fold(0, |bits, bit| bits | 1 << bit),
            extraction_ticks: extracting
                .map_or(0, |extracting| u16::try_from(extracting.done_tick.saturating_sub(tick)).unwrap_or(u16::MAX)),
        };
        OwnView {
            state: (!dead).then_some(state),
            input_seq: last.map_or(0, |last| last.0),
            sheet_version: inventory.map_or(0, |inventory| inventory.version),
        }
    }
}

/// What an avatar carries, in the order of names.
fn inventory(world: &World, avatar: NetId) -> ServerMessage {
    let content = &world.resource::<Rules>().content;
    let entity = world.resource::<NetIdIndex>().entity(avatar);
    let version = entity.and_then(|entity| world.get::<Inventory>(entity)).map_or(0, |inventory| inventory.version);
    let items = carried_in_all(world, avatar).into_iter().take(limits::INVENTORY_ITEMS_MAX);
    let shown = |carried: hypogeum_items::Carried| CarriedItem {
        id: carried.name,
        item: carried.item.id,
        template: content.items.key(carried.item.def).to_owned(),
        equipped: carried.worn.is_some(),
        state: carried.state(),
        version: carried.item.version,
    };
    ServerMessage::Inventory { version, items: items.map(shown).collect() }
}

/// How many are inside and how many got out, and the phase.
fn head(world: &World) -> Head {
    let (inside, out) = Ranks::of(world, Ranks::inside_and_out);
    let short = |count| u16::try_from(count).unwrap_or(u16::MAX);
    let clock = world.resource::<MatchClock>();
    let notice = ServerMessage::Phase { phase: clock.phase, tick: clock.began_tick, ends_tick: clock.ends_tick };
    Head { counts: [short(inside), short(out)], notice: Some(notice) }
}
