//! Loot tables.

use hypogeum_content::def::{Drop, ItemDef, LootDef};
use hypogeum_content::{Content, Id};
use hypogeum_shard::Dice;

/// Items one roll of a table gives at most; a loaded content stays within it.
pub const LOOT_ITEMS_MAX: usize = hypogeum_content::limits::LOOT_DRAWS_MAX as usize;
/// Tables nested in one another; a loaded content has no rings, and nobody nests that deep on purpose.
const NESTING_MAX: u32 = 16;

/// What a table gives for a source of this level: all that is always there, then what is drawn, in the order drawn.
#[must_use]
pub fn roll_loot(content: &Content, table: Id<LootDef>, level: u32, dice: &mut Dice) -> Vec<Id<ItemDef>> {
    let mut found = Vec::new();
    roll(content, table, level, dice, NESTING_MAX, &mut found);
    found
}

fn roll(
    content: &Content,
    table: Id<LootDef>,
    level: u32,
    dice: &mut Dice,
    depth_left: u32,
    found: &mut Vec<Id<ItemDef>>,
) {
    let (Some(table), Some(depth_left)) = (content.loot.find(table), depth_left.checked_sub(1)) else { return };
    for item in &table.always {
        put(found, item.id());
    }
    for _ in 0..table.rolls {
        let weights = table.entries.iter().map(|entry| if level >= entry.level_min { entry.weight } else { 0 });
        let Some(entry) = dice.weighted(weights).and_then(|drawn| table.entries.get(drawn)) else { continue };
        match &entry.drop {
            Drop::Nothing => {}
            Drop::Item(item) => put(found, item.id()),
            Drop::Table(nested) => roll(content, nested.id(), level, dice, depth_left, found),
        }
    }
}

fn put(found: &mut Vec<Id<ItemDef>>, item: Id<ItemDef>) {
    if found.len() < LOOT_ITEMS_MAX {
        found.push(item);
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::NetId;
    use hypogeum_shard::{Purpose, Seed};

    use super::*;

    fn content() -> Content {
        Content::from_files([
            (
                "effects/mend.ron",
                "(name: \"Mend\", kind: Heal(Flat(5)), duration_ms: 100, interval_ms: 100, stacking: Refresh)",
            ),
            ("items/gem.ron", "(name: \"Gem\", kind: Valuable)"),
            ("items/crown.ron", "(name: \"Crown\", kind: Valuable)"),
            ("items/pill.ron", "(name: \"Pill\", kind: Consumable, on_use: Some(\"mend\"))"),
            ("loot/pills.ron", "(always: [\"pill\", \"pill\"], rolls: 0)"),
            (
                "loot/chest.ron",
                "(always: [\"gem\"], rolls: 4, entries: [
                    (weight: 3, drop: Item(\"gem\")),
                    (weight: 1, drop: Nothing),
                    (weight: 100, level_min: 5, drop: Item(\"crown\")),
                    (weight: 1, drop: Table(\"pills\")),
                ])",
            ),
        ])
        .expect("the content is sound")
    }

    fn rolled(content: &Content, table: &str, level: u32, source: u32) -> Vec<String> {
        let mut dice = Dice::new(Seed::numbered(1), 1, NetId(source), Purpose::named("loot"));
        let table = content.loot.id(table).expect("the table is there");
        let found = roll_loot(content, table, level, &mut dice);
        found.into_iter().map(|item| content.items.key(item).to_owned()).collect()
    }

    #[test]
    fn what_is_always_there_comes_first() {
        let content = content();
        assert_eq!(rolled(&content, "pills", 1, 1), ["pill", "pill"], "a table of sure things gives them all");
        assert_eq!(rolled(&content, "chest", 1, 1).first().map(String::as_str), Some("gem"), "the sure gem is first");
    }

    #[test]
    fn a_low_level_finds_no_crown_and_a_high_one_does() {
        let content = content();
        let crowns = |level| {
            (0..200).flat_map(|source| rolled(&content, "chest", level, source)).filter(|key| key == "crown").count()
        };
        assert_eq!(crowns(4), 0, "level 4 is below the crown's");
        assert!((700..800).contains(&crowns(5)), "100 in 105 draws are crowns, of 800: {}", crowns(5));
    }

    #[test]
    fn a_nested_table_gives_all_of_its_own() {
        let content = content();
        let pills: Vec<usize> = (0..200)
            .map(|source| rolled(&content, "chest", 1, source).iter().filter(|key| *key == "pill").count())
            .collect();
        assert!(pills.iter().all(|count| count % 2 == 0), "pills come in twos");
        assert!(pills.iter().any(|count| *count > 0), "one draw in five is pills");
    }

    #[test]
    fn weights_come_out_as_written() {
        let content = content();
        let all: Vec<Vec<String>> = (0..1_000).map(|source| rolled(&content, "chest", 1, source)).collect();
        let gems = all.iter().flatten().filter(|key| *key == "gem").count() - 1_000;
        assert!((2_250..2_550).contains(&gems), "three draws in five of 4,000 are gems: {gems}");
        assert_eq!(rolled(&content, "chest", 1, 7), rolled(&content, "chest", 1, 7), "the same dice fall the same way");
    }
}
