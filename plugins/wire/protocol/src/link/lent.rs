//! One link for edges of several kinds.

use core::ops::Range;
use core::sync::atomic::Ordering;

use super::EdgeLink;
use crate::ids::ConnectionId;

/// A link as one edge has it: some of its workers are that edge's. The server makes the link and lends it, so that edges of several
/// kinds meet the same tick and no two of them name a connection alike.
///
/// ```
/// use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
/// use hypogeum_protocol::link::EdgeLink;
///
/// let (link, [udp, memory]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [4, 1]);
/// assert_eq!(memory.workers(), 4..5);
/// assert_eq!(link.worker_of(memory.name(4, 77)), 4, "what is sent to its connections goes to its worker");
/// assert_ne!(memory.name(4, 77), udp.name(3, 77));
/// ```
#[derive(Clone, Debug)]
pub struct LentLink {
    link: EdgeLink,
    workers: Range<usize>,
}

impl EdgeLink {
    /// A link for several edges, each with so many workers, at most `class_items_max` frames in each class of a queue.
    ///
    /// # Panics
    /// Where an edge has no worker, or all together have more than [`ConnectionId::WORKERS_MAX`].
    #[must_use]
    pub fn lend<const EDGES: usize>(
        class_items_max: usize,
        workers_counts: [usize; EDGES],
    ) -> (Self, [LentLink; EDGES]) {
        assert!(workers_counts.iter().all(|count| *count > 0), "an edge without workers sends nothing");
        let link = Self::new(workers_counts.iter().sum(), class_items_max);
        let mut first = 0;
        let lent = workers_counts.map(|count| {
            let workers = first..first + count;
            first = workers.end;
            LentLink { link: link.clone(), workers }
        });
        (link, lent)
    }
}

impl LentLink {
    /// A link of one edge alone.
    ///
    /// # Panics
    /// Where there is no worker, or more than [`ConnectionId::WORKERS_MAX`].
    #[must_use]
    pub fn of_one(class_items_max: usize, workers_count: usize) -> Self {
        let (_, [lent]) = EdgeLink::lend(class_items_max, [workers_count]);
        lent
    }

    /// The queues that are lent.
    #[must_use]
    pub const fn link(&self) -> &EdgeLink {
        &self.link
    }

    /// Which of its workers are the edge's, by their places in [`EdgeLink::workers`].
    #[must_use]
    pub const fn workers(&self) -> Range<usize> {
        self.workers.start..self.workers.end
    }

    /// Shows the clients of its workers no state from now on: they have words alone, and nothing of it would reach them.
    pub fn show_no_state(&self) {
        for worker in &self.link.workers[self.workers()] {
            worker.is_wordy.store(true, Ordering::Relaxed);
        }
    }

    /// The name of a connection that one of these workers owns; `number` is below 2^58, and no other connection of that worker has
    /// it.
    #[must_use]
    pub fn name(&self, worker: usize, number: u64) -> ConnectionId {
        debug_assert!(self.workers.contains(&worker), "worker {worker} is another edge's");
        ConnectionId::of_worker(worker, number)
    }
}
