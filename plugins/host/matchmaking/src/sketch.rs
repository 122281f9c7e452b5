//! What can be seen of criteria at a glance: bits for what a ticket is, and for what it must find in others.
//!
//! Most of a line that does not fit is passed over by two words of 64 bits, and only the rest is read: a Bloom filter (Bloom 1970) of one hash.

use crate::Criteria;

/// The bits of one ticket's criteria, or of all members of a lobby.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sketch {
    /// A bit for each property, and one for its key. Of several people: the bits that all have.
    has: u64,
    /// The bits that everyone else has to have. Of several people: those of all.
    needs: u64,
}

impl Sketch {
    /// Of a ticket that says nothing and asks for nothing.
    pub(crate) const NOTHING: Self = Self { has: 0, needs: 0 };

    pub(crate) fn of(criteria: &Criteria) -> Self {
        let mut has = 0;
        for (key, value) in criteria.properties.iter() {
            has |= bit(key, None) | bit(key, Some(value));
        }
        Self { has, needs: bits(criteria.query.needs(0)) }
    }

    /// The same while the first `shoulds` of its query's should clauses hold, which are let go in time.
    pub(crate) fn asking(self, criteria: &Criteria, shoulds: usize) -> Self {
        Self { needs: self.needs | bits(criteria.query.needs(shoulds)), ..self }
    }

    /// Of both together.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self { has: self.has & other.has, needs: self.needs | other.needs }
    }

    /// Whether two may want each other; where not, they do not.
    pub(crate) const fn may_agree(self, other: Self) -> bool {
        self.needs & !other.has == 0 && other.needs & !self.has == 0
    }
}

fn bits<'a>(needs: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> u64 {
    needs.fold(0, |needs, (key, value)| needs | bit(key, value))
}

/// One bit for a key, or for a key with a value as it is written (FNV-1a, Fowler, Noll and Vo).
fn bit(key: &str, value: Option<&str>) -> u64 {
    let bytes = key.bytes().chain(value.into_iter().flat_map(|value| [b':'].into_iter().chain(value.bytes())));
    let hash = bytes
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    // The highest bits are the best mixed ones.
    1 << (hash >> 58)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Property, PropertyValue};

    use super::*;
    use crate::{Properties, Query};

    fn sketch(number: i64, query: &str) -> Sketch {
        let property = |key: &str, value| Property { key: key.to_owned(), value };
        let text = PropertyValue::Text { text: format!("n{number}") };
        let properties = [property("level", PropertyValue::Number { number }), property("name", text)];
        let properties = Properties::new(&properties).expect("they are properties");
        Sketch::of(&Criteria { properties, query: Query::parse(query).expect("it is a query") })
    }

    #[test]
    fn those_who_fit_may_agree() {
        for query in
            ["", "+level:7", "+name:n7", "+level:*", "+level:>3", "+name:n7|n8", "+name:n*", "-level:7", "level:3"]
        {
            assert!(sketch(1, query).may_agree(sketch(7, "")), "{query}");
            assert!(sketch(7, "").may_agree(sketch(1, query)), "{query}");
        }
        assert!(sketch(7, "").with(sketch(7, "")).may_agree(sketch(1, "+level:7")), "each of two has it");
    }

    #[test]
    fn most_who_do_not_fit_are_passed_over() {
        let others = (0..1_000).filter(|number| *number != 7);
        let read = others.filter(|number| sketch(1, "+name:n7").may_agree(sketch(*number, ""))).count();
        assert!(read < 50, "{read} of 999 would be read");
        assert!(!sketch(1, "+tongue:*").may_agree(sketch(7, "")), "a key that nobody has");
        let five = (7..12).map(|number| sketch(number, "")).reduce(Sketch::with).expect("there are five");
        assert!(!five.may_agree(sketch(1, "+level:7")), "four of five do not have it");
    }
}
