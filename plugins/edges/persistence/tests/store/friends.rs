//! Friends, requests and blocks are kept, bounded, and nobody finds out who blocks it.

use hypogeum_persistence::Store;
use hypogeum_protocol::{AccountId, Ignored};
use hypogeum_social::{FriendState, FriendStore, SocialError};
use hypogeum_store::{
    ChatReply, ChatRequest, OPEN_REQUESTS_MAX, SocialReply, SocialRequest, SocialSettings, StoreReply, StoreRequest,
    VisibleTo,
};

use crate::world::{Directory, register, wait};

fn listed(store: &Store, account: AccountId) -> Vec<(AccountId, FriendState)> {
    let friends = wait(store.friends(account, None, None, 100)).unwrap();
    friends.into_iter().map(|friend| (friend.account, friend.state)).collect()
}

fn befriend(store: &Store, account: AccountId, name: &str) -> Result<(FriendState, bool), SocialError> {
    wait(store.befriend(account, name)).map(|(friend, is_told)| (friend.state, is_told))
}

fn settings(store: &Store, account: AccountId) -> SocialSettings {
    match store.answer(StoreRequest::Social(SocialRequest::Load { accounts: vec![account] })) {
        StoreReply::Social(SocialReply::Loaded(mut loaded)) if loaded.len() == 1 => loaded.remove(0),
        other => panic!("settings are answered by settings: {other:?}"),
    }
}

fn a_request_is_taken_declined_or_taken_back(directory: &Directory) {
    use FriendState::{Friend, Received, Sent};
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    assert_eq!(befriend(&store, ada, "Nobody"), Err(SocialError::NoSuchName), "nobody is called so");
    assert_eq!(befriend(&store, ada, "ADA"), Err(SocialError::Oneself), "nobody is her own friend");
    assert_eq!(befriend(&store, ada, "bOB"), Ok((Sent, true)), "she asks");
    assert_eq!(befriend(&store, ada, "Bob"), Ok((Sent, false)), "again it is the same");
    assert_eq!((listed(&store, ada), listed(&store, bob)), (vec![(bob, Sent)], vec![(ada, Received)]), "both see it");
    assert_eq!(
        wait(store.accept_friend(ada, bob)).unwrap_err(),
        SocialError::NoSuchRequest,
        "her own is not hers to take"
    );
    assert_eq!(wait(store.accept_friend(bob, ada)).unwrap().state, Friend, "he takes it");
    drop(store);
    let store = directory.open();
    assert_eq!((listed(&store, ada), listed(&store, bob)), (vec![(bob, Friend)], vec![(ada, Friend)]), "it is kept");
    let known = settings(&store, ada);
    assert_eq!((known.name.as_str(), known.friends), ("Ada", vec![bob]), "the tick is told");
    assert_eq!(wait(store.remove_friend(bob, ada)), Ok(()), "he ends it");
    assert_eq!((listed(&store, ada), listed(&store, bob)), (vec![], vec![]), "for both");
    assert_eq!(wait(store.remove_friend(bob, ada)), Err(SocialError::NotListed), "once");
    befriend(&store, ada, "Bob").unwrap();
    assert_eq!(befriend(&store, bob, "Ada"), Ok((Friend, true)), "who asks back takes it");
}

fn who_blocks_is_not_found_out(directory: &Directory) {
    use FriendState::{Blocked, Friend, Sent};
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    befriend(&store, ada, "Bob").unwrap();
    wait(store.accept_friend(bob, ada)).unwrap();
    assert_eq!(wait(store.block(bob, "ada")).unwrap().state, Blocked, "he blocks her");
    assert_eq!((listed(&store, ada), listed(&store, bob)), (vec![], vec![(ada, Blocked)]), "they are friends no more");
    assert_eq!(settings(&store, bob).blocked, [ada], "the tick is told");
    assert_eq!(befriend(&store, ada, "Bob"), Ok((Sent, false)), "to her it is a request as any other");
    assert_eq!((listed(&store, ada), listed(&store, bob)), (vec![(bob, Sent)], vec![(ada, Blocked)]), "he sees none");
    assert_eq!(befriend(&store, bob, "Ada"), Err(SocialError::Blocking), "he unblocks her first");
    assert_eq!(wait(store.unblock(bob, ada)), Ok(()), "he does");
    assert_eq!(wait(store.unblock(bob, ada)), Err(SocialError::NotListed), "once");
    assert_eq!(befriend(&store, bob, "Ada"), Ok((Friend, true)), "then both want it");
}

fn blocks_are_those_of_the_chat(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    befriend(&store, ada, "Bob").unwrap();
    let chat = |request| match store.answer(StoreRequest::Chat(request)) {
        StoreReply::Chat(reply) => reply,
        other => panic!("a chat is answered by a chat: {other:?}"),
    };
    chat(ChatRequest::Ignore { account: ada, name: "Bob".to_owned(), ignored: Ignored::Blocked });
    assert_eq!(listed(&store, ada), [(bob, FriendState::Blocked)], "who is blocked there is blocked here");
    assert_eq!(listed(&store, bob), [], "and is asked no more");
    wait(store.unblock(ada, bob)).unwrap();
    wait(store.block(bob, "Ada")).unwrap();
    let ChatReply::Loaded(loaded) = chat(ChatRequest::Load { accounts: vec![ada, bob] }) else { panic!("settings") };
    let ignored: Vec<_> = loaded.into_iter().map(|settings| settings.ignored).collect();
    assert_eq!(ignored, [vec![], vec![(ada, Ignored::Blocked)]], "and the other way round");
    chat(ChatRequest::Ignore { account: bob, name: "Ada".to_owned(), ignored: Ignored::Muted });
    assert_eq!(wait(store.unblock(bob, ada)), Err(SocialError::NotListed), "who is muted is not blocked");
}

fn requests_are_bounded_and_pages_follow_one_another(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let others: Vec<AccountId> =
        (0..=OPEN_REQUESTS_MAX).map(|number| register(&store, &format!("Other{number}")).unwrap()).collect();
    for number in 0..OPEN_REQUESTS_MAX {
        assert!(befriend(&store, ada, &format!("Other{number}")).is_ok(), "{number} may be asked");
    }
    let last = format!("Other{OPEN_REQUESTS_MAX}");
    assert_eq!(befriend(&store, ada, &last), Err(SocialError::TooManyRequests), "one too many");
    let page = |after| wait(store.friends(ada, Some(FriendState::Sent), after, 60)).unwrap();
    let (first, second) = (page(None), page(Some(others[59])));
    let ids: Vec<AccountId> = first.iter().chain(&second).map(|friend| friend.account).collect();
    assert_eq!(ids, others[..OPEN_REQUESTS_MAX], "each is on one page");
    assert_eq!(wait(store.friends(ada, Some(FriendState::Friend), None, 60)).unwrap(), [], "none is a friend yet");
}

fn who_may_see_where_somebody_is_is_kept(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    assert_eq!(wait(store.visible_to(ada)), Ok(VisibleTo::Friends), "unless it is said");
    wait(store.set_visible_to(ada, VisibleTo::Nobody)).unwrap();
    drop(store);
    let store = directory.open();
    assert_eq!(wait(store.visible_to(ada)), Ok(VisibleTo::Nobody), "it is kept");
    assert_eq!(settings(&store, ada).visible_to, VisibleTo::Nobody, "and the tick is told");
    assert_eq!(settings(&store, AccountId(77)).visible_to, VisibleTo::Friends, "of nobody nothing is known");
}

on_both![
    a_request_is_taken_declined_or_taken_back,
    who_blocks_is_not_found_out,
    blocks_are_those_of_the_chat,
    requests_are_bounded_and_pages_follow_one_another,
    who_may_see_where_somebody_is_is_kept,
];
