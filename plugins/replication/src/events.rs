//! What one participant hears of.

use hypogeum_protocol::{GameEvent, NetId};

/// Whether an event is about this avatar: then it is told wherever it happened.
pub(crate) fn concerns(event: &GameEvent, own: NetId) -> bool {
    match *event {
        GameEvent::Damaged { source, target, .. } | GameEvent::Dodged { source, target } => {
            source == own || target == own
        }
        GameEvent::Died { who, by } => who == own || by == own,
        GameEvent::EffectBegan { who, .. }
        | GameEvent::EffectEnded { who, .. }
        | GameEvent::ExtractionBegan { who, .. }
        | GameEvent::ExtractionBroken { who }
        | GameEvent::Extracted { who } => who == own,
        GameEvent::ExitChanged { .. } | GameEvent::Refused { .. } => false,
    }
}

/// The event as somebody tells it who sees only some: an unseen doer is nobody. Whom it happens to is told who did it.
pub(crate) fn conceal(event: GameEvent, own: NetId, sees: impl Fn(NetId) -> bool) -> GameEvent {
    let seen = |who: NetId, whom: NetId| if whom == own || who == own || sees(who) { who } else { NetId::NONE };
    match event {
        GameEvent::Damaged { source, target, amount, critical } => {
            GameEvent::Damaged { source: seen(source, target), target, amount, critical }
        }
        GameEvent::Dodged { source, target } => GameEvent::Dodged { source: seen(source, target), target },
        GameEvent::Died { who, by } => GameEvent::Died { who, by: seen(by, who) },
        other => other,
    }
}
