//! A match that has not begun: what is brought, and the escrow for it.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Component, Entity, MessageReader, Query, Res};
use hypogeum_content::{Content, Id};
use hypogeum_hosting::Journal;
use hypogeum_progression::Profile;
use hypogeum_protocol::{AccountId, ErrorCode, ItemId, MatchId, ServerMessage, SessionId, StashedItem};
use hypogeum_sessions::{About, Reply, SessionItem, SessionsConfig, Stage, StoreAnswered};
use hypogeum_shard::{ModeRule, Seed};
use hypogeum_social::Party;
use hypogeum_store::{RefusedItem, StoreReply, StoreRequest};

use crate::MatchesConfig;
use crate::begin::{self, Builders};
use crate::catalog::ModeCatalog;
use crate::running_match::{Progress, RunningMatch};
use crate::seating::Seating;

/// Somebody who will play.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) account: AccountId,
    pub(crate) name: String,
    pub(crate) rating: i32,
    pub(crate) level: u32,
    /// Number of the party it came with; those with the same one share a team. 0: it came alone.
    pub(crate) party: u16,
    stash: Option<Vec<StashedItem>>,
    chosen: Option<Vec<ItemId>>,
}

impl Member {
    pub(crate) const fn new(account: AccountId, name: String, rating: i32) -> Self {
        Self { account, name, rating, level: 1, party: 0, stash: None, chosen: None }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LobbyStep {
    /// Stashes are on their way.
    Opening,
    /// Members choose what to bring, until this host tick.
    Choosing { closes_tick: u64 },
    /// What they chose is being taken out of their stashes.
    Escrow,
    /// It failed; its entity goes at the end of the stage.
    Failed,
}

/// A match that has not begun.
#[derive(Component, Clone, Debug)]
pub(crate) struct Lobby {
    pub(crate) id: MatchId,
    pub(crate) seed: Seed,
    /// The tickets it is made of, as the matchmaker knows them.
    pub(crate) found: hypogeum_matchmaking::Lobby,
    /// Those of them that are for a party.
    pub(crate) parties: BTreeMap<SessionId, Party>,
    pub(crate) members: Vec<Member>,
    /// The number of the party that came last.
    last_party: u16,
    /// Places in `members`, by account.
    by_account: Vec<(AccountId, usize)>,
    /// Members whose stash is not known yet.
    stashes_missing: usize,
    /// Members who have not chosen.
    undecided: usize,
    step: LobbyStep,
}

impl Lobby {
    /// One without members.
    pub(crate) const fn new(id: MatchId, seed: Seed, found: hypogeum_matchmaking::Lobby) -> Self {
        Self {
            id,
            seed,
            found,
            parties: BTreeMap::new(),
            members: Vec::new(),
            last_party: 0,
            by_account: Vec::new(),
            stashes_missing: 0,
            undecided: 0,
            step: LobbyStep::Opening,
        }
    }

    /// What is played.
    pub(crate) const fn mode(&self) -> Id<ModeRule> {
        self.found.mode
    }

    /// Takes somebody in whose stash has been asked for.
    pub(crate) fn add(&mut self, member: Member) {
        let entry = (member.account, self.members.len());
        let at = self.by_account.partition_point(|known| *known < entry);
        self.by_account.insert(at, entry);
        self.members.push(member);
        self.stashes_missing += 1;
        self.undecided += 1;
    }

    /// The number of one more party.
    pub(crate) const fn draw_party(&mut self) -> u16 {
        self.last_party = self.last_party.saturating_add(1);
        self.last_party
    }

    /// Whether its members may still choose what to bring after this tick.
    pub(crate) const fn is_open_after(&self, tick: u64) -> bool {
        match self.step {
            LobbyStep::Choosing { closes_tick } => closes_tick > tick,
            LobbyStep::Opening | LobbyStep::Escrow | LobbyStep::Failed => false,
        }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.step == LobbyStep::Failed
    }

    fn place_of(&self, account: AccountId) -> Option<usize> {
        let at = self.by_account.binary_search_by_key(&account, |entry| entry.0).ok()?;
        Some(self.by_account[at].1)
    }

    fn member(&mut self, account: AccountId) -> Option<&mut Member> {
        let place = self.place_of(account)?;
        self.members.get_mut(place)
    }

    /// The message to a member when it opens; `None` before it opens and after it closes.
    pub(crate) fn open_message(
        &self,
        config: &SessionsConfig,
        catalog: &ModeCatalog,
        account: AccountId,
        tick: u64,
    ) -> Option<ServerMessage> {
        let LobbyStep::Choosing { closes_tick } = self.step else { return None };
        let stash = self.members.get(self.place_of(account)?)?.stash.as_ref()?;
        Some(ServerMessage::LoadoutOpen {
            match_id: self.id,
            mode: catalog.key(self.mode()).to_owned(),
            closes_in_ms: config.ms(closes_tick.saturating_sub(tick)),
            stash: stash.iter().cloned().map(Into::into).collect(),
        })
    }
}

/// Handles the store's answers about lobbies: the stashes of members, and what was taken out of them.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    mut seating: Seating,
    mut builders: Builders,
    mut lobbies: Query<(Entity, &mut Lobby)>,
    mut commands: Commands,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Profile { account, profile, .. } => {
                let Some(Stage::Joining { lobby }) = seating.index.place_of(*account) else { continue };
                let Ok((entity, mut lobby)) = lobbies.get_mut(lobby) else { continue };
                match profile {
                    Some(profile) => profile_arrived(&mut seating, &builders, &mut lobby, *account, profile),
                    None => fail(&mut seating, &mut commands, (entity, &mut lobby), ErrorCode::Unavailable),
                }
            }
            StoreReply::EscrowTaken { match_id, taken, refused } => {
                let found = lobbies.iter_mut().find(|(_, lobby)| lobby.id == *match_id && !lobby.has_failed());
                let Some((entity, mut lobby)) = found else {
                    // Its lobby failed meanwhile: what was taken returns to the stash.
                    seating.store.ask(StoreRequest::AbandonMatch { match_id: *match_id });
                    continue;
                };
                send_refused(&mut seating, refused);
                begin::begin(&mut seating, &mut builders, &mut commands, (entity, &mut lobby), taken);
            }
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::LoadProfile { account, tag, .. } => {
                    let is_asker = |lobby: &Lobby| lobby.id == MatchId(*tag) && lobby.place_of(*account).is_some();
                    if let Some((entity, mut lobby)) = lobbies.iter_mut().find(|(_, lobby)| is_asker(lobby)) {
                        fail(&mut seating, &mut commands, (entity, &mut lobby), ErrorCode::Unavailable);
                    }
                }
                StoreRequest::TakeEscrow { match_id, .. } => {
                    tracing::warn!(%match_id, %failure, "no escrow, so no match");
                    if failure.is_passing() {
                        // It is unknown whether it was taken. If it was, it returns to the stash.
                        seating.store.ask(StoreRequest::AbandonMatch { match_id: *match_id });
                    }
                    if let Some((entity, mut lobby)) = lobbies.iter_mut().find(|(_, lobby)| lobby.id == *match_id) {
                        fail(&mut seating, &mut commands, (entity, &mut lobby), ErrorCode::Unavailable);
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
}

/// A member's stash has arrived. With the last one the loadout opens for all.
fn profile_arrived(
    seating: &mut Seating<'_, '_>,
    builders: &Builders<'_>,
    lobby: &mut Lobby,
    account: AccountId,
    profile: &Profile,
) {
    let tick = seating.reply.tick.0;
    let Some(member) = lobby.member(account) else { return };
    member.level = profile.level();
    member.rating = profile.rating();
    let is_first = member.stash.replace(profile.stash.clone()).is_none();
    lobby.stashes_missing -= usize::from(is_first);
    let (config, catalog) = (&builders.config, &builders.catalog);
    if is_first && matches!(lobby.step, LobbyStep::Choosing { .. }) {
        // Somebody who came when the others were choosing already.
        if let Some(message) = lobby.open_message(config, catalog, account, tick) {
            seating.send(account, &message);
        }
    }
    if lobby.step != LobbyStep::Opening || lobby.stashes_missing > 0 {
        return;
    }
    let open_ticks = config.ticks_of_ms(catalog.mode(lobby.mode()).1.loadout_ms);
    lobby.step = LobbyStep::Choosing { closes_tick: tick + open_ticks };
    for member in &lobby.members {
        if let Some(message) = lobby.open_message(config, catalog, member.account, tick) {
            seating.send(member.account, &message);
        }
    }
}

/// A member chooses what to bring.
pub(crate) fn choose(
    reply: &mut Reply<'_>,
    catalog: &ModeCatalog,
    session: &mut SessionItem<'_, '_>,
    lobby: &mut Lobby,
    (about, items): (About, &[ItemId]),
) {
    if !matches!(lobby.step, LobbyStep::Choosing { .. }) {
        return reply.refuse(session, ErrorCode::WrongState, about, 0);
    }
    let slots = catalog.mode(lobby.mode()).1.loadout_items_max as usize;
    let Some(member) = lobby.member(session.who.account) else { return };
    match check_choice(items, member.stash.as_deref().unwrap_or_default(), slots, &catalog.content) {
        Ok(()) => {
            reply.answer(&session.presence, about, &ServerMessage::LoadoutChosen { items: items.to_vec() });
            let is_first = member.chosen.replace(items.to_vec()).is_none();
            lobby.undecided -= usize::from(is_first);
        }
        Err(code) => reply.refuse(session, code, about, 0),
    }
}

fn check_choice(items: &[ItemId], stash: &[StashedItem], slots: usize, content: &Content) -> Result<(), ErrorCode> {
    if items.len() > slots {
        return Err(ErrorCode::Full);
    }
    for (place, item) in items.iter().enumerate() {
        let Some(found) = stash.iter().find(|stashed| stashed.id == *item) else {
            return Err(ErrorCode::UnknownItem);
        };
        // An item of older content stays in the stash: a match would not know it, and it would be lost.
        if content.items.id(&found.template).is_none() {
            return Err(ErrorCode::UnknownItem);
        }
        if items[..place].contains(item) {
            return Err(ErrorCode::OutOfRange);
        }
    }
    Ok(())
}

/// Asks for the escrow of every lobby whose time is over or whose members have all chosen. While nothing can be promised
/// that would survive, no match begins.
pub(crate) fn close_loadouts(
    mut seating: Seating,
    (catalog, config, journal): (Res<ModeCatalog>, Res<MatchesConfig>, Res<Journal>),
    mut lobbies: Query<(Entity, &mut Lobby)>,
    games: Query<&RunningMatch>,
    mut commands: Commands,
) {
    let settling = games.iter().filter(|game| game.progress != Progress::Playing).count();
    let grants = !journal.is_in_trouble() && settling < config.settlements_waiting_max;
    for (entity, mut lobby) in &mut lobbies {
        let LobbyStep::Choosing { closes_tick } = lobby.step else { continue };
        let is_over = seating.reply.tick.0 >= closes_tick || lobby.undecided == 0;
        if !is_over || lobby.stashes_missing > 0 {
            continue;
        }
        if !grants {
            fail(&mut seating, &mut commands, (entity, &mut lobby), ErrorCode::TryLater);
            continue;
        }
        lobby.step = LobbyStep::Escrow;
        let brings = |member: &Member| (member.account, member.chosen.clone().unwrap_or_default());
        seating.store.ask(StoreRequest::TakeEscrow {
            match_id: lobby.id,
            mode: catalog.key(lobby.mode()).to_owned(),
            seed: lobby.seed.fingerprint(),
            seats: lobby.members.iter().map(brings).collect(),
        });
    }
}

/// Tells members which of the items they chose they cannot bring any more: traded, sold, or in another match. The
/// match begins without them.
fn send_refused(seating: &mut Seating<'_, '_>, refused: &[RefusedItem]) {
    let mut by_account: BTreeMap<AccountId, Vec<ItemId>> = BTreeMap::new();
    for RefusedItem { account, item } in refused {
        by_account.entry(*account).or_default().push(*item);
    }
    for (account, items) in by_account {
        seating.send(account, &ServerMessage::LoadoutRefused { items });
    }
}

/// Cancels a match: everyone is notified, and what was taken returns to the stashes.
pub(crate) fn fail(
    seating: &mut Seating<'_, '_>,
    commands: &mut Commands<'_, '_>,
    (entity, lobby): (Entity, &mut Lobby),
    code: ErrorCode,
) {
    if lobby.has_failed() {
        return;
    }
    if lobby.step == LobbyStep::Escrow {
        seating.store.ask(StoreRequest::AbandonMatch { match_id: lobby.id });
    }
    lobby.step = LobbyStep::Failed;
    for member in &lobby.members {
        seating.index.forget_place(member.account);
        let session = seating.index.session_of(member.account);
        if let Some(mut session) = session.and_then(|session| seating.sessions.get_mut(session).ok()) {
            seating.reply.make_idle(&mut session, code);
        }
    }
    commands.entity(entity).despawn();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_of_ones_own_known_and_once() {
        let own = StashedItem::new(ItemId { origin: 1, serial: 1 }, "relic");
        let foreign = ItemId { origin: 1, serial: 2 };
        let (stash, content) = ([own.clone()], Content::default());
        assert_eq!(check_choice(&[], &stash, 4, &content), Ok(()), "nothing is a choice");
        assert_eq!(check_choice(&[foreign], &stash, 4, &content), Err(ErrorCode::UnknownItem), "another's item");
        assert_eq!(check_choice(&[own.id], &stash, 4, &content), Err(ErrorCode::UnknownItem), "of older content");
        assert_eq!(check_choice(&[own.id], &stash, 0, &content), Err(ErrorCode::Full), "more than one can carry");
    }
}
