//! A gateway that is asked over real TCP.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use base64::Engine;
use bevy_app::App;
use hypogeum_accounts::TokenKeys;
use hypogeum_content::Content;
use hypogeum_gateway::{Admission, CONNECT_TOKEN_BYTES, Gateway, GatewayConfig, GatewayPlugin};
use hypogeum_ladders::{Ladders, LaddersPort};
use hypogeum_leaderboards::Boards;
use hypogeum_matches::TicketsPort;
use hypogeum_protocol::SessionId;
use hypogeum_protocol::link::SessionTicket;
use serde_json::{Value, json};

use crate::creature_rules::{TestRules, test_kinds};
use crate::memory::Memory;

pub(crate) const SECRET: [u8; 32] = [3; 32];
pub(crate) const GOOD: &str = "correct horse";

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) admission: Admission,
    plugin: GatewayPlugin,
}

/// Everything that was answered to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    pub(crate) fn number(&self, name: &str) -> u64 {
        self.header(name).and_then(|text| text.parse().ok()).unwrap_or_else(|| panic!("no number {name}: {self:?}"))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The header that proves a login.
pub(crate) fn bearer(login: &Value) -> String {
    format!("Bearer {}", login["access_token"].as_str().unwrap())
}

/// A board with seasons of a day, and one without.
fn boards() -> Boards {
    let wins = r#"(
        name: "Wins", description: "Won today.", counts: GamesWon(), operator: Increment, season: Daily(at: "04:00"),
        rewards: [(to_rank: 3, currency: 7)],
    )"#;
    let ever =
        r#"(name: "Ever", description: "Since it began.", counts: Submissions, operator: Best, order: Ascending)"#;
    Boards::of(&Content::from_files([("leaderboards/wins.ron", wins), ("leaderboards/ever.ron", ever)]).unwrap())
}

/// A ladder with two ranks and no seasons.
fn ladders() -> Ladders {
    let climb = r#"(
        name: "Climb", description: "Up.", tournament: "bout", rating_window: (start: 100, per_s: 10, max: 900),
        ranks: [(key: "low", name: "Low", from: 0), (key: "high", name: "High", from: 1400)], battles_min: 3,
    )"#;
    let bout = r#"(
        name: "Bout", description: "B.", battle: "b", format: SingleElimination(), entrants_min: 2, entrants_max: 2,
        clock: (turn_s: 20, lapse: Forfeit),
    )"#;
    let battle = r#"(
        name: "B", stat_base: 10, stat_min: 1, stat_max: 20, points_at_creation: 6, hp_base: 0, hp_per_health: 10,
        damage_min: 5, damage_max: 15, strength_divisor: 10, crit_bp_per_luck: 150, crit_damage_bp: 15000,
        dodge_bp_per_speed: 200, defended_bp: 3000, defence_bp_per_point: 250, damage_least: 1,
        special: (damage_bp: 17500, dodge_bp: 7000, crit_bp: 12000, defence_bp: 7000), defends: 1, specials: 1,
        turns_max: 200,
    )"#;
    let files = [("ladders/climb.ron", climb), ("tournaments/bout.ron", bout), ("battles/b.ron", battle)];
    Ladders::of(&Content::from_files(files).unwrap())
}

impl Server {
    pub(crate) fn start(change: impl FnOnce(&mut GatewayConfig), store: Memory) -> Self {
        Self::with_secret(SECRET, change, store)
    }

    /// One that signs access tokens with `secret`.
    pub(crate) fn with_secret(secret: [u8; 32], change: impl FnOnce(&mut GatewayConfig), store: Memory) -> Self {
        let mut config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
        change(&mut config);
        let gateway = gateway(config, &secret, store).with_creatures(Arc::new(TestRules::new())).unwrap();
        let gateway = gateway.with_tournaments(test_kinds()).unwrap();
        let gateway = gateway.with_leaderboards(boards()).unwrap();
        Self::serve(gateway.with_ladders(ladders(), LaddersPort::default()).unwrap())
    }

    /// One of a game that has no creatures.
    pub(crate) fn without_creatures() -> Self {
        let config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
        Self::serve(gateway(config, &SECRET, Memory::default()))
    }

    /// One whose tick is asked by `port`.
    pub(crate) fn with_tickets(port: TicketsPort) -> Self {
        let config = GatewayConfig::new("203.0.113.9:27500".parse().unwrap());
        Self::serve(gateway(config, &SECRET, Memory::default()).with_tickets(port))
    }

    pub(crate) fn serve(gateway: Gateway<Memory>) -> Self {
        let plugin = GatewayPlugin::bind("127.0.0.1:0".parse().unwrap(), gateway).unwrap();
        App::empty().add_plugins(plugin.clone());
        plugin.admission().open();
        Self::of(plugin)
    }

    /// One that runs.
    pub(crate) fn of(plugin: GatewayPlugin) -> Self {
        Self { address: plugin.local_addr(), admission: plugin.admission().clone(), plugin }
    }

    pub(crate) fn plain() -> Self {
        Self::start(|_| (), Memory::default())
    }

    fn agent() -> ureq::Agent {
        ureq::Agent::config_builder().http_status_as_error(false).build().into()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post_as(path, None, "application/json", &body.to_string())
    }

    pub(crate) fn post_as(&self, path: &str, bearer: Option<&str>, content_type: &str, body: &str) -> (u16, Value) {
        let mut request =
            Self::agent().post(format!("http://{}{path}", self.address)).header("content-type", content_type);
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        read(request.send(body).unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> (u16, Value) {
        read(Self::agent().get(format!("http://{}{path}", self.address)).call().unwrap())
    }

    /// Sends bytes as they are, as far as the server takes them, and reads all that comes back.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        // A reset after the answer is as good an end as any.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn register(&self, name: &str) -> (u16, Value) {
        self.post("/v1/accounts", &json!({ "name": name, "password": GOOD }))
    }

    pub(crate) fn login(&self, name: &str, password: &str) -> (u16, Value) {
        self.post("/v1/login", &json!({ "name": name, "password": password }))
    }

    pub(crate) fn guest(&self, name: &str) -> (u16, Value) {
        self.post("/v1/guests", &json!({ "name": name }))
    }

    /// Registers and logs in; the login's answer.
    pub(crate) fn player(&self, name: &str) -> Value {
        assert_eq!(self.register(name).0, 201, "{name} is free");
        let (status, login) = self.login(name, GOOD);
        assert_eq!(status, 200, "{name} logs in: {login}");
        login
    }

    pub(crate) fn refresh(&self, login: &Value) -> (u16, Value) {
        self.post("/v1/refresh", &json!({ "refresh_token": login["refresh_token"] }))
    }

    /// A request with this login.
    pub(crate) fn ask(&self, login: &Value, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let builder = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        let bearer = format!("Bearer {}", login["access_token"].as_str().unwrap());
        let builder = builder.header("authorization", bearer).header("content-type", "application/json");
        let agent = Self::agent();
        let answer = match body {
            Value::Null => agent.run(builder.body(()).unwrap()),
            body => agent.run(builder.body(body.to_string()).unwrap()),
        };
        read(answer.unwrap())
    }

    /// A request with these headers, and everything that is answered.
    pub(crate) fn whole(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        let mut builder = ureq::http::Request::builder().method(method).uri(format!("http://{}{path}", self.address));
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        let agent = Self::agent();
        let answer = match body {
            Value::Null => agent.run(builder.body(()).unwrap()),
            body => agent.run(builder.header("content-type", "application/json").body(body.to_string()).unwrap()),
        };
        let mut answer = answer.unwrap();
        let mut headers = BTreeMap::new();
        for (name, value) in answer.headers() {
            let value = value.to_str().unwrap().to_owned();
            headers.entry(name.as_str().to_owned()).and_modify(|all| *all = format!("{all}, {value}")).or_insert(value);
        }
        Answer { status: answer.status().as_u16(), headers, body: answer.body_mut().read_to_string().unwrap() }
    }

    /// Asks for a connect token; the ticket in it.
    pub(crate) fn ticket(&self, login: &Value, body: &Value) -> SessionTicket {
        let (status, connect) = self.ask(login, "POST", "/v1/connect", body);
        assert_eq!(status, 200, "the token opens the way: {connect}");
        let token = connect["connect_token"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(token).unwrap();
        SessionTicket::from_user_data(bytes[8..264].try_into().unwrap()).unwrap()
    }

    pub(crate) fn stop(&self) {
        self.plugin.finish();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A gateway over `store`, whose connect tokens hold session and ticket as they are.
pub(crate) fn gateway(config: GatewayConfig, secret: &[u8; 32], store: Memory) -> Gateway<Memory> {
    let tokens = Arc::new(|session: SessionId, ticket: &SessionTicket| {
        let mut token = [0; CONNECT_TOKEN_BYTES];
        token[..8].copy_from_slice(&session.0.to_le_bytes());
        token[8..264].copy_from_slice(&ticket.to_user_data());
        token
    });
    Gateway::new(config, store, TokenKeys::new(secret, 900), tokens, Admission::default())
}

fn read(mut response: ureq::http::Response<ureq::Body>) -> (u16, Value) {
    assert_eq!(response.headers()["content-type"], "application/json", "every answer is JSON");
    (response.status().as_u16(), response.body_mut().read_json().unwrap())
}

pub(crate) fn refused(answer: &(u16, Value)) -> (u16, &str) {
    assert!(answer.1["message"].is_string(), "every error has a message for people: {answer:?}");
    (answer.0, answer.1["code"].as_str().unwrap())
}
