//! Words on a screen: wrapped to its width, coloured as far as it can, and with nothing in them that a terminal obeys.

use super::charset::Charset;
use super::codes::escape;

/// How words are meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Style {
    /// As all others.
    #[default]
    Plain,
    /// The name of where one is.
    Place,
    /// What somebody says.
    Speech,
    /// What hurts.
    Danger,
    /// What one has won.
    Gain,
    /// What is said by telnet itself.
    Notice,
    /// What asks for the next line.
    Prompt,
}

/// Which colours a screen has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Colours {
    /// None: it shows none, or reads aloud.
    #[default]
    None,
    /// The eight colours of ANSI and their bright forms.
    Sixteen,
    /// The 256 of xterm, by index.
    Indexed,
}

impl Style {
    /// What begins it.
    const fn begin(self, colours: Colours) -> &'static str {
        match (colours, self) {
            (Colours::None, _) | (_, Self::Plain) => "",
            (Colours::Sixteen, Self::Place) => "\x1b[1;33m",
            (Colours::Sixteen, Self::Speech) => "\x1b[36m",
            (Colours::Sixteen, Self::Danger) => "\x1b[31m",
            (Colours::Sixteen, Self::Gain) => "\x1b[32m",
            (Colours::Sixteen, Self::Notice) => "\x1b[35m",
            (Colours::Sixteen, Self::Prompt) => "\x1b[1;30m",
            (Colours::Indexed, Self::Place) => "\x1b[1;38;5;222m",
            (Colours::Indexed, Self::Speech) => "\x1b[38;5;117m",
            (Colours::Indexed, Self::Danger) => "\x1b[38;5;203m",
            (Colours::Indexed, Self::Gain) => "\x1b[38;5;114m",
            (Colours::Indexed, Self::Notice) => "\x1b[38;5;176m",
            (Colours::Indexed, Self::Prompt) => "\x1b[38;5;245m",
        }
    }
}

/// What ends any style.
const PLAIN: &str = "\x1b[0m";

/// What a screen can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// Columns, at which words are wrapped.
    pub(crate) width: usize,
    pub(crate) colours: Colours,
    pub(crate) charset: Charset,
}

impl Page {
    /// Columns of a screen of which nothing is known.
    pub(crate) const WIDTH_USUAL: usize = 80;
    /// Columns: fewer, and more, are never used.
    pub(crate) const WIDTH: std::ops::RangeInclusive<usize> = 20..=250;

    /// Appends words, each line of them ended.
    pub(crate) fn write_lines(self, style: Style, words: &str, out: &mut Vec<u8>) {
        for line in words.lines() {
            for row in wrapped(line, self.width) {
                self.write(style, row, out);
                out.extend_from_slice(b"\r\n");
            }
        }
    }

    /// Appends words as they are.
    pub(crate) fn write(self, style: Style, words: &str, out: &mut Vec<u8>) {
        let begin = style.begin(self.colours);
        out.extend_from_slice(begin.as_bytes());
        let mut bytes = Vec::with_capacity(words.len());
        for character in words.chars().filter(|character| !character.is_control()) {
            self.charset.encode(character, &mut bytes);
        }
        escape(&bytes, out);
        if !begin.is_empty() {
            out.extend_from_slice(PLAIN.as_bytes());
        }
    }
}

/// A line in rows of so many characters, broken between words where that can be.
fn wrapped(line: &str, width: usize) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut rest = line;
    loop {
        let Some((beyond, _)) = rest.char_indices().nth(width) else {
            rows.push(rest);
            return rows;
        };
        // A space right behind the row ends it, too.
        let after = beyond + rest[beyond..].chars().next().map_or(0, char::len_utf8);
        let cut = rest[..after].rfind(' ').filter(|at| !rest[..*at].trim().is_empty());
        let (row, next) = match cut {
            Some(at) => (&rest[..at], rest[at..].trim_start_matches(' ')),
            None => rest.split_at(beyond),
        };
        rows.push(row.trim_end_matches(' '));
        if next.is_empty() {
            return rows;
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_wrapped_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrapped("", 7), [""], "an empty line is one");
    }

    #[test]
    fn no_name_colours_the_screen_of_others() {
        let page = Page { width: 80, colours: Colours::Sixteen, charset: Charset::Utf8 };
        let mut out = Vec::new();
        page.write_lines(Style::Danger, "a\x1b[2Jb\nc", &mut out);
        assert_eq!(String::from_utf8_lossy(&out), "\x1b[31ma[2Jb\x1b[0m\r\n\x1b[31mc\x1b[0m\r\n");
        let latin = Page { colours: Colours::None, charset: Charset::Latin1, ..page };
        out.clear();
        latin.write(Style::Danger, "ÿ", &mut out);
        assert_eq!(out, [255, 255], "a letter that is an IAC is doubled");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_by_wrapping(words in "[a-zä ]{0,300}", width in 20_usize..100) {
            let rows = wrapped(&words, width);
            prop_assert!(rows.iter().all(|row| row.chars().count() <= width));
            let letters = |text: &str| text.chars().filter(|it| *it != ' ').collect::<String>();
            prop_assert_eq!(letters(&rows.concat()), letters(&words));
        }
    }
}
