//! Who has to do with whom: friends and where they are, who blocks whom, and parties.
//!
//! Friends, requests and blocks stand in the database, and are changed over HTTP ([`FriendStore`]); the tick is told of each change through a
//! [`SocialPort`], and pushes it to those it concerns. Blocks are those of the chat, which is told of them as [`BlockChanged`]: one list, whichever
//! way somebody comes to stand on it. Parties are of this process: after a restart whoever was in one founds another.
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Settle, [`SocialSystems::Act`] | who is here, and what is known of it | `people.rs` |
//! | | what has changed over HTTP, and who asks where somebody is | `port.rs`, `told.rs` |
//! | | what is done in parties | `acts.rs`, `book.rs` |
//! | Settle, [`SocialSystems::Push`] | friends and blocks of who has come | `loaded.rs` |
//! | | who is elsewhere, who is away for good, who has a party that changed | `pushes.rs` |
//! | any | who blocks whom | `blocks.rs` |
//! | | who is in whose party | `parties.rs` |
//! | | what a party may be called | `label.rs` |
//! | beside it | what is asked of a database | `store.rs` |
//! | | what accounts are told for them to read later | `inbox.rs` |

mod acts;
mod blocks;
mod book;
mod inbox;
mod label;
mod loaded;
mod parties;
mod people;
mod port;
mod pushes;
mod store;
mod told;

use std::sync::Arc;

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{IntoScheduleConfigs, SystemSet};
use hypogeum_hosting::HostingSystems;
use hypogeum_protocol::limits::PARTY_MEMBERS_MAX;
use hypogeum_sessions::SessionSystems;
use hypogeum_shard::host::HostSystems;
use parking_lot::Mutex;

pub use blocks::{BlockChanged, Blocks};
pub use inbox::{
    ClaimedMessage, INBOX_KEPT_S_MAX, INBOX_KEY_BYTES_MAX, INBOX_LOCALES_MAX, INBOX_MESSAGES_MAX, INBOX_TEXT_BYTES_MAX,
    InboxError, InboxMessage, InboxStore, NewMessage, SentMessage,
};
pub use label::LabelCheck;
pub use parties::{Parties, Party, PartyLookup};
pub use port::{SocialNews, SocialPort};
pub use store::{FriendRecord, FriendState, FriendStore, SocialError};

/// Whoever is without a session for so many seconds, and has no place in a match or the world, is out of its party.
pub const PARTY_AWAY_S: u32 = 60;

/// When it is looked after friends and parties within the stages of the tick.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum SocialSystems {
    /// In Settle, after the step is recorded and before the store's answers are taken: parties and blocks are as this tick has them.
    Act,
    /// In Settle, after the store has answered: what has changed is pushed.
    Push,
}

/// What an operator sets of parties.
#[derive(bevy_ecs::prelude::Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocialConfig {
    /// How many a party takes, 2 to [`PARTY_MEMBERS_MAX`].
    pub party_members_max: usize,
    /// For how long an invitation is good, in seconds, 5 to 600.
    pub invitation_s: u16,
}

impl Default for SocialConfig {
    fn default() -> Self {
        Self { party_members_max: 8, invitation_s: 60 }
    }
}

/// Looks after friends and parties. Wants [`HostingPlugin`](hypogeum_hosting::HostingPlugin) beside it.
#[derive(Clone, Debug, Default)]
pub struct SocialPlugin {
    /// What an operator sets.
    pub config: SocialConfig,
    /// How other threads tell what has changed.
    pub port: SocialPort,
}

impl Plugin for SocialPlugin {
    fn build(&self, app: &mut App) {
        let members_max = self.config.party_members_max.clamp(2, PARTY_MEMBERS_MAX);
        let book = Arc::new(Mutex::new(book::Book::new(members_max)));
        app.insert_resource(self.config)
            .insert_resource(self.port.clone())
            .insert_resource(PartyLookup(Box::new(book::SharedBook(Arc::clone(&book)))))
            .insert_resource(book::SharedBook(book))
            .insert_resource(port::PortEnd(self.port.clone()))
            .init_resource::<LabelCheck>()
            .init_resource::<Blocks>()
            .init_resource::<people::People>()
            .init_resource::<Messages<BlockChanged>>()
            .configure_sets(
                FixedUpdate,
                (
                    SocialSystems::Act
                        .in_set(HostSystems::Settle)
                        .after(HostingSystems::Record)
                        .before(SessionSystems::TakeAnswers),
                    SocialSystems::Push
                        .in_set(HostSystems::Settle)
                        .after(SessionSystems::TakeAnswers)
                        .before(SessionSystems::SendAway),
                ),
            )
            .add_systems(
                FixedUpdate,
                (
                    (people::notice, people::load, told::take_told, acts::take_acts).chain().in_set(SocialSystems::Act),
                    (loaded::take_answers, pushes::look_around, pushes::tell_whereabouts, pushes::tell_parties)
                        .chain()
                        .in_set(SocialSystems::Push),
                ),
            );
    }
}
