//! The long match, played by bots within this process through sessions and datagrams, recorded as a server records it.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_client::Client;
use hypogeum_content::Content;
use hypogeum_loadbots::{Behaviour, Bot, Crew, Orders};
use hypogeum_progression::StarterKit;
use hypogeum_protocol::MatchId;
use hypogeum_testkit::House;

/// Participants, all of them bots with accounts.
pub(crate) const PLAYERS: usize = 40;
/// The match of a fresh data directory.
pub(crate) const MATCH: MatchId = MatchId(1);
const SEED: u64 = 7;
const MODE: &str = "extraction";
const TICK: Duration = Duration::from_millis(33);
/// Only a backstop: the mode takes at most some 22,000.
const TICKS_MAX: u32 = 60_000;

/// The content that ships.
pub(crate) fn shipped() -> Arc<Content> {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    Arc::new(Content::load(&assets).expect("the content that ships is sound"))
}

/// Plays it to its settlement. Once the house is dropped, the log is whole.
pub(crate) fn play(content: &Arc<Content>, data: &Path) -> House {
    let templates = ["medkit", "padded_coat", "rusty_sword"].map(str::to_owned).to_vec();
    let mut house = House::open(Arc::clone(content), data, StarterKit { templates, currency: 0 }, SEED);
    let behaviour = Arc::new(Behaviour::shipped("contender").expect("it ships").expect("it is good"));
    let mut crew = Crew::default();
    for index in 0..PLAYERS {
        let name = format!("bot-{index:03}");
        let client = Client::new(house.connect(&name));
        let orders = Orders { mode: MODE.to_owned(), queue_again: false };
        crew.join(Bot::new(name, client, Arc::clone(&behaviour), orders, SEED ^ index as u64));
    }
    let mut mustered = false;
    for _ in 0..TICKS_MAX {
        crew.poll(TICK);
        mustered = mustered || crew.all_welcomed();
        crew.hold(!mustered);
        crew.tick();
        house.tick();
        if crew.all_settled_once() {
            let report = house.board.read().finished;
            let report = report.last().expect("the match is reported");
            println!("played: {} participants, {} NPCs, {} ticks", report.humans, report.npcs, report.ticks);
            return house;
        }
    }
    panic!("the match was never settled: {:?}", crew.progress());
}
