use std::collections::{BTreeMap, BTreeSet};

use super::*;

const fn at(last: u8) -> Origin {
    Origin { address: IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, last)), is_local: false }
}

const HERE: Origin = Origin { address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), is_local: true };

fn slow() -> RateLimits {
    let limit = RateLimit { per_s: 2, burst: 3 };
    RateLimits { register: limit, login: limit, connect: limit, ..RateLimits::default() }
}

#[test]
fn a_burst_is_allowed_and_then_each_gets_a_turn_of_its_own() {
    let mut rates = Rates::new(slow());
    let mut register = |name: &str, now_ms| rates.take(Operation::Register, at(1), name, now_ms);
    assert_eq!(["a", "b", "c"].map(|name| register(name, 0)), [Ok(()); 3], "the burst is allowed");
    assert_eq!(["d", "e", "f"].map(|name| register(name, 0)), [Err(500), Err(1_000), Err(1_500)], "then two a second");
    assert_eq!(register("f", 700), Err(800), "a client that comes early gets the same turn");
    assert_eq!(register("g", 700), Err(1_300), "who comes late stands behind all");
    assert_eq!(register("f", 1_500), Ok(()), "a client that comes in its turn is let in, though others came before it");
    assert_eq!(register("d", 1_500), Ok(()), "also where it is a little late");
    assert_eq!(register("f", 1_500), Err(1_000), "a turn is good once");
    assert_eq!(rates.take(Operation::Register, at(2), "f", 0), Ok(()), "other addresses have lines of their own");
    assert_eq!(rates.take(Operation::Login, at(1), "f", 0), Ok(()), "and other operations, too");
}

#[test]
fn a_turn_that_nobody_takes_is_forgotten() {
    let mut rates = Rates::new(slow());
    for name in ["a", "b", "c"] {
        rates.take(Operation::Register, at(1), name, 0).unwrap();
    }
    assert_eq!(rates.take(Operation::Register, at(1), "d", 0), Err(500), "it may come in half a second");
    let late_ms = 500 + LATE_MS_MAX + 1;
    for name in ["e", "f", "g"] {
        rates.take(Operation::Register, at(1), name, late_ms).unwrap();
    }
    assert_eq!(
        rates.take(Operation::Register, at(1), "d", late_ms),
        Err(500),
        "and stands at the end, half a minute late"
    );
}

#[test]
fn an_account_is_never_held_up_by_others_of_its_address() {
    let mut rates = Rates::new(slow());
    for number in 0..10_000 {
        let name = format!("guess{number}");
        let _ = rates.take(Operation::Login, at(1), &name, 0);
        let _ = rates.take(Operation::Guest, at(1), &name, 0);
        let _ = rates.take_nameless(Operation::Request, at(1), 0);
    }
    assert!(rates.take(Operation::Login, at(1), "another", 0).is_err(), "logins of the address must wait");
    let connect = [(); 4].map(|()| rates.take_own(Operation::Connect, at(1), AccountId(1), 0));
    assert_eq!(
        connect,
        [Ok(()), Ok(()), Ok(()), Err(500)],
        "but who has logged in connects, as often as an account may"
    );
    assert_eq!(rates.take_own(Operation::Connect, at(1), AccountId(2), 0), Ok(()), "and the next account, too");
}

#[test]
fn failed_logins_slow_an_address_down_and_never_shut_it_out() {
    let mut rates = Rates::new(RateLimits::default());
    for _ in 0..10_000 {
        rates.slow_logins(at(1), 0);
    }
    let wait_ms = rates.take(Operation::Login, at(1), "Ada", 0).unwrap_err();
    assert!((1..=FAILURES_MS_MAX + 1_000).contains(&wait_ms), "Ada waits half a minute, not {wait_ms} ms");
    for number in 0..100 {
        rates.slow_logins(at(1), wait_ms);
        let _ = rates.take(Operation::Login, at(1), &format!("guess{number}"), wait_ms);
    }
    assert_eq!(rates.take(Operation::Login, at(1), "Ada", wait_ms), Ok(()), "and then gets in, whatever others do");
    assert_eq!(rates.take(Operation::Login, at(2), "Eve", 0), Ok(()), "another address is not slowed");
}

#[test]
fn a_full_line_spreads_those_it_has_no_place_for() {
    let mut rates = Rates::new(slow());
    let waits: Vec<u64> =
        (0..1_000).filter_map(|n| rates.take(Operation::Login, at(1), &n.to_string(), 0).err()).collect();
    assert!(waits.iter().all(|wait| *wait <= 2 * PLACE_MS_MAX), "nobody waits for ever");
    let different: BTreeSet<&u64> = waits.iter().collect();
    assert!(different.len() > 900, "they come at {} different times of {}", different.len(), waits.len());
}

#[test]
fn this_machine_has_a_line_of_its_own() {
    let mut rates = Rates::new(RateLimits::default());
    for number in 0..10_000 {
        let name = number.to_string();
        assert_eq!(rates.take(Operation::Guest, HERE, &name, 0), Ok(()), "load bots come by the thousands");
    }
    let forwarded = Origin { is_local: false, ..HERE };
    let forwarded = (0..1_000).filter(|n| rates.take(Operation::Guest, forwarded, &n.to_string(), 0).is_ok()).count();
    assert_eq!(forwarded, 40, "what an unknown proxy of this machine sends counts as any stranger's");
}

#[test]
fn guests_from_many_addresses_share_what_strangers_may_send() {
    let limit = |burst| RateLimit { per_s: 1, burst };
    let limits = RateLimits { guests: limit(2), guests_together: limit(5), ..RateLimits::default() };
    let mut rates = Rates::new(limits);
    let mut ask = |last: u8, name: &str, now_ms| rates.take(Operation::Guest, at(last), name, now_ms);
    assert_eq!(
        [ask(1, "a", 0), ask(1, "b", 0), ask(2, "c", 0), ask(3, "d", 0), ask(4, "e", 0)],
        [Ok(()); 5],
        "five get in"
    );
    assert_eq!(ask(5, "f", 0), Err(1_000), "the sixth does not, though its address has sent nobody yet");
    assert_eq!(ask(5, "f", 1_000), Ok(()), "it does in its turn");
    assert_eq!(ask(5, "g", 1_000), Err(1_000), "which used one of its address's two, as it should");
}

#[test]
fn memory_is_bounded_however_many_come() {
    let mut rates = Rates::new(slow());
    for number in 0..400_000_u32 {
        let origin = Origin { address: IpAddr::from(number.to_be_bytes()), is_local: false };
        for _ in 0..5 {
            let _ = rates.take(Operation::Login, origin, &number.to_string(), 0);
        }
    }
    assert!(rates.lines.len() <= 2 * LINES_MAX && rates.places.len() <= 2 * PLACES_MAX, "two generations at most");
}

/// Lets so many come at once from one address, each registering, logging in, asking for its goods and for a connect
/// token, and waiting exactly as long as it is told to. When the last is in, and how many requests that took.
fn crowd(count: u64) -> (u64, usize) {
    let mut rates = Rates::new(RateLimits::default());
    // By time and client: who comes next, and how far it has got.
    let mut coming: BTreeMap<(u64, u64), usize> = (0..count).map(|client| ((0, client), 0)).collect();
    let (mut last_ms, mut requests) = (0, 0);
    while let Some(((now_ms, client), step)) = coming.pop_first() {
        requests += 1;
        let name = format!("player{client}");
        let account = AccountId(client + 1);
        let strangers = |rates: &mut Rates, operation| {
            rates
                .take_nameless(Operation::Request, at(1), now_ms)
                .and_then(|()| rates.take(operation, at(1), &name, now_ms))
        };
        let passed = match step {
            0 => strangers(&mut rates, Operation::Register),
            1 => strangers(&mut rates, Operation::Login),
            2..=4 => rates.take_own(Operation::Account, at(1), account, now_ms),
            _ => rates.take_own(Operation::Connect, at(1), account, now_ms),
        };
        match passed {
            Ok(()) if step == 5 => last_ms = now_ms,
            Ok(()) => _ = coming.insert((now_ms, client), step + 1),
            Err(wait_ms) => _ = coming.insert((now_ms + wait_ms, client), step),
        }
    }
    (last_ms, requests)
}

#[test]
fn forty_players_behind_one_address_are_in_within_ten_seconds_and_five_hundred_within_a_minute() {
    for (count, in_ms) in [(40, 10_000), (500, 60_000)] {
        let (last_ms, requests) = crowd(count);
        assert!(last_ms <= in_ms, "the last of {count} is in after {last_ms} ms");
        let most = usize::try_from(count * 8).unwrap();
        assert!(requests <= most, "{count} players ask {requests} times: six times each, and at most two refusals");
    }
}

/// What a request is told that does this.
fn told(rates: &mut Rates, ask: impl FnOnce(&mut Rates) -> Result<(), u64>) -> (Result<(), u64>, Option<Quota>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(crate::quota::counted(async { ask(rates) }))
}

#[test]
fn what_is_left_is_told_each_time() {
    let mut rates = Rates::new(slow());
    let mut ask = |now_ms| told(&mut rates, |rates| rates.take_own(Operation::Connect, at(1), AccountId(1), now_ms));
    let quota = |remaining, reset_ms| Some(Quota { limit: 3, remaining, reset_ms });
    assert_eq!(ask(0), (Ok(()), quota(2, 500)), "three at once, two a second");
    assert_eq!(ask(0), (Ok(()), quota(1, 1_000)), "one less");
    assert_eq!(ask(500), (Ok(()), quota(1, 1_000)), "one has come back, and is asked");
    assert_eq!(ask(500), (Ok(()), quota(0, 1_500)), "the last");
    assert_eq!(ask(500), (Err(500), quota(0, 2_000)), "who is refused has none");
    assert_eq!(ask(9_000), (Ok(()), quota(3, 0)), "its turn was kept, so it costs nothing more");
    let failed = told(&mut rates, |rates| rates.take_nameless(Operation::Request, at(1), 0));
    let limit = RateLimits::default().requests.burst;
    assert_eq!(failed.1.map(|quota| (quota.limit, quota.remaining)), Some((limit, limit - 1)), "each line has its own");
}

#[test]
fn sixty_a_minute_are_those_of_an_address_in_all_it_asks() {
    let mut rates = Rates::new(RateLimits { address_per_minute: Some(60), ..RateLimits::default() });
    let mut ask = |last: u8, account: u64, now_ms| {
        if account == 0 {
            return rates.take_nameless(Operation::Request, at(last), now_ms);
        }
        rates.take_own(Operation::Read, at(last), AccountId(account), now_ms)
    };
    for number in 0..60 {
        assert_eq!(ask(1, number % 3, 0), Ok(()), "request {number}, by strangers and by two accounts");
    }
    for account in 0..4 {
        let wait_ms = ask(1, account, 1_000).expect_err("no more, whoever asks");
        assert!((64_000..=64_000 + SPREAD_MS).contains(&wait_ms), "for a minute: {wait_ms} ms");
    }
    assert_eq!(ask(2, 1, 1_000), Ok(()), "an account of another address may");
    assert_eq!(ask(1, 1, 65_000), Ok(()), "and so may this one a minute later");
    let here = (0..1_000).filter(|_| rates.take_nameless(Operation::Request, HERE, 0).is_ok()).count();
    assert_eq!(here, 1_000, "this machine is not counted");
}

#[test]
fn a_route_with_a_rate_of_its_own_has_a_line_of_its_own() {
    let route = Route::of_key("get_trades").expect("there is one");
    let rare = RateLimit { per_s: 1, burst: 1 };
    let routes = crate::route::RouteRates::new([(route, rare)].into());
    let mut rates = Rates::new(RateLimits { routes, ..RateLimits::default() });
    let mut ask = |operation, account| rates.take_own(operation, at(1), AccountId(account), 0);
    assert_eq!(ask(Operation::Route(route), 1), Ok(()), "it may be asked once");
    assert_eq!(ask(Operation::Route(route), 1), Err(1_000), "and then once a second");
    assert_eq!(ask(Operation::Read, 1), Ok(()), "which keeps nobody from reading something else");
    assert_eq!(ask(Operation::Route(route), 2), Ok(()), "nor anybody else from reading the same");
}
