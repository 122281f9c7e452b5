//! What a designer writes, one kind a file. Distances are centimetres, times milliseconds, shares percent,
//! angles degrees: whole numbers everywhere, so that every machine reads the same.

mod ability;
mod achievement;
mod archetype;
mod battle;
mod behaviour;
mod conflict;
mod cosmetic;
mod creature;
mod daily;
mod effect;
mod ground;
mod hazard;
mod item;
mod keeper;
mod ladder;
mod leaderboard;
mod loot;
mod map;
mod mode;
mod npc;
mod opponent;
mod phase;
mod schedule;
mod script;
mod tactic;
mod teams;
mod tournament;
mod waves;
mod zone;

pub use ability::{AbilityDef, AbilityShape};
pub use achievement::{AchievementCount, AchievementDef};
pub use archetype::ArchetypeDef;
pub use battle::{BattleDef, SpecialDef};
pub use behaviour::{Activity, AfarDef, BehaviourDef, Condition, Drive};
pub use conflict::{DoorConflict, ItemConflict};
pub use cosmetic::{CosmeticDef, CosmeticKind};
pub use creature::{CreatureBias, CreatureDef, CreatureStat};
pub use daily::{DailyDef, DayDef};
pub use effect::{EffectDef, EffectKind, Magnitude, Stacking};
pub use ground::GroundDef;
pub use hazard::{HazardDef, HazardShape};
pub use item::{Binding, ItemDef, ItemKind, Modifier, Slot};
pub use keeper::{PriceDef, ShopDef, TalkDef, TopicDef};
pub use ladder::{LadderDef, LadderRankDef};
pub use leaderboard::{LeaderboardDef, ScoreOperator, ScoreOrder, ScoreSource, SeasonRewardDef};
pub use loot::{Drop, LootDef, LootEntry};
pub use map::{MapDef, ObstaclesDef, PoiDef};
pub use mode::{
    AvatarDef, DropRule, ExitsDef, FillRule, HazardPlace, HazardUse, InterestRule, ModeDef, PartyRating, PartyRule,
    RatingWindow, RewardsDef, ScoreboardRule, SpawnerDef, WatchRule,
};
pub use npc::{NpcDef, Senses, Stat, Stats};
pub use opponent::{MoveCondition, MoveRule, MoveWeight, OpponentDef, PointsRule};
pub use phase::{PhaseDef, PhaseSpawnDef};
pub use schedule::{Schedule, TimeOfDay, Weekday};
pub use script::ScriptDef;
pub(crate) use script::ScriptNames;
pub use tactic::{TacticCondition, TacticDef};
pub use teams::{DownedDef, ExtractionRule, FriendlyFire, KillRule, TeamsDef};
pub use tournament::{ClockDef, Lapse, ReadyDef, SeedingDef, TournamentDef, TournamentFormat};
pub use waves::WavesDef;
pub use zone::{
    AbsentRule, AreaDef, Axis, DeathLoss, DeathRule, DoorDef, DoorState, FurnitureDef, GateDef, LeverDef, RoomDef,
    SharedEdge, TriggerAction, TriggerCondition, TriggerDef, TriggerEvent, WayDef, ZoneDef, ZoneSpawnerDef,
};
