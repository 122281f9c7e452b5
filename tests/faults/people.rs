//! Two people in a match, and what they were sent.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use hypogeum_client::{Api, Change};
use hypogeum_persistence::Store;
use hypogeum_progression::Profile;
use hypogeum_protocol::{AccountId, ErrorCode, GameEvent, NetId, Outcome, SettledReport};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::{FIRST_WAY_OUT, Player};

use crate::files::MODE;

/// What everyone takes along, of which there must be one of each afterwards.
pub(crate) const BROUGHT: [&str; 2] = ["padded_coat", "rusty_sword"];

/// Someone who plays.
pub(crate) struct Person {
    pub(crate) player: Player,
    pub(crate) account: AccountId,
    avatar: NetId,
}

impl Person {
    /// Comes in as a guest.
    pub(crate) fn guest(url: &str, name: &str) -> Self {
        let player = Player::guest(url, name);
        let account = player.view().session.as_ref().expect("welcomed").account;
        Self { player, account, avatar: NetId::NONE }
    }

    /// Goes into a match with sword and coat.
    pub(crate) fn enter_match(&mut self) {
        self.player.queue(MODE);
        self.player.bring(&BROUGHT);
        self.player
            .until("the match", |player| player.own().is_some() && player.view().inventory.len() == BROUGHT.len());
        self.avatar = self.player.avatar().expect("it stands there");
    }

    /// Comes back into the match it was in, or hears what it got there.
    pub(crate) fn back(url: &str, name: &str) -> Self {
        let mut person = Self::guest(url, name);
        person
            .player
            .until("the match it was in", |player| player.avatar().is_some() || player.view().settled.is_some());
        person.avatar = person.player.avatar().unwrap_or(NetId::NONE);
        person
    }

    /// Whether it was notified that it got out.
    pub(crate) fn is_out(&self) -> bool {
        is_out(&self.player, self.avatar)
    }

    /// Whether it was sent its settlement.
    pub(crate) fn is_settled(&self) -> bool {
        self.player.view().settled.is_some()
    }

    /// Walks to the nearest exit until it sees its avatar no more, or is told that it is out: the match may end with that,
    /// and nothing more of it is shown.
    pub(crate) fn walk_out(&mut self) {
        let avatar = self.avatar;
        self.player.until("the way out", |player| {
            let exit = player.view().current.as_ref().and_then(|current| {
                let own = player.own()?;
                current.exits.iter().min_by_key(|exit| (exit.x - own.x).abs() + (exit.y - own.y).abs()).copied()
            });
            if let Some(exit) = exit {
                player.walk((exit.x, exit.y), 0);
            }
            player.own().is_none() || player.view().current.is_none() || is_out(player, avatar)
        });
    }

    pub(crate) fn until_out(&mut self) {
        let avatar = self.avatar;
        self.player.until("the word that it got out", |player| is_out(player, avatar));
    }

    /// Waits for what it got.
    pub(crate) fn until_settled(&mut self) -> SettledReport {
        self.player.until("the settlement", |player| player.view().settled.is_some());
        self.player.view().settled.clone().expect("just seen").1
    }
}

fn is_out(player: &Player, avatar: NetId) -> bool {
    let out = |event: &GameEvent| matches!(event, GameEvent::Extracted { who } if *who == avatar);
    player.view().recent.iter().any(|(_, event)| out(event))
}

/// Two in one match.
pub(crate) fn two_in_a_match(url: &str, names: [&str; 2]) -> [Person; 2] {
    thread::scope(|scope| {
        let enter = |name| {
            let mut person = Person::guest(url, name);
            person.enter_match();
            person
        };
        let persons = names.map(|name| scope.spawn(move || enter(name)));
        persons.map(|person| person.join().expect("both get into the match"))
    })
}

/// Both act at the same time.
pub(crate) fn both<T: Send>(persons: &mut [Person; 2], act: impl Fn(&mut Person) -> T + Sync) -> [T; 2] {
    let act = &act;
    thread::scope(|scope| {
        let acting = persons.each_mut().map(|person| scope.spawn(move || act(person)));
        acting.map(|acting| acting.join().expect("both do it"))
    })
}

/// They stay where they are, connected and watching, while something else is done.
pub(crate) fn meanwhile<T>(persons: &mut [Person], act: impl FnOnce() -> T) -> T {
    /// Lets the others go also where what was done failed.
    struct Over<'flag>(&'flag AtomicBool);
    impl Drop for Over<'_> {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        for person in persons {
            let over = &over;
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    person.player.frame();
                }
            });
        }
        let _over = Over(&over);
        act()
    })
}

/// Waits until the server has answered once more: it ticks, and the connection stands.
pub(crate) fn until_answered(player: &mut Player) {
    player.take_seen();
    player.client().ping();
    player.until("an answer", |player| player.take_seen().iter().any(|change| matches!(change, Change::Pong { .. })));
}

/// Waits until it has seen the match go on for a second.
pub(crate) fn until_ticked(player: &mut Player) {
    let tick = |player: &Player| player.view().snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
    let from = tick(player);
    player.until("a second of the match", |player| tick(player) >= from + 30);
}

/// Waits until a refusal comes.
pub(crate) fn until_refused(player: &mut Player, code: ErrorCode) {
    player.until(&format!("the refusal {code:?}"), |player| {
        player.view().last_refusal.is_some_and(|refusal| refusal.code == code)
    });
}

/// A newcomer is refused because nothing can be granted now.
pub(crate) fn newcomer_is_refused(url: &str, name: &str) {
    let refusal = Api::new(url).expect("the server's URL is good").guest(name).expect_err("nothing is granted now");
    assert_eq!((refusal.status(), refusal.code()), (Some(503), "try_later"), "{name}: {refusal}");
}

/// What an account has.
pub(crate) fn profile(store: &Store, account: AccountId) -> Profile {
    match store.answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => *profile,
        reply => panic!("account {account} has no profile: {reply:?}"),
    }
}

/// The books are right, and every one of these has what it brought and what its settlement said, once.
pub(crate) fn all_adds_up<'all>(store: &Store, reports: impl IntoIterator<Item = (AccountId, &'all SettledReport)>) {
    let audit = store.audit().expect("the database can be looked into");
    assert!(audit.is_sound() && !audit.matches.contains_key("running"), "the books are right: {audit}");
    for (account, report) in reports {
        adds_up(store, account, report);
    }
}

/// Everything an account brought is in its stash, once each, and it has what its settlement said.
fn adds_up(store: &Store, account: AccountId, report: &SettledReport) {
    assert_eq!(report.outcome, Outcome::Extracted, "account {account} walked out: {report:?}");
    let profile = profile(store, account);
    for brought in BROUGHT {
        let count = profile.stash.iter().filter(|item| item.template == brought).count();
        assert_eq!(count, 1, "account {account} has one {brought}: {:?}", profile.stash);
    }
    assert_eq!(profile.xp, u64::from(report.xp_gained), "account {account} has the experience of one match, once");
    assert_eq!(profile.currency, report.currency_gained + FIRST_WAY_OUT, "account {account} has its rewards once");
}
