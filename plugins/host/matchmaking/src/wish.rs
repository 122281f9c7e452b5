//! What a ticket brings besides a rating: what it is, and whom it wants.

use crate::{Properties, Query};

/// What a ticket says of itself and asks of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// What it is.
    pub properties: Properties,
    /// Whom it wants.
    pub query: Query,
}

/// Of a ticket that brings none.
pub(crate) static NO_WISH: Wish = Wish { properties: Properties::none(), query: Query::none() };

impl Wish {
    /// Whether it says nothing and asks for nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.query.is_empty()
    }
}

/// A wish as it stands: how many of its query's wishes still hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked<'a> {
    pub(crate) wish: &'a Wish,
    pub(crate) wishes: usize,
}

impl Asked<'static> {
    pub(crate) const NOTHING: Self = Asked { wish: &NO_WISH, wishes: 0 };
}

impl Asked<'_> {
    fn accepts(self, other: Asked<'_>) -> bool {
        self.wish.query.accepts(&other.wish.properties, self.wishes)
    }

    /// Whether both want each other.
    pub(crate) fn agrees(self, other: Asked<'_>) -> bool {
        self.accepts(other) && other.accepts(self)
    }
}
