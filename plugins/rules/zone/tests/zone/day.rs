//! A day in the zones that ship: it replays to the same states, also when it is cut into pieces and put together again.
//!
//! Half an hour is lived in each run of the tests. `HYPOGEUM_TEST_STEPS=864000` makes it a whole day at ten steps a second, and
//! `HYPOGEUM_TEST_SEED` another one.

use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, CharacterId, CharacterSheet, MatchId, Seat};
use hypogeum_shard::{Command, CommandBody, LineupSeat, Occupant, PlaceKind, Shard};
use hypogeum_world_messages::WorldCommand;
use hypogeum_zone::Zone;

use crate::shipped::{content, zone};

/// Steps of all zones together: half an hour at ten a second.
const STEPS: u32 = 18_000;
/// Steps from one piece to the next.
const PIECE: u32 = 3_000;
/// Seats that somebody may have at once.
const SEATS: u32 = 6;
const LINES: [&str; 24] = [
    "north",
    "south",
    "east",
    "west",
    "up",
    "down",
    "kill rat",
    "kill wolf",
    "kill guard",
    "kill raider",
    "get all",
    "drop all",
    "wear all",
    "open door",
    "close door",
    "pull lever",
    "pull rope",
    "pull winch",
    "use bandage",
    "flee",
    "say well met",
    "follow ada1",
    "trade ada2",
    "accept",
];

/// Numbers that follow from a seed, for a script that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: u32) -> u32 {
        self.0 = self.0.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
        ((self.0 >> 33) % u64::from(below.max(1))) as u32
    }
}

fn asked(variable: &str, usual: u32) -> u32 {
    std::env::var(variable)
        .map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{variable}={text} is no number")))
}

/// What is commanded in a step: people come and go, and type.
fn commands(numbers: &mut Numbers, content: &Content, (tick, next_seat): (u32, &mut u32)) -> Vec<Command> {
    let mut commands = Vec::new();
    if numbers.next(600) == 0 || tick < 3 {
        let seat = *next_seat;
        *next_seat += 1;
        let body = Zone::newborn(content, "").expect("there are archetypes");
        let id = u64::from(seat) + 1;
        let brings = LineupSeat {
            occupant: Occupant::Account(AccountId(id)),
            name: format!("Ada{seat}"),
            level: 1,
            rating: 0,
            items: Vec::new(),
            character: Some(CharacterSheet { id: CharacterId(id), place: String::new(), body }),
        };
        let body = CommandBody::Join { visit: MatchId(1_000 + id), brings: Box::new(brings) };
        commands.push(Command { seat: Seat(seat as u16), body });
        if let Some(gone) = seat.checked_sub(SEATS) {
            commands.push(Command { seat: Seat(gone as u16), body: CommandBody::Leave });
        }
    }
    if numbers.next(5) == 0 && *next_seat > 0 {
        let seat = next_seat.saturating_sub(1 + numbers.next(SEATS.min(*next_seat)));
        let words = LINES[numbers.next(LINES.len() as u32) as usize].to_owned();
        let body = WorldCommand::Line { words }.encode().into();
        commands.push(Command { seat: Seat(seat as u16), body: CommandBody::Custom { seq: tick + 1, body } });
    }
    commands.sort_by_key(|command| command.seat);
    commands
}

#[test]
fn a_day_replays_to_the_same_states_from_each_of_its_pieces() {
    let (steps, seed) = (asked("HYPOGEUM_TEST_STEPS", STEPS), asked("HYPOGEUM_TEST_SEED", 7));
    println!("seed {seed}: again with HYPOGEUM_TEST_SEED={seed} HYPOGEUM_TEST_STEPS={steps}");
    let content = content();
    let places = Zone::places(&content).expect("the zones are good");
    for place in &places {
        let mut numbers = Numbers(u64::from(seed));
        let mut next_seat = 0;
        let mut lived = zone(&content, &place.key);
        // One that is put away and taken up again after each piece.
        let mut pieced: Shard = zone(&content, &place.key);
        for tick in 0..steps / places.len() as u32 {
            let commands = commands(&mut numbers, &content, (tick, &mut next_seat));
            if tick % PIECE == PIECE - 1 {
                let snapshot = pieced.snapshot();
                pieced = zone(&content, &place.key);
                pieced.restore(&snapshot).expect("a snapshot can be restored");
            }
            let hashes = (lived.step(&commands), pieced.step(&commands));
            assert_eq!(hashes.0, hashes.1, "{} goes another way in step {tick}", place.key);
        }
        assert_eq!(lived.hash(), lived.hash_from_nothing(), "no change went unnoticed in {}", place.key);
    }
}
