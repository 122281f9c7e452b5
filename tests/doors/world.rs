//! The persistent world: entered, looked at, walked in, talked in, left.

use hypogeum_client::Change;
use hypogeum_protocol::ChatChannel;

use crate::person::Person;
use crate::through_every_door;

#[test]
fn the_world_is_entered_looked_at_walked_in_talked_in_and_left() {
    through_every_door(|url, door| {
        let mut person = Person::character(url, door);
        person.client.enter_world("warrior");
        person.until("its room", |person| person.is_shown("chapel") && person.own().is_some());
        person.types("look");
        person.until("the room again", |person| person.is_shown("chapel"));
        person.types("say good evening");
        person.until("its own words", |person| person.was_told("You say, \"good evening\""));
        person.client.chat_history(ChatChannel::Room, "", 0);
        person.until("what was said", |person| person.seen.iter().any(|it| matches!(it, Change::ChatPage { .. })));
        let before = person.own().map(|own| (own.x, own.y));
        person.types("east");
        person.until("the next room", |person| person.is_shown("square"));
        assert_ne!(person.own().map(|own| (own.x, own.y)), before, "it has walked there");
        person.client.leave();
        person.until("what the visit was worth", |person| person.client.view().settled.is_some());
    });
}
