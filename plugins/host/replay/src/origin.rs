//! What a match is made from, on its way into a log and back.

use std::sync::Arc;

use hypogeum_arena::{Arena, ArenaSeat, ArenaSetup, MatchSetup};
use hypogeum_content::{Content, ContentPack};
use hypogeum_journal::{FORMAT, Header, Participant};
use hypogeum_shard::{Genesis, SetupError, Shard, build_shard};

use crate::error::ReplayError;

/// The header of a match's log. `pack` is what the match runs on; `key` is the public half of what signs the log.
#[must_use]
pub fn header(genesis: &Genesis, pack: &ContentPack, setup: &MatchSetup, key: [u8; 32], began_unix_s: u64) -> Header {
    debug_assert_eq!(genesis.content.hash, pack.hash(), "a match runs on what its log says");
    let ArenaSetup { match_id, mode, seats } = ArenaSetup::new(setup, pack.content());
    let participant = |seat: ArenaSeat| Participant {
        account: seat.account,
        name: seat.name,
        level: seat.level,
        rating: seat.rating,
        autopilot: seat.autopilot,
        items: seat.items,
    };
    Header {
        format: FORMAT,
        build: env!("CARGO_PKG_VERSION").to_owned(),
        match_id,
        mode,
        seed: genesis.seed,
        tick_hz: genesis.tick_hz,
        content: pack.text().to_string(),
        began_unix_s,
        key,
        participants: seats.into_iter().map(participant).collect(),
    }
}

/// The content a match began with: it stands in its log. [`ReplayError::Content`] where this build cannot use it.
pub(crate) fn content(header: &Header) -> Result<ContentPack, ReplayError> {
    Ok(ContentPack::read(&header.content)?)
}

/// Who took part in what.
pub(crate) fn setup(header: &Header) -> ArenaSetup {
    let seat = |participant: &Participant| ArenaSeat {
        account: participant.account,
        name: participant.name.clone(),
        level: participant.level,
        rating: participant.rating,
        autopilot: participant.autopilot,
        items: participant.items.clone(),
    };
    let seats = header.participants.iter().map(seat).collect();
    ArenaSetup { match_id: header.match_id, mode: header.mode.clone(), seats }
}

/// The match before its first step, and its setup by the ids of the content.
pub(crate) fn at_its_beginning(header: &Header, content: &Arc<Content>) -> Result<(Shard, MatchSetup), SetupError> {
    let setup = setup(header);
    let genesis = Genesis { seed: header.seed, tick_hz: header.tick_hz, content: Arc::clone(content) };
    Ok((build_shard::<Arena>(genesis, &setup)?, setup.resolve(content)?))
}
