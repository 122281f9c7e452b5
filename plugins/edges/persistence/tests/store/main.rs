//! What a store promises, on real files and on a real server: one suite, run on each database.

#[macro_use]
mod world;

mod audit;
mod brought;
mod chance;
mod characters;
mod chat;
mod conservation;
mod cosmetics;
mod creatures;
mod crowd;
mod cuts;
mod directory;
mod entries;
mod entries_chance;
mod failover;
mod friends;
mod games;
mod games_ended;
mod hostile;
mod inbox;
mod killed;
mod ladders;
mod logins;
mod matches;
mod migrations;
mod outages;
mod outbox;
mod poolers;
mod progress;
mod restored;
mod rewards;
mod scores;
mod seats;
mod seeds;
mod servers;
mod storage;
mod trades;
mod victims;
mod visits;
