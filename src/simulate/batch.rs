//! Many matches on many threads. Each match depends on its seed alone, and they are put in the order of their seeds.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;

use super::play::Plan;
use super::record::MatchRecord;

/// Matches that were played to their end, in the order of their seeds; one that was stopped is missing.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(super) records: Vec<Option<MatchRecord>>,
}

impl Batch {
    pub(super) fn finished(&self) -> impl Iterator<Item = &MatchRecord> + Clone {
        self.records.iter().flatten()
    }

    /// Whether nothing was played to its end.
    pub(crate) fn is_empty(&self) -> bool {
        self.finished().next().is_none()
    }
}

/// Plays `matches` matches with seeds from `seed` on, on `jobs` threads, until `stop` is raised. `tell` hears of each that is
/// over how many are, on whichever thread that was.
///
/// # Errors
/// The first match, by its seed, that cannot be built or does not end.
pub(crate) fn play_all(
    plan: &Plan,
    (seed, matches, jobs): (u64, u32, usize),
    stop: &AtomicBool,
    tell: &(impl Fn(u32) + Sync),
) -> anyhow::Result<Batch> {
    let (next, done) = (AtomicU32::new(0), AtomicU32::new(0));
    // One that has failed ends the others: there is nothing to report.
    let (has_failed, results) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= matches || stop.load(Ordering::Relaxed) || has_failed.load(Ordering::Relaxed) {
                return;
            }
            let result = plan.play(seed.wrapping_add(index.into()), stop);
            has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
            let is_over = matches!(result, Ok(Some(_)));
            results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, result));
            if is_over {
                tell(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
        }
    };
    let panicked = thread::scope(|scope| {
        let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().filter_map(|thread| thread.join().err()).next()
    });
    if let Some(panic) = panicked {
        resume_unwind(panic);
    }
    let mut results = results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    let mut records: Vec<Option<MatchRecord>> = (0..matches).map(|_| None).collect();
    for (index, result) in results {
        if let Some(place) = records.get_mut(index as usize) {
            *place = result?;
        }
    }
    Ok(Batch { records })
}
