//! Whom one cannot get at, and when one gives up.

use hypogeum_combat::AbilitySlots;
use hypogeum_protocol::NetId;
use hypogeum_space::turn::distance;
use hypogeum_space::{Paths, Position};

use crate::senses::{Eye, Scene};
use crate::steer::reaches;
use crate::{Brain, Threat};

/// How long one goes after somebody to whom no way leads.
const GIVE_UP_MS: u32 = 4_000;
/// How long one then minds nobody to whom no way leads.
const TRY_AGAIN_MS: u32 = 12_000;

/// One who may give up: what it sees with, what it can do, and how far that is known to lead.
pub(super) struct Chaser<'a, 'world, 'state> {
    pub(super) scene: &'a Scene<'a, 'world, 'state>,
    pub(super) paths: &'a Paths,
    pub(super) eye: Eye,
    pub(super) slots: &'a AbilitySlots,
}

impl Chaser<'_, '_, '_> {
    /// Chooses whom one minds most. Nobody to whom no way leads, for a while after it has gone after such a one for too long;
    /// who can be shot at from here is never given up.
    pub(super) fn choose(&self, brain: &mut Brain, threat: &mut Threat) {
        let tick = self.scene.tick.0;
        if tick < brain.gives_up_until_tick {
            threat.keep(|who| self.can_get_at(who));
        }
        brain.target = threat.worst(brain.target);
        if !brain.target.is_some() || self.can_get_at(brain.target) {
            brain.hopeless_since_tick = 0;
        } else if brain.hopeless_since_tick == 0 {
            brain.hopeless_since_tick = tick;
        } else if tick.saturating_sub(brain.hopeless_since_tick) >= self.scene.rules.ticks(GIVE_UP_MS) {
            brain.hopeless_since_tick = 0;
            brain.gives_up_until_tick = tick.saturating_add(self.scene.rules.ticks(TRY_AGAIN_MS));
            threat.keep(|who| self.can_get_at(who));
            brain.target = threat.worst(NetId::NONE);
        }
    }

    fn can_get_at(&self, who: NetId) -> bool {
        let Some(at) = self.scene.enemy(&self.eye, who) else { return false };
        self.paths.connects(self.eye.at, at) != Some(false) || self.can_shoot_at(at)
    }

    fn can_shoot_at(&self, at: Position) -> bool {
        let reach = reaches(&self.scene.rules.content, self.slots).map(|(_, reach)| reach).max().unwrap_or(0);
        distance(self.eye.at, at) <= reach && self.scene.obstacles.sight(self.eye.at, at)
    }
}
