//! What a ticket brings besides a rating: what it is, and whom it wants.

use crate::{Properties, Query};

/// Different queries that one lobby brings together: each newcomer is held against all of them, in a mode of thousands, too.
const QUERIES_MAX: usize = 32;

/// What a ticket says of itself and asks of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Criteria {
    /// What it is.
    pub properties: Properties,
    /// Whom it wants.
    pub query: Query,
}

/// Of a ticket that brings none.
static NO_CRITERIA: Criteria = Criteria { properties: Properties::none(), query: Query::none() };

impl Criteria {
    /// Whether it says nothing and asks for nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.query.is_empty()
    }
}

/// Criteria as they stand: how many of its query's should clauses still hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) criteria: &'a Criteria,
    pub(crate) shoulds: usize,
}

impl Asked<'static> {
    pub(crate) const NOTHING: Self = Asked { criteria: &NO_CRITERIA, shoulds: 0 };
}

impl Asked<'_> {
    fn accepts(self, properties: &Properties) -> bool {
        self.criteria.query.accepts(properties, self.shoulds)
    }

    fn asks_the_same(self, other: Asked<'_>) -> bool {
        self.shoulds == other.shoulds && self.criteria.query == other.criteria.query
    }

    /// Whether both want each other.
    pub(crate) fn agrees(self, other: Asked<'_>) -> bool {
        self.accepts(&other.criteria.properties) && other.accepts(&self.criteria.properties)
    }
}

/// What becomes of a newcomer by what it and the members ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// All want each other.
    Agreed,
    /// Somebody rules somebody out.
    Disagreed,
    /// All want each other, but more different queries than [`QUERIES_MAX`] would come together.
    TooMany,
}

/// What the members of a lobby say and ask. Each query holds of every member but perhaps of the one who asks it.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupCriteria<'a> {
    /// Each once, and whether it holds of the one who asks it.
    queries: Vec<(Asked<'a>, bool)>,
    /// Of those who say something of themselves.
    properties: Vec<&'a Properties>,
    /// Whether somebody says nothing.
    has_silent: bool,
}

impl<'a> GroupCriteria<'a> {
    /// What becomes of somebody who wants to come to them.
    pub(crate) fn agreement(&self, newcomer: Asked<'_>) -> Agreement {
        let properties = &newcomer.criteria.properties;
        if !self.queries.iter().all(|(asked, _)| asked.accepts(properties)) {
            return Agreement::Disagreed;
        }
        if newcomer.criteria.query.is_empty() {
            return Agreement::Agreed;
        }
        // Who asks what somebody asks already need not be held against thousands once more: it holds of them all, or not of that one.
        if let Some((_, holds_of_asker)) = self.queries.iter().find(|(asked, _)| asked.asks_the_same(newcomer)) {
            return if *holds_of_asker { Agreement::Agreed } else { Agreement::Disagreed };
        }
        let silent = self.has_silent.then_some(&NO_CRITERIA.properties);
        if !self.properties.iter().copied().chain(silent).all(|properties| newcomer.accepts(properties)) {
            return Agreement::Disagreed;
        }
        if self.queries.len() < QUERIES_MAX { Agreement::Agreed } else { Agreement::TooMany }
    }

    /// Takes somebody in.
    pub(crate) fn add(&mut self, newcomer: Asked<'a>) {
        let Criteria { properties, query } = newcomer.criteria;
        if properties.is_empty() {
            self.has_silent = true;
        } else {
            self.properties.push(properties);
        }
        if !query.is_empty() && !self.queries.iter().any(|(asked, _)| asked.asks_the_same(newcomer)) {
            self.queries.push((newcomer, newcomer.accepts(properties)));
        }
    }

    /// How much it takes to look at a newcomer, counted in clauses or so.
    pub(crate) const fn comparisons(&self) -> usize {
        self.queries.len()
    }
}
