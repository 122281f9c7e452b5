//! Other games than ours, on an unchanged host. This program is the server of those games, too: its tests start it again.

mod belongings;
mod building;
mod counter;
mod counting;
mod gate;
mod meadow;
#[path = "../../examples/my_game/main.rs"]
mod my_game;
mod parting;
mod stumbling;
mod visiting;
mod walking;

use std::process::ExitCode;

/// What is played here.
fn game() -> hypogeum::Game {
    let game = my_game::game().add_match_kind::<counter::Counter>().add_shard_kind::<meadow::Meadow>();
    // Whoever plays nothing is let into the meadow: only where that is wanted.
    if std::env::var_os("HYPOGEUM_TEST_MEADOW").is_some() { game.add_plugins(gate::Gate) } else { game }
}

/// The situations, by name.
const TESTS: [(&str, fn()); 14] = [
    ("a_game_of_another_kind_survives_a_kill_and_is_granted_replayed_and_proved", counting::two_count_through_a_kill),
    ("a_game_that_its_players_have_left_is_undone", counting::two_leave_for_good),
    ("an_open_world_is_entered_and_left_at_any_time_and_survives_a_kill", walking::some_walk_about_through_a_kill),
    ("what_a_visit_was_worth_is_granted_once_wherever_the_server_dies", visiting::she_leaves_and_it_dies),
    ("a_visit_whose_record_is_torn_is_granted_all_the_same", visiting::the_record_is_torn),
    (
        "what_is_brought_found_and_given_has_one_owner_wherever_the_server_dies",
        belongings::two_give_and_find_and_it_dies,
    ),
    (
        "characters_come_back_where_they_left_with_what_they_carried_wherever_the_server_dies",
        belongings::two_characters_give_and_find_and_it_dies,
    ),
    ("what_was_given_is_given_again_to_a_restored_database", belongings::a_restored_database_has_what_was_given),
    (
        "characters_are_where_they_were_again_in_a_restored_database",
        belongings::a_restored_database_has_what_characters_gave,
    ),
    ("what_was_given_is_looked_for_in_all_parts_of_a_log", belongings::a_restored_database_looks_through_all_parts),
    ("a_log_goes_on_in_its_next_part_wherever_the_server_dies", parting::it_dies_between_two_parts),
    ("recovery_reads_one_part_however_long_a_place_has_lived", parting::it_lives_long),
    ("an_open_world_crashes_at_who_enters_and_keeps_everyone_else", stumbling::one_crashes_it_twice),
    ("a_studios_game_is_played_by_its_own_commands_and_tells_its_own_news", building::two_build_a_tower),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if matches!(arguments.first().map(String::as_str), Some("serve" | "replay" | "verify")) {
        return game().run();
    }
    let wanted: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    for (name, test) in TESTS.iter().filter(|(name, _)| wanted.iter().all(|part| name.contains(part.as_str()))) {
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}
