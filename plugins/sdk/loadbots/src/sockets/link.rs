//! The bad link that all bots of a driver may go over: datagrams lose what it loses, streams wait for it to come again.

use std::time::Duration;

use super::Sockets;
use super::carrier::Carrier;
use crate::link_report::{LinkReport, LinkSide};

impl Sockets {
    /// Takes the next datagram or segment off the link that arrives by now, for the bot of the key returned.
    pub(crate) fn next_arrived(&mut self, now: Duration) -> Option<usize> {
        self.now = now;
        let (_, down) = self.links.as_mut()?;
        if let Some(due) = down.pop_due(now) {
            let (key, length) = (due.key as usize, due.bytes.len());
            self.buffer.get_mut(..length)?.copy_from_slice(due.bytes);
            self.arrived = Some((key, length));
            return Some(key);
        }
        loop {
            let (key, link_key, segment) = self.stream_link.as_mut()?.next_arrived(now)?;
            if self.stream_mut(key).is_some_and(|stream| stream.arrive(link_key, &segment)) {
                return Some(key);
            }
        }
    }

    /// Lets what is due leave the link for the server.
    pub(crate) fn send_due(&mut self, now: Duration) {
        self.now = now;
        let Some((up, _)) = &mut self.links else { return };
        while let Some(due) = up.pop_due(now) {
            if let Some(Carrier::Udp { socket, .. }) = self.carriers.get(due.key as usize) {
                // A datagram that does not leave is a datagram lost.
                let _ = socket.send(due.bytes);
            }
        }
        self.send_segments(now);
    }

    fn send_segments(&mut self, now: Duration) {
        while let Some((key, link_key, segment)) = self.stream_link.as_mut().and_then(|link| link.next_leaving(now)) {
            if let Some(Carrier::WebSocket(stream)) = self.carriers.get_mut(key) {
                stream.leave(&self.epoll, key, link_key, &segment);
            }
        }
    }

    /// From now on the way is clear: for goodbyes. What is under way in a stream leaves at once, for its end must not overtake it.
    pub(crate) fn unlink(&mut self) -> Option<LinkReport> {
        self.send_segments(Duration::MAX);
        let (up, down) = self.links.take()?;
        let conditions = up.conditions().to_string();
        let mut report =
            LinkReport { conditions, up: LinkSide::of(up.counters()), down: LinkSide::of(down.counters()) };
        if let Some(link) = self.stream_link.take() {
            let (up, down) = link.sides();
            report.up.add(&up);
            report.down.add(&down);
        }
        Some(report)
    }
}
