//! Whatever happens in an open shard, and wherever its log goes from part to part: its books and its visitors are those of one log.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use hypogeum_protocol::{CharacterId, ItemId, MatchId, StashedItem};
use hypogeum_shard::{LineupSeat, Occupant};
use proptest::prelude::*;

use super::parts::{journal, log, parts};
use super::*;
use crate::entry::{EndedVisit, VisitEntry};
use crate::visitors::Visitors;
use crate::{Tail, verify_parts, visits_on_record};

/// What happens in one step, or behind it.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// Somebody comes.
    Join,
    /// One of those who are here leaves, and that is worth something or not.
    Leave { who: usize, is_worth: bool },
    /// The store grants one of the visits that it was asked for.
    Grant { which: usize },
    /// One of those who are here is promised something.
    Promise { who: usize },
    /// A snapshot, which begins a part.
    Snapshot,
    /// The server dies, and its store grants all that is on record at the next start.
    Restart { is_reversed: bool },
}

fn event() -> impl Strategy<Value = Event> {
    let nth = any::<usize>;
    prop_oneof![
        4 => Just(Event::Join),
        4 => (nth(), any::<bool>()).prop_map(|(who, is_worth)| Event::Leave { who, is_worth }),
        3 => nth().prop_map(|which| Event::Grant { which }),
        1 => nth().prop_map(|who| Event::Promise { who }),
        3 => Just(Event::Snapshot),
        1 => any::<bool>().prop_map(|is_reversed| Event::Restart { is_reversed }),
    ]
}

/// An open shard, its log in parts, and what that would be in one.
struct Shard {
    journal: Option<TestJournal>,
    recorder: Recorder,
    tick: u32,
    part: u32,
    seats: u16,
    here: BTreeMap<Seat, u64>,
    visitors: Visitors,
    visits: Vec<VisitEntry>,
    promised: BTreeSet<Seat>,
    /// Visits that the store was asked for and has not granted, and those that it has, in that order.
    asked: Vec<MatchId>,
    granted: Vec<MatchId>,
}

impl Shard {
    fn new() -> Self {
        let mut journal = journal(tempfile::tempdir().expect("a folder for the test"));
        let header = journal.header().in_parts();
        let recorder = journal.port.begin(header);
        Self {
            journal: Some(journal),
            recorder,
            tick: 0,
            part: 1,
            seats: 0,
            here: BTreeMap::new(),
            visitors: Visitors::default(),
            visits: Vec::new(),
            promised: BTreeSet::new(),
            asked: Vec::new(),
            granted: Vec::new(),
        }
    }

    fn port(&mut self) -> &mut JournalPort {
        &mut self.journal.as_mut().expect("it runs").port
    }

    fn step(&mut self, commands: Vec<Command>) {
        self.tick += 1;
        self.visitors.follow(&commands);
        let (recorder, tick) = (self.recorder.clone(), self.tick);
        self.port().tick(&recorder, tick, hash(tick), &mut commands.clone());
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Join => self.join(),
            Event::Leave { who, is_worth } => self.leave(who, is_worth),
            Event::Grant { which } if !self.asked.is_empty() => {
                let visit = self.asked.remove(which % self.asked.len());
                self.granted.push(visit);
                self.port().granted(MATCH, visit);
            }
            Event::Promise { who } => {
                let Some(seat) = self.one_of(who) else { return };
                let (recorder, tick) = (self.recorder.clone(), self.tick);
                self.promised.insert(seat);
                self.port().promise(&recorder, tick, vec![seat]);
            }
            Event::Snapshot if self.tick > 0 => {
                let (recorder, tick) = (self.recorder.clone(), self.tick);
                self.port().snapshot(&recorder, tick, hash(tick), vec![tick as u8; 9]);
                self.part += 1;
            }
            Event::Restart { is_reversed } => self.restart(is_reversed),
            Event::Grant { .. } | Event::Snapshot => {}
        }
    }

    fn one_of(&self, who: usize) -> Option<Seat> {
        self.here.keys().nth(who % self.here.len().max(1)).copied()
    }

    fn join(&mut self) {
        let (seat, account) = (Seat(self.seats), u64::from(self.seats) + 70);
        self.seats += 1;
        self.here.insert(seat, account);
        let items = vec![StashedItem::new(thing(account), "sword")];
        let brings = LineupSeat {
            occupant: Occupant::Account(AccountId(account)),
            name: "Ada".to_owned(),
            level: 1,
            rating: 0,
            items,
            character: None,
        };
        self.step(vec![Command {
            seat,
            body: CommandBody::Join { visit: visit_of(account), brings: Box::new(brings) },
        }]);
    }

    fn leave(&mut self, who: usize, is_worth: bool) {
        let Some(seat) = self.one_of(who) else { return };
        let account = self.here.remove(&seat).expect("just found");
        self.step(vec![Command { seat, body: CommandBody::Leave }]);
        if !is_worth {
            return;
        }
        let grant = Grant { account: AccountId(account), ..Grant::nothing(Outcome::Extracted) };
        let (brought, character): (_, Option<CharacterId>) = (vec![thing(account)], None);
        let ended = EndedVisit { seat, visit: visit_of(account), brought, character, grant };
        let entry = VisitEntry { tick: self.tick, hash: hash(self.tick), ended };
        self.visitors.recorded(&entry.ended);
        self.visits.push(entry.clone());
        self.asked.push(entry.ended.visit);
        let recorder = self.recorder.clone();
        self.port().visit(&recorder, entry);
    }

    /// What the server has left, when it dies now.
    fn die(&mut self) -> (TempDir, PublicKey, Tail) {
        let mut journal = self.journal.take().expect("it runs");
        journal.port.hand_over();
        let key = journal.key;
        let data = journal.finish();
        let path = folder(data.path()).running_log(log(self.part));
        let tail = Tail::read(&path).expect("its newest part can be read");
        (data, key, tail)
    }

    fn restart(&mut self, is_reversed: bool) {
        let (data, _, tail) = self.die();
        if is_reversed {
            self.asked.reverse();
        }
        self.granted.append(&mut self.asked);
        let mut journal = journal(data);
        self.recorder = journal.port.resume(&tail, hash(self.tick), Some(vec![0; 9]));
        self.journal = Some(journal);
    }
}

fn thing(account: u64) -> ItemId {
    ItemId { origin: account, serial: 1 }
}

fn visit_of(account: u64) -> MatchId {
    MatchId(1_000 + account)
}

/// The newest part says who is here, and all parts say what a database lacks, whenever that was copied.
fn assert_as_in_one_log(mut shard: Shard) {
    let (data, key, tail) = shard.die();
    assert_eq!((tail.tick(), &tail.visitors), (shard.tick, &shard.visitors), "who is here, and was");
    let is_here = |seat: &Seat| shard.here.contains_key(seat);
    let kept = |promised: &BTreeSet<Seat>| promised.iter().copied().filter(is_here).collect::<Vec<_>>();
    assert_eq!(kept(&tail.promised), kept(&shard.promised), "what was promised to those who are here");
    let verified = verify_parts(&parts(data.path()), Some(key)).expect("they are one log");
    assert_eq!(verified.missing, [], "all parts are there");
    let folder = folder(data.path());
    for copied_after in 0..=shard.granted.len() {
        let known: BTreeSet<MatchId> = shard.granted[..copied_after].iter().copied().collect();
        let mut asked = 0;
        let knows = |visit| {
            asked += 1;
            Ok::<_, Infallible>(known.contains(&visit))
        };
        let found = visits_on_record(&folder, (&tail.header, &tail.visits), key, knows).expect("it never fails");
        assert!(found.refused.is_none(), "no part is refused: {:?}", found.refused);
        let lacks = |entry: &&VisitEntry| !known.contains(&entry.ended.visit);
        let wanted: Vec<&VisitEntry> = shard.visits.iter().filter(lacks).collect();
        assert_eq!(
            found.visits.iter().filter(lacks).collect::<Vec<_>>(),
            wanted,
            "all that a database lacks that was copied after {copied_after} grants, in its order"
        );
        assert!(copied_after < shard.granted.len() || asked <= 1, "one that is in order is asked once: {asked}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn books_and_visitors_are_those_of_one_log(events in prop::collection::vec(event(), 1..40)) {
        let mut shard = Shard::new();
        events.into_iter().for_each(|event| shard.happens(event));
        assert_as_in_one_log(shard);
    }
}
