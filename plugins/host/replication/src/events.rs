//! What one participant hears of.

use hypogeum_protocol::{GameEvent, NetId};

/// Who does it and to whom it happens; [`NetId::NONE`] where there is nobody, and twice the same where only one is meant.
pub(crate) const fn subjects(event: &GameEvent) -> (NetId, NetId) {
    match *event {
        GameEvent::Damaged { source, target, .. } | GameEvent::Dodged { source, target } => (source, target),
        GameEvent::Died { who, by } => (by, who),
        GameEvent::EffectBegan { who, .. }
        | GameEvent::EffectEnded { who, .. }
        | GameEvent::ExtractionBegan { who, .. }
        | GameEvent::ExtractionBroken { who }
        | GameEvent::Extracted { who } => (who, who),
        GameEvent::ExitChanged { .. } | GameEvent::Refused { .. } => (NetId::NONE, NetId::NONE),
    }
}

/// Whether an event is about this avatar: then it is told wherever it happened.
pub(crate) fn concerns(event: &GameEvent, own: NetId) -> bool {
    let (source, target) = subjects(event);
    own.is_some() && (source == own || target == own)
}

/// Whether missing it costs a moment's picture only: the next snapshot shows what it led to.
pub(crate) const fn is_passing(event: &GameEvent) -> bool {
    matches!(event, GameEvent::Damaged { .. } | GameEvent::Dodged { .. })
}

/// The event with nobody named as its doer.
pub(crate) const fn unnamed(event: GameEvent) -> GameEvent {
    match event {
        GameEvent::Damaged { target, amount, critical, .. } => {
            GameEvent::Damaged { source: NetId::NONE, target, amount, critical }
        }
        GameEvent::Dodged { target, .. } => GameEvent::Dodged { source: NetId::NONE, target },
        GameEvent::Died { who, .. } => GameEvent::Died { who, by: NetId::NONE },
        other => other,
    }
}

/// The event as somebody tells it who sees only some: an unseen doer is nobody. Whom it happens to is told who did it.
pub(crate) fn conceal(event: GameEvent, own: NetId, sees: impl Fn(NetId) -> bool) -> GameEvent {
    let (source, target) = subjects(&event);
    if target == own || source == own || source == target || sees(source) { event } else { unnamed(event) }
}
