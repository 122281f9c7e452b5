//! What things are called, in each language.

use std::collections::BTreeMap;

use hypogeum_content::texts::ContentText;
use hypogeum_content::{Content, texts};
use hypogeum_locale::{Locales, Value};

use crate::blob::ContentBlob;

pub(crate) fn blobs(content: &Content, locales: &Locales) -> Result<Vec<ContentBlob>, serde_json::Error> {
    let told: Vec<ContentText> = content.texts().into_iter().filter(|text| is_told(content, &text.id)).collect();
    let blob = |tag: String| {
        let locale = locales.find(&tag);
        let words = |text: &ContentText| match text.part {
            None => (text.id.clone(), locales.value_words(locale, &Value::thing(&text.id, &text.words, 1))),
            Some(part) => {
                let words = locales.value_words(locale, &Value::part(&text.id, part, &text.words));
                (format!("{}.{part}", text.id), words)
            }
        };
        let names: BTreeMap<String, String> = told.iter().map(words).collect();
        ContentBlob::new(format!("names/{tag}"), &names)
    };
    locales.tags().map(blob).collect()
}

/// Whether everyone may know it. What is in a zone is for those to find who go there.
fn is_told(content: &Content, id: &str) -> bool {
    !id.starts_with("zone-") || content.zones.iter().any(|(_, key, _)| texts::zone(key) == id)
}
