//! What happens in a match, as clients are told.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::NetId;

/// How an event reaches those it concerns. Anyone who merely sees it happen is told with the passing ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// With the datagrams, which may be lost: the next snapshot shows what it led to.
    Passing,
    /// On the reliable channel.
    Reliable,
    /// On the reliable channel, once the step in which it happened would survive a power failure: it promises something.
    Durable,
}

/// Something a client perceives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GameEvent {
    /// `target` lost `amount` hp to `source` (nobody: a hazard).
    Damaged {
        /// Who did it; nobody where it was a hazard.
        source: NetId,
        /// Who was hit.
        target: NetId,
        /// Hit points lost.
        amount: u32,
        /// Whether it was a critical hit.
        critical: bool,
    },
    /// `target` evaded `source`.
    Dodged {
        /// Who attacked, or whose shot it was.
        source: NetId,
        /// Who got out of the way, unhurt.
        target: NetId,
    },
    /// A participant or an NPC died.
    Died {
        /// Who is dead.
        who: NetId,
        /// Who killed; nobody where it was a hazard, or giving up.
        by: NetId,
    },
    /// An effect begins on `who`.
    EffectBegan {
        /// Its bearer.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// An effect ends on `who`.
    EffectEnded {
        /// Who bore it.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// `who` stands in an open exit and will be out in `ticks`.
    ExtractionBegan {
        /// Who is getting out.
        who: NetId,
        /// Ticks until it is out, if nothing interrupts it.
        ticks: u32,
    },
    /// `who` was hurt or left the exit.
    ExtractionBroken {
        /// Who is not getting out any more.
        who: NetId,
    },
    /// `who` is out.
    Extracted {
        /// Who is out.
        who: NetId,
    },
    /// An exit opens or closes.
    ExitChanged {
        /// Its place in [`crate::ServerMessage::MatchStarted`].
        exit: u8,
        /// Whether it is open from now on.
        open: bool,
    },
    /// An act of this client was refused by the world.
    Refused {
        /// The sequence of the act or command.
        seq: u32,
        /// What was in the way.
        code: ErrorCode,
    },
    /// `target` has `amount` hp back. What comes back by and by is told when it is whole, and else once a second at most.
    Healed {
        /// Who did it; nobody: a draught, the place, or rest.
        source: NetId,
        /// Who has them.
        target: NetId,
        /// Hit points, 1 and up.
        amount: u32,
    },
    /// `source` took an effect off `target`; that it ended is told beside it.
    Dispelled {
        /// Who did it; nobody: an item, or the place.
        source: NetId,
        /// Who bore it.
        target: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// An item is another than an act of this client had seen: the act is refused beside it with
    /// [`ErrorCode::Conflict`](crate::ErrorCode::Conflict).
    Changed {
        /// What the act was about.
        item: NetId,
        /// Its version now.
        version: u32,
        /// How many pieces it is now.
        count: u32,
    },
    /// `who` begins to cast. It goes off after so many ticks, and is broken by [`GameEvent::Died`] and [`GameEvent::Downed`]
    /// alone: neither is told by itself. What strikes at once is not told either.
    CastBegan {
        /// Who casts.
        who: NetId,
        /// Index of the ability in the content.
        ability: u16,
        /// Ticks until it goes off, 1 and up.
        ticks: u16,
    },
    /// `who` strikes, and neither [`GameEvent::Damaged`] nor [`GameEvent::Dodged`] tells of it: nobody is reached, or nobody is hurt.
    /// A shot is not told: it is seen flying.
    Swung {
        /// Who strikes.
        who: NetId,
        /// Index of the ability in the content.
        ability: u16,
        /// Where to, in 1/256 turns.
        heading: u8,
    },
    /// `who` has no hit points left and lies where it fell: a team-mate may revive it until it is dead.
    Downed {
        /// Who is down.
        who: NetId,
        /// Who did it; nobody where it was a hazard.
        by: NetId,
    },
    /// `by` begins to revive `who`, who is up in `ticks`.
    ReviveBegan {
        /// Who is downed.
        who: NetId,
        /// Who stands by it.
        by: NetId,
        /// Ticks until it is up, if nothing interrupts it.
        ticks: u16,
    },
    /// `by` was hurt, or went away, and `who` still lies there.
    ReviveBroken {
        /// Who is downed.
        who: NetId,
        /// Who does not revive it any more.
        by: NetId,
    },
    /// `who` is up again.
    Revived {
        /// Who was downed.
        who: NetId,
        /// Who has revived it.
        by: NetId,
    },
    /// `who` plays for a team: told to itself when a match begins, and when it is back.
    TeamTold {
        /// Whose team it is.
        who: NetId,
        /// Number of the team, 1 and up.
        team: u8,
    },
    /// What took the last hit points of `who`: told to itself alone, before its [`GameEvent::Died`] or [`GameEvent::Downed`].
    Defeated {
        /// Who has none left.
        who: NetId,
        /// What it was.
        cause: DamageCause,
    },
}

/// What takes hit points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DamageCause {
    /// Giving up, bleeding out, or what a place does to somebody.
    Other,
    /// A blow or a shot.
    Ability {
        /// Index of the ability in the content.
        ability: u16,
    },
    /// An effect that it bore.
    Effect {
        /// Index of the effect in the content.
        effect: u16,
    },
    /// A danger of the place.
    Hazard {
        /// Index of the hazard in the content.
        hazard: u16,
    },
}

impl GameEvent {
    /// How it reaches those it concerns.
    #[must_use]
    pub const fn delivery(&self) -> Delivery {
        match self {
            Self::Damaged { .. }
            | Self::Dodged { .. }
            | Self::Healed { .. }
            | Self::CastBegan { .. }
            | Self::Swung { .. } => Delivery::Passing,
            Self::Died { .. }
            | Self::EffectBegan { .. }
            | Self::EffectEnded { .. }
            | Self::Dispelled { .. }
            | Self::ExtractionBegan { .. }
            | Self::ExtractionBroken { .. }
            | Self::ExitChanged { .. }
            | Self::Refused { .. }
            | Self::Changed { .. }
            | Self::Downed { .. }
            | Self::ReviveBegan { .. }
            | Self::ReviveBroken { .. }
            | Self::Revived { .. }
            | Self::TeamTold { .. }
            | Self::Defeated { .. } => Delivery::Reliable,
            Self::Extracted { .. } => Delivery::Durable,
        }
    }

    /// Whether it goes in a message of its own: a client that was written before there was such an event loses that message, and nothing
    /// else with it.
    #[must_use]
    pub const fn is_told_apart(&self) -> bool {
        matches!(self, Self::Defeated { .. })
    }

    /// Who does it and to whom it happens; [`NetId::NONE`] where there is nobody, and twice the same where there is one
    /// subject only.
    #[must_use]
    pub const fn subjects(&self) -> (NetId, NetId) {
        match *self {
            Self::Damaged { source, target, .. }
            | Self::Dodged { source, target }
            | Self::Healed { source, target, .. }
            | Self::Dispelled { source, target, .. } => (source, target),
            Self::Died { who, by }
            | Self::Downed { who, by }
            | Self::ReviveBegan { who, by, .. }
            | Self::ReviveBroken { who, by }
            | Self::Revived { who, by } => (by, who),
            Self::EffectBegan { who, .. }
            | Self::EffectEnded { who, .. }
            | Self::ExtractionBegan { who, .. }
            | Self::ExtractionBroken { who }
            | Self::Extracted { who }
            | Self::CastBegan { who, .. }
            | Self::Swung { who, .. }
            | Self::TeamTold { who, .. }
            | Self::Defeated { who, .. } => (who, who),
            Self::ExitChanged { .. } | Self::Refused { .. } | Self::Changed { .. } => (NetId::NONE, NetId::NONE),
        }
    }

    /// Whether it is about this entity. Nothing is about [`NetId::NONE`].
    #[must_use]
    pub const fn concerns(&self, who: NetId) -> bool {
        let (source, target) = self.subjects();
        who.is_some() && (source.0 == who.0 || target.0 == who.0)
    }

    /// The same event without the name of its doer, for those who did not see who it was.
    #[must_use]
    pub const fn unnamed(self) -> Self {
        match self {
            Self::Damaged { target, amount, critical, .. } => {
                Self::Damaged { source: NetId::NONE, target, amount, critical }
            }
            Self::Dodged { target, .. } => Self::Dodged { source: NetId::NONE, target },
            Self::Died { who, .. } => Self::Died { who, by: NetId::NONE },
            Self::Downed { who, .. } => Self::Downed { who, by: NetId::NONE },
            Self::ReviveBegan { who, ticks, .. } => Self::ReviveBegan { who, by: NetId::NONE, ticks },
            Self::ReviveBroken { who, .. } => Self::ReviveBroken { who, by: NetId::NONE },
            Self::Revived { who, .. } => Self::Revived { who, by: NetId::NONE },
            Self::Healed { target, amount, .. } => Self::Healed { source: NetId::NONE, target, amount },
            Self::Dispelled { target, effect, .. } => Self::Dispelled { source: NetId::NONE, target, effect },
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_about_nobody() {
        let opened = GameEvent::ExitChanged { exit: 0, open: true };
        assert!(
            !opened.concerns(NetId::NONE),
            "an event without subjects concerns no avatar, not even one that is none"
        );
    }

    #[test]
    fn a_doer_nobody_saw_stays_unnamed() {
        let (one, other) = (NetId(1), NetId(2));
        let died = GameEvent::Died { who: one, by: other };
        assert_eq!(died.subjects(), (other, one), "the doer stands first");
        assert_eq!(died.unnamed().subjects(), (NetId::NONE, one), "who died is known to all who saw it");
        for alone in [
            GameEvent::Extracted { who: one },
            GameEvent::CastBegan { who: one, ability: 3, ticks: 6 },
            GameEvent::Swung { who: one, ability: 3, heading: 64 },
        ] {
            assert_eq!(alone.subjects(), (one, one), "one alone");
            assert_eq!(alone.unnamed(), alone, "what one does alone has nobody to hide");
        }
    }
}
