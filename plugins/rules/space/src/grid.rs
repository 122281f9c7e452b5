//! Who is near: all named entities with a place, sorted into cells.

use bevy_ecs::prelude::{Entity, Query, Res, ResMut, Resource};
use hypogeum_geometry::turn::distance_squared;
use hypogeum_geometry::{Cells, Obstacles, Position};
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;

use crate::Body;

/// One entity as the grid knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbour {
    /// Its name in the shard.
    pub id: NetId,
    /// Where its components are, until the end of the stage.
    pub entity: Entity,
    /// Its place when the grid was built.
    pub at: Position,
    /// Radius of its [`Body`] in subunits; 0 without one.
    pub radius: i32,
}

/// All named entities with a [`Position`] by cell. A cache, built at the start of a step and again after bodies have
/// moved: what is spawned in between is found from `ShardSystems::Act` on, what is despawned stays until then.
#[derive(Resource, Debug, Default)]
pub struct Grid {
    cells: Cells,
    /// Where each cell's neighbours begin, and where the last one's end.
    starts: Vec<u32>,
    /// By cell, then by name.
    neighbours: Vec<Neighbour>,
    /// In no order; kept for its memory.
    scratch: Vec<(u32, Neighbour)>,
    radius_max: i32,
}

impl Grid {
    /// Builds the grid again from neighbours in any order.
    fn fill(&mut self, side: i32, neighbours: impl Iterator<Item = Neighbour>) {
        self.cells = Cells::of(side);
        self.radius_max = 0;
        self.scratch.clear();
        self.starts.clear();
        self.starts.resize(self.cells.count() + 1, 0);
        for neighbour in neighbours {
            let cell = self.cells.index_at(neighbour.at);
            self.starts[cell] += 1;
            self.radius_max = self.radius_max.max(neighbour.radius);
            self.scratch.push((cell as u32, neighbour));
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        debug_assert_eq!(sum as usize, self.scratch.len(), "everyone stands in one cell");
        let Some((_, first)) = self.scratch.first() else {
            self.neighbours.clear();
            return;
        };
        self.neighbours.resize(self.scratch.len(), *first);
        // From the back, each cell fills from its end down to its start.
        for (cell, neighbour) in self.scratch.iter().rev() {
            let slot = &mut self.starts[*cell as usize];
            *slot -= 1;
            self.neighbours[*slot as usize] = *neighbour;
        }
        for cell in self.starts.windows(2) {
            if let Some(crowd @ [_, _, ..]) = self.neighbours.get_mut(cell[0] as usize..cell[1] as usize)
                && !crowd.is_sorted_by_key(|one| one.id)
            {
                crowd.sort_unstable_by_key(|one| one.id);
            }
        }
    }

    /// Visits everyone whose body touches the circle about `at`, by cell and then by name. The order depends on
    /// nothing but places and names.
    pub fn near(&self, at: Position, radius: i32, mut visit: impl FnMut(&Neighbour)) {
        let reach = radius.saturating_add(self.radius_max);
        let column = |coordinate: i32, by: i32| self.cells.column(coordinate.saturating_add(by));
        let (left, right) = (column(at.x, -reach), column(at.x, reach));
        for row in column(at.y, -reach)..=column(at.y, reach) {
            // A row's cells lie side by side, so their neighbours do.
            let start = self.starts.get(self.cells.index(left, row)).copied().unwrap_or(0) as usize;
            let end = self.starts.get(self.cells.index(right, row) + 1).copied().unwrap_or(0) as usize;
            for neighbour in self.neighbours.get(start..end).unwrap_or_default() {
                let touch = u64::from((radius.saturating_add(neighbour.radius)).max(0).unsigned_abs());
                if distance_squared(at, neighbour.at) <= touch * touch {
                    visit(neighbour);
                }
            }
        }
    }

    /// Visits everyone whose body may touch a line of this half width (and some who only stand near it), each once,
    /// in an order that depends on nothing but places and names.
    pub fn along(&self, from: Position, to: Position, width: i32, mut visit: impl FnMut(&Neighbour)) {
        self.cells.along(from, to, width.saturating_add(self.radius_max), |cell| {
            let (start, end) = (self.starts.get(cell), self.starts.get(cell + 1));
            let range = start.zip(end).map(|(start, end)| *start as usize..*end as usize);
            for neighbour in range.and_then(|range| self.neighbours.get(range)).unwrap_or_default() {
                visit(neighbour);
            }
            true
        });
    }

    /// Everyone, by cell and then by name.
    #[must_use]
    pub fn all(&self) -> &[Neighbour] {
        &self.neighbours
    }
}

/// Sorts everyone in again.
pub(crate) fn index_places(
    mut grid: ResMut<Grid>,
    obstacles: Res<Obstacles>,
    places: Query<(Entity, &NetIdOf, &Position, Option<&Body>)>,
) {
    let neighbours = places.iter().map(|(entity, named, at, body)| Neighbour {
        id: named.0,
        entity,
        at: *at,
        radius: body.map_or(0, |body| body.radius),
    });
    grid.fill(obstacles.side(), neighbours);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use bevy_ecs::prelude::IntoScheduleConfigs;
    use hypogeum_content::Content;
    use hypogeum_protocol::Block;
    use hypogeum_shard::{NetIds, Seed, Shard, ShardConfig, ShardSchedule, ShardSystems};
    use proptest::prelude::*;

    use super::*;
    use crate::{Heading, METRE, MoveIntent, MoveSpeed, SpacePlugin};

    fn neighbour(id: u32, x: i32, y: i32, radius: i32) -> Neighbour {
        Neighbour { id: NetId(id), entity: Entity::PLACEHOLDER, at: Position { x, y }, radius }
    }

    #[test]
    fn a_wide_body_is_noticed_across_cells() {
        let mut grid = Grid::default();
        grid.fill(100 * METRE, [neighbour(1, 3_000, 100, 1_500), neighbour(2, 9_000, 100, 0)].into_iter());
        let mut seen = Vec::new();
        grid.near(Position { x: 1_400, y: 100 }, 100, |one| seen.push(one.id));
        assert_eq!(seen, [NetId(1)], "its edge is within reach, though its middle is in another cell");
    }

    #[test]
    fn a_place_off_the_map_belongs_to_the_border() {
        let mut grid = Grid::default();
        grid.fill(10 * METRE, [neighbour(1, -5_000, 90_000, 0)].into_iter());
        let mut seen = 0;
        grid.near(Position { x: -5_000, y: 90_000 }, 1, |_| seen += 1);
        assert_eq!(seen, 1, "nobody is lost");
        grid.fill(10 * METRE, core::iter::empty());
        grid.near(Position::default(), i32::MAX, |_| seen += 1);
        assert_eq!(seen, 1, "an empty grid is empty");
    }

    /// Whom the grid shows in each stage of the last step, with their places.
    #[derive(Resource, Default, Clone, PartialEq, Eq, Debug)]
    struct Shown([Vec<(NetId, Position)>; 3]);

    fn shard() -> Shard {
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) };
        Shard::new(config, |app| {
            app.add_plugins(SpacePlugin).init_resource::<Shown>();
            let block = Block { x_min: 20 * METRE, y_min: 0, x_max: 21 * METRE, y_max: 30 * METRE };
            app.insert_resource(Obstacles::new(40 * METRE, vec![block]));
            for (place, stage) in
                [ShardSystems::Think, ShardSystems::Act, ShardSystems::Resolve].into_iter().enumerate()
            {
                let look = move |grid: Res<Grid>, mut shown: ResMut<Shown>| {
                    shown.0[place] = grid.all().iter().map(|one| (one.id, one.at)).collect();
                };
                app.add_systems(ShardSchedule, look.in_set(stage));
            }
            for place in 0..9 {
                let named = app.world_mut().resource_mut::<NetIds>().allocate();
                let at = Position { x: (2 + 4 * place) * METRE, y: (30 - 3 * place) * METRE };
                let move_intent = MoveIntent { direction: 7_001 * place as u16, percent: 100 };
                app.world_mut().spawn((
                    named,
                    at,
                    Heading(0),
                    move_intent,
                    MoveSpeed { speed: 43 },
                    Body { radius: 100 },
                ));
            }
        })
    }

    fn places(shard: &mut Shard) -> Vec<(NetId, Position)> {
        let mut query = shard.world_mut().query::<(&hypogeum_shard::NetIdOf, &Position)>();
        let mut places: Vec<_> = query.iter(shard.world()).map(|(named, at)| (named.0, *at)).collect();
        places.sort_unstable();
        places
    }

    fn shown(shard: &Shard, stage: usize) -> Vec<(NetId, Position)> {
        let mut places = shard.world().resource::<Shown>().0[stage].clone();
        places.sort_unstable();
        places
    }

    #[test]
    fn every_stage_sees_where_everyone_is() {
        let mut shard = shard();
        for _ in 0..200 {
            let before = places(&mut shard);
            let hash = shard.step(&[]);
            let after = places(&mut shard);
            assert_ne!(before, after, "somebody walks");
            assert_eq!(shown(&shard, 0), before, "brains see where everyone stood");
            assert_eq!(shown(&shard, 1), after, "acts meet everyone where they went");
            assert_eq!(shown(&shard, 2), after, "and so do the consequences");
            assert_eq!(hash, shard.hash_from_nothing(), "no change escapes the hash");
            let query = after.iter().all(|(_, at)| shard.world().resource::<Obstacles>().free(*at, 100));
            assert!(query, "nobody is inside a wall or off the map");
        }
        assert_eq!(shard.unregistered(), Vec::<String>::new(), "everything is registered");
    }

    #[test]
    fn what_is_restored_walks_and_sees_as_it_would_have() {
        let mut shard = shard();
        for _ in 0..50 {
            shard.step(&[]);
        }
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) };
        let mut again = Shard::new(config, |app| {
            app.add_plugins(SpacePlugin);
        });
        again.restore(&shard.snapshot()).expect("a snapshot of the same plugins is taken");
        for _ in 0..50 {
            assert_eq!(again.step(&[]), shard.step(&[]), "both go the same way");
            assert_eq!(again.world().resource::<Obstacles>().blocks().len(), 1, "the wall stands");
            let seen = |shard: &Shard| shard.world().resource::<Grid>().all().iter().map(|one| one.id).collect();
            let (left, right): (Vec<NetId>, Vec<NetId>) = (seen(&shard), seen(&again));
            assert_eq!(left, right, "the grid has the same order");
        }
    }

    proptest! {
        #[test]
        fn a_line_meets_whoever_it_touches(
            places in prop::collection::vec((0..30_000, 0..30_000, 0..900), 0..80),
            from in (0..30_000, 0..30_000), to in (0..30_000, 0..30_000), width in 0..500,
        ) {
            let all: Vec<Neighbour> =
                (1..).zip(places).map(|(id, (x, y, radius))| neighbour(id, x, y, radius)).collect();
            let mut grid = Grid::default();
            grid.fill(30_000, all.iter().copied());
            let (from, to) = (Position { x: from.0, y: from.1 }, Position { x: to.0, y: to.1 });
            let mut found = Vec::new();
            grid.along(from, to, width, |one| found.push(one.id));
            let count = found.len();
            found.sort_unstable();
            found.dedup();
            prop_assert_eq!(count, found.len(), "nobody is visited twice");
            // A hundred points of the line stand for all of it.
            for part in 0..=100 {
                let on_line = Position { x: from.x + (to.x - from.x) * part / 100, y: from.y + (to.y - from.y) * part / 100 };
                for one in &all {
                    let touch = u64::from((width + one.radius - 2).max(0).unsigned_abs());
                    let touches = distance_squared(one.at, on_line) <= touch * touch;
                    prop_assert!(!touches || found.contains(&one.id), "{} touches the line at {part} %", one.id);
                }
            }
        }

        #[test]
        fn those_near_are_found_each_once(
            places in prop::collection::vec((0..30_000, 0..30_000, 0..900), 0..80),
            x in 0..30_000, y in 0..30_000, radius in 0..9_000,
        ) {
            let all: Vec<Neighbour> =
                (1..).zip(places).map(|(id, (x, y, radius))| neighbour(id, x, y, radius)).collect();
            let mut grid = Grid::default();
            grid.fill(30_000, all.iter().copied());
            let mut found = Vec::new();
            grid.near(Position { x, y }, radius, |one| found.push(one.id));
            let ordered = grid.all().is_sorted_by_key(|one| (grid.cells.index_at(one.at), one.id));
            prop_assert!(ordered, "they come by cell, then by name");
            found.sort_unstable();
            let touches = |one: &&Neighbour| {
                distance_squared(one.at, Position { x, y }) <= ((radius + one.radius) as u64).pow(2)
            };
            let expected: Vec<NetId> = all.iter().filter(touches).map(|one| one.id).collect();
            prop_assert_eq!(found, expected, "exactly those that touch the circle are visited");
        }
    }
}
