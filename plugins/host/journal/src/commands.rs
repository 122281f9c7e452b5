//! A step's commands as few bytes: each input of a seat is written as the difference to its last one.
//!
//! Each command is the distance of its seat from the one before it (a variable-length number), a byte that says which
//! parts follow, and these parts. Most inputs are the last one with the next number and a slightly other aim: four bytes.

use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{Input, Seat, limits};
use hypogeum_shard::{Command, CommandBody};

/// The bits of an input's byte: the part follows.
const SEQ: u8 = 1;
const WALK: u8 = 2;
const PACE: u8 = 4;
const AIM: u8 = 8;
const ABILITY: u8 = 16;
/// The byte of a command that is no input; it follows by the codec, after its length.
const OTHER: u8 = 32;
/// Most bytes of a command that is no input: as many as a message of a client has, and some for what it stands in; or
/// somebody who enters, with a character's body and all that it can carry.
const OTHER_BYTES_MAX: usize = limits::CLIENT_MESSAGE_BYTES_MAX + 64 + limits::CHARACTER_BYTES_MAX + CARRIED_BYTES_MAX;
/// Bytes of what a character carries: of each thing its name, the key of its definition, and its state.
const CARRIED_BYTES_MAX: usize = limits::INVENTORY_ITEMS_MAX * (16 + limits::NAME_BYTES_MAX + 27);

/// What every seat steered last.
#[derive(Debug, Default)]
pub(crate) struct Commands {
    last: Vec<Input>,
}

impl Commands {
    /// From here on as if nobody had ever steered.
    pub(crate) fn forget(&mut self) {
        self.last.clear();
    }

    fn last(&mut self, seat: Seat) -> &mut Input {
        let place = usize::from(seat.0);
        if place >= self.last.len() {
            self.last.resize(place + 1, Input::default());
        }
        &mut self.last[place]
    }

    pub(crate) fn write(&mut self, commands: &[Command], out: &mut Vec<u8>) {
        let mut seat_before = 0_u16;
        for command in commands {
            write_number(u32::from(command.seat.0.wrapping_sub(seat_before)), out);
            seat_before = command.seat.0;
            match &command.body {
                CommandBody::Input(input) => {
                    let last = self.last(command.seat);
                    write_input(last, input, out);
                    *last = *input;
                }
                other => {
                    out.push(OTHER);
                    let bytes = codec::encode(other);
                    write_number(bytes.len() as u32, out);
                    out.extend_from_slice(&bytes);
                }
            }
        }
    }

    /// Reads to the end of `bytes`. There are at most half as many commands as bytes.
    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<Vec<Command>, CodecError> {
        let mut rest = Reader(bytes);
        let mut commands = Vec::with_capacity(bytes.len() / 4);
        let mut seat = 0_u16;
        while !rest.0.is_empty() {
            let distance = u16::try_from(rest.number()?).map_err(|_| CodecError::Malformed)?;
            seat = seat.wrapping_add(distance);
            let parts = rest.byte()?;
            let body = if parts == OTHER {
                let length = rest.number()? as usize;
                if length > OTHER_BYTES_MAX {
                    return Err(CodecError::LengthExceeded(OTHER_BYTES_MAX));
                }
                codec::decode::<CommandBody, OTHER_BYTES_MAX>(rest.take(length)?)?
            } else if parts < OTHER {
                let last = self.last(Seat(seat));
                *last = rest.input(*last, parts)?;
                CommandBody::Input(*last)
            } else {
                return Err(CodecError::UnknownTag(parts.into()));
            };
            // What is written in another way than ours would not be written again as it was.
            if parts == OTHER && matches!(body, CommandBody::Input(_)) {
                return Err(CodecError::Malformed);
            }
            commands.push(Command { seat: Seat(seat), body });
        }
        Ok(commands)
    }
}

fn write_input(last: &Input, input: &Input, out: &mut Vec<u8>) {
    let parts_at = out.len();
    out.push(0);
    let mut parts = 0;
    if input.seq != last.seq.wrapping_add(1) {
        parts |= SEQ;
        write_number(input.seq.wrapping_sub(last.seq), out);
    }
    if input.walk != last.walk {
        parts |= WALK;
        write_turn(input.walk, last.walk, out);
    }
    if input.pace != last.pace {
        parts |= PACE;
        out.push(input.pace);
    }
    if input.aim != last.aim {
        parts |= AIM;
        write_turn(input.aim, last.aim, out);
    }
    if input.ability != last.ability {
        parts |= ABILITY;
        out.push(input.ability);
    }
    out[parts_at] = parts;
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn write_number(mut number: u32, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The shorter way round, so that a small turn is a small number.
fn write_turn(now: u16, before: u16, out: &mut Vec<u8>) {
    let turned = now.wrapping_sub(before).cast_signed();
    write_number(u32::from((turned << 1 ^ turned >> 15).cast_unsigned()), out);
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> Result<u8, CodecError> {
        let (byte, rest) = self.0.split_first().ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(*byte)
    }

    fn take(&mut self, count: usize) -> Result<&[u8], CodecError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self) -> Result<u32, CodecError> {
        let mut number = 0_u32;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            let bits = u32::from(byte & 0x7F);
            if shift == 28 && bits > 0xF {
                break;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(CodecError::Malformed)
    }

    fn turn(&mut self, before: u16) -> Result<u16, CodecError> {
        let folded = u16::try_from(self.number()?).map_err(|_| CodecError::Malformed)?;
        Ok(before.wrapping_add((folded >> 1) ^ (folded & 1).wrapping_neg()))
    }

    fn input(&mut self, last: Input, parts: u8) -> Result<Input, CodecError> {
        let mut input = Input { seq: last.seq.wrapping_add(1), ..last };
        if parts & SEQ != 0 {
            input.seq = last.seq.wrapping_add(self.number()?);
        }
        if parts & WALK != 0 {
            input.walk = self.turn(last.walk)?;
        }
        if parts & PACE != 0 {
            input.pace = self.byte()?;
        }
        if parts & AIM != 0 {
            input.aim = self.turn(last.aim)?;
        }
        if parts & ABILITY != 0 {
            input.ability = self.byte()?;
        }
        Ok(input)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{
        AccountId, Act, CharacterId, CharacterSheet, ItemId, ItemState, MatchId, NetId, StashedItem,
    };
    use hypogeum_shard::{LineupSeat, Occupant};
    use proptest::prelude::*;

    use super::*;

    fn command() -> impl Strategy<Value = Command> {
        let seat = prop_oneof![0_u16..6, any::<u16>()];
        let turn = prop_oneof![Just(0_u16), 0_u16..300, any::<u16>()];
        let input = (prop_oneof![0_u32..9, any::<u32>()], turn.clone(), 0_u8..102, turn, 0_u8..3);
        let input = input.prop_map(|(seq, walk, pace, aim, ability)| Input { seq, walk, pace, aim, ability });
        let body = prop_oneof![
            8 => input.prop_map(CommandBody::Input),
            1 => (any::<u32>(), any::<u32>())
                .prop_map(|(seq, id)| CommandBody::Act { seq, act: Act::Loot { container: NetId(id) }, seen: id.checked_sub(7) }),
            1 => any::<bool>().prop_map(CommandBody::Present),
            1 => Just(CommandBody::Leave),
            1 => (any::<u64>(), ".{0,32}", any::<u32>(), any::<i32>()).prop_map(|(account, name, level, rating)| {
                let occupant = Occupant::Account(AccountId(account));
                let character = level.is_multiple_of(2).then(|| CharacterSheet {
                    id: CharacterId(account),
                    place: name.clone(),
                    body: name.clone().into_bytes(),
                });
                let brings = Box::new(LineupSeat { occupant, name, level, rating, items: Vec::new(), character });
                CommandBody::Join { visit: MatchId(account ^ u64::from(level)), brings }
            }),
            1 => (any::<u32>(), prop::collection::vec(any::<u8>(), 0..300))
                .prop_map(|(seq, body)| CommandBody::Custom { seq, body: body.into() }),
        ];
        (seat, body).prop_map(|(seat, body)| Command { seat: Seat(seat), body })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_commanded_is_read_as_it_was(ticks in prop::collection::vec(prop::collection::vec(command(), 0..12), 1..8)) {
            let (mut writer, mut reader) = (Commands::default(), Commands::default());
            for commands in ticks {
                let mut bytes = Vec::new();
                writer.write(&commands, &mut bytes);
                prop_assert_eq!(reader.read(&bytes), Ok(commands), "the same commands in the same order");
            }
        }

        #[test]
        fn any_bytes_are_commands_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(commands) = Commands::default().read(&bytes) {
                prop_assert!(commands.len() <= bytes.len() / 2, "no command is shorter than two bytes");
            }
        }
    }

    #[test]
    fn the_largest_join_is_a_command_of_a_log() {
        let id = ItemId { origin: u64::MAX, serial: u32::MAX };
        let state = ItemState { count: u32::MAX, wear: u32::MAX, is_bound: true, inside: Some(id) };
        let item = StashedItem { id, template: "x".repeat(limits::NAME_BYTES_MAX), state };
        let occupant = Occupant::Account(AccountId(u64::MAX));
        let items = vec![item; limits::INVENTORY_ITEMS_MAX];
        let body = vec![0xFF; limits::CHARACTER_BYTES_MAX];
        let place = "x".repeat(limits::NAME_BYTES_MAX);
        let character = Some(CharacterSheet { id: CharacterId(u64::MAX), place, body });
        let (name, level, rating) = ("x".repeat(limits::NAME_BYTES_MAX), u32::MAX, i32::MIN);
        let body = CommandBody::Join {
            visit: MatchId(u64::MAX),
            brings: Box::new(LineupSeat { occupant, name, level, rating, items, character }),
        };
        let joined = [Command { seat: Seat(u16::MAX), body }];
        let mut bytes = Vec::new();
        Commands::default().write(&joined, &mut bytes);
        assert_eq!(Commands::default().read(&bytes).as_deref(), Ok(&joined[..]), "it is read again");
    }

    #[test]
    fn steering_on_costs_two_bytes() {
        let input = |seq, aim| Command {
            seat: Seat(3),
            body: CommandBody::Input(Input { seq, walk: 900, pace: 100, aim, ability: 0 }),
        };
        let (mut commands, mut bytes) = (Commands::default(), Vec::new());
        commands.write(&[input(1, 16)], &mut bytes);
        bytes.clear();
        commands.write(&[input(2, 16)], &mut bytes);
        assert_eq!(bytes.len(), 2, "whose, and that nothing but the number has changed");
        bytes.clear();
        commands.write(&[input(3, 60)], &mut bytes);
        assert_eq!(bytes.len(), 3, "a small turn is one byte more");
    }
}
