//! The kinds of shard that a server knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::{Resource, World};
use hypogeum_content::def::WatchRule;
use hypogeum_content::{Content, ContentPack};
use hypogeum_locale::{LocaleFile, LocaleId, Locales};
use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{AccountId, CharacterId, CharacterSheet, Grant, NetId, Outcome, ScoreRow, Seat, ShardId};

use crate::kind::{SetupError, ShardBrief, ShardKind, Stepping, ViewRule, build_shard};
use crate::match_kind::{MapBrief, MatchKind, MatchOverview, ModeRule};
use crate::place_kind::{Company, Departure, GroundFeatures, Hearing, PlaceKind, PlaceRule};
use crate::turn_based_kind::{Answered, TurnBasedKind};
use crate::{Shard, ShardConfig};

/// Most bytes of a setup: ten thousand seats, each with a name of 96 bytes and 16 items with keys of 64, take 14 MB.
pub const SETUP_BYTES_MAX: usize = 16 << 20;
/// Most bytes the values of a setup may have once decoded: a number of eight bytes may be one byte in the setup.
const SETUP_CLAIM_MAX: usize = 8 * SETUP_BYTES_MAX;

/// A kind without its type: the host of a shard asks through this what only its kind knows.
#[derive(Clone, Copy)]
pub struct HostedKind {
    /// [`ShardKind::NAME`].
    pub name: &'static str,
    /// [`ShardKind::STEPPING`].
    pub stepping: Stepping,
    /// The least and the most of [`ShardKind::TICK_HZ`]; [`HostedKind::tick_hz`] says which of them a shard has.
    tick_hz_range: (u32, u32),
    /// [`ShardKind::IS_OPEN`].
    pub is_open: bool,
    /// [`ShardKind::COMMAND_BYTES_MAX`].
    pub command_bytes_max: usize,
    /// [`ShardKind::build`], from the bytes of a setup. No bytes make it panic.
    pub build: fn(ShardConfig, &[u8]) -> Result<Shard, SetupError>,
    /// [`ShardKind::content`].
    pub content: fn(&[u8], &Content) -> Result<ContentPack, SetupError>,
    /// Both of one setup, which is read only once: that of ten thousand seats takes its time.
    pub build_and_brief: fn(ShardConfig, &[u8]) -> Result<(Shard, ShardBrief), SetupError>,
    /// [`ShardKind::brief`].
    pub brief: fn(&[u8]) -> Result<ShardBrief, SetupError>,
    /// [`ShardKind::avatar`].
    pub avatar: fn(&World, Seat) -> Option<NetId>,
    /// [`ShardKind::applied_input`].
    pub applied_input: fn(&mut World, Seat) -> u32,
    /// [`ShardKind::visit_grant`].
    pub visit_grant: fn(&World, Seat) -> Option<Grant>,
    /// [`ShardKind::for_game_masters`].
    pub for_game_masters: fn(&[u8]) -> Option<String>,
    /// [`ShardKind::is_at_rest`].
    pub is_at_rest: fn(&World) -> bool,
    /// [`ShardKind::MESSAGES`].
    pub messages: &'static [LocaleFile],
    /// [`ShardKind::in_words`].
    pub in_words: fn(&[u8], &Locales, LocaleId) -> Option<Vec<u8>>,
    /// [`ShardKind::view`].
    pub view: fn(&World) -> Option<ViewRule>,
    /// What it is as a match; `None` where it is none.
    pub as_match: Option<HostedMatch>,
    /// What it is as a place of a world; `None` where it is none.
    pub as_place: Option<HostedPlace>,
    /// How it goes by turns; `None` where it does not.
    pub as_turn_based: Option<HostedTurnBased>,
}

/// A [`PlaceKind`] without its type.
#[derive(Clone, Copy)]
pub struct HostedPlace {
    /// [`PlaceKind::places`].
    pub places: fn(&Content) -> Result<Vec<PlaceRule>, SetupError>,
    /// The bytes of [`PlaceKind::setup`].
    pub setup: fn(&str, ShardId) -> Vec<u8>,
    /// [`PlaceKind::newborn`].
    pub newborn: fn(&Content, &str) -> Option<Vec<u8>>,
    /// [`PlaceKind::ground`].
    pub ground: fn(&World) -> MapBrief,
    /// [`PlaceKind::features`].
    pub features: fn(&World) -> GroundFeatures,
    /// [`PlaceKind::open_doors`].
    pub open_doors: fn(&World) -> Vec<bool>,
    /// [`PlaceKind::character`].
    pub character: fn(&World, Seat) -> Option<CharacterSheet>,
    /// [`PlaceKind::milestones`].
    pub milestones: fn(&World) -> Vec<Seat>,
    /// [`PlaceKind::leaves_when_away`].
    pub leaves_when_away: fn(&World) -> bool,
    /// [`PlaceKind::departures`].
    pub departures: fn(&World) -> Vec<(Seat, Departure)>,
    /// [`PlaceKind::company`].
    pub company: fn(&World, Seat) -> Option<Company>,
    /// [`PlaceKind::hearing`].
    pub hearing: fn(&World, Seat) -> Option<Hearing>,
}

/// A [`TurnBasedKind`] without its type.
#[derive(Clone, Copy)]
pub struct HostedTurnBased {
    /// [`TurnBasedKind::clock`].
    pub clock: fn(u64) -> Vec<u8>,
    /// [`TurnBasedKind::resume`].
    pub resume: fn(u64) -> Vec<u8>,
    /// [`TurnBasedKind::has_more`].
    pub has_more: fn(&World) -> bool,
    /// [`TurnBasedKind::deadline_ms`].
    pub deadline_ms: fn(&World) -> Option<u64>,
    /// [`TurnBasedKind::is_over`].
    pub is_over: fn(&World) -> bool,
    /// [`TurnBasedKind::answers`].
    pub answers: fn(&World) -> Vec<Answered>,
    /// [`TurnBasedKind::overview`].
    pub overview: fn(&World) -> Vec<u8>,
    /// [`TurnBasedKind::log`].
    pub log: fn(&World, (u16, u8)) -> Option<String>,
    /// [`TurnBasedKind::result`].
    pub result: fn(&World) -> Vec<u8>,
    /// [`TurnBasedKind::kept`].
    pub kept: fn(&World) -> Vec<u8>,
}

/// A [`MatchKind`] without its type.
#[derive(Clone, Copy)]
pub struct HostedMatch {
    /// [`MatchKind::modes`].
    pub modes: fn(&Content) -> Result<Vec<ModeRule>, SetupError>,
    /// [`MatchKind::is_over`].
    pub is_over: fn(&World) -> bool,
    /// [`MatchKind::grant`].
    pub grant: fn(&World, Seat) -> Option<Grant>,
    /// [`MatchKind::done_count`].
    pub done_count: fn(&World) -> u32,
    /// [`MatchKind::done_tick`].
    pub done_tick: fn(&World, Seat) -> Option<u32>,
    /// [`MatchKind::scores`].
    pub scores: fn(&World) -> Option<Vec<ScoreRow>>,
    /// [`MatchKind::watch`].
    pub watch: fn(&World) -> WatchRule,
    /// [`MatchKind::map`].
    pub map: fn(&World) -> MapBrief,
    /// [`MatchKind::status`].
    pub status: fn(&mut World) -> MatchOverview,
}

/// Who had a seat of an open shard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// The account.
    pub account: AccountId,
    /// The character it played.
    pub character: Option<CharacterId>,
    /// Whether something was checked out for it, a character or an item.
    pub has_brought: bool,
}

impl HostedKind {
    fn of<K: ShardKind>() -> Self {
        const {
            assert!(1 <= *K::TICK_HZ.start() && *K::TICK_HZ.start() <= *K::TICK_HZ.end(), "a kind of shard has a rate");
            assert!(*K::TICK_HZ.end() <= 60, "no shard takes more than 60 steps a second");
        }
        Self {
            name: K::NAME,
            stepping: K::STEPPING,
            tick_hz_range: (*K::TICK_HZ.start(), *K::TICK_HZ.end()),
            is_open: K::IS_OPEN,
            command_bytes_max: K::COMMAND_BYTES_MAX,
            build: |config, setup| build_shard::<K>(config, &read_setup::<K>(setup)?),
            build_and_brief: |config, setup| {
                let setup = read_setup::<K>(setup)?;
                Ok((build_shard::<K>(config, &setup)?, K::brief(&setup)))
            },
            content: |setup, content| K::content(&read_setup::<K>(setup)?, content),
            brief: |setup| Ok(K::brief(&read_setup::<K>(setup)?)),
            avatar: K::avatar,
            applied_input: K::applied_input,
            visit_grant: K::visit_grant,
            for_game_masters: K::for_game_masters,
            is_at_rest: K::is_at_rest,
            messages: K::MESSAGES,
            in_words: K::in_words,
            view: K::view,
            as_match: None,
            as_place: None,
            as_turn_based: None,
        }
    }

    fn of_place<K: PlaceKind>() -> Self {
        const { assert!(K::IS_OPEN, "characters come and go in a place") };
        let as_place = HostedPlace {
            places: K::places,
            setup: |place, id| codec::encode(&K::setup(place, id)),
            newborn: K::newborn,
            ground: K::ground,
            features: K::features,
            open_doors: K::open_doors,
            character: K::character,
            milestones: K::milestones,
            leaves_when_away: K::leaves_when_away,
            departures: K::departures,
            company: K::company,
            hearing: K::hearing,
        };
        Self { as_place: Some(as_place), ..Self::of::<K>() }
    }

    fn of_turn_based<K: TurnBasedKind>() -> Self {
        const {
            assert!(matches!(K::STEPPING, Stepping::OnCommand), "a kind that goes by turns steps on command");
            assert!(!K::IS_OPEN, "nobody comes and goes in a game that goes by turns");
        }
        let as_turn_based = HostedTurnBased {
            clock: K::clock,
            resume: K::resume,
            has_more: K::has_more,
            deadline_ms: K::deadline_ms,
            is_over: K::is_over,
            answers: K::answers,
            overview: K::overview,
            log: K::log,
            result: K::result,
            kept: K::kept,
        };
        Self { as_turn_based: Some(as_turn_based), ..Self::of::<K>() }
    }

    fn of_match<K: MatchKind>() -> Self {
        let as_match = HostedMatch {
            modes: K::modes,
            is_over: K::is_over,
            grant: K::grant,
            done_count: K::done_count,
            done_tick: K::done_tick,
            scores: K::scores,
            watch: K::watch,
            map: K::map,
            status: K::status,
        };
        Self { as_match: Some(as_match), ..Self::of::<K>() }
    }
}

impl HostedKind {
    /// Steps a second of a new shard of this kind: as many as are wanted, else as many as are usual on its server, as far as the kind is
    /// made for that.
    #[must_use]
    pub fn tick_hz(&self, wanted: Option<u32>, usual: u32) -> u32 {
        let (least, most) = self.tick_hz_range;
        wanted.unwrap_or_else(|| usual.clamp(least, most))
    }

    /// What a visit was worth that ended in the last step of a shard, for the account that had the seat. A kind that would grant it to
    /// anybody else grants nothing, which is written to the log. Where something was brought there is a grant in any case, if
    /// only of nothing: the store has to know that the visit is over. A character that is not the visitor's, or that is too
    /// long, is taken out, which is written to the log, too.
    pub fn grant_visit(
        &self,
        (shard, world): (ShardId, &World),
        seat: Seat,
        Visitor { account, character, has_brought }: Visitor,
    ) -> Option<Grant> {
        let mut grant = (self.visit_grant)(world, seat);
        if let Some(granted) = grant.as_ref().map(|grant| grant.account).filter(|granted| *granted != account) {
            tracing::error!(%shard, %account, %granted, "the kind of a shard would grant a visit to somebody else: nobody gets it");
        }
        if let Some(grant) = &mut grant
            && let Some(sheet) =
                grant.character.take_if(|sheet| Some(sheet.id) != character || !sheet.is_within_limits())
        {
            let (id, bytes) = (sheet.id, sheet.body.len());
            tracing::error!(%shard, %account, character = %id, bytes, "the kind of a shard gives back another character, or too much of it: it leaves as it came");
        }
        let nothing = || has_brought.then(|| Grant { account, ..Grant::nothing(Outcome::Died) });
        grant.filter(|grant| grant.account == account).or_else(nothing)
    }

    fn check_rate(&self, mode: &str, tick_hz: Option<u32>) -> Result<(), SetupError> {
        let (least, most) = self.tick_hz_range;
        match tick_hz {
            Some(found) if !(least..=most).contains(&found) => {
                Err(SetupError::ModeRate { mode: mode.to_owned(), found, allowed: least..=most })
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for HostedKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("HostedKind").field(&self.name).finish()
    }
}

impl fmt::Debug for HostedPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostedPlace")
    }
}

impl fmt::Debug for HostedTurnBased {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostedTurnBased")
    }
}

impl fmt::Debug for HostedMatch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostedMatch")
    }
}

fn read_setup<K: ShardKind>(bytes: &[u8]) -> Result<K::Setup, SetupError> {
    if bytes.len() > SETUP_BYTES_MAX {
        return Err(CodecError::LengthExceeded(SETUP_BYTES_MAX).into());
    }
    let (setup, used) = codec::decode_front::<_, SETUP_CLAIM_MAX>(bytes)?;
    match bytes.len() - used {
        0 => Ok(setup),
        left => Err(CodecError::TrailingBytes(left).into()),
    }
}

/// The kinds of shard that are registered, by name. A clone is cheap and may go to another thread, where shards are built
/// beside the ticks.
#[derive(Resource, Clone, Default)]
pub struct ShardKinds(Arc<BTreeMap<&'static str, HostedKind>>);

impl ShardKinds {
    /// Adds a kind.
    ///
    /// # Panics
    /// Where a kind of that name is registered: logs could not tell the two apart.
    pub fn add<K: ShardKind>(&mut self) {
        self.insert(HostedKind::of::<K>());
    }

    /// Adds a kind that is played as matches.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    pub fn add_match<K: MatchKind>(&mut self) {
        self.insert(HostedKind::of_match::<K>());
    }

    /// Adds a kind whose shards are places of a world.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    pub fn add_place<K: PlaceKind>(&mut self) {
        self.insert(HostedKind::of_place::<K>());
    }

    /// Adds a kind whose shards go by turns.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    pub fn add_turn_based<K: TurnBasedKind>(&mut self) {
        self.insert(HostedKind::of_turn_based::<K>());
    }

    /// These and another that is played as matches.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    #[must_use]
    pub fn with_match<K: MatchKind>(mut self) -> Self {
        self.add_match::<K>();
        self
    }

    fn insert(&mut self, kind: HostedKind) {
        let before = Arc::make_mut(&mut self.0).insert(kind.name, kind);
        assert!(before.is_none(), "two kinds of shard are called {:?}", kind.name);
    }

    /// All names, in their order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }

    /// What all kinds tell in words, by files.
    pub fn messages(&self) -> impl Iterator<Item = LocaleFile> {
        self.0.values().flat_map(|kind| kind.messages.iter().cloned())
    }

    /// A kind by its name, as it stands in logs.
    ///
    /// # Errors
    /// [`SetupError::UnknownKind`].
    pub fn find(&self, name: &str) -> Result<HostedKind, SetupError> {
        self.0.get(name).copied().ok_or_else(|| SetupError::UnknownKind(name.to_owned()))
    }

    /// Every mode of every kind, in the order of their keys.
    ///
    /// # Errors
    /// [`SetupError`]: a definition that its kind cannot use.
    ///
    /// # Panics
    /// Where two kinds have a mode of one key: players could not say which they want.
    pub fn modes(&self, content: &Content) -> Result<Vec<(HostedKind, ModeRule)>, SetupError> {
        let mut modes: Vec<(HostedKind, ModeRule)> = Vec::new();
        for (kind, rules) in self.0.values().filter_map(|kind| Some((*kind, kind.as_match?))) {
            modes.extend((rules.modes)(content)?.into_iter().map(|mode| (kind, mode)));
        }
        modes.iter().try_for_each(|(kind, mode)| kind.check_rate(&mode.key, mode.tick_hz))?;
        modes.sort_by(|one, other| one.1.key.cmp(&other.1.key));
        let keys: BTreeSet<&str> = modes.iter().map(|(_, mode)| mode.key.as_str()).collect();
        assert_eq!(keys.len(), modes.len(), "two kinds of shard have a mode of the same key");
        Ok(modes)
    }

    /// Every place of every kind, kind by kind; newcomers begin in the first.
    ///
    /// # Errors
    /// [`SetupError`]: a definition that its kind cannot use.
    ///
    /// # Panics
    /// Where two kinds have a place of one key: nobody could say where a character is.
    pub fn places(&self, content: &Content) -> Result<Vec<(HostedKind, PlaceRule)>, SetupError> {
        let mut places: Vec<(HostedKind, PlaceRule)> = Vec::new();
        for (kind, rules) in self.0.values().filter_map(|kind| Some((*kind, kind.as_place?))) {
            places.extend((rules.places)(content)?.into_iter().map(|place| (kind, place)));
        }
        places.iter().try_for_each(|(kind, place)| kind.check_rate(&place.key, place.tick_hz))?;
        let keys: BTreeSet<&str> = places.iter().map(|(_, place)| place.key.as_str()).collect();
        assert_eq!(keys.len(), places.len(), "two kinds of shard have a place of the same key");
        Ok(places)
    }
}

impl fmt::Debug for ShardKinds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

/// What plugins of a host call to make a kind of shard known.
pub trait ShardKindsApp {
    /// Registers a kind in [`ShardKinds`].
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    fn add_shard_kind<K: ShardKind>(&mut self) -> &mut Self;

    /// Registers a kind that is played as matches.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    fn add_match_kind<K: MatchKind>(&mut self) -> &mut Self;

    /// Registers a kind whose shards are places of a world.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    fn add_place_kind<K: PlaceKind>(&mut self) -> &mut Self;

    /// Registers a kind whose shards go by turns.
    ///
    /// # Panics
    /// As [`ShardKinds::add`].
    fn add_turn_based_kind<K: TurnBasedKind>(&mut self) -> &mut Self;
}

impl ShardKindsApp for App {
    fn add_shard_kind<K: ShardKind>(&mut self) -> &mut Self {
        self.world_mut().get_resource_or_init::<ShardKinds>().add::<K>();
        self
    }

    fn add_match_kind<K: MatchKind>(&mut self) -> &mut Self {
        self.world_mut().get_resource_or_init::<ShardKinds>().add_match::<K>();
        self
    }

    fn add_place_kind<K: PlaceKind>(&mut self) -> &mut Self {
        self.world_mut().get_resource_or_init::<ShardKinds>().add_place::<K>();
        self
    }

    fn add_turn_based_kind<K: TurnBasedKind>(&mut self) -> &mut Self {
        self.world_mut().get_resource_or_init::<ShardKinds>().add_turn_based::<K>();
        self
    }
}
