//! The arena as a kind of shard: what a match is made from, and what its host asks of it.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use bevy_ecs::prelude::World;
use hypogeum_content::def::{ModeDef, ScoreboardRule, TeamsDef, WatchRule};
use hypogeum_content::{Content, ContentPack, Id};
use hypogeum_items::Item;
use hypogeum_protocol::{AccountId, Grant, NetId, ScoreRow, Seat, StashedItem};
use hypogeum_shard::{
    LineupSeat, MapBrief, MatchKind, MatchLineup, MatchOverview, ModeRule, Occupant, Rules, SetupError, Shard,
    ShardBrief, ShardConfig, ShardKind, ViewRule,
};
use hypogeum_space::cm;

use crate::state::{Game, LastInput, MatchClock, Scores, Seated};
use crate::teams::shape;
use crate::{MatchSetup, SeatSetup, new_match, verdict};

/// The kind of shard that is a match of ours: a place to loot, fight in and get out of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arena;

/// A lineup by the ids of a content.
///
/// # Errors
/// [`SetupError`]: the content lacks the mode or an item, or the mode has fewer seats.
pub fn resolve(lineup: &MatchLineup, content: &Content) -> Result<MatchSetup, SetupError> {
    let mode = mode_of(lineup, content)?;
    let most = content.modes[mode].players_max as usize;
    if lineup.seats.len() > most {
        return Err(SetupError::Seats { found: lineup.seats.len(), most });
    }
    let seats = lineup.seats.iter().map(|seat| resolve_seat(seat, content)).collect::<Result<_, _>>()?;
    check_parties(lineup, content.modes[mode].teams.as_ref())?;
    Ok(MatchSetup { match_id: lineup.match_id, mode, seats, parties: lineup.parties.clone() })
}

/// Parties are of seats there are, and no larger than a team.
fn check_parties(lineup: &MatchLineup, teams: Option<&TeamsDef>) -> Result<(), SetupError> {
    let (parties, seats) = (&lineup.parties, lineup.seats.len());
    if parties.len() > seats {
        return Err(SetupError::Unfit(format!("`parties` has {} entries for {seats} seats", parties.len())));
    }
    let Some(teams) = teams else { return Ok(()) };
    let mut sizes: BTreeMap<u16, u32> = BTreeMap::new();
    parties.iter().filter(|party| **party != 0).for_each(|party| *sizes.entry(*party).or_default() += 1);
    match sizes.into_iter().find(|(_, size)| *size > teams.size) {
        Some((party, size)) => Err(SetupError::Unfit(format!(
            "party {party} of `parties` has {size} members, a team at most {}",
            teams.size
        ))),
        None => Ok(()),
    }
}

fn resolve_seat(seat: &LineupSeat, content: &Content) -> Result<SeatSetup, SetupError> {
    let mut items = Vec::with_capacity(seat.items.len());
    for StashedItem { id, template, state } in &seat.items {
        let def = content.items.id(template);
        let def = def.ok_or_else(|| SetupError::Missing { what: "item", key: template.clone() })?;
        items.push(Item::brought(*id, def, *state));
    }
    Ok(SeatSetup {
        account: seat.occupant.account().unwrap_or(AccountId(0)),
        name: seat.name.clone(),
        level: seat.level,
        rating: seat.rating,
        autopilot: seat.occupant == Occupant::Autopilot,
        items,
    })
}

fn mode_of(lineup: &MatchLineup, content: &Content) -> Result<Id<ModeDef>, SetupError> {
    content.modes.id(&lineup.mode).ok_or_else(|| SetupError::Missing { what: "mode", key: lineup.mode.clone() })
}

/// The mode of a match that runs.
fn mode_in(world: &World) -> Option<&ModeDef> {
    world.resource::<Rules>().content.modes.find(world.resource::<Game>().mode)
}

impl ShardKind for Arena {
    const NAME: &'static str = "arena";
    /// Durations of the content are short: slower steps would make them long.
    const TICK_HZ: RangeInclusive<u32> = 10..=60;
    type Setup = MatchLineup;

    fn build(config: ShardConfig, lineup: &MatchLineup) -> Result<Shard, SetupError> {
        let setup = resolve(lineup, &config.content)?;
        Ok(new_match(config, &setup))
    }

    fn content(lineup: &MatchLineup, content: &Content) -> Result<ContentPack, SetupError> {
        Ok(content.pack(mode_of(lineup, content)?))
    }

    fn brief(lineup: &MatchLineup) -> ShardBrief {
        lineup.brief()
    }

    fn avatar(world: &World, seat: Seat) -> Option<NetId> {
        verdict::avatar_name(world, seat)
    }

    fn applied_input(world: &mut World, seat: Seat) -> u32 {
        let mut avatars = world.query::<(&Seated, &LastInput)>();
        avatars.iter(world).find(|(seated, _)| seated.0 == seat).map_or(0, |(_, last)| last.0)
    }

    fn view(world: &World) -> Option<ViewRule> {
        let avatar = &mode_in(world)?.avatar;
        Some(ViewRule { sight: cm(avatar.sight_cm), interest: avatar.interest })
    }
}

impl MatchKind for Arena {
    fn modes(content: &Content) -> Result<Vec<ModeRule>, SetupError> {
        let rule = |(id, key, mode): (Id<ModeDef>, &str, &ModeDef)| ModeRule {
            key: key.to_owned(),
            players_min: mode.players_min,
            players_max: mode.players_max,
            fill: mode.fill,
            queue_wait_ms: mode.queue_wait_ms,
            rating_window: mode.rating_window,
            relax_queries_ms: mode.relax_queries_ms,
            party: mode.party,
            teams: mode.teams.as_ref().map(shape),
            loadout_ms: mode.loadout_ms,
            loadout_items_max: mode.avatar.inventory_slots,
            starter_items: mode.rewards.starter_items.iter().map(|item| item.key().to_owned()).collect(),
            starter_currency: mode.rewards.starter_currency.into(),
            tick_hz: mode.tick_hz,
            duration_s: (mode.deploy_ms + mode.duration_ms).div_ceil(1_000),
            pack: content.pack(id),
            definition: String::new(),
        };
        Ok(content.modes.iter().map(rule).collect())
    }

    fn is_over(world: &World) -> bool {
        verdict::is_over(world)
    }

    fn grant(world: &World, seat: Seat) -> Option<Grant> {
        verdict::grant(world, seat)
    }

    fn done_count(world: &World) -> u32 {
        let seats = world.resource::<Scores>().0.len();
        u32::try_from(seats).unwrap_or(u32::MAX) - verdict::seats_inside(world)
    }

    fn done_tick(world: &World, seat: Seat) -> Option<u32> {
        let score = world.resource::<Scores>().0.get(usize::from(seat.0))?;
        score.outcome.map(|_| score.ended_tick)
    }

    fn scores(world: &World) -> Option<Vec<ScoreRow>> {
        if mode_in(world)?.scoreboard != ScoreboardRule::Live {
            return None;
        }
        let scores = world.resource::<Scores>().0.iter();
        Some(scores.map(|it| ScoreRow { avatar: it.avatar, kills: it.kills, outcome: it.outcome }).collect())
    }

    fn watch(world: &World) -> WatchRule {
        mode_in(world).map_or(WatchRule::Nobody, |mode| mode.watch)
    }

    fn map(world: &World) -> MapBrief {
        verdict::map_brief(world)
    }

    fn status(world: &mut World) -> MatchOverview {
        let counts = verdict::counts(world);
        let clock = world.resource::<MatchClock>();
        MatchOverview {
            phase: clock.phase,
            ends_tick: clock.ends_tick,
            players_alive: counts.players_alive,
            players_extracted: counts.players_extracted,
            npcs_alive: counts.npcs_alive,
            npcs_total: counts.npcs_total,
            layout_hash: verdict::layout_hash(world),
        }
    }
}
