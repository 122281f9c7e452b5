//! Which lines there are: a level, or targets with a level each. Anything else is a mistake: what means nothing as a level
//! would silently be taken for a target without any.

/// What a filter may say of a target, the quietest first.
const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// Looks whether a filter means what it seems to mean.
///
/// # Errors
/// What is wrong with it: what was found, what is expected, and what may have been meant.
pub(crate) fn check(filter: &str) -> Result<(), String> {
    filter.split(',').try_for_each(|part| check_part(part.trim()))
}

fn check_part(part: &str) -> Result<(), String> {
    let (target, level) = part.split_once('=').map_or((None, part), |(target, level)| (Some(target), level));
    if let Some(target) = target
        && (target.is_empty() || !target.chars().all(|sign| sign.is_ascii_alphanumeric() || "_:-".contains(sign)))
    {
        return Err(format!("found {part:?}, expected a target such as hypogeum_udp before the ="));
    }
    let level = level.to_ascii_lowercase();
    if LEVELS.contains(&level.as_str()) {
        return Ok(());
    }
    let expected = format!("expected {} or target=level, with commas between", LEVELS.join(", "));
    let nearest =
        LEVELS.into_iter().min_by_key(|word| distance(word, &level)).filter(|word| distance(word, &level) <= 2);
    let meant = nearest.filter(|_| !level.is_empty()).map(|word| match target {
        Some(target) => format!("; did you mean `{target}={word}`?"),
        None => format!("; did you mean `{word}`?"),
    });
    Err(format!("found {part:?}, {expected}{}", meant.unwrap_or_default()))
}

/// How many letters have to be put in, left out, exchanged, or swapped with their neighbour.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().take(16).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (at, sign) in one.iter().enumerate() {
        let mut row = vec![at + 1];
        for (beside, theirs) in other.iter().enumerate() {
            let exchanged = rows[at][beside] + usize::from(sign != theirs);
            let mut least = exchanged.min(rows[at][beside + 1] + 1).min(row[beside] + 1);
            if at > 0 && beside > 0 && one[at - 1] == *theirs && *sign == other[beside - 1] {
                least = least.min(rows[at - 1][beside - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_targets_with_a_level_are_good() {
        for good in ["info", "WARN", "off", "info,hypogeum_udp=debug", "hypogeum_udp::host=trace, error"] {
            assert_eq!(check(good), Ok(()), "{good} is a filter");
        }
    }

    #[test]
    fn what_is_no_level_is_a_mistake_that_says_what_was_meant() {
        for (wrong, meant) in [
            ("inof", "did you mean `info`?"),
            ("inf,,o=1", "did you mean `info`?"),
            ("info,debg", "did you mean `debug`?"),
            ("hypogeum_udp=tarce", "did you mean `hypogeum_udp=trace`?"),
            ("info,", "found \"\", expected off"),
            ("", "found \"\", expected off"),
            ("hypogeum_udp", "expected off, error, warn, info, debug, trace or target=level"),
            ("=info", "expected a target"),
            ("o=1", "found \"o=1\", expected off"),
        ] {
            let error = check(wrong).expect_err("this is no filter");
            assert!(error.contains(meant), "{wrong}: {error}");
        }
        assert!(!check("hypogeum").expect_err("a target alone").contains("did you mean"), "nothing is near to that");
    }
}
