//! Matches of a server that died, going on in this one.

use std::fmt;

use bevy_app::App;
use bevy_ecs::prelude::{Component, Entity, Query, With};
use hypogeum_journal::Recorder;
use hypogeum_protocol::MatchId;
use hypogeum_shard::host::{OnCommand, Paused, ShardInbox};
use hypogeum_shard::{Command, CommandBody, HostedKind, Shard, ShardBrief, Stepping};

use crate::SessionsConfig;
use crate::begin::assemble;
use crate::desk::Desk;
use crate::game::Match;
use crate::recording::Journal;
use crate::session::{Session, SessionIndex, Stage};

/// A match as its log has it, on the content it began with.
pub struct ResumedMatch {
    /// Its name.
    pub id: MatchId,
    /// What is played: a kind that is played as matches.
    pub kind: HostedKind,
    /// Who takes part.
    pub brief: ShardBrief,
    /// Something was promised to somebody in it, who may have been told.
    pub has_promised: bool,
    /// Its world after the last step on record.
    pub shard: Shard,
    /// What goes on with its log.
    pub recorder: Recorder,
}

impl fmt::Debug for ResumedMatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ResumedMatch").field("id", &self.id).field("shard", &self.shard).finish()
    }
}

/// A match that waits for its players: they have all lost their connection. Until this host tick at most.
#[derive(Component, Debug)]
pub(crate) struct Awaiting {
    until_tick: u64,
}

/// Puts matches of an earlier run into a host that has not ticked yet. Each stands still until its players are back, for
/// as long as [`SessionsConfig::resume_s`] says; their seats are kept as those of anyone who lost a connection.
pub fn resume_matches(app: &mut App, resumed: Vec<ResumedMatch>) {
    let world = app.world_mut();
    for ResumedMatch { id, kind, brief, has_promised, mut shard, recorder } in resumed {
        let entity = world.spawn_empty().id();
        let (mut game, views) = assemble((entity, id), kind, &brief, &mut shard);
        let mut directory = world.resource_mut::<SessionIndex>();
        // Whoever is done was settled already or is now: the store knows. It may play another match meanwhile.
        game.done.note(&shard, &game.rules, &game.humans);
        for holder in &game.humans {
            let stage = Stage::InMatch { game: entity, seat: holder.seat };
            if game.done.contains(holder.seat) {
                directory.seats.entry(holder.account).or_insert(stage);
            } else {
                directory.seats.insert(holder.account, stage);
            }
        }
        let recording = world.resource::<Journal>().go_on(recorder, shard.tick().0, has_promised);
        let awaiting = Awaiting { until_tick: world.resource::<SessionsConfig>().resume_ticks() };
        world.entity_mut(entity).insert((game, shard, views, ShardInbox::default(), Paused, awaiting));
        if let Some(recording) = recording {
            world.entity_mut(entity).insert(recording);
        }
        if kind.stepping == Stepping::OnCommand {
            world.entity_mut(entity).insert(OnCommand);
        }
    }
}

/// Lets matches go on whose players are back, or have had their time. Who is not back is absent from then on.
pub(crate) fn go_on(
    mut desk: Desk,
    sessions: Query<Session>,
    mut games: Query<(Entity, &Match, &Awaiting, &mut ShardInbox), With<Paused>>,
) {
    for (entity, game, awaiting, mut inbox) in &mut games {
        let is_back = |account| {
            let session = desk.directory.by_account.get(account).and_then(|session| sessions.get(*session).ok());
            session.is_some_and(|session| session.presence.listening().is_some())
        };
        let playing = game.humans.iter().filter(|holder| !game.done.contains(holder.seat));
        let absent: Vec<_> = playing.filter(|holder| !is_back(&holder.account)).collect();
        if !absent.is_empty() && desk.tick.0 < awaiting.until_tick {
            continue;
        }
        tracing::info!(match_id = %game.id, absent = absent.len(), "a match goes on");
        for holder in absent {
            inbox.0.push(Command { seat: holder.seat, body: CommandBody::Present(false) });
        }
        desk.commands.entity(entity).remove::<(Paused, Awaiting)>();
    }
}
