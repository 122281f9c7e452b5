//! What hurts people who run game servers, tried on ours: one module for each trouble, named by its symptom.
//!
//! Each holds the smallest input that once showed the trouble, and the siblings found when it was mended. What takes
//! minutes stands in `tests/field_long` and runs with `bash tests/field/run --long`.

mod a_blink_costs_the_place_in_line;
mod behind_a_proxy;
mod bots_achieve_nothing;
mod bots_lose_their_server;
mod command_line;
mod content_checks;
mod crowd;
mod dash;
mod database_restored_from_a_backup;
mod done_players_wait_for_the_rest;
mod edited_content;
mod failover;
mod idle_connections;
mod input_lag;
mod line_ends;
mod log_filter_typo;
mod log_lines;
mod log_reader_gone;
mod log_reader_stuck;
mod lost_refresh;
mod many_behind_one_address;
mod matches_pile_up;
mod mute;
mod nginx;
mod signals_kill;
mod sigterm_with_a_crowd;
mod sold_items_are_missing_without_a_word;
mod status;
mod teams;
mod tick_stands_still;

#[path = "../faults/files.rs"]
#[allow(dead_code, reason = "shared with the tests of faults, which use the rest")]
mod files;
#[path = "../faults/people.rs"]
#[allow(dead_code, reason = "shared with the tests of faults, which use the rest")]
mod people;
mod source_port;
mod who_the_others_are_stays_unknown;
