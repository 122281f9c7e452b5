//! Ten thousand tickets in one line: what the matchmaker takes of each second.
//!
//! Ratings are spread as those of people are, every fifth ticket is a party of two to four. Who went into a lobby is replaced each
//! second. A pass is a second: each ticket is looked at once at least. By queries, each ticket has a region and a tongue, asks for its own region, and
//! would like its own tongue; each for its own, nobody finds what it asks for.

use std::time::{Duration, Instant};

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, RatingWindow};
use hypogeum_matchmaking::{Criteria, Matchmaker, Properties, Query, Terms, Ticket};
use hypogeum_protocol::{AccountId, NetId, Property, PropertyValue, SessionId};
use hypogeum_shard::{Dice, Purpose, Seed, TeamShape};

const TICKETS: usize = 10_000;
const TICK_HZ: u32 = 30;
const PASSES: u64 = 30;
/// What a pass may take.
const PASS_MS_MAX: f64 = 50.0;

/// Measures, and prints the result.
pub(crate) fn run() {
    let long = Terms {
        players_min: 20,
        players_max: 40,
        window: RatingWindow { start: 100, per_s: 20, max: 1_500 },
        wait_ticks: 1_800,
        gather_ticks: 60,
        fill: FillRule::Autopilot,
        teams: None,
        relax_ticks: None,
        tick_hz: TICK_HZ,
    };
    let teams = Terms { players_max: 20, teams: Some(TeamShape { count: 5, size: 4 }), ..long };
    // Nobody meets anybody: each is looked at for nothing, again and again.
    let strangers = Terms { window: RatingWindow { start: 0, per_s: 0, max: 0 }, fill: FillRule::Nobody, ..long };
    let mut worst_ms: f64 = 0.0;
    let relaxed = Terms { relax_ticks: Some(300), ..long };
    for (name, terms, asks) in [
        ("each for itself", long, nothing as fn(u64) -> Criteria),
        ("teams of four", teams, nothing),
        ("strangers", strangers, nothing),
        ("by queries", relaxed, own_region),
        ("each for its own", relaxed, nobody_else),
    ] {
        let (pass_ms, tick_ms, gone) = crowd(terms, asks);
        println!("{TICKETS} tickets, {name}: {pass_ms:.1} ms a pass, {tick_ms:.2} ms the longest tick; {gone} went");
        worst_ms = worst_ms.max(pass_ms);
    }
    println!(
        "RESULT name=matchmaking_pass_ms clients={TICKETS} ours={worst_ms:.2} peer=none limit={PASS_MS_MAX} ratio={:.4}",
        worst_ms / PASS_MS_MAX
    );
}

/// The median pass and the longest tick in milliseconds, and how many went.
fn crowd(terms: Terms, asks: fn(u64) -> Criteria) -> (f64, f64, u64) {
    let mut maker = Matchmaker::with_terms([terms]);
    let mut dice = Dice::new(Seed::numbered(1), 0, NetId::NONE, Purpose::named("tickets"));
    let (mut came, mut passes, mut longest) = (0, Vec::new(), Duration::ZERO);
    for pass in 0..PASSES {
        let mut took = Duration::ZERO;
        while maker.len() < TICKETS {
            came += 1;
            let ticket = ticket(came, &mut dice, pass * u64::from(TICK_HZ));
            maker.join_with(ticket, asks(came)).expect("there is room");
        }
        for tick in pass * u64::from(TICK_HZ)..(pass + 1) * u64::from(TICK_HZ) {
            let began = Instant::now();
            let gone = maker.form(tick);
            let tick_took = began.elapsed();
            std::hint::black_box(gone);
            took += tick_took;
            longest = longest.max(tick_took);
        }
        passes.push(took);
    }
    passes.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    (ms(passes[passes.len() / 2]), ms(longest), came - maker.len() as u64)
}

fn nothing(_: u64) -> Criteria {
    Criteria::default()
}

fn own_region(number: u64) -> Criteria {
    let (region, tongue) =
        (["eu", "us", "asia"][(number % 3) as usize], ["de", "en", "fr", "pl"][(number / 3 % 4) as usize]);
    criteria(&[("region", region), ("tongue", tongue)], &format!("+region:{region} tongue:{tongue}"))
}

fn nobody_else(number: u64) -> Criteria {
    criteria(&[("name", &number.to_string())], &format!("+name:{}", number + 1))
}

fn criteria(properties: &[(&str, &str)], query: &str) -> Criteria {
    let property = |(key, text): &(&str, &str)| {
        let value = PropertyValue::Text { text: (*text).to_owned() };
        Property { key: (*key).to_owned(), value }
    };
    let properties: Vec<Property> = properties.iter().map(property).collect();
    let properties = Properties::new(&properties).expect("they are properties");
    Criteria { properties, query: Query::parse(query).expect("it is a query") }
}

/// Ratings about 1,500, most within 600 of it.
fn ticket(number: u64, dice: &mut Dice, joined_tick: u64) -> Ticket {
    let rating = 1_500 + (0..4).map(|_| dice.between(-250, 250)).sum::<i32>();
    let size = if dice.below(5) == 0 { dice.between(2, 4) as u16 } else { 1 };
    Ticket { who: SessionId(number), account: AccountId(number), rating, size, mode: Id::new(0), joined_tick }
}
