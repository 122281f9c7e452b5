//! The word someone probably meant.

/// The candidate closest to a mistyped word, if one is close enough to be meant.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let chars = word.chars().take(WORD_CHARS_MAX + 1).count();
    if chars > WORD_CHARS_MAX {
        return None;
    }
    let allowed = chars.div_ceil(3).max(1);
    let mut longer = Vec::new();
    let near = candidates
        .inspect(|candidate| longer.extend(is_start(word, candidate).then_some(*candidate)))
        .map(|candidate| (strsim::levenshtein(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate);
    match (near, longer.as_slice()) {
        (None, [only]) => Some(only),
        _ => near,
    }
}

/// Whether a word is the first of a longer one's, as in `arc` for `arc_deg`.
fn is_start(word: &str, candidate: &str) -> bool {
    word.chars().count() >= 3 && candidate.strip_prefix(word).is_some_and(|rest| rest.starts_with('_'))
}

/// Longer words are no mistyped keys; comparing them costs the product of their lengths.
const WORD_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger() {
        let keys = ["hunting_bow", "medkit", "rusty_sword"];
        assert_eq!(nearest("medikt", keys.into_iter()), Some("medkit"), "two letters swapped are recognised");
        assert_eq!(nearest("rusty_swrd", keys.into_iter()), Some("rusty_sword"), "a letter left out is recognised");
    }

    #[test]
    fn a_word_cut_short() {
        assert_eq!(nearest("arc", ["range_cm", "arc_deg"].into_iter()), Some("arc_deg"), "the unit is left out");
        assert_eq!(nearest("side", ["side_cm_min", "side_cm_max"].into_iter()), None, "either might be meant");
    }

    #[test]
    fn another_word_altogether() {
        assert_eq!(nearest("dragon", ["medkit"].into_iter()), None, "a bad guess is worse than none");
        assert_eq!(nearest("", ["medkit"].into_iter()), None, "nothing resembles nothing");
        assert_eq!(nearest(&"x".repeat(9_999), ["medkit"].into_iter()), None, "long words are not compared");
    }
}
