//! A gateway as a plugin: bound, added, ended.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use bevy_app::App;
use hypogeum_gateway::{Admission, BindError, GatewayConfig, GatewayPlugin};

use crate::memory::Memory;
use crate::server::{SECRET, gateway};

const ASKS: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n";

fn bind(listen: SocketAddr) -> Result<GatewayPlugin, BindError> {
    GatewayPlugin::bind(listen, gateway(GatewayConfig::new(listen), &SECRET, Memory::default()))
}

fn anywhere() -> SocketAddr {
    "127.0.0.1:0".parse().unwrap()
}

#[test]
fn who_asks_before_it_is_added_is_answered_afterwards() {
    let plugin = bind(anywhere()).unwrap();
    let mut early = TcpStream::connect(plugin.local_addr()).expect("the port is open");
    early.write_all(ASKS).unwrap();

    let mut app = App::empty();
    app.add_plugins(plugin.clone());
    let mut answer = String::new();
    early.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "it is answered: {answer}");
    assert!(!app.world().resource::<Admission>().is_open(), "the app has the door, which is closed at first");

    assert!(plugin.is_running(), "it answers until it is ended");
    plugin.finish();
    plugin.finish();
    assert!(!plugin.is_running(), "it shows that it ended");
    TcpListener::bind(plugin.local_addr()).expect("the port is free again");
}

#[test]
fn one_that_is_never_added_leaves_nothing_behind() {
    let address = bind(anywhere()).unwrap().local_addr();
    TcpListener::bind(address).expect("the port is free again");
}

#[test]
fn a_taken_port_is_one_clear_sentence() {
    let taken = TcpListener::bind(anywhere()).unwrap();
    let address = taken.local_addr().unwrap();
    let said = bind(address).expect_err("somebody has it").to_string();
    let port = address.port();
    assert_eq!(said, format!("TCP port {port} is taken on 127.0.0.1: stop what uses it or configure another"));
}
