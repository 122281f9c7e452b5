//! What a game that is over counts for besides what it has made of creatures.

use hypogeum_creature_messages::CreatureResult;
use hypogeum_leaderboards::Boards;
use hypogeum_protocol::AccountId;
use hypogeum_store::ScoreChange;

use crate::game::Game;

/// What a game counts for on boards: its champion has won it, where that is a person's.
pub(crate) fn scores_of(game: &Game, results: &[CreatureResult], boards: &Boards, now_s: i64) -> Vec<ScoreChange> {
    let champion = results.iter().find(|result| result.is_champion && result.owner != AccountId(0));
    let Some(CreatureResult { owner, .. }) = champion else { return Vec::new() };
    boards.of_game_won(now_s, game.tournament(), *owner, game.opponents_of(*owner))
}
