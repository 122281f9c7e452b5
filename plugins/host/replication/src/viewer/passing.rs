//! What passes: events that go with the datagrams.

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::codec;
use hypogeum_protocol::lane::{Cell, CellBox, DownWriter};
use hypogeum_space::{Obstacles, Position};

use super::{SentDatagram, Viewer};
use crate::event_log::{EventLog, Redaction, TickEvents};
use crate::scene::Scene;

impl Viewer {
    /// What passes around: whole rows of cells at once where all of them are seen, else each event by itself.
    pub(super) fn add_events(
        &self,
        scene: &Scene,
        obstacles: &Obstacles,
        eye: Position,
        interest: CellBox,
        writer: &mut DownWriter<'_>,
        sent: &mut SentDatagram,
    ) {
        let CellBox { low, high } = interest;
        let sightlines = scene.sightlines.from(obstacles, self.home);
        // What it is sent reliably must not come twice. Anyone who is concerned is shown something in that very tick,
        // so that can only be of this one.
        let by_rows = self.interest == InterestRule::Cells && !scene.event_log.keeps(self.avatar());
        let all_clear = by_rows && sightlines.all_clear(interest);
        for events in scene.event_log.since(self.sent_events_tick, scene.tick) {
            for row in low.row..=high.row {
                let mut columns = low.column..=high.column;
                let clear = all_clear || by_rows && columns.all(|column| sightlines.clear(Cell { row, column }));
                if clear && Self::add_row(events, row, interest, all_clear, writer) {
                    continue;
                }
                for local in events.row(row, low.column, high.column) {
                    let own = local.event.concerns(self.avatar());
                    // Told reliably already.
                    if own && EventLog::is_kept(&local.event) {
                        continue;
                    }
                    if !own && !self.sees(eye, local.at, scene, obstacles) {
                        continue;
                    }
                    let (doer, whom) = local.subjects;
                    let sees_doer = || local.doer_at.is_some_and(|at| self.sees(eye, at, scene, obstacles));
                    let named = own || doer == whom || sees_doer();
                    let mut bytes = Vec::with_capacity(24);
                    codec::encode_into(&if named { local.event } else { local.event.unnamed() }, &mut bytes);
                    if !writer.event(&bytes) {
                        sent.left_out += 1;
                        return;
                    }
                }
            }
        }
    }

    /// A row of cells that are all seen. Within the box what is beside a cell is seen too; at its edge that is not sure.
    fn add_row(
        events: &TickEvents,
        row: u8,
        CellBox { low, high }: CellBox,
        all_clear: bool,
        writer: &mut DownWriter<'_>,
    ) -> bool {
        if all_clear && low.row < row && row < high.row && low.column + 1 < high.column {
            let edges = [low.column, high.column].map(|column| events.encoded(row, column, column, Redaction::Same));
            let inner = events.encoded(row, low.column + 1, high.column - 1, Redaction::Beside);
            let parts = [edges[0], inner, edges[1]];
            let bytes: usize = parts.iter().map(|part| part.0.len()).sum();
            let count: usize = parts.iter().map(|part| part.1).sum();
            let fits = bytes <= writer.room() && count <= writer.events_left();
            return fits && parts.iter().all(|(bytes, count)| writer.events(bytes, *count));
        }
        let (bytes, count) = events.encoded(row, low.column, high.column, Redaction::Same);
        writer.events(bytes, count)
    }
}
