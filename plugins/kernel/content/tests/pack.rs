//! A content as it is kept: what changes it, what does not, and what is read of bytes that were changed.

mod shipped_files;

use std::sync::LazyLock;

use hypogeum_content::def::SeedingDef;
use hypogeum_content::{Content, ContentPack, PackError};
use proptest::prelude::*;
use shipped_files::SHIPPED;

static BLITZ: LazyLock<ContentPack> = LazyLock::new(|| pack(SHIPPED.clone(), "blitz"));

fn content(files: Vec<(String, String)>) -> Content {
    Content::from_files(files).unwrap_or_else(|mistakes| panic!("the files are sound: {mistakes:?}"))
}

fn pack(files: Vec<(String, String)>, mode: &str) -> ContentPack {
    let content = content(files);
    content.pack(content.modes.id(mode).expect("the mode is there"))
}

/// The shipped files, one of them changed.
fn changed(path: &str, change: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut files = SHIPPED.clone();
    let file = files.iter_mut().find(|file| file.0 == path).expect("the file is shipped");
    file.1 = change(&file.1);
    files
}

#[test]
fn what_means_the_same_is_the_same_content() {
    let dressed: Vec<_> = SHIPPED
        .iter()
        .map(|(path, text)| {
            let text = text.replace('\n', "\r\n");
            // Scripts are kept as they are written: their errors are told by line.
            let dressed = if path.ends_with(".rhai") { text } else { format!("// A remark.\n\n{text}\n") };
            (path.clone(), dressed)
        })
        .collect();
    assert_eq!(content(dressed.clone()).hash, content(SHIPPED.clone()).hash, "comments and line ends mean nothing");
    assert_eq!(pack(dressed, "blitz").text(), BLITZ.text(), "nor to a mode");
}

#[test]
fn a_share_is_the_same_in_either_unit() {
    let written = changed("effects/chill.ron", |text| text.replacen("Percent(-35)", "BasisPoints(-3500)", 1));
    assert_eq!(content(written).hash, content(SHIPPED.clone()).hash, "35 % are 3,500 basis points");
}

#[test]
fn a_mode_is_not_changed_by_what_it_does_not_reach() {
    let other = changed("modes/throng.ron", |text| text.replacen("name: \"", "name: \"Old ", 1));
    assert_ne!(content(other.clone()).hash, content(SHIPPED.clone()).hash, "the content as a whole is another");
    assert_eq!(pack(other, "blitz").hash(), BLITZ.hash(), "blitz is not");
    let mut more = SHIPPED.clone();
    let rat = more.iter().find(|file| file.0 == "npcs/rat.ron").expect("rats are shipped").1.clone();
    more.push(("npcs/aardvark.ron".to_owned(), rat));
    assert_eq!(pack(more, "blitz").hash(), BLITZ.hash(), "places within a mode do not move for others");
}

#[test]
fn a_mode_is_changed_by_whatever_it_reaches() {
    let reached = ["npcs/rat.ron", "items/medkit.ron", "abilities/sword_slash.ron", "maps/hollow_reach.ron"];
    for path in reached {
        let other = changed(path, |text| text.replacen("name: \"", "name: \"Old ", 1));
        assert_ne!(content(other).hash, content(SHIPPED.clone()).hash, "{path} says something else");
    }
    let other = changed("effects/bandaged.ron", |text| text.replacen("name: \"", "name: \"Old ", 1));
    assert_ne!(pack(other, "blitz").hash(), BLITZ.hash(), "an effect of an item that anyone may bring");
}

#[test]
fn every_shipped_mode_is_read_as_it_was_kept() {
    let all = content(SHIPPED.clone());
    for (id, key, _) in all.modes.iter() {
        let kept = all.pack(id);
        let read = ContentPack::read(kept.text()).unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(read.hash(), kept.hash(), "{key} has the same hash");
        assert_eq!(format!("{:?}", read.content()), format!("{:?}", kept.content()), "{key} says the same");
        let mode = read.content().modes.id(key).expect("the mode is in its pack");
        assert_eq!(read.content().pack(mode).text(), kept.text(), "{key} is kept the same again");
        assert_eq!(read.content().items.len(), all.items.len(), "{key} has every item, for anyone may bring it");
        assert_eq!(read.content().modes.len(), 1, "{key} has no other mode");
    }
}

#[test]
fn every_shipped_zone_is_read_as_it_was_kept() {
    let all = content(SHIPPED.clone());
    for (id, key, _) in all.zones.iter() {
        let kept = all.pack_of_zone(id);
        let read = ContentPack::read(kept.text()).unwrap_or_else(|error| panic!("{key}: {error}"));
        assert_eq!(read.hash(), kept.hash(), "{key} has the same hash");
        assert_eq!(format!("{:?}", read.content()), format!("{:?}", kept.content()), "{key} says the same");
        let part = read.content();
        let zone = part.zones.id(key).expect("the zone is in its pack");
        assert_eq!(part.pack_of_zone(zone).text(), kept.text(), "{key} is kept the same again");
        assert_eq!(part.archetypes.len(), all.archetypes.len(), "anyone may come to {key}");
        assert_eq!(part.items.len(), all.items.len(), "with anything");
        assert_eq!((part.zones.len(), part.modes.len(), part.maps.len()), (1, 0, 0), "{key} has no other place in it");
    }
}

#[test]
fn a_tournament_is_kept_with_the_ladder_that_seeds_it() {
    let seeded = changed("tournaments/cup.ron", |text| text.replacen("\n)", "\n    seeding: Rating(\"duels\"),\n)", 1));
    let all = content(seeded);
    let kept = all.pack_of_tournament(all.tournaments.id("cup").expect("it is shipped"));
    let read = ContentPack::read(kept.text()).unwrap_or_else(|error| panic!("it is read again: {error}"));
    assert_eq!(read.hash(), kept.hash(), "it has the same hash");
    let ladder_of = |content: &Content| {
        let cup = content.tournaments.id("cup").expect("the tournament is there");
        let SeedingDef::Rating(link) = &content.tournaments[cup].seeding else { panic!("it is seeded by rating") };
        content.ladders.key(link.id()).to_owned()
    };
    assert_eq!(ladder_of(read.content()), "duels", "a link leads to the ladder");
    assert_eq!((read.content().ladders.len(), read.content().tournaments.len()), (1, 2), "and that to its own rules");
    assert_eq!(ladder_of(&read.content().numbered_like(&all)), "duels", "wherever they stand");
}

#[test]
fn links_lead_to_the_same_keys_in_a_pack() {
    let content = BLITZ.content();
    for (_, key, npc) in content.npcs.iter() {
        for link in &npc.abilities {
            assert_eq!(content.abilities.key(link.id()), link.key(), "{key} does what it did");
        }
    }
    for (_, key, item) in content.items.iter() {
        if let Some(link) = &item.ability {
            assert_eq!(content.abilities.key(link.id()), link.key(), "{key} strikes as it did");
        }
    }
}

#[test]
fn what_two_contents_share_can_have_the_same_places() {
    let mut files = SHIPPED.clone();
    let rat = files.iter().find(|file| file.0 == "npcs/rat.ron").expect("rats are shipped").1.clone();
    files.push(("npcs/aardvark.ron".to_owned(), rat));
    files.retain(|file| file.0 != "items/bandage.ron");
    for file in &mut files {
        file.1 = file.1.replace("\"bandage\"", "\"medkit\"");
        if file.0 == "modes/blitz.ron" {
            file.1 = file.1.replace("npc: \"rat\"", "npc: \"aardvark\"");
        }
    }
    let (old, other) = (BLITZ.content(), pack(files, "blitz"));
    let alike = other.content().numbered_like(old);
    for (id, key, _) in old.npcs.iter() {
        assert_eq!(alike.npcs.id(key), Some(id), "{key} stands where it stood");
    }
    let aardvark = alike.npcs.id("aardvark").map(|id| usize::from(id.index()));
    assert_eq!(aardvark, Some(old.npcs.len()), "what is new comes behind");
    assert_eq!(alike.items.len(), old.items.len(), "what is gone leaves no gap");
    for (_, key, table) in alike.loot.iter() {
        for link in &table.always {
            assert_eq!(alike.items.key(link.id()), link.key(), "{key} gives what it says");
        }
    }
    for (_, _, mode) in alike.modes.iter() {
        for spawner in &mode.spawners {
            assert_eq!(alike.npcs.key(spawner.npc.id()), spawner.npc.key(), "a spawner leads where it says");
        }
    }
    let same = old.numbered_like(old);
    assert_eq!(format!("{same:?}"), format!("{old:?}"), "nothing moves where nothing differs");
}

#[test]
fn the_format_is_what_it_was() {
    let beast = "(think_every_ticks: 3, drives: [(activity: Fight, score: 9, when: [HasTarget])])";
    let files = [
        (
            "effects/mending.ron",
            "(name: \"Ménding\", kind: Heal(Flat(5)), duration_ms: 1000, interval_ms: 500, stacking: Refresh)",
        ),
        ("behaviours/beast.ron", beast),
    ];
    let content = Content::from_files(files).expect("these are sound");
    let expected = "hypogeum content 2\n\
        behaviours/beast.ron 79\n\
        (think_every_ticks:3,drives:[(activity:Fight,score:9,when:[HasTarget],add:[])])\n\
        effects/mending.ron 118\n\
        (name:\"Ménding\",kind:Heal(Flat(5)),duration_ms:1000,interval_ms:500,stacking:Refresh,dispellable:false,dispels:false)\n";
    let read = ContentPack::read(expected);
    assert_eq!(read.map(|read| read.hash()), Ok(content.hash), "a pack of old is read, and is what would be written");
}

#[test]
fn what_is_no_pack_is_refused_by_name() {
    let text = BLITZ.text();
    assert_eq!(ContentPack::read("").map(|_| ()), Err(PackError::Format), "nothing is no pack");
    let later = text.replacen("content 2", "content 3", 1);
    assert_eq!(ContentPack::read(&later).map(|_| ()), Err(PackError::Format), "a later format is not guessed at");
    let cut = ContentPack::read(&text[..text.len() - 1]).map(|_| ());
    assert!(matches!(cut, Err(PackError::Damaged(_))), "a pack that is cut off is damaged: {cut:?}");
    let unknown = text.replacen("stacking:", "stackin_:", 1);
    let Err(error) = ContentPack::read(&unknown) else { panic!("a field nobody knows is refused") };
    assert!(error.to_string().contains("unknown field"), "and named: {error}");
    let zero = text.replacen("think_every_ticks:", "think_every_ticks:0", 1);
    assert!(ContentPack::read(&zero).is_err(), "a length that is not right is found");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_are_refused_or_are_another_content(
        changes in proptest::collection::vec((any::<usize>(), any::<u8>(), 0_usize..3), 1..4),
    ) {
        let mut bytes = BLITZ.text().as_bytes().to_vec();
        for (at, byte, how) in changes {
            let at = at % bytes.len();
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at.max(1)),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(read) = ContentPack::read(&text) {
            prop_assert_eq!(&read.text()[..], &text[..], "what is read is kept");
            prop_assert!((read.hash() == BLITZ.hash()) == (text == BLITZ.text()[..]), "by its own hash");
        }
    }

    #[test]
    fn any_text_is_refused_or_read(rest in "\\PC{0,40}(\n[a-z]{1,9}/[a-z]{1,9}.ron [0-9]{1,20}\n\\PC{0,40}){0,3}", head in any::<bool>()) {
        let first = if head { "hypogeum content 2\n" } else { "" };
        if let Ok(read) = ContentPack::read(&format!("{first}{rest}")) {
            prop_assert!(head, "nothing else begins so: {:?}", read.text());
        }
    }
}
