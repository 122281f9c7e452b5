//! Visits to an open shard whose records a crash has prevented: the kind is asked again, and believed as far as it is while a shard runs.

use bevy_ecs::prelude::World;
use hypogeum_content::{Content, ContentPack};
use hypogeum_journal::{Header, Tail, resume};
use hypogeum_protocol::{AccountId, Grant, MatchId, Outcome, Seat};
use hypogeum_shard::{
    Command, CommandBody, LineupSeat, Occupant, SetupError, Shard, ShardApp, ShardBrief, ShardConfig, ShardKind,
    ShardKinds, build_shard,
};

use crate::recording::{MATCH, PACK, TestJournal, config};

/// Who is paid for the visit of seat 1 without a part in it.
const FRIEND: AccountId = AccountId(99);

/// A square that pays everyone who leaves it but seat 1: for that a friend of its builder is paid.
struct Square;

impl ShardKind for Square {
    const NAME: &'static str = "square";
    const IS_OPEN: bool = true;
    type Setup = ();

    fn build(config: ShardConfig, (): &()) -> Result<Shard, SetupError> {
        Ok(Shard::new(config, |app| {
            app.register_occupants();
        }))
    }

    fn content((): &(), _: &Content) -> Result<ContentPack, SetupError> {
        Ok(PACK.clone())
    }

    fn brief((): &()) -> ShardBrief {
        ShardBrief { title: "square".to_owned(), seats: Vec::new() }
    }

    fn visit_grant(_: &World, seat: Seat) -> Option<Grant> {
        let account = if seat == Seat(1) { FRIEND } else { account_of(seat) };
        let outcome = Outcome::Extracted;
        let (kills, damage_dealt, xp_gained, currency_gained, placement) = (0, 0, 5, 0, 1);
        let base = Grant::nothing(outcome);
        Some(Grant { account, kills, damage_dealt, xp_gained, currency_gained, placement, ..base })
    }
}

fn account_of(seat: Seat) -> AccountId {
    AccountId(u64::from(seat.0) + 7)
}

fn visit_of(seat: Seat) -> MatchId {
    MatchId(u64::from(seat.0) + 50)
}

fn join(seat: Seat) -> Command {
    let occupant = Occupant::Account(account_of(seat));
    let brings =
        LineupSeat { occupant, name: "Ada".to_owned(), level: 1, rating: 0, items: Vec::new(), character: None };
    Command { seat, body: CommandBody::Join { visit: visit_of(seat), brings: Box::new(brings) } }
}

#[test]
fn only_whoever_had_the_seat_is_paid_where_a_crash_came_before_the_record() {
    let mut journal = TestJournal::open();
    let mut shard = build_shard::<Square>(config(1), &()).expect("there is nothing in it to refuse");
    let header = Header::new(MATCH.into(), (Square::NAME, Vec::new()), (&config(1), &PACK), journal.key.0, 0);
    let recorder = journal.port.begin(header);
    let seats = [Seat(0), Seat(1), Seat(2)];
    let joins = seats.map(join).to_vec();
    let leaves = seats.map(|seat| Command { seat, body: CommandBody::Leave }).to_vec();
    for mut commands in [joins, leaves] {
        let hash = shard.step(&commands);
        journal.port.tick(&recorder, shard.tick().0, hash, &mut commands);
    }
    journal.port.hand_over();
    let (_data, path) = journal.finish();

    let mut kinds = ShardKinds::default();
    kinds.add::<Square>();
    let tail = Tail::read(&path).expect("the log is whole");
    let resumed = resume(&kinds, &tail).expect("it goes on");
    let paid: Vec<_> = resumed.ended_visits.iter().map(|it| (it.seat, it.visit, it.grant.account)).collect();
    let honest = [Seat(0), Seat(2)].map(|seat| (seat, visit_of(seat), account_of(seat)));
    assert_eq!(paid, honest, "nobody is paid for the visit of seat 1");
}
