//! Files of messages, and what is wrong with them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fluent_bundle::FluentResource;
use unic_langid::LanguageIdentifier;

use crate::compare::{Shape, shapes};

/// Most messages of one file.
pub const MESSAGES_MAX: usize = 16_384;

/// A text in Fluent, and for which locale it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocaleFile {
    /// The locale, as BCP 47 writes it: `en`, `de`, `pt-BR`.
    pub tag: Cow<'static, str>,
    /// What errors call the file.
    pub name: Cow<'static, str>,
    /// What it says.
    pub text: Cow<'static, str>,
    /// Whether it came with a crate: it says which messages there are.
    pub is_built_in: bool,
}

impl LocaleFile {
    /// A file that comes with a crate.
    #[must_use]
    pub const fn new(tag: &'static str, name: &'static str, text: &'static str) -> Self {
        Self { tag: Cow::Borrowed(tag), name: Cow::Borrowed(name), text: Cow::Borrowed(text), is_built_in: true }
    }

    /// A file of a studio: what it says goes over what came before. Its name begins with the tag of its locale: `de.ftl`,
    /// `de.quests.ftl`.
    #[must_use]
    pub fn of_studio(name: String, text: String) -> Self {
        let file = name.rsplit('/').next().unwrap_or(&name);
        let tag = file.split('.').next().unwrap_or_default().to_owned();
        Self { tag: tag.into(), name: name.into(), text: text.into(), is_built_in: false }
    }

    pub(crate) fn language(&self) -> Result<LanguageIdentifier, LocaleError> {
        let error = || LocaleError {
            file: self.name.to_string(),
            line: 1,
            column: 1,
            what: format!("{:?} is no locale: a name begins with one, as in de.ftl or pt-BR.ftl", self.tag),
        };
        let language: LanguageIdentifier = self.tag.parse().map_err(|_| error())?;
        if language.language.is_empty() || language.to_string() != self.tag { Err(error()) } else { Ok(language) }
    }

    /// The messages of the file, and what they are made of.
    pub(crate) fn parse(&self) -> Result<(FluentResource, BTreeMap<String, Shape>), Vec<LocaleError>> {
        match FluentResource::try_new(self.text.to_string()) {
            Ok(resource) => {
                let shapes = shapes(&resource).map_err(|(id, what)| vec![self.at_message(&id, what)])?;
                if shapes.len() > MESSAGES_MAX {
                    return Err(vec![self.at(0, format!("more than {MESSAGES_MAX} messages"))]);
                }
                Ok((resource, shapes))
            }
            Err((_, errors)) => {
                Err(errors.iter().map(|error| self.at(error.pos.start, error.kind.to_string())).collect())
            }
        }
    }

    fn at_message(&self, id: &str, what: String) -> LocaleError {
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            if line.strip_prefix(id).is_some_and(|rest| rest.trim_start().starts_with('=')) {
                break;
            }
            offset += line.len();
        }
        self.at(if offset < self.text.len() { offset } else { 0 }, what)
    }

    fn at(&self, offset: usize, what: String) -> LocaleError {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
        LocaleError { file: self.name.to_string(), line, column, what }
    }
}

/// What is wrong with a file of messages.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {what}")]
pub struct LocaleError {
    /// Which file.
    pub file: String,
    /// Its line, 1 and up.
    pub line: usize,
    /// Its column, 1 and up.
    pub column: usize,
    /// What is wrong.
    pub what: String,
}

/// The ids of messages that a file has, in their order; none where it cannot be read.
#[must_use]
pub fn message_ids(file: &LocaleFile) -> Vec<String> {
    file.parse().map(|(_, shapes)| shapes.into_keys().collect()).unwrap_or_default()
}
