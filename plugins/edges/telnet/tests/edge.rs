//! What a telnet client gets of the edge: in at the door, words and data in the world, and out again.

mod common;

use std::time::Duration;

use common::{Client, DO, IAC, SE, Server, WILL, WONT, news, subnegotiation, words};
use hypogeum_protocol::link::{Class, CloseReason, ToEdge};
use hypogeum_protocol::{ChatChannel, ChatLine, ServerMessage};
use hypogeum_testkit::TestAuthority;
use hypogeum_world_messages::{StatsNews, WorldNews};
use serde_json::Value;

const ECHO: u8 = 1;
const TERMINAL_TYPE: u8 = 24;
const WINDOW_SIZE: u8 = 31;
const CHARSET: u8 = 42;
const MSSP: u8 = 70;
const GMCP: u8 = 201;

#[test]
fn a_password_is_asked_for_without_echo() {
    let server = Server::start(|_| {});
    let mut client = server.stranger();
    // A wrong one first, from a client that answers nothing.
    for password in ["a guess", ""] {
        client.send(b"ann\r\n");
        let shown = client.until(b"telnet-ask-password");
        assert!(shown.windows(3).any(|window| window == [IAC, WILL, ECHO]), "the client is not to show it");
        if !password.is_empty() {
            client.send(format!("{password}\r\n").as_bytes());
            client.until(b"telnet-wrong-credentials");
        }
    }
    client.send(&[IAC, DO, ECHO]);
    client.send(b"open sesame\r\n");
    let shown = client.until(b"telnet-ask-character");
    assert!(shown.windows(3).any(|window| window == [IAC, WONT, ECHO]), "what comes next is shown again");
    assert!(!String::from_utf8_lossy(&shown).contains("sesame"), "nor does the server show it");
}

#[test]
fn who_guesses_is_refused_and_sent_away() {
    let mut server = Server::start(|_| {});
    let mut client = server.stranger();
    for _ in 0..6 {
        client.send(b"ann\r\nguess\r\n");
        client.until_text("telnet-wrong-credentials");
    }
    assert!(client.rest_text().contains("telnet-too-many-tries"), "it is told why");
    assert_eq!(server.asked().len(), 6, "and has asked so often");
    server.is_well();
}

#[test]
fn what_the_world_tells_is_read_and_what_is_typed_is_heard() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(b"get all from chest\r\n");
    assert_eq!(server.expect_line(connection), "get all from chest");
    server.tell(connection, &words("you-get", "You take 3 old coins."));
    let shown = client.until_text("telnet-prompt hp=0 hpmax=0");
    assert!(shown.contains("You take 3 old coins.\r\n"), "{shown:?}");
    let stats = StatsNews { hp: 80, hp_max: 100, mp: 20, mp_max: 30, ..StatsNews::default() };
    server.tell(connection, &news(&WorldNews::Stats(stats)));
    server.tell(connection, &words("hits-you", "The wolf hits you for 20."));
    client.until_text("telnet-prompt hp=80 hpmax=100 mp=20 mpmax=30");
    client.send(b"quit\r\n");
    assert_eq!(server.expect_line(connection), "quit");
    server.tell(connection, &words("goodbye", "You fall asleep."));
    server.tell(connection, &settled());
    let last = client.rest_text();
    assert!(last.contains("You fall asleep.") && last.contains("telnet-goodbye"), "{last:?}");
    assert_eq!(server.expect_end(connection), CloseReason::ByPeer);
    Server::until("its login is closed", || server.asked().last().is_some_and(|last| last == "LogOut"));
}

fn settled() -> ServerMessage {
    ServerMessage::Settled {
        match_id: hypogeum_protocol::MatchId(1),
        report: hypogeum_protocol::SettledReport {
            outcome: hypogeum_protocol::Outcome::Extracted,
            kills: 0,
            damage_dealt: 0,
            xp_gained: 0,
            level: 1,
            items_secured: 0,
            currency_gained: 0,
            rating: 0,
        },
    }
}

#[test]
fn everything_may_come_byte_by_byte() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    let options = [&[IAC, WILL, WINDOW_SIZE][..], &subnegotiation(WINDOW_SIZE, &[0, 30, 0, 20])].concat();
    let all = [&options[..], b"say \xff\xff and Gr\xfc\xdfe\r\n"].concat();
    for byte in all {
        client.send(&[byte]);
    }
    assert_eq!(server.expect_line(connection), "say ÿ and Grüße", "a doubled IAC is a letter of Latin-1");
    server.tell(connection, &words("says", "Somebody says, \"ÿ and Grüße – und noch mehr.\""));
    let shown = client.until(b"mehr.");
    assert!(shown.windows(2).any(|window| window == [IAC, IAC]), "it goes back as it came");
    let told = shown.windows(8).position(|window| window == b"Somebody").expect("it is told");
    let rows = shown[told..].split(|byte| *byte == b'\n').map(<[u8]>::len).max();
    assert!(rows.is_some_and(|longest| longest <= 30 + 3), "and the lines are as short as its window: {rows:?}");
    assert!(shown.windows(5).any(|window| window == b"Gr\xfc\xdfe"), "in its own characters");
}

#[test]
fn utf_8_and_colours_come_where_they_are_known() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(&[IAC, DO, CHARSET]);
    client.until(&subnegotiation(CHARSET, b"\x01;UTF-8;ISO-8859-1;US-ASCII"));
    client.send(&subnegotiation(CHARSET, b"\x02UTF-8"));
    client.send(&[IAC, WILL, TERMINAL_TYPE]);
    for name in [&b"\0TINTIN++"[..], b"\0XTERM-256COLOR", b"\0MTTS 15"] {
        client.until(&subnegotiation(TERMINAL_TYPE, &[1]));
        client.send(&subnegotiation(TERMINAL_TYPE, name));
    }
    client.send(b"look\r\n");
    server.expect_line(connection);
    server.tell(connection, &words("hits-you", "Łódź \x1b[2J hits you"));
    let shown = client.until_text("hits you");
    assert!(shown.contains("\x1b[38;5;203mŁódź [2J"), "in 256 colours, and nobody else's: {shown:?}");
}

#[test]
fn data_comes_beside_the_words_for_who_wants_it() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(&[IAC, DO, GMCP]);
    client.send(&subnegotiation(GMCP, br#"Core.Hello {"client":"tester","version":"1"}"#));
    client.send(&subnegotiation(GMCP, br#"Core.Supports.Set ["Char 1", "Comm.Channel 1"]"#));
    assert_eq!(gmcp(&mut client, "Char.Items.List"), serde_json::json!({ "location": "inv", "items": [] }));
    let stats = StatsNews { hp: 80, hp_max: 100, ..StatsNews::default() };
    server.tell(connection, &news(&WorldNews::Stats(stats)));
    let vitals = loop {
        let vitals = gmcp(&mut client, "Char.Vitals");
        if vitals["hp"] == 80 {
            break vitals;
        }
    };
    assert_eq!(vitals["maxhp"], 100);
    let line = ChatLine {
        id: 1,
        channel: ChatChannel::Zone,
        from: "Bo".to_owned(),
        to: String::new(),
        words: "hi".to_owned(),
        is_emote: false,
        at_ms: 1,
        text: "[zone] Bo: hi".to_owned(),
    };
    server.tell(connection, &ServerMessage::ChatLine(line));
    let said = gmcp(&mut client, "Comm.Channel.Text");
    assert_eq!((&said["channel"], &said["talker"]), (&Value::from("zone"), &Value::from("Bo")));
    client.until_text("[zone] Bo: hi");
    client.send(&subnegotiation(GMCP, b"Core.Ping"));
    client.until(&subnegotiation(GMCP, b"Core.Ping"));
}

/// The next message of this name.
fn gmcp(client: &mut Client<std::net::TcpStream>, message: &str) -> Value {
    client.until(&[&[IAC, common::SB, GMCP][..], message.as_bytes(), b" "].concat());
    let mut body = client.until(&[IAC, SE]);
    body.truncate(body.len() - 2);
    serde_json::from_slice(&body).expect("it is JSON")
}

#[test]
fn crawlers_are_told_which_server_this_is() {
    let server = Server::start(|config| config.name = "Test".to_owned());
    let mut client = server.stranger();
    client.send(&[IAC, DO, MSSP]);
    let told = client.until(&[IAC, SE]);
    for wanted in ["\x01NAME\x02Test", "\x01PLAYERS\x023", "\x01UPTIME\x02"] {
        assert!(String::from_utf8_lossy(&told).contains(wanted), "{wanted:?} is told");
    }
}

#[test]
fn it_speaks_tls_and_nothing_without_it() {
    let authority = TestAuthority::default();
    let mut server = Server::start(|config| config.tls = Some(authority.server()));
    let stream = authority.connect(server.connect(), &[&rustls::version::TLS13]).expect("they shake hands");
    let mut client = Client::new(stream);
    client.until_text("telnet-ask-name");
    client.log_in();
    let connection = server.let_in();
    server.tell(connection, &words("begin", "Here it begins."));
    client.until_text("telnet-prompt");
    let mut plain = Client::new(server.connect());
    plain.send(b"ann\r\nopen sesame\r\n");
    assert!(!plain.rest_text().contains("telnet-"), "a dialogue in the clear there is none");
    client.send(b"look\r\n");
    assert_eq!(server.expect_line(connection), "look", "others are not disturbed");
}

#[test]
fn who_is_taken_over_or_whose_server_ends_is_told() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    let order = ToEdge::Close { connection, reason: CloseReason::TakenOver };
    server.link.out(connection).frames.push(Class::Critical, order).expect("there is room");
    server.edge.waker().wake();
    assert!(client.rest_text().contains("telnet-taken-over"), "it is told");
    assert_eq!(server.expect_end(connection), CloseReason::TakenOver);
    let (mut client, _) = server.player();
    let ending = std::thread::spawn(move || server.edge.shutdown());
    assert!(client.rest_text().contains("telnet-server-ends"), "so is who was there last");
    drop(client);
    ending.join().expect("it ends");
}

#[test]
fn signs_of_life_are_sent_and_who_types_nothing_has_to_go() {
    let mut server = Server::start(|config| {
        config.keep_alive_every = Duration::from_millis(20);
        config.idle_timeout = Duration::from_secs(4);
    });
    let (mut client, connection) = server.player();
    client.until(&[IAC, 241]);
    assert!(client.rest_text().contains("telnet-idle"), "it is told");
    assert_eq!(server.expect_end(connection), CloseReason::TimedOut);
}

#[test]
fn commands_of_telnet_itself_are_not_for_the_world() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player();
    client.send(b"/charset ascii\r\n/charset klingon\r\nlook\r\n");
    client.until_text("telnet-set");
    client.until_text("telnet-help");
    assert_eq!(server.expect_line(connection), "look");
    server.tell(connection, &words("says", "Grüße"));
    client.until_text("Gruesse");
}
