//! A crowd of bots over WebSockets in one world of the real binary.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::process::{cpu_s, resident_kb};
use crate::{limited, start};

/// Players that are wanted.
const PLAYERS: usize = 10_000;

/// Lets so many play in `throng` for so long.
pub(crate) fn measure(wanted: Option<usize>, played: Duration) {
    let count = wanted.unwrap_or(PLAYERS);
    let folder = tempfile::tempdir().expect("a folder");
    let sockets_max = (count + 64).to_string();
    let settings =
        [("HYPOGEUM_WEBSOCKET__CONNECTIONS_MAX", sockets_max.as_str()), ("HYPOGEUM_SERVER__MATCHES_MAX", "16")];
    let server = start(folder.path(), &settings);
    let before = (resident_kb(server.process()), cpu_s(server.process()));
    let (count_text, seconds) = (count.to_string(), played.as_secs().max(1).to_string());
    let ran = Command::new(env!("CARGO_BIN_EXE_hypogeum"))
        .args(["bots", "--json", "--transport", "websocket", "--mode", "throng", "--warm-up", "120"])
        .args(["--server", &server.url, "--count", &count_text, "--seconds", &seconds])
        .stderr(Stdio::inherit())
        .output()
        .expect("bots run");
    let kb = (resident_kb(server.process()) - before.0) / count as f64;
    let report: Value = serde_json::from_slice(&ran.stdout).expect("one JSON object");
    let (play, number) = (&report["play"], |value: &Value| value.as_f64().unwrap_or(f64::NAN));
    println!(
        "{} bots over WebSockets entered, {} were dropped: {:.2} snapshots a second and bot (worst 1 %: {:.2}), the bots took {:.2} cores, \
         the server {:.1} s of a core in all and {kb:.1} KB a player; refused: {}",
        report["entered"],
        report["disconnected"],
        number(&play["snapshot_hz_mean"]),
        number(&play["snapshot_hz_p1"]),
        number(&play["cpu_cores"]),
        cpu_s(server.process()) - before.1,
        report["errors"]
    );
    limited("websocket_players", count, number(&play["playing"]), PLAYERS as f64);
    let ended = server.terminate();
    println!("{}", ended.log.lines().filter(|line| line.contains("p99_ms=")).collect::<Vec<_>>().join("\n"));
}
