//! What is carried: instances, inventory, equipment, ground loot and loot tables.
//!
//! An item is an entity of its own with an [`Item`] and exactly one [`Place`]: on the ground, in a container, in an
//! inventory, or worn. Every change of place goes through one function, so that counts are true, versions rise and
//! empty containers vanish.
//!
//! What is worn wears out by blows ([`ItemBroke`]); what is bound, of a quest or unique is refused by what it is
//! ([`Refusal`]). What changes has another version ([`Item::version`]): its kind says what follows where acts on it cross, and how
//! long whoever killed for it has first [`Claim`] on it. Who has a [`WeightLimit`] takes nothing that is too heavy.
//!
//! In: [`ItemRequest`] (acts of players and brains), [`LootRequest`] (roll a table), [`DropAllRequest`] (drop all).
//! Out: [`ItemOutcome`] for each request, `EffectRequest` and `DispelRequest` when something is consumed, `GameEvent::Refused` for what cannot be done, and on anyone who
//! wears something its `EquipmentBonus` and its weapon's ability. For the owner of the match: [`spawn_item`], [`wear`],
//! [`carried`], [`take_all`], [`spawn_container`] and the [`Mint`].

mod bags;
mod carried;
mod claims;
mod components;
mod decay;
mod drops;
mod durability;
mod exchange;
mod flags;
mod holdings;
mod loot;
mod messages;
mod mint;
mod place;
mod refusal;
mod requests;
mod stacks;
mod view;
mod weight;
mod worn;

#[cfg(test)]
mod test_shard;

use bevy_app::{App, Plugin};
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_combat::{CombatSystems, DamageDealt, DispelRequest, EffectRequest, HazardSystems};
use hypogeum_shard::{ShardApp, ShardSchedule, ShardSystems};
use hypogeum_space::ViewApp;

pub use bags::BAGS_DEEP_MAX;
pub use carried::{Carried, carried, carried_in_all, count_of, take_all, take_one, take_pieces, take_some};
pub use claims::Claim;
pub use components::{Bag, Container, Inventory, Item, Place};
pub use decay::{Decay, GroundRule};
pub use durability::ItemBroke;
pub use exchange::exchange;
pub use holdings::Holdings;
pub use loot::{LOOT_ITEMS_MAX, roll_loot};
pub use messages::{DropAllRequest, ItemAct, ItemOutcome, ItemRequest, LootGiven, LootRequest};
pub use mint::{Mint, mint_item, spawn_container, spawn_item};
pub use refusal::Refusal;
pub use requests::{REACH, hand_over, unchanged};
pub use stacks::{ChangedCounts, add_piece, fits};
pub use view::{ContainerView, LyingView};
pub use weight::{WeightLimit, carried_weight_g, weight_limit_g};
pub use worn::wear;

/// When items move within a step.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ItemsSystems {
    /// In `ShardSystems::Act`, after hazards hurt and before combat strikes: each [`ItemRequest`], of one asker in the order written, of several by turn.
    Requests,
    /// In `ShardSystems::Resolve`, between combat's `Death` and `Derive`: what is worn wears out, then each [`DropAllRequest`], then each
    /// [`LootRequest`], then what has lain on the ground for its time goes. A system that writes one because of a death runs before it; one that counts what is carried runs after
    /// it.
    Drops,
}

/// Gives a shard items. Needs `SpacePlugin` and `CombatPlugin`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ItemsPlugin;

impl Plugin for ItemsPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Holdings>()
            .init_resource::<GroundRule>()
            .register_state::<Item>()
            .register_state::<Place>()
            .register_state::<Inventory>()
            .register_state::<Container>()
            .register_state::<Bag>()
            .register_state::<WeightLimit>()
            .register_state::<Claim>()
            .register_state::<Decay>()
            .register_resource_state::<Mint>()
            .register_resource_state::<ChangedCounts>()
            .show_things::<view::LyingView>()
            .show_things::<view::ContainerView>()
            .add_shard_message::<ItemRequest>()
            .add_shard_message::<ItemOutcome>()
            .add_shard_message::<LootRequest>()
            .add_shard_message::<LootGiven>()
            .add_shard_message::<DropAllRequest>()
            .add_shard_message::<EffectRequest>()
            .add_shard_message::<DispelRequest>()
            .add_shard_message::<DamageDealt>()
            .add_shard_message::<ItemBroke>()
            .configure_sets(
                ShardSchedule,
                ItemsSystems::Requests
                    .in_set(ShardSystems::Act)
                    .after(HazardSystems::Hurt)
                    .before(CombatSystems::Strike),
            )
            .configure_sets(
                ShardSchedule,
                ItemsSystems::Drops
                    .in_set(ShardSystems::Resolve)
                    .after(CombatSystems::Death)
                    .before(CombatSystems::Derive),
            )
            .add_systems(ShardSchedule, requests::apply_requests.in_set(ItemsSystems::Requests))
            .add_systems(
                ShardSchedule,
                (durability::wear_out, drops::drop_all, drops::drop_loot, decay::decay)
                    .chain()
                    .in_set(ItemsSystems::Drops),
            );
    }
}
