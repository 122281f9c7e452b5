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

    /// What stands for a name, where it does.
    pub(crate) fn value<T: FromStr>(&self, name: &str) -> Result<Option<T>, ApiError> {
        let Some((_, text)) = self.parts.iter().find(|(known, _)| *known == name) else { return Ok(None) };
        let wrong = |_| ApiError::MalformedQuery(format!("{name} cannot be read"));
        text.parse().map(Some).map_err(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
