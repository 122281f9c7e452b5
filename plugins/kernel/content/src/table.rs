//! Definitions of one kind, in the order of their keys, and links to them.

use core::fmt;
use core::marker::PhantomData;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A place in the [`Table`] of `T`; the same wherever the content hash is the same.
pub struct Id<T>(u16, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The place with this number. Meant for numbers that came from [`Id::index`].
    #[must_use]
    pub const fn new(index: u16) -> Self {
        Self(index, PhantomData)
    }

    /// Its number, for the wire and for state.
    #[must_use]
    pub const fn index(self) -> u16 {
        self.0
    }
}

// Derives would ask the same of `T`, which is only a label here.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "#{}", self.0)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u16::deserialize(deserializer).map(Self::new)
    }
}

/// A reference to another definition: a key as a designer writes it, its place once everything is loaded.
pub struct Link<T> {
    pub(crate) key: String,
    pub(crate) id: Id<T>,
}

impl<T> Link<T> {
    /// The key as written.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The definition's place; right for every link of a loaded `Content`.
    #[must_use]
    pub const fn id(&self) -> Id<T> {
        self.id
    }
}

impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), id: self.id }
    }
}
impl<T> Serialize for Link<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.key)
    }
}
impl<T> fmt::Debug for Link<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", self.key)
    }
}
impl<'de, T> Deserialize<'de> for Link<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { key: String::deserialize(deserializer)?, id: Id::new(u16::MAX) })
    }
}

/// All definitions of one kind, sorted by key.
#[derive(Clone, Debug)]
pub struct Table<T> {
    rows: Vec<(String, T)>,
    /// How many of them are sorted. All are, but for what [`crate::Content::numbered_like`] puts behind.
    sorted: usize,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), sorted: 0 }
    }
}

impl<T> Table<T> {
    /// Sorts the rows by key. Keys are unique because file names are.
    pub(crate) fn new(mut rows: Vec<(String, T)>) -> Self {
        rows.sort_by(|left, right| left.0.cmp(&right.0));
        Self { sorted: rows.len(), rows }
    }

    /// What `other` has in its places, by this table's definitions where it has them, and behind that what only this
    /// table has.
    pub(crate) fn behind(&self, other: &Self) -> Self
    where
        T: Clone,
    {
        let mine = |(key, row): &(String, T)| (key.clone(), self.id(key).map_or(row, |id| &self[id]).clone());
        let mut rows: Vec<(String, T)> = other.rows.iter().map(mine).collect();
        let sorted = other.sorted;
        rows.extend(self.rows.iter().filter(|(key, _)| other.id(key).is_none()).cloned());
        Self { rows, sorted }
    }

    /// The place of a key.
    #[must_use]
    pub fn id(&self, key: &str) -> Option<Id<T>> {
        let (sorted, behind) = self.rows.split_at(self.sorted);
        let index = match sorted.binary_search_by(|row| row.0.as_str().cmp(key)) {
            Ok(index) => index,
            Err(_) => self.sorted + behind.iter().position(|row| row.0 == key)?,
        };
        u16::try_from(index).ok().map(Id::new)
    }

    /// The definition at a place, if there is one: for places that came from outside.
    #[must_use]
    pub fn find(&self, id: Id<T>) -> Option<&T> {
        self.rows.get(usize::from(id.index())).map(|row| &row.1)
    }

    /// The key of a place; empty for a place that is not here.
    #[must_use]
    pub fn key(&self, id: Id<T>) -> &str {
        self.rows.get(usize::from(id.index())).map_or("", |row| row.0.as_str())
    }

    /// Places, keys and definitions in key order.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &str, &T)> {
        self.rows.iter().enumerate().map(|(index, row)| (Id::new(index as u16), row.0.as_str(), &row.1))
    }

    /// All definitions, to set their links.
    pub(crate) fn definitions_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.rows.iter_mut().map(|row| &mut row.1)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// Places of a loaded content are always good; a foreign one panics, so look those up with [`Table::find`].
impl<T> core::ops::Index<Id<T>> for Table<T> {
    type Output = T;

    fn index(&self, id: Id<T>) -> &T {
        &self.rows[usize::from(id.index())].1
    }
}
