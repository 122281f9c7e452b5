//! Who waits for a rated battle, who was found, and what came of it: a pure core, to which time comes as ticks.

use std::collections::BTreeMap;

use hypogeum_content::Id;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_matchmaking::{JoinError, Matchmaker, Ticket};
use hypogeum_protocol::AccountId;
use hypogeum_store::{RatedPlayer, RatedRefusal, RatedStart};

use crate::ladder::{Ladder, Ladders};
use crate::port::{FallOut, JoinLadder, LadderPosition, QueueAnswer, QueueError, QueueState};

/// People who are known at once, those included whose battle has begun a while ago.
const PEOPLE_MAX: usize = 65_536;

/// Everyone who waits, and those of whom it is still known what came of it.
#[derive(Debug)]
pub(crate) struct Line {
    ladders: Vec<Ladder>,
    waiting: Matchmaker<AccountId>,
    people: BTreeMap<AccountId, Person>,
    /// Battles that are to begin, by their keys.
    starting: BTreeMap<String, [Ticket<AccountId>; 2]>,
    /// Battles that have begun here and are not over.
    playing: BTreeMap<GameId, [AccountId; 2]>,
    patience: Patience,
}

/// How long people are remembered, in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Who does not ask for so long falls out.
    pub(crate) vanish_ticks: u64,
    /// For how long it is known what came of it.
    pub(crate) remember_ticks: u64,
}

#[derive(Clone, Debug)]
struct Person {
    wanted: JoinLadder,
    since_s: i64,
    seen_tick: u64,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Waiting,
    Starting,
    Playing(GameId),
    FellOut(FallOut),
}

impl Line {
    pub(crate) fn new(ladders: &Ladders, tick_hz: u32, patience: Patience) -> Self {
        let ladders: Vec<Ladder> = ladders.iter().cloned().collect();
        let waiting = Matchmaker::with_terms(ladders.iter().map(|ladder| ladder.terms(tick_hz)));
        let (people, starting, playing) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { ladders, waiting, people, starting, playing, patience }
    }

    /// Takes a place in line.
    pub(crate) fn join(&mut self, wanted: JoinLadder, tick: u64, now_s: i64) -> QueueAnswer {
        let account = wanted.account;
        if let Some(person) = self.people.get(&account) {
            let is_same = !wanted.key.is_empty() && person.wanted.key == wanted.key;
            match person.standing {
                // Who is in a battle is told which, whatever else it wanted.
                Standing::Playing(_) => return Ok(self.look(account, tick)),
                Standing::Waiting | Standing::Starting if is_same => return Ok(self.look(account, tick)),
                Standing::Waiting | Standing::Starting => return Err(QueueError::AlreadyQueued),
                // What came of it before is past.
                Standing::FellOut(_) => {}
            }
        } else if self.people.len() >= PEOPLE_MAX {
            return Err(QueueError::Full);
        }
        let place = self.ladders.iter().position(|ladder| ladder.key == wanted.ladder);
        let place = place.and_then(|place| u16::try_from(place).ok()).ok_or(QueueError::UnknownLadder)?;
        let ticket =
            Ticket { who: account, account, rating: wanted.rating, size: 1, mode: Id::new(place), joined_tick: tick };
        self.waiting.join(ticket).map_err(|error| match error {
            JoinError::UnknownMode(_) => QueueError::UnknownLadder,
            JoinError::AlreadyQueued(_) => QueueError::AlreadyQueued,
            JoinError::Full | JoinError::TooLarge { .. } => QueueError::Full,
        })?;
        let person = Person { wanted, since_s: now_s, seen_tick: tick, standing: Standing::Waiting };
        self.people.insert(account, person);
        Ok(self.look(account, tick))
    }

    /// Leaves the line. Who is not in it is where it wants to be.
    pub(crate) fn leave(&mut self, account: AccountId) -> QueueAnswer {
        match self.people.get(&account).map(|person| person.standing) {
            Some(Standing::Starting) => return Err(QueueError::Starting),
            Some(Standing::Playing(game)) => return Ok(QueueState::Playing(game)),
            Some(Standing::Waiting | Standing::FellOut(_)) | None => {}
        }
        self.waiting.leave(account);
        self.people.remove(&account);
        Ok(QueueState::Nowhere)
    }

    /// How it stands with somebody, who has been seen now.
    pub(crate) fn look(&mut self, account: AccountId, tick: u64) -> QueueState {
        let Some(person) = self.people.get_mut(&account) else { return QueueState::Nowhere };
        person.seen_tick = tick;
        match person.standing {
            Standing::Starting => QueueState::Starting,
            Standing::Playing(game) => QueueState::Playing(game),
            Standing::FellOut(why) => QueueState::FellOut(why),
            Standing::Waiting => match self.waiting.position(account, tick) {
                None => QueueState::Nowhere,
                Some(position) => QueueState::Waiting(LadderPosition {
                    ladder: person.wanted.ladder.clone(),
                    creature: person.wanted.creature,
                    rating: person.wanted.rating,
                    window: position.window,
                    waiting: position.waiting,
                    since_s: person.since_s,
                }),
            },
        }
    }

    /// Battles that are to begin now, at most so many, each with a key that `draw_key` makes.
    pub(crate) fn form(
        &mut self,
        tick: u64,
        count_max: usize,
        mut draw_key: impl FnMut() -> String,
    ) -> Vec<RatedStart> {
        let mut starts = Vec::new();
        for lobby in self.waiting.form_up_to(tick, count_max) {
            let Ok(tickets) = <[Ticket<AccountId>; 2]>::try_from(lobby.members) else { continue };
            let Some(ladder) = self.ladders.get(usize::from(lobby.mode.index())) else { continue };
            let (ladder, tournament) = (ladder.key.clone(), ladder.tournament.clone());
            let players = tickets.map(|ticket| RatedPlayer { account: ticket.who, creature: self.start(ticket.who) });
            let key = draw_key();
            self.starting.insert(key.clone(), tickets);
            starts.push(RatedStart { ladder, tournament, players, key });
        }
        starts
    }

    /// Somebody was found; returns the creature that fights.
    fn start(&mut self, account: AccountId) -> CreatureId {
        let person = self.people.get_mut(&account);
        person.map_or(CreatureId(0), |person| {
            person.standing = Standing::Starting;
            person.wanted.creature
        })
    }

    /// A battle has begun.
    pub(crate) fn started(&mut self, key: &str, game: GameId, tick: u64) {
        let Some(tickets) = self.starting.remove(key) else { return };
        let people = tickets.map(|ticket| ticket.who);
        people.into_iter().for_each(|account| self.stand(account, Standing::Playing(game), tick));
        self.playing.insert(game, people);
    }

    /// A battle is over: nobody is in it any more.
    pub(crate) fn over(&mut self, game: GameId) {
        for account in self.playing.remove(&game).into_iter().flatten() {
            if self.people.get(&account).is_some_and(|person| person.standing == Standing::Playing(game)) {
                self.people.remove(&account);
            }
        }
    }

    /// A battle that had begun cannot be played, and both creatures are free again.
    pub(crate) fn undone(&mut self, game: GameId, tick: u64) {
        for account in self.playing.remove(&game).into_iter().flatten() {
            self.stand(account, Standing::FellOut(FallOut::Failed), tick);
        }
    }

    /// A battle could not begin: who is named falls out, and the other has its place in line again.
    pub(crate) fn refused(&mut self, key: &str, refused: &[(AccountId, RatedRefusal)], tick: u64) {
        for ticket in self.starting.remove(key).into_iter().flatten() {
            let why = refused.iter().find(|(account, _)| *account == ticket.who).map(|(_, why)| *why);
            let standing = match why {
                Some(why) => Standing::FellOut(FallOut::Refused(why)),
                None if self.waiting.join(ticket).is_ok() => Standing::Waiting,
                None => Standing::FellOut(FallOut::Failed),
            };
            self.stand(ticket.who, standing, tick);
        }
    }

    /// A battle can never begin, and why is a matter of the server's.
    pub(crate) fn failed(&mut self, key: &str, tick: u64) {
        for ticket in self.starting.remove(key).into_iter().flatten() {
            self.stand(ticket.who, Standing::FellOut(FallOut::Failed), tick);
        }
    }

    fn stand(&mut self, account: AccountId, standing: Standing, tick: u64) {
        if let Some(person) = self.people.get_mut(&account) {
            person.standing = standing;
            person.seen_tick = tick;
        }
    }

    /// Lets those fall out who have not been seen for long, and forgets those of whom nobody asks any more.
    pub(crate) fn sweep(&mut self, tick: u64) {
        let Patience { vanish_ticks, remember_ticks } = self.patience;
        let unseen = |person: &Person| tick.saturating_sub(person.seen_tick);
        for (account, person) in &mut self.people {
            if person.standing == Standing::Waiting && unseen(person) >= vanish_ticks {
                self.waiting.leave(*account);
                person.standing = Standing::FellOut(FallOut::Vanished);
                person.seen_tick = tick;
            }
        }
        self.people.retain(|_, person| {
            matches!(person.standing, Standing::Waiting | Standing::Starting) || unseen(person) < remember_ticks
        });
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_content::Content;

    use super::*;

    const PATIENCE: Patience = Patience { vanish_ticks: 300, remember_ticks: 1_000 };

    fn line() -> Line {
        let ladder = r#"(
            name: "L", description: "L.", tournament: "t", rating_window: (start: 100, per_s: 10, max: 500),
            ranks: [(key: "all", name: "All", from: 0)],
        )"#;
        let tournament = r#"(
            name: "T", description: "T.", battle: "b", format: SingleElimination(), entrants_min: 2, entrants_max: 2,
            clock: (turn_s: 20, lapse: Forfeit),
        )"#;
        let battle = r#"(
            name: "B", stat_base: 10, stat_min: 1, stat_max: 20, points_at_creation: 6, hp_base: 0, hp_per_health: 10,
            damage_min: 5, damage_max: 15, strength_divisor: 10, crit_bp_per_luck: 150, crit_damage_bp: 15000,
            dodge_bp_per_speed: 200, defended_bp: 3000, defence_bp_per_point: 250, damage_least: 1,
            special: (damage_bp: 17500, dodge_bp: 7000, crit_bp: 12000, defence_bp: 7000), defends: 1, specials: 1,
            turns_max: 200,
        )"#;
        let files = [("ladders/duels.ron", ladder), ("tournaments/t.ron", tournament), ("battles/b.ron", battle)];
        Line::new(&Ladders::of(&Content::from_files(files).expect("it is sound")), 10, PATIENCE)
    }

    fn wants(account: u64, rating: i32, key: &str) -> JoinLadder {
        let (account, creature) = (AccountId(account), CreatureId(account * 10));
        JoinLadder { account, ladder: "duels".to_owned(), creature, rating, key: key.to_owned() }
    }

    fn form(line: &mut Line, tick: u64) -> Vec<RatedStart> {
        let mut number = 0;
        line.form(tick, 10, || {
            number += 1;
            format!("{tick}-{number}")
        })
    }

    #[test]
    fn two_whose_ratings_are_near_meet() {
        let mut line = line();
        let waiting = line.join(wants(1, 1_500, "a"), 0, 77).expect("there is room");
        let QueueState::Waiting(position) = waiting else { panic!("she waits: {waiting:?}") };
        assert_eq!((position.window, position.waiting, position.since_s), (100, 1, 77), "alone so far");
        line.join(wants(2, 1_650, "b"), 0, 77).expect("there is room");
        assert_eq!(form(&mut line, 0), [], "too far apart");
        let starts = form(&mut line, 50);
        let [start] = starts.as_slice() else { panic!("they meet once windows have grown: {starts:?}") };
        let players = start.players.map(|player| (player.account.0, player.creature.0));
        assert_eq!((start.ladder.as_str(), players), ("duels", [(1, 10), (2, 20)]));
        assert_eq!(line.look(AccountId(1), 51), QueueState::Starting);
        assert_eq!(line.leave(AccountId(1)), Err(QueueError::Starting), "it is too late to leave");
        line.started(&start.key, GameId(9), 52);
        let playing = QueueState::Playing(GameId(9));
        assert_eq!(line.look(AccountId(2), 53), playing);
        assert_eq!(line.join(wants(2, 1_650, "other"), 54, 0), Ok(playing), "nobody waits who is in a battle");
        assert_eq!(form(&mut line, 60), [], "nobody waits any more");
    }

    #[test]
    fn a_battle_that_is_over_or_undone_is_nobodys_any_more() {
        let mut line = line();
        for (game, expected) in [(8, QueueState::Nowhere), (9, QueueState::FellOut(FallOut::Failed))] {
            for account in [1, 2] {
                line.join(wants(account, 1_500, ""), 0, 0).expect("there is room");
            }
            let start = form(&mut line, 20).remove(0);
            line.started(&start.key, GameId(game), 21);
            if game == 8 {
                line.over(GameId(game))
            } else {
                line.undone(GameId(game), 22)
            }
            assert_eq!([1, 2].map(|account| line.look(AccountId(account), 23)), [expected.clone(), expected]);
        }
        assert!(line.join(wants(1, 1_500, ""), 24, 0).is_ok(), "both may come again");
    }

    #[test]
    fn one_person_has_one_place() {
        let mut line = line();
        line.join(wants(1, 1_500, "a"), 0, 0).expect("there is room");
        assert!(matches!(line.join(wants(1, 1_500, "a"), 5, 5), Ok(QueueState::Waiting(_))), "the same again");
        assert_eq!(line.join(wants(1, 1_500, "b"), 5, 5), Err(QueueError::AlreadyQueued));
        assert_eq!(line.join(wants(1, 1_500, ""), 5, 5), Err(QueueError::AlreadyQueued));
        assert_eq!(line.leave(AccountId(1)), Ok(QueueState::Nowhere));
        assert_eq!(line.leave(AccountId(1)), Ok(QueueState::Nowhere), "whoever is out is out");
        let other = JoinLadder { ladder: "other".to_owned(), ..wants(1, 1_500, "c") };
        assert_eq!(line.join(other, 6, 6), Err(QueueError::UnknownLadder));
    }

    #[test]
    fn whoever_is_not_to_blame_keeps_its_place() {
        let mut line = line();
        line.join(wants(1, 1_500, "a"), 0, 0).expect("there is room");
        line.join(wants(2, 1_500, "b"), 0, 0).expect("there is room");
        let start = form(&mut line, 20).remove(0);
        line.refused(&start.key, &[(AccountId(2), RatedRefusal::CreatureNotFree)], 21);
        let out = QueueState::FellOut(FallOut::Refused(RatedRefusal::CreatureNotFree));
        assert_eq!(line.look(AccountId(2), 22), out, "why is said");
        let QueueState::Waiting(position) = line.look(AccountId(1), 30) else { panic!("she waits on") };
        assert_eq!(position.window, 130, "as long as ever");
        line.join(wants(3, 1_500, "c"), 30, 0).expect("there is room");
        let next = form(&mut line, 31).remove(0);
        assert_eq!(next.players.map(|player| player.account.0), [1, 3], "and first");
        line.failed(&next.key, 32);
        assert_eq!(line.look(AccountId(1), 33), QueueState::FellOut(FallOut::Failed));
        assert!(line.join(wants(1, 1_500, "d"), 34, 0).is_ok(), "and may come again");
    }

    #[test]
    fn who_vanishes_falls_out_and_is_forgotten() {
        let mut line = line();
        line.join(wants(1, 1_500, "a"), 0, 0).expect("there is room");
        line.sweep(299);
        line.look(AccountId(1), 299);
        line.sweep(598);
        assert!(matches!(line.look(AccountId(1), 598), QueueState::Waiting(_)), "who asks stays");
        line.sweep(898);
        assert_eq!(line.look(AccountId(1), 900), QueueState::FellOut(FallOut::Vanished), "who does not is out");
        assert_eq!(form(&mut line, 901), [], "and meets nobody");
        line.sweep(1_900);
        assert_eq!(line.look(AccountId(1), 1_901), QueueState::Nowhere, "what came of it is forgotten in time");
    }
}
