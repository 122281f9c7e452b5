//! Where things are: positions, obstacles, movement, line of sight, the grid and paths.
