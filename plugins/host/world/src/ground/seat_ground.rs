//! What one client knows of the ground, and what it has asked for.

use std::collections::{BTreeSet, VecDeque};

use hypogeum_geometry::{Ground, Position};
use hypogeum_protocol::{ChunkInfo, ChunkPlace, ConnectionId};

/// Bytes of chunks that one connection is sent a second: what lies near is there within a second, and no modem chokes on it.
const BYTES_PER_S: u64 = 64 << 10;
/// Bytes that it is sent at once after a silence.
const BURST_BYTES: i64 = 16 << 10;

/// What the client of one seat was told and sent on its connection.
#[derive(Debug)]
pub(crate) struct SeatGround {
    pub(crate) connection: ConnectionId,
    told: BTreeSet<ChunkPlace>,
    asked: BTreeSet<ChunkPlace>,
    /// What it has asked for and is to be sent.
    waiting: VecDeque<ChunkPlace>,
    /// The tick of the host in which it is looked what lies near.
    look_tick: u64,
    /// Bytes that may be sent; below 0 after a large chunk.
    budget: i64,
    budget_tick: u64,
}

impl SeatGround {
    /// Nothing was told on this connection.
    pub(crate) fn new(connection: ConnectionId, tick: u64) -> Self {
        let (told, asked, waiting) = (BTreeSet::new(), BTreeSet::new(), VecDeque::new());
        Self { connection, told, asked, waiting, look_tick: tick, budget: BURST_BYTES, budget_tick: tick }
    }

    /// Whether a chunk was told to lie near.
    pub(crate) fn knows(&self, at: ChunkPlace) -> bool {
        self.told.contains(&at)
    }

    /// Whether it is time to look what lies near; the next time is so many ticks later.
    pub(crate) fn is_due(&mut self, tick: u64, every_ticks: u64) -> bool {
        let is_due = tick >= self.look_tick;
        if is_due {
            self.look_tick = tick + every_ticks.max(1);
        }
        is_due
    }

    /// Chunks that lie near and were not told, which now they are.
    pub(crate) fn tell(&mut self, ground: &Ground, at: Position, reach: i32) -> Vec<ChunkInfo> {
        ground.near(at, reach).filter(|chunk| self.told.insert(*chunk)).filter_map(|chunk| ground.info(chunk)).collect()
    }

    /// Takes what is asked for, the nearest first. Returns how many chunks it was not told of, and how many it has asked for before.
    pub(crate) fn ask(&mut self, ground: &Ground, chunks: &[ChunkPlace], at: Option<Position>) -> (usize, usize) {
        let (told, untold): (Vec<_>, Vec<_>) = chunks.iter().partition(|chunk| self.knows(**chunk));
        let mut new: Vec<ChunkPlace> = told.iter().copied().filter(|chunk| self.asked.insert(*chunk)).collect();
        let repeated = told.len() - new.len();
        if let Some(at) = at {
            new.sort_by_key(|chunk| {
                let middle = |number: u16| {
                    i64::from(number) * i64::from(ground.chunk_side()) + i64::from(ground.chunk_side() / 2)
                };
                (middle(chunk.column) - i64::from(at.x)).abs().max((middle(chunk.row) - i64::from(at.y)).abs())
            });
        }
        self.waiting.extend(new);
        (untold.len(), repeated)
    }

    /// The next chunk that may be sent in this tick.
    pub(crate) fn next<'a>(&mut self, ground: &'a Ground, tick: u64, tick_hz: u32) -> Option<(ChunkPlace, &'a [u8])> {
        if self.waiting.is_empty() {
            return None;
        }
        let earned = (tick - self.budget_tick).saturating_mul(BYTES_PER_S) / u64::from(tick_hz.max(1));
        self.budget = self.budget.saturating_add(i64::try_from(earned).unwrap_or(i64::MAX)).min(BURST_BYTES);
        self.budget_tick = tick;
        if self.budget <= 0 {
            return None;
        }
        let at = self.waiting.pop_front()?;
        let bytes = ground.bytes(at)?;
        self.budget -= bytes.len() as i64;
        Some((at, bytes))
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_geometry::METRE;
    use hypogeum_protocol::Block;

    use super::*;

    const SIDE: i32 = 640 * METRE;
    const HERE: Position = Position { x: 320 * METRE, y: 320 * METRE };

    /// A wood: some hundred trees in each chunk.
    fn ground() -> Ground {
        let tree = |number: i32| {
            let (x, y) = (number % 200 * 800, number / 200 * 800);
            Block { x_min: x, y_min: y, x_max: x + 100, y_max: y + 100 }
        };
        let trees: Vec<Block> = (0..40_000).map(tree).collect();
        Ground::cut(SIDE, &trees, &[], &[])
    }

    fn told(seat: &mut SeatGround, ground: &Ground, at: Position) -> Vec<ChunkPlace> {
        seat.tell(ground, at, 40 * METRE).iter().map(|chunk| chunk.at).collect()
    }

    #[test]
    fn what_lies_near_is_told_once_and_more_as_one_walks() {
        let (ground, mut seat) = (ground(), SeatGround::new(ConnectionId(1), 0));
        let first = told(&mut seat, &ground, HERE);
        assert!((9..=25).contains(&first.len()), "{} of 400 chunks lie near", first.len());
        assert_eq!(told(&mut seat, &ground, HERE), [], "who stands still is told nothing more");
        let next = told(&mut seat, &ground, Position { x: HERE.x + 32 * METRE, ..HERE });
        assert!((1..=5).contains(&next.len()), "one column more: {next:?}");
        assert!(next.iter().all(|chunk| !first.contains(chunk)), "nothing twice");
    }

    #[test]
    fn who_asks_for_what_is_far_or_twice_gets_nothing_for_it() {
        let (ground, mut seat) = (ground(), SeatGround::new(ConnectionId(1), 0));
        let near = told(&mut seat, &ground, HERE);
        let far = [ChunkPlace { column: 0, row: 0 }, ChunkPlace { column: u16::MAX, row: u16::MAX }];
        assert_eq!(seat.ask(&ground, &far, Some(HERE)), (2, 0), "neither was told");
        assert_eq!(seat.next(&ground, 0, 30), None, "nothing is sent");
        let some = [near[0], near[1], near[0]];
        assert_eq!(seat.ask(&ground, &some, Some(HERE)), (0, 1), "one of them twice at once");
        assert_eq!(seat.ask(&ground, &some, Some(HERE)), (0, 3), "and all of them again");
        let mut tick = 0;
        let mut sent = Vec::new();
        while tick < 300 {
            sent.extend(seat.next(&ground, tick, 30).map(|(at, _)| at));
            tick += 1;
        }
        sent.sort_unstable();
        assert_eq!(sent, [near[0], near[1]], "each is sent once");
        assert_eq!(seat.ask(&ground, &some, Some(HERE)), (0, 3), "also after it was sent");
    }

    #[test]
    fn the_nearest_comes_first_and_no_more_than_a_connection_may_have() {
        let (ground, mut seat) = (ground(), SeatGround::new(ConnectionId(1), 100));
        let mut near = told(&mut seat, &ground, HERE);
        near.extend(told(&mut seat, &ground, Position { x: HERE.x + 80 * METRE, ..HERE }));
        near.extend(told(&mut seat, &ground, Position { x: HERE.x + 160 * METRE, ..HERE }));
        seat.ask(&ground, &near, Some(HERE));
        let (mut bytes, mut sent) = (Vec::new(), Vec::new());
        for tick in 100..400 {
            let mut in_tick = 0;
            while let Some((at, body)) = seat.next(&ground, tick, 30) {
                in_tick += body.len() as u64;
                sent.push(at);
            }
            bytes.push(in_tick);
        }
        assert_eq!(sent.len(), near.len(), "all of it comes");
        let is_beside = |number: u16| (9..=10).contains(&number);
        assert!(is_beside(sent[0].column) && is_beside(sent[0].row), "first where one stands, not {:?}", sent[0]);
        let largest = near.iter().filter_map(|at| ground.bytes(*at)).map(<[u8]>::len).max().unwrap_or(0) as u64;
        for (ticks, so_far) in (0_u64..).zip(bytes.iter().scan(0, |sum, bytes| {
            *sum += bytes;
            Some(*sum)
        })) {
            let allowed = BURST_BYTES as u64 + ticks * BYTES_PER_S / 30 + largest;
            assert!(so_far <= allowed, "{so_far} bytes after {ticks} ticks, allowed are {allowed}");
        }
        assert!(bytes.iter().sum::<u64>() > 2 * BURST_BYTES as u64, "the test asks for more than comes at once");
    }
}
