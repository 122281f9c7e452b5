//! The names and scores that participants of a match get of each other.

use hypogeum_hosting::{HostedShard, PlayerSeat, SeatInfo};
use hypogeum_protocol::{
    AccountId, ConnectionId, MatchId, NetId, ResultRow, RosterEntry, ScoreRow, ServerMessage, limits,
};
use hypogeum_sessions::{Outbound, Prepared};
use hypogeum_shard::{Occupant, Shard};

use crate::running_match::RunningMatch;

/// The roster messages, where participants are few enough; in a crowd clients ask for the names of those they see.
pub(crate) fn roster<'a>(match_id: MatchId, seats: impl Iterator<Item = SeatInfo<'a>>) -> Vec<Prepared> {
    let players: Vec<RosterEntry> = seats.map(entry).take(limits::ROSTER_TOLD_MAX + 1).collect();
    if players.len() > limits::ROSTER_TOLD_MAX {
        return Vec::new();
    }
    let slices = players.chunks(limits::ROSTER_ENTRIES_MAX);
    slices.map(|some| Prepared::alike(&ServerMessage::Roster { match_id, players: some.to_vec() })).collect()
}

/// Whose avatar it is; `None` where it is nobody's.
pub(crate) fn seat_of_avatar(hosted: &HostedShard, avatar: NetId) -> Option<SeatInfo<'_>> {
    // The ids of avatars are in the order of their seats.
    let player = || hosted.players.binary_search_by_key(&avatar, |player| player.avatar);
    let autopilot = || hosted.autopilots.binary_search_by_key(&avatar, |autopilot| autopilot.avatar);
    let player = player().ok().and_then(|at| hosted.players.get(at)).map(SeatInfo::from);
    player.or_else(|| hosted.autopilots.get(autopilot().ok()?).map(SeatInfo::from))
}

/// Whose avatars these are; what is nobody's is left out.
pub(crate) fn named(match_id: MatchId, hosted: &HostedShard, avatars: &[NetId]) -> ServerMessage {
    let players = avatars.iter().filter_map(|avatar| seat_of_avatar(hosted, *avatar)).map(entry).collect();
    ServerMessage::Roster { match_id, players }
}

fn entry(seat: SeatInfo<'_>) -> RosterEntry {
    RosterEntry { avatar: seat.avatar, name: seat.name.to_owned() }
}

/// The scoreboard of a running match.
pub(crate) struct ScoreTable {
    /// How each seat stands, by number of the seat.
    scores: Vec<ScoreRow>,
    /// The best of them.
    rows: Vec<ScoreRow>,
}

impl ScoreTable {
    /// The best of everyone now: by kills, then by seat.
    pub(crate) fn of(scores: Vec<ScoreRow>) -> Self {
        let mut rows = scores.clone();
        if rows.len() > limits::SCORE_ROWS_MAX {
            rows.select_nth_unstable_by_key(limits::SCORE_ROWS_MAX, |row| (u32::MAX - row.kills, row.avatar));
            rows.truncate(limits::SCORE_ROWS_MAX);
        }
        rows.sort_unstable_by_key(|row| (u32::MAX - row.kills, row.avatar));
        Self { scores, rows }
    }

    /// The message to a seat.
    pub(crate) fn message(&self, match_id: MatchId, tick: u32, player: &PlayerSeat) -> ServerMessage {
        let own = if self.rows.iter().any(|row| row.avatar == player.avatar) {
            None
        } else {
            self.scores.get(usize::from(player.seat.0)).cloned()
        };
        ServerMessage::Scoreboard { match_id, tick, rows: self.rows.clone(), own }
    }
}

/// What changes whenever a scoreboard does.
pub(crate) fn scores_mark(scores: &[ScoreRow]) -> u64 {
    scores.iter().map(|score| u64::from(score.kills) << 16 | u64::from(score.outcome.is_some())).sum()
}

/// The table at the end of a match: the best, and where each account stands.
#[derive(Debug)]
pub(crate) struct ResultTable {
    /// Everyone, the best first.
    rows: Vec<ResultRow>,
    /// The places in it of accounts, by account.
    accounts: Vec<(AccountId, usize)>,
    /// The message to all, each with its own row, where that is not among the best, and its rating: a crowd gets it in
    /// one tick.
    prepared: Prepared<(Option<ResultRow>, i32)>,
}

impl ResultTable {
    /// Of a match that is over.
    pub(crate) fn of(game: &RunningMatch, hosted: &HostedShard, shard: &Shard) -> Self {
        let result = |player: SeatInfo<'_>| {
            let verdict = game.rules.grant(shard, player.seat)?;
            let row = ResultRow {
                avatar: player.avatar,
                name: player.name.to_owned(),
                placement: verdict.placement,
                outcome: verdict.outcome,
                kills: verdict.kills,
                damage_dealt: verdict.damage_dealt,
            };
            Some((player.occupant, row))
        };
        Self::of_rows(game.id, hosted.seats().filter_map(result).collect())
    }

    fn of_rows(match_id: MatchId, mut rows: Vec<(Occupant, ResultRow)>) -> Self {
        rows.sort_by_key(|(_, row)| (row.placement, row.avatar));
        let places = rows.iter().enumerate();
        let mut accounts: Vec<_> = places.filter_map(|(place, (who, _))| Some((who.account()?, place))).collect();
        accounts.sort_unstable();
        let rows: Vec<ResultRow> = rows.into_iter().map(|(_, row)| row).collect();
        let prepared = Prepared::new((&(None, 0), &(None, 1)), |(own, rating)| ServerMessage::MatchEnded {
            match_id,
            players: u16::try_from(rows.len()).unwrap_or(u16::MAX),
            rows: rows.iter().take(limits::RESULT_ROWS_MAX).cloned().collect(),
            own: own.clone(),
            rating: *rating,
        });
        Self { rows, accounts, prepared }
    }

    /// Sends the table to an account, with its rating now.
    pub(crate) fn send(&self, outbound: &mut Outbound, connection: ConnectionId, (account, rating): (AccountId, i32)) {
        outbound.send_prepared(connection, &self.prepared, &(self.own_row(account), rating));
    }

    /// The row of an account that is not among the best.
    fn own_row(&self, account: AccountId) -> Option<ResultRow> {
        let at = self.accounts.binary_search_by_key(&account, |(account, _)| *account).ok()?;
        let place = self.accounts[at].1;
        (place >= limits::RESULT_ROWS_MAX).then(|| self.rows[place].clone())
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::link::{Class, ToEdge};
    use hypogeum_protocol::{Outcome, Seat, codec};

    use super::*;

    fn read((_, frame): (Class, ToEdge)) -> ServerMessage {
        let ToEdge::Frame { bytes, .. } = frame else { panic!("it is no message: {frame:?}") };
        codec::decode_server(&bytes).expect("it is a message")
    }

    fn player(number: u16) -> PlayerSeat {
        let name = "x".repeat(limits::NAME_BYTES_MAX);
        PlayerSeat { seat: Seat(number), avatar: NetId(number.into()), account: AccountId(number.into()), name }
    }

    #[test]
    fn names_come_in_slices_and_of_a_crowd_none_unasked() {
        let sizes = |count| -> Vec<usize> {
            let slices = roster(MatchId(1), (1..=count).map(player).collect::<Vec<_>>().iter().map(SeatInfo::from));
            let names = |slice: &Prepared| match read(slice.reliable(ConnectionId(1), &())) {
                ServerMessage::Roster { players, .. } => players.len(),
                other => panic!("no names: {other:?}"),
            };
            slices.iter().map(names).collect()
        };
        assert_eq!(sizes(100), [64, 36], "everyone, the longest names as well");
        assert_eq!(sizes(256), [64; 4], "up to the limit");
        assert_eq!(sizes(257), [0; 0], "beyond it a client asks");
    }

    #[test]
    fn who_is_not_among_the_best_gets_its_own_row() {
        let row = |number: u16| ResultRow {
            avatar: NetId(number.into()),
            name: "x".repeat(limits::NAME_BYTES_MAX),
            placement: number,
            outcome: Outcome::Died,
            kills: 0,
            damage_dealt: 0,
        };
        let table = ResultTable::of_rows(
            MatchId(1),
            (1..=10_000).rev().map(|number| (Occupant::Account(AccountId(number.into())), row(number))).collect(),
        );
        for (account, expected_own) in [(32, None), (33, Some(row(33))), (10_000, Some(row(10_000)))] {
            let own = table.own_row(AccountId(account));
            let read = read(table.prepared.reliable(ConnectionId(1), &(own, -7)));
            let ServerMessage::MatchEnded { players, rows, own, rating, .. } = read else { panic!("{read:?}") };
            assert_eq!((players, rating), (10_000, -7), "as it is");
            assert_eq!(rows, (1..=32).map(row).collect::<Vec<_>>(), "the best");
            assert_eq!(own, expected_own, "account {account}");
        }
    }
}
