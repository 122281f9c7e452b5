//! Open shards: players enter and leave while they run.

use bevy_app::App;
use bevy_ecs::prelude::{Entity, Message, MessageWriter, Messages, Query, Res, ResMut, With, Without};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::{AccountId, NetId, Seat};
use hypogeum_sessions::{HostTick, Presence, SessionIndex, Stage, Steering, Who};
use hypogeum_shard::host::{AppliedCommands, Crashed, ShardInbox};
use hypogeum_shard::{Command, CommandBody, LineupSeat, Shard};

use crate::asking::ask;
use crate::evicting::Halted;
use crate::hosted::{HostedShard, SeatInfo};
use crate::replicate::Views;
use crate::visits;

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
    tick: Res<'w, HostTick>,
    index: ResMut<'w, SessionIndex>,
    sessions: Query<'w, 's, (Entity, &'static Who, &'static Presence, &'static mut Stage, &'static mut Steering)>,
    shards: Query<'w, 's, EnteredShard, Without<Halted>>,
}

type EnteredShard = (Entity, &'static mut HostedShard, &'static mut ShardInbox, &'static mut Views);

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

impl Entrance<'_, '_> {
    /// An open shard by its title, if there is one that goes on.
    #[must_use]
    pub fn find(&self, title: &str) -> Option<Entity> {
        let mut open = self.shards.iter().filter(|(_, hosted, ..)| hosted.kind.is_open);
        open.find(|(_, hosted, ..)| hosted.title == title).map(|(entity, ..)| entity)
    }

    /// Everyone who is here and plays nothing, in no particular order.
    #[must_use]
    pub fn idle_sessions(&self) -> Vec<IdleSession> {
        let idle = self
            .sessions
            .iter()
            .filter(|(_, _, presence, stage, _)| **stage == Stage::Idle && presence.listening().is_some());
        idle.map(|(session, who, ..)| IdleSession { session, account: who.account, name: who.name.clone() }).collect()
    }

    /// Lets the session of a player into an open shard, with what it brings: it plays from now on, and its avatar is there after the
    /// next step. Returns its seat; `None` where the shard is not open, is over, or has given out every number there is.
    pub fn enter(&mut self, session: Entity, shard: Entity, brings: LineupSeat) -> Option<Seat> {
        let account = brings.occupant.account()?;
        let (_, mut hosted, mut inbox, mut views) = self.shards.get_mut(shard).ok()?;
        let (_, _, _, mut stage, mut steering) = self.sessions.get_mut(session).ok()?;
        let seat = Seat(u16::try_from(hosted.next_seat).ok().filter(|_| hosted.kind.is_open)?);
        hosted.next_seat += 1;
        let player = SeatInfo { seat, avatar: NetId::NONE, account, name: brings.name.clone() };
        views.add(&player);
        hosted.players.push(player);
        inbox.0.push(Command { seat, body: CommandBody::Join(Box::new(brings)) });
        *stage = Stage::Playing { shard, seat };
        steering.reset(self.tick.0, 0);
        self.index.keep_place(account, *stage);
        Some(seat)
    }
}

type OpenShard<'a> = (Entity, &'a mut HostedShard, &'a Shard, &'a mut Views, &'a AppliedCommands);

/// Gives players who entered their avatars, and lets those go who left.
pub(crate) fn follow_occupants(
    mut index: ResMut<SessionIndex>,
    mut sessions: Query<&mut Stage>,
    mut shards: Query<OpenShard, (With<ShardInbox>, Without<Crashed>)>,
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
            if let Some(grant) = visits::grant_of(&hosted, shard, &player) {
                hosted.ended_visits.push((seat, grant));
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
