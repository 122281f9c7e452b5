//! Leave for as many sockets as there are bots.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// What a process has open besides: files, HTTP, the epoll.
const OTHERS: u64 = 128;

/// Raises the limit as far as it takes without asking anyone; how many are needed and how many there may be, where that
/// is too few.
pub(crate) fn allow(sockets: usize) -> Result<(), (u64, u64)> {
    let needed = sockets as u64 + OTHERS;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return Ok(()) };
    if needed <= soft {
        return Ok(());
    }
    if needed > hard || setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_err() {
        return Err((needed, hard));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_are_allowed_and_more_than_any_system_has_are_not() {
        assert_eq!(allow(4), Ok(()), "every process may open a few");
        let (needed, allowed) = allow(usize::MAX / 2).expect_err("no system has so many");
        assert!(needed > allowed, "{needed} are needed, and {allowed} are what there may be");
    }
}
