//! Stock renet 2.0 and renet_netcode 2.0 at one end, ours at the other.

mod common;

use std::net::UdpSocket;
use std::time::Duration;

use common::{KEY, Tick, edge, unix_s, until};
use hypogeum_net::{ClientEnd, EndReason, EndState, TokenMint, UdpEdge, netcode::Ended};
use hypogeum_protocol::link::{Class, CloseReason, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{AccountId, ConnectionId, SessionId, limits};
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
    SessionTicket { account: AccountId(7), name: "stock".to_owned() }
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
        let frame = ToEdge::Frame { connection, lane, bytes: bytes.clone() };
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
fn our_client_talks_to_a_stock_server_on_every_channel() {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
    let address = socket.local_addr().expect("it is bound");
    let config = ServerConfig {
        current_time: Duration::from_secs(unix_s()),
        max_clients: 4,
        protocol_id: limits::NETCODE_PROTOCOL_ID,
        public_addresses: vec![address],
        authentication: ServerAuthentication::Secure { private_key: KEY },
    };
    let mut transport = NetcodeServerTransport::new(config, socket).expect("the socket is fine");
    let mut server = RenetServer::new(ConnectionConfig::default());
    let mint = TokenMint::new(KEY, limits::NETCODE_PROTOCOL_ID, vec![address], 5, 30).expect("one address is enough");
    let mut client = ClientEnd::connect(&mint.mint(SessionId(8), &ticket(), unix_s())).expect("our token is good");
    let mut step = |server: &mut RenetServer, client: &mut ClientEnd| {
        client.update(STEP);
        server.update(STEP);
        transport.update(STEP, server).expect("loopback works");
        transport.send_packets(server);
        transport.user_data(8)
    };
    let user_data = until("our client to connect", || {
        let user_data = step(&mut server, &mut client);
        user_data.filter(|_| client.state() == EndState::Connected)
    });
    assert_eq!(SessionTicket::from_user_data(&user_data), Some(ticket()), "the stock server reads the ticket");
    for lane in LANES {
        let up = if lane == Lane::Unreliable { vec![1; 1_100] } else { vec![1; 2_000] };
        client.send(lane, up.clone()).expect("it is connected");
        client.flush();
        let message = until("the message to arrive at the stock server", || {
            step(&mut server, &mut client);
            server.receive_message(8, channel(lane))
        });
        assert!(message == up, "{lane:?} carries it up");
        server.send_message(8, channel(lane), vec![3; 1_100]);
        let message = until("the answer to arrive", || {
            step(&mut server, &mut client);
            client.receive(lane)
        });
        assert_eq!(message, vec![3; 1_100], "{lane:?} carries it down");
    }
    server.disconnect(8);
    until("our client to hear the goodbye", || {
        step(&mut server, &mut client);
        (client.state() == EndState::Closed(EndReason::Netcode(Ended::ByServer))).then_some(())
    });
}
