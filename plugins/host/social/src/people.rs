//! Who is here: its friends, whom it blocks, who may see where it is.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::lifecycle::HookContext;
use bevy_ecs::prelude::{Changed, Commands, Component, Entity, Query, Res, ResMut, Resource, With, Without};
use bevy_ecs::world::DeferredWorld;
use hypogeum_accounts::AccountName;
use hypogeum_protocol::{AccountId, SessionId, Whereabouts};
use hypogeum_sessions::{HostTick, Presence, SessionsConfig, Store, Who};
use hypogeum_store::{SocialRequest, StoreRequest, VisibleTo};

use crate::blocks::Blocks;
use crate::book::SharedBook;

/// Accounts that are asked for at once.
const LOADED_AT_ONCE_MAX: usize = 256;
/// When is asked again for what could not be read, in seconds.
const RETRY_S: u32 = 5;

/// Marks a session that is among the [`People`].
#[derive(Component, Debug)]
#[component(on_remove = forget)]
pub(crate) struct Known {
    account: AccountId,
    /// The connection that was told of its party: another one has been told nothing.
    pub(crate) told: SessionId,
}

/// Somebody who is here.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) session: Entity,
    pub(crate) name: String,
    /// The keys under which it is found: of the name that others are shown, and of its account.
    key: String,
    account_key: String,
    /// `false`: its friends are asked for, and nobody is told of it.
    pub(crate) is_loaded: bool,
    /// Something has changed since it was asked for: the answer may be older than that.
    pub(crate) is_outdated: bool,
    pub(crate) friends: BTreeSet<AccountId>,
    pub(crate) visible_to: VisibleTo,
    /// Where it was when this was looked at last.
    pub(crate) whereabouts: Whereabouts,
}

impl Person {
    /// Where a friend of it, or anybody else, sees it.
    pub(crate) fn seen_by(&self, viewer: AccountId) -> Whereabouts {
        let is_seen = match self.visible_to {
            VisibleTo::Everybody => true,
            VisibleTo::Friends => self.friends.contains(&viewer),
            VisibleTo::Nobody => false,
        };
        if is_seen && self.is_loaded { self.whereabouts.clone() } else { Whereabouts::Offline }
    }
}

/// Those who are here.
#[derive(Resource, Debug, Default)]
pub(crate) struct People {
    pub(crate) here: BTreeMap<AccountId, Person>,
    by_name: BTreeMap<String, AccountId>,
    /// Accounts that are to be asked for, and when.
    to_load: Vec<AccountId>,
    later: Vec<(u64, AccountId)>,
    /// What friends are to be told: who, to whom, where it is.
    pub(crate) untold: BTreeMap<(AccountId, AccountId), Whereabouts>,
}

impl People {
    /// Who is here under a whole name: the one that others are shown, or that of its account.
    pub(crate) fn named(&self, name: &str) -> Option<AccountId> {
        self.by_name.get(&AccountName::key_of(name)).copied()
    }

    /// Somebody is also found by the name of its account, whatever character it plays.
    pub(crate) fn note_account_name(&mut self, account: AccountId, name: &str) {
        let key = AccountName::key_of(name);
        let Some(person) = self.here.get_mut(&account).filter(|_| !key.is_empty()) else { return };
        person.account_key.clone_from(&key);
        self.by_name.entry(key).or_insert(account);
    }

    fn forget_name(&mut self, account: AccountId, key: &str) {
        if self.by_name.get(key) == Some(&account) {
            self.by_name.remove(key);
        }
    }

    /// Asks once more at a later tick, where it is still here.
    pub(crate) fn load_later(&mut self, account: AccountId, tick: u64, config: &SessionsConfig) {
        self.later.push((tick + config.ticks(RETRY_S), account));
    }

    /// Asks once more in the next tick.
    pub(crate) fn load_again(&mut self, account: AccountId) {
        self.to_load.push(account);
    }

    /// Something has changed, and it is not known what: everyone is asked for again, and nobody is told of them until then.
    pub(crate) fn read_all_again(&mut self) {
        self.to_load.clear();
        for (account, person) in &mut self.here {
            person.is_loaded = false;
            self.to_load.push(*account);
        }
    }

    /// Something of somebody has changed in the database: what is being read of it may not hold any more.
    pub(crate) fn outdate(&mut self, account: AccountId) {
        if let Some(person) = self.here.get_mut(&account).filter(|person| !person.is_loaded) {
            person.is_outdated = true;
        }
    }

    /// Those who are to be asked for by now, and are here.
    pub(crate) fn take_due(&mut self, tick: u64) -> Vec<AccountId> {
        let Self { here, to_load, later, .. } = self;
        to_load.extend(later.extract_if(.., |(due, _)| *due <= tick).map(|(_, account)| account));
        let mut accounts = std::mem::take(to_load);
        accounts.retain(|account| {
            let Some(person) = here.get_mut(account) else { return false };
            person.is_outdated = false;
            true
        });
        accounts
    }

    /// All friends who are here are to be told where somebody is, as far as they may see it.
    pub(crate) fn tell_friends(&mut self, account: AccountId) {
        let Some(person) = self.here.get(&account).filter(|person| person.is_loaded) else { return };
        let friends = person.friends.iter().filter(|friend| self.here.contains_key(friend));
        let told: Vec<_> = friends.map(|friend| ((*friend, account), person.seen_by(*friend))).collect();
        self.untold.extend(told);
    }

    /// One is to be told where another is.
    pub(crate) fn tell_one(&mut self, viewer: AccountId, account: AccountId) {
        if self.here.contains_key(&viewer) {
            let whereabouts = self.here.get(&account).map_or(Whereabouts::Offline, |person| person.seen_by(viewer));
            self.untold.insert((viewer, account), whereabouts);
        }
    }

    pub(crate) fn come(&mut self, account: AccountId, session: Entity, name: &str) {
        // Of a session that this one takes the place of.
        if let Some(before) = self.here.remove(&account) {
            self.forget_name(account, &before.key);
            self.forget_name(account, &before.account_key);
        }
        let key = AccountName::key_of(name);
        self.by_name.insert(key.clone(), account);
        let person = Person {
            session,
            name: name.to_owned(),
            key,
            account_key: String::new(),
            is_loaded: false,
            is_outdated: false,
            friends: BTreeSet::new(),
            visible_to: VisibleTo::default(),
            whereabouts: Whereabouts::Online,
        };
        self.here.insert(account, person);
        self.to_load.push(account);
    }

    fn rename(&mut self, account: AccountId, name: &str) {
        let Some(person) = self.here.get_mut(&account).filter(|person| person.name != name) else { return };
        name.clone_into(&mut person.name);
        let key = AccountName::key_of(name);
        let old = std::mem::replace(&mut person.key, key.clone());
        let is_of_account = old == person.account_key;
        if !is_of_account {
            self.forget_name(account, &old);
        }
        self.by_name.insert(key, account);
    }

    fn go(&mut self, account: AccountId, session: Entity) -> bool {
        if self.here.get(&account).is_none_or(|person| person.session != session) {
            return false;
        }
        if let Some(person) = self.here.get_mut(&account) {
            person.whereabouts = Whereabouts::Offline;
        }
        self.tell_friends(account);
        if let Some(person) = self.here.remove(&account) {
            self.forget_name(account, &person.key);
            self.forget_name(account, &person.account_key);
        }
        // Only its own: many go at once when a network does.
        let own = (account, AccountId(0))..=(account, AccountId(u64::MAX));
        let untold: Vec<_> = self.untold.range(own).map(|(key, _)| *key).collect();
        for key in untold {
            self.untold.remove(&key);
        }
        true
    }
}

fn forget(mut world: DeferredWorld, context: HookContext) {
    let Some(account) = world.get::<Known>(context.entity).map(|known| known.account) else { return };
    let Some(mut people) = world.get_resource_mut::<People>() else { return };
    if people.go(account, context.entity)
        && let Some(mut blocks) = world.get_resource_mut::<Blocks>()
    {
        blocks.forget(account);
    }
}

/// Notes who is welcomed, and who has another name by now.
pub(crate) fn notice(
    newcomers: Query<(Entity, &Who, &Presence), Without<Known>>,
    renamed: Query<&Who, (Changed<Who>, With<Known>)>,
    mut people: ResMut<People>,
    book: Res<SharedBook>,
    mut commands: Commands,
) {
    for (entity, who, presence) in &newcomers {
        if presence.listening().is_some() {
            people.come(who.account, entity, &who.name);
            book.0.lock().tell_again(who.account);
            commands.entity(entity).insert(Known { account: who.account, told: who.session });
        }
    }
    for who in &renamed {
        people.rename(who.account, &who.name);
    }
}

/// Asks for friends and blocks of those who have come, of many together.
pub(crate) fn load(tick: Res<HostTick>, mut people: ResMut<People>, mut store: ResMut<Store>) {
    if people.to_load.is_empty() && people.later.is_empty() {
        return;
    }
    for accounts in people.take_due(tick.0).chunks(LOADED_AT_ONCE_MAX) {
        store.ask(StoreRequest::Social(SocialRequest::Load { accounts: accounts.to_vec() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: AccountId = AccountId(1);
    const BOB: AccountId = AccountId(2);
    const EVE: AccountId = AccountId(3);

    /// Ada and Bob, who are friends, and Eve.
    fn people() -> People {
        let mut people = People::default();
        for (account, name, friends) in [(ADA, "Ada", vec![BOB]), (BOB, "Rogue", vec![ADA]), (EVE, "Eve", vec![])] {
            people.come(account, Entity::PLACEHOLDER, name);
            let person = people.here.get_mut(&account).expect("it has come");
            person.friends = friends.into_iter().collect();
            person.is_loaded = true;
            person.whereabouts = Whereabouts::Online;
        }
        people
    }

    #[test]
    fn each_says_who_sees_where_it_is() {
        let mut people = people();
        for (visible_to, by_friend, by_other) in
            [(VisibleTo::Everybody, true, true), (VisibleTo::Friends, true, false), (VisibleTo::Nobody, false, false)]
        {
            let ada = people.here.get_mut(&ADA).expect("she is here");
            ada.visible_to = visible_to;
            let seen = [BOB, EVE].map(|viewer| ada.seen_by(viewer) == Whereabouts::Online);
            assert_eq!(seen, [by_friend, by_other], "{visible_to:?}");
        }
    }

    #[test]
    fn friends_are_told_once_of_what_was_last() {
        let mut people = people();
        people.tell_friends(ADA);
        people.here.get_mut(&ADA).expect("she is here").whereabouts = Whereabouts::InPlace { place: "vale".into() };
        people.tell_friends(ADA);
        let told: Vec<_> = people.untold.iter().collect();
        assert_eq!(told, [(&(BOB, ADA), &Whereabouts::InPlace { place: "vale".into() })], "and nobody else");
        assert!(people.go(ADA, Entity::PLACEHOLDER), "she goes");
        assert_eq!(people.untold.get(&(BOB, ADA)), Some(&Whereabouts::Offline), "which he is told");
        assert!(!people.go(ADA, Entity::PLACEHOLDER), "once");
    }

    #[test]
    fn who_goes_is_told_nothing_more_and_others_are() {
        let mut people = people();
        people.tell_friends(ADA);
        people.tell_friends(BOB);
        people.go(BOB, Entity::PLACEHOLDER);
        let told: Vec<_> = people.untold.iter().collect();
        assert_eq!(told, [(&(ADA, BOB), &Whereabouts::Offline)], "she is told that he has gone");
    }

    #[test]
    fn everyone_is_read_again_where_it_is_not_known_what_has_changed() {
        let mut people = people();
        people.take_due(0);
        people.read_all_again();
        assert_eq!(people.here[&ADA].seen_by(BOB), Whereabouts::Offline, "nothing is told of what may not hold");
        assert_eq!(people.take_due(1), [ADA, BOB, EVE], "all are asked for");
    }

    #[test]
    fn a_session_in_the_place_of_another_leaves_no_name_behind() {
        let mut people = people();
        people.note_account_name(BOB, "Bob");
        people.come(BOB, Entity::PLACEHOLDER, "Mage");
        let found = ["rogue", "bob", "mage"].map(|name| people.named(name));
        assert_eq!(found, [None, None, Some(BOB)], "until the account is read again");
    }

    #[test]
    fn somebody_is_found_by_the_name_that_is_shown_and_by_that_of_the_account() {
        let mut people = people();
        people.note_account_name(BOB, "Bob");
        assert_eq!(["rogue", "BOB", "Ro"].map(|name| people.named(name)), [Some(BOB), Some(BOB), None], "whole names");
        people.rename(BOB, "Bob");
        assert_eq!(["rogue", "bob"].map(|name| people.named(name)), [None, Some(BOB)], "it plays as itself");
        people.rename(BOB, "Rogue");
        assert_eq!(["rogue", "bob"].map(|name| people.named(name)), [Some(BOB), Some(BOB)], "and as another again");
        people.go(BOB, Entity::PLACEHOLDER);
        assert_eq!(["rogue", "bob"].map(|name| people.named(name)), [None, None], "until it goes");
    }
}
