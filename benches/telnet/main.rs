//! Two thousand players by telnet in one zone, on one core: which share of it they take, and how soon somebody is answered.
//!
//! The server is the binary, with its log on, SQLite and real sockets, and all its threads on the first core; the players are sockets of
//! this process, on the others. The zone is a field of 256 rooms with 500 NPCs. Everyone types a line every five seconds: most walk and look,
//! some fight, talk, or ask what they carry; one in four has GMCP. There is no peer to measure beside: the core is the limit.

mod crowd;
#[path = "../zone/field.rs"]
mod field;
#[path = "../harness/process.rs"]
#[allow(dead_code, reason = "shared with other benches, which use the rest")]
mod process;

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crowd::Crowd;
use hypogeum_testkit::{TestServer, http_get};
use process::{cpu_s, others, pin};

const PLAYERS: usize = 2_000;
const NPCS: u32 = 500;
const WARM_UP: Duration = Duration::from_secs(10);
const PLAYED: Duration = Duration::from_secs(60);
/// How long an answer may take before somebody calls it slow, in milliseconds.
const ANSWER_MS: f64 = 200.0;

fn main() {
    raise_descriptors();
    let folder = tempfile::tempdir().expect("a folder");
    let (assets, data) = (folder.path().join("assets"), folder.path().join("data"));
    field::write(&assets, &[("field".to_owned(), NPCS)]);
    std::fs::create_dir(&data).expect("a folder");
    let (server, address) = start(&data, &assets);
    let mut crowd = Crowd::connect(address, PLAYERS);
    crowd.log_in();
    pin(server.process(), "0");
    pin(std::process::id(), &others());
    crowd.play(WARM_UP);
    crowd.forget();
    let before = cpu_s(server.process());
    crowd.play(PLAYED);
    let share = (cpu_s(server.process()) - before) / PLAYED.as_secs_f64();
    assert_eq!(crowd.playing(), PLAYERS, "nobody was lost");
    assert!(crowd.answers.len() >= PLAYERS, "enough was answered to speak of percentiles: {}", crowd.answers.len());
    let (_, status) = http_get(&server.url, "/v1/status");
    println!("the server says: {status}");
    let per_s = |count: u64| count as f64 / PLAYED.as_secs_f64();
    println!(
        "{:.0} lines a second were typed; {:.0} bytes a second were shown to each player",
        per_s(crowd.lines),
        per_s(crowd.bytes) / PLAYERS as f64
    );
    crowd.answers.sort_unstable();
    let answer_ms = |share: usize| crowd.answers[(crowd.answers.len() - 1) * share / 1_000].as_secs_f64() * 1e3;
    println!("a look is answered after p50 {:.1} ms, p99 {:.1} ms", answer_ms(500), answer_ms(990));
    println!("RESULT name=telnet_players clients={PLAYERS} ours={share:.3} peer=none limit=1.000 ratio={share:.3}");
    let ratio = answer_ms(990) / ANSWER_MS;
    println!(
        "RESULT name=telnet_answer_ms_p99 clients={PLAYERS} ours={:.1} peer=none limit={ANSWER_MS:.1} ratio={ratio:.3}",
        answer_ms(990)
    );
}

fn start(data: &Path, assets: &Path) -> (TestServer, SocketAddr) {
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [
        ("HYPOGEUM_SERVER__ASSETS_DIR", assets),
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_WORLD__OPEN", "true"),
        ("HYPOGEUM_TELNET__OPEN", "true"),
        ("HYPOGEUM_TELNET__LISTEN", "127.0.0.1:0"),
    ];
    let server = TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data, &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let log = server.log();
    let (_, rest) = log.split_once("the port for telnet is open listening=").expect("it says where it listens");
    let address = rest.split_whitespace().next().and_then(|address| address.parse().ok()).expect("an address");
    (server, address)
}

fn raise_descriptors() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).expect("there is a limit");
    setrlimit(Resource::RLIMIT_NOFILE, most, most).expect("it can be raised as far as that");
}
