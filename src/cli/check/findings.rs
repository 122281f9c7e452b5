//! One thing that is wrong, or looks as if it were, in the shapes it is printed in.

use std::fmt;

use hypogeum_content::{ContentError, Severity};
use serde::Serialize;

/// As `--json` prints it. What is found and expected is known of content, not of configuration.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    #[serde(serialize_with = "word")]
    pub(super) severity: Severity,
    pub(super) what: String,
    pub(super) found: Option<String>,
    pub(super) expected: Option<String>,
    pub(super) hint: Option<String>,
}

fn word<S: serde::Serializer>(severity: &Severity, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(severity.word())
}

impl Finding {
    pub(super) fn of_content(error: &ContentError) -> Self {
        Self {
            file: error.file.clone(),
            line: error.line,
            column: error.column,
            severity: error.severity,
            what: error.what.clone(),
            found: Some(error.found.clone()),
            expected: Some(error.expected.clone()),
            hint: error.hint.clone(),
        }
    }

    /// From the sentence that a wrong configuration comes to: `file:line:column: what`, or a sentence about the whole.
    pub(super) fn of_config(sentence: &str) -> Self {
        let mut parts = sentence.splitn(4, ':');
        let (file, line, column) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
        let (file, line, column, what) = match (file, number(line), number(column), parts.next()) {
            (Some(file), Some(line), Some(column), Some(what)) => (file, line, column, what.trim_start()),
            _ => {
                let (file, what) = sentence.split_once(": ").unwrap_or(("configuration", sentence));
                (file, 1, 1, what)
            }
        };
        let (file, what, severity) = (file.to_owned(), what.to_owned(), Severity::Error);
        Self { file, line, column, severity, what, found: None, expected: None, hint: None }
    }

    /// An annotation: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.
    pub(super) fn for_github(&self) -> String {
        let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
        let property = |text: &str| escaped(text).replace(':', "%3A").replace(',', "%2C");
        let Self { file, line, column, severity, .. } = self;
        let (word, file, text) = (severity.word(), property(file), escaped(&self.text()));
        format!("::{word} file={file},line={line},col={column}::{text}")
    }

    fn text(&self) -> String {
        let mut text = self.what.clone();
        for (word, part) in [("found", &self.found), ("expected", &self.expected)] {
            text += &part.as_ref().map_or_else(String::new, |part| format!(", {word} {part}"));
        }
        text + self.hint.as_ref().map_or_else(String::new, |hint| format!(" ({hint})")).as_str()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let warning = if self.severity == Severity::Warning { "warning: " } else { "" };
        write!(formatter, "{}:{}:{}: {warning}{}", self.file, self.line, self.column, self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_about_the_configuration_has_its_place() {
        let finding = Finding::of_config("config/server.toml:3:7: tick_hz: found 90, expected 10 to 60");
        assert_eq!((finding.file.as_str(), finding.line, finding.column), ("config/server.toml", 3, 7), "its place");
        assert_eq!(finding.what, "tick_hz: found 90, expected 10 to 60", "and what is wrong");
        let finding = Finding::of_config("environment: HYPOGEUM_UDP__PORT=1: unknown field `port`");
        assert_eq!((finding.file.as_str(), finding.line), ("environment", 1), "what is in no file has no line");
    }

    #[test]
    fn what_would_end_an_annotation_is_escaped() {
        let mut finding = Finding::of_config("a,b.toml:3:7: 100 %\nof it");
        finding.severity = Severity::Warning;
        assert_eq!(finding.for_github(), "::warning file=a%2Cb.toml,line=3,col=7::100 %25%0Aof it");
    }
}
