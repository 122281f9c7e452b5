//! Turns the messages of players into commands for the shards they are in.

use bevy_ecs::prelude::{Entity, MessageReader, Mut, Query, Res, ResMut, Without};
use hypogeum_protocol::{ClientMessage, ErrorCode};
use hypogeum_sessions::{
    About, Counters, HostTick, MessageReceived, PresenceChanged, Reply, Session, SessionItem, SessionsConfig, Stage,
    Steering, Store, steer,
};
use hypogeum_shard::host::{Paused, ShardInbox, StepPace};
use hypogeum_shard::{Command, CommandBody, Shard};

use crate::asking::ask;
use crate::config::HostingConfig;
use crate::hosted::HostedShard;
use crate::replicate::Views;

type ShardParts<'a> = (&'a HostedShard, Option<&'a mut Shard>, Option<&'a mut ShardInbox>, Option<&'a mut Views>);

/// Notifies shards of players who came back or left, and resets the steering of those who are back.
pub(crate) fn follow_presence(
    mut changes: MessageReader<PresenceChanged>,
    tick: Res<HostTick>,
    mut sessions: Query<&mut Steering>,
    mut shards: Query<ShardParts>,
) {
    for PresenceChanged { session, stage, is_here } in changes.read() {
        let Stage::Playing { shard, seat } = *stage else { continue };
        let Ok((hosted, world, inbox, views)) = shards.get_mut(shard) else { continue };
        if *is_here {
            // While its world is being rebuilt this is unknown: the rebuilt world drops old inputs itself.
            let applied_seq = world.and_then(|mut shard| {
                ask(hosted.id, "applied_input", || (hosted.kind.applied_input)(shard.world_mut(), seat))
            });
            if let Ok(mut steering) = sessions.get_mut(*session) {
                steering.reset(tick.0, applied_seq.unwrap_or(0));
            }
            // The client has forgotten what it saw: inventory and phase are sent again.
            if let Some(mut views) = views {
                views.forget(seat);
            }
        }
        // A match that is over takes no more commands: it only waits for its settlement.
        if let Some(mut inbox) = inbox {
            inbox.0.push(Command { seat, body: CommandBody::Present(*is_here) });
        }
    }
}

/// Routes the commands of players into the inboxes of their shards.
pub(crate) fn route_commands(
    mut messages: MessageReader<MessageReceived>,
    (mut reply, mut store, config): (Reply, ResMut<Store>, Res<HostingConfig>),
    mut sessions: Query<Session>,
    mut shards: Query<(&HostedShard, Option<&mut ShardInbox>)>,
) {
    for MessageReceived { session, about, message } in messages.read() {
        let Ok(mut session) = sessions.get_mut(*session) else { continue };
        if session.presence.closing.is_some() {
            continue;
        }
        let place = match *session.stage {
            Stage::Playing { shard, seat } => Some((shard, seat)),
            _ => None,
        };
        let command = match (message, place) {
            (ClientMessage::Inputs { batch }, Some(_)) => {
                steer(&mut reply, &mut session, batch);
                continue;
            }
            // The last inputs of a match are still on their way when it ends.
            (ClientMessage::Inputs { .. }, None) => {
                reply.counters.wrong_state += 1;
                continue;
            }
            (ClientMessage::Act { seq, act, seen }, Some(_)) => is_next(&mut reply, &mut session, (*about, *seq))
                .then_some(CommandBody::Act { seq: *seq, act: *act, seen: *seen }),
            (ClientMessage::Command { seq, body }, Some((shard, _))) => {
                let hosted = shards.get(shard).map(|(hosted, _)| hosted).ok();
                let most = hosted.map_or(0, |hosted| hosted.kind.command_bytes_max);
                let fits = is_known(&mut reply, &mut session, (*about, body.len(), most))
                    && hosted
                        .is_some_and(|hosted| is_allowed(&mut reply, &mut session, (*about, hosted, body), &config))
                    && is_next(&mut reply, &mut session, (*about, *seq));
                fits.then(|| CommandBody::Custom { seq: *seq, body: body.as_slice().into() })
            }
            (ClientMessage::LeaveMatch, Some(_)) => {
                store.acknowledge_reports(session.who.account, &mut session.cached);
                Some(CommandBody::Leave)
            }
            (ClientMessage::Act { .. } | ClientMessage::Command { .. } | ClientMessage::LeaveMatch, None) => {
                reply.refuse_here(&mut session, *about);
                continue;
            }
            // Others answer these.
            _ => continue,
        };
        if let (Some(body), Some((shard, seat))) = (command, place)
            && let Ok((_, Some(mut inbox))) = shards.get_mut(shard)
        {
            inbox.0.push(Command { seat, body });
        }
    }
}

/// Whether an act is newer than all that were passed on.
fn is_next(reply: &mut Reply, session: &mut SessionItem, (about, seq): (About, u32)) -> bool {
    if seq <= session.steering.act_seq {
        reply.counters.stale_acts += 1;
        reply.refuse(session, ErrorCode::Stale, about, 0);
        return false;
    }
    session.steering.act_seq = seq;
    true
}

/// Whether a command that only the kind of shard knows is one that it takes, and no longer than it says.
fn is_known(reply: &mut Reply, session: &mut SessionItem, (about, length, most): (About, usize, usize)) -> bool {
    if most == 0 {
        reply.refuse_here(session, about);
    } else if length > most {
        reply.counters.out_of_range += 1;
        reply.refuse(session, ErrorCode::OutOfRange, about, 0);
    }
    most > 0 && length <= most
}

/// Whether a player may give a command: those of game masters are written to the log, obeyed or not.
fn is_allowed(
    reply: &mut Reply,
    session: &mut SessionItem,
    (about, hosted, body): (About, &HostedShard, &[u8]),
    config: &HostingConfig,
) -> bool {
    let asked = ask(hosted.id, "for_game_masters", || (hosted.kind.for_game_masters)(body));
    if asked == Some(None) {
        return true;
    }
    let (shard, account) = (hosted.id, session.who.account);
    // What a kind cannot tell is for nobody.
    let is_allowed = asked.is_some() && config.game_masters.contains(&account);
    let words = asked.flatten().unwrap_or_default();
    if is_allowed {
        tracing::info!(%shard, %account, words, "a game master gives a command");
    } else {
        tracing::warn!(%shard, %account, words, "an account that is no game master's gives a command of theirs, which is refused");
        reply.refuse(session, ErrorCode::WrongState, about, 0);
    }
    is_allowed
}

/// Whether a shard takes inputs in this tick.
enum Intake<'a> {
    /// It takes a step, and an input of each seat with it.
    Now(Mut<'a, ShardInbox>),
    /// It takes its next step in a later tick.
    Later,
    /// It stands still, or is over: inputs are lost.
    Never,
}

impl<'a> Intake<'a> {
    fn of(shard: Option<(Mut<'a, ShardInbox>, &StepPace)>) -> Self {
        match shard {
            Some((inbox, pace)) if pace.is_due() => Self::Now(inbox),
            Some(_) => Self::Later,
            None => Self::Never,
        }
    }
}

/// Gives each seat of the shards that take a step now its next input, and each of these shards its commands in the
/// order of seats, within one seat as they came.
pub(crate) fn feed(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut counters: ResMut<Counters>,
    mut sessions: Query<(&Stage, &mut Steering)>,
    mut inboxes: Query<(&mut ShardInbox, &StepPace), Without<Paused>>,
) {
    let counters = &mut *counters;
    // Sessions of one shard mostly lie together.
    let mut last: Option<(Entity, Intake<'_>)> = None;
    for (stage, mut steering) in &mut sessions {
        let Stage::Playing { shard, seat } = *stage else { continue };
        if last.as_ref().is_none_or(|(entity, _)| *entity != shard) {
            last = Some((shard, Intake::of(inboxes.get_mut(shard).ok())));
        }
        let Some((_, intake)) = &mut last else { continue };
        if matches!(intake, Intake::Later) {
            continue;
        }
        if let Some(input) = steering.next(tick.0, config.tick_hz, counters)
            && let Intake::Now(inbox) = intake
        {
            inbox.0.push(Command { seat, body: CommandBody::Input(input) });
        }
    }
    for (mut inbox, _) in inboxes.iter_mut().filter(|(_, pace)| pace.is_due()) {
        counters.commands += inbox.0.len() as u64;
        inbox.0.sort_by_key(|command| command.seat);
    }
}
