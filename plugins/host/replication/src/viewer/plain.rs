//! Snapshots for those who do not speak the datagram lane.

use hypogeum_protocol::lane::{CELL_MARGIN, CellBox, PAGE_SLOTS};
use hypogeum_protocol::{Record, codec};
use hypogeum_space::{Obstacles, Position, turn};

use super::Viewer;
use super::eyes::{SIGHT_MARGIN, limits_squared};
use crate::blocks::Blocks;
use crate::datagram::Datagram;
use crate::scene::Scene;

impl Viewer {
    /// Writes an encoded [`ServerMessage::Snapshot`](hypogeum_protocol::ServerMessage::Snapshot) to `out`, at most
    /// [`limits::UNRELIABLE_BYTES_MAX`](hypogeum_protocol::limits::UNRELIABLE_BYTES_MAX) long: for those who do not speak
    /// the datagram lane.
    pub fn snapshot(&mut self, scene: &Scene, obstacles: &Obstacles, blocks: &mut Blocks, out: &mut Vec<u8>) {
        let own = scene.own(self.avatar());
        let state = own.and_then(|own| own.view.state);
        let clocks = (scene.tick, self.input_seq(scene));
        let tail = scene.counts;
        let mut candidates = core::mem::take(&mut blocks.scratch.candidates);
        candidates.clear();
        let mut datagram = Datagram::begin(out, &mut blocks.scratch.bytes, clocks, state, tail);
        if let Some(eye) = self.place(scene) {
            let shown = &mut blocks.scratch.shown;
            self.areas(scene, eye, shown, |area| {
                datagram.add(scene.area_bytes(area));
            });
            shown.clear();
            let (enter, leave) = limits_squared(self.sight, 0);
            let reach = self.sight.saturating_add(SIGHT_MARGIN + CELL_MARGIN);
            let interest = scene.pages.on_map(CellBox::around(eye.x, eye.y, reach));
            for index in interest.cells().flat_map(|cell| scene.pages.of_cell(cell)) {
                let Some((page, slots)) = scene.pages.page(index).zip(scene.pages.slots(index)) else { continue };
                for slot in (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1) {
                    let (facet, place) = (slots.facets[slot], slots.place(slot));
                    let beyond = turn::distance_squared(eye, place);
                    let stays = || beyond <= leave && self.records_shown.binary_search(&facet.id).is_ok();
                    if facet.id != self.avatar() && (beyond <= enter || stays()) {
                        let motion = slots.motions[slot];
                        let record = Record {
                            id: facet.id,
                            kind: facet.kind,
                            template: facet.template,
                            x: place.x,
                            y: place.y,
                            heading: motion.heading(),
                            hp_band: motion.hp_band(),
                            extent: 0,
                        };
                        candidates.push((beyond, facet.id, record));
                    }
                }
            }
            candidates.sort_unstable_by_key(|candidate| (candidate.0, candidate.1));
            for (_, _, record) in &candidates {
                if !datagram.is_open() {
                    break;
                }
                if !obstacles.sight(eye, Position { x: record.x, y: record.y }) {
                    continue;
                }
                if !datagram.add(&codec::encode(record)) {
                    break;
                }
                shown.push(record.id);
            }
            shown.sort_unstable();
            core::mem::swap(&mut self.records_shown, shown);
        }
        datagram.finish();
        blocks.scratch.candidates = candidates;
    }
}
