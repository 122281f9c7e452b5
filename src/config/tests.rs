//! Files and variables, right and wrong.

use super::auth::GuestsConfig;
use super::*;

fn refused(text: &str, variables: &[(&str, &str)]) -> String {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::parse("server.toml", text, &variables).expect_err("this configuration is wrong").to_string()
}

#[test]
fn nothing_configured_means_the_defaults() {
    let config = Config::parse("server.toml", "", &BTreeMap::new()).expect("an empty file is a good one");
    assert_eq!(config.udp.listen.port(), 27_500, "the game's port");
    assert_eq!(config.http.listen.port(), 27_580, "the port of HTTP");
    assert_eq!(config.auth.guests, GuestsConfig::Nobody, "nobody comes in without a password");
}

#[test]
fn the_environment_overrides_the_file() {
    let variables = [("HYPOGEUM_UDP__LISTEN", "127.0.0.1:9"), ("HYPOGEUM_SERVER__TICK_HZ", "20")];
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let config = Config::parse("server.toml", "[server]\ntick_hz = 60", &variables).expect("both are good");
    assert_eq!((config.udp.listen.port(), config.server.tick_hz), (9, 20), "the environment wins");
}

#[test]
fn mistakes_name_their_place() {
    assert!(refused("[udp]\nlisen = 1", &[]).starts_with("server.toml:2:1: unknown field `lisen`"));
    assert_eq!(
        refused("[server]\n  tick_hz = 90", &[]),
        "server.toml:2:3: tick_hz: found 90, expected 10 to 60",
        "a range error names field, value and range"
    );
    assert!(refused("[server]\ntick_hz = \"x\"", &[]).starts_with("server.toml:2:11: invalid type"));
    assert!(refused("[server", &[]).starts_with("server.toml:1:8:"), "a syntax error has a place too");
    assert!(refused("[auth]\nsecret = \"short\"", &[]).contains("expected at least 32"));
    let guests = refused("[auth]\nguests = \"all\"", &[]);
    assert!(guests.starts_with("server.toml:2:10: unknown value `all`"), "and what is possible: {guests}");
    let filter = refused("[log]\n filter = \"inof\"", &[]);
    assert!(filter.starts_with("server.toml:2:2: filter: found \"inof\"") && filter.ends_with("mean `info`?"));
    assert!(refused("", &[("HYPOGEUM_UDP__PORT", "1")]).contains("HYPOGEUM_UDP__PORT"));
    let near = refused("[udp]\nlisen = 1", &[]);
    assert!(near.ends_with("(did you mean `listen`?)"), "and what was probably meant: {near}");
    let one_underscore = refused("", &[("HYPOGEUM_SERVER_TICK_HZ", "20"), ("HYPOGEUM_UDP__WORKERS", "1")]);
    let expected =
        "environment: HYPOGEUM_SERVER_TICK_HZ=20: unknown, did you mean HYPOGEUM_SERVER__TICK_HZ (two underscores)?";
    assert_eq!(one_underscore, expected, "the wrong variable alone is named");
    let slip = refused("", &[("HYPOGEUM_SERVER__TIK_HZ", "20")]);
    assert!(slip.ends_with("did you mean HYPOGEUM_SERVER__TICK_HZ?"), "{slip}");
}

#[test]
fn a_database_is_a_postgres_url_and_its_password_is_never_printed() {
    let mistake = refused("[database]\n url = \"mysql://ada:sesame@host/db\"", &[]);
    assert_eq!(mistake, "server.toml:2:2: url: expected a URL that begins with postgres:// or postgresql://");
    let config = Config::parse("server.toml", "[database]\nurl = \"postgres://ada:sesame@host/db\"", &BTreeMap::new())
        .expect("a URL of PostgreSQL is a good one");
    assert!(!format!("{config:?}").contains("sesame"), "debug output shows the password");
}

#[test]
fn proxies_and_rates_are_checked_at_the_start() {
    let wrong = refused("[http]\ntrusted_proxies = [\"10.0.0.0/8\", \"nginx\"]", &[]);
    assert!(wrong.starts_with("server.toml:2:19: `nginx` is neither an address nor a network"), "{wrong}");
    let alone = refused("[http]\nproxy_protocol = true", &[]);
    assert!(alone.starts_with("server.toml:2:1: proxy_protocol: found no trusted_proxies"), "{alone}");
    let none = refused("[rates]\nlogin = { per_s = 0, burst = 5 }", &[]);
    assert!(none.starts_with("server.toml:2:1: login: found { per_s = 0, burst = 5 }, expected"), "{none}");
    let slow = refused("[chat]\nglobal = { per_minute = 1, burst = 99 }", &[]);
    assert!(slow.starts_with("server.toml:2:1: global: found { per_minute = 1, burst = 99 }, expected"), "{slow}");
    let alone = refused("[party]\nmembers_max = 1", &[]);
    assert!(alone.starts_with("server.toml:2:1: members_max: found 1, expected 2 to 32"), "{alone}");
    let half = refused("[rates]\nlogin = { per_s = 1 }", &[]);
    assert!(half.contains("missing field `burst`"), "half a rate is none: {half}");
    let text = "[http]\ntrusted_proxies = [\"127.0.0.1\", \"2001:db8::/32\"]\nproxy_protocol = true\n\
                [rates]\nlogin = { per_s = 7, burst = 9 }";
    let config = Config::parse("server.toml", text, &BTreeMap::new()).expect("all of it is good");
    assert!(config.http.trusted_proxies.to_proxies().include("2001:db8::9".parse().expect("an address")), "in it");
    let limits = config.rates.to_limits();
    assert_eq!((limits.login.per_s, limits.login.burst), (7, 9), "what is set is set");
    assert_eq!(limits.register, hypogeum_gateway::RateLimits::default().register, "the rest is as ever");
}

fn limits(text: &str, variables: &[(&str, &str)]) -> hypogeum_gateway::RateLimits {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::parse("server.toml", text, &variables).expect("these are rates").rates.to_limits()
}

#[test]
fn rates_have_presets_and_each_route_may_have_its_own() {
    use hypogeum_gateway::{RateLimit, RateLimits, Route, RouteRates};
    assert_eq!(limits("", &[]), RateLimits::default(), "nothing set is the usual");
    let preset = "[rates]\npreset = \"sixty_a_minute\"";
    let sixty = limits(preset, &[]);
    assert_eq!(sixty, RateLimits { address_per_minute: Some(60), ..RateLimits::default() }, "of each address");
    assert_eq!(limits("", &[("HYPOGEUM_RATES__PRESET", "sixty_a_minute")]), sixty, "from the environment as well");
    let own = |most: &str| limits(preset, &[("HYPOGEUM_RATES__ADDRESS_PER_MINUTE", most)]).address_per_minute;
    assert_eq!([own("90"), own("0")], [Some(90), None], "what is set beside it counts more, and 0 is no limit");

    let text = "[rates]\nreads = { per_s = 9, burst = 8 }\nloopback = { per_s = 7, burst = 6 }\n\
                [rates.routes]\nget_trades = { per_s = 5, burst = 4 }";
    let variables = [
        ("HYPOGEUM_RATES__ROUTES__GET_GAMES_ID_BRACKET__PER_S", "3"),
        ("HYPOGEUM_RATES__ROUTES__GET_GAMES_ID_BRACKET__BURST", "2"),
    ];
    let both = limits(text, &variables);
    let limit = |per_s, burst| RateLimit { per_s, burst };
    assert_eq!((both.reads, both.loopback), (limit(9, 8), limit(7, 6)), "reads, and this machine");
    let route = |key: &str| Route::of_key(key).expect("there is one");
    let routes = [(route("get_trades"), limit(5, 4)), (route("get_games_id_bracket"), limit(3, 2))];
    assert_eq!(both.routes, RouteRates::new(routes.into()), "routes of the file and of the environment");

    let slip = refused("[rates.routes]\nget_trade = { per_s = 1, burst = 1 }", &[]);
    assert!(slip.contains("no route has the key \"get_trade\" (did you mean `get_trades`?)"), "{slip}");
    let none = refused("[rates.routes]\nget_trades = { per_s = 1, burst = 0 }", &[]);
    assert!(none.contains("routes: get_trades: found { per_s = 1, burst = 0 }, expected"), "{none}");
    let many = refused("[rates]\naddress_per_minute = 60001", &[]);
    assert!(many.starts_with("server.toml:2:1: address_per_minute: found 60001, expected 0 to 60000"), "{many}");
    let unknown = refused("[rates]\npreset = \"sixty\"", &[]);
    assert!(unknown.starts_with("server.toml:2:10: unknown value `sixty`"), "{unknown}");
}

#[test]
fn a_port_that_others_reach_has_tls_or_says_that_it_has_none() {
    let public = "[http]\nlisten = \"[::]:27580\"";
    let clear = refused(public, &[]);
    assert!(clear.starts_with("server.toml: listen of [http] is [::]:27580"), "it is named: {clear}");
    assert!(clear.contains("certificate and key of [tls]") && clear.contains("plaintext = true"), "both ways: {clear}");
    let half = refused("[tls]\ncertificate = \"chain.pem\"", &[]);
    assert_eq!(half, "server.toml: certificate of [tls] is set, but not its key");
    let both = refused("[http]\nplaintext = true\n[tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"", &[]);
    assert!(both.contains("leave one of them out"), "one of them is a mistake: {both}");
    assert!(refused("[tls]\nhsts_s = 999999999", &[]).contains("expected 0 to 315360000"), "at most ten years");
    let never = refused("[tls]\nhandshakes_per_network = { per_s = 0, burst = 5 }", &[]);
    assert!(never.contains("handshakes_per_network: found { per_s = 0, burst = 5 }"), "nobody would come in: {never}");
    let good = |text: &str, variables: &[(&str, &str)]| {
        let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::parse("server.toml", text, &variables).expect("this is fine")
    };
    assert!(!good("[http]\nlisten = \"[::ffff:127.0.0.1]:1\"", &[]).tls.is_on(), "this machine alone");
    let rare =
        [("HYPOGEUM_TLS__HANDSHAKES_PER_ADDRESS__PER_S", "3"), ("HYPOGEUM_TLS__HANDSHAKES_PER_ADDRESS__BURST", "7")];
    let rates = good("", &rare).tls.to_handshakes();
    assert_eq!((rates.address.per_s, rates.address.burst, rates.network.per_s), (3, 7, 200), "the other is as it was");
    assert!(good(public, &[("HYPOGEUM_HTTP__PLAINTEXT", "true")]).http.plaintext, "it is said");
    let files = [("HYPOGEUM_TLS__CERTIFICATE", "chain.pem"), ("HYPOGEUM_TLS__KEY", "key.pem")];
    assert!(good(public, &files).tls.is_on(), "or there is TLS, wherever that is said");
}

#[test]
fn telnet_is_off_and_nobody_reads_its_passwords_along() {
    let good = |text: &str| Config::parse("server.toml", text, &BTreeMap::new()).expect("this is fine").telnet;
    assert!(!good("").open, "off by default");
    let public = "[telnet]\nopen = true\nlisten = \"0.0.0.0:27523\"";
    let clear = refused(public, &[]);
    assert!(clear.starts_with("server.toml: listen of [telnet] is 0.0.0.0:27523"), "it is named: {clear}");
    assert!(clear.contains("tls = true") && clear.contains("plaintext = true"), "both ways: {clear}");
    let bare = refused("[telnet]\nopen = true\ntls = true", &[]);
    assert!(bare.contains("[tls] names no certificate"), "{bare}");
    assert!(good("[telnet]\nopen = true").open, "this machine alone");
    assert!(good(&format!("{public}\nplaintext = true")).plaintext, "it is said");
    let files = "[tls]\ncertificate = \"chain.pem\"\nkey = \"key.pem\"";
    assert!(good(&format!("{public}\ntls = true\n{files}")).tls, "or there is TLS");
    let long = refused("[telnet]\nidle_minutes = 0", &[]);
    assert!(long.starts_with("server.toml:2:1: idle_minutes: found 0"), "{long}");
}

#[test]
fn pages_that_may_play_are_named_by_their_origins() {
    let wrong = refused("[websocket]\norigins = [\"play.example.org\"]", &[]);
    assert!(wrong.starts_with("server.toml:2:1: origins: found \"play.example.org\", expected one such as"), "{wrong}");
    assert!(refused("[websocket]\norigins = [\"https://*\"]", &[]).contains("found \"https://*\""), "no patterns");
    assert!(refused("[websocket]\nworkers = 0", &[]).contains("found 0, expected 1 to 16"), "somebody has to do it");
    let none = refused("[websocket]\nconnections_per_network_max = 0", &[]);
    assert!(none.contains("found 0, expected 1 or more"), "a network without sockets is a server without: {none}");
    let text = "[websocket]\norigins = [\"https://play.example.org\", \"http://localhost:8080\", \"null\"]";
    let config = Config::parse("server.toml", text, &BTreeMap::new()).expect("these are origins");
    assert_eq!((config.websocket.origins.len(), config.websocket.open), (3, true), "all of them, and it is open");
}

#[test]
fn a_secret_is_never_printed() {
    let secret = Some("a secret that nobody should ever see in a log".to_owned());
    let config = AuthConfig { secret, ..AuthConfig::default() };
    assert!(!format!("{config:?}").contains("should ever see"), "debug output shows the secret");
}
