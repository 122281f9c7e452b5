//! Queries of paths: names that are known, each at most once.

use std::str::FromStr;

use crate::error::ApiError;

/// Most bytes of a query that is looked at.
const QUERY_BYTES_MAX: usize = 512;

/// A query of names that are known.
pub(crate) struct Query<'q> {
    parts: Vec<(&'q str, &'q str)>,
}

impl<'q> Query<'q> {
    /// Reads a query in which these names may stand, each at most once.
    pub(crate) fn read(query: Option<&'q str>, known: &[&str]) -> Result<Self, ApiError> {
        let refused = || ApiError::MalformedQuery(format!("the query is of {}, each at most once", known.join(", ")));
        let query = query.unwrap_or_default();
        if query.len() > QUERY_BYTES_MAX {
            return Err(refused());
        }
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let part = part.split_once('=').ok_or_else(refused)?;
            if !known.contains(&part.0) || parts.iter().any(|(name, _)| *name == part.0) {
                return Err(refused());
            }
            parts.push(part);
        }
        Ok(Self { parts })
    }

    /// Which part of a list is asked for, by `after` and `count`: without a count, and beyond it, as many as there may be.
    pub(crate) fn page<C: FromStr>(&self, count_max: usize) -> Result<Page<C>, ApiError> {
        let count = self.value::<usize>("count")?.unwrap_or(count_max).clamp(1, count_max);
        Ok(Page { after: self.value("after")?, count })
    }

    /// What stands for a name, where it does.
    pub(crate) fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some((_, text)) = self.parts.iter().find(|(known, _)| *known == name) else { return Ok(None) };
        let wrong = |_| ApiError::MalformedQuery(format!("{name} cannot be read"));
        text.parse().map(Some).map_err(wrong)
    }
}

/// A part of a list.
pub(crate) struct Page<C> {
    /// What it stands behind; `None`: it is the first.
    pub(crate) after: Option<C>,
    /// The most it has, 1 and up.
    pub(crate) count: usize,
}

impl<C> Page<C> {
    /// What to ask for behind it, by its last entry. Nothing is behind a page that is not full; behind a full one may be none.
    pub(crate) fn next<T>(&self, listed: &[T], cursor: impl FnOnce(&T) -> String) -> Option<String> {
        listed.last().filter(|_| listed.len() >= self.count).map(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_bounded_and_a_full_one_has_a_next() {
        let page = |query| Query::read(Some(query), &["after", "count"]).and_then(|query| query.page::<u64>(10));
        for (query, after, count) in
            [("", None, 10), ("count=3&after=7", Some(7), 3), ("count=0", None, 1), ("count=99", None, 10)]
        {
            let page = page(query).expect("it is a page");
            assert_eq!((page.after, page.count), (after, count), "{query}");
        }
        assert!(page("after=x").is_err() && page("count=-1").is_err(), "what is no number is refused");
        let three = page("count=3").expect("a page");
        assert_eq!(three.next(&[4, 5, 6], u64::to_string), Some("6".to_owned()), "behind its last entry");
        assert_eq!(three.next(&[4, 5], u64::to_string), None, "nothing is behind");
    }

    #[test]
    fn names_that_are_known_stand_once() {
        let known = ["from", "count"];
        let query = Query::read(Some("count=3&from=-1"), &known).expect("both are known");
        assert_eq!(query.value::<u32>("count").expect("a number"), Some(3), "in any order");
        assert!(query.value::<u32>("from").is_err(), "one that is not what is wanted is refused");
        assert!(Query::read(None, &known).expect("nothing is a query").value::<u32>("from").expect("none").is_none());
        for wrong in ["count", "other=1", "count=1&count=2"] {
            assert!(Query::read(Some(wrong), &known).is_err(), "{wrong}");
        }
        assert!(Query::read(Some(&"&".repeat(513)), &known).is_err(), "a query has an end");
    }
}
