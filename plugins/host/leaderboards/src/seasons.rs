//! Seasons that are over are closed: once each, whoever asks for it and how often.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{MessageReader, Res, ResMut, Resource};
use hypogeum_sessions::{HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_store::{BoardKey, ScoresReply, ScoresRequest, StoreReply, StoreRequest};

use crate::board::{Boards, NO_SEASON_S};
use crate::clock::UnixClock;

/// How often is looked whether a season is over.
const LOOK_S: u32 = 1;
/// How long the store is left alone that has failed.
const RETRY_S: u32 = 10;

/// The seasons of boards before which all are known to be closed, or asked to be.
#[derive(Resource, Debug, Default)]
pub(crate) struct SeasonsClosed {
    before_s: BTreeMap<BoardKey, i64>,
    look_tick: u64,
}

impl SeasonsClosed {
    /// The boards in which a season has begun since the last time.
    fn due(&mut self, boards: &Boards, now_s: i64) -> Vec<(BoardKey, i64)> {
        let begun = boards.iter().map(|board| (board.board_key(), board.season_s(now_s)));
        let due = begun.filter(|(key, season_s)| {
            // A clock that was set back closes nothing.
            *season_s != NO_SEASON_S && self.before_s.get(key).is_none_or(|before_s| before_s < season_s)
        });
        let due: Vec<(BoardKey, i64)> = due.collect();
        self.before_s.extend(due.iter().cloned());
        due
    }
}

/// Asks the store to close the seasons that are over.
pub(crate) fn close(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    (boards, clock): (Res<Boards>, Res<UnixClock>),
    mut seasons: ResMut<SeasonsClosed>,
    mut store: ResMut<Store>,
) {
    if tick.0 < seasons.look_tick {
        return;
    }
    seasons.look_tick = tick.0 + config.ticks(LOOK_S);
    for (board, before_s) in seasons.due(&boards, clock.now_s()) {
        let rewards = boards.find(&board.key).map(|own| own.rewards.clone()).unwrap_or_default();
        store.ask(StoreRequest::Scores(ScoresRequest::CloseSeasons { board, before_s, rewards }));
    }
}

/// Takes what the store answers. What it could not do is asked again.
pub(crate) fn take_answers(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut answers: MessageReader<StoreAnswered>,
    mut seasons: ResMut<SeasonsClosed>,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Scores(ScoresReply::SeasonsClosed { board, closed, .. }) => {
                for season in closed {
                    tracing::info!(
                        board = board.key,
                        season_s = season.season_s,
                        entries = season.entries,
                        "a season is over"
                    );
                }
            }
            StoreReply::Failed { request, failure } => {
                if let StoreRequest::Scores(ScoresRequest::CloseSeasons { board, .. }) = &**request {
                    tracing::warn!(board = board.key, %failure, "a season cannot be closed now: it is asked again");
                    seasons.before_s.remove(board);
                    seasons.look_tick = tick.0 + config.ticks(RETRY_S);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_content::Content;

    use super::*;

    #[test]
    fn each_season_is_asked_for_once() {
        let daily =
            r#"(name: "D", description: "D.", counts: Submissions, operator: Best, season: Daily(at: "00:00"))"#;
        let ever = r#"(name: "E", description: "E.", counts: Submissions, operator: Best)"#;
        let files = [("leaderboards/daily.ron", daily), ("leaderboards/ever.ron", ever)];
        let boards = Boards::of(&Content::from_files(files).expect("it is sound"));
        let mut seasons = SeasonsClosed::default();
        let mut due =
            |now_s| -> Vec<i64> { seasons.due(&boards, now_s).into_iter().map(|(_, season_s)| season_s).collect() };
        assert_eq!(due(86_400), [86_400], "at the start it is not known what was closed before");
        assert_eq!(due(2 * 86_400 - 1), [0; 0], "the day goes on");
        assert_eq!(due(2 * 86_400), [2 * 86_400], "a day is over");
        assert_eq!(due(86_400), [0; 0], "a clock that is set back closes nothing");
        assert_eq!(due(5 * 86_400), [5 * 86_400], "several that were missed are closed together");
    }
}
