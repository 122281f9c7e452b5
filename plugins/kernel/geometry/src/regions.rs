//! Which open cells of a raster hang together: what lies in another region cannot be walked to.
//!
//! Rows are taken apart into runs of open cells; runs that touch one another in neighbouring rows are of one region. Only straight
//! steps count, as a diagonal one needs both its sides open. The cost is one look at each 64 cells and a little for each run: an
//! open square kilometre has a thousand runs.

/// The regions of a raster.
#[derive(Clone, Debug, Default)]
pub(crate) struct Regions {
    /// The first run of each row, and the end of the last.
    rows: Vec<u32>,
    runs: Vec<Run>,
}

/// Open cells of a row that lie side by side.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: u32,
    end: u32,
    /// The first run of its region; while regions are drawn, any earlier run of it.
    region: u32,
}

impl Regions {
    /// Draws the regions of a square raster with a bit set for each blocked cell.
    pub(crate) fn draw(&mut self, columns: u32, blocked: &[u64]) {
        self.rows.clear();
        self.runs.clear();
        let mut before = 0;
        for row in 0..columns {
            let start = self.runs.len();
            self.rows.push(start as u32);
            let (low, high) = (row * columns, (row + 1) * columns);
            let mut at = next(blocked, low, high, false);
            while at < high {
                let end = next(blocked, at, high, true);
                let region = self.runs.len() as u32;
                self.runs.push(Run { first: at - low, end: end - low, region });
                at = next(blocked, end, high, false);
            }
            self.join(before, start);
            before = start;
        }
        self.rows.push(self.runs.len() as u32);
        // What each run leads to stands before it and is settled already.
        for run in 0..self.runs.len() {
            self.runs[run].region = self.runs[self.runs[run].region as usize].region;
        }
    }

    /// Joins the runs from `start` on with those of the row before, which begin at `before`.
    fn join(&mut self, before: usize, start: usize) {
        let (mut above, mut here) = (before, start);
        while above < start && here < self.runs.len() {
            let (one, other) = (self.runs[above], self.runs[here]);
            if one.first < other.end && other.first < one.end {
                let (one, other) = (self.root(above as u32), self.root(here as u32));
                self.runs[one.max(other) as usize].region = one.min(other);
            }
            if one.end <= other.end {
                above += 1;
            } else {
                here += 1;
            }
        }
    }

    fn root(&mut self, mut run: u32) -> u32 {
        while self.runs[run as usize].region != run {
            let next = self.runs[run as usize].region;
            self.runs[run as usize].region = self.runs[next as usize].region;
            run = next;
        }
        run
    }

    /// The region of a cell, `None` where it is blocked.
    pub(crate) fn of(&self, column: u32, row: u32) -> Option<u32> {
        let range = *self.rows.get(row as usize)? as usize..*self.rows.get(row as usize + 1)? as usize;
        let runs = self.runs.get(range)?;
        let run = runs.get(runs.partition_point(|run| run.end <= column))?;
        (run.first <= column).then_some(run.region)
    }
}

/// The first cell from `at` on whose bit is so, `end` if there is none before that.
fn next(blocked: &[u64], at: u32, end: u32, is_set: bool) -> u32 {
    let mut at = at;
    while at < end {
        let Some(bits) = blocked.get(at as usize / 64) else { return end };
        let bits = (if is_set { *bits } else { !*bits }) >> (at % 64);
        if bits != 0 {
            return (at + bits.trailing_zeros()).min(end);
        }
        at = (at / 64 + 1) * 64;
    }
    end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: u32 = 23;

    /// The region of each cell found by spreading from cell to cell.
    fn spread(blocked: &[u64]) -> Vec<Option<u32>> {
        let is_open = |cell: u32| blocked[cell as usize / 64] & (1 << (cell % 64)) == 0;
        let mut found = vec![None; (COLUMNS * COLUMNS) as usize];
        for first in 0..COLUMNS * COLUMNS {
            let mut open = vec![first];
            while let Some(cell) = open.pop() {
                if !is_open(cell) || found[cell as usize].is_some() {
                    continue;
                }
                found[cell as usize] = Some(first);
                let (column, row) = (cell % COLUMNS, cell / COLUMNS);
                open.extend((column > 0).then(|| cell - 1));
                open.extend((column + 1 < COLUMNS).then_some(cell + 1));
                open.extend((row > 0).then(|| cell - COLUMNS));
                open.extend((row + 1 < COLUMNS).then_some(cell + COLUMNS));
            }
        }
        found
    }

    #[test]
    fn nothing_is_of_no_region() {
        assert_eq!(Regions::default().of(0, 0), None, "a raster nobody drew");
        let mut regions = Regions::default();
        regions.draw(2, &[0b1111]);
        assert_eq!(regions.of(1, 1), None, "nor one that is all wall");
    }

    proptest! {
        #[test]
        fn regions_are_what_spreads(words in prop::collection::vec(any::<(u64, u64, u64)>(), 9), share in 0..3_u32) {
            // Few, some and many walls.
            let word = |(one, two, three): &(u64, u64, u64)| match share { 0 => one & two & three, 1 => one & two, _ => *one };
            let blocked: Vec<u64> = words.iter().map(word).collect();
            let (mut regions, expected) = (Regions::default(), spread(&blocked));
            regions.draw(COLUMNS, &blocked);
            let found: Vec<Option<u32>> =
                (0..COLUMNS * COLUMNS).map(|cell| regions.of(cell % COLUMNS, cell / COLUMNS)).collect();
            for (one, cell) in found.iter().enumerate() {
                prop_assert_eq!(cell.is_some(), expected[one].is_some(), "cell {} is open or not", one);
                let first = expected.iter().position(|region| *region == expected[one]).expect("it is its own");
                prop_assert_eq!(*cell, found[first], "cell {} is of the region of {}", one, first);
            }
            let count = |regions: &[Option<u32>]| regions.iter().collect::<std::collections::BTreeSet<_>>().len();
            prop_assert_eq!(count(&found), count(&expected), "and no two regions are one");
        }
    }
}
