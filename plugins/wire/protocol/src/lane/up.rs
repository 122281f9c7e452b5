//! What a client sends on the datagram lane.

use super::bytes::Reader;
use crate::client_message::Input;
use crate::codec::CodecError;
use crate::limits::{LANE_BYTE, LANE_INPUTS_MAX};

/// Which of the server's datagrams have arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ack {
    /// Number of the newest.
    pub newest: u16,
    /// Bit n is set where the one n + 1 before the newest has arrived too.
    pub before: u32,
}

/// One datagram of a client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Up {
    /// Rises by one with every datagram, and wraps.
    pub seq: u16,
    /// What has arrived; `None` before anything has.
    pub ack: Option<Ack>,
    /// The receiver's view differs from what it should be: everything is to be sent again.
    pub resync: bool,
    count: u8,
    inputs: [Input; LANE_INPUTS_MAX],
}

const ACK_BIT: u8 = 1;
const RESYNC_BIT: u8 = 2;
const COUNT_SHIFT: u32 = 4;

const WALK_BIT: u8 = 1;
const PACE_BIT: u8 = 2;
const AIM_BIT: u8 = 4;
const ABILITY_BIT: u8 = 8;
const GAP_SHIFT: u32 = 4;
const GAP_MAX: u32 = 15;

impl Up {
    /// A datagram without inputs.
    #[must_use]
    pub fn new(seq: u16, ack: Option<Ack>, resync: bool) -> Self {
        Self { seq, ack, resync, ..Self::default() }
    }

    /// The newest of these inputs, whose sequences rise: at most [`LANE_INPUTS_MAX`], and none before a jump of more
    /// than 15 in their numbers.
    #[must_use]
    pub fn with_inputs(self, inputs: impl DoubleEndedIterator<Item = Input>) -> Self {
        let mut kept = Self { count: 0, ..self };
        for input in inputs.rev().take(LANE_INPUTS_MAX) {
            if let Some(later) = kept.count.checked_sub(1).map(|last| kept.inputs[usize::from(last)])
                && !(1..=GAP_MAX).contains(&later.seq.wrapping_sub(input.seq))
            {
                break;
            }
            kept.inputs[usize::from(kept.count)] = input;
            kept.count += 1;
        }
        kept.inputs[..usize::from(kept.count)].reverse();
        kept
    }

    /// The inputs, sequences rising.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs[..usize::from(self.count)]
    }

    /// Whether every field of the inputs is within its range.
    #[must_use]
    pub fn in_range(&self) -> bool {
        self.inputs().iter().all(Input::in_range)
    }

    /// Appends the datagram, lane byte first: 20 bytes with one input, and usually 1 to 3 for each before it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(LANE_BYTE);
        out.extend_from_slice(&self.seq.to_le_bytes());
        let flags = if self.ack.is_some() { ACK_BIT } else { 0 } | if self.resync { RESYNC_BIT } else { 0 };
        out.push(flags | self.count << COUNT_SHIFT);
        if let Some(ack) = self.ack {
            out.extend_from_slice(&ack.newest.to_le_bytes());
            out.extend_from_slice(&ack.before.to_le_bytes());
        }
        let mut later: Option<Input> = None;
        for input in self.inputs().iter().rev() {
            let Some(known) = later.replace(*input) else {
                out.extend_from_slice(&input.seq.to_le_bytes());
                out.extend_from_slice(&input.walk.to_le_bytes());
                out.push(input.pace);
                out.extend_from_slice(&input.aim.to_le_bytes());
                out.push(input.ability);
                continue;
            };
            let place = out.len();
            out.push(0);
            let mut mask = (known.seq.wrapping_sub(input.seq) as u8) << GAP_SHIFT;
            if input.walk != known.walk {
                mask |= WALK_BIT;
                out.extend_from_slice(&input.walk.to_le_bytes());
            }
            if input.pace != known.pace {
                mask |= PACE_BIT;
                out.push(input.pace);
            }
            if input.aim != known.aim {
                mask |= AIM_BIT;
                out.extend_from_slice(&input.aim.to_le_bytes());
            }
            if input.ability != known.ability {
                mask |= ABILITY_BIT;
                out.push(input.ability);
            }
            out[place] = mask;
        }
    }

    /// Reads a whole datagram, lane byte included.
    ///
    /// # Errors
    /// [`CodecError`] for the shape; ranges are checked by [`Up::in_range`].
    pub fn read(datagram: &[u8]) -> Result<Self, CodecError> {
        let mut reader = Reader::new(datagram);
        let lane = reader.byte()?;
        if lane != LANE_BYTE {
            return Err(CodecError::UnknownTag(lane.into()));
        }
        let mut up = Self { seq: reader.u16()?, ..Self::default() };
        let flags = reader.byte()?;
        let count = usize::from(flags >> COUNT_SHIFT);
        if count > LANE_INPUTS_MAX || flags & 0b1100 != 0 {
            return Err(CodecError::Malformed);
        }
        up.count = count as u8;
        up.resync = flags & RESYNC_BIT != 0;
        if flags & ACK_BIT != 0 {
            up.ack = Some(Ack { newest: reader.u16()?, before: reader.u32()? });
        }
        let mut later: Option<Input> = None;
        for place in (0..count).rev() {
            let input = match later {
                None => Input {
                    seq: reader.u32()?,
                    walk: reader.u16()?,
                    pace: reader.byte()?,
                    aim: reader.u16()?,
                    ability: reader.byte()?,
                },
                Some(later) => read_before(&mut reader, later)?,
            };
            up.inputs[place] = input;
            later = Some(input);
        }
        reader.end()?;
        Ok(up)
    }
}

/// The input before one already read: what does not differ is not sent.
fn read_before(reader: &mut Reader<'_>, later: Input) -> Result<Input, CodecError> {
    let mask = reader.byte()?;
    let gap = u32::from(mask >> GAP_SHIFT);
    let seq = later.seq.checked_sub(gap).filter(|_| gap > 0).ok_or(CodecError::Malformed)?;
    Ok(Input {
        seq,
        walk: if mask & WALK_BIT == 0 { later.walk } else { reader.u16()? },
        pace: if mask & PACE_BIT == 0 { later.pace } else { reader.byte()? },
        aim: if mask & AIM_BIT == 0 { later.aim } else { reader.u16()? },
        ability: if mask & ABILITY_BIT == 0 { later.ability } else { reader.byte()? },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn input() -> impl Strategy<Value = (u32, Input)> {
        (1_u32..=15, any::<u16>(), 0..=Input::PACE_MAX, any::<u16>(), 0..=Input::ABILITY_MAX)
            .prop_map(|(gap, walk, pace, aim, ability)| (gap, Input { seq: 0, walk, pace, aim, ability }))
    }

    proptest! {
        #[test]
        fn a_datagram_comes_back_as_it_was_written(
            seq: u16, newest: u16, before: u32, acked: bool, resync: bool, first in 0_u32..u32::MAX - 200,
            steps in prop::collection::vec(input(), 0..=LANE_INPUTS_MAX),
        ) {
            let mut at = first;
            let inputs: Vec<Input> = steps.into_iter().map(|(gap, input)| { at += gap; Input { seq: at, ..input } }).collect();
            let ack = acked.then_some(Ack { newest, before });
            let up = Up { seq, ack, resync, ..Up::default() }.with_inputs(inputs.iter().copied());
            prop_assert_eq!(up.inputs(), &inputs[..], "all of them fit");
            let mut out = Vec::new();
            up.write(&mut out);
            prop_assert_eq!(Up::read(&out), Ok(up));
            for cut in 0..out.len() {
                prop_assert!(Up::read(&out[..cut]).is_err(), "cut at {cut} it is none");
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 1..80)) {
            bytes[0] = LANE_BYTE;
            if let Ok(up) = Up::read(&bytes) {
                prop_assert!(up.inputs().is_sorted_by(|earlier, later| earlier.seq < later.seq));
            }
        }
    }

    #[test]
    fn a_jump_in_the_numbers_ends_the_batch() {
        let inputs = [1, 2, 40, 41].map(|seq| Input { seq, ..Input::default() });
        let up = Up::default().with_inputs(inputs.into_iter());
        assert_eq!(up.inputs().iter().map(|input| input.seq).collect::<Vec<_>>(), [40, 41], "the newest ones go");
    }
}
