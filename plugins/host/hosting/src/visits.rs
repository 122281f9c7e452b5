//! What visits to open shards were worth: recorded behind the step in which somebody left, granted by the store once that would survive
//! a power failure, and reported.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Entity, MessageReader, Query, Res, ResMut, Resource};
use hypogeum_journal::VisitEntry;
use hypogeum_protocol::{AccountId, Grant, MatchId, SettledReport};
use hypogeum_sessions::{
    HostTick, InTurn, KeepsServer, Reply, Session, SessionIndex, SessionsConfig, Stage, Store, StoreAnswered,
    send_settled,
};
use hypogeum_shard::Shard;
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::asking::ask;
use crate::hosted::{HostedShard, SeatInfo};
use crate::opening::ShardIds;
use crate::recording::{Journal, Recording};

/// A visit that has ended.
#[derive(Clone, Debug)]
struct Visit {
    id: MatchId,
    /// What people call the shard.
    place: String,
    grant: Box<Grant>,
}

/// Visits whose worth is not granted yet.
#[derive(Resource, Debug, Default)]
pub(crate) struct Visits {
    /// On their way into the logs of their shards: by which record.
    recorded: Vec<(Entity, u32, Visit)>,
    /// On the disk.
    waiting: InTurn<Visit>,
    /// What the store is asked for, and in whose turn.
    asked: BTreeMap<MatchId, u64>,
    /// Keeps the server while there are any.
    keeper: Option<Entity>,
}

impl Visits {
    fn is_empty(&self) -> bool {
        self.recorded.is_empty() && self.asked.is_empty() && self.waiting.is_empty()
    }

    /// The store could not grant a visit now, or refuses to for good.
    fn not_settled(&mut self, visit: Visit, failure: &StoreFailure, (tick, tick_hz): (u64, u32)) {
        let Some(number) = self.asked.remove(&visit.id) else { return };
        if !failure.is_passing() {
            tracing::error!(visit = %visit.id, account = %visit.grant.account, %failure, "a visit was refused by the store, and is not granted");
            return self.waiting.answered();
        }
        let id = visit.id;
        if self.waiting.failed(number, visit, tick, tick_hz) {
            tracing::warn!(visit = %id, %failure, "visits have to wait for the store");
        }
    }
}

/// What the visit of somebody was worth who has left in the last step.
pub(crate) fn grant_of(hosted: &HostedShard, shard: &Shard, player: &SeatInfo) -> Option<Grant> {
    let grant = || hosted.kind.grant_visit((hosted.id, shard.world()), player.seat, player.account);
    ask(hosted.id, "visit_grant", grant).flatten()
}

/// Numbers visits that have ended, and records what they were worth.
pub(crate) fn record_visits(
    (mut ids, mut journal, mut visits): (ResMut<ShardIds>, ResMut<Journal>, ResMut<Visits>),
    mut shards: Query<(Entity, &mut HostedShard, &Shard, Option<&mut Recording>)>,
) {
    for (entity, mut hosted, shard, mut recording) in &mut shards {
        if hosted.ended_visits.is_empty() {
            continue;
        }
        let (tick, hash) = (shard.tick().0, shard.hash());
        for (seat, grant) in std::mem::take(&mut hosted.ended_visits) {
            let id = MatchId::from(ids.draw());
            let entry = || VisitEntry { tick, hash, seat, visit: id, grant: grant.clone() };
            let record = recording.as_mut().map_or(0, |recording| journal.visit(recording, entry()));
            let visit = Visit { id, place: hosted.title.clone(), grant: Box::new(grant) };
            visits.recorded.push((entity, record, visit));
        }
    }
}

/// Asks the store to grant what is on the disk.
pub(crate) fn ask_to_grant(
    (tick, mut store, mut visits): (Res<HostTick>, ResMut<Store>, ResMut<Visits>),
    recordings: Query<Option<&Recording>>,
    mut commands: Commands,
) {
    let Visits { recorded, waiting, asked, .. } = &mut *visits;
    recorded.retain(|(shard, record, visit)| {
        let recording = recordings.get(*shard).ok().flatten();
        let is_durable = recording.is_none_or(|recording| recording.recorder.state().durable_grants() >= *record);
        let is_lost = !is_durable && recording.is_some_and(|recording| recording.recorder.state().is_lost());
        if is_durable {
            waiting.join(visit.clone());
        } else if is_lost {
            tracing::error!(
                visit = %visit.id,
                account = %visit.grant.account,
                "the log of a shard is lost: a visit to it is granted at the next start if its record got to the disk, \
                 and not at all otherwise"
            );
        }
        !is_durable && !is_lost
    });
    while let Some((number, visit)) = waiting.next(tick.0) {
        hypogeum_crash::crash_point!("visit_durable");
        asked.insert(visit.id, number);
        store.ask(StoreRequest::SettleVisit { visit: visit.id, place: visit.place, grant: visit.grant });
    }
    match (visits.is_empty(), visits.keeper) {
        (false, None) => visits.keeper = Some(commands.spawn(KeepsServer).id()),
        (true, Some(keeper)) => {
            commands.entity(keeper).despawn();
            visits.keeper = None;
        }
        _ => {}
    }
}

/// Handles the store's answers about visits.
pub(crate) fn take_answers(
    mut answers: MessageReader<StoreAnswered>,
    config: Res<SessionsConfig>,
    (index, mut visits, mut store): (Res<SessionIndex>, ResMut<Visits>, ResMut<Store>),
    mut reply: Reply,
    mut sessions: Query<Session>,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::VisitSettled { visit, account, report } => {
                visits.asked.remove(visit);
                visits.waiting.answered();
                if let Some(report) = report {
                    send(&mut reply, &mut store, (&index, &mut sessions), *account, (*visit, report.clone()));
                }
                hypogeum_crash::crash_point!("visit_told");
            }
            StoreReply::Failed { request, failure } => {
                if let StoreRequest::SettleVisit { visit, place, grant } = &**request {
                    let visit = Visit { id: *visit, place: place.clone(), grant: grant.clone() };
                    visits.not_settled(visit, failure, (reply.tick.0, config.tick_hz));
                }
            }
            _ => {}
        }
    }
}

/// Reports to a player what its visit was worth, wherever it is now.
fn send(
    reply: &mut Reply<'_>,
    store: &mut Store,
    (index, sessions): (&SessionIndex, &mut Query<Session>),
    account: AccountId,
    settled: (MatchId, SettledReport),
) {
    let session = index.session_of(account).and_then(|session| sessions.get_mut(session).ok());
    // A session that is being greeted gets it with its profile, which was requested after the visit was granted.
    if let Some(mut session) = session.filter(|session| !matches!(*session.stage, Stage::Arriving | Stage::Loading)) {
        send_settled(reply, store, &mut session, settled);
    }
}
