//! Friends, blocks, and who may see where somebody is.

use hypogeum_social::SocialError;

use super::route::{Route, body_refusals};
use crate::friends::{FRIENDS_PER_PAGE_MAX, FriendBody, FriendsBody, SomebodyNamed, UnlistedBody, Visibility};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get(
            "/v1/friends",
            "list_friends",
            "Friends, open requests and those who are blocked, by their numbers.",
        )
        .query_text("state", "Only those in this state.", "^(friend|sent|received|blocked)$")
        .page("^[0-9]+$", FRIENDS_PER_PAGE_MAX)
        .answers::<FriendsBody>(200, "A page of them."),
        Route::post("/v1/friends", "ask_friend", "Asks somebody to be friends, or takes the request of who has asked.")
            .takes::<SomebodyNamed>()
            .answers::<FriendBody>(200, "How it stands with them.")
            .refuses([SocialError::NoSuchName, SocialError::Oneself, SocialError::Blocking])
            .refuses([SocialError::TooManyFriends, SocialError::TooManyRequests, SocialError::TheirsFull]),
        Route::post("/v1/friends/{id}/accept", "accept_friend", "Takes a request.")
            .answers::<FriendBody>(200, "They are friends.")
            .refuses([SocialError::NoSuchRequest, SocialError::TooManyFriends, SocialError::TheirsFull]),
        Route::delete("/v1/friends/{id}", "remove_friend", "Ends a friendship, declines a request or takes it back.")
            .answers::<UnlistedBody>(200, "It is done.")
            .refuses([SocialError::NotListed]),
    ];
    routes.extend(blocks());
    routes.extend([
        Route::get("/v1/presence", "show_visibility", "Who may see where the caller is.")
            .answers::<Visibility>(200, "Who may.")
            .refuses(body_refusals()),
        Route::post("/v1/presence", "set_visibility", "Says who may see where the caller is.")
            .takes::<Visibility>()
            .answers::<Visibility>(200, "Who may from now on."),
    ]);
    routes
}

fn blocks() -> [Route; 3] {
    [
        Route::get("/v1/blocks", "list_blocks", "Those whom the caller blocks, by their numbers.")
            .page("^[0-9]+$", FRIENDS_PER_PAGE_MAX)
            .answers::<FriendsBody>(200, "A page of them."),
        Route::post("/v1/blocks", "block", "Blocks somebody, as in a chat.")
            .takes::<SomebodyNamed>()
            .answers::<FriendBody>(200, "They are blocked.")
            .refuses([SocialError::NoSuchName, SocialError::Oneself, SocialError::TooManyBlocks]),
        Route::delete("/v1/blocks/{id}", "unblock", "Blocks somebody no longer.")
            .answers::<UnlistedBody>(200, "They are not.")
            .refuses([SocialError::NotListed]),
    ]
}
