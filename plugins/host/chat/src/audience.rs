//! Who hears what is said on a channel.

use bevy_ecs::prelude::{Entity, Query};
use hypogeum_hosting::{HostedShard, ask};
use hypogeum_protocol::{AccountId, ChatChannel, ErrorCode};
use hypogeum_sessions::Stage;
use hypogeum_shard::{Hearing, Shard};
use hypogeum_social::Party;
use hypogeum_store::ChatKey;

use crate::text::Refused;

/// Who hears something, and under what name it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Audience {
    pub(crate) key: ChatKey,
    pub(crate) hearers: Hearers,
}

/// Those who hear something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hearers {
    /// Everyone on the server.
    All,
    /// These, as far as they are here.
    Accounts(Vec<AccountId>),
}

/// The shards that somebody may be in.
pub(crate) type Places<'w, 's, 'a> = Query<'w, 's, (&'a HostedShard, &'a Shard)>;

/// Who hears somebody in a room or a place.
pub(crate) fn of_place(channel: ChatChannel, stage: Stage, shards: &Places) -> Result<Audience, Refused> {
    let nowhere = || Refused::new(ErrorCode::WrongState, "chat-nowhere");
    let Stage::Playing { shard, seat } = stage else { return Err(nowhere()) };
    let (hosted, world) = shards.get(shard).map_err(|_| nowhere())?;
    let place = hosted.kind.as_place.ok_or_else(nowhere)?;
    let hosts = |seats: Vec<_>| {
        let player = |seat| hosted.player(seat).map(|player| player.account);
        Hearers::Accounts(seats.into_iter().filter_map(player).collect())
    };
    if channel == ChatChannel::Zone {
        let everyone = hosted.players.iter().map(|player| player.seat).collect();
        return Ok(Audience { key: ChatKey::zone(&hosted.title), hearers: hosts(everyone) });
    }
    let hearing = ask(hosted.id, "hearing", || (place.hearing)(world.world(), seat)).flatten();
    let Hearing { room, seats } = hearing.ok_or_else(nowhere)?;
    Ok(Audience { key: ChatKey::room(&hosted.title, &room), hearers: hosts(seats) })
}

/// The party that somebody's company in a place is.
pub(crate) fn company(stage: Stage, shards: &Places) -> Option<Party> {
    let Stage::Playing { shard, seat } = stage else { return None };
    let (hosted, world) = shards.get(shard).ok()?;
    let place = hosted.kind.as_place?;
    let company = ask(hosted.id, "company", || (place.company)(world.world(), seat)).flatten()?;
    let members: Vec<_> = company.seats.into_iter().filter_map(|seat| Some(hosted.player(seat)?.account)).collect();
    // Nobody asks who leads a company. Companies of two places have two numbers.
    let leader = *members.first()?;
    Some(Party { id: hosted.id.0 << 32 | u64::from(company.number), leader, members })
}

/// Who hears somebody in a party.
pub(crate) fn of_party(party: Option<Party>) -> Result<Audience, Refused> {
    let Some(Party { id, members, .. }) = party else {
        return Err(Refused::new(ErrorCode::WrongState, "chat-no-party"));
    };
    Ok(Audience { key: ChatKey::party(id), hearers: Hearers::Accounts(members) })
}

impl Hearers {
    /// The sessions, as far as they are here.
    pub(crate) fn sessions(
        self,
        session_of: impl Fn(AccountId) -> Option<Entity>,
        all: impl FnOnce() -> Vec<Entity>,
    ) -> Vec<Entity> {
        match self {
            Self::All => all(),
            Self::Accounts(accounts) => accounts.into_iter().filter_map(session_of).collect(),
        }
    }
}
