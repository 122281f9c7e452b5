//! What somebody gets out of a shard: read off its world, kept in its log, given by the store.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, CharacterId, ItemId};
use crate::limits;
use crate::parts::{Outcome, StashItem};

/// An item outside all shards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StashedItem {
    /// Its name for ever.
    pub id: ItemId,
    /// Key of its template.
    pub template: String,
    /// What it has besides its kind.
    pub state: ItemState,
}

impl StashedItem {
    /// A single item as new.
    #[must_use]
    pub fn new(id: ItemId, template: impl Into<String>) -> Self {
        Self { id, template: template.into(), state: ItemState::default() }
    }
}

/// What one item has besides its kind; by default a single one as new.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ItemState {
    /// How many pieces it is, 1 and up: more only of what can be stacked.
    pub count: u32,
    /// How much of its durability is gone, 0 and up.
    pub wear: u32,
    /// Whether it stays with whoever has it.
    pub is_bound: bool,
    /// The item in which it lies; `None`: in no other. One that is not where this is means nothing.
    pub inside: Option<ItemId>,
}

impl Default for ItemState {
    fn default() -> Self {
        Self { count: 1, wear: 0, is_bound: false, inside: None }
    }
}

/// A character outside all shards: where it is, and what the kind of shard that it is in keeps of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharacterSheet {
    /// Its name for ever.
    pub id: CharacterId,
    /// The title of the open shard it is in; empty: it has never been anywhere. At most
    /// [`PLACE_BYTES_MAX`](crate::limits::PLACE_BYTES_MAX) bytes.
    pub place: String,
    /// What the kind of that shard keeps of it, in a form of its own; empty: nothing yet. At most
    /// [`CHARACTER_BYTES_MAX`](crate::limits::CHARACTER_BYTES_MAX) bytes.
    pub body: Vec<u8>,
}

impl CharacterSheet {
    /// Whether body and place are no longer than they may be.
    #[must_use]
    pub const fn is_within_limits(&self) -> bool {
        self.body.len() <= limits::CHARACTER_BYTES_MAX && self.place.len() <= limits::PLACE_BYTES_MAX
    }
}

impl From<StashedItem> for StashItem {
    fn from(item: StashedItem) -> Self {
        Self { item: item.id, template: item.template, state: item.state }
    }
}

impl Grant {
    /// A grant of nothing, for nobody, at the first place: the base of others.
    #[must_use]
    pub const fn nothing(outcome: Outcome) -> Self {
        Self {
            account: AccountId(0),
            outcome,
            kills: 0,
            damage_dealt: 0,
            xp_gained: 0,
            currency_gained: 0,
            placement: 1,
            items_secured: Vec::new(),
            items_changed: Vec::new(),
            character: None,
        }
    }
}

/// What a shard was worth for one seat, and how it went there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Whose; 0 for a seat that nobody took: nothing is given to it.
    pub account: AccountId,
    /// How it ended.
    pub outcome: Outcome,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
    /// Experience earned, to be added to the account's.
    pub xp_gained: u32,
    /// Currency earned, not negative.
    pub currency_gained: i64,
    /// Place among all seats, 1 is best; equal places are a draw. Final once the shard is over.
    pub placement: u16,
    /// What it got out with: brought, found, or taken from others, in the order of names in the shard. Everything else
    /// that was brought is lost.
    pub items_secured: Vec<StashedItem>,
    /// What was brought by anybody and is still in the shard, as far as it is another number of pieces now than any grant has said
    /// before; 0: it is gone, used up or merged with others. So nothing is doubled if what the shard holds is given back. At most
    /// [`ITEMS_CHANGED_MAX`](crate::limits::ITEMS_CHANGED_MAX).
    pub items_changed: Vec<(ItemId, u32)>,
    /// How the character is that was brought into an open shard: where it is now, and its body. It carries all of
    /// [`Self::items_secured`] then. `None` where none was brought; also where it leaves as it came, and then what it got
    /// out with goes into its account's stash.
    pub character: Option<CharacterSheet>,
}
