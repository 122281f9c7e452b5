//! Writes what happens in a shard into its log.

use bevy_ecs::prelude::{Component, Query, Res, ResMut, Resource, Without};
use hypogeum_journal::{
    Close, GrantsEntry, Header, JournalFolder, JournalHealth, Recorder, RecordingConfig, VisitEntry,
};
use hypogeum_protocol::{Delivery, Grant, MatchId, Seat, ShardId};
use hypogeum_shard::host::{AppliedCommands, Crashed, Stepped};
use hypogeum_shard::{Outbox, Rules, Shard, StateHash};

use crate::hosted::HostedShard;

/// The journal, where there is one.
#[derive(Resource, Debug)]
pub struct Journal(Option<RecordingConfig>);

/// The log of a shard that runs.
#[derive(Component, Debug)]
pub struct Recording {
    /// What writes it.
    pub recorder: Recorder,
    /// The last step recorded, and that of the last snapshot.
    recorded_tick: u32,
    snapshot_tick: u32,
    /// Records of grants and of visits, those of an earlier run included.
    grants: u32,
    /// The first step that promised somebody something: that it got out.
    first_promise_tick: Option<u32>,
}

/// Whose rewards a record of grants contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantScope {
    /// Those of some players who are done while others play.
    SomeSeats,
    /// Everyone's: the match is over.
    Everyone,
}

impl Recording {
    /// Whether the log takes no more records and the settlement is not in it.
    pub fn is_lost(&self) -> bool {
        let state = self.recorder.state();
        state.is_lost() && !state.is_settlement_durable()
    }

    /// Whether what a step did would survive a power failure.
    pub fn is_durable(&self, tick: u32) -> bool {
        tick <= self.recorder.state().durable_tick()
    }

    /// The last step recorded.
    pub(crate) const fn recorded_tick(&self) -> u32 {
        self.recorded_tick
    }

    /// Whether a promise is on its way into the log: it may be sent at any time.
    pub const fn has_recorded_promise(&self) -> bool {
        self.first_promise_tick.is_some()
    }

    /// Whether somebody may have been sent a promise that only this shard can keep.
    pub fn has_promised(&self) -> bool {
        self.first_promise_tick.is_some_and(|tick| tick <= self.recorder.state().durable_tick())
    }
}

impl Journal {
    pub(crate) const fn new(config: Option<RecordingConfig>) -> Self {
        Self(config)
    }

    /// Whether nothing can be promised now, so that nothing may begin.
    pub fn is_in_trouble(&self) -> bool {
        self.0.as_ref().is_some_and(|config| config.port.health() != JournalHealth::Good)
    }

    /// Whether the disk has failed, and a restart must look at what is really there.
    pub fn is_broken(&self) -> bool {
        self.0.as_ref().is_some_and(|config| config.port.health() == JournalHealth::Broken)
    }

    /// Begins the log of a shard; nothing where nothing is recorded.
    pub fn begin(&mut self, header: impl FnOnce([u8; 32], u64) -> Header) -> Option<Recording> {
        let config = self.0.as_mut()?;
        let recorder = config.port.begin(header(config.key, (config.unix_s)()));
        Some(Recording { recorder, recorded_tick: 0, snapshot_tick: 0, grants: 0, first_promise_tick: None })
    }

    /// Goes on recording a match that was resumed after `tick`. `promised`: a promise is on record, and may have been sent.
    pub(crate) fn go_on(&self, recorder: Recorder, tick: u32, promised: bool) -> Option<Recording> {
        let first_promise_tick = promised.then_some(0);
        let grants = recorder.state().durable_grants();
        let recording = Recording { recorder, recorded_tick: tick, snapshot_tick: tick, grants, first_promise_tick };
        self.0.as_ref().map(|_| recording)
    }

    /// Where logs lie.
    pub(crate) fn logs(&self) -> Option<JournalFolder> {
        self.0.as_ref().map(|config| config.port.logs().clone())
    }

    /// Records what taking part was worth after a step. Returns the number of the record, from 1.
    pub fn grant(
        &mut self,
        recording: &mut Recording,
        (tick, hash): (u32, StateHash),
        scope: GrantScope,
        grants: Vec<Grant>,
    ) -> u32 {
        recording.grants += 1;
        if let Some(config) = &mut self.0 {
            let entry = GrantsEntry { tick, hash, is_settlement: scope == GrantScope::Everyone, grants };
            config.port.grant(&recording.recorder, entry);
        }
        recording.grants
    }

    /// Records what a visit was worth after the step in which it ended. Returns the number of the record, from 1.
    pub(crate) fn visit(&mut self, recording: &mut Recording, visit: VisitEntry) -> u32 {
        recording.grants += 1;
        if let Some(config) = &mut self.0 {
            config.port.visit(&recording.recorder, visit);
        }
        recording.grants
    }

    /// The store has granted a visit on record.
    pub(crate) fn visit_granted(&mut self, shard: ShardId, visit: MatchId) {
        if let Some(config) = &mut self.0 {
            config.port.granted(shard, visit);
        }
    }

    /// Lets what was recorded get to the disk at once: somebody waits for it.
    pub fn hurry(&mut self, recorder: &Recorder) {
        if let Some(config) = &mut self.0 {
            config.port.hurry(recorder);
        }
    }

    /// Ends a log.
    pub fn close(&mut self, recorder: &Recorder, how: Close) {
        if let Some(config) = &mut self.0 {
            config.port.close(recorder, how);
        }
    }

    fn hand_over(&mut self) {
        if let Some(config) = &mut self.0 {
            config.port.hand_over();
        }
    }
}

type Recorded<'a> = (&'a HostedShard, &'a Shard, &'a mut AppliedCommands, &'a mut Recording);

/// Records the steps that shards have taken.
pub(crate) fn record(
    mut journal: ResMut<Journal>,
    stepped: Res<Stepped>,
    mut shards: Query<Recorded, Without<Crashed>>,
) {
    let Some(config) = &mut journal.0 else { return };
    for (hosted, shard, mut applied, mut recording) in shards.iter_many_unique_mut(&stepped.0).flatten() {
        record_step(config, (hosted, shard), (&mut applied, &mut recording));
    }
}

/// Records the last step of a shard, unless that was done.
fn record_step(
    config: &mut RecordingConfig,
    (hosted, shard): (&HostedShard, &Shard),
    (applied, recording): (&mut AppliedCommands, &mut Recording),
) {
    let (tick, hash) = (shard.tick().0, shard.hash());
    if tick == recording.recorded_tick {
        return;
    }
    config.port.tick(&recording.recorder, tick, hash, &mut applied.0);
    recording.recorded_tick = tick;
    let seats = promised_seats(hosted, shard);
    if !seats.is_empty() {
        recording.first_promise_tick.get_or_insert(tick);
        config.port.promise(&recording.recorder, tick, seats);
    }
}

/// Records whole worlds, each as often as is configured and behind all else that is on record of its step; and hands over what was
/// recorded in this tick.
pub(crate) fn take_snapshots(
    mut journal: ResMut<Journal>,
    mut shards: Query<(&mut Shard, &mut Recording), Without<Crashed>>,
) {
    let Some(config) = &mut journal.0 else { return };
    for (mut shard, mut recording) in &mut shards {
        let (tick, seconds) = (recording.recorded_tick, config.snapshot_s.max(1));
        let steps = tick - recording.snapshot_tick;
        // A shard takes one step a second at least, so few have to be asked how many.
        if steps >= seconds && steps >= seconds * shard.world().resource::<Rules>().tick_hz {
            recording.snapshot_tick = tick;
            let (hash, bytes) = (shard.hash(), shard.snapshot());
            config.port.snapshot(&recording.recorder, tick, hash, bytes);
        }
    }
    config.port.hand_over();
}

/// The seats of accounts to which the last step promised something, rising.
fn promised_seats(hosted: &HostedShard, shard: &Shard) -> Vec<Seat> {
    let events = shard.world().resource::<Outbox>().0.iter().map(|outgoing| outgoing.event);
    let durable = events.filter(|event| event.delivery() == Delivery::Durable);
    let concerned = durable.flat_map(|event| hosted.players.iter().filter(move |player| event.concerns(player.avatar)));
    let mut seats: Vec<Seat> = concerned.map(|player| player.seat).collect();
    seats.sort_unstable();
    seats.dedup();
    seats
}

/// Hands over what was recorded since: settlements and ends.
pub(crate) fn hand_over(mut journal: ResMut<Journal>) {
    journal.hand_over();
}
