//! What clients are given of a content: of the shipped one, and of some that have changed.

use std::fs;
use std::path::{Path, PathBuf};

use hypogeum_content::{Content, FOLDERS};
use hypogeum_content_delivery::{ContentBlob, ContentSet, EARLIER_SETS_MAX, Manifest, PublishedContent};
use hypogeum_locale::{LocaleFile, Locales};
use serde_json::{Value, json};

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets")
}

/// The shipped files, by path from `assets/` on.
fn shipped() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in FOLDERS {
        for entry in fs::read_dir(assets().join(folder)).expect("the folder ships") {
            let path = entry.expect("a file can be listed").path();
            let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
            files.push((format!("{folder}/{name}"), fs::read_to_string(&path).expect("a file can be read")));
        }
    }
    files
}

fn locales() -> Locales {
    Locales::new(LocaleFile::read_all(&assets()).expect("they can be read")).expect("they are good")
}

fn set_of(files: Vec<(String, String)>) -> ContentSet {
    ContentSet::of(&Content::from_files(files).expect("it is good"), &locales()).expect("it can be told")
}

fn json_of(set: &ContentSet, name: &str) -> Value {
    let blob = set.blob(name).unwrap_or_else(|| panic!("{name} is there"));
    serde_json::from_slice(&blob.bytes).expect("it is JSON")
}

/// The shipped files, with something else in one of them.
fn with(path: &str, (old, new): (&str, &str)) -> Vec<(String, String)> {
    let mut files = shipped();
    let (_, text) = files.iter_mut().find(|(known, _)| known == path).expect("the file ships");
    assert!(text.contains(old), "{path} has {old}");
    *text = text.replacen(old, new, 1);
    files
}

/// Names of the blobs that have changed between two sets.
fn changed(before: &ContentSet, after: &ContentSet) -> Vec<String> {
    Manifest::changes(after, before).blobs.into_iter().map(|blob| blob.name).collect()
}

#[test]
fn a_change_of_a_definition_changes_its_own_blob_alone() {
    let before = set_of(shipped());
    let dearer = set_of(with("items/medkit.ron", ("value: ", "value: 1")));
    assert_eq!(changed(&before, &dearer), ["tables/items"], "a number of an item stands in one table");
    assert_ne!(before.content_hash(), dearer.content_hash(), "it is other content");
    assert_ne!(before.manifest_hash(), dearer.manifest_hash(), "so it is another manifest");

    let renamed = set_of(with("items/medkit.ron", ("name: \"Medkit\"", "name: \"Kit\"")));
    assert_eq!(changed(&before, &renamed), ["names/en"], "its name is told once, and German has words of its own");
    assert_eq!(json_of(&renamed, "names/en")["item-medkit"], "Kit", "as it is called now");

    let hidden = set_of(with("loot/wolf.ron", ("weight: ", "weight: 1")));
    assert_eq!(changed(&before, &hidden), [""; 0], "what is to be found out is told to nobody");
    assert_ne!(before.manifest_hash(), hidden.manifest_hash(), "but the content's hash is");
}

#[test]
fn the_same_content_has_the_same_blobs() {
    assert_eq!(set_of(shipped()), set_of(shipped()), "whoever makes them");
    let set = set_of(shipped());
    for ContentBlob { name, hash, bytes } in set.blobs() {
        assert_eq!(*hash, blake3::hash(bytes).to_hex().to_string(), "{name} is known by its bytes");
    }
}

#[test]
fn an_item_more_is_told_of_wherever_it_counts() {
    let before = set_of(shipped());
    let mut files = shipped();
    files.push(("items/aa_acorn.ron".to_owned(), "(name: \"Acorn\", kind: Valuable, value: 1)".to_owned()));
    let after = set_of(files);
    let changed = changed(&before, &after);
    for name in ["names/de", "names/en", "numbers/items", "numbers/mode/blitz", "tables/items"] {
        assert!(changed.iter().any(|known| known == name), "{name} has it: {changed:?}");
    }
    assert!(!changed.iter().any(|name| name == "tables/npcs"), "all else is as it was: {changed:?}");
    assert_eq!(json_of(&after, "numbers/mode/blitz")["items"][0], "aa_acorn", "the first by its key");
    assert_eq!(Manifest::changes(&before, &after).removed, [""; 0], "no blob comes or goes by it");
}

#[test]
fn numbers_are_those_of_what_a_match_runs_on() {
    let content = Content::load(&assets()).expect("the shipped content is good");
    let set = ContentSet::of(&content, &locales()).expect("it can be told");
    let blitz = content.modes.id("blitz").expect("it ships");
    let pack = content.pack(blitz);
    let numbers = json_of(&set, "numbers/mode/blitz");
    for (id, key, _) in pack.content().npcs.iter() {
        assert_eq!(numbers["npcs"][usize::from(id.index())], key, "in its place");
    }
    assert_eq!(numbers["npcs"].as_array().map(Vec::len), Some(pack.content().npcs.len()), "and no other");
    assert!(pack.content().npcs.len() < content.npcs.len(), "a mode has not every NPC, so its numbers are its own");
    for (_, key, _) in content.zones.iter() {
        assert!(set.blob(&format!("numbers/zone/{key}")).is_some(), "{key} has its numbers");
    }
}

#[test]
fn shards_on_older_content_have_numbers_of_their_own() {
    let old = {
        let mut files = shipped();
        files.push(("items/aa_acorn.ron".to_owned(), "(name: \"Acorn\", kind: Valuable, value: 1)".to_owned()));
        Content::from_files(files).expect("it is good")
    };
    let content = Content::load(&assets()).expect("the shipped content is good");
    let blitz = content.modes.id("blitz").expect("it ships");
    let (older, same) = (old.pack(old.modes.id("blitz").expect("it ships")), content.pack(blitz));
    let set = ContentSet::of(&content, &locales()).expect("it can be told");
    let nothing = Content::default();
    let shards = [(7, older.content().as_ref()), (8, same.content().as_ref()), (9, &nothing)];
    let told = set.clone().with_shards(shards).expect("it can be told");
    assert_eq!(changed(&set, &told), ["numbers/shard/7"], "only where it makes a difference");
    assert_eq!(json_of(&told, "numbers/shard/7")["items"][0], "aa_acorn", "what it means there");
}

#[test]
fn numbers_of_another_mode_are_not_those_of_ones_own() {
    let with_mode = |like: &str| {
        let mut files = shipped();
        let text = |name: &str| files.iter().find(|(path, _)| path == name).expect("it ships").1.clone();
        let (one, other) = (text(like), text("modes/blitz.ron"));
        files.extend([("modes/one.ron".to_owned(), one), ("modes/other.ron".to_owned(), other)]);
        Content::from_files(files).expect("it is good")
    };
    let (old, content) = (with_mode("modes/blitz.ron"), with_mode("modes/skirmish.ron"));
    let set = ContentSet::of(&content, &locales()).expect("it can be told");
    let older = old.pack(old.modes.id("one").expect("it is there"));
    let told = set.clone().with_shards([(7, older.content().as_ref())]).expect("it can be told");
    assert_ne!(json_of(&set, "numbers/mode/one"), json_of(&set, "numbers/mode/other"), "the mode was changed");
    assert_eq!(changed(&set, &told), ["numbers/shard/7"], "though `other` still means the same");
}

#[test]
fn tables_have_what_a_client_shows_and_names_what_it_is_called() {
    let set = set_of(shipped());
    let row = |table: &str, key: &str| {
        let table = json_of(&set, &format!("tables/{table}"));
        let rows = table["rows"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key} is there"))
    };
    let medkit = row("items", "medkit");
    assert_eq!(
        (&medkit["kind"], medkit.get("slot")),
        (&json!("consumable"), None),
        "in the words of the wire: {medkit}"
    );
    let bow = row("items", "hunting_bow");
    assert_eq!((&bow["slot"], &bow["ability"]), (&json!("weapon"), &json!("bow_shot")), "what it does: {bow}");
    let shot = row("abilities", "bow_shot");
    assert_eq!(shot["shape"], "projectile", "how it reaches");
    assert!(shot["range_cm"].as_u64() > Some(0) && shot["speed_cm_per_s"].as_u64() > Some(0), "and how far: {shot}");
    let blitz = row("modes", "blitz");
    assert_eq!(blitz["avatar"]["abilities"][0], "fists", "slot 1 without a weapon: {blitz}");
    assert_eq!(blitz["watch"], "everyone", "whom one may watch: {blitz}");
    let names = json_of(&set, "names/de");
    assert_eq!(names["npc-wolf"], "der hohle Wolf", "in the language of the blob");
    let hidden = |name: &&String| name.contains("-room-") || name.contains("-door-") || name.contains("-lever-");
    assert_eq!(
        names.as_object().expect("names").keys().find(hidden),
        None,
        "what is in a zone is found by those who go there"
    );
    assert!(names.get("creature-emberfox.description").is_some(), "what there is to read where one chooses");
}

#[test]
fn tournaments_ladders_and_boards_have_their_tables_and_their_names() {
    let set = set_of(shipped());
    let row = |table: &str, key: &str| {
        let table = json_of(&set, &format!("tables/{table}"));
        let rows = table["rows"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key} is there"))
    };
    let league = json!({
        "key": "league", "battle": "classic", "format": "swiss", "rounds": 5, "best_of": 1, "entrants_min": 4, "entrants_max": 64,
        "allows_byes": true, "opponents": ["adept"], "per_person_max": 1, "people_min": 1, "points_between": 1, "points_s": 60,
        "turn_s": 30, "bank_s": 60, "entry_fee": 0, "purse": 0, "prizes_percent": [], "seeding": "entry_order", "is_scheduled": false
    });
    assert_eq!(row("tournaments", "league"), league, "all that one chooses by, and no more");
    let weekly = row("tournaments", "sunday_cup");
    assert_eq!((&weekly["seeding"], &weekly["is_scheduled"]), (&json!("drawn"), &json!(true)), "{weekly}");
    assert!(weekly["registration_s"].as_u64() > Some(0), "when people may enter it: {weekly}");
    let duels = row("ladders", "duels");
    assert_eq!((&duels["tournament"], &duels["has_seasons"]), (&json!("rated_duel"), &json!(true)), "{duels}");
    assert_eq!(duels["ranks"][1], json!({"key": "silver", "from": 1_400}), "the lowest first: {duels}");
    let cups = json!({
        "key": "weekly_cups", "counts": "games_won", "tournaments": ["cup", "league", "open"], "opponents_min": 3,
        "operator": "increment", "order": "descending", "has_seasons": true
    });
    assert_eq!(row("leaderboards", "weekly_cups"), cups, "what it counts");
    let ratings = row("leaderboards", "duel_ratings");
    assert_eq!((&ratings["counts"], &ratings["ladder"]), (&json!("rating"), &json!("duels")), "{ratings}");

    let names = ["en", "de"].map(|locale| json_of(&set, &format!("names/{locale}")));
    for id in ["tournament-cup", "ladder-duels", "ladder-duels-rank-silver", "leaderboard-weekly_cups"] {
        let [english, german] =
            names.each_ref().map(|names| names[id].as_str().unwrap_or_else(|| panic!("{id}: none")));
        assert!(!english.is_empty() && english != german, "{id} has a name in each language: {english}, {german}");
    }
    for id in ["tournament-cup.description", "ladder-duels.description", "leaderboard-weekly_cups.description"] {
        assert!(names.iter().all(|names| names[id].is_string()), "{id}: what one reads where one chooses");
    }
    let renamed = set_of(with("ladders/duels.ron", ("from: 1400", "from: 1300")));
    assert_eq!(changed(&set, &renamed), ["tables/ladders"], "a number of it stands in one table");
}

fn small(value: u32) -> ContentSet {
    set_of(vec![("items/coin.ron".to_owned(), format!("(name: \"Coin\", kind: Valuable, value: {value})"))])
}

#[test]
fn a_client_is_told_what_has_changed_since_what_it_has() {
    let published = PublishedContent::new(small(1));
    let first = published.manifest(None);
    assert_eq!(first.since, None, "everything");
    let unchanged = published.manifest(Some(&first.manifest_hash));
    assert_eq!((unchanged.blobs.len(), unchanged.since), (0, Some(first.manifest_hash.clone())), "it has all of it");

    published.publish(small(2));
    let second = published.manifest(Some(&first.manifest_hash));
    assert_eq!(second.blobs.iter().map(|blob| blob.name.as_str()).collect::<Vec<_>>(), ["tables/items"], "the table");
    let old = first.blobs.iter().find(|blob| blob.name == "tables/items").expect("it was there");
    assert!(published.blob(&old.hash).is_some(), "whoever still fetches the first gets it");
    for unknown in ["", "0", first.content_hash.as_str()] {
        let whole = published.manifest(Some(unknown));
        assert_eq!((whole.since, whole.blobs.len()), (None, first.blobs.len()), "{unknown:?} is none: everything");
    }

    published.publish(small(1));
    assert_eq!(published.manifest(None), first, "what comes back is what it was");
    for value in 3..3 + u32::try_from(EARLIER_SETS_MAX).expect("a few") {
        published.publish(small(value));
    }
    assert_eq!(published.manifest(Some(&first.manifest_hash)).since, Some(first.manifest_hash.clone()), "still known");
    published.publish(small(99));
    assert_eq!(published.manifest(Some(&first.manifest_hash)).since, None, "what is too old is forgotten");
    assert_eq!(published.blob(&old.hash), None, "and what it alone had");
}
