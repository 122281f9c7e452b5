//! A message in words.

use std::sync::atomic::Ordering::Relaxed;

use fluent_bundle::{FluentArgs, FluentValue};
use fluent_syntax::ast::Pattern;

use crate::locales::{Locale, LocaleId, Locales, OF_DESIGNERS};
use crate::message::{Join, Message, Value};
use crate::name::Name;

/// Most bytes of an argument in words: a list of long names is cut.
pub const ARGUMENT_BYTES_MAX: usize = 2_560;
/// Most bytes of a message in words.
pub const WORDS_BYTES_MAX: usize = 8 * 1_024;
/// Messages in messages: what is deeper is left out.
const DEPTH_MAX: usize = 6;

/// A message in the words of a locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The whole of it, at most [`WORDS_BYTES_MAX`].
    pub words: String,
    /// What stands in its places, by name, each at most [`ARGUMENT_BYTES_MAX`].
    pub arguments: Vec<(String, String)>,
}

impl Locales {
    /// A message in words, and its arguments, each for itself.
    #[must_use]
    pub fn render(&self, locale: LocaleId, message: &Message) -> Rendered {
        let (words, arguments) = self.message(locale, message, 0);
        Rendered { words: shortened(words, WORDS_BYTES_MAX), arguments }
    }

    /// A message in words.
    #[must_use]
    pub fn words(&self, locale: LocaleId, message: &Message) -> String {
        self.render(locale, message).words
    }

    /// A value in words, such as what something is called.
    #[must_use]
    pub fn value_words(&self, locale: LocaleId, value: &Value) -> String {
        plain(&self.value(locale, value, 0))
    }

    fn message(&self, id: LocaleId, message: &Message, depth: usize) -> (String, Vec<(String, String)>) {
        let mut values = FluentArgs::with_capacity(message.arguments.len());
        let mut arguments = Vec::with_capacity(message.arguments.len());
        for (name, value) in &message.arguments {
            let value = self.value(id, value, depth);
            arguments.push((name.to_string(), plain(&value)));
            values.set(name.to_string(), value);
        }
        let locale = self.locale(id);
        let words = format(locale, &message.id, None, &values).or_else(|| {
            locale.missing.fetch_add(1, Relaxed);
            format(&self.all[0], &message.id, None, &values)
        });
        (words.unwrap_or_else(|| message.id.to_string()), arguments)
    }

    fn value<'a>(&self, id: LocaleId, value: &Value, depth: usize) -> FluentValue<'a> {
        if depth > DEPTH_MAX {
            return FluentValue::from("…");
        }
        match value {
            Value::Text(text) => FluentValue::from(shortened(text.clone(), ARGUMENT_BYTES_MAX)),
            Value::Number(number) => FluentValue::from(*number),
            Value::Line { words, who } => {
                let who = who.as_ref().map(|who| self.value(id, who, depth + 1));
                FluentValue::from(shortened(self.line(id, words, who), ARGUMENT_BYTES_MAX))
            }
            Value::Thing { id: name, plain, count } => self.name(id, name, plain, *count).into_value(),
            Value::Part { id: name, part, plain } => {
                let words = self.part(id, name, part).unwrap_or_else(|| plain.clone());
                FluentValue::from(shortened(words, ARGUMENT_BYTES_MAX))
            }
            Value::Message(message) => {
                Name::plain(shortened(self.message(id, message, depth + 1).0, ARGUMENT_BYTES_MAX)).into_value()
            }
            Value::List(parts, join) => {
                let mut words = String::new();
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        words.push_str(&self.between(id, *join));
                    }
                    words.push_str(&plain(&self.value(id, part, depth + 1)));
                    if words.len() > ARGUMENT_BYTES_MAX {
                        break;
                    }
                }
                Name::plain(shortened(words, ARGUMENT_BYTES_MAX)).into_value()
            }
        }
    }

    fn between(&self, id: LocaleId, join: Join) -> String {
        match join {
            Join::Comma => ", ".to_owned(),
            Join::Lines => "\n".to_owned(),
            Join::Space => " ".to_owned(),
            Join::Or => format!(" {} ", self.message(id, &Message::new("join-or"), 0).0),
        }
    }

    /// What a designer has written: a message of that id, or the words themselves.
    fn line(&self, id: LocaleId, line: &str, who: Option<FluentValue<'_>>) -> String {
        let mut values = FluentArgs::with_capacity(1);
        if let Some(who) = who {
            values.set("who", who);
        }
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        let is_id = line.starts_with(OF_DESIGNERS) && line.bytes().all(is_part);
        let locale = self.locale(id);
        let own = if is_id { format(locale, line, None, &values) } else { None };
        own.unwrap_or_else(|| {
            if id != LocaleId::default() {
                locale.missing.fetch_add(1, Relaxed);
            }
            let base = if is_id { format(&self.all[0], line, None, &values) } else { None };
            base.unwrap_or_else(|| line.to_owned())
        })
    }

    fn part(&self, id: LocaleId, name: &str, part: &str) -> Option<String> {
        let (locale, nothing) = (self.locale(id), FluentArgs::new());
        let own = format(locale, name, Some(part), &nothing);
        if own.is_none() && id != LocaleId::default() {
            locale.missing.fetch_add(1, Relaxed);
        }
        own.or_else(|| format(&self.all[0], name, Some(part), &nothing))
    }

    fn name(&self, id: LocaleId, name: &str, plain: &str, count: u32) -> Name {
        let locale = self.locale(id);
        let mut values = FluentArgs::with_capacity(1);
        values.set("count", FluentValue::from(count));
        let Some(words) = format(locale, name, None, &values) else {
            // What a content calls its things stands in its definitions, for the first locale.
            if id != LocaleId::default() {
                locale.missing.fetch_add(1, Relaxed);
                if let Some(words) = format(&self.all[0], name, None, &values) {
                    return Name::plain(words);
                }
            }
            return Name::plain(plain.to_owned());
        };
        let attributes = locale.shapes.get(name).map(|shape| shape.attributes.as_slice()).unwrap_or_default();
        let forms =
            attributes.iter().filter_map(|form| Some((form.clone(), format(locale, name, Some(form), &values)?)));
        Name { plain: words, forms: forms.collect() }
    }
}

/// A message of a locale, or an attribute of one; `None` where it has none.
fn format(locale: &Locale, id: &str, attribute: Option<&str>, values: &FluentArgs<'_>) -> Option<String> {
    let message = locale.bundle.get_message(id)?;
    let pattern: &Pattern<&str> = match attribute {
        Some(attribute) => message.get_attribute(attribute)?.value(),
        None => message.value()?,
    };
    // An argument that is not there shows as its name: better than nothing, and files are checked for it.
    let mut errors = Vec::new();
    Some(locale.bundle.format_pattern(pattern, Some(values), &mut errors).into_owned())
}

fn plain(value: &FluentValue<'_>) -> String {
    match value {
        FluentValue::String(text) => text.to_string(),
        FluentValue::Number(number) => number.as_string().into_owned(),
        FluentValue::Custom(_) => Name::of(value).map_or_else(String::new, |name| name.plain.clone()),
        FluentValue::None | FluentValue::Error => String::new(),
    }
}

fn shortened(mut words: String, bytes_max: usize) -> String {
    if words.len() > bytes_max {
        words.truncate(words.floor_char_boundary(bytes_max.saturating_sub('…'.len_utf8())));
        words.push('…');
    }
    words
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::LocaleFile;

    const EN: &str = "\
attacks = { CAP($who) } attacks { $whom }!
carries = You carry: { $items }.
join-or = or
line-cold = It is cold.
line-nods = { CAP($who) } nods.
";
    const DE: &str = "\
attacks = { CAP($who) } greift { FORM($whom, \"accusative\") } an!
carries = Du trägst { $items }.
npc-wolf = der Wolf
    .accusative = den Wolf
item-arrow = { $count ->
    [one] ein Pfeil
   *[other] { $count } Pfeile
}
line-cold = Es ist kalt.
line-nods = { CAP($who) } nickt.
";

    fn locales() -> Locales {
        Locales::new([LocaleFile::new("en", "en.ftl", EN), LocaleFile::new("de", "de.ftl", DE)]).expect("both are good")
    }

    fn both(message: &Message) -> [String; 2] {
        let locales = locales();
        ["en", "de"].map(|tag| locales.words(locales.find(tag), message))
    }

    #[test]
    fn names_take_the_form_that_a_sentence_needs() {
        let wolf = || Value::thing("npc-wolf", "the wolf", 1);
        let message = Message::new("attacks").with("who", wolf()).with("whom", wolf());
        assert_eq!(both(&message), ["The wolf attacks the wolf!", "Der Wolf greift den Wolf an!"]);
        let message = Message::new("attacks").with("who", "ada").with("whom", "öykü");
        assert_eq!(
            both(&message),
            ["ada attacks öykü!", "ada greift öykü an!"],
            "players are called as they are called"
        );
    }

    #[test]
    fn things_are_counted_as_a_language_counts() {
        let arrows = |count, plain| Value::thing("item-arrow", plain, count);
        let items = Value::list([arrows(1, "an arrow"), arrows(12, "12 arrows")]);
        let message = Message::new("carries").with("items", items);
        assert_eq!(both(&message), ["You carry: an arrow, 12 arrows.", "Du trägst ein Pfeil, 12 Pfeile."]);
    }

    #[test]
    fn what_is_missing_falls_back_and_is_counted() {
        let locales = locales();
        let de = locales.find("de");
        let counted = || locales.missing().map(|(_, count)| count).collect::<Vec<_>>();
        assert_eq!(locales.words(de, &Message::new("no-such")), "no-such", "an id says more than nothing");
        assert_eq!(counted(), [0, 1]);
        assert_eq!(locales.value_words(de, &Value::thing("item-sword", "a sword", 1)), "a sword");
        assert_eq!(locales.value_words(de, &Value::line("Nobody has translated this.")), "Nobody has translated this.");
        assert_eq!(counted(), [0, 3]);
        let en = locales.find("en");
        assert_eq!(locales.value_words(en, &Value::thing("item-sword", "a sword", 1)), "a sword");
        assert_eq!(locales.value_words(en, &Value::line("As a designer wrote it.")), "As a designer wrote it.");
        assert_eq!(counted(), [0, 3], "definitions say it in the first locale");
    }

    #[test]
    fn lines_of_designers_are_messages_or_words() {
        let locales = locales();
        let line = |tag: &str, words: &str| locales.value_words(locales.find(tag), &Value::line(words));
        assert_eq!([line("en", "line-cold"), line("de", "line-cold")], ["It is cold.", "Es ist kalt."]);
        let about = |tag: &str, who| locales.value_words(locales.find(tag), &Value::line_about("line-nods", who));
        assert_eq!(about("de", Value::thing("npc-wolf", "the wolf", 1)), "Der Wolf nickt.");
        assert_eq!(about("en", "Ada".into()), "Ada nods.");
        assert_eq!(line("en", "attacks"), "attacks", "messages of others are not theirs");
        assert_eq!(line("de", "It is { $cold }."), "It is { $cold }.", "words are not read as a message");
    }

    #[test]
    fn what_players_write_is_never_read() {
        let message = Message::new("attacks").with("who", "{ CAP($whom) }").with("whom", "line-cold");
        assert_eq!(both(&message)[0], "{ CAP($whom) } attacks line-cold!");
    }

    #[test]
    fn nothing_is_longer_than_may_be_told() {
        let long = Value::list((0..5_000).map(|number| Value::from(format!("🜏{number}"))));
        let message = Message::new("carries").with("items", long);
        let Rendered { words, arguments } = locales().render(LocaleId::default(), &message);
        assert!(words.len() <= WORDS_BYTES_MAX && words.ends_with("…."), "one sees that it was cut");
        assert!(arguments.iter().all(|(_, value)| value.len() <= ARGUMENT_BYTES_MAX));
        let mut deep = Message::new("carries").with("items", "x");
        for _ in 0..500 {
            deep = Message::new("carries").with("items", deep);
        }
        assert!(locales().words(LocaleId::default(), &deep).contains('…'), "nor deeper");
    }

    proptest! {
        #[test]
        fn any_words_can_stand_in_any_place(who in "\\PC{0,80}", whom in "\\PC{0,80}", count in any::<u32>()) {
            let whom = Value::list([Value::from(whom), Value::thing("item-arrow", who.clone(), count)]);
            let message = Message::new("attacks").with("who", Value::line(who.as_str())).with("whom", whom);
            let [en, de] = both(&message);
            prop_assert!(en.contains(" attacks ") && de.contains(" greift "));
        }
    }
}
