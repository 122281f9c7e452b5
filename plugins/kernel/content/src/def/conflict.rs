//! What follows where acts on one thing cross.

use serde::{Deserialize, Serialize};

/// What follows where an act on an item comes after another one that has changed it. Who is first is who comes in an earlier tick; of
/// those in one tick chance decides, and of one asker the order of its asking.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum ItemConflict {
    /// It is done with the item as it is now, as it was asked or not at all: who asks for five pieces where three are left gets none.
    #[default]
    First,
    /// It is done as far as that goes: who asks for five pieces where three are left gets three. Only of what stacks.
    Merge,
    /// Whoever has seen another version is refused, and told how the item is now.
    Reject,
}

/// What follows where an act on a door comes after another one that has changed it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum DoorConflict {
    /// It is done with the door as it stands now: two who open it have both opened it.
    #[default]
    Merge,
    /// Whoever has seen another version is refused, and told how the door stands now.
    Reject,
}

impl ItemConflict {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl DoorConflict {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
