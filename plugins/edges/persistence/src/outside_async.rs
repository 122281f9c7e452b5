//! Blocking, from wherever it is called.

/// Runs what blocks on a runtime from a thread that belongs to none: the caller's may.
pub(crate) fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
