//! Sliding, seeing and shooting past boxes, against a look at every box.

use proptest::prelude::*;

use super::*;

const SIDE: i32 = 60 * METRE;
const RADIUS: i32 = 100;

fn block(x_min: i32, y_min: i32, x_max: i32, y_max: i32) -> Block {
    Block { x_min, y_min, x_max, y_max }
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let one = (0..SIDE, 0..SIDE, 1..2_500, 1..2_500).prop_map(|(x, y, w, h)| block(x, y, x + w, y + h));
    prop::collection::vec(one, 0..60)
}

fn place() -> impl Strategy<Value = Position> {
    (RADIUS..=SIDE - RADIUS, RADIUS..=SIDE - RADIUS).prop_map(|(x, y)| Position { x, y })
}

#[test]
fn a_body_slides_along_a_wall_and_stops_in_a_corner() {
    let map = Obstacles::new(SIDE, vec![block(2_000, 0, 2_200, 8_000)]);
    let start = Position { x: 1_500, y: 1_000 };
    let end = map.slide(start, 1_000, 600, RADIUS);
    assert_eq!(end, Position { x: 1_900, y: 1_600 }, "it keeps its way along the wall");
    let corner = map.slide(end, 1_000, -9_000, RADIUS);
    assert_eq!(corner, Position { x: 1_900, y: RADIUS }, "wall and map edge hold it");
}

#[test]
fn nothing_tunnels_through_a_thin_wall() {
    let map = Obstacles::new(SIDE, vec![block(5_000, 0, 5_001, SIDE)]);
    let start = Position { x: 1_000, y: 4_000 };
    assert_eq!(map.slide(start, 12_000, 0, RADIUS).x, 4_900, "the wall is one subunit thick and holds");
    assert_eq!(map.ray(start, 0, 12_000), 4_000, "a ray stops there, too");
    assert!(!map.sight(start, Position { x: 6_000, y: 4_000 }), "and nobody sees through it");
}

#[test]
fn an_edge_can_be_walked_along_and_looked_along() {
    let map = Obstacles::new(SIDE, vec![block(2_000, 2_000, 3_000, 3_000)]);
    let (from, to) = (Position { x: 1_000, y: 2_000 }, Position { x: 4_000, y: 2_000 });
    assert!(map.sight(from, to), "touching an edge is not passing through");
    assert!(!map.sight(Position { y: 2_001, ..from }, to), "one subunit further it is");
    assert!(map.free(Position { x: 1_900, y: 2_500 }, RADIUS), "a body may touch a wall");
    assert!(!map.free(Position { x: 1_901, y: 2_500 }, RADIUS), "but not enter it");
}

#[test]
fn who_stands_in_a_box_can_leave_it() {
    let map = Obstacles::new(SIDE, vec![block(2_000, 2_000, 3_000, 3_000)]);
    let out = map.slide(Position { x: 2_500, y: 2_500 }, 900, 0, RADIUS);
    assert_eq!(out.x, 3_400, "nothing holds it inside");
}

#[test]
fn what_is_restored_answers_as_before() {
    let map = Obstacles::new(SIDE, vec![block(5_000, 0, 5_100, SIDE)]);
    let bytes = hypogeum_protocol::codec::encode(&map);
    let back: Obstacles = hypogeum_protocol::codec::decode::<_, 4_096>(&bytes).expect("what was saved is readable");
    assert_eq!(back.ray(Position { x: 0, y: 500 }, 0, 9_000), 5_000, "its index is there again");
}

proptest! {
    #[test]
    fn no_walk_ends_in_a_box_or_off_the_map(
        blocks in blocks(),
        start in place(),
        steps in prop::collection::vec((-3_000..3_000, -3_000..3_000), 1..30),
    ) {
        let map = Obstacles::new(SIDE, blocks);
        prop_assume!(map.free(start, RADIUS));
        let mut at = start;
        for (dx, dy) in steps {
            let next = map.slide(at, dx, dy, RADIUS);
            prop_assert!(map.free(next, RADIUS), "{next:?} is not free, coming from {at:?} by ({dx}, {dy})");
            prop_assert!((next.x - at.x).abs() <= dx.abs() && (next.y - at.y).abs() <= dy.abs(), "it went too far");
            at = next;
        }
    }

    #[test]
    fn in_the_open_a_walk_is_the_same_without_looking(
        one in blocks().prop_map(|mut blocks| { blocks.truncate(2); blocks }),
        (x, y) in (-300..SIDE + 300, -300..SIDE + 300), (dx, dy) in (-900..900, -900..900),
    ) {
        let map = Obstacles::new(SIDE, one);
        let at = Position { x, y };
        prop_assert_eq!(map.slide(at, dx, dy, RADIUS), map.slide_by_stretches(at, dx, dy, RADIUS));
    }

    #[test]
    fn sight_is_mutual_and_agrees_with_every_box(blocks in blocks(), from in place(), to in place()) {
        let map = Obstacles::new(SIDE, blocks.clone());
        let seen = map.sight(from, to);
        prop_assert_eq!(seen, map.sight(to, from), "who sees is seen");
        let one_by_one = blocks.iter().all(|block| !Grown::new(*block, 0).cut_by(from, to));
        prop_assert_eq!(seen, one_by_one, "the cells hide no box");
    }

    #[test]
    fn every_box_in_the_way_is_found_at_any_width(
        blocks in blocks(), from in place(), to in place(), radius in 0..600,
    ) {
        let map = Obstacles::new(SIDE, blocks.clone());
        let one_by_one = blocks.iter().all(|block| !Grown::new(*block, radius).cut_by(from, to));
        prop_assert_eq!(map.clear(from, to, radius), one_by_one, "the cells hide no box");
    }

    #[test]
    fn a_ray_is_as_long_as_sight(blocks in blocks(), from in place(), to in place()) {
        let map = Obstacles::new(SIDE, blocks);
        match map.stopped_after(from, to, 0) {
            None => prop_assert!(map.sight(from, to), "nothing stopped it, so one sees"),
            Some(stopped) => {
                prop_assert!(!map.sight(from, to), "it was stopped, so one does not see");
                prop_assert!((0..=distance(from, to)).contains(&stopped), "{stopped} is beyond the end");
            }
        }
    }
}
