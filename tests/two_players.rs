//! Two people over real UDP: they meet, one dies, the other takes what is left and gets out, and the database shows it.

use std::thread;

use hypogeum_client::Change;
use hypogeum_persistence::Store;
use hypogeum_progression::{Profile, StarterKit};
use hypogeum_protocol::{AccountId, Act, GameEvent, ItemId, Outcome, RecordKind, SettledReport};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::{FIRST_WAY_OUT, Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

struct Played {
    account: AccountId,
    report: SettledReport,
}

fn settled(mut player: Player) -> Played {
    player.until("the settlement", |player| player.view().settled.is_some());
    let view = player.view();
    let account = view.session.as_ref().expect("welcomed long ago").account;
    let report = view.settled.clone().expect("just seen").1;
    Played { account, report }
}

fn middle(player: &Player) -> (i32, i32) {
    player.view().current.as_ref().map_or((0, 0), |current| (current.side / 2, current.side / 2))
}

/// Hunts the other down, loots what is left of it and leaves by the nearest exit.
fn hunter(url: &str) -> Played {
    let mut hunter = Player::enter(url, "Hunter");
    hunter.queue("skirmish");
    hunter.bring(&["rusty_sword"]);
    hunter.until("the match", |hunter| hunter.own().is_some());
    let avatar = hunter.avatar();
    hunter.until("the other's death", |hunter| {
        match hunter.nearest(RecordKind::Player) {
            Some(prey) => hunter.walk((prey.x, prey.y), 1),
            None => hunter.walk(middle(hunter), 0),
        };
        hunter.take_seen().iter().any(|change| match change {
            Change::Happened(events) => {
                events.iter().any(|event| matches!(event, GameEvent::Died { by, .. } if Some(*by) == avatar))
                    && hunter.nearest(RecordKind::Player).is_none()
            }
            _ => false,
        }) || hunter.nearest(RecordKind::Player).is_none_or(|prey| prey.hp_band == 0)
            && hunter.nearest(RecordKind::Container).is_some_and(|remains| {
                hunter.own().is_some_and(|own| (own.x - remains.x).abs() + (own.y - remains.y).abs() < 2_000)
            })
    });
    hunter.until("the coat of the dead", |hunter| {
        if let Some(remains) = hunter.nearest(RecordKind::Container)
            && hunter.walk((remains.x, remains.y), 0) < 300.0
        {
            hunter.act(Act::Loot { container: remains.id });
        }
        hunter.view().inventory.iter().any(|item| item.template == "padded_coat")
    });
    hunter.until("the way out", |hunter| {
        let exit = hunter.view().current.as_ref().and_then(|current| {
            let own = hunter.own()?;
            current.exits.iter().min_by_key(|exit| (exit.x - own.x).abs() + (exit.y - own.y).abs()).copied()
        });
        if let Some(exit) = exit {
            hunter.walk((exit.x, exit.y), 0);
        }
        hunter.own().is_none() || hunter.view().settled.is_some()
    });
    settled(hunter)
}

/// Walks to the middle of the map in its good coat, and waits there.
fn prey(url: &str) -> Played {
    let mut prey = Player::enter(url, "Prey");
    prey.queue("skirmish");
    prey.bring(&["padded_coat"]);
    prey.until("the match", |prey| prey.own().is_some());
    prey.until("its end", |prey| {
        prey.walk(middle(prey), 0);
        prey.own().is_none() || prey.view().settled.is_some()
    });
    settled(prey)
}

fn profile(store: &Store, account: AccountId) -> Profile {
    match store.answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => *profile,
        reply => panic!("account {account} has no profile: {reply:?}"),
    }
}

#[test]
fn one_dies_the_other_gets_out_with_the_loot_and_both_is_kept() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let settings = [("HYPOGEUM_SERVER__MATCH_SEED", "11")];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let url = server.url.clone();
    let (hunter, prey) = thread::scope(|scope| {
        let hunter = scope.spawn(|| hunter(&url));
        let prey = scope.spawn(|| prey(&url));
        (hunter.join().expect("the hunter plays to the end"), prey.join().expect("the prey plays to the end"))
    });
    assert_eq!(hunter.report.outcome, Outcome::Extracted, "{:?}", hunter.report);
    assert_eq!(prey.report.outcome, Outcome::Died, "{:?}", prey.report);
    assert!(hunter.report.kills >= 1, "the kill counts: {:?}", hunter.report);
    assert!(hunter.report.items_secured >= 2, "sword and coat are secured: {:?}", hunter.report);

    let ended = server.terminate();
    assert!(ended.status.success(), "SIGTERM ends a server in order: {:?}\n{}", ended.status, ended.log);

    let store =
        Store::open(data.path(), StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    let (hunter_has, prey_has) = (profile(&store, hunter.account), profile(&store, prey.account));
    let coat_of_prey = |profile: &Profile| {
        let origin = ItemId::STARTER_BIT | prey.account.0;
        profile.stash.iter().any(|item| item.template == "padded_coat" && item.id.origin == origin)
    };
    assert!(coat_of_prey(&hunter_has), "the hunter's stash holds the very coat of its prey: {:?}", hunter_has.stash);
    assert!(!coat_of_prey(&prey_has), "the prey's does not any more: {:?}", prey_has.stash);
    let expected = hunter.report.currency_gained + FIRST_WAY_OUT;
    assert_eq!(hunter_has.currency, expected, "the wallet holds what was reported, and what it was the first time for");
    assert!(hunter_has.xp > 0 && hunter_has.rating() > prey_has.rating(), "experience and rating are kept");
}
