//! Lines of fields: `|word|field|field`.

/// Writes a field so that it holds neither a bar nor the end of a line.
pub(super) fn escape(field: &str) -> String {
    field.replace('\\', "\\\\").replace('|', "\\p").replace('\n', "\\n").replace('\r', "\\r")
}

/// Reads what [`escape`] has written; `None` where nobody has.
pub(super) fn unescape(field: &str) -> Option<String> {
    let mut chars = field.chars();
    let mut whole = String::with_capacity(field.len());
    while let Some(char) = chars.next() {
        whole.push(match char {
            '\\' => match chars.next()? {
                '\\' => '\\',
                'p' => '|',
                'n' => '\n',
                'r' => '\r',
                _ => return None,
            },
            other => other,
        });
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_is_one_field(text in "\\PC*|[|\\\\\n\r]*") {
            let field = escape(&text);
            prop_assert!(!field.contains(['|', '\n', '\r']), "it would be more than one: {field:?}");
            prop_assert_eq!(unescape(&field), Some(text));
        }
    }
}
