//! A text with parts exchanged, so that reading goes on behind a slip, and where its bytes stand in the text as written.

use core::ops::Range;

/// What is exchanged, by bytes of the text as written, in order and apart from each other.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    /// Exchanges a part, and whatever was exchanged in it. Says whether that is new.
    pub(super) fn put(&mut self, part: Range<usize>, text: impl Into<String>) -> bool {
        let text = text.into();
        if self.0.iter().any(|(known, same)| *known == part && *same == text) {
            return false;
        }
        self.0.retain(|(known, _)| known.end <= part.start || known.start >= part.end);
        self.0.push((part, text));
        self.0.sort_by_key(|(part, _)| (part.start, part.end));
        true
    }

    /// What a part was exchanged for.
    pub(super) fn at(&self, start: usize) -> Option<&str> {
        self.0.iter().find(|(part, _)| part.start == start).map(|(_, text)| text.as_str())
    }

    pub(super) fn apply(&self, text: &str) -> String {
        let (mut out, mut done) = (String::with_capacity(text.len()), 0);
        for (part, new) in &self.0 {
            out.push_str(text.get(done..part.start).unwrap_or_default());
            out.push_str(new);
            done = part.end;
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// Where a byte of the changed text stands in the text as written; what was exchanged stands where it begins.
    pub(super) fn as_written(&self, byte: usize) -> usize {
        let (mut written, mut changed) = (0, 0);
        for (part, new) in &self.0 {
            let before = part.start.saturating_sub(written);
            if byte < changed + before {
                break;
            }
            changed += before;
            if byte < changed + new.len() {
                return part.start;
            }
            (written, changed) = (part.end, changed + new.len());
        }
        written + byte.saturating_sub(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_again() {
        let mut edits = Edits::default();
        assert!(edits.put(2..4, "XYZ"), "two for three");
        assert!(edits.put(7..9, ""), "two for nothing");
        assert!(!edits.put(7..9, ""), "the same again is nothing new");
        let text = "0123456789";
        let changed = edits.apply(text);
        assert_eq!(changed, "01XYZ4569", "both are exchanged");
        let found: Vec<usize> = (0..=changed.len()).map(|byte| edits.as_written(byte)).collect();
        assert_eq!(found, [0, 1, 2, 2, 2, 4, 5, 6, 9, 10], "each byte of what is left is where it was written");
        edits.put(1..8, "-");
        assert_eq!(edits.apply(text), "0-89", "a wider change takes the place of those in it");
    }
}
