//! Places, angles, obstacles, sight, movement and paths in whole numbers, for servers and clients alike.
//!
//! All lengths are whole subunits (1/256 m), all angles 1/65536 turns, and every answer is exact: a server and a client
//! that ask the same get the same.
//!
//! - [`Position`], [`METRE`], [`cm`]: a place and its units;
//! - [`turn`]: sines, directions, distances;
//! - [`Obstacles`]: is a place free, does one see the other, how far does a ray get, where does a slide end;
//! - [`Occluders`]: what may hide one region from one place, looked up once for many lines of sight;
//! - [`walked`]: where a body that walks is a tick later;
//! - [`Paths`]: where to walk next to get around obstacles;
//! - [`Cells`]: a square map cut into equal cells;
//! - [`Ground`]: what stands on a map, cut into the chunks that clients are sent.
//!
//! The feature `shard` makes a [`Position`] a component, [`Obstacles`] and [`Paths`] resources, and the first two state
//! of a shard: `space` asks for it. Without it this crate knows no ECS.

mod cells;
mod ground;
mod obstacles;
mod occluders;
mod paths;
mod position;
mod regions;
#[cfg(feature = "shard")]
mod state;
mod walk;

pub mod turn;

pub use cells::Cells;
pub use ground::Ground;
pub use obstacles::{Obstacles, beyond};
pub use occluders::Occluders;
pub use paths::{PATH_BUDGET_MAX, PATH_RADIUS, Paths};
pub use position::{METRE, Position, cm};
pub use walk::walked;
