//! After one gap of the link every input came later, for as long as the match lasted.

use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::Steering;
use hypogeum_testkit::Player;
use hypogeum_testkit::link_conditioner::{LinkConditions, UdpProxy};

use crate::files::TestFiles;
use crate::people::{meanwhile, two_in_a_match};

const TICK: Duration = Duration::from_nanos(1_000_000_000 / 30);
/// What decides every datagram's fate; these conditions leave all of them alone.
const SEED: u64 = 29;

/// Steers once a tick for so many of them. The fewest inputs that were on their way or waiting at any time: a stutter of this
/// machine makes it more for a moment, a queue that never shortens for good.
fn fewest_under_way(player: &mut Player, ticks: u32) -> u32 {
    let mut fewest = u32::MAX;
    let mut due = Instant::now();
    for _ in 0..ticks {
        due += TICK;
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let client = player.client();
        client.poll(TICK);
        let seq = client.steer(Steering { walk: 0, pace: 0, aim: 0, ability: 0 });
        client.flush();
        let confirmed = client.view().snapshot.as_ref().map_or(0, |snapshot| snapshot.input_seq);
        fewest = fewest.min(seq - confirmed);
    }
    fewest
}

#[test]
fn a_second_after_a_gap_inputs_are_as_soon_as_before() {
    let files = TestFiles::new();
    // Connect tokens name the proxy as the server, so it is there first and learns of the server later.
    let nobody = "127.0.0.1:9".parse().expect("an address");
    let proxy = UdpProxy::start(nobody, LinkConditions::default(), SEED).expect("a proxy starts");
    let listen = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
    let (listen_at, public) = (listen.to_string(), proxy.addr().to_string());
    let server =
        files.start(&[("HYPOGEUM_UDP__LISTEN", listen_at.as_str()), ("HYPOGEUM_UDP__PUBLIC", public.as_str())]);
    proxy.set_server(listen).expect("the proxy finds it");

    let [mut one, mut other] = two_in_a_match(&server.url, ["Laggard", "Witness"]);
    meanwhile(std::slice::from_mut(&mut other), || {
        let before = fewest_under_way(&mut one.player, 60);
        for gap_ms in [100, 300, 3_000] {
            proxy.blackout(Duration::from_millis(gap_ms));
            // The gap, a second to catch up, and what is left then.
            fewest_under_way(&mut one.player, (gap_ms * 30 / 1_000) as u32 + 30);
            let after = fewest_under_way(&mut one.player, 60);
            assert!(
                after <= before + 1,
                "a second after a gap of {gap_ms} ms at least {after} inputs are under way; before it were {before}"
            );
        }
    });
}
