//! In the steady state of the datagram lane neither end allocates, however many datagrams pass.

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use common::{PATIENCE, STEP, Tick, connected, edge, until};
use hypogeum_client::ClientSocket;
use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_protocol::link::{DatagramBatch, EdgeLink};
use hypogeum_udp::UdpEdge;

/// Allocations of the whole process: this test is alone in it.
static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

/// The system's allocator, counting.
struct Counting;

#[expect(unsafe_code, reason = "an allocator cannot be wrapped without; every call goes to the system's, unchanged")]
// SAFETY: each method passes its arguments to `System`, which upholds the contract, and only counts besides.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on; the pointer came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Relaxed);
        // SAFETY: the caller's promises are passed on; the pointer came from `System`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What a tick and a client use again and again.
#[derive(Default)]
struct Buffers {
    arrived: DatagramBatch,
    leaving: DatagramBatch,
    taken: Vec<u8>,
}

/// One datagram up, its echo down, for every client.
fn exchange(
    edge: &UdpEdge,
    link: &EdgeLink,
    clients: &mut [(ClientSocket, ConnectionId)],
    buffers: &mut Buffers,
    number: u8,
) {
    let up = [LANE_BYTE, number, 0, 0, 0, 0, 0, 0];
    for (client, _) in &mut *clients {
        assert!(client.send_lane(&up), "it is connected");
    }
    let deadline = Instant::now() + PATIENCE;
    let mut echoed = 0;
    while echoed < clients.len() {
        link.datagrams.take(&mut buffers.arrived);
        for (connection, datagram) in buffers.arrived.iter() {
            echoed += 1;
            buffers.leaving.push_with(connection, |bytes| {
                bytes.extend_from_slice(datagram);
                bytes.resize(bytes.len() + 600, number);
            });
        }
        link.workers[0].datagrams.leave(&mut buffers.leaving);
        edge.wake();
        assert!(Instant::now() < deadline, "{echoed} of {} came up", clients.len());
        std::thread::yield_now();
    }
    for (client, _) in clients {
        while !client.take_lane(&mut buffers.taken) {
            client.update(STEP / 10);
            assert!(Instant::now() < deadline, "no echo came down");
            std::thread::yield_now();
        }
        assert!(buffers.taken.len() == 608 && buffers.taken.ends_with(&[number; 600]), "the echo is whole");
    }
}

#[test]
fn thousands_of_datagrams_each_way_allocate_nothing() {
    let edge = edge();
    let mut tick = Tick::default();
    let mut clients: Vec<_> = (1..=50).map(|session| connected(&edge, &mut tick, session)).collect();
    until("the handshakes' messages to be done", || {
        tick.take(&edge);
        (tick.opened.len() == clients.len()).then_some(())
    });
    let (link, mut buffers) = (edge.link(), Buffers::default());
    let before = ALLOCATIONS.load(Relaxed);
    assert!(before > 0, "a measure that sees nothing is none");
    // Buffers find their size; no connection may send faster than its allowance.
    let mut rounds = |count: u8| {
        for number in 0..count {
            exchange(&edge, &link, &mut clients, &mut buffers, number);
            std::thread::sleep(STEP * 2);
        }
        ALLOCATIONS.load(Relaxed)
    };
    let mut settled = rounds(30);
    // A busy machine lets more datagrams meet in one batch than ever before, and that batch grows once: the steady state
    // may come late. What allocates for each datagram never comes to it.
    let mut stretches = [0; 5];
    for grown in &mut stretches {
        *grown = rounds(100) - settled;
        settled += *grown;
        if *grown < 50 {
            return;
        }
    }
    panic!("5,000 datagrams up and 5,000 down never find the memory they need: {stretches:?} more pieces");
}
