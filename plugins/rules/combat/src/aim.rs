//! Whom an attack reaches.

use hypogeum_space::turn::{angle_between, degrees, distance, isqrt, toward};
use hypogeum_space::{Grid, Neighbour, Obstacles, Position, beyond};

/// The first body that something of half width `width` touches on its straight way; with the distance until then.
///
/// `stands` says who counts. Ties go to the lowest name.
pub(crate) fn first_on_line(
    grid: &Grid,
    from: Position,
    to: Position,
    width: i32,
    mut stands: impl FnMut(&Neighbour) -> bool,
) -> Option<(i32, Neighbour)> {
    let mut first: Option<(i32, Neighbour)> = None;
    grid.along(from, to, width, |one| {
        let Some(contact) = contact(from, to, one.at, width.saturating_add(one.radius)) else { return };
        let earlier = first.is_none_or(|(best, other)| (contact, one.id) < (best, other.id));
        if earlier && stands(one) {
            first = Some((contact, *one));
        }
    });
    first
}

/// How far along a line a circle is first touched, rounded down; 0 where the line begins inside.
fn contact(from: Position, to: Position, centre: Position, radius: i32) -> Option<i32> {
    let wide = |to: i32, from: i32| i64::from(to) - i64::from(from);
    let (dx, dy) = (wide(to.x, from.x), wide(to.y, from.y));
    let (cx, cy) = (wide(centre.x, from.x), wide(centre.y, from.y));
    let (length, radius) = (i64::from(distance(from, to)), i64::from(radius));
    // Shots fly at most some hundred metres, so squares fit 64 bits; one who is farther than that is not touched.
    if cx.abs().max(cy.abs()) > length + radius {
        return None;
    }
    let inside = cx * cx + cy * cy <= radius * radius;
    if inside || length == 0 {
        return inside.then_some(0);
    }
    // Along the line and across it, both in subunits.
    let (along, across) = ((cx * dx + cy * dy) / length, (cx * dy - cy * dx) / length);
    if across.abs() > radius || along < 0 {
        return None;
    }
    let half_chord = i64::from(isqrt((radius * radius - across * across).unsigned_abs()));
    let reached = (along - half_chord).max(0);
    (reached <= length).then_some(reached as i32)
}

/// Everyone a blow in an arc reaches, in the order of names: edges within `range`, middle within the arc and in sight.
/// Anyone who overlaps the attacker is always within the arc.
pub(crate) fn in_arc(
    grid: &Grid,
    obstacles: &Obstacles,
    attacker: &Neighbour,
    heading: u16,
    range: i32,
    arc_deg: u32,
    found: &mut Vec<Neighbour>,
) {
    let half = degrees(arc_deg) / 2;
    found.clear();
    grid.near(attacker.at, range.saturating_add(attacker.radius), |one| {
        let (dx, dy) = (one.at.x.saturating_sub(attacker.at.x), one.at.y.saturating_sub(attacker.at.y));
        let within = arc_deg >= 360
            || angle_between(heading, toward(dx, dy)) <= half
            || distance(one.at, attacker.at) < one.radius.saturating_add(attacker.radius);
        if within && one.id != attacker.id && obstacles.sight(attacker.at, one.at) {
            found.push(*one);
        }
    });
    found.sort_unstable_by_key(|one| one.id);
}

/// The first one a ray from the attacker meets, if no obstacle comes before.
pub(crate) fn on_ray(
    grid: &Grid,
    obstacles: &Obstacles,
    attacker: &Neighbour,
    heading: u16,
    range: i32,
    mut stands: impl FnMut(&Neighbour) -> bool,
) -> Option<Neighbour> {
    // Reach counts from the attacker's edge, the ray from its middle.
    let open = obstacles.ray(attacker.at, heading, range.saturating_add(attacker.radius));
    let end = beyond(attacker.at, heading, open);
    first_on_line(grid, attacker.at, end, 0, |one| one.id != attacker.id && stands(one)).map(|(_, one)| one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i32, y: i32) -> Position {
        Position { x, y }
    }

    #[test]
    fn a_line_touches_what_it_passes() {
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(500, 0), 100), Some(400), "head on, at its edge");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(500, 100), 100), Some(500), "grazing");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(500, 101), 100), None, "passing by");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(1_050, 0), 100), Some(950), "the end is inside");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(1_101, 0), 100), None, "the end is before it");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(-150, 0), 100), None, "it lies behind");
        assert_eq!(contact(at(0, 0), at(1_000, 0), at(-50, 0), 100), Some(0), "the line begins inside");
        assert_eq!(contact(at(5, 5), at(5, 5), at(50, 5), 100), Some(0), "a line of no length inside");
    }
}
