//! How large logs are: the long match of 40, from its file.

use hypogeum_journal::verify;

use crate::figure;
use crate::long_match::{MATCH, PLAYERS, play, shipped};

pub(crate) fn measure() {
    let data = tempfile::tempdir().expect("a folder");
    let house = play(&shipped(), data.path());
    let (path, key) = (house.logs.finished(MATCH.into()), house.public_key);
    drop(house);
    let verified = verify(&path, Some(key)).expect("the log is what was written");
    let bytes = std::fs::metadata(&path).expect("the log is there").len();
    let minutes = f64::from(verified.ticks) / f64::from(verified.header.tick_hz) / 60.0;
    println!("{} ticks: {bytes} bytes, {} signatures", verified.ticks, verified.heads);
    figure("log_bytes_per_player_minute", PLAYERS, bytes as f64 / minutes / PLAYERS as f64, None);
}
