//! Parties and invitations as they stand: a machine without clock, sessions or chance.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::limits::PARTY_INVITED_MAX;
use hypogeum_protocol::{AccountId, ErrorCode, PartyInfo, PartyMember};
use parking_lot::Mutex;

use crate::parties::{Parties, Party};

/// Invitations of one person that wait for an answer.
const INVITATIONS_MAX: usize = 8;

/// All parties, for the tick and for whoever asks by [`PartyLookup`](crate::PartyLookup) in it.
#[derive(Resource, Clone, Debug)]
pub(crate) struct SharedBook(pub(crate) Arc<Mutex<Book>>);

impl Parties for SharedBook {
    fn party_of(&self, account: AccountId) -> Option<Party> {
        self.0.lock().party_of(account)
    }

    fn revision(&self) -> u64 {
        self.0.lock().revision
    }
}

/// Somebody who may be in a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Guest {
    pub(crate) account: AccountId,
    pub(crate) name: String,
}

#[derive(Debug)]
struct Member {
    guest: Guest,
    is_here: bool,
    /// When it was here last.
    here_tick: u64,
}

#[derive(Debug)]
struct Invitation {
    from: AccountId,
    to: Guest,
    /// A block stands in the way: who is invited is not told, and who invites does not notice.
    is_hidden: bool,
    expires_tick: u64,
}

#[derive(Debug)]
struct Record {
    label: String,
    leader: AccountId,
    /// Who has been in it longest comes first.
    members: Vec<Member>,
    invitations: Vec<Invitation>,
}

/// All parties.
#[derive(Debug)]
pub(crate) struct Book {
    parties: BTreeMap<u64, Record>,
    party_of: BTreeMap<AccountId, u64>,
    members_max: usize,
    /// Counts who comes, who leaves and who leads.
    revision: u64,
    /// Those whose members are to be told.
    changed: BTreeSet<u64>,
    /// Those who are to be told that they are in none.
    out: BTreeSet<AccountId>,
}

/// An invitation that its guest is to be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Invited {
    pub(crate) party: u64,
    pub(crate) label: String,
    /// Nobody is to be told after all.
    pub(crate) is_hidden: bool,
}

impl Book {
    pub(crate) const fn new(members_max: usize) -> Self {
        Self {
            parties: BTreeMap::new(),
            party_of: BTreeMap::new(),
            members_max,
            revision: 0,
            changed: BTreeSet::new(),
            out: BTreeSet::new(),
        }
    }

    pub(crate) fn party_of(&self, account: AccountId) -> Option<Party> {
        let id = *self.party_of.get(&account)?;
        let record = self.parties.get(&id)?;
        let members = record.members.iter().map(|member| member.guest.account).collect();
        Some(Party { id, leader: record.leader, members })
    }

    /// Whether a number is free for a party.
    pub(crate) fn is_free(&self, id: u64) -> bool {
        !self.parties.contains_key(&id)
    }

    /// Invites somebody; who invites and is in no party founds the one of `new_id`.
    pub(crate) fn invite(
        &mut self,
        (from, to): (Guest, Guest),
        is_hidden: bool,
        new_id: u64,
        (tick, expires_tick): (u64, u64),
    ) -> Result<Invited, ErrorCode> {
        if from.account == to.account {
            return Err(ErrorCode::OutOfRange);
        }
        let own = self.party_of.get(&from.account).copied();
        if own.is_some() && own == self.party_of.get(&to.account).copied() {
            return Err(ErrorCode::WrongState);
        }
        // Of a hidden one, too: who is blocked is refused as others are.
        if self.invitations_of(to.account, tick) >= INVITATIONS_MAX {
            return Err(ErrorCode::Full);
        }
        let host = from.account;
        let id = own.unwrap_or_else(|| self.found(new_id, from, tick));
        let Some(record) = self.parties.get_mut(&id) else { return Err(ErrorCode::WrongState) };
        if put_away(record, tick) {
            self.changed.insert(id);
        }
        if record.invitations.iter().any(|invitation| invitation.to.account == to.account) {
            return Err(ErrorCode::Stale);
        }
        if record.members.len() >= self.members_max || record.invitations.len() >= PARTY_INVITED_MAX {
            return Err(ErrorCode::Full);
        }
        record.invitations.push(Invitation { from: host, to, is_hidden, expires_tick });
        self.changed.insert(id);
        Ok(Invited { party: id, label: record.label.clone(), is_hidden })
    }

    fn found(&mut self, id: u64, leader: Guest, tick: u64) -> u64 {
        self.party_of.insert(leader.account, id);
        let (account, member) = (leader.account, Member { guest: leader, is_here: true, here_tick: tick });
        let record = Record { label: String::new(), leader: account, members: vec![member], invitations: Vec::new() };
        self.parties.insert(id, record);
        id
    }

    fn invitations_of(&self, account: AccountId, tick: u64) -> usize {
        self.parties.values().filter_map(|record| place_of(record, account, tick)).count()
    }

    /// Takes an invitation; who is in another party leaves it.
    pub(crate) fn accept(&mut self, account: AccountId, party: u64, tick: u64) -> Result<(), ErrorCode> {
        let record = self.parties.get_mut(&party).ok_or(ErrorCode::NoSuchEntity)?;
        let place = place_of(record, account, tick).ok_or(ErrorCode::NoSuchEntity)?;
        if record.members.len() >= self.members_max {
            return Err(ErrorCode::Full);
        }
        let guest = record.invitations.remove(place).to;
        record.members.push(Member { guest, is_here: true, here_tick: tick });
        // Only now: a party that is refused costs nobody the own one.
        self.remove(account);
        self.out.remove(&account);
        self.party_of.insert(account, party);
        self.revision += 1;
        self.changed.insert(party);
        Ok(())
    }

    /// Puts an invitation away.
    pub(crate) fn decline(&mut self, account: AccountId, party: u64, tick: u64) -> Result<(), ErrorCode> {
        let record = self.parties.get_mut(&party).ok_or(ErrorCode::NoSuchEntity)?;
        let place = place_of(record, account, tick).ok_or(ErrorCode::NoSuchEntity)?;
        record.invitations.remove(place);
        self.changed.insert(party);
        Ok(())
    }

    /// A block stands between two from now on: what either has invited the other to is as if it had not been told.
    pub(crate) fn hide_between(&mut self, one: AccountId, other: AccountId) {
        let both = [(one, other), (other, one)];
        for invitation in self.parties.values_mut().flat_map(|record| &mut record.invitations) {
            if both.contains(&(invitation.from, invitation.to.account)) {
                invitation.is_hidden = true;
            }
        }
    }

    pub(crate) fn leave(&mut self, account: AccountId) -> Result<(), ErrorCode> {
        if self.remove(account) { Ok(()) } else { Err(ErrorCode::WrongState) }
    }

    pub(crate) fn kick(&mut self, by: AccountId, whom: AccountId) -> Result<(), ErrorCode> {
        self.led_with(by, whom)?;
        self.remove(whom);
        Ok(())
    }

    pub(crate) fn promote(&mut self, by: AccountId, whom: AccountId) -> Result<(), ErrorCode> {
        let (id, record) = self.led_with(by, whom)?;
        record.leader = whom;
        self.revision += 1;
        self.changed.insert(id);
        Ok(())
    }

    pub(crate) fn label(&mut self, by: AccountId, label: String) -> Result<(), ErrorCode> {
        let (id, record) = self.led_by(by)?;
        record.label = label;
        self.changed.insert(id);
        Ok(())
    }

    fn led_by(&mut self, leader: AccountId) -> Result<(u64, &mut Record), ErrorCode> {
        let id = *self.party_of.get(&leader).ok_or(ErrorCode::WrongState)?;
        let record = self.parties.get_mut(&id).filter(|record| record.leader == leader);
        record.map(|record| (id, record)).ok_or(ErrorCode::WrongState)
    }

    /// The party that `leader` leads, and another is in.
    fn led_with(&mut self, leader: AccountId, whom: AccountId) -> Result<(u64, &mut Record), ErrorCode> {
        let (id, record) = self.led_by(leader)?;
        let is_other = whom != leader && record.members.iter().any(|member| member.guest.account == whom);
        if is_other { Ok((id, record)) } else { Err(ErrorCode::NoSuchEntity) }
    }

    /// Takes somebody out of its party; whether it was in one. Without members a party ends, and its invitations with it.
    fn remove(&mut self, account: AccountId) -> bool {
        let Some(id) = self.party_of.remove(&account) else { return false };
        self.out.insert(account);
        self.revision += 1;
        let Some(record) = self.parties.get_mut(&id) else { return true };
        record.members.retain(|member| member.guest.account != account);
        match record.members.first() {
            Some(oldest) => {
                if record.leader == account {
                    record.leader = oldest.guest.account;
                }
                self.changed.insert(id);
            }
            None => {
                self.parties.remove(&id);
                self.changed.remove(&id);
            }
        }
        true
    }

    /// Puts invitations away that are good no more.
    pub(crate) fn expire(&mut self, tick: u64) {
        for (id, record) in &mut self.parties {
            if put_away(record, tick) {
                self.changed.insert(*id);
            }
        }
    }

    /// Notes which members are here, under which names, and takes out who has been away since before `gone_before`. A place in a match or the
    /// world counts as `Some(false)`: connected or not, its session is not over. `None`: there is neither.
    pub(crate) fn look<'a>(
        &mut self,
        (tick, gone_before): (u64, u64),
        is_here: impl Fn(AccountId) -> Option<bool>,
        name_of: impl Fn(AccountId) -> Option<&'a str>,
    ) {
        let mut gone = Vec::new();
        for (id, record) in &mut self.parties {
            for member in &mut record.members {
                let seen = is_here(member.guest.account);
                if seen.is_some() {
                    member.here_tick = tick;
                } else if member.here_tick < gone_before {
                    gone.push(member.guest.account);
                }
                let name = name_of(member.guest.account).filter(|name| *name != member.guest.name);
                if member.is_here != (seen == Some(true)) || name.is_some() {
                    member.is_here = seen == Some(true);
                    if let Some(name) = name {
                        name.clone_into(&mut member.guest.name);
                    }
                    self.changed.insert(*id);
                }
            }
        }
        for account in gone {
            self.remove(account);
        }
    }

    /// A party as its members see it.
    pub(crate) fn info(&self, id: u64) -> Option<PartyInfo> {
        let record = self.parties.get(&id)?;
        let member = |member: &Member| PartyMember {
            account: member.guest.account,
            name: member.guest.name.clone(),
            is_here: member.is_here,
        };
        Some(PartyInfo {
            party: id,
            label: record.label.clone(),
            leader: record.leader,
            members_max: u8::try_from(self.members_max).unwrap_or(u8::MAX),
            members: record.members.iter().map(member).collect(),
            invited: record.invitations.iter().map(|invitation| invitation.to.name.clone()).collect(),
        })
    }

    /// The party of somebody, to be told again.
    pub(crate) fn tell_again(&mut self, account: AccountId) {
        if let Some(id) = self.party_of.get(&account) {
            self.changed.insert(*id);
        }
    }

    /// Which parties have changed since this was asked last, and who is in none since.
    pub(crate) fn take_changes(&mut self) -> (BTreeSet<u64>, BTreeSet<AccountId>) {
        (std::mem::take(&mut self.changed), std::mem::take(&mut self.out))
    }
}

/// Puts invitations of a party away that are good no more; whether there were any.
fn put_away(record: &mut Record, tick: u64) -> bool {
    let before = record.invitations.len();
    record.invitations.retain(|invitation| invitation.expires_tick > tick);
    record.invitations.len() != before
}

/// Where the invitation of somebody stands who was told of it, as long as it is good: it may be over before it is put away.
fn place_of(record: &Record, account: AccountId, tick: u64) -> Option<usize> {
    let is_own = |invitation: &Invitation| {
        invitation.to.account == account && !invitation.is_hidden && invitation.expires_tick > tick
    };
    record.invitations.iter().position(is_own)
}

#[cfg(test)]
mod tests;
