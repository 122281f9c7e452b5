//! Where everything of a zone stands: walls follow from its rooms, and openings from its ways.

use bevy_ecs::prelude::Resource;
use hypogeum_content::def::{AreaDef, Axis, SharedEdge, ZoneDef};
use hypogeum_protocol::Block;
use hypogeum_space::turn::distance;
use hypogeum_space::{METRE, Position, cm};

/// Half the thickness of a wall.
const WALL_HALF: i32 = METRE / 4;
/// How far from the middle of a wall one stands who has walked through it: a large body is past it.
const PAST_WALL: i32 = METRE * 3 / 2;

/// A room on the ground.
#[derive(Clone, Debug)]
pub(crate) struct RoomPlace {
    pub(crate) low: Position,
    pub(crate) high: Position,
}

impl RoomPlace {
    fn new(area: &AreaDef) -> Self {
        let at = |x, y| Position { x: metres(x), y: metres(y) };
        Self { low: at(area.x, area.y), high: at(area.right_m(), area.top_m()) }
    }

    pub(crate) const fn holds(&self, at: Position) -> bool {
        self.low.x <= at.x && at.x <= self.high.x && self.low.y <= at.y && at.y <= self.high.y
    }

    pub(crate) const fn middle(&self) -> Position {
        Position { x: i32::midpoint(self.low.x, self.high.x), y: i32::midpoint(self.low.y, self.high.y) }
    }

    /// How far its corners are from its middle.
    pub(crate) fn reach(&self) -> i32 {
        distance(self.middle(), self.high)
    }

    /// How far from its middle a place may lie along each axis and still be well inside.
    pub(crate) fn spread(&self) -> i32 {
        ((self.high.x - self.low.x).min(self.high.y - self.low.y) / 2 - METRE).max(0)
    }
}

/// A way on the ground.
#[derive(Clone, Debug)]
pub(crate) struct WayPlace {
    /// Its rooms, by index.
    pub(crate) rooms: [usize; 2],
    /// Where one stands on each side of it, in the order of the rooms.
    pub(crate) sides: [Position; 2],
    /// What its door fills while it is not open.
    pub(crate) block: Block,
    /// The number of its door among all doors.
    pub(crate) door: Option<usize>,
}

/// A gate on the ground.
#[derive(Clone, Debug)]
pub(crate) struct GatePlace {
    pub(crate) room: usize,
    pub(crate) at: Position,
}

/// Where everything stands. It follows from the definition alone and never changes: a cache.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Layout {
    pub(crate) side: i32,
    pub(crate) rooms: Vec<RoomPlace>,
    pub(crate) ways: Vec<WayPlace>,
    pub(crate) gates: Vec<GatePlace>,
    /// The way of each door.
    pub(crate) doors: Vec<usize>,
    pub(crate) walls: Vec<Block>,
}

impl Layout {
    pub(crate) fn new(def: &ZoneDef) -> Self {
        let rooms: Vec<RoomPlace> = def.rooms.iter().map(|room| RoomPlace::new(&room.area)).collect();
        let mut layout = Self { side: metres(def.side_m), rooms, ..Self::default() };
        let mut openings = Vec::new();
        for (way, edge) in def.ways.iter().filter_map(|way| Some((way, def.edge_of(way)?))) {
            let (Some(one), Some(other)) = (room_index(def, &way.between.0), room_index(def, &way.between.1)) else {
                continue;
            };
            let opening = Opening::new(&edge, way.width_cm);
            let door = way.door.as_ref().map(|_| layout.doors.len());
            if door.is_some() {
                layout.doors.push(layout.ways.len());
            }
            // The first room lies below the edge where its middle does.
            let is_below = opening.across(layout.rooms[one].middle()) < opening.at;
            let sides = if is_below { [-PAST_WALL, PAST_WALL] } else { [PAST_WALL, -PAST_WALL] };
            layout.ways.push(WayPlace {
                rooms: [one, other],
                sides: sides.map(|off| opening.middle(off)),
                block: opening.block(),
                door,
            });
            openings.push(opening);
        }
        layout.gates = def
            .gates
            .iter()
            .filter_map(|gate| room_index(def, &gate.room))
            .map(|room| GatePlace { room, at: layout.rooms[room].middle() })
            .collect();
        layout.walls = layout.rooms.iter().flat_map(|room| walls(room, &openings)).collect();
        layout.walls.sort_unstable_by_key(|block| (block.x_min, block.y_min, block.x_max, block.y_max));
        layout.walls.dedup();
        layout
    }

    /// The room at a place; `last` is where one was a moment ago, which is looked at first.
    pub(crate) fn room_at(&self, at: Position, last: usize) -> Option<usize> {
        if self.rooms.get(last).is_some_and(|room| room.holds(at)) {
            return Some(last);
        }
        self.rooms.iter().position(|room| room.holds(at))
    }
}

/// The index of a room by its key.
pub(crate) fn room_index(def: &ZoneDef, key: &str) -> Option<usize> {
    def.rooms.iter().position(|room| room.key == key)
}

fn metres(metres: u32) -> i32 {
    cm(metres.saturating_mul(100))
}

/// An opening in a wall: along an axis, at one coordinate of the other.
#[derive(Clone, Copy, Debug)]
struct Opening {
    axis: Axis,
    at: i32,
    from: i32,
    to: i32,
}

impl Opening {
    fn new(edge: &SharedEdge, width_cm: u32) -> Self {
        let (from, to) = edge.opening_cm(width_cm);
        Self { axis: edge.axis, at: metres(edge.at_m), from: cm(from), to: cm(to) }
    }

    /// The coordinate of a place across the wall.
    const fn across(&self, at: Position) -> i32 {
        match self.axis {
            Axis::Vertical => at.x,
            Axis::Horizontal => at.y,
        }
    }

    /// The middle of the opening, so far beside the wall.
    const fn middle(&self, off: i32) -> Position {
        let along = i32::midpoint(self.from, self.to);
        match self.axis {
            Axis::Vertical => Position { x: self.at + off, y: along },
            Axis::Horizontal => Position { x: along, y: self.at + off },
        }
    }

    const fn block(&self) -> Block {
        wall(self.axis, self.at, self.from, self.to)
    }
}

const fn wall(axis: Axis, at: i32, from: i32, to: i32) -> Block {
    match axis {
        Axis::Vertical => Block { x_min: at - WALL_HALF, y_min: from, x_max: at + WALL_HALF, y_max: to },
        Axis::Horizontal => Block { x_min: from, y_min: at - WALL_HALF, x_max: to, y_max: at + WALL_HALF },
    }
}

/// The walls around a room, but for openings. At corners they meet.
fn walls(room: &RoomPlace, openings: &[Opening]) -> Vec<Block> {
    let edges = [
        (Axis::Vertical, room.low.x, room.low.y, room.high.y),
        (Axis::Vertical, room.high.x, room.low.y, room.high.y),
        (Axis::Horizontal, room.low.y, room.low.x, room.high.x),
        (Axis::Horizontal, room.high.y, room.low.x, room.high.x),
    ];
    let mut walls = Vec::new();
    for (axis, at, from, to) in edges {
        let is_in = |opening: &&Opening| opening.axis == axis && opening.at == at;
        let mut gaps: Vec<(i32, i32)> =
            openings.iter().filter(is_in).map(|opening| (opening.from.max(from), opening.to.min(to))).collect();
        gaps.retain(|(from, to)| from < to);
        gaps.sort_unstable();
        let mut begins = from - WALL_HALF;
        for (gap_from, gap_to) in gaps {
            if begins < gap_from {
                walls.push(wall(axis, at, begins, gap_from));
            }
            begins = begins.max(gap_to);
        }
        // An opening that reaches a corner leaves no post in it.
        if begins < to {
            walls.push(wall(axis, at, begins, to + WALL_HALF));
        }
    }
    walls
}
