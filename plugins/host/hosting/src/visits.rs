//! What visits to open shards were worth: recorded behind the step in which somebody left, granted by the store once that would survive
//! a power failure, and reported.

use std::collections::BTreeMap;

use bevy_ecs::prelude::{Commands, Entity, MessageReader, Query, Res, ResMut, Resource, Without};
use hypogeum_journal::{EndedVisit, VisitEntry};
use hypogeum_protocol::{AccountId, Grant, MatchId, Outcome, SettledReport, ShardId};
use hypogeum_sessions::{
    HostTick, InTurn, KeepsServer, Reply, Session, SessionIndex, SessionsConfig, Stage, Store, StoreAnswered,
    send_settled,
};
use hypogeum_shard::{Shard, Visitor};
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::asking::ask;
use crate::hosted::{HostedShard, OpenVisit, PlayerSeat, Seatless};
use crate::recording::{Journal, Recording};

/// A visit that has ended.
#[derive(Clone, Debug)]
struct Visit {
    id: MatchId,
    shard: ShardId,
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
    /// What the store is asked for, in whose turn, and in the log of which shard it stands.
    asked: BTreeMap<MatchId, (u64, ShardId)>,
    /// What the store has granted, in the order in which it did, until the logs of their shards are told.
    granted: Vec<(ShardId, MatchId)>,
    /// Whose they are, until it is known what they have after it.
    owners: BTreeMap<AccountId, Awaiting>,
    /// Keeps the server while there are any.
    keeper: Option<Entity>,
}

/// What an account that has left an open shard waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Awaiting {
    /// What its visit was worth is not granted yet.
    Grant,
    /// What it has now is being read.
    Profile,
}

impl Visits {
    fn is_empty(&self) -> bool {
        self.recorded.is_empty() && self.asked.is_empty() && self.waiting.is_empty()
    }

    /// Whether it is not known yet what an account has after its last visit.
    pub(crate) fn is_awaited_by(&self, account: AccountId) -> bool {
        self.owners.contains_key(&account)
    }

    /// What an account has was read, or cannot be.
    fn has_read(&mut self, account: AccountId) {
        if self.owners.get(&account) == Some(&Awaiting::Profile) {
            self.owners.remove(&account);
        }
    }

    /// The store could not grant a visit now, or refuses to for good.
    fn not_settled(&mut self, visit: Visit, failure: &StoreFailure, (tick, tick_hz): (u64, u32)) {
        let Some((number, _)) = self.asked.remove(&visit.id) else { return };
        if !failure.is_passing() {
            tracing::error!(visit = %visit.id, account = %visit.grant.account, %failure, "a visit was refused by the store, and is not granted");
            self.owners.remove(&visit.grant.account);
            return self.waiting.answered();
        }
        let id = visit.id;
        if self.waiting.failed(number, visit, tick, tick_hz) {
            tracing::warn!(visit = %id, %failure, "visits have to wait for the store");
        }
    }
}

/// Ends the visit of somebody who has left in the last step; `None` where it was worth nothing, and nothing was brought.
pub(crate) fn end(hosted: &mut HostedShard, shard: &Shard, player: &PlayerSeat) -> Option<EndedVisit> {
    let visit = hosted.visits.remove(&player.seat)?;
    let who = Visitor { account: player.account, character: visit.character, has_brought: visit.has_brought() };
    let nothing = Grant { account: player.account, ..Grant::nothing(Outcome::Died) };
    let grant = || hosted.kind.grant_visit((hosted.id, shard.world()), player.seat, who);
    // What was brought is checked in, if only as left behind, also by a kind that panics.
    let grant = ask(hosted.id, "visit_grant", grant).unwrap_or_else(|| who.has_brought.then_some(nothing))?;
    let OpenVisit { id: visit, brought, character, .. } = visit;
    Some(EndedVisit { seat: player.seat, visit, brought, character, grant })
}

/// Records what visits were worth that have ended, and tells logs which visits are granted.
pub(crate) fn record_visits(
    (mut journal, mut visits): (ResMut<Journal>, ResMut<Visits>),
    mut shards: Query<(Entity, &mut HostedShard, &Shard, Option<&mut Recording>), Without<Seatless>>,
) {
    for (shard, visit) in visits.granted.drain(..) {
        journal.visit_granted(shard, visit);
    }
    for (entity, mut hosted, shard, mut recording) in &mut shards {
        if hosted.ended_visits.is_empty() {
            continue;
        }
        let (tick, hash) = (shard.tick().0, shard.hash());
        for ended in std::mem::take(&mut hosted.ended_visits) {
            let entry = || VisitEntry { tick, hash, ended: ended.clone() };
            let record = recording.as_mut().map_or(0, |recording| journal.visit(recording, entry()));
            let (id, grant) = (ended.visit, Box::new(ended.grant));
            visits.owners.insert(grant.account, Awaiting::Grant);
            let visit = Visit { id, shard: hosted.id, place: hosted.title.clone(), grant };
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
    let Visits { recorded, waiting, asked, owners, .. } = &mut *visits;
    recorded.retain(|(shard, record, visit)| {
        let recording = recordings.get(*shard).ok().flatten();
        let is_durable = recording.is_none_or(|recording| recording.recorder.state().durable_grants() >= *record);
        let is_lost = !is_durable && recording.is_some_and(|recording| recording.recorder.state().is_lost());
        if is_durable {
            waiting.join(visit.clone());
        } else if is_lost {
            owners.remove(&visit.grant.account);
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
        asked.insert(visit.id, (number, visit.shard));
        let Visit { id, shard, place, grant } = visit;
        store.ask(StoreRequest::SettleVisit { visit: id, shard, place, grant });
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
                if let Some((_, shard)) = visits.asked.remove(visit) {
                    visits.granted.push((shard, *visit));
                }
                visits.waiting.answered();
                let is_read_again = report.as_ref().is_some_and(|report| {
                    send(&mut reply, &mut store, (&index, &mut sessions), *account, (*visit, report.clone()))
                });
                visits.owners.remove(account);
                if is_read_again {
                    visits.owners.insert(*account, Awaiting::Profile);
                }
                hypogeum_crash::crash_point!("visit_told");
            }
            StoreReply::Profile { account, .. } => visits.has_read(*account),
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::SettleVisit { visit, shard, place, grant } => {
                    let visit = Visit { id: *visit, shard: *shard, place: place.clone(), grant: grant.clone() };
                    visits.not_settled(visit, failure, (reply.tick.0, config.tick_hz));
                }
                StoreRequest::LoadProfile { account, .. } => visits.has_read(*account),
                _ => {}
            },
            _ => {}
        }
    }
}

/// Reports to a player what its visit was worth, wherever it is now. Returns whether what it has now is being read again; else it
/// is when it says hello.
fn send(
    reply: &mut Reply<'_>,
    store: &mut Store,
    (index, sessions): (&SessionIndex, &mut Query<Session>),
    account: AccountId,
    settled: (MatchId, SettledReport),
) -> bool {
    let session = index.session_of(account).and_then(|session| sessions.get_mut(session).ok());
    // A session that is being greeted gets it with its profile, which was requested after the visit was granted.
    let session = session.filter(|session| !matches!(*session.stage, Stage::Arriving | Stage::Loading));
    session.is_some_and(|mut session| send_settled(reply, store, &mut session, settled))
}
