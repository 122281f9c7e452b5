//! Pokémon Showdown's simulator, as it comes from npm.

use std::path::Path;
use std::process::Command;

/// What it runs: random battles in this process, both sides choosing at random, for ten seconds of its own time.
const SCRIPT: &str = r"
const {Battle, Teams} = require('pokemon-showdown');
const run = seconds => {
    const until = process.hrtime.bigint() + BigInt(seconds * 1e9);
    const began = process.cpuUsage();
    let turns = 0, battles = 0;
    while (process.hrtime.bigint() < until) {
        const battle = new Battle({formatid: 'gen9randombattle'});
        for (const side of ['p1', 'p2']) battle.setPlayer(side, {name: side, team: Teams.pack(Teams.generate('gen9randombattle'))});
        while (!battle.ended && battle.turn < 1000) for (const side of battle.sides) side.autoChoose(), battle.allChoicesDone() && battle.commitChoices();
        turns += battle.turn; battles += 1;
    }
    const used = process.cpuUsage(began);
    return {turns, battles, seconds: (used.user + used.system) / 1e6};
};
run(2);
console.log(JSON.stringify(run(10)));
";

/// Its turns a second.
pub(crate) fn turns_per_s() -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    // A folder whose name begins with a dot is no name of a package.
    std::fs::write(folder.path().join("package.json"), r#"{"private": true}"#).expect("a file");
    npm(folder.path(), &["install", "--no-audit", "--no-fund", "--ignore-scripts", "pokemon-showdown"]);
    let ran = Command::new("node").args(["-e", SCRIPT]).current_dir(folder.path()).output().expect("node runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}{}", String::from_utf8_lossy(&ran.stderr));
    let told: serde_json::Value = serde_json::from_str(said.trim()).expect("it says how it went");
    let number = |name: &str| told[name].as_f64().expect("a number");
    println!(
        "the peer: {} battles, {} turns in {:.1} s of a core",
        number("battles"),
        number("turns"),
        number("seconds")
    );
    number("turns") / number("seconds")
}

fn npm(folder: &Path, arguments: &[&str]) {
    let ran = Command::new("npm").args(arguments).current_dir(folder).output().expect("npm runs");
    assert!(ran.status.success(), "npm {arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}
