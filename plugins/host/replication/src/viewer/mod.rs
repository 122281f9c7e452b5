//! What one participant sees, and what it has been sent.

mod adding;
mod eyes;
mod passing;
mod plain;
mod reliable;

use hypogeum_content::def::InterestRule;
use hypogeum_protocol::NetId;
use hypogeum_protocol::lane::{Ack, Cell, CellBox, DownHead, DownWriter};
use hypogeum_space::{Obstacles, Position};

use crate::ack_tracker::{AckTracker, FutureAck, TRACKED_PAGES_MAX};
use crate::blocks::Blocks;
use crate::scene::Scene;

/// Bytes of a datagram kept free for events where there are any.
const EVENT_BYTES: usize = 200;

/// From where a viewer sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eye {
    /// From where an avatar is, as long as it lives; its client is sent what concerns it, too.
    Avatar(NetId),
    /// From where another's avatar is, as long as that lives: what it sees and what happens to it, but nothing that is for it alone.
    Watched(NetId),
    /// From a place, without being anyone there.
    Place(Position),
}

impl Default for Eye {
    fn default() -> Self {
        Self::Avatar(NetId::NONE)
    }
}

/// One participant's eyes, and what it was last sent. Keep one for each: buffers are used again.
#[derive(Debug, Default)]
pub struct Viewer {
    eye: Eye,
    /// How far it sees, in subunits.
    sight: i32,
    interest: InterestRule,
    /// Versions of the sheet and of the notice it was sent last.
    sent_sheet: Option<u32>,
    sent_notice: Option<u32>,
    known: AckTracker,
    /// What it follows, and how many pages there were when that was worked out.
    followed: (CellBox, usize),
    /// The cells of what it follows.
    interest_box: CellBox,
    /// The cell the eye counts to.
    home: Cell,
    /// What it was shown last besides pages, by names that rise: areas, and records of a snapshot.
    areas_shown: Vec<NetId>,
    records_shown: Vec<NetId>,
    /// The tick whose passing events it was sent last.
    sent_events_tick: u32,
    /// The last datagram had no room for everything.
    overflowed: bool,
    crowd: u32,
}

/// What one datagram contains, and how much it had no room for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SentDatagram {
    /// Number of the datagram; acks name it.
    pub seq: u16,
    /// Pages in it.
    pub pages: u32,
    /// Pages and events that found no room.
    pub left_out: u32,
}

/// No cell at all.
const NOWHERE: CellBox = CellBox { low: Cell { row: 255, column: 255 }, high: Cell { row: 0, column: 0 } };

impl Viewer {
    /// A viewer that sees `sight` subunits far.
    #[must_use]
    pub fn new(eye: Eye, sight: i32, interest: InterestRule) -> Self {
        Self { eye, sight, interest, followed: (NOWHERE, 0), ..Self::default() }
    }

    /// Sees by other eyes from now on, and is sent everything that they see again: what was seen by the last ones is no reason to see it.
    pub fn turn(&mut self, eye: Eye) {
        self.eye = eye;
        self.forget();
    }

    /// By whose eyes it sees; [`NetId::NONE`] where they are nobody's.
    pub(crate) const fn avatar(&self) -> NetId {
        match self.eye {
            Eye::Avatar(avatar) | Eye::Watched(avatar) => avatar,
            Eye::Place(_) => NetId::NONE,
        }
    }

    /// Who is told what is for one alone; [`NetId::NONE`] where these are not one's own eyes.
    pub(crate) const fn addressee(&self) -> NetId {
        match self.eye {
            Eye::Avatar(avatar) => avatar,
            Eye::Watched(_) | Eye::Place(_) => NetId::NONE,
        }
    }

    /// Where its eye is; `None` where its avatar is dead or gone.
    fn place(&self, scene: &Scene) -> Option<Position> {
        match self.eye {
            Eye::Avatar(avatar) | Eye::Watched(avatar) => {
                scene.own(avatar).filter(|own| own.view.state.is_some()).map(|own| own.at)
            }
            Eye::Place(place) => Some(place),
        }
    }

    /// The newest of its own client's inputs that the avatar has taken.
    fn input_seq(&self, scene: &Scene) -> u32 {
        scene.own(self.addressee()).map_or(0, |own| own.view.input_seq)
    }

    /// How many things there were around when it was shown something last, hidden ones included.
    #[must_use]
    pub const fn crowd(&self) -> u32 {
        self.crowd
    }

    /// Forgets what was sent: a new connection is sent it again.
    pub fn forget(&mut self) {
        self.sent_sheet = None;
        self.sent_notice = None;
        self.resync();
    }

    /// Sends everything that is seen again, as a keyframe.
    pub fn resync(&mut self) {
        self.known.forget();
        self.followed = (NOWHERE, 0);
        self.areas_shown.clear();
        self.records_shown.clear();
    }

    /// How many viewers to touch before they are shown something.
    pub const TOUCHED_AT_ONCE: usize = 8;

    /// Reads a little of what [`Viewer::learn`] and [`Viewer::show`] are about to read. Anyone who shows something to
    /// thousands touches the next [few](Self::TOUCHED_AT_ONCE) first: what memory has to bring for each of them then
    /// comes at the same time.
    pub fn touch(&self, ack: Option<Ack>) {
        core::hint::black_box(self.known.touch(ack.map_or(0, |ack| ack.newest)));
    }

    /// Learns which datagrams have arrived.
    ///
    /// # Errors
    /// [`FutureAck`] where one of them was never sent; nothing is learned.
    pub fn learn(&mut self, ack: Ack) -> Result<(), FutureAck> {
        self.known.learn(ack)
    }

    /// Ticks since the newest datagram that is known to have arrived was made, as of the one sent last.
    #[must_use]
    pub const fn unconfirmed_ticks(&self) -> u32 {
        self.known.sent_tick.saturating_sub(self.known.acked_tick)
    }

    /// Whether the last datagram had no room for everything.
    #[must_use]
    pub const fn overflowed(&self) -> bool {
        self.overflowed
    }

    /// Writes one datagram of the datagram lane to the end of `out`, at most `bytes_max` long. `reach_max` cuts interest
    /// to so many subunits, whatever the sight.
    pub fn show(
        &mut self,
        scene: &Scene,
        obstacles: &Obstacles,
        blocks: &mut Blocks,
        (bytes_max, reach_max, interval_ticks): (usize, i32, u8),
        out: &mut Vec<u8>,
    ) -> SentDatagram {
        let own = scene.own(self.avatar());
        let eye = self.place(scene);
        let reach = self.sight.min(reach_max);
        let within_reach = eye.map_or(NOWHERE, |eye| self.cells_within(eye, reach));
        let interest = match eye {
            Some(eye) => self.follow(scene, eye, (reach, within_reach), &mut blocks.scratch.pages),
            None => NOWHERE,
        };
        let head = DownHead {
            seq: self.known.next_seq,
            tick: scene.tick,
            interval_ticks,
            keyframe: self.known.acked_tick == 0,
            own: own.and_then(|own| own.view.state),
            input_seq: self.input_seq(scene),
            alive: scene.counts[0],
            extracted: scene.counts[1],
            interest,
            ..DownHead::default()
        };
        let mut writer = DownWriter::begin(out, &head, bytes_max);
        let mut sent = SentDatagram::default();
        let mut units = 0;
        if let Some(eye) = eye {
            // Areas reach from afar and hurt: they come first, and they are few.
            self.areas(scene, eye, &mut blocks.scratch.shown, |area| {
                writer.area(scene.area_bytes(area));
            });
            blocks.begin(scene.id, scene.tick, scene.pages.len());
            let has_events = scene.event_log.since(self.sent_events_tick, scene.tick).next().is_some();
            let spare = if has_events { EVENT_BYTES } else { 0 };
            units = self.add_pages(scene, obstacles, blocks, (eye, within_reach), spare, &mut writer, &mut sent);
            if has_events {
                self.add_events(scene, obstacles, eye, interest, &mut writer, &mut sent);
            }
        }
        writer.finish();
        self.overflowed = sent.left_out > 0;
        self.sent_events_tick = scene.tick;
        sent.seq = self.known.send(scene.tick, units);
        sent
    }

    /// Follows the pages of the cells within reach, and returns these cells: fewer where there are too many pages in them.
    fn follow(
        &mut self,
        scene: &Scene,
        eye: Position,
        (reach, within_reach): (i32, CellBox),
        pages: &mut Vec<u32>,
    ) -> CellBox {
        if !self.home.keeps(eye.x, eye.y) {
            self.home = Cell::of(eye.x, eye.y);
        }
        let wanted = scene.pages.on_map(self.cells_of_interest(eye, reach, within_reach));
        let now = (wanted, scene.pages.len());
        if self.followed != now {
            self.followed = now;
            self.interest_box = wanted;
            let home = self.home;
            loop {
                pages.clear();
                pages.extend(self.interest_box.cells().flat_map(|cell| scene.pages.of_cell(cell)));
                let smaller = self.interest_box.toward(home);
                if pages.len() <= TRACKED_PAGES_MAX || smaller == self.interest_box {
                    break;
                }
                self.interest_box = smaller;
            }
            self.known.follow(scene.tick, pages);
        }
        self.interest_box
    }
}
