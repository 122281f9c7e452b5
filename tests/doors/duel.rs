//! A duel of creatures, fought over HTTP and followed over each door.

use hypogeum_client::{Change, NewGame};
use hypogeum_creature_messages::{BattleMove, CreatureStats, GameId, GameNews, Wants};

use crate::person::Person;
use crate::through_every_door;

/// Turns of a duel at most, and what stands between them.
const LOOKS_MAX: u32 = 2_000;

/// Does what is wanted of the creature; returns whether the game is over.
fn serve(person: &Person, id: GameId) -> bool {
    let view = person.api.game(&person.login, id).expect("it is there");
    let own = view.entrants.first().expect("it takes part");
    let done = match own.wants {
        Wants::Nothing => return view.is_over,
        Wants::Ready { .. } => person.api.ready(&person.login, id, own.number),
        Wants::Points { .. } => {
            person.api.allocate_stats_in_game(&person.login, id, (own.number, CreatureStats::default()))
        }
        Wants::Move { .. } => {
            let fights = |entrant: u8| entrant == own.number;
            let battle = view.battles.iter().find(|it| it.fighters.iter().any(|one| fights(one.entrant)));
            let battle = (own.number, battle.expect("it fights"));
            person.api.make_move(&person.login, id, battle, BattleMove::Attack)
        }
    };
    done.expect("it was asked for").is_over
}

#[test]
fn a_duel_is_followed_to_its_end() {
    through_every_door(|url, door| {
        let mut person = Person::guest(url, door);
        let stats = CreatureStats::default();
        let creature =
            person.api.create_creature(&person.login, (door.name(), "emberfox"), stats).expect("one is made");
        let new = NewGame {
            tournament: "duel".to_owned(),
            creatures: vec![creature.id],
            size: 2,
            opponents: Some("novice".to_owned()),
            key: String::new(),
        };
        let game = person.api.start_game(&person.login, &new).expect("it can be played").game;
        person.client.follow_game(game.0, true);
        let is_followed = |change: &Change| matches!(change, Change::GameFollowed { game: of, is_followed: true, .. } if *of == game.0);
        person.until("the answer", |person| person.seen.iter().any(is_followed));
        let mut looks = 0;
        while !serve(&person, game) {
            looks += 1;
            assert!(looks < LOOKS_MAX, "it does not end");
        }
        let news = |person: &Person| -> Vec<GameNews> {
            let told = person.seen.iter().filter_map(|change| match change {
                Change::GameTold { game: of, body, .. } if *of == game.0 => Some(body),
                _ => None,
            });
            told.map(|body| GameNews::decode(body).expect("it is news of creatures")).collect()
        };
        person.until("the end", |person| news(person).iter().any(|news| matches!(news, GameNews::Over { .. })));
        let turns = news(&person).iter().filter(|news| matches!(news, GameNews::Turn { .. })).count();
        assert!(turns > 0, "every turn of the way was told");
    });
}
