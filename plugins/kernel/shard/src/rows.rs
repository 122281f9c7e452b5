//! State in a long list of which a step changes little: a row is hashed again only when it was written.

use core::ops::Deref;

use bevy_app::App;
use bevy_ecs::change_detection::DetectChangesMut;
use bevy_ecs::prelude::{IntoScheduleConfigs, Local, ResMut};
use hypogeum_protocol::NetId;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::schedule::{ShardSchedule, ShardSystems};
use crate::state::{StateDigest, digest_of};
use crate::{Purpose, ResourceState};

/// A list that knows which of its rows were written since it was hashed last. Its length never changes in parts.
#[derive(Clone, Debug)]
pub struct Rows<T> {
    rows: Vec<T>,
    written: Vec<u32>,
    all_written: bool,
}

/// A resource that is such a list.
pub trait RowsState: ResourceState {
    /// What stands in a row. Each is digested by itself.
    type Row: Serialize + Send + Sync + 'static;

    /// The list, to read.
    fn rows(&self) -> &Rows<Self::Row>;
    /// The list, to write: it knows which rows were.
    fn rows_mut(&mut self) -> &mut Rows<Self::Row>;
}

impl<T> Rows<T> {
    /// A row to be written; `None` where there is none.
    pub fn row_mut(&mut self, row: usize) -> Option<&mut T> {
        let found = self.rows.get_mut(row)?;
        if !self.all_written && self.written.last() != Some(&(row as u32)) {
            self.written.push(row as u32);
        }
        Some(found)
    }

    /// All rows, to be written.
    pub fn all_mut(&mut self) -> &mut [T] {
        self.all_written = true;
        self.written.clear();
        &mut self.rows
    }

    /// All rows, to read.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.rows
    }

    /// Places of the rows written in this step, some more than once; `None` where that may be any: before the first
    /// step, after a restore, or when all were to be written.
    #[must_use]
    pub fn written(&self) -> Option<&[u32]> {
        (!self.all_written).then_some(self.written.as_slice())
    }

    fn forget_written(&mut self) {
        self.written.clear();
        self.all_written = false;
    }
}

impl<T> From<Vec<T>> for Rows<T> {
    fn from(rows: Vec<T>) -> Self {
        Self { rows, written: Vec::new(), all_written: true }
    }
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl<T> Deref for Rows<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<'a, T> IntoIterator for &'a Rows<T> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl<T: PartialEq> PartialEq for Rows<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rows == other.rows
    }
}

impl<T: Eq> Eq for Rows<T> {}

impl<T: Serialize> Serialize for Rows<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

/// The digest of one row: its place stands for its name.
fn digest_of_row<R: RowsState>(row: &R::Row, place: usize) -> u64 {
    digest_of(row, const { Purpose::named(R::NAME) }, NetId(place as u32))
}

/// The digest of all rows from nothing.
fn digest_of_all<R: RowsState>(value: &R) -> u64 {
    let rows = value.rows().iter().enumerate();
    rows.fold(0, |sum: u64, (place, row)| sum.wrapping_add(digest_of_row::<R>(row, place)))
}

pub(crate) fn register_rows<R: RowsState>(app: &mut App) {
    let slot = crate::state::register_resource_column::<R>(app, digest_of_all::<R>);
    let seal = move |mut value: ResMut<R>, mut sealed: ResMut<StateDigest>, mut digests: Local<Vec<u64>>| {
        // What was written is known by row; that it is forgotten here is no change.
        let list = value.bypass_change_detection().rows_mut();
        let mut sum = sealed.resource(slot);
        if list.all_written || digests.len() != list.rows.len() {
            digests.clear();
            let rows = list.rows.iter().enumerate();
            digests.extend(rows.map(|(place, row)| digest_of_row::<R>(row, place)));
            sum = digests.iter().fold(0, |sum: u64, digest| sum.wrapping_add(*digest));
        } else {
            for place in list.written.iter().map(|place| *place as usize) {
                if let (Some(row), Some(digest)) = (list.rows.get(place), digests.get_mut(place)) {
                    let fresh = digest_of_row::<R>(row, place);
                    sum = sum.wrapping_sub(*digest).wrapping_add(fresh);
                    *digest = fresh;
                }
            }
        }
        list.forget_written();
        sealed.set_resource(slot, sum);
    };
    app.add_systems(ShardSchedule, seal.in_set(ShardSystems::Seal));
}
