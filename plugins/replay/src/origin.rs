//! What a match is made from, on its way into a log and back.

use std::sync::Arc;

use hypogeum_arena::{MatchSetup, SeatSetup, new_match};
use hypogeum_content::Content;
use hypogeum_journal::{FORMAT, Header, Participant};
use hypogeum_shard::{Genesis, Shard};

use crate::error::ReplayError;

/// The rates a shard is made for, in steps a second.
const TICK_HZ_MIN: u32 = 10;
const TICK_HZ_MAX: u32 = 60;

/// The header of a match's log. `key` is the public half of what signs it.
#[must_use]
pub fn header(genesis: &Genesis, setup: &MatchSetup, key: [u8; 32], began_unix_s: u64) -> Header {
    let content = &genesis.content;
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
        content: content.hash,
        began_unix_s,
        key,
        participants: setup.seats.iter().map(participant).collect(),
    }
}

/// Who took part in what, as the arena wants it.
///
/// # Errors
/// [`ReplayError::Content`] where the match was played with other content, [`ReplayError::Rate`] at a rate no server
/// has, and whatever the content lacks.
pub fn setup(header: &Header, content: &Content) -> Result<MatchSetup, ReplayError> {
    if header.content != content.hash {
        return Err(ReplayError::Content { played: hex(&header.content), here: hex(&content.hash) });
    }
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

fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
