//! What a session has to do with chat: whom it hears, what it has heard, what it is called.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{
    Changed, Commands, Component, Entity, Local, MessageReader, Query, Res, ResMut, Resource, Without,
};
use bevy_ecs::world::DeferredWorld;
use hypogeum_accounts::AccountName;
use hypogeum_protocol::{AccountId, Ignored};
use hypogeum_sessions::{HostTick, Presence, SessionIndex, SessionsConfig, Store, Who};
use hypogeum_social::BlockChanged;
use hypogeum_store::{ChatRequest, StoreRequest};

/// Lines that a session is known to have heard: those it may report.
const HEARD_MAX: usize = 128;
/// Accounts whose settings are asked for at once.
const LOADED_AT_ONCE_MAX: usize = 256;
/// When settings are asked for again that could not be read, in seconds.
const RETRY_S: u32 = 5;

/// What is known of what an account has settled about others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// It is asked for: until it is known nothing is heard and nothing said, a few milliseconds long.
    Asked,
    /// It is known.
    Yes,
    /// It cannot be read now: better everything is heard than nothing. Asked again in this tick.
    NotNow(u64),
}

/// What a session has to do with chat. A session whose client is welcomed has one.
#[derive(Component, Debug)]
#[component(on_remove = forget)]
pub(crate) struct Ear {
    pub(crate) known: Known,
    /// Whom its account ignores.
    pub(crate) ignored: Arc<BTreeMap<AccountId, Ignored>>,
    /// Until when a moderator has silenced it, in seconds since 1970.
    pub(crate) silenced_until_s: u64,
    /// Who whispered to it last.
    pub(crate) whispered_by: String,
    /// What it has heard, with the key of who said it.
    heard: VecDeque<(u64, String)>,
    /// The key of its name.
    key: String,
}

impl Ear {
    fn new(key: String) -> Self {
        Self {
            known: Known::Asked,
            ignored: Arc::default(),
            silenced_until_s: 0,
            whispered_by: String::new(),
            heard: VecDeque::new(),
            key,
        }
    }

    /// Whether it hears an account that ignores `theirs`, itself that of `own`.
    pub(crate) fn hears(&self, own: AccountId, speaker: AccountId, theirs: &BTreeMap<AccountId, Ignored>) -> bool {
        own == speaker
            || self.known != Known::Asked
                && !self.ignored.contains_key(&speaker)
                && theirs.get(&own) != Some(&Ignored::Blocked)
    }

    /// Takes a block that was settled elsewhere; whether settings are to be asked for once more, as those that are being read may be older.
    fn take_block(&mut self, other: AccountId, is_blocked: bool) -> bool {
        let ignored = Arc::make_mut(&mut self.ignored);
        if is_blocked {
            ignored.insert(other, Ignored::Blocked);
        } else {
            ignored.remove(&other);
        }
        self.known != Known::Yes
    }

    /// Notes that it heard a line.
    pub(crate) fn hear(&mut self, line: u64, from_key: &str) {
        if self.heard.len() == HEARD_MAX {
            self.heard.pop_front();
        }
        self.heard.push_back((line, from_key.to_owned()));
    }

    /// Whether it has heard a line lately.
    pub(crate) fn has_heard(&self, line: u64) -> bool {
        self.heard.iter().any(|(heard, _)| *heard == line)
    }

    /// The last line it heard of somebody whose name begins so.
    pub(crate) fn last_of(&self, name: &str) -> Option<u64> {
        let key = AccountName::key_of(name);
        let mut from = self.heard.iter().rev().filter(|(_, from)| !key.is_empty() && from.starts_with(&key));
        from.next().map(|(line, _)| *line)
    }
}

/// Sessions by the keys of their names.
#[derive(Resource, Debug, Default)]
pub(crate) struct Names(BTreeMap<String, Entity>);

impl Names {
    /// The session of a name, whole or its beginning, in any case.
    pub(crate) fn find(&self, name: &str) -> Option<Entity> {
        let key = AccountName::key_of(name);
        if key.is_empty() {
            return None;
        }
        self.0.range(key.clone()..).next().filter(|(known, _)| known.starts_with(&key)).map(|(_, entity)| *entity)
    }
}

fn forget(mut world: DeferredWorld, context: HookContext) {
    let Some(key) = world.get::<Ear>(context.entity).map(|ear| ear.key.clone()) else { return };
    let Some(mut names) = world.get_resource_mut::<Names>() else { return };
    if names.0.get(&key) == Some(&context.entity) {
        names.0.remove(&key);
    }
}

/// Lets those hear who are welcomed, and asks for what they have settled.
pub(crate) fn listen(
    newcomers: Query<(Entity, &Who, &Presence), Without<Ear>>,
    mut renamed: Query<(Entity, &Who, &mut Ear), Changed<Who>>,
    mut names: ResMut<Names>,
    mut commands: Commands,
    mut asked: ResMut<ToLoad>,
) {
    for (entity, who, presence) in &newcomers {
        if presence.listening().is_some() {
            let key = AccountName::key_of(&who.name);
            names.0.insert(key.clone(), entity);
            commands.entity(entity).insert(Ear::new(key));
            asked.0.push(who.account);
        }
    }
    for (entity, who, mut ear) in &mut renamed {
        let key = AccountName::key_of(&who.name);
        if key != ear.key {
            names.0.remove(&ear.key);
            names.0.insert(key.clone(), entity);
            ear.key = key;
        }
    }
}

/// Takes blocks that were settled elsewhere: whoever hears is told of them as of its own.
pub(crate) fn take_blocks(
    mut changes: MessageReader<BlockChanged>,
    index: Res<SessionIndex>,
    mut ears: Query<&mut Ear>,
    mut asked: ResMut<ToLoad>,
) {
    for BlockChanged { account, other, is_blocked } in changes.read() {
        let session = index.session_of(*account);
        let Some(mut ear) = session.and_then(|session| ears.get_mut(session).ok()) else { continue };
        if ear.take_block(*other, *is_blocked) {
            asked.0.push(*account);
        }
    }
}

/// Accounts whose settings are to be asked for.
#[derive(Resource, Debug, Default)]
pub(crate) struct ToLoad(Vec<AccountId>);

/// Asks for settings, of many together, and again for those that could not be read.
pub(crate) fn load(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut asked: ResMut<ToLoad>,
    mut store: ResMut<Store>,
    mut ears: Query<(&Who, &mut Ear)>,
    mut next_look: Local<u64>,
) {
    if tick.0 >= *next_look {
        *next_look = tick.0 + config.ticks(1);
        for (who, mut ear) in &mut ears {
            if matches!(ear.known, Known::NotNow(due) if due <= tick.0) {
                ear.known = Known::NotNow(tick.0 + config.ticks(RETRY_S));
                asked.0.push(who.account);
            }
        }
    }
    for accounts in asked.0.chunks(LOADED_AT_ONCE_MAX) {
        store.ask(StoreRequest::Chat(ChatRequest::Load { accounts: accounts.to_vec() }));
    }
    asked.0.clear();
}

/// When to ask again for what could not be read.
pub(crate) fn retry_tick(tick: u64, config: &SessionsConfig) -> u64 {
    tick + config.ticks(RETRY_S)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_comes_while_settings_are_read_has_them_read_again() {
        let mut ear = Ear::new("ada".to_owned());
        let bob = AccountId(2);
        assert!(ear.take_block(bob, true), "what is read may not have it");
        assert_eq!(ear.ignored.get(&bob), Some(&Ignored::Blocked), "it holds at once");
        ear.known = Known::Yes;
        assert!(!ear.take_block(bob, false), "nothing is being read");
        assert!(ear.ignored.is_empty(), "it is gone");
    }
}
