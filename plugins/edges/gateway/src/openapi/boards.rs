//! Ladders, the line for rated battles, and leaderboards.

use hypogeum_creature_messages::GameId;
use hypogeum_leaderboards::ENTRIES_PER_PAGE_MAX;

use super::creatures::{in_game, unfit, whose};
use super::route::{Passes, Route, body_refusals};
use crate::error::ApiError;
use crate::ladders::{JoinQueue, LadderError, LaddersBody, QueueBody, RatingBody};
use crate::leaderboards::{BoardsBody, LeaderboardError, PageBody, SeasonsBody};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/v1/ladders", "list_ladders", "The ladders.")
            .passes(Passes::Strangers)
            .answers_kept::<LaddersBody<'static>>("All ladders.")
            .refuses([ApiError::NotFound]),
        Route::get("/v1/ladders/{key}/rating", "show_rating", "What somebody is rated on a ladder.")
            .query_number("account_id", "Whose; without it the caller's.", Some(0))
            .answers::<RatingBody>(200, "The rating.")
            .refuses([malformed_query(), LadderError::NoSuchLadder.into()]),
    ];
    routes.extend(queue());
    routes.extend(leaderboards());
    routes
}

fn queue() -> [Route; 3] {
    [
        Route::get("/v1/ladder-queue", "show_queue_place", "The caller's place in line, which is kept by asking.")
            .refuses(body_refusals()),
        Route::post("/v1/ladder-queue", "join_queue", "Gets in line for a rated battle.")
            .takes::<JoinQueue>()
            .refuses([unfit(), LadderError::NoSuchLadder.into(), LadderError::AlreadyQueued.into()])
            .refuses([LadderError::Starting, LadderError::InRatedGame(GameId(1))])
            .refuses(whose())
            .refuses([in_game()]),
        Route::delete("/v1/ladder-queue", "leave_queue", "Gets out of line.").refuses([LadderError::Starting]),
    ]
    .map(|route| {
        let route = route.answers::<QueueBody>(200, "The place in line, or what came of it.");
        route.refuses([ApiError::NotFound, ApiError::Busy])
    })
}

fn leaderboards() -> [Route; 4] {
    let season = "The season that began then; without it the one that goes on.";
    [
        Route::get("/v1/leaderboards", "list_leaderboards", "The boards of who is best.")
            .passes(Passes::Strangers)
            .answers_kept::<BoardsBody<'static>>("All boards.")
            .refuses([ApiError::NotFound]),
        of_board(Route::get("/v1/leaderboards/{key}", "show_leaderboard", "A page of a board, the best first."))
            .query_number("season", season, None)
            .query_number("from", "The first rank of the page; not with `after`.", Some(0))
            .query_text("after", "The `next` of the page before.", "^-?[0-9]+\\.-?[0-9]+$")
            .query_count(ENTRIES_PER_PAGE_MAX)
            .answers::<PageBody>(200, "The page.")
            .refuses([LeaderboardError::NoSuchSeason]),
        of_board(Route::get("/v1/leaderboards/{key}/around", "show_around", "Somebody on a board, and those around."))
            .query_number("season", season, None)
            .query_number("account_id", "Whom; without it the caller.", Some(0))
            .query_count(ENTRIES_PER_PAGE_MAX)
            .answers::<PageBody>(200, "The page.")
            .refuses([LeaderboardError::NoSuchSeason]),
        of_board(Route::get("/v1/leaderboards/{key}/seasons", "list_seasons", "Seasons of a board, the latest first."))
            .query_number("after", "The `next` of the page before: only seasons that began before it.", None)
            .query_number("before", "The same as `after`, by an older name.", None)
            .query_count(ENTRIES_PER_PAGE_MAX)
            .answers::<SeasonsBody>(200, "The seasons."),
    ]
}

fn of_board(route: Route) -> Route {
    route.refuses([malformed_query(), LeaderboardError::NoSuchLeaderboard.into()])
}

fn malformed_query() -> ApiError {
    ApiError::MalformedQuery(String::new())
}
