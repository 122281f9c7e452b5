//! A router forgets a player's port: the player goes on from another within a moment, whichever device is to stay
//! when an account connects twice.

use std::net::UdpSocket;
use std::thread;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, Change, Client, Reconnect, Reconnected, Steering, UdpWire};
use hypogeum_testkit::TestServer;
use hypogeum_testkit::link_conditioner::{LinkConditions, UdpProxy};

use crate::files::{PATIENCE, TestFiles};

const SEED: u64 = 13;
const FRAME: Duration = Duration::from_millis(16);
/// A mode that one player can begin: machines fill the rest.
const MODE: &str = "blitz";

/// Somebody whose link is watched.
struct Roamer {
    client: Client<UdpWire>,
    reconnect: Reconnect,
    seen: Vec<Change>,
    resumed_count: u32,
}

impl Roamer {
    fn enter(url: &str, name: &str) -> Self {
        let api = Api::new(url).expect("the server's URL is good");
        api.register(name, "correct horse battery").expect("the name is free");
        let login = api.login(name, "correct horse battery").expect("it is registered");
        let client = Client::connect(&api.connect_token(&login).expect("it gets a token")).expect("it is good");
        Self { client, reconnect: Reconnect::new(api, login, None), seen: Vec::new(), resumed_count: 0 }
    }

    fn frame(&mut self) {
        match self.reconnect.watch(&mut self.client, FRAME) {
            Reconnected::Resumed => self.resumed_count += 1,
            Reconnected::GaveUp(error) => panic!("the server lets it in: {error}"),
            Reconnected::Fine | Reconnected::Trying => {}
        }
        let changes = self.client.poll(FRAME);
        if changes.contains(&Change::Opened) {
            self.client.hello("roamer");
        }
        self.seen.extend(changes);
        if self.client.view().current.is_some() {
            self.client.steer(Steering::default());
        }
        self.client.flush();
        thread::sleep(FRAME);
    }

    fn until(&mut self, what: &str, mut holds: impl FnMut(&mut Self) -> bool) {
        let began = Instant::now();
        while !holds(self) {
            assert!(began.elapsed() < PATIENCE, "waited in vain for {what} (seed {SEED})");
            self.frame();
        }
    }
}

/// A server that clients reach through a proxy, and somebody in a match there.
struct Scene {
    proxy: UdpProxy,
    roamer: Roamer,
    _server: TestServer,
    _stage: TestFiles,
}

impl Scene {
    fn set(second_device: &str) -> Self {
        println!("seed {SEED}");
        let files = TestFiles::new();
        // Connect tokens name the proxy as the server, so it is there first and learns of the server later.
        let nobody = "127.0.0.1:9".parse().expect("an address");
        let proxy = UdpProxy::start(nobody, LinkConditions::default(), SEED).expect("a proxy");
        let listen = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("a free port");
        let (at, public) = (listen.to_string(), proxy.addr().to_string());
        let server = files.start(&[
            ("HYPOGEUM_UDP__LISTEN", &at),
            ("HYPOGEUM_UDP__PUBLIC", &public),
            ("HYPOGEUM_SERVER__SECOND_DEVICE", second_device),
        ]);
        proxy.set_server(listen).expect("it is reached from here");
        let mut roamer = Roamer::enter(&server.url, "Roamer");
        roamer.until("the welcome", |it| it.client.view().session.is_some());
        roamer.client.join_queue(MODE);
        roamer.until("the match", |it| it.client.view().current.is_some() && it.client.snapshot_count() > 10);
        Self { proxy, roamer, _server: server, _stage: files }
    }
}

fn follows(second_device: &str) {
    let Scene { proxy, mut roamer, _server, _stage } = Scene::set(second_device);
    let match_id = roamer.client.view().current.as_ref().map(|current| current.id);
    proxy.renew_ports().expect("there are more ports");
    roamer.until("a new connection", |it| it.resumed_count > 0);
    roamer.seen.clear();
    let before = roamer.client.snapshot_count();
    roamer.until("the match to go on", |it| it.client.snapshot_count() > before + 10);
    let now_in = roamer.client.view().current.as_ref().map(|current| current.id);
    assert_eq!(now_in, match_id, "it is in the same match");
    assert_eq!(roamer.resumed_count, 1, "one new connection was enough");
}

#[test]
fn a_player_whose_port_is_forgotten_goes_on_from_another() {
    follows("takes_over");
}

#[test]
fn a_silent_first_device_does_not_lock_its_owner_out() {
    follows("is_refused");
}

#[test]
fn a_link_that_only_hiccups_keeps_its_connection() {
    let Scene { proxy, mut roamer, _server, _stage } = Scene::set("takes_over");
    proxy.blackout(Duration::from_millis(300));
    let before = roamer.client.snapshot_count();
    roamer.until("the match to go on", |it| it.client.snapshot_count() > before + 30);
    assert_eq!(roamer.resumed_count, 0, "a third of a second is no reason to move");
}
