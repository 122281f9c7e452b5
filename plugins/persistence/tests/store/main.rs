//! What a store promises, on real files. The same suite is meant for every database that will ever stand behind it.

mod conservation;
mod crowd;
mod directory;
mod killed;
mod matches;
mod world;
