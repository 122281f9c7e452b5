//! A server that is stopped while ten thousand play: it took 39 s, and not everything was undone in time; and every ten
//! seconds before that the store was behind, and readiness flapped.

use crate::crowd::ends_in_order;

#[test]
fn one_match_of_ten_thousand_is_undone_in_order() {
    ends_in_order(10_000, "throng", 1);
}

#[test]
fn two_thousand_matches_of_four_are_undone_in_order() {
    ends_in_order(8_000, "skirmish", 2_000);
}
