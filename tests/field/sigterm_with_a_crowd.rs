//! A server that is stopped while many play: it took 39 s, and not everything was undone in time.

use crate::crowd::ends_in_order;

#[test]
fn one_match_of_three_hundred_is_undone_in_order() {
    ends_in_order(300, "throng", 1);
}

#[test]
fn fifty_matches_of_four_are_undone_in_order() {
    ends_in_order(200, "skirmish", 50);
}
