//! What people say to one another: channels, what may be said, who hears it, and what is kept of it.
//!
//! Everything that is said goes through here, whichever way it came: as a message of a client
//! ([`ClientMessage::Chat`](hypogeum_protocol::ClientMessage::Chat)), or as words in a place, which its kind reads into the same
//! messages ([`Speeches`](hypogeum_shard::Speeches)). So one rule says what can be said, and one rate how much.
//!
//! In: [`MessageReceived`](hypogeum_sessions::MessageReceived), speeches of shards, [`StoreAnswered`](hypogeum_sessions::StoreAnswered). Out:
//! lines, pages and notices to clients, and requests to the store ([`ChatRequest`](hypogeum_store::ChatRequest)).
//!
//! | stage of the tick | idea | file |
//! |---|---|---|
//! | Settle, [`ChatSystems::Speak`] | who is welcomed hears, once it is known whom it ignores | `ear.rs` |
//! | | what was said goes to those who hear it | `speak.rs`, `audience.rs` |
//! | | histories, people to ignore, reports are asked for | `asks.rs` |
//! | Settle, [`ChatSystems::Answer`] | what the store answers | `answers.rs` |
//! | Settle | lines are kept, many at a time | `log.rs` |
//! | any | what can be said at all | `words.rs` |
//! | | words that are not to be said | `word_list.rs`, `fold.rs` |
//! | | how much | `rates.rs` |
//! | | all of it in words | `text.rs` |

mod answers;
mod asks;
mod audience;
mod ear;
mod fold;
mod log;
mod rates;
mod speak;
mod text;
mod word_list;
mod words;

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{IntoScheduleConfigs, Resource, SystemSet};
use hypogeum_hosting::HostingSystems;
use hypogeum_protocol::ErrorCode;
use hypogeum_protocol::limits::PARTY_LABEL_BYTES_MAX;
use hypogeum_sessions::SessionSystems;
use hypogeum_shard::host::HostSystems;
use hypogeum_social::{BlockChanged, LabelCheck, PartyLookup, SocialSystems};

pub use log::{ChatLog, WAITING_LINES_MAX};
pub use rates::ChatRate;
pub use text::MESSAGES;
pub use word_list::{Verdict, WordAction, WordListError, WordLists, WordMatch};
pub use words::{BadWords, checked};

/// When people talk within the stages of the tick.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum ChatSystems {
    /// In Settle, after the step is recorded: what was said goes to those who hear it.
    Speak,
    /// In Settle, after the store has answered: pages and notices go out.
    Answer,
}

/// Lets people talk. Wants [`HostingPlugin`](hypogeum_hosting::HostingPlugin) beside it. Who keeps parties puts a [`PartyLookup`] into the
/// app, as [`SocialPlugin`](hypogeum_social::SocialPlugin) does; who is in none has the company that it keeps in a place of the world.
#[derive(Clone, Debug, Default)]
pub struct ChatPlugin {
    /// What an operator sets.
    pub config: ChatConfig,
    /// Words that are not to be said.
    pub words: WordLists,
    /// What time it is.
    pub clock: ChatClock,
}

/// What an operator sets of chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatConfig {
    /// To the room one is in.
    pub room: ChatRate,
    /// To the whole place.
    pub zone: ChatRate,
    /// To one's party.
    pub party: ChatRate,
    /// To one person.
    pub whisper: ChatRate,
    /// To everyone on the server.
    pub global: ChatRate,
    /// Which server this is: names of lines carry it.
    pub server: u16,
}

impl Default for ChatConfig {
    /// As fast as people type nearby; the farther it is heard, the less often.
    fn default() -> Self {
        Self {
            room: ChatRate { per_minute: 60, burst: 10 },
            zone: ChatRate { per_minute: 20, burst: 5 },
            party: ChatRate { per_minute: 60, burst: 10 },
            whisper: ChatRate { per_minute: 60, burst: 10 },
            global: ChatRate { per_minute: 12, burst: 4 },
            server: 0,
        }
    }
}

/// Milliseconds since 1970, by whatever clock the host has.
#[derive(Resource, Clone)]
pub struct ChatClock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl ChatClock {
    /// A clock of the host's own.
    pub fn new(now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    pub(crate) fn now_ms(&self) -> u64 {
        (self.0)()
    }
}

impl Default for ChatClock {
    /// The machine's clock.
    fn default() -> Self {
        let since = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::new(move || u64::try_from(since().as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for ChatClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ChatClock")
    }
}

impl Plugin for ChatPlugin {
    fn build(&self, app: &mut App) {
        let ChatConfig { room, zone, party, whisper, global, server } = self.config;
        app.insert_resource(rates::Rates::new([room, zone, party, whisper, global]))
            .insert_resource(self.words.clone())
            .insert_resource(self.clock.clone())
            .insert_resource(label_check(self.words.clone()))
            .insert_resource(log::LineIds::of_server(server))
            .init_resource::<ChatLog>()
            .init_resource::<PartyLookup>()
            .init_resource::<Messages<BlockChanged>>()
            .init_resource::<ear::Names>()
            .init_resource::<ear::ToLoad>()
            .configure_sets(
                FixedUpdate,
                (
                    ChatSystems::Speak
                        .in_set(HostSystems::Settle)
                        .after(HostingSystems::Record)
                        .after(SocialSystems::Act)
                        .before(SessionSystems::TakeAnswers),
                    ChatSystems::Answer
                        .in_set(HostSystems::Settle)
                        .after(SessionSystems::TakeAnswers)
                        .after(SocialSystems::Push)
                        .before(SessionSystems::SendAway),
                ),
            )
            .add_systems(
                FixedUpdate,
                (
                    (ear::listen, ear::load, ear::take_blocks, speak::speak).chain().in_set(ChatSystems::Speak),
                    (answers::take_answers, log::keep).chain().in_set(ChatSystems::Answer),
                ),
            );
    }
}

/// Labels of parties are read by others: they are checked as what is said is.
fn label_check(lists: WordLists) -> LabelCheck {
    LabelCheck::new(move |label| {
        let label = words::checked_to(label, (PARTY_LABEL_BYTES_MAX, PARTY_LABEL_BYTES_MAX));
        let label = label.map_err(|_| ErrorCode::OutOfRange)?;
        match lists.judge(&label) {
            Verdict::Clean => Ok(label),
            Verdict::Masked(masked) => Ok(masked),
            Verdict::Refused => Err(ErrorCode::WordsRefused),
        }
    })
}
