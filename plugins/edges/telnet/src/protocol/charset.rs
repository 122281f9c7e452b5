//! Characters: UTF-8 where the client has it, else Latin-1, in which something similar stands for what it has not.

/// What a client shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Charset {
    /// All of Unicode.
    Utf8,
    /// ISO 8859-1, assumed of a client that does not say what it has.
    #[default]
    Latin1,
    /// US-ASCII, seven bits a character.
    Ascii,
}

impl Charset {
    /// By the name that registries give it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_uppercase().as_str() {
            "UTF-8" | "UTF8" => Some(Self::Utf8),
            "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "LATIN-1" => Some(Self::Latin1),
            "US-ASCII" | "ASCII" => Some(Self::Ascii),
            _ => None,
        }
    }

    /// Appends a character as this client has it. An IAC is not doubled yet.
    pub(crate) fn encode(self, character: char, out: &mut Vec<u8>) {
        let code = u32::from(character);
        match self {
            Self::Utf8 => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            Self::Latin1 | Self::Ascii if code < 0x80 => out.push(code as u8),
            Self::Latin1 if (0xA0..0x100).contains(&code) => out.push(code as u8),
            Self::Latin1 | Self::Ascii => out.extend_from_slice(similar(character).as_bytes()),
        }
    }
}

/// Bytes as text: UTF-8 where they are, else each is a character of Latin-1. What cannot be shown is left out.
pub(crate) fn decode(bytes: &[u8]) -> String {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    };
    text.chars()
        .map(|character| if character == '\t' { ' ' } else { character })
        .filter(|it| !it.is_control())
        .collect()
}

/// What stands for a character that a client has not.
const fn similar(character: char) -> &'static str {
    match character {
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‘' | '’' | '‚' | '′' | '´' => "'",
        '–' | '—' | '‐' | '‑' | '−' => "-",
        '…' => "...",
        '•' | '·' | '×' => "*",
        '→' => "->",
        '←' => "<-",
        '€' => "EUR",
        'Œ' => "OE",
        'œ' => "oe",
        '\u{a0}' | '\u{2009}' | '\u{202f}' => " ",
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ł' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ø' => "o",
        'ř' => "r",
        'ś' | 'š' => "s",
        'ù' | 'ú' | 'û' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // What joins or turns the letters beside it has no place of its own.
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{fe0f}' | '\u{300}'..='\u{36f}' => "",
        _ => "?",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(charset: Charset, text: &str) -> Vec<u8> {
        let mut out = Vec::new();
        text.chars().for_each(|character| charset.encode(character, &mut out));
        out
    }

    #[test]
    fn each_gets_what_it_can_show() {
        let words = "Grüße – „Łódź“ 猫";
        assert_eq!(encode(Charset::Utf8, words), words.as_bytes());
        assert_eq!(encode(Charset::Latin1, words), b"Gr\xfc\xdfe - \"?\xf3dz\" ?");
        assert_eq!(encode(Charset::Ascii, words), b"Gruesse - \"?odz\" ?");
    }

    #[test]
    fn what_is_no_utf_8_is_latin_1() {
        assert_eq!(decode("Grüße".as_bytes()), "Grüße");
        assert_eq!(decode(b"Gr\xfc\xdfe"), "Grüße");
        assert_eq!(decode(b"a\x1b[31m\tb\x07"), "a[31m b", "what moves the cursor is left out");
    }
}
