//! Bounds of a content folder and of what a match may be made of, each with its reason.

/// Bytes of one file. The largest honest one is a few KiB.
pub const FILE_BYTES_MAX: usize = 256 * 1_024;
/// Files of one folder tree. Places in a table are 16 bits wide; nobody balances a thousand items by hand.
pub const FILES_MAX: usize = 1_024;
/// Bytes of a whole content as it is kept. A thousand honest files come to a few MiB.
pub const PACK_BYTES_MAX: usize = 16 << 20;
/// Errors kept; the rest of a broken folder repeats them.
pub const ERRORS_MAX: usize = 1_000;
/// Slips in the form of one file that are told at once. Anyone who has more of them writes another language.
pub const SLIPS_MAX: usize = 32;
/// How deep values nest in one another. The deepest definition has six levels.
pub const NESTING_MAX: usize = 32;
/// Bytes of a key: it is a file name and a word in messages.
pub const KEY_BYTES_MAX: usize = 64;
/// Bytes of a key that is written within a file, such as that of a room: players and triggers name it.
pub const LOCAL_KEY_BYTES_MAX: usize = 32;
/// Bytes of a word that players type.
pub const WORD_BYTES_MAX: usize = 16;
/// Bytes of what describes a room or an archetype: a few sentences, and one message.
pub const DESCRIPTION_BYTES_MAX: usize = 1_024;
/// Bytes of what a trigger says.
pub const WORDS_BYTES_MAX: usize = 512;
/// Characters of a name shown to players.
pub const NAME_CHARS_MAX: usize = 48;

/// Ability slots of a fighter: a snapshot shows their cooldowns in eight bits.
pub const ABILITY_SLOTS_MAX: usize = 8;
/// Tactics of an NPC, or of one of its phases: gone through at every step of a fight.
pub const TACTICS_MAX: usize = 16;
/// Phases of a fight against one NPC.
pub const PHASES_MAX: usize = 8;
/// NPCs that all phases of one NPC bring: a boss is no army.
pub const FOLLOWERS_MAX: u64 = 64;
/// Draws one use of a loot table may come to, nested tables included: a corpse is no warehouse.
pub const LOOT_DRAWS_MAX: u64 = 64;
/// Loot tables in one another: anyone who draws from them may count on it.
pub const LOOT_NESTING_MAX: u32 = 16;
/// Obstacles of a map: the map message that lists them fits its 64 KiB.
pub const OBSTACLES_MAX: u32 = 2_000;
/// Participants of a mode: the most that one shard has been shown to step in time.
pub const PLAYERS_MAX: u32 = 10_000;
/// Square metres of map for each participant: seven metres from one to the next, so that nobody begins within a blow.
pub const ROOM_M2_MIN: u64 = 50;
/// NPCs of a mode alive at once, guards and spawners together.
pub const NPCS_MAX: u64 = 1_000;
/// Containers of a map.
pub const CONTAINERS_MAX: u64 = 1_000;
/// Mines of a mode.
pub const MINES_MAX: u64 = 1_000;
/// Longest match in milliseconds: an hour.
pub const DURATION_MS_MAX: u32 = 3_600_000;

/// Creatures of a tournament: six rounds of an elimination.
pub const ENTRANTS_MAX: i64 = 64;
/// The highest rating of a ladder.
pub const RATING_MAX: i64 = 12_000;
/// Currency that a cosmetic costs, and that one reward is: a sum of all of them stays far below what a wallet holds.
pub const REWARD_MAX: i64 = 1_000_000;
/// Cosmetics of a bundle.
pub const BUNDLE_PARTS_MAX: usize = 16;
/// Levels that a cosmetic may want.
pub const COSMETIC_LEVEL_MAX: i64 = 100;
/// What an achievement counts to: as far as numbers of 32 bits go.
pub const ACHIEVEMENT_AT_MAX: i64 = 1_000_000_000;
/// Days of a table of daily rewards: a month.
pub const DAILY_DAYS_MAX: usize = 31;
/// Steps of rewards of a season, and the last rank that gets one: as many as one transaction grants.
pub const SEASON_REWARDS_MAX: usize = 16;
/// The last rank that a season rewards.
pub const SEASON_RANK_MAX: i64 = 1_000;
/// Ranks of a ladder: more of them are numbers again.
pub const LADDER_RANKS_MAX: usize = 16;
/// Currency that it costs to enter a tournament, and that the house adds: with 64 fees far below what a wallet holds.
pub const POT_PART_MAX: i64 = 1_000_000_000;
/// Characters of a creature's name: a line of a battle has two.
pub const CREATURE_NAME_CHARS_MAX: usize = 24;
/// Names of an opponent: a tournament full of them needs no numbers.
pub const OPPONENT_NAMES_MAX: usize = 64;
/// Lines of what a creature looks like: two of them fit a terminal, with what is said of them.
pub const ART_LINES_MAX: usize = 12;
/// Characters of such a line: two stand beside each other.
pub const ART_CHARS_MAX: usize = 32;

/// Rooms of a zone: a map of them fits into one message.
pub const ROOMS_MAX: usize = 256;
/// Ways of a zone: two for each room.
pub const WAYS_MAX: usize = 512;
/// Gates of a zone: a place that leads to more than these is a crossroads, and wants rooms in between.
pub const GATES_MAX: usize = 16;
/// Levers of a zone: one for every fourth room.
pub const LEVERS_MAX: usize = 64;
/// Spawners of a zone, containers of a zone and triggers of a zone, each: triggers are gone through one by one at every
/// event.
pub const PLACED_MAX: usize = 128;
/// NPCs of a zone alive at once that spawners bring: well below the ten thousand bodies that one shard steps in time.
pub const ZONE_NPCS_MAX: u64 = 4_096;
/// Conditions of a trigger: what nobody can tell in one sentence is two triggers.
pub const CONDITIONS_MAX: usize = 8;
/// Words of one command trigger: a word and its synonyms.
pub const COMMAND_WORDS_MAX: usize = 8;
/// Rooms of one command trigger; a word that is known in more of them is known everywhere.
pub const COMMAND_ROOMS_MAX: usize = 16;
/// Actions of a trigger, all of one step.
pub const ACTIONS_MAX: usize = 16;
