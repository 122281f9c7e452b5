//! Answers clients' requests about matches, and greets players who come back to one.

use bevy_ecs::prelude::{Entity, MessageReader, Query, Res};
use hypogeum_hosting::HostedShard;
use hypogeum_protocol::{ClientMessage, ServerMessage};
use hypogeum_sessions::{About, MessageReceived, PresenceChanged, Reply, Session, SessionsConfig, Stage};

use crate::catalog::ModeCatalog;
use crate::lobby::{self, Lobby};
use crate::names;
use crate::party_queue::{self, PartyMembers};
use crate::queueing::{InLine, Lines};
use crate::running_match::RunningMatch;
use crate::wanted::Wanted;

/// Tells players who come back where they are: in line, in a lobby, or in a match.
pub(crate) fn welcome_back(
    mut changes: MessageReader<PresenceChanged>,
    (lines, catalog, config): (Lines, Res<ModeCatalog>, Res<SessionsConfig>),
    mut reply: Reply,
    sessions: Query<(Session, &InLine)>,
    lobbies: Query<&Lobby>,
    mut games: Query<(&mut RunningMatch, &HostedShard)>,
) {
    for change in changes.read().filter(|change| change.is_here) {
        let Ok((session, in_line)) = sessions.get(change.session) else { continue };
        match change.stage {
            Stage::Queued => lines.send(&mut reply, (session.presence, About::NOTHING), in_line),
            Stage::Joining { lobby } => {
                let lobby = lobbies.get(lobby).ok();
                let tick = reply.tick.0;
                if let Some(open) = lobby.and_then(|it| it.open_message(&config, &catalog, session.who.account, tick)) {
                    reply.send(session.presence, &open);
                }
            }
            Stage::Playing { shard, seat } => {
                let Ok((mut game, hosted)) = games.get_mut(shard) else { continue };
                if let Some(connection) = session.presence.listening() {
                    game.send_started(&mut reply.outbound, connection, hosted, seat);
                }
                // Its new connection does not have the scores yet.
                game.scores_mark = None;
            }
            Stage::Arriving | Stage::Loading | Stage::Idle => {}
        }
    }
}

/// Answers what clients want of queues, lobbies and matches.
pub(crate) fn answer(
    mut messages: MessageReader<MessageReceived>,
    (mut lines, members): (Lines, PartyMembers),
    (catalog, config): (Res<ModeCatalog>, Res<SessionsConfig>),
    mut reply: Reply,
    mut sessions: Query<(Session, &'static mut InLine)>,
    mut lobbies: Query<&mut Lobby>,
    games: Query<(&RunningMatch, &HostedShard)>,
) {
    for MessageReceived { session: entity, about, message } in messages.read() {
        if let Some(wanted) = Wanted::of(message) {
            join(&mut lines, &members, &mut reply, &mut sessions, (*entity, *about, wanted));
            continue;
        }
        let Ok((mut session, mut in_line)) = sessions.get_mut(*entity) else { continue };
        if session.presence.closing.is_some() {
            continue;
        }
        match (message, *session.stage) {
            (ClientMessage::LeaveQueue, Stage::Queued) => lines.leave(&mut reply, (&mut session, &mut in_line), *about),
            (ClientMessage::AskQueue, Stage::Queued) => {
                let Some((why, query)) = lines.why(&config, &in_line, reply.tick.0) else {
                    reply.refuse_here(&mut session, *about);
                    continue;
                };
                if let Some(query) = query {
                    reply.send(&session.presence, &ServerMessage::QueryExplained(query));
                }
                reply.answer(&session.presence, *about, &ServerMessage::QueueExplained(why));
            }
            (ClientMessage::ChooseLoadout { items }, Stage::Joining { lobby }) => {
                if let Ok(mut lobby) = lobbies.get_mut(lobby) {
                    lobby::choose(&mut reply, &catalog, &mut session, &mut lobby, (*about, items));
                }
            }
            (ClientMessage::AskNames { avatars }, Stage::Playing { shard, .. }) => {
                if let Ok((game, hosted)) = games.get(shard) {
                    let names = names::named(game.id, hosted, avatars);
                    reply.answer(&session.presence, *about, &names);
                }
            }
            (ClientMessage::AskNames { avatars }, stage) => {
                let account = session.who.account;
                let watched = games.iter().find(|(game, _)| stage.may_watch() && game.watchers.has_account(account));
                match watched {
                    Some((game, hosted)) => {
                        let names = names::named(game.id, hosted, avatars);
                        reply.answer(&session.presence, *about, &names);
                    }
                    // Asked while the match was just being settled: nobody needs the names any more.
                    None => reply.counters.wrong_state += 1,
                }
            }
            (ClientMessage::LeaveQueue | ClientMessage::AskQueue | ClientMessage::ChooseLoadout { .. }, _) => {
                reply.refuse_here(&mut session, *about);
            }
            // Others answer these.
            _ => {}
        }
    }
}

/// Puts somebody in line, and their party with them, or says why not.
fn join(
    lines: &mut Lines<'_>,
    members: &PartyMembers<'_>,
    reply: &mut Reply<'_>,
    sessions: &mut Query<'_, '_, (Session, &'static mut InLine)>,
    (entity, about, wanted): (Entity, About, Wanted<'_>),
) {
    let Ok((mut session, mut in_line)) = sessions.get_mut(entity) else { return };
    if session.presence.closing.is_some() {
        return;
    }
    if *session.stage != Stage::Idle {
        return reply.refuse_here(&mut session, about);
    }
    let mode = wanted.mode;
    let criteria = match wanted.criteria() {
        Ok(criteria) => criteria,
        Err(why) => {
            reply.counters.refused += 1;
            let refused = ServerMessage::QueueRefused { mode: mode.to_owned(), why };
            return reply.answer(&session.presence, about, &refused);
        }
    };
    match members.party_of(session.who.account) {
        Some(party) => party_queue::join(lines, members, reply, sessions, (entity, about, party), (mode, criteria)),
        None => lines.join(reply, (&mut session, &mut in_line), about, (mode, criteria)),
    }
}
