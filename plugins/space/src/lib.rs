//! Where things are: positions, obstacles, movement, line of sight, the grid and paths.

mod components;

pub use components::{Body, Gait, Heading, METRE, Position, Stride, cm};
