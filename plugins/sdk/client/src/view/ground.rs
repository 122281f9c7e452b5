//! The ground of a place of the world, as far as it is known.

use std::collections::BTreeMap;
use std::sync::Arc;

use hypogeum_protocol::{Block, Chunk, ChunkHash, ChunkInfo, ChunkPlace, DoorChange, DoorInfo, MatchId, RoomInfo};

use super::{Change, MatchView, View};

/// What is known of the ground of a place, chunk by chunk. Of a match it is empty: its announcement has the whole ground.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroundView {
    /// Side of a chunk in subunits; 0 where the ground does not come in chunks.
    pub chunk_side: i32,
    /// The chunks that were told to lie near, now or before.
    pub chunks: BTreeMap<ChunkPlace, ChunkView>,
    /// Doors of which it was told whether they are open, by their numbers. Others are as their chunks say.
    pub doors_told: BTreeMap<u16, bool>,
}

/// A chunk that was told to lie near.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkView {
    /// Which it is.
    pub hash: ChunkHash,
    /// What is in it, once that is known.
    pub chunk: Option<Arc<Chunk>>,
}

impl GroundView {
    /// Whether the ground comes in chunks.
    #[must_use]
    pub const fn is_in_chunks(&self) -> bool {
        self.chunk_side > 0
    }

    fn known(&self) -> impl Iterator<Item = &Chunk> {
        self.chunks.values().filter_map(|view| view.chunk.as_deref())
    }

    /// Every door that is known, with whether it is open, in the order of their numbers.
    pub fn doors(&self) -> impl Iterator<Item = (&DoorInfo, bool)> {
        let doors = self.known().flat_map(|chunk| &chunk.doors).map(|door| (door.number, door));
        let doors: BTreeMap<u16, &DoorInfo> = doors.collect();
        doors.into_values().map(|door| (door, self.doors_told.get(&door.number).copied().unwrap_or(door.is_open)))
    }

    /// Every room that is known, in the order of their keys.
    pub fn rooms(&self) -> impl Iterator<Item = &RoomInfo> {
        let rooms = self.known().flat_map(|chunk| &chunk.rooms).map(|room| (room.key.as_str(), room));
        let rooms: BTreeMap<&str, &RoomInfo> = rooms.collect();
        rooms.into_values()
    }

    /// All that stands in the way, as far as is known, each once: what always does, and doors that are not open.
    fn obstacles(&self) -> Vec<Block> {
        let closed = self.doors().filter(|(_, is_open)| !is_open).map(|(door, _)| door.block);
        let mut blocks: Vec<Block> = self.known().flat_map(|chunk| &chunk.obstacles).copied().chain(closed).collect();
        blocks.sort_unstable_by_key(|block| (block.x_min, block.y_min, block.x_max, block.y_max));
        blocks.dedup();
        blocks
    }

    /// Where chunks lie of which it is not known what is in them, and which they are: each hash once.
    pub(crate) fn lacking(&self) -> BTreeMap<ChunkHash, ChunkPlace> {
        let lacking = self.chunks.iter().filter(|(_, view)| view.chunk.is_none());
        lacking.map(|(at, view)| (view.hash, *at)).collect()
    }

    /// Lays a chunk wherever one of its hash was told to lie. Returns whether that is anywhere it was not yet.
    fn lay(&mut self, hash: ChunkHash, chunk: &Arc<Chunk>) -> bool {
        let mut is_new = false;
        for view in self.chunks.values_mut().filter(|view| view.hash == hash && view.chunk.is_none()) {
            view.chunk = Some(Arc::clone(chunk));
            is_new = true;
        }
        is_new
    }
}

impl MatchView {
    /// Takes over what is known of the same place when it is announced again. What lies near, and which doors are open, is told again.
    pub(super) fn keep_ground_of(&mut self, before: &mut Self) {
        self.ground = std::mem::take(&mut before.ground);
        self.ground.chunks.retain(|_, view| view.chunk.is_some());
        self.ground.doors_told.clear();
        if self.ground.is_in_chunks() {
            self.obstacles = self.ground.obstacles();
        }
    }
}

impl View {
    /// Chunks lie near.
    pub(super) fn chunks_near(&mut self, match_id: MatchId, chunk_side: i32, chunks: Vec<ChunkInfo>) -> Change {
        let Some(current) = self.current_if(match_id) else { return Change::Outdated };
        let ground = &mut current.ground;
        ground.chunk_side = chunk_side;
        for ChunkInfo { at, hash } in chunks {
            if ground.chunks.get(&at).is_none_or(|known| known.hash != hash) {
                ground.chunks.insert(at, ChunkView { hash, chunk: None });
            }
        }
        Change::ChunksNear
    }

    /// A chunk that was asked for has come.
    pub(super) fn chunk_came(&mut self, match_id: MatchId, at: ChunkPlace, body: &[u8]) -> Change {
        let Some(current) = self.current_if(match_id) else { return Change::Outdated };
        let hash = ChunkHash::of(body);
        if current.ground.chunks.get(&at).is_none_or(|told| told.hash != hash) {
            return Change::Unreadable;
        }
        match Chunk::decode(body) {
            Ok(chunk) => self.lay_chunks([(hash, Arc::new(chunk))]),
            Err(_) => Change::Unreadable,
        }
    }

    /// Lays chunks wherever they were told to lie.
    pub(crate) fn lay_chunks(&mut self, chunks: impl IntoIterator<Item = (ChunkHash, Arc<Chunk>)>) -> Change {
        let Some(current) = &mut self.current else { return Change::Outdated };
        let laid = chunks.into_iter().filter(|(hash, chunk)| current.ground.lay(*hash, chunk)).count();
        if laid == 0 {
            return Change::Outdated;
        }
        current.obstacles = current.ground.obstacles();
        Change::GroundChanged
    }

    /// Doors open and close.
    pub(super) fn doors_changed(&mut self, match_id: MatchId, doors: &[DoorChange]) -> Change {
        let Some(current) = self.current_if(match_id) else { return Change::Outdated };
        current.ground.doors_told.extend(doors.iter().map(|door| (door.number, door.is_open)));
        current.obstacles = current.ground.obstacles();
        Change::GroundChanged
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::ServerMessage;

    use super::*;
    use crate::view::tests::started;

    const HERE: ChunkPlace = ChunkPlace { column: 0, row: 0 };
    const THERE: ChunkPlace = ChunkPlace { column: 1, row: 0 };

    fn block(x: i32) -> Block {
        Block { x_min: x, y_min: 0, x_max: x + 10, y_max: 10 }
    }

    fn chunk(wall: i32) -> Chunk {
        // A door that both touch.
        let door = DoorInfo { number: 4, key: "gate".to_owned(), block: block(500), is_open: false };
        Chunk { obstacles: vec![block(wall), block(900)], doors: vec![door], rooms: Vec::new() }
    }

    fn near(id: u64, chunks: &[(ChunkPlace, &Chunk)]) -> ServerMessage {
        let info = |(at, chunk): &(ChunkPlace, &Chunk)| ChunkInfo { at: *at, hash: ChunkHash::of(&chunk.encode()) };
        let chunks = chunks.iter().map(info).collect();
        ServerMessage::ChunksNear { match_id: MatchId(id), chunk_side: 8_192, chunks }
    }

    fn came(id: u64, at: ChunkPlace, chunk: &Chunk) -> ServerMessage {
        ServerMessage::Chunk { match_id: MatchId(id), at, body: chunk.encode() }
    }

    fn obstacles(view: &View) -> Vec<Block> {
        view.current.as_ref().expect("it is in a place").obstacles.clone()
    }

    #[test]
    fn the_ground_grows_as_chunks_come() {
        let mut view = View::default();
        view.apply(started(1));
        assert_eq!(view.apply(near(1, &[(HERE, &chunk(1)), (THERE, &chunk(2))])), Change::ChunksNear, "they lie near");
        assert_eq!(obstacles(&view), [], "what is not known is free ground");
        assert_eq!(view.apply(came(1, HERE, &chunk(1))), Change::GroundChanged, "the first");
        assert_eq!(obstacles(&view), [block(1), block(500), block(900)], "its walls, and its door");
        assert_eq!(view.apply(came(1, THERE, &chunk(2))), Change::GroundChanged, "the second");
        assert_eq!(obstacles(&view), [block(1), block(2), block(500), block(900)], "what is in both counts once");
    }

    #[test]
    fn a_door_that_was_told_to_be_open_does_not_stand_in_the_way() {
        let changed = |is_open| ServerMessage::DoorsChanged {
            match_id: MatchId(1),
            doors: vec![DoorChange { number: 4, is_open }],
        };
        let mut view = View::default();
        view.apply(started(1));
        view.apply(near(1, &[(HERE, &chunk(1))]));
        assert_eq!(view.apply(changed(true)), Change::GroundChanged, "told before its chunk is there");
        view.apply(came(1, HERE, &chunk(1)));
        assert_eq!(obstacles(&view), [block(1), block(900)], "it is open");
        view.apply(changed(false));
        assert_eq!(obstacles(&view), [block(1), block(500), block(900)], "and closed again");
        view.apply(changed(true));
        view.apply(started(1));
        assert_eq!(obstacles(&view), [block(1), block(500), block(900)], "announced again, the ground is still known");
        view.apply(started(2));
        assert_eq!(obstacles(&view), [], "of another place nothing is");
    }

    #[test]
    fn one_chunk_is_laid_wherever_it_was_told_to_lie() {
        let mut view = View::default();
        view.apply(started(1));
        view.apply(near(1, &[(HERE, &chunk(1)), (THERE, &chunk(1))]));
        let ground = |view: &View| view.current.as_ref().expect("it is in a place").ground.clone();
        assert_eq!(ground(&view).lacking().len(), 1, "it is asked for once");
        view.apply(came(1, THERE, &chunk(1)));
        assert_eq!(ground(&view).lacking().len(), 0, "it is in both places");
    }

    #[test]
    fn what_was_not_told_is_not_taken() {
        let mut view = View::default();
        assert_eq!(view.apply(near(1, &[(HERE, &chunk(1))])), Change::Outdated, "in no place");
        view.apply(started(1));
        assert_eq!(view.apply(near(2, &[(HERE, &chunk(1))])), Change::Outdated, "of another place");
        view.apply(near(1, &[(HERE, &chunk(1))]));
        assert_eq!(view.apply(came(2, HERE, &chunk(1))), Change::Outdated, "of another place");
        assert_eq!(view.apply(came(1, THERE, &chunk(1))), Change::Unreadable, "not told to lie there");
        assert_eq!(view.apply(came(1, HERE, &chunk(2))), Change::Unreadable, "another than was told");
        assert_eq!(obstacles(&view), [], "nothing of it counts");
    }
}
