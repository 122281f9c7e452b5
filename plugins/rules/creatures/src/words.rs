//! What happens in battles, as messages: everyone reads them in their own language.

use hypogeum_creature_messages::{ActNews, ActResult, BattleEnd, BattleMove};
use hypogeum_locale::{LocaleFile, Message, Value};

/// What creatures do, in the languages it brings along. A studio's own files go over them.
pub const MESSAGES: &[LocaleFile] = &[
    LocaleFile::new("en", "creatures/en.ftl", include_str!("../locales/en.ftl")),
    LocaleFile::new("de", "creatures/de.ftl", include_str!("../locales/de.ftl")),
];

/// What one creature did in a turn. `names`: what both are called, the first side first.
///
/// ```
/// use hypogeum_creature_messages::{ActNews, ActResult, BattleMove, Side};
/// use hypogeum_creatures::{MESSAGES, act_words};
/// use hypogeum_locale::Locales;
///
/// let locales = Locales::new(MESSAGES.iter().cloned()).expect("they can be read");
/// let result =
///     ActResult::Hit { damage: 12, is_critical: true, is_defended: false, hp_before: 12, hp_after: 0 };
/// let act = ActNews { side: Side::First, what: BattleMove::Attack, result, defends_left: 2, specials_left: 1 };
/// let said = act_words(&act, ["Cinder", "Moss"]);
/// assert_eq!(locales.words(locales.find("en"), &said), "Cinder hits Moss for 12, critically. Moss is down.");
/// assert_eq!(locales.words(locales.find("de"), &said), "Cinder trifft Moss für 12, kritisch. Moss geht zu Boden.");
/// ```
#[must_use]
pub fn act_words(act: &ActNews, names: [&str; 2]) -> Message {
    let (who, whom) = (names[act.side.index()], names[act.side.other().index()]);
    match act.result {
        ActResult::Defends => Message::new("duel-defends").with("who", who),
        ActResult::Dodged => Message::new("duel-misses").with("who", who).with("whom", whom),
        ActResult::Hit { damage, is_critical, is_defended, hp_after, .. } => {
            let hit = Message::new("duel-hits")
                .with("who", who)
                .with("whom", whom)
                .with("special", yes_or_no(act.what == BattleMove::Special))
                .with("critical", yes_or_no(is_critical))
                .with("defended", yes_or_no(is_defended))
                .with("damage", damage);
            if hp_after > 0 {
                return hit;
            }
            Message::new("duel-fells").with("hit", Value::Message(Box::new(hit))).with("whom", whom)
        }
    }
}

const fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// How a battle ended.
#[must_use]
pub fn end_words(how: BattleEnd, (winner, loser): (&str, &str)) -> Message {
    let id = match how {
        BattleEnd::Knockout => "duel-wins",
        BattleEnd::TurnsOver => "duel-wins-by-share",
        BattleEnd::Forfeit => "duel-wins-by-forfeit",
    };
    Message::new(id).with("who", winner).with("whom", loser)
}

/// Somebody has left.
pub(crate) fn leaving_words(who: &str) -> Message {
    Message::new("duel-leaves").with("who", who)
}

/// A tournament is over.
pub(crate) fn champion_words(champion: Option<&str>) -> Message {
    champion.map_or(Message::new("duel-no-champion"), |who| Message::new("duel-is-champion").with("who", who))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use hypogeum_locale::Locales;

    use super::*;

    #[test]
    fn every_message_has_words_in_every_language() {
        let locales = Locales::new(MESSAGES.iter().cloned()).expect("they can be read");
        assert_eq!(locales.differences(&BTreeMap::new()), []);
        for how in [BattleEnd::Knockout, BattleEnd::TurnsOver, BattleEnd::Forfeit] {
            let said = locales.words(locales.find("en"), &end_words(how, ("Cinder", "Moss")));
            assert!(said.starts_with("Cinder wins the battle"), "{said}");
        }
        let said = |champion| locales.words(locales.find("de"), &champion_words(champion));
        assert_eq!(said(Some("Cinder")), "Cinder hat das Turnier gewonnen.");
        assert_eq!(said(None), "Das Turnier ist vorbei, und niemand hat es gewonnen.");
        assert_eq!(locales.words(locales.find("en"), &leaving_words("Cinder")), "Cinder has left the tournament.");
    }
}
