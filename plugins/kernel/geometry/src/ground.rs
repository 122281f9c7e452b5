//! The ground of a place, cut into chunks.

use hypogeum_protocol::{Block, Chunk, ChunkHash, ChunkInfo, ChunkPlace, DoorInfo, RoomInfo, limits};

use crate::{METRE, Position};

/// Side of a chunk in subunits: 32 m, about as far as one sees. Larger ones would show much that is out of sight, of smaller ones
/// the hashes would weigh as much as what is in them.
const SIDE: i32 = 32 * METRE;
/// Side of the smallest chunks, where larger ones have more in them than fits.
const SIDE_MIN: i32 = 8 * METRE;
/// Chunks along one side at most; places beyond belong to the last one.
const COLUMNS_MAX: i32 = 512;

/// The whole ground of a place in chunks, each encoded once. Whoever cuts the same ground gets the same chunks.
#[derive(Clone, Debug)]
pub struct Ground {
    chunk_side: i32,
    columns: i32,
    /// Row after row from the origin.
    chunks: Vec<(ChunkHash, Box<[u8]>)>,
    left_out: usize,
}

impl Ground {
    /// Cuts the ground of a square map with this side in subunits. What touches a chunk is in it, whole and once, in an order
    /// that does not depend on the one given.
    #[must_use]
    pub fn cut(side: i32, obstacles: &[Block], doors: &[DoorInfo], rooms: &[RoomInfo]) -> Self {
        let mut chunk_side = SIDE;
        loop {
            let ground = Self::cut_by(chunk_side, side, (obstacles, doors, rooms));
            if ground.left_out == 0 || chunk_side <= SIDE_MIN {
                return ground;
            }
            chunk_side /= 2;
        }
    }

    fn cut_by(chunk_side: i32, side: i32, (obstacles, doors, rooms): (&[Block], &[DoorInfo], &[RoomInfo])) -> Self {
        let columns = if side <= chunk_side { 1 } else { (side - 1) / chunk_side + 1 }.min(COLUMNS_MAX);
        let mut ground = Self { chunk_side, columns, chunks: Vec::new(), left_out: 0 };
        let mut chunks = vec![Chunk::default(); (columns * columns) as usize];
        for block in obstacles {
            ground.touched_by(block).for_each(|at| chunks[ground.index(at)].obstacles.push(*block));
        }
        for door in doors {
            ground.touched_by(&door.block).for_each(|at| chunks[ground.index(at)].doors.push(door.clone()));
        }
        for room in rooms {
            ground.touched_by(&room.area).for_each(|at| chunks[ground.index(at)].rooms.push(room.clone()));
        }
        for mut chunk in chunks {
            chunk.obstacles.sort_unstable_by_key(corners);
            chunk.obstacles.dedup();
            chunk.doors.sort_unstable_by_key(|door| door.number);
            chunk.rooms.sort_unstable_by(|one, other| one.key.cmp(&other.key));
            let bytes = ground.encode(&mut chunk);
            ground.chunks.push((ChunkHash::of(&bytes), bytes.into()));
        }
        ground
    }

    /// As bytes; what is too much is left out.
    fn encode(&mut self, chunk: &mut Chunk) -> Vec<u8> {
        loop {
            let bytes = chunk.encode();
            if bytes.len() <= limits::CHUNK_BYTES_MAX {
                return bytes;
            }
            let list_lengths = [chunk.obstacles.len(), chunk.rooms.len(), chunk.doors.len()];
            chunk.obstacles.truncate(list_lengths[0] / 2);
            chunk.rooms.truncate(list_lengths[1] / 2);
            chunk.doors.truncate(list_lengths[2] / 2);
            self.left_out += list_lengths.iter().map(|length| length.div_ceil(2)).sum::<usize>();
        }
    }

    /// Side of a chunk in subunits.
    #[must_use]
    pub const fn chunk_side(&self) -> i32 {
        self.chunk_side
    }

    /// How much is in no chunk because there is no room for it: 0 unless the place is nonsense.
    #[must_use]
    pub const fn left_out(&self) -> usize {
        self.left_out
    }

    /// The bytes of a chunk; `None` off the map.
    #[must_use]
    pub fn bytes(&self, at: ChunkPlace) -> Option<&[u8]> {
        self.chunk(at).map(|(_, bytes)| &**bytes)
    }

    /// A chunk as it is announced; `None` off the map.
    #[must_use]
    pub fn info(&self, at: ChunkPlace) -> Option<ChunkInfo> {
        self.chunk(at).map(|(hash, _)| ChunkInfo { at, hash: *hash })
    }

    fn chunk(&self, at: ChunkPlace) -> Option<&(ChunkHash, Box<[u8]>)> {
        let is_there = i32::from(at.column) < self.columns && i32::from(at.row) < self.columns;
        self.chunks.get(self.index(at)).filter(|_| is_there)
    }

    /// The chunks whose ground is no farther from a place than `reach` along each axis, row after row.
    pub fn near(&self, at: Position, reach: i32) -> impl Iterator<Item = ChunkPlace> + use<> {
        let (x, y) = (at.x.saturating_sub(reach), at.y.saturating_sub(reach));
        let area = Block { x_min: x, y_min: y, x_max: at.x.saturating_add(reach), y_max: at.y.saturating_add(reach) };
        self.touched_by(&area)
    }

    /// The chunks that a box touches, edges included, row after row. What is off the map belongs to the border.
    pub fn touched_by(&self, block: &Block) -> impl Iterator<Item = ChunkPlace> + use<> {
        let column = |coordinate: i32| coordinate.div_euclid(self.chunk_side).clamp(0, self.columns - 1) as u16;
        // An edge that two chunks share belongs to both.
        let (low, high) = (|edge: i32| column(edge.saturating_sub(1)), column);
        let columns = low(block.x_min.min(block.x_max))..=high(block.x_min.max(block.x_max));
        let rows = low(block.y_min.min(block.y_max))..=high(block.y_min.max(block.y_max));
        rows.flat_map(move |row| columns.clone().map(move |column| ChunkPlace { column, row }))
    }

    fn index(&self, at: ChunkPlace) -> usize {
        usize::from(at.row) * self.columns as usize + usize::from(at.column)
    }
}

const fn corners(block: &Block) -> (i32, i32, i32, i32) {
    (block.x_min, block.y_min, block.x_max, block.y_max)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    const MAP: i32 = 200 * METRE;

    fn block(x: i32, y: i32, width: i32, height: i32) -> Block {
        Block { x_min: x, y_min: y, x_max: x + width, y_max: y + height }
    }

    fn room(number: usize, area: Block) -> RoomInfo {
        RoomInfo { key: format!("room{number}"), name: "A room".to_owned(), area, is_safe: false }
    }

    fn door(number: usize, block: Block) -> DoorInfo {
        DoorInfo { number: number as u16, key: format!("door{number}"), block, is_open: false }
    }

    fn chunks(ground: &Ground) -> BTreeMap<ChunkPlace, Chunk> {
        let everywhere = block(0, 0, i32::MAX, i32::MAX);
        let read = |at| (at, Chunk::decode(ground.bytes(at).expect("it is on the map")).expect("it can be read"));
        ground.touched_by(&everywhere).map(read).collect()
    }

    fn blocks() -> impl Strategy<Value = Vec<Block>> {
        let one = (-2_000..MAP + 2_000, -2_000..MAP + 2_000, 1..30_000, 1..30_000)
            .prop_map(|(x, y, width, height)| block(x, y, width, height));
        prop::collection::vec(one, 0..60)
    }

    proptest! {
        #[test]
        fn everything_is_in_each_chunk_it_touches_and_nothing_else_is(
            obstacles in blocks(), doors in blocks(), rooms in blocks(),
        ) {
            let doors: Vec<DoorInfo> = doors.into_iter().enumerate().map(|(number, it)| door(number, it)).collect();
            let rooms: Vec<RoomInfo> = rooms.into_iter().enumerate().map(|(number, it)| room(number, it)).collect();
            let ground = Ground::cut(MAP, &obstacles, &doors, &rooms);
            prop_assert_eq!(ground.left_out(), 0);
            let side = i64::from(ground.chunk_side());
            for (at, chunk) in chunks(&ground) {
                // The border reaches to wherever there is something.
                let last = i64::from(ground.columns) - 1;
                let low = |column: u16| if column == 0 { i64::MIN } else { i64::from(column) * side };
                let high = |column: u16| if i64::from(column) == last { i64::MAX } else { (i64::from(column) + 1) * side };
                let touches = |it: &Block| {
                    i64::from(it.x_min) <= high(at.column) && i64::from(it.x_max) >= low(at.column)
                        && i64::from(it.y_min) <= high(at.row) && i64::from(it.y_max) >= low(at.row)
                };
                let mut expected: Vec<Block> = obstacles.iter().copied().filter(touches).collect();
                expected.sort_unstable_by_key(corners);
                expected.dedup();
                prop_assert_eq!(&chunk.obstacles, &expected, "obstacles of {:?}", at);
                let expected: Vec<DoorInfo> = doors.iter().filter(|it| touches(&it.block)).cloned().collect();
                prop_assert_eq!(&chunk.doors, &expected, "doors of {:?}", at);
                prop_assert_eq!(chunk.rooms.len(), rooms.iter().filter(|it| touches(&it.area)).count(), "rooms");
                prop_assert!(chunk.rooms.iter().all(|it| rooms.contains(it)), "no other rooms in {:?}", at);
            }
        }

        #[test]
        fn any_two_that_cut_the_same_ground_get_the_same_chunks(obstacles in blocks(), by in 0..60_usize) {
            let rooms: Vec<RoomInfo> = obstacles.iter().enumerate().map(|(number, it)| room(number, *it)).collect();
            let one = Ground::cut(MAP, &obstacles, &[], &rooms);
            let (mut turned, mut rooms_turned) = (obstacles, rooms);
            let by = by % turned.len().max(1);
            turned.rotate_left(by);
            turned.extend_from_within(..turned.len().min(1));
            rooms_turned.reverse();
            let other = Ground::cut(MAP, &turned, &[], &rooms_turned);
            prop_assert_eq!(one.chunks, other.chunks, "in whatever order it is given");
        }

        #[test]
        fn what_is_near_holds_all_that_is_within_reach(x in -100..MAP + 100, y in -100..MAP + 100, reach in 0..20_000) {
            let ground = Ground::cut(MAP, &[], &[], &[]);
            let near: Vec<ChunkPlace> = ground.near(Position { x, y }, reach).collect();
            let there = |at: i32| (at.clamp(0, MAP - 1) / ground.chunk_side()) as u16;
            for (dx, dy) in [(0, 0), (reach, reach), (-reach, reach), (reach, -reach), (-reach, -reach)] {
                let at = ChunkPlace { column: there(x + dx), row: there(y + dy) };
                prop_assert!(near.contains(&at), "{:?} is not in {:?}", at, near);
            }
            let across = usize::try_from(2 * reach / ground.chunk_side()).expect("it is no less than nothing") + 3;
            prop_assert!(near.len() <= across * across, "{} chunks", near.len());
        }
    }

    #[test]
    fn chunks_with_the_same_in_them_are_the_same() {
        let ground = Ground::cut(MAP, &[block(100, 100, 50, 50)], &[], &[]);
        let hash = |column, row| ground.info(ChunkPlace { column, row }).expect("it is on the map").hash;
        assert_eq!(hash(3, 3), hash(6, 0), "two with nothing in them");
        assert_ne!(hash(3, 3), hash(0, 0), "one with something");
        assert_eq!(ground.info(ChunkPlace { column: 7, row: 0 }), None, "seven chunks of 32 m are 224 m");
        assert_eq!(ground.info(ChunkPlace { column: 0, row: 7 }), None, "in both directions");
    }

    #[test]
    fn where_there_is_too_much_chunks_are_smaller() {
        let pillar = |number: i32| block(number % 120 * 60, number / 120 * 60, 30, 30);
        let pillars: Vec<Block> = (0..14_000).map(pillar).collect();
        let ground = Ground::cut(MAP, &pillars, &[], &[]);
        assert!(ground.chunk_side() < SIDE && ground.left_out() == 0, "{} m", ground.chunk_side() / METRE);
        let heap: Vec<Block> = (1..5_000).map(|width| block(0, 0, width % 70 + 300, width / 70 + 300)).collect();
        let ground = Ground::cut(MAP, &heap, &[], &[]);
        assert!(ground.left_out() > 0, "what is all in one place does not fit");
        assert!(chunks(&ground).values().all(|chunk| chunk.obstacles.len() < 5_000), "and is left out");
    }

    #[test]
    fn nonsense_is_still_ground() {
        let nonsense = Block { x_min: i32::MAX, y_min: i32::MIN, x_max: i32::MIN, y_max: i32::MAX };
        for side in [i32::MIN, -1, 0, 1] {
            let ground = Ground::cut(side, &[nonsense], &[], &[]);
            assert_eq!(chunks(&ground).len(), 1, "one chunk with side {side}");
            assert_eq!(ground.near(Position { x: i32::MIN, y: i32::MAX }, i32::MAX).count(), 1, "which is near");
        }
    }
}
