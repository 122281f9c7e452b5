//! What a record says.

use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{CharacterId, Grant, ItemId, MatchId, Seat, ShardId};
use hypogeum_shard::{Command, Seed, StateHash};
use serde::{Deserialize, Serialize};

use crate::commands::Commands;
use crate::error::RecordError;
use crate::part::Part;
use crate::record::BODY_BYTES_MAX;

/// The format this build writes, and the only one it reads.
pub const FORMAT: u16 = 9;

/// What a shard was made from: the first record of its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`] of the build that wrote it. Comes first, so that a later build can recognize it.
    pub format: u16,
    /// The version of the build that wrote it.
    pub build: String,
    /// The shard it is the log of.
    pub shard_id: ShardId,
    /// The name of its kind, which knows what the rest means.
    pub kind: String,
    /// What it was made from besides seed and content, as its kind writes it; who is in it stands there.
    pub setup: Vec<u8>,
    /// Its seed: who has it can foresee every roll, so a log is its operator's alone while its shard runs.
    pub seed: Seed,
    /// Steps a second.
    pub tick_hz: u32,
    /// The content it runs on, as one text: all that it can come to use. The log needs no other file.
    pub content: String,
    /// When it began, or this part of it, in seconds since 1970; for people, and for the age at which a part ends.
    pub began_unix_s: u64,
    /// The key that signs this log: Ed25519.
    pub key: [u8; 32],
    /// Which part of the log this is, and what it takes over from the one before; `None` where the log has no parts.
    pub part: Option<Box<Part>>,
}

impl Header {
    /// BLAKE3 of the content: the name by which clients and people call it.
    #[must_use]
    pub fn content_hash(&self) -> [u8; 32] {
        *blake3::hash(self.content.as_bytes()).as_bytes()
    }
}

/// One step: what was commanded, and what the world was after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TickEntry {
    /// The step that was taken.
    pub tick: u32,
    /// The state after it; `None` where only every so many are noted.
    pub hash: Option<StateHash>,
    /// In the order they were obeyed.
    pub commands: Vec<Command>,
}

/// The whole world after a step. Whatever came before it need not be read to go on from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotEntry {
    /// The step after which it was so.
    pub tick: u32,
    /// The state's hash.
    pub hash: StateHash,
    /// As [`Shard::snapshot`](hypogeum_shard::Shard::snapshot) gives it.
    pub bytes: Vec<u8>,
}

/// The seats that a step promised something that only this shard can keep: that they got out, say. Promises are sent
/// only once this is on the disk, so it is known to whom they are owed even if the world cannot be rebuilt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseEntry {
    /// The step in which it was promised.
    pub tick: u32,
    /// Seats of accounts, rising.
    pub seats: Vec<Seat>,
}

/// What the shard was worth for some of those in it, as the store is asked to grant it. One who is granted something again
/// later has what that says, and not both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantsEntry {
    /// The last step.
    pub tick: u32,
    /// The state after it.
    pub hash: StateHash,
    /// It is over: no step follows, and this is what it was worth for everyone.
    pub is_settlement: bool,
    /// Everything that is granted.
    pub grants: Vec<Grant>,
}

/// What a visit to an open shard was worth: somebody has left it in the last step, and the store is asked to grant this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitEntry {
    /// The last step: the one in which the visitor left.
    pub tick: u32,
    /// The state after it.
    pub hash: StateHash,
    /// Whose it was, and what it was worth.
    pub ended: EndedVisit,
}

/// A visit to an open shard that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedVisit {
    /// The seat the visitor had.
    pub seat: Seat,
    /// The number by which the store and clients know the visit: no match, shard or other visit has it.
    pub visit: MatchId,
    /// What the visitor brought, as the store checked it out.
    pub brought: Vec<ItemId>,
    /// The character that was brought.
    pub character: Option<CharacterId>,
    /// What is granted.
    pub grant: Grant,
}

/// How a log ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Close {
    /// The store has granted the settlement.
    Settled,
    /// It was undone: what was brought returned to the stashes.
    Undone,
    /// The log goes on in its next part.
    Continued,
}

/// A signature over everything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeadEntry {
    /// Whether the log ends with it: nothing follows.
    pub last: bool,
    /// Ed25519 over what [`crate::SigningKey`] says.
    pub signature: [u8; 64],
}

/// What one record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What the shard was made from: the first record of every log.
    Header(Box<Header>),
    /// A step: its commands, and the state after it.
    Tick(TickEntry),
    /// The whole world after a step.
    Snapshot(SnapshotEntry),
    /// Whom it promised something.
    Promise(PromiseEntry),
    /// What it was worth.
    Grants(GrantsEntry),
    /// What a visit was worth.
    Visit(Box<VisitEntry>),
    /// How it ended.
    Close(Close),
    /// A signature over everything before it.
    Head(HeadEntry),
}

const HEADER: u8 = 1;
const TICK: u8 = 2;
const SNAPSHOT: u8 = 3;
const GRANTS: u8 = 4;
const CLOSE: u8 = 5;
const HEAD: u8 = 6;
const PROMISE: u8 = 7;
const VISIT: u8 = 8;

pub(crate) fn write_header(header: &Header, out: &mut Vec<u8>) {
    out.push(HEADER);
    codec::encode_into(header, out);
}

pub(crate) fn write_tick(
    history: &mut Commands,
    tick: u32,
    hash: Option<StateHash>,
    commands: &[Command],
    out: &mut Vec<u8>,
) {
    out.push(TICK);
    out.extend_from_slice(&tick.to_le_bytes());
    out.push(u8::from(hash.is_some()));
    if let Some(hash) = hash {
        out.extend_from_slice(&hash.0.to_le_bytes());
    }
    history.write(commands, out);
}

pub(crate) fn write_snapshot(tick: u32, hash: StateHash, bytes: &[u8], out: &mut Vec<u8>) {
    out.push(SNAPSHOT);
    out.extend_from_slice(&tick.to_le_bytes());
    out.extend_from_slice(&hash.0.to_le_bytes());
    out.extend_from_slice(bytes);
}

pub(crate) fn write_promise(entry: &PromiseEntry, out: &mut Vec<u8>) {
    out.push(PROMISE);
    codec::encode_into(entry, out);
}

pub(crate) fn write_grants(entry: &GrantsEntry, out: &mut Vec<u8>) {
    out.push(GRANTS);
    codec::encode_into(entry, out);
}

pub(crate) fn write_visit(entry: &VisitEntry, out: &mut Vec<u8>) {
    out.push(VISIT);
    codec::encode_into(entry, out);
}

pub(crate) fn write_close(close: Close, out: &mut Vec<u8>) {
    out.push(CLOSE);
    codec::encode_into(&close, out);
}

pub(crate) fn write_head(head: &HeadEntry, out: &mut Vec<u8>) {
    out.push(HEAD);
    out.push(u8::from(head.last));
    out.extend_from_slice(&head.signature);
}

/// Reads bodies in the order they were written: one may be encoded as a difference to those before.
#[derive(Debug, Default)]
pub(crate) struct EntryReader {
    history: Commands,
}

impl EntryReader {
    /// Each segment begins again.
    pub(crate) fn begin_segment(&mut self) {
        self.history.forget();
    }

    pub(crate) fn read(&mut self, body: &[u8]) -> Result<Entry, RecordError> {
        let (&kind, rest) = body.split_first().ok_or(RecordError::Content(CodecError::Truncated))?;
        match kind {
            HEADER => read_header(rest),
            TICK => self.read_tick(rest).map(Entry::Tick),
            SNAPSHOT => {
                let (tick, rest) = number(rest)?;
                let (hash, bytes) = hash(rest)?;
                Ok(Entry::Snapshot(SnapshotEntry { tick, hash, bytes: bytes.to_vec() }))
            }
            PROMISE => decode(rest).map(Entry::Promise),
            GRANTS => decode(rest).map(Entry::Grants),
            VISIT => decode(rest).map(|visit| Entry::Visit(Box::new(visit))),
            CLOSE => decode(rest).map(Entry::Close),
            HEAD => {
                let (&last, rest) = rest.split_first().ok_or(RecordError::Content(CodecError::Truncated))?;
                let signature = rest.try_into().map_err(|_| RecordError::Content(CodecError::Malformed))?;
                Ok(Entry::Head(HeadEntry { last: flag(last)?, signature }))
            }
            other => Err(RecordError::Kind(other)),
        }
    }

    fn read_tick(&mut self, rest: &[u8]) -> Result<TickEntry, RecordError> {
        let (tick, rest) = number(rest)?;
        let (&hashed, rest) = rest.split_first().ok_or(RecordError::Content(CodecError::Truncated))?;
        let (hash, rest) = if flag(hashed)? {
            let (found, rest) = hash(rest)?;
            (Some(found), rest)
        } else {
            (None, rest)
        };
        let commands = self.history.read(rest).map_err(RecordError::Content)?;
        Ok(TickEntry { tick, hash, commands })
    }
}

/// The format decides how the rest is read, so it is looked at alone first.
fn read_header(body: &[u8]) -> Result<Entry, RecordError> {
    let (format, _) = codec::decode_front::<u16, 8>(body).map_err(RecordError::Content)?;
    if format != FORMAT {
        return Err(RecordError::Format(format));
    }
    decode(body).map(|header| Entry::Header(Box::new(header)))
}

fn decode<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    codec::decode::<_, BODY_BYTES_MAX>(bytes).map_err(RecordError::Content)
}

fn flag(byte: u8) -> Result<bool, RecordError> {
    match byte {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(RecordError::Content(CodecError::Malformed)),
    }
}

fn number(bytes: &[u8]) -> Result<(u32, &[u8]), RecordError> {
    let (number, rest) = bytes.split_first_chunk().ok_or(RecordError::Content(CodecError::Truncated))?;
    Ok((u32::from_le_bytes(*number), rest))
}

fn hash(bytes: &[u8]) -> Result<(StateHash, &[u8]), RecordError> {
    let (number, rest) = bytes.split_first_chunk().ok_or(RecordError::Content(CodecError::Truncated))?;
    Ok((StateHash(u64::from_le_bytes(*number)), rest))
}
