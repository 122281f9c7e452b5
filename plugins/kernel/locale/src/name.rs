//! Names of things, in the forms that a language has for them.

use std::borrow::Cow;

use fluent_bundle::types::FluentType;
use fluent_bundle::{FluentArgs, FluentValue};

/// What a sentence can begin with: a name of something defined, or a message in a message. Functions take its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) plain: String,
    /// By the names of attributes.
    pub(crate) forms: Vec<(String, String)>,
}

impl FluentType for Name {
    fn duplicate(&self) -> Box<dyn FluentType + Send> {
        Box::new(self.clone())
    }

    fn as_string(&self, _: &intl_memoizer::IntlLangMemoizer) -> Cow<'static, str> {
        Cow::Owned(self.plain.clone())
    }

    fn as_string_threadsafe(&self, _: &intl_memoizer::concurrent::IntlLangMemoizer) -> Cow<'static, str> {
        Cow::Owned(self.plain.clone())
    }
}

impl Name {
    pub(crate) fn plain(words: String) -> Self {
        Self { plain: words, forms: Vec::new() }
    }

    pub(crate) fn into_value<'a>(self) -> FluentValue<'a> {
        FluentValue::Custom(Box::new(self))
    }

    pub(crate) fn of<'a>(value: &'a FluentValue<'_>) -> Option<&'a Self> {
        let FluentValue::Custom(custom) = value else { return None };
        (**custom).as_any().downcast_ref()
    }
}

/// `FORM($what, "accusative")`: a name in a form; the name as it is where it has no such form.
pub(crate) fn form<'a>(positional: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let (Some(value), Some(FluentValue::String(wanted))) = (positional.first(), positional.get(1)) else {
        return positional.first().cloned().unwrap_or(FluentValue::Error);
    };
    let Some(name) = Name::of(value) else { return value.clone() };
    let found = name.forms.iter().find(|(form, _)| form == wanted);
    Name::plain(found.map_or_else(|| name.plain.clone(), |(_, words)| words.clone())).into_value()
}

/// `CAP($who)`: a name as a sentence begins with it. Text that is no name, such as what a player is called, stays as it is.
pub(crate) fn capital<'a>(positional: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    let Some(value) = positional.first() else { return FluentValue::Error };
    match Name::of(value) {
        Some(name) => Name::plain(capitalised(&name.plain)).into_value(),
        None => value.clone(),
    }
}

fn capitalised(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
