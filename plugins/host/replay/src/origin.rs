//! What a match is made from, on its way into a log and back.

use std::sync::Arc;

use hypogeum_arena::{MatchSetup, SeatSetup, new_match};
use hypogeum_content::{Content, ContentPack};
use hypogeum_journal::{FORMAT, Header, Participant};
use hypogeum_shard::{Genesis, Shard};

use crate::error::ReplayError;

/// The rates a shard is made for, in steps a second.
const TICK_HZ_MIN: u32 = 10;
const TICK_HZ_MAX: u32 = 60;

/// The header of a match's log. `pack` is what the match runs on; `key` is the public half of what signs the log.
#[must_use]
pub fn header(genesis: &Genesis, pack: &ContentPack, setup: &MatchSetup, key: [u8; 32], began_unix_s: u64) -> Header {
    let content = pack.content();
    debug_assert_eq!(genesis.content.hash, pack.hash(), "a match runs on what its log says");
    let participant = |seat: &SeatSetup| Participant {
        account: seat.account,
        name: seat.name.clone(),
        level: seat.level,
        rating: seat.rating,
        autopilot: seat.autopilot,
        items: seat.items.iter().map(|(id, def)| (*id, content.items.key(*def).to_owned())).collect(),
    };
    Header {
        format: FORMAT,
        build: env!("CARGO_PKG_VERSION").to_owned(),
        match_id: setup.match_id,
        mode: content.modes.key(setup.mode).to_owned(),
        seed: genesis.seed,
        tick_hz: genesis.tick_hz,
        content: pack.text().to_string(),
        began_unix_s,
        key,
        participants: setup.seats.iter().map(participant).collect(),
    }
}

/// The content a match began with: it stands in its log.
///
/// # Errors
/// [`ReplayError::Content`] where this build cannot use it.
pub fn content(header: &Header) -> Result<ContentPack, ReplayError> {
    Ok(ContentPack::read(&header.content)?)
}

/// Who took part in what, as the arena wants it.
///
/// # Errors
/// [`ReplayError::Rate`] at a rate no server has, and whatever the content lacks.
pub fn setup(header: &Header, content: &Content) -> Result<MatchSetup, ReplayError> {
    if !(TICK_HZ_MIN..=TICK_HZ_MAX).contains(&header.tick_hz) {
        return Err(ReplayError::Rate(header.tick_hz));
    }
    let mode = content.modes.id(&header.mode).ok_or_else(|| ReplayError::Mode(header.mode.clone()))?;
    let most = content.modes[mode].players_max as usize;
    if header.participants.len() > most {
        return Err(ReplayError::Participants { found: header.participants.len(), most });
    }
    let mut seats = Vec::with_capacity(header.participants.len());
    for participant in &header.participants {
        let mut items = Vec::with_capacity(participant.items.len());
        for (id, key) in &participant.items {
            items.push((*id, content.items.id(key).ok_or_else(|| ReplayError::Item(key.clone()))?));
        }
        seats.push(SeatSetup {
            account: participant.account,
            name: participant.name.clone(),
            level: participant.level,
            rating: participant.rating,
            autopilot: participant.autopilot,
            items,
        });
    }
    Ok(MatchSetup { match_id: header.match_id, mode, seats })
}

/// The match before its first step.
pub(crate) fn at_its_beginning(header: &Header, setup: &MatchSetup, content: Arc<Content>) -> Shard {
    new_match(Genesis { seed: header.seed, tick_hz: header.tick_hz, content }, setup)
}
