//! Open shards: players enter and leave while they run.

use bevy_app::App;
use bevy_ecs::prelude::{
    Commands, Component, Entity, Message, MessageReader, MessageWriter, Messages, Query, Res, ResMut, With, Without,
};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::{
    AccountId, CharacterId, CharacterSheet, ErrorCode, ItemId, MatchId, NetId, Seat, ServerMessage, StashedItem,
};
use hypogeum_sessions::{About, Drain, Reply, Session, SessionIndex, Stage, Store, StoreAnswered};
use hypogeum_shard::host::{AppliedCommands, Crashed, ShardInbox};
use hypogeum_shard::{Command, CommandBody, LineupSeat, Occupant, Rules, Shard};
use hypogeum_store::{CheckOut, StoreReply, StoreRequest};

use crate::asked_by::AskedBy;
use crate::asking::ask;
use crate::evicting::Halted;
use crate::hosted::{HostedShard, OpenVisit, PlayerSeat, Seatless};
use crate::opening::ShardIds;
use crate::replicate::Views;
use crate::visits::{self, Visits};

/// A player has left an open shard: by its own choice, because it stayed away, or because the shard crashed as it entered. Written after
/// the step in which it left, and read in the same tick.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeftShard {
    /// The entity of the shard.
    pub shard: Entity,
    /// The seat it had. Nobody else will ever have it.
    pub seat: Seat,
    /// Who it was.
    pub account: AccountId,
}

/// What it takes to let players into open shards. Use it between [`HostingSystems::RouteCommands`](crate::HostingSystems::RouteCommands) and
/// [`HostingSystems::Answer`](crate::HostingSystems::Answer).
#[derive(SystemParam)]
pub struct Entrance<'w, 's> {
    index: ResMut<'w, SessionIndex>,
    ids: ResMut<'w, ShardIds>,
    store: ResMut<'w, Store>,
    visits: Res<'w, Visits>,
    reply: Reply<'w>,
    sessions: Query<'w, 's, (Entity, Session)>,
    shards: Query<'w, 's, EnteredShard, Without<Halted>>,
    commands: Commands<'w, 's>,
}

type EnteredShard = (Entity, &'static Shard, &'static mut HostedShard, &'static mut ShardInbox, &'static mut Views);

/// A session that is here and plays nothing.
#[derive(Clone, Debug)]
pub struct IdleSession {
    /// The entity of the session.
    pub session: Entity,
    /// Whose it is.
    pub account: AccountId,
    /// As others are shown it.
    pub name: String,
}

/// Somebody who enters an open shard, while the store checks out what is brought. On an entity of its own, which is the
/// place of the session meanwhile.
#[derive(Component, Debug)]
pub(crate) struct Entering {
    shard: Entity,
    visit: MatchId,
    account: AccountId,
    /// The body of a character that has none yet.
    newborn: Vec<u8>,
    asked_by: AskedBy,
}

/// What the store has checked out for a visit.
#[derive(Clone, Debug, Default)]
struct Brought {
    items: Vec<StashedItem>,
    character: Option<CharacterSheet>,
}

impl Entrance<'_, '_> {
    /// An open shard by its title, if there is one that goes on.
    #[must_use]
    pub fn find(&self, title: &str) -> Option<Entity> {
        let mut open = self.shards.iter().filter(|(_, _, hosted, ..)| hosted.kind.is_open);
        open.find(|(_, _, hosted, ..)| hosted.title == title).map(|(entity, ..)| entity)
    }

    /// Everyone who is here and plays nothing, in no particular order. Who has left an open shard is not among them before it is
    /// known what they have now.
    #[must_use]
    pub fn idle_sessions(&self) -> Vec<IdleSession> {
        let here = self.sessions.iter().filter(|(_, session)| session.presence.listening().is_some());
        let idle = here
            .filter(|(_, session)| *session.stage == Stage::Idle && !self.visits.is_awaited_by(session.who.account));
        let idle = idle.map(|(entity, session)| IdleSession {
            session: entity,
            account: session.who.account,
            name: session.who.name.clone(),
        });
        idle.collect()
    }

    /// What the account of a session has in its stash, as last read.
    #[must_use]
    pub fn stash(&self, session: Entity) -> &[StashedItem] {
        let profile = self.sessions.get(session).ok().and_then(|(_, session)| session.cached.profile.as_deref());
        profile.map_or(&[], |profile| &profile.stash)
    }

    /// Whose a session is; `None` where it is gone.
    #[must_use]
    pub fn account(&self, session: Entity) -> Option<AccountId> {
        self.sessions.get(session).ok().map(|(_, session)| session.who.account)
    }

    /// The character that a session plays, as last read: where it is, and how. `None` where it plays under its account's name, or
    /// that character was deleted.
    #[must_use]
    pub fn character(&self, session: Entity) -> Option<&CharacterSheet> {
        let (_, session) = self.sessions.get(session).ok()?;
        session.cached.character.as_ref()
    }

    /// Lets the session of a player into an open shard, with these items of its stash, at most
    /// [`LOADOUT_ITEMS_MAX`](hypogeum_protocol::limits::LOADOUT_ITEMS_MAX). With none it plays from now on, and its avatar is there
    /// after the next step; else it has a place, and plays once the store has checked them out: the shard holds them from then on.
    /// What cannot be brought, because it is not in the stash or the shard's content does not know it, stays where it is, and the
    /// player is told.
    ///
    /// Returns whether it plays or is on its way: not where the session is in something else, or it is not known yet what its last
    /// visit has left it with, or the shard is not open, is over, or has given out every number there is.
    pub fn enter(&mut self, session: Entity, shard: Entity, items: &[ItemId]) -> bool {
        if !self.may_enter(session, shard) {
            return false;
        }
        let Ok((_, item)) = self.sessions.get(session) else { return false };
        let Ok((_, world, ..)) = self.shards.get(shard) else { return false };
        let known = &world.world().resource::<Rules>().content.items;
        let stash = self.stash(session);
        let is_known = |id: &ItemId| stash.iter().any(|it| it.id == *id && known.id(&it.template).is_some());
        let (items, refused): (Vec<ItemId>, Vec<ItemId>) = items.iter().partition(|id| is_known(id));
        if !refused.is_empty() {
            self.reply.send(item.presence, &ServerMessage::LoadoutRefused { items: refused });
        }
        if items.is_empty() {
            let visit = MatchId::from(self.ids.draw());
            return self.take_seat(session, shard, (visit, Brought::default()), AskedBy::default()).is_some();
        }
        self.ask_to_check_out(session, shard, (items, None), About::NOTHING)
    }

    /// Lets the character that a session plays into an open shard, with all it carries and nothing else. It has a place, and plays
    /// once the store has checked it out: the shard holds it from then on. One that carries what the shard's content does not
    /// know stays where it is, and so does one that another shard holds: the player is sent an error.
    ///
    /// A character that has no body yet gets `newborn`, which its kind has made. `about` is what its player has asked that by: should it
    /// not get in after all, the error answers it.
    ///
    /// Returns whether it is on its way: as for [`Self::enter`], and not where the session plays no character.
    pub fn enter_as_character(&mut self, session: Entity, shard: Entity, newborn: Vec<u8>, about: About) -> bool {
        let Some(character) = self.character(session).map(|character| character.id) else { return false };
        let brings = (Vec::new(), Some((character, newborn)));
        self.may_enter(session, shard) && self.ask_to_check_out(session, shard, brings, about)
    }

    /// The account of a session that is free, but of which it is not known yet what its last visit has left it with: it may
    /// enter in a moment.
    #[must_use]
    pub fn awaiting(&self, session: Entity) -> Option<AccountId> {
        let (_, item) = self.sessions.get(session).ok()?;
        let account = item.who.account;
        (*item.stage == Stage::Idle && self.visits.is_awaited_by(account)).then_some(account)
    }

    /// Refuses what a session asked for: the tag of its message, and when to ask again, in milliseconds; 0: never.
    pub fn refuse(&mut self, session: Entity, code: ErrorCode, (about, retry_after_ms): (About, u32)) {
        if let Ok((_, mut session)) = self.sessions.get_mut(session) {
            self.reply.refuse(&mut session, code, about, retry_after_ms);
        }
    }

    /// Whether a session has nothing else to do, and a shard a seat for it.
    fn may_enter(&self, session: Entity, shard: Entity) -> bool {
        let Ok((_, item)) = self.sessions.get(session) else { return false };
        let Ok((_, _, hosted, ..)) = self.shards.get(shard) else { return false };
        let is_free = *item.stage == Stage::Idle && !self.visits.is_awaited_by(item.who.account);
        is_free && hosted.kind.is_open && u16::try_from(hosted.next_seat).is_ok()
    }

    /// Gives a session a place at the door of a shard, while the store checks out what it brings.
    fn ask_to_check_out(
        &mut self,
        session: Entity,
        shard: Entity,
        (items, character): (Vec<ItemId>, Option<(CharacterId, Vec<u8>)>),
        about: About,
    ) -> bool {
        let Ok((_, _, hosted, ..)) = self.shards.get(shard) else { return false };
        let Ok((_, mut item)) = self.sessions.get_mut(session) else { return false };
        let (account, visit) = (item.who.account, MatchId::from(self.ids.draw()));
        let (shard_id, place) = (hosted.id, hosted.title.clone());
        let (character, newborn) = character.unzip();
        let (newborn, asked_by) = (newborn.unwrap_or_default(), AskedBy::now(&item.presence, about));
        let lobby = self.commands.spawn(Entering { shard, visit, account, newborn, asked_by }).id();
        self.store.ask(StoreRequest::CheckOut(CheckOut { visit, shard: shard_id, place, account, items, character }));
        *item.stage = Stage::Joining { lobby };
        self.index.keep_place(account, *item.stage);
        true
    }

    /// Gives a session a seat, with what was checked out for it.
    fn take_seat(
        &mut self,
        session: Entity,
        shard: Entity,
        (visit, Brought { items, character }): (MatchId, Brought),
        asked_by: AskedBy,
    ) -> Option<Seat> {
        let (_, _, mut hosted, mut inbox, mut views) = self.shards.get_mut(shard).ok()?;
        let (_, mut session) = self.sessions.get_mut(session).ok()?;
        let seat = Seat(u16::try_from(hosted.next_seat).ok()?);
        hosted.next_seat += 1;
        let (account, name) = (session.who.account, session.who.name.clone());
        let profile = session.cached.profile.as_deref();
        let brings = LineupSeat {
            occupant: Occupant::Account(account),
            name: name.clone(),
            level: profile.map_or(1, |profile| profile.level()),
            rating: profile.map_or(0, |profile| profile.rating()),
            items,
            character,
        };
        let player = PlayerSeat { seat, avatar: NetId::NONE, account, name };
        views.add(&player);
        hosted.players.push(player);
        let visiting = OpenVisit { asked_by, ..OpenVisit::new(visit, &brings) };
        let before = hosted.visits.insert(seat, visiting);
        assert!(before.is_none(), "a seat of an open shard is given once");
        inbox.0.push(Command { seat, body: CommandBody::Join { visit, brings: Box::new(brings) } });
        *session.stage = Stage::Playing { shard, seat };
        session.steering.reset(self.reply.tick.0, 0);
        self.index.keep_place(account, *session.stage);
        Some(seat)
    }

    /// What was brought is checked out: its owner plays, if it is still here and the shard is, too.
    fn checked_out(
        &mut self,
        place: Entity,
        entering: &Entering,
        (mut brought, refused): (Brought, &[ItemId]),
    ) -> bool {
        if let Some(character) = brought.character.as_mut().filter(|character| character.body.is_empty()) {
            character.body.clone_from(&entering.newborn);
        }
        let Some(session) = self.index.session_of(entering.account) else { return false };
        let Ok((_, item)) = self.sessions.get(session) else { return false };
        let waits = *item.stage == Stage::Joining { lobby: place } && item.presence.listening().is_some();
        if !waits || !self.knows_all(entering.shard, &brought) {
            return false;
        }
        if self.take_seat(session, entering.shard, (entering.visit, brought), entering.asked_by).is_none() {
            return false;
        }
        if let (false, Ok((_, item))) = (refused.is_empty(), self.sessions.get(session)) {
            self.reply.send(item.presence, &ServerMessage::LoadoutRefused { items: refused.to_vec() });
        }
        true
    }

    /// Whether a shard's content has all that was brought. What comes from a stash was chosen so; what a character carries may come
    /// from a shard that has other content.
    fn knows_all(&self, shard: Entity, brought: &Brought) -> bool {
        let Ok((_, world, ..)) = self.shards.get(shard) else { return false };
        let known = &world.world().resource::<Rules>().content.items;
        let unknown = brought.items.iter().find(|item| known.id(&item.template).is_none());
        if let Some(StashedItem { id, template, .. }) = unknown {
            tracing::warn!(item = %id, template, "a character carries what the content of an open shard does not know, and cannot enter");
        }
        unknown.is_none()
    }

    /// Somebody does not get in after all.
    fn refuse_entry(&mut self, place: Entity, entering: &Entering, code: ErrorCode) {
        let stage = Stage::Joining { lobby: place };
        if self.index.place_of(entering.account) == Some(stage) {
            self.index.forget_place(entering.account);
        }
        let session = self.index.session_of(entering.account);
        let session = session.and_then(|session| self.sessions.get_mut(session).ok());
        if let Some((_, mut session)) = session.filter(|(_, session)| *session.stage == stage) {
            let about = entering.asked_by.about(&session.presence);
            self.reply.make_idle_about(&mut session, code, about);
        }
    }
}

/// Lets those in for whom the store has checked out what they bring, and turns those away for whom it could not.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    draining: Res<Drain>,
    entering: Query<(Entity, &Entering)>,
    mut entrance: Entrance,
) {
    for StoreAnswered(answer) in answers.read() {
        let (visit, checked_out) = match answer {
            StoreReply::CheckedOut { visit, taken, refused, character } => {
                let brought = Brought { items: taken.clone(), character: character.clone() };
                (*visit, Ok((brought, refused.as_slice())))
            }
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::CheckOut(asked) => (asked.visit, Err(failure)),
                _ => continue,
            },
            _ => continue,
        };
        let Some((place, entering)) = entering.iter().find(|(_, entering)| entering.visit == visit) else { continue };
        entrance.commands.entity(place).despawn();
        // Where the store failed it is unknown whether it was taken. If it was, it returns to where it was.
        let may_be_held = checked_out.as_ref().map_or_else(|failure| failure.is_passing(), |_| true);
        let is_in = match checked_out {
            Ok(answered) => !draining.is_begun() && entrance.checked_out(place, entering, answered),
            Err(failure) => {
                tracing::warn!(%visit, account = %entering.account, %failure, "what a player brings cannot be checked out");
                false
            }
        };
        if !is_in {
            if may_be_held {
                entrance.store.ask(StoreRequest::AbandonMatch { match_id: visit });
            }
            entrance.refuse_entry(place, entering, ErrorCode::Unavailable);
        }
    }
}

type OpenShard<'a> = (Entity, &'a mut HostedShard, &'a Shard, &'a mut Views, &'a AppliedCommands);

/// Gives players who entered their avatars, and lets those go who left.
pub(crate) fn follow_occupants(
    mut index: ResMut<SessionIndex>,
    mut sessions: Query<&mut Stage>,
    mut shards: Query<OpenShard, (With<ShardInbox>, Without<Crashed>, Without<Seatless>)>,
    mut left: MessageWriter<LeftShard>,
) {
    for (entity, mut hosted, shard, mut views, applied) in &mut shards {
        if !hosted.kind.is_open {
            continue;
        }
        let leaves = applied.0.iter().filter(|command| command.body == CommandBody::Leave);
        for seat in leaves.map(|command| command.seat) {
            let Ok(at) = hosted.players.binary_search_by_key(&seat, |player| player.seat) else { continue };
            let player = hosted.players.remove(at);
            hosted.absences.forget(seat);
            views.remove(seat);
            if index.place_of(player.account).is_some_and(|place| place.is_in(entity)) {
                index.forget_place(player.account);
            }
            let session = index.session_of(player.account);
            if let Some(mut stage) = session.and_then(|session| sessions.get_mut(session).ok())
                && stage.is_in(entity)
            {
                *stage = Stage::Idle;
            }
            if let Some(ended) = visits::end(&mut hosted, shard, &player) {
                hosted.ended_visits.push(ended);
            }
            left.write(LeftShard { shard: entity, seat, account: player.account });
        }
        let (id, kind) = (hosted.id, hosted.kind);
        let fresh = hosted.players.iter_mut().filter(|player| player.avatar == NetId::NONE);
        for player in fresh {
            let found = ask(id, "avatar", || (kind.avatar)(shard.world(), player.seat)).flatten();
            if let Some(avatar) = found {
                player.avatar = avatar;
                views.give_avatar(player.seat, avatar);
            }
        }
    }
}

pub(crate) fn init(app: &mut App) {
    app.init_resource::<Messages<LeftShard>>();
}

/// Forgets who left in the tick before the last.
pub(crate) fn forget_left(mut left: ResMut<Messages<LeftShard>>) {
    left.update();
}
