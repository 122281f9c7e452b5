//! The routes that are counted, and rates of their own for some of them.

use std::collections::BTreeMap;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;

use crate::config::RateLimit;
use crate::rate::Operation;

/// A route that is counted, by its method and its path as the router has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Route {
    /// `GET`, `POST`, `PATCH` or `DELETE`.
    pub method: &'static str,
    /// `/v1/games/{id}`
    pub path: &'static str,
}

const fn get(path: &'static str) -> Route {
    Route { method: "GET", path }
}

const fn post(path: &'static str) -> Route {
    Route { method: "POST", path }
}

const fn patch(path: &'static str) -> Route {
    Route { method: "PATCH", path }
}

const fn delete(path: &'static str) -> Route {
    Route { method: "DELETE", path }
}

/// Every route that is counted. The others cost next to nothing, and probes of health must not be refused.
pub const RATED_ROUTES: &[Route] = &[
    post("/v1/accounts"),
    post("/v1/login"),
    post("/v1/refresh"),
    post("/v1/guests"),
    get("/v1/creature-types"),
    get("/v1/tournaments"),
    get("/v1/ladders"),
    get("/v1/leaderboards"),
    get("/v1/protocol.json"),
    get("/v1/content"),
    get("/v1/content/{hash}"),
    get("/v1/socket"),
    get("/v1/openapi.json"),
    post("/v1/connect"),
    post("/v1/logout"),
    post("/v1/logout/everywhere"),
    get("/v1/profile"),
    get("/v1/inventory"),
    get("/v1/matches"),
    get("/v1/matches/{id}"),
    get("/v1/characters"),
    post("/v1/characters"),
    delete("/v1/characters/{id}"),
    get("/v1/leaderboards/{key}"),
    get("/v1/leaderboards/{key}/around"),
    get("/v1/leaderboards/{key}/seasons"),
    get("/v1/stash"),
    get("/v1/trades"),
    post("/v1/trades"),
    delete("/v1/trades/{id}"),
    post("/v1/trades/{id}/accept"),
    get("/v1/shop"),
    post("/v1/shop/buy"),
    post("/v1/shop/sell"),
    get("/v1/achievements"),
    get("/v1/daily"),
    post("/v1/daily/{key}/claim"),
    get("/v1/season-rewards"),
    get("/v1/cosmetics"),
    post("/v1/cosmetics/worn"),
    post("/v1/cosmetics/refund"),
    post("/v1/cosmetics/{key}/buy"),
    post("/v1/cosmetics/{key}/equip"),
    post("/v1/cosmetics/{key}/unequip"),
    get("/v1/creatures"),
    post("/v1/creatures"),
    get("/v1/creatures/{id}"),
    patch("/v1/creatures/{id}"),
    delete("/v1/creatures/{id}"),
    post("/v1/creatures/{id}/allocate-stats"),
    get("/v1/games"),
    post("/v1/games"),
    get("/v1/games/{id}"),
    get("/v1/open-games"),
    get("/v1/games/{id}/entries"),
    post("/v1/games/{id}/enter"),
    post("/v1/games/{id}/leave"),
    post("/v1/games/{id}/call-off"),
    get("/v1/games/{id}/bracket"),
    post("/v1/games/{id}/move"),
    post("/v1/games/{id}/allocate-stats"),
    post("/v1/games/{id}/ready"),
    post("/v1/games/{id}/withdraw"),
    get("/v1/games/{id}/battles/{pairing}/{game}/log"),
    get("/v1/ladders/{key}/rating"),
    get("/v1/ladder-queue"),
    post("/v1/ladder-queue"),
    delete("/v1/ladder-queue"),
    get("/v1/friends"),
    post("/v1/friends"),
    delete("/v1/friends/{id}"),
    post("/v1/friends/{id}/accept"),
    get("/v1/blocks"),
    post("/v1/blocks"),
    delete("/v1/blocks/{id}"),
    get("/v1/inbox"),
    post("/v1/inbox/{id}/read"),
    post("/v1/inbox/{id}/claim"),
    delete("/v1/inbox/{id}"),
    get("/v1/storage"),
    get("/v1/storage/{collection}"),
    get("/v1/storage/{collection}/{key}"),
    post("/v1/storage/{collection}/{key}"),
    delete("/v1/storage/{collection}/{key}"),
    get("/v1/presence"),
    post("/v1/presence"),
];

impl Route {
    /// Its name in a configuration: method and path in lower case, words joined by underscores: `get_games_id_bracket`.
    #[must_use]
    pub fn key(self) -> String {
        let path = self.path.strip_prefix("/v1/").unwrap_or(self.path);
        let words = path.split(['/', '-', '.']).map(|word| word.trim_matches(['{', '}']));
        std::iter::once(self.method.to_ascii_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
    }

    /// The route of this key.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        RATED_ROUTES.iter().copied().find(|route| route.key() == key)
    }

    fn is(self, method: &Method, path: &str) -> bool {
        // A HEAD is a GET whose body stays away.
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        self.method == method && self.path == path
    }
}

/// Rates of single routes. A route that has one is counted in a line of its own, and no more among all others of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RouteRates(BTreeMap<Route, RateLimit>);

impl RouteRates {
    /// These and no others.
    #[must_use]
    pub const fn new(rates: BTreeMap<Route, RateLimit>) -> Self {
        Self(rates)
    }

    pub(crate) fn rate(&self, route: Route) -> Option<RateLimit> {
        self.0.get(&route).copied()
    }

    /// What a request is counted as: its route, where that has a rate of its own, or else what is usual.
    pub(crate) fn operation(&self, request: &Request, usual: Operation) -> Operation {
        if self.0.is_empty() {
            return usual;
        }
        let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let own = self.0.keys().find(|route| route.is(request.method(), path));
        own.map_or(usual, |route| Operation::Route(*route))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_has_a_key_of_its_own_that_a_variable_can_have() {
        let keys: BTreeSet<String> = RATED_ROUTES.iter().map(|route| route.key()).collect();
        assert_eq!(keys.len(), RATED_ROUTES.len(), "two routes have one key");
        for route in RATED_ROUTES {
            let key = route.key();
            assert_eq!(Route::of_key(&key), Some(*route), "{key} is found again");
            assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{key} has other letters");
            assert!(!key.contains("__"), "{key} would be two levels of a variable");
        }
        let log = Route::of_key("get_games_id_battles_pairing_game_log");
        assert_eq!(log.map(|route| route.path), Some("/v1/games/{id}/battles/{pairing}/{game}/log"), "as it reads");
    }
}
