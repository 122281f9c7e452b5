//! The datagram lane over good links and bad ones: what the client shows becomes what the server has.

#[path = "../server/mod.rs"]
mod server;
mod sessions;
mod time;
mod truth;
mod up;

use std::time::Duration;

use hypogeum_client::{Change, Client, MemoryPeer, MemoryWire, Steering};
use hypogeum_protocol::lane::Up;
use server::{Link, Viewer, World, start_match};

const TICK: Duration = Duration::from_millis(33);

struct Play {
    client: Client<MemoryWire>,
    server: MemoryPeer,
    world: World,
    viewer: Viewer,
    down: Link,
    up: Link,
    now: u32,
    steers: bool,
    seen_up: Vec<Up>,
}

impl Play {
    fn new(seed: u64, things: usize, first_seq: u16) -> Self {
        let (wire, server) = MemoryWire::pair();
        start_match(&server, 1, 0);
        Self {
            client: Client::new(wire),
            server,
            world: World::new(seed, things),
            viewer: Viewer::new(first_seq),
            down: Link::new(seed + 1, (0, 0), (1, 0)),
            up: Link::new(seed + 2, (0, 0), (1, 0)),
            now: 0,
            steers: true,
            seen_up: Vec::new(),
        }
    }

    fn make_bad(&mut self, loss: u32) {
        (self.down.bad, self.down.delay) = ((loss, 5), (2, 4));
        (self.up.bad, self.up.delay) = ((loss, 5), (2, 4));
    }

    fn make_good(&mut self) {
        (self.down.bad, self.down.delay) = ((0, 0), (1, 0));
        (self.up.bad, self.up.delay) = ((0, 0), (1, 0));
    }

    /// One tick of everyone: the server first, then the client.
    fn tick(&mut self, still: bool) -> Vec<Change> {
        self.now += 1;
        self.world.step(still);
        for datagram in self.up.take(self.now) {
            let up = self.viewer.hear(&datagram);
            self.seen_up.push(up);
        }
        if self.viewer.ups > 0 {
            let datagram = self.viewer.write(&self.world, &[]);
            self.down.put(self.now, &datagram);
        }
        for datagram in self.down.take(self.now) {
            self.server.send_lane(&datagram);
        }
        let changes = self.client.poll(TICK);
        if self.steers {
            self.client.steer(Steering { walk: self.now as u16, pace: 100, ..Steering::default() });
        }
        self.client.flush();
        let mut datagram = Vec::new();
        while self.server.receive_lane(&mut datagram) {
            self.up.put(self.now, &datagram);
        }
        changes
    }

    fn walk(&mut self, dx: i32) {
        self.viewer.at.0 = (self.viewer.at.0 + dx).clamp(0, server::SIDE - 1);
    }

    fn shows_the_truth(&self) -> bool {
        let shown = self.client.view().snapshot.as_ref().map(|snapshot| snapshot.records.clone());
        shown == Some(self.world.shown(&self.viewer.interest()))
    }
}
