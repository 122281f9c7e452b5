//! Clients that follow games over their connections: they are told what happens in them, once it would survive a crash.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Entity, MessageReader, Query, Res, ResMut, Resource};
use bevy_ecs::system::SystemParam;
use hypogeum_creature_messages::GameId;
use hypogeum_hosting::{HostedShard, Recording};
use hypogeum_locale::{LocaleId, Locales};
use hypogeum_protocol::{ClientMessage, ErrorCode, ServerMessage, limits};
use hypogeum_sessions::{MessageReceived, Prepared, Reply, Session};
use hypogeum_shard::{KindOutbox, Shard};

use crate::game::{Game, Games};

/// Sessions that follow one game at once.
const FOLLOWERS_MAX: usize = 4_096;
/// News of a game that wait for the disk; beyond it whoever follows it is told that it is not told any more.
const WAITING_MAX: usize = 4_096;

/// The games that each session follows.
#[derive(Resource, Debug, Default)]
pub(crate) struct FollowedGames(BTreeMap<Entity, Vec<GameId>>);

impl FollowedGames {
    fn count(&self, session: Entity) -> usize {
        self.0.get(&session).map_or(0, Vec::len)
    }

    fn forget(&mut self, session: Entity, id: GameId) {
        if let Some(games) = self.0.get_mut(&session) {
            games.retain(|game| *game != id);
            if games.is_empty() {
                self.0.remove(&session);
            }
        }
    }
}

/// Who follows a game, and what they are still to be told.
#[derive(Debug, Default)]
pub(crate) struct Followers {
    sessions: Vec<Entity>,
    /// By the steps they happened in.
    waiting: Vec<(u32, Box<[u8]>)>,
    /// More has happened than may wait.
    is_over: bool,
}

impl Followers {
    /// Takes in what happened in the step that a shard has just taken.
    pub(crate) fn note(&mut self, shard: &Shard) {
        if self.sessions.is_empty() || self.is_over {
            return;
        }
        let told = shard.world().resource::<KindOutbox>().bodies();
        if self.waiting.len() + told.len() > WAITING_MAX {
            self.waiting.clear();
            self.is_over = true;
            return;
        }
        let step = shard.tick().0;
        self.waiting.extend(told.iter().map(|body| (step, body.clone())));
    }
}

/// What it takes to tell clients something of games.
#[derive(SystemParam)]
pub(crate) struct Telling<'w, 's> {
    reply: Reply<'w>,
    locales: Res<'w, Locales>,
    sessions: Query<'w, 's, Session>,
    followed: ResMut<'w, FollowedGames>,
}

impl Telling<'_, '_> {
    /// Tells all who follow a game what has happened up to a step.
    fn tell(&mut self, (id, followers): (GameId, &mut Followers), hosted: &HostedShard, step: u32) {
        let count = followers.waiting.partition_point(|(happened, _)| *happened <= step);
        if count == 0 {
            return;
        }
        let news: Vec<(u32, Box<[u8]>)> = followers.waiting.drain(..count).collect();
        let mut by_locale: BTreeMap<LocaleId, Vec<Prepared>> = BTreeMap::new();
        // Who has gone follows nothing any more.
        followers.sessions.retain(|session| {
            let Ok(session) = self.sessions.get(*session) else {
                self.followed.0.remove(session);
                return false;
            };
            let Some(connection) = session.presence.listening() else { return true };
            let locale = session.locale.0;
            let told = by_locale.entry(locale).or_insert_with(|| {
                let body =
                    |body: &[u8]| (hosted.kind.in_words)(body, &self.locales, locale).unwrap_or_else(|| body.to_vec());
                let told = |(step, said): &(u32, Box<[u8]>)| ServerMessage::GameTold {
                    game: id.0,
                    step: *step,
                    body: body(said),
                };
                news.iter().map(|one| Prepared::alike(&told(one))).collect()
            });
            told.iter().for_each(|message| self.reply.outbound.send_prepared(connection, message, &()));
            true
        });
    }

    /// Tells all who follow a game that they are told of it no longer.
    fn part(&mut self, id: GameId, followers: &mut Followers, step: u32) {
        let parting = ServerMessage::GameFollowed { game: id.0, is_followed: false, step };
        for entity in followers.sessions.drain(..) {
            self.followed.forget(entity, id);
            if let Ok(session) = self.sessions.get(entity) {
                self.reply.send(session.presence, &parting);
            }
        }
        followers.waiting.clear();
        followers.is_over = false;
    }
}

/// Takes who wants to follow which game, and who no longer.
pub(crate) fn take_follows(
    mut messages: MessageReader<MessageReceived>,
    index: Res<Games>,
    mut games: Query<(&mut Game, &Shard)>,
    mut telling: Telling,
) {
    for MessageReceived { session: entity, about, message } in messages.read() {
        let ClientMessage::FollowGame { game, is_followed } = *message else { continue };
        let id = GameId(game);
        let Ok(mut session) = telling.sessions.get_mut(*entity) else { continue };
        let found = index.0.get(&id).and_then(|entity| games.get_mut(*entity).ok());
        let Some((mut game, shard)) = found else {
            telling.reply.refuse(&mut session, ErrorCode::NoSuchEntity, *about, 0);
            continue;
        };
        let followers = &mut game.followers;
        followers.sessions.retain(|follower| follower != entity);
        telling.followed.forget(*entity, id);
        let is_full =
            telling.followed.count(*entity) >= limits::FOLLOWED_GAMES_MAX || followers.sessions.len() >= FOLLOWERS_MAX;
        if is_followed && is_full {
            telling.reply.refuse(&mut session, ErrorCode::Full, *about, 0);
            continue;
        }
        // What waits for the disk happened before it came, and it is told that, too: so none is missing.
        let step = followers.waiting.first().map_or(shard.tick().0, |(step, _)| step.saturating_sub(1));
        if is_followed {
            followers.sessions.push(*entity);
            telling.followed.0.entry(*entity).or_default().push(id);
        }
        let answer = ServerMessage::GameFollowed { game: id.0, is_followed, step };
        telling.reply.answer(&session.presence, *about, &answer);
    }
}

/// Tells those who follow games what has happened in them, as far as that is on the disk.
pub(crate) fn tell_followers(mut games: Query<(&mut Game, &HostedShard, Option<&Recording>)>, mut telling: Telling) {
    for (mut game, hosted, recording) in &mut games {
        if game.followers.sessions.is_empty() {
            continue;
        }
        let step = recording.map_or(u32::MAX, |recording| recording.recorder.state().durable_tick());
        let (id, seen_tick) = (game.id, game.seen_tick);
        if game.followers.is_over {
            telling.part(id, &mut game.followers, seen_tick);
        } else {
            telling.tell((id, &mut game.followers), hosted, step);
        }
    }
}

/// Tells those who follow games that are about to be put away what is left to tell, and that it is the last.
pub(crate) fn part_followers(mut games: Query<(&mut Game, &HostedShard)>, mut telling: Telling) {
    for (mut game, hosted) in &mut games {
        if game.is_put_away() && !game.followers.sessions.is_empty() {
            let (id, seen_tick) = (game.id, game.seen_tick);
            telling.tell((id, &mut game.followers), hosted, seen_tick);
            telling.part(id, &mut game.followers, seen_tick);
        }
    }
}
