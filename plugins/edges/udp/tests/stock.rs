//! Stock renet 2.0 and renet_netcode 2.0 at one end, ours at the other.

mod common;

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use common::{KEY, Tick, config, edge, unix_s, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::{ConnectionState, DropReason, EndReason, Ended, TokenMint};
use hypogeum_protocol::link::{Class, CloseReason, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{AccountId, ConnectionId, SessionId, limits};
use hypogeum_udp::{NetConfig, UdpEdge};
use renet::{ConnectionConfig, DefaultChannel, RenetClient, RenetServer};
use renet_netcode::{
    ClientAuthentication, ConnectToken, NetcodeClientTransport, NetcodeServerTransport, ServerAuthentication,
    ServerConfig,
};

const STEP: Duration = Duration::from_millis(5);
const LANES: [Lane; 3] = [Lane::Unreliable, Lane::ReliableUnordered, Lane::ReliableOrdered];

fn channel(lane: Lane) -> DefaultChannel {
    match lane {
        Lane::Unreliable => DefaultChannel::Unreliable,
        Lane::ReliableUnordered => DefaultChannel::ReliableUnordered,
        Lane::ReliableOrdered => DefaultChannel::ReliableOrdered,
    }
}

fn ticket() -> SessionTicket {
    SessionTicket { account: AccountId(7), name: "stock".to_owned(), character: None }
}

/// A client built as renet's own examples build it.
struct StockClient {
    renet: RenetClient,
    transport: NetcodeClientTransport,
}

impl StockClient {
    fn new(token: &[u8]) -> Self {
        let connect_token = ConnectToken::read(&mut &token[..]).expect("stock renetcode reads our token");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
        let authentication = ClientAuthentication::Secure { connect_token };
        let transport = NetcodeClientTransport::new(Duration::from_secs(unix_s()), authentication, socket);
        Self {
            renet: RenetClient::new(ConnectionConfig::default()),
            transport: transport.expect("the token names a server"),
        }
    }

    fn update(&mut self) {
        self.renet.update(STEP);
        let _ = self.transport.update(STEP, &mut self.renet);
        let _ = self.transport.send_packets(&mut self.renet);
    }

    fn connected(edge: &UdpEdge, tick: &mut Tick, session: u64) -> (Self, ConnectionId) {
        let mut client = Self::new(&edge.token_mint().mint(SessionId(session), &ticket(), unix_s()));
        let connection = until("the stock client to connect", || {
            client.update();
            tick.take(edge);
            client.renet.is_connected().then(|| tick.connection_of(SessionId(session))).flatten()
        });
        (client, connection)
    }
}

#[test]
fn a_stock_client_talks_to_our_edge_on_every_channel() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = StockClient::connected(&edge, &mut tick, 4);
    assert_eq!(tick.tickets, [(SessionId(4), ticket())], "the tick learns who it is");
    for lane in LANES {
        client.renet.send_message(channel(lane), b"up".to_vec());
        until("the message to reach the tick", || {
            client.update();
            tick.take(&edge);
            tick.frames.contains(&(connection, lane, b"up".to_vec())).then_some(())
        });
        let bytes = if lane == Lane::Unreliable { vec![1; 1_100] } else { vec![2; 50_000] };
        let frame = ToEdge::Frame { connection, lane, bytes: bytes.clone(), answers: None };
        edge.link().out(connection).frames.push(Class::Gameplay, frame).expect("the queue has room");
        let message = until("the answer to arrive", || {
            client.update();
            client.renet.receive_message(channel(lane))
        });
        assert!(message == bytes, "{lane:?} carries {} bytes down", bytes.len());
    }
    edge.link()
        .out(connection)
        .frames
        .push(Class::Critical, ToEdge::Close { connection, reason: CloseReason::ByServer })
        .unwrap();
    until("the stock client to hear the goodbye", || {
        client.update();
        client.transport.disconnect_reason()
    });
}

#[test]
fn a_stock_client_says_goodbye() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = StockClient::connected(&edge, &mut tick, 4);
    client.transport.disconnect();
    until("the tick to hear it", || {
        tick.take(&edge);
        tick.closed.contains(&(connection, CloseReason::ByPeer)).then_some(())
    });
}

#[test]
fn a_stock_client_that_falls_silent_times_out_and_one_that_hears_nothing_gives_up() {
    let edge = UdpEdge::bind(NetConfig { timeout_s: 1, ..config() }).expect("any port is free");
    let mut tick = Tick::default();
    let (_silent, connection) = StockClient::connected(&edge, &mut tick, 4);
    until("the silent one to time out", || {
        tick.take(&edge);
        tick.closed.contains(&(connection, CloseReason::TimedOut)).then_some(())
    });
    let (mut deaf, _) = StockClient::connected(&edge, &mut tick, 5);
    deaf.renet.update(Duration::from_secs(2));
    let _ = deaf.transport.update(Duration::from_secs(2), &mut deaf.renet);
    assert!(deaf.transport.disconnect_reason().is_some(), "two seconds without a word are more than the token's one");
}

#[test]
fn a_stock_client_with_a_used_token_or_one_of_another_key_is_refused() {
    let edge = edge();
    let mut tick = Tick::default();
    let token = edge.token_mint().mint(SessionId(4), &ticket(), unix_s());
    let mut first = StockClient::new(&token);
    until("the first to connect", || {
        first.update();
        tick.take(&edge);
        first.renet.is_connected().then_some(())
    });
    first.transport.disconnect();
    until("the goodbye to be heard", || {
        tick.take(&edge);
        (tick.closed.len() == 1).then_some(())
    });
    let others = TokenMint::new([9; 32], limits::NETCODE_PROTOCOL_ID, vec![edge.local_addr()], 5, 30)
        .expect("one address is enough");
    for (token, reason) in
        [(token, DropReason::TokenReused), (others.mint(SessionId(5), &ticket(), unix_s()), DropReason::TokenForged)]
    {
        let mut client = StockClient::new(&token);
        until("the refusal to be counted", || {
            client.update();
            (edge.counters().dropped(reason) > 0).then_some(())
        });
        assert!(client.renet.is_connecting(), "nobody answers: {reason:?}");
    }
    assert_eq!(edge.counters().connections_opened, 1, "only the first one got in");
}

/// A server built as renet's own examples build it.
struct StockServer {
    renet: RenetServer,
    transport: NetcodeServerTransport,
    address: SocketAddr,
}

impl StockServer {
    fn bind() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
        let address = socket.local_addr().expect("it is bound");
        let config = ServerConfig {
            current_time: Duration::from_secs(unix_s()),
            max_clients: 4,
            protocol_id: limits::NETCODE_PROTOCOL_ID,
            public_addresses: vec![address],
            authentication: ServerAuthentication::Secure { private_key: KEY },
        };
        let transport = NetcodeServerTransport::new(config, socket).expect("the socket is fine");
        Self { renet: RenetServer::new(ConnectionConfig::default()), transport, address }
    }

    fn mint(&self, key: [u8; 32]) -> TokenMint {
        TokenMint::new(key, limits::NETCODE_PROTOCOL_ID, vec![self.address], 5, 30).expect("one address is enough")
    }

    fn update(&mut self, elapsed: Duration) {
        self.renet.update(elapsed);
        self.transport.update(elapsed, &mut self.renet).expect("loopback works");
        self.transport.send_packets(&mut self.renet);
    }

    /// Our client, connected.
    fn connected(&mut self, token: &[u8]) -> ClientSocket {
        let mut client = ClientSocket::connect(token).expect("our token is good");
        until("our client to connect", || {
            client.update(STEP);
            self.update(STEP);
            (client.state() == ConnectionState::Connected).then_some(())
        });
        client
    }
}

#[test]
fn our_client_talks_to_a_stock_server_on_every_channel() {
    let mut server = StockServer::bind();
    let mut client = server.connected(&server.mint(KEY).mint(SessionId(8), &ticket(), unix_s()));
    let user_data = server.transport.user_data(8).expect("the client is connected");
    assert_eq!(SessionTicket::from_user_data(&user_data), Some(ticket()), "the stock server reads the ticket");
    for lane in LANES {
        let up = if lane == Lane::Unreliable { vec![1; 1_100] } else { vec![1; 2_000] };
        client.send(lane, up.clone()).expect("it is connected");
        client.flush();
        let message = until("the message to arrive at the stock server", || {
            client.update(STEP);
            server.update(STEP);
            server.renet.receive_message(8, channel(lane))
        });
        assert!(message == up, "{lane:?} carries it up");
        server.renet.send_message(8, channel(lane), vec![3; 1_100]);
        let message = until("the answer to arrive", || {
            client.update(STEP);
            server.update(STEP);
            client.receive(lane)
        });
        assert_eq!(message, vec![3; 1_100], "{lane:?} carries it down");
    }
    server.renet.disconnect(8);
    until("our client to hear the goodbye", || {
        client.update(STEP);
        server.update(STEP);
        (client.state() == ConnectionState::Closed(EndReason::Netcode(Ended::ByServer))).then_some(())
    });
}

#[test]
fn our_client_says_goodbye_to_a_stock_server() {
    let mut server = StockServer::bind();
    let mut client = server.connected(&server.mint(KEY).mint(SessionId(8), &ticket(), unix_s()));
    client.disconnect();
    until("the stock server to hear it", || {
        server.update(STEP);
        (server.transport.connected_clients() == 0).then_some(())
    });
}

#[test]
fn silence_between_our_client_and_a_stock_server_ends_at_both_ends() {
    let mut server = StockServer::bind();
    let mut client = server.connected(&server.mint(KEY).mint(SessionId(8), &ticket(), unix_s()));
    // What is on its way already would count as a sign of life: let nobody look.
    client.advance(Duration::from_secs(6));
    assert_eq!(client.state(), ConnectionState::Closed(EndReason::Netcode(Ended::TimedOut)), "our client gives up");
    until("the stock server to give up as well", || {
        server.update(STEP * 20);
        (server.transport.connected_clients() == 0).then_some(())
    });
}

#[test]
fn a_stock_server_refuses_our_client_with_a_used_token_or_one_of_another_key() {
    let mut server = StockServer::bind();
    let used = server.mint(KEY).mint(SessionId(8), &ticket(), unix_s());
    let _first = server.connected(&used);
    let forged = server.mint([9; 32]).mint(SessionId(9), &ticket(), unix_s());
    for token in [used, forged] {
        let mut client = ClientSocket::connect(&token).expect("the client cannot tell");
        // All the time the token gives to one server, as the client's clock has it.
        until("the client to give up", || {
            client.update(STEP * 20);
            server.update(STEP);
            let unanswered = ConnectionState::Closed(EndReason::Netcode(Ended::Unanswered));
            (client.state() == unanswered).then_some(())
        });
    }
    assert_eq!(server.transport.connected_clients(), 1, "only the first one is in");
}
