//! Snapshots for those who do not speak the datagram lane.

use hypogeum_protocol::lane::{CellBox, PAGE_SLOTS};
use hypogeum_protocol::{OwnState, Record, codec};
use hypogeum_space::{Obstacles, Position, turn};

use super::Viewer;
use crate::blocks::Blocks;
use crate::datagram::Datagram;
use crate::scene::Scene;
use crate::things::Area;

impl Viewer {
    /// Writes an encoded [`ServerMessage::Snapshot`](hypogeum_protocol::ServerMessage::Snapshot) to `out`, at most
    /// [`limits::UNRELIABLE_BYTES_MAX`](hypogeum_protocol::limits::UNRELIABLE_BYTES_MAX) long: for those who do not speak
    /// the datagram lane.
    pub fn snapshot(&self, scene: &Scene, obstacles: &Obstacles, blocks: &mut Blocks, out: &mut Vec<u8>) {
        let own = scene.own(self.avatar);
        let state = own.and_then(|own| own.state);
        let clocks = (scene.tick, own.map_or(0, |own| own.input_seq));
        let tail = [scene.alive, scene.extracted];
        let mut candidates = core::mem::take(&mut blocks.scratch.candidates);
        candidates.clear();
        let mut datagram = Datagram::begin(out, &mut blocks.scratch.bytes, clocks, state, tail);
        if let (Some(own), Some(OwnState { .. })) = (own, state) {
            let eye = own.at;
            for area in &scene.areas {
                if within(eye, area, self.sight) {
                    datagram.add(scene.area_bytes(area));
                }
            }
            let interest = scene.pages.on_map(CellBox::around(eye.x, eye.y, self.sight));
            for index in interest.cells().flat_map(|cell| scene.pages.of_cell(cell)) {
                let Some(page) = scene.pages.page(index) else { continue };
                for slot in (0..PAGE_SLOTS).filter(|slot| page.occupied >> slot & 1 == 1) {
                    let (facet, place) = (page.facets[slot], page.place(slot));
                    let beyond = turn::distance_squared(eye, place);
                    let reach = u64::from(self.sight.unsigned_abs());
                    if facet.id != self.avatar && beyond <= reach * reach {
                        let motion = page.motions[slot];
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
            }
        }
        datagram.finish();
        blocks.scratch.candidates = candidates;
    }
}

fn within(eye: Position, area: &Area, sight: i32) -> bool {
    let reach = u64::from(sight.unsigned_abs()) + u64::from(area.extent.unsigned_abs());
    turn::distance_squared(eye, area.at) <= reach * reach
}
