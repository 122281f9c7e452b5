//! Words that are not to be said, as designers list them: `assets/chat/words.<locale>.ron`.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use bevy_ecs::prelude::Resource;
use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

use crate::fold::{Letter, fold};

/// Words of all lists together. Each line is compared with those of its letters: more would slow the tick.
const WORDS_MAX: usize = 2_000;
/// Letters of a word, as it looks.
const LETTERS_MAX: usize = 64;
/// Letters of a word that is found anywhere: shorter ones stand in too many others.
const ANYWHERE_LETTERS_MIN: usize = 4;
/// Bytes of a file.
const FILE_BYTES_MAX: usize = 256 * 1_024;

/// What becomes of a line with such a word in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum WordAction {
    /// The word is shown as stars.
    #[default]
    Mask,
    /// The line is not said.
    Refuse,
}

/// Where a word is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum WordMatch {
    /// As a word of its own.
    #[default]
    Whole,
    /// Within other words, too.
    Anywhere,
}

/// One entry of a list.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordDef {
    word: String,
    #[serde(default)]
    matches: WordMatch,
    #[serde(default)]
    action: WordAction,
}

/// A file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordListDef {
    words: Vec<WordDef>,
}

/// A list that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct WordListError {
    /// The file, from the content folder on.
    pub file: String,
    /// With line and column, where there are any.
    pub why: String,
}

/// What is to be done with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is said as it is.
    Clean,
    /// It is said so.
    Masked(String),
    /// It is not said.
    Refused,
}

/// A word, as runs of one letter each: whoever writes a letter more often writes the same word.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    runs: Vec<(char, usize)>,
    matches: WordMatch,
    action: WordAction,
}

/// All lists, of every locale: whatever language a client shows, people speak as they like.
///
/// ```
/// use hypogeum_chat::{Verdict, WordLists};
///
/// let lists = WordLists::of([("chat/words.en.ron", r#"(words: [(word: "slime")])"#)])?;
/// assert_eq!(lists.judge("such s1ime!"), Verdict::Masked("such *****!".to_owned()));
/// # Ok::<(), hypogeum_chat::WordListError>(())
/// ```
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq)]
pub struct WordLists {
    /// By the first letter.
    words: BTreeMap<char, Vec<Word>>,
}

impl WordLists {
    /// Reads the lists of a content folder; none where it has no folder `chat`.
    ///
    /// # Errors
    /// [`WordListError`]: the first thing that is wrong.
    pub fn load(assets: &Path) -> Result<Self, WordListError> {
        let folder = assets.join("chat");
        let failed = |file: &str, error: &io::Error| WordListError { file: file.to_owned(), why: error.to_string() };
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            entries => entries.map_err(|error| failed("chat", &error))?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let name = entry.map_err(|error| failed("chat", &error))?.file_name();
            let Some(name) = name.to_str().filter(|name| name.ends_with(".ron")) else { continue };
            let file = format!("chat/{name}");
            let text = fs::read_to_string(folder.join(name)).map_err(|error| failed(&file, &error))?;
            files.push((file, text));
        }
        files.sort();
        Self::of(files.iter().map(|(file, text)| (file.as_str(), text.as_str())))
    }

    /// Lists from files in memory: each a path from the content folder on and its text.
    ///
    /// # Errors
    /// [`WordListError`]: the first thing that is wrong.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, WordListError> {
        let mut lists = Self::default();
        let mut count = 0;
        for (file, text) in files {
            let wrong = |why: String| WordListError { file: file.to_owned(), why };
            let is_list = file.strip_prefix("chat/words.").and_then(|rest| rest.strip_suffix(".ron"));
            if !is_list.is_some_and(|locale| (2..=8).contains(&locale.len()) && !locale.contains('.')) {
                return Err(wrong("a list is called words.LOCALE.ron, such as words.en.ron".to_owned()));
            }
            if text.len() > FILE_BYTES_MAX {
                return Err(wrong(format!("it has {} bytes, at most {FILE_BYTES_MAX} are allowed", text.len())));
            }
            let list: WordListDef = ron::from_str(text).map_err(|error| wrong(error.to_string()))?;
            count += list.words.len();
            if count > WORDS_MAX {
                return Err(wrong(format!("all lists have {count} words so far, at most {WORDS_MAX} are allowed")));
            }
            for def in list.words {
                let word = Word::of(&def).map_err(|why| wrong(format!("word {:?}: {why}", def.word)))?;
                lists.words.entry(word.runs[0].0).or_default().push(word);
            }
        }
        Ok(lists)
    }

    /// Looks for words in a line.
    #[must_use]
    pub fn judge(&self, line: &str) -> Verdict {
        if self.words.is_empty() {
            return Verdict::Clean;
        }
        let letters = fold(line);
        let mut found: Vec<(usize, usize)> = Vec::new();
        for (at, letter) in letters.iter().enumerate() {
            for word in self.words.get(&letter.letter).into_iter().flatten() {
                let Some(end) = word.end_in(&letters, at) else { continue };
                if word.action == WordAction::Refuse {
                    return Verdict::Refused;
                }
                found.push((letter.at.start, letters[end - 1].at.end));
            }
        }
        if found.is_empty() { Verdict::Clean } else { Verdict::Masked(masked(line, &found)) }
    }
}

/// The line with stars where words were found.
fn masked(line: &str, found: &[(usize, usize)]) -> String {
    let is_found = |at: usize| found.iter().any(|(start, end)| (*start..*end).contains(&at));
    let shown = |(at, grapheme): (usize, &str)| match is_found(at) && grapheme.trim() == grapheme {
        true => "*".to_owned(),
        false => grapheme.to_owned(),
    };
    line.grapheme_indices(true).map(shown).collect()
}

impl Word {
    fn of(def: &WordDef) -> Result<Self, String> {
        let letters = fold(&def.word);
        let least = if def.matches == WordMatch::Anywhere { ANYWHERE_LETTERS_MIN } else { 2 };
        // What looks like two letters is one: `m` like `rn`.
        let count = letters.chunk_by(|one, next| one.at == next.at).count();
        if !(least..=LETTERS_MAX).contains(&count) {
            return Err(format!("found {count} letters, expected {least} to {LETTERS_MAX}"));
        }
        if letters.iter().skip(1).any(|letter| letter.is_apart) {
            return Err("found several words, expected one".to_owned());
        }
        let mut runs: Vec<(char, usize)> = Vec::new();
        for letter in letters {
            match runs.last_mut() {
                Some((last, count)) if *last == letter.letter => *count += 1,
                _ => runs.push((letter.letter, 1)),
            }
        }
        Ok(Self { runs, matches: def.matches, action: def.action })
    }

    /// Where this word ends, if it begins at a letter: written in one, or each letter apart.
    fn end_in(&self, letters: &[Letter], at: usize) -> Option<usize> {
        let is_end = |end: usize| letters.get(end).is_none_or(|next| next.is_apart);
        let in_one = self.run_through(letters, at, |letters, at| !letters[at].is_apart);
        let is_whole = |end: &usize| letters[at].is_apart && is_end(*end);
        let in_one = in_one.filter(|end| self.matches == WordMatch::Anywhere || is_whole(end));
        // Of one character may come two letters, which stand together.
        let is_spread = |letters: &[Letter], at: usize| letters[at].is_apart || letters[at].at == letters[at - 1].at;
        in_one.or_else(|| self.run_through(letters, at, is_spread).filter(is_whole))
    }

    /// Goes through the runs, as long as letters follow one another as they should.
    fn run_through(&self, letters: &[Letter], at: usize, follows: impl Fn(&[Letter], usize) -> bool) -> Option<usize> {
        let mut end = at;
        for &(letter, count) in &self.runs {
            let start = end;
            while letters.get(end).is_some_and(|next| next.letter == letter) && (end == at || follows(letters, end)) {
                end += 1;
            }
            if end - start < count {
                return None;
            }
        }
        Some(end)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: &str = r#"(words: [
        (word: "darn"),
        (word: "slime", matches: Anywhere),
        (word: "goldshop", matches: Anywhere, action: Refuse),
        (word: "mud"),
    ])"#;

    fn lists() -> WordLists {
        WordLists::of([("chat/words.en.ron", LIST)]).expect("it is a good list")
    }

    fn masked(line: &str) -> String {
        match lists().judge(line) {
            Verdict::Masked(masked) => masked,
            Verdict::Clean => line.to_owned(),
            Verdict::Refused => "refused".to_owned(),
        }
    }

    #[test]
    fn words_are_found_however_they_are_written() {
        let evasions = [
            ("oh darn it", "oh **** it"),
            ("DARN!", "****!"),
            ("d4rn", "****"),
            ("daaarrn", "*******"),
            ("d.a.r.n", "*******"),
            ("d a r n", "* * * *"),
            ("dаrn", "****"),
            ("d\u{308}arn", "****"),
            ("ｄａｒｎ", "****"),
            ("d\u{200D}arn", "****"),
            ("MUD m u d", "*** * * *"),
            ("primeslimeball", "prime*****ball"),
            ("sl1me", "*****"),
        ];
        for (line, shown) in evasions {
            assert_eq!(masked(line), shown, "{line}");
        }
        for line in ["best g0ldsh0p here", "g o l d s h o p", "GoldShop.example"] {
            assert_eq!(lists().judge(line), Verdict::Refused, "{line}");
        }
    }

    #[test]
    fn other_words_are_left_alone() {
        for line in ["darning socks", "a d, a rn", "yard arnold", "muddle", "gold shop", "slim efforts", "a mu dog", ""]
        {
            assert_eq!(lists().judge(line), Verdict::Clean, "{line}");
        }
        assert_eq!(WordLists::default().judge("darn"), Verdict::Clean, "without a list everything is said");
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said() {
        let wrong = |file: &str, text: &str| WordLists::of([(file, text)]).expect_err("it is wrong").to_string();
        let typo = wrong("chat/words.en.ron", "(words: [\n  (wrod: \"darn\"),\n])");
        assert!(typo.starts_with("chat/words.en.ron: 2:") && typo.contains("wrod"), "with its place: {typo}");
        assert!(wrong("chat/bad.ron", "(words: [])").contains("words.LOCALE.ron"), "by its name");
        let short = wrong("chat/words.en.ron", "(words: [(word: \"mud\", matches: Anywhere)])");
        assert!(short.contains("found 3 letters, expected 4 to 64"), "{short}");
        let two = wrong("chat/words.en.ron", "(words: [(word: \"gold shop\")])");
        assert!(two.contains("expected one"), "{two}");
        let many = format!("(words: [{}])", "(word: \"darn\"),".repeat(WORDS_MAX + 1));
        assert!(wrong("chat/words.en.ron", &many).contains("at most 2000"), "and how many there may be");
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange_and_what_is_masked_is_clean(line in "[darnslime @1!\\-😀é\u{301}а]{0,80}|\\PC{0,80}") {
            if let Verdict::Masked(masked) = lists().judge(&line) {
                prop_assert_eq!(masked.graphemes(true).count(), line.graphemes(true).count());
                prop_assert_ne!(masked, line);
            }
        }

        #[test]
        fn a_listed_word_is_never_said_in_any_case_or_spacing(upper in any::<[bool; 4]>(), apart in 0..3_usize) {
            let letters: Vec<String> = "darn".chars().zip(upper).map(|(letter, is_upper)| {
                if is_upper { letter.to_uppercase().to_string() } else { letter.to_string() }
            }).collect();
            let line = letters.join(["", " ", "-"][apart]);
            prop_assert!(lists().judge(&line) != Verdict::Clean, "{}", line);
        }
    }
}
