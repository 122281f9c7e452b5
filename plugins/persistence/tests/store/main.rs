//! What a store promises, on real files and on a real server: one suite, run on each database.

#[macro_use]
mod world;

mod conservation;
mod crowd;
mod directory;
mod killed;
mod matches;
mod migrations;
mod servers;
