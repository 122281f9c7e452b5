//! The word someone probably meant.

/// The candidate closest to a mistyped word, if one is close enough to be meant.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let word: Vec<char> = word.chars().take(WORD_CHARS_MAX + 1).collect();
    if word.len() > WORD_CHARS_MAX {
        return None;
    }
    let allowed = word.len().div_ceil(3).max(1);
    let mut longer = Vec::new();
    let near = candidates
        .inspect(|candidate| longer.extend(is_start(&word, candidate).then_some(*candidate)))
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, candidate)| candidate);
    match (near, longer.as_slice()) {
        (None, [only]) => Some(only),
        _ => near,
    }
}

/// Whether a word is the first of a longer one's, as in `arc` for `arc_deg`.
fn is_start(word: &[char], candidate: &str) -> bool {
    let mut chars = candidate.chars();
    word.len() >= 3 && word.iter().all(|char| chars.next() == Some(*char)) && chars.next() == Some('_')
}

/// Longer words are no mistyped keys; comparing them costs the product of their lengths.
const WORD_CHARS_MAX: usize = 64;

/// Insertions, deletions and replacements from one word to the other (Levenshtein).
fn distance(left: &[char], right: &str) -> usize {
    let mut row: Vec<usize> = (0..=left.len()).collect();
    for (done, right) in right.chars().enumerate() {
        let mut diagonal = core::mem::replace(&mut row[0], done + 1);
        for (index, left) in left.iter().enumerate() {
            let replaced = diagonal + usize::from(*left != right);
            diagonal = row[index + 1];
            row[index + 1] = replaced.min(diagonal + 1).min(row[index] + 1);
        }
    }
    row[left.len()]
}

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
