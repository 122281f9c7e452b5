//! What a store promises, on real files and on a real server: one suite, run on each database.

#[macro_use]
mod world;

mod audit;
mod characters;
mod conservation;
mod crowd;
mod directory;
mod killed;
mod logins;
mod matches;
mod migrations;
mod servers;
mod telling;
mod trades;
