//! What a client may still ask, as it is told in every answer to a request that was counted.
//!
//! A request may be counted in several lines, by layers and by what answers it. The one with the least left is told.

use std::cell::Cell;
use std::future::Future;

use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// How many may be asked at once.
pub(crate) const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// How many may be asked at once now.
pub(crate) const RATE_REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Seconds until as many as ever may be asked, if nothing is asked meanwhile.
pub(crate) const RATE_RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

tokio::task_local! {
    /// That of the request which is answered.
    static TIGHTEST: Cell<Option<Quota>>;
}

/// What may still be asked in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Requests at once, where nothing was asked before.
    pub(crate) limit: u32,
    /// Requests at once now.
    pub(crate) remaining: u32,
    /// Milliseconds until those are `limit` again.
    pub(crate) reset_ms: u64,
}

impl Quota {
    /// Notes it for the request that is answered. Outside of any nobody is told.
    pub(crate) fn note(self) {
        let _ = TIGHTEST.try_with(|tightest| {
            if tightest.get().is_none_or(|noted| self.remaining <= noted.remaining) {
                tightest.set(Some(self));
            }
        });
    }

    /// Tells it in the fields of draft-ietf-httpapi-ratelimit-headers-06.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        headers.insert(RATE_LIMIT, HeaderValue::from(self.limit));
        headers.insert(RATE_REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RATE_RESET, HeaderValue::from(self.reset_ms.div_ceil(1_000)));
    }
}

/// Answers one request; the least that was noted meanwhile, if it was counted at all.
pub(crate) async fn counted<T>(answering: impl Future<Output = T>) -> (T, Option<Quota>) {
    let noting = async {
        let answer = answering.await;
        (answer, TIGHTEST.with(Cell::get))
    };
    TIGHTEST.scope(Cell::new(None), noting).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_with_the_least_left_is_told() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let quota = |remaining| Quota { limit: 9, remaining, reset_ms: 1_001 };
        quota(1).note();
        let (answer, noted) = runtime.block_on(counted(async {
            for remaining in [5, 3, 4] {
                quota(remaining).note();
            }
            "answer"
        }));
        assert_eq!((answer, noted), ("answer", Some(quota(3))), "and what was noted outside is not");
        assert_eq!(runtime.block_on(counted(async {})).1, None, "nor what was noted before");
        let mut headers = HeaderMap::new();
        quota(3).write(&mut headers);
        let told = [RATE_LIMIT, RATE_REMAINING, RATE_RESET].map(|name| headers[name].to_str().unwrap().to_owned());
        assert_eq!(told, ["9", "3", "2"], "in whole seconds, rounded up");
    }
}
