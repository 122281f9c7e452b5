//! In what two states differ: for anyone who must find out why a replay went another way.

use bevy_ecs::world::World;
use hypogeum_protocol::NetId;

use crate::snapshot::{RestoreError, columns_of};
use crate::state::Registry;

/// One registered type that is not the same in both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The type, as [`State::NAME`](crate::State::NAME) says.
    pub column: &'static str,
    /// Whose differ, or are there in one state only, in order; [`NetId::NONE`] alone for a resource.
    pub entities: Vec<NetId>,
}

/// What differs between a world and a snapshot of its kind, in the order of registration.
pub(crate) fn differences(world: &mut World, snapshot: &[u8]) -> Result<Vec<Difference>, RestoreError> {
    let found = columns_of(world, snapshot)?;
    let columns = world.resource::<Registry>().columns.clone();
    let mut differences = Vec::new();
    for (column, bytes) in columns.iter().zip(&found) {
        let entities = (column.differ)(world, bytes)?;
        if !entities.is_empty() {
            differences.push(Difference { column: column.name, entities });
        }
    }
    Ok(differences)
}

/// Names whose rows are not the same in two lists that are in the order of names.
pub(crate) fn differing(one: &[(NetId, Vec<u8>)], other: &[(NetId, Vec<u8>)]) -> Vec<NetId> {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut found = Vec::new();
    loop {
        let (left, right) = (one.peek().map(|row| row.0), other.peek().map(|row| row.0));
        let id = match (left, right) {
            (None, None) => return found,
            (Some(left), Some(right)) => left.min(right),
            (Some(only), None) | (None, Some(only)) => only,
        };
        let ours = one.next_if(|row| row.0 == id);
        let theirs = other.next_if(|row| row.0 == id);
        if ours != theirs {
            found.push(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_differ_or_stand_in_one_list_only_are_named() {
        let rows = |rows: &[(u32, u8)]| rows.iter().map(|(id, value)| (NetId(*id), vec![*value])).collect::<Vec<_>>();
        let (one, other) = (rows(&[(1, 0), (2, 5), (4, 0)]), rows(&[(2, 6), (3, 0), (4, 0), (9, 1)]));
        let names: Vec<u32> = differing(&one, &other).iter().map(|id| id.0).collect();
        assert_eq!(names, [1, 2, 3, 9], "4 is the same in both");
    }
}
