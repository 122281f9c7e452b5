//! The locales there are, and which one somebody gets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bevy_ecs::prelude::Resource;
use fluent_bundle::FluentResource;
use fluent_bundle::concurrent::FluentBundle;
use unic_langid::LanguageIdentifier;

use crate::compare::{Difference, Shape};
use crate::file::{LocaleError, LocaleFile};
use crate::name::{capital, form};

/// Most locales.
pub const LOCALES_MAX: usize = 64;
/// The locale that all others fall back to.
const BASE: &str = "en";
/// What designers call messages of their own begins so.
pub(crate) const OF_DESIGNERS: &str = "line-";

/// One of the [`Locales`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocaleId(u8);

impl LocaleId {
    /// Its place among all, from 0.
    #[must_use]
    pub const fn place(self) -> usize {
        self.0 as usize
    }
}

pub(crate) struct Locale {
    pub(crate) language: LanguageIdentifier,
    pub(crate) bundle: FluentBundle<FluentResource>,
    pub(crate) shapes: BTreeMap<String, Shape>,
    /// Messages that were wanted and are not there.
    pub(crate) missing: AtomicU64,
}

/// All locales: `en`, which the others fall back to, first. A clone is cheap.
#[derive(Resource, Clone)]
pub struct Locales {
    pub(crate) all: Arc<[Locale]>,
    /// What crates send: the messages of their own files in the first locale.
    built_in: Arc<BTreeSet<String>>,
}

impl fmt::Debug for Locales {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.tags()).finish()
    }
}

impl Default for Locales {
    /// Without a single message: ids are shown.
    fn default() -> Self {
        Self { all: Arc::new([Locale::new(LanguageIdentifier::default())]), built_in: Arc::default() }
    }
}

impl Locale {
    fn new(language: LanguageIdentifier) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.clone()]);
        // Marks around arguments would be shown by clients of words alone.
        bundle.set_use_isolating(false);
        bundle.add_function("FORM", form).expect("a new bundle has no functions");
        bundle.add_function("CAP", capital).expect("a new bundle has no such function");
        Self { language, bundle, shapes: BTreeMap::new(), missing: AtomicU64::new(0) }
    }
}

impl Locales {
    /// Puts files together, in their order: what a later one says of a message goes over what an earlier one says.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub fn new(files: impl IntoIterator<Item = LocaleFile>) -> Result<Self, Vec<LocaleError>> {
        let mut errors = Vec::new();
        let mut locales: BTreeMap<String, Locale> = BTreeMap::new();
        let base = BASE.parse().expect("it is a locale");
        locales.insert(BASE.to_owned(), Locale::new(base));
        let mut built_in = BTreeSet::new();
        for file in files {
            let language = match file.language() {
                Ok(language) => language,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            let (resource, shapes) = match file.parse() {
                Ok(parsed) => parsed,
                Err(wrong) => {
                    errors.extend(wrong);
                    continue;
                }
            };
            if file.is_built_in && file.tag == BASE {
                built_in.extend(shapes.keys().cloned());
            }
            let locale = locales.entry(file.tag.to_string()).or_insert_with(|| Locale::new(language));
            locale.bundle.add_resource_overriding(resource);
            locale.shapes.extend(shapes);
        }
        if locales.len() > LOCALES_MAX {
            let what = format!("{} locales; there can be {LOCALES_MAX}", locales.len());
            errors.push(LocaleError { file: "locales".to_owned(), line: 1, column: 1, what });
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let first = locales.remove(BASE);
        Ok(Self { all: first.into_iter().chain(locales.into_values()).collect(), built_in: Arc::new(built_in) })
    }

    /// The locale that comes nearest to a wish such as `de-AT` or `pt_BR`: that very one, else one of the same language, else
    /// the one all fall back to.
    #[must_use]
    pub fn find(&self, wish: &str) -> LocaleId {
        // Environments write `de_DE.UTF-8`.
        let wish = wish.split(['.', '@']).next().unwrap_or_default();
        let Ok(wish) = wish.parse::<LanguageIdentifier>() else { return LocaleId::default() };
        let place = |is_meant: &dyn Fn(&LanguageIdentifier) -> bool| {
            self.all.iter().position(|locale| is_meant(&locale.language))
        };
        let found = place(&|known| *known == wish)
            .or_else(|| place(&|known| known.language == wish.language && known.region.is_none()))
            .or_else(|| place(&|known| known.language == wish.language));
        LocaleId(found.and_then(|found| u8::try_from(found).ok()).unwrap_or(0))
    }

    /// What a locale is called.
    #[must_use]
    pub fn tag(&self, locale: LocaleId) -> String {
        self.locale(locale).language.to_string()
    }

    /// What all are called, in their order.
    pub fn tags(&self) -> impl Iterator<Item = String> + '_ {
        self.all.iter().map(|locale| locale.language.to_string())
    }

    /// How many there are: 1 and up.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Messages that were wanted in a locale and are not there, by its name, since the start.
    pub fn missing(&self) -> impl Iterator<Item = (String, u64)> + '_ {
        self.all.iter().map(|locale| (locale.language.to_string(), locale.missing.load(Relaxed)))
    }

    /// In what each locale is not complete, by its name. `of_content` are the messages that the definitions of a content have, with
    /// their attributes: the names of things, for which its own words stand in the first locale.
    #[must_use]
    pub fn differences(&self, of_content: &BTreeMap<String, Vec<&'static str>>) -> Vec<(String, Difference)> {
        let Some(base) = self.all.first() else { return Vec::new() };
        let is_sent = |id: &str| {
            self.built_in.contains(id)
                || of_content.contains_key(id)
                || id.starts_with(OF_DESIGNERS) && base.shapes.contains_key(id)
        };
        let mut differences = Vec::new();
        for (place, locale) in self.all.iter().enumerate() {
            let mut note = |difference| differences.push((locale.language.to_string(), difference));
            if place > 0 {
                let wanted = base
                    .shapes
                    .keys()
                    .chain(of_content.keys())
                    .filter(|id| is_sent(id) && !locale.shapes.contains_key(*id));
                let wanted: BTreeSet<&String> = wanted.collect();
                wanted.into_iter().for_each(|id| note(Difference::Missing(id.clone())));
                for (id, parts) in of_content {
                    // What lacks the whole message is said above.
                    let Some(own) = locale.shapes.get(id) else { continue };
                    let lacking = parts.iter().filter(|part| !own.attributes.iter().any(|one| one == *part));
                    lacking.for_each(|part| note(Difference::Missing(format!("{id}.{part}"))));
                }
            }
            for (id, shape) in &locale.shapes {
                if !is_sent(id) {
                    note(Difference::Unknown(id.clone()));
                    continue;
                }
                // Names know their count, and lines of designers of whom they speak. What a message of a crate gets, its own file says.
                let unknown = shape.variables.iter().filter(|variable| match base.shapes.get(id) {
                    Some(known) if self.built_in.contains(id) => !known.variables.contains(*variable),
                    _ if of_content.contains_key(id) => *variable != "count",
                    _ => *variable != "who",
                });
                unknown.for_each(|variable| note(Difference::Variable(id.clone(), variable.clone())));
            }
        }
        differences
    }

    pub(crate) fn locale(&self, id: LocaleId) -> &Locale {
        self.all.get(id.place()).unwrap_or(&self.all[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(tag: &'static str, text: &'static str) -> LocaleFile {
        LocaleFile::new(tag, "test.ftl", text)
    }

    #[test]
    fn wishes_find_what_comes_nearest() {
        let locales = Locales::new(["en", "de", "pt-BR", "pt", "zh-TW"].map(|tag| file(tag, "a = b"))).expect("good");
        let found = |wish: &str| locales.tag(locales.find(wish));
        for (wish, expected) in [
            ("de", "de"),
            ("de-AT", "de"),
            ("de_DE.UTF-8", "de"),
            ("DE", "de"),
            ("pt-BR", "pt-BR"),
            ("pt-PT", "pt"),
            ("zh", "zh-TW"),
            ("fr", "en"),
            ("", "en"),
            ("C", "en"),
            ("\u{202E}de", "en"),
            ("de-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT-AT", "en"),
        ] {
            assert_eq!(found(wish), expected, "{wish:?}");
        }
    }

    #[test]
    fn later_files_go_over_earlier_ones() {
        let studio = LocaleFile::of_studio("locales/en.ours.ftl".to_owned(), "b = ours".to_owned());
        let locales = Locales::new([file("en", "a = theirs\nb = theirs"), studio]).expect("good");
        let words = |id| locales.words(LocaleId::default(), &crate::Message::new(id));
        assert_eq!([words("a"), words("b")], ["theirs", "ours"]);
    }

    #[test]
    fn mistakes_are_said_with_their_place() {
        let said = |name: &str, text: &str| {
            let file = LocaleFile::of_studio(name.to_owned(), text.to_owned());
            let errors = Locales::new([file]).expect_err("it is wrong");
            errors.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let junk = said("de.ftl", "a = b\nthis is no message\n");
        assert!(junk[0].starts_with("de.ftl:2:"), "{junk:?}");
        assert_eq!(
            said("de.ftl", "a = b\nb = { LOWER($x) }"),
            ["de.ftl:2:1: there is no function LOWER; there are CAP, FORM, NUMBER"]
        );
        assert_eq!(said("de.ftl", "a = b\nb = c\na = d"), ["de.ftl:1:1: message a is there twice"]);
        assert!(said("de.ftl", "a = { b }\nb = c")[0].contains("make b a term, -b"));
        let name = said("deutsch_1.ftl", "a = b");
        assert!(name[0].contains("is no locale"), "{name:?}");
    }

    #[test]
    fn a_locale_is_compared_with_the_first() {
        let of_content = ["item-sword", "item-bow"].map(|id| (id.to_owned(), Vec::new())).into();
        let studio = |name: &str, text: &str| LocaleFile::of_studio(name.to_owned(), text.to_owned());
        let files = [
            file("en", "gets = { $who } takes { $what }."),
            studio("en.ftl", "line-cold = It is cold.\nitem-swrod = a sword"),
            studio(
                "de.ftl",
                "gets = { $who } nimmt { $das }.\nitem-bow = { $count } { $bows }\nline-warm = Es ist warm.",
            ),
        ];
        let locales = Locales::new(files).expect("good");
        let found = locales.differences(&of_content);
        let found: Vec<String> = found.into_iter().map(|(tag, what)| format!("{tag}: {what}")).collect();
        let expected = [
            "en: nobody sends a message item-swrod",
            "de: message item-sword is missing",
            "de: message line-cold is missing",
            "de: message gets has no argument $das",
            "de: message item-bow has no argument $bows",
            "de: nobody sends a message line-warm",
        ];
        assert_eq!(found, expected);
    }
}
