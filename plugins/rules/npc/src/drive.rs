//! Which drive wins.

use core::cell::OnceCell;

use hypogeum_combat::{Health, LastHurt};
use hypogeum_content::def::{Activity, BehaviourDef, Condition, Drive};
use hypogeum_items::Inventory;
use hypogeum_protocol::NetId;
use hypogeum_space::turn::distance;
use hypogeum_space::{Position, cm};

use crate::senses::{Eye, LootSeen, Scene};
use crate::{DangerMark, Home};

/// What a mind knows of itself and the world when it decides. What takes a look is looked at only if a drive asks.
pub(crate) struct Facts<'a, 'world, 'state> {
    pub(crate) scene: &'a Scene<'a, 'world, 'state>,
    pub(crate) eye: Eye,
    pub(crate) health: Health,
    pub(crate) last_hurt: LastHurt,
    pub(crate) home: Option<Home>,
    pub(crate) inventory: Option<Inventory>,
    pub(crate) target: Option<(NetId, Position)>,
    pub(crate) may_call: bool,
    pub(crate) shunned: NetId,
    loot: OnceCell<Option<LootSeen>>,
    danger: OnceCell<Option<DangerMark>>,
}

impl<'a, 'world, 'state> Facts<'a, 'world, 'state> {
    /// Facts of the one who looks, still without a target, health or belongings.
    pub(crate) const fn new(scene: &'a Scene<'a, 'world, 'state>, eye: Eye, health: Health) -> Self {
        Self {
            scene,
            eye,
            health,
            last_hurt: LastHurt { tick: 0, by: NetId::NONE },
            home: None,
            inventory: None,
            target: None,
            may_call: true,
            shunned: NetId::NONE,
            loot: OnceCell::new(),
            danger: OnceCell::new(),
        }
    }

    /// The nearest loot in sight, if there is room for it.
    pub(crate) fn loot(&self) -> Option<LootSeen> {
        let room = self.inventory.is_some_and(|inventory| inventory.count < inventory.slots);
        if !room {
            return None;
        }
        *self.loot.get_or_init(|| self.scene.loot_in_sight(&self.eye, self.shunned))
    }

    /// The danger it stands in.
    pub(crate) fn danger(&self) -> Option<DangerMark> {
        *self.danger.get_or_init(|| self.scene.danger_at(self.eye.at))
    }

    /// Where the nearest downed friend lies; of equally near ones the first by name.
    pub(crate) fn downed_mate(&self) -> Option<Position> {
        let eye = &self.eye;
        let mates =
            self.scene.landmarks.downed.iter().filter(|mark| mark.side.is_friend(eye.side) && mark.who != eye.id);
        mates.min_by_key(|mark| (distance(eye.at, mark.at), mark.who)).map(|mark| mark.at)
    }

    /// Distance to the target.
    pub(crate) fn target_distance(&self) -> Option<i32> {
        self.target.map(|(_, at)| distance(self.eye.at, at))
    }

    /// Distance to its home.
    pub(crate) fn home_distance(&self) -> Option<i32> {
        self.home.map(|home| distance(self.eye.at, home.at))
    }

    /// Whether someone hurt it within the last second.
    pub(crate) const fn recently_hurt(&self) -> bool {
        let tick = self.last_hurt.tick;
        tick != 0 && self.scene.tick.0.saturating_sub(tick) <= self.scene.rules.tick_hz
    }

    /// What to do: the activity of the drive with the highest score, the first winning a tie; `Idle` where none is in.
    pub(crate) fn decide(&self, behaviour: &BehaviourDef) -> Activity {
        let mut best: Option<(i32, Activity)> = None;
        for drive in &behaviour.drives {
            if !drive.when.iter().all(|condition| self.holds(*condition)) || !self.possible(drive.activity) {
                continue;
            }
            let score = self.score(drive);
            if best.is_none_or(|best| score > best.0) {
                best = Some((score, drive.activity));
            }
        }
        best.map_or(Activity::Idle, |best| best.1)
    }

    fn score(&self, drive: &Drive) -> i32 {
        let more = drive.add.iter().filter(|(condition, _)| self.holds(*condition)).map(|(_, score)| *score);
        more.fold(drive.score, i32::saturating_add)
    }

    /// An activity that needs something needs it there.
    fn possible(&self, activity: Activity) -> bool {
        match activity {
            Activity::Idle | Activity::Wander => true,
            Activity::Fight | Activity::Kite | Activity::Flee => self.target.is_some(),
            Activity::CallForHelp => self.target.is_some() && self.may_call,
            Activity::Return => self.home.is_some(),
            Activity::Explore => !self.scene.landmarks.pois.is_empty(),
            Activity::Loot => self.loot().is_some(),
            Activity::Extract => self.scene.landmarks.exits.iter().any(|exit| exit.opens_in != u32::MAX),
            Activity::EscapeHazard => self.danger().is_some(),
            Activity::Revive => self.downed_mate().is_some(),
        }
    }

    fn holds(&self, condition: Condition) -> bool {
        let hp_below =
            |percent: u32| u64::from(self.health.hp) * 100 < u64::from(percent) * u64::from(self.health.hp_max);
        match condition {
            Condition::HasTarget => self.target.is_some(),
            Condition::NoTarget => self.target.is_none(),
            Condition::HpBelow(percent) => hp_below(percent),
            Condition::HpAbove(percent) => !hp_below(percent),
            Condition::TargetWithin(reach) => self.target_distance().is_some_and(|away| away <= cm(reach)),
            Condition::TargetBeyond(reach) => self.target_distance().is_some_and(|away| away > cm(reach)),
            Condition::BeyondLeash => self.home.zip(self.home_distance()).is_some_and(|(home, away)| away > home.leash),
            Condition::HomeBeyond(reach) => self.home_distance().is_some_and(|away| away > cm(reach)),
            Condition::LootInSight => self.loot().is_some(),
            Condition::CarriesAtLeast(count) => self.inventory.is_some_and(|inventory| inventory.count >= count),
            Condition::ExitOpen => self.scene.landmarks.exits.iter().any(|exit| exit.open),
            Condition::TimeLeftBelowMs(ms) => self.scene.landmarks.ticks_left < self.scene.rules.ticks(ms),
            Condition::InHazard => self.danger().is_some(),
            Condition::RecentlyHurt => self.recently_hurt(),
            Condition::MateDownWithin(reach) => {
                self.downed_mate().is_some_and(|at| distance(self.eye.at, at) <= cm(reach))
            }
        }
    }
}
