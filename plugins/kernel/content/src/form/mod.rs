//! From a text to a definition, or to everything that is wrong with its form: reading goes on behind a slip as if it had
//! been mended.

mod edits;
mod slip;
mod tokens;

use ron::Error as Code;
use ron::Options;
use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

use crate::ContentError;
use crate::limits::{NESTING_MAX, SLIPS_MAX};
use edits::Edits;
use slip::{Slip, byte_of, number_start};
use tokens::{Kind, Tokens};

/// What a field can hold at most, and at least: stands for a number that does not fit, so that the field's own range can
/// be told.
const BEYOND: [&str; 3] = ["4294967295", "2147483647", "-2147483648"];

/// A definition, and numbers in it that were too large or too small to be read: their fields hold [`BEYOND`].
pub(crate) type Read<T> = (T, Vec<ContentError>);

/// Reads a definition.
///
/// # Errors
/// Every slip that can be told from what follows it, in order.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<Read<T>, Vec<ContentError>> {
    let options =
        Options::default().with_default_extension(Extensions::IMPLICIT_SOME).with_recursion_limit(NESTING_MAX);
    let mut reading = Reading { file, tokens: Tokens::of(text), edits: Edits::default(), slips: Vec::new() };
    let (mut unfit, mut left_out) = (Vec::new(), Vec::new());
    while reading.slips.len() < SLIPS_MAX {
        let changed = reading.edits.apply(text);
        let error = match options.from_str::<T>(&changed) {
            Ok(definition) if reading.slips.is_empty() => return Ok((definition, unfit)),
            Ok(_) => break,
            Err(error) => error,
        };
        if let Code::MissingStructField { field, .. } = &error.code
            && left_out.iter().any(|name| name == field)
        {
            // It was there, with a slip in it.
            break;
        }
        let at = reading.edits.as_written(byte_of(&changed, error.span.start.line, error.span.start.col));
        let goes_on = match &error.code {
            Code::IntegerOutOfBounds => reading.fit(at, &mut unfit),
            code => reading.mend(at, code, &mut left_out),
        };
        if !goes_on {
            break;
        }
    }
    let mut slips = reading.slips;
    slips.extend(unfit);
    slips.sort();
    slips.dedup();
    Err(slips)
}

struct Reading<'t> {
    file: &'t str,
    tokens: Tokens<'t>,
    edits: Edits,
    slips: Vec<ContentError>,
}

impl Reading<'_> {
    /// Puts the next number beyond every range in the place of one that does not fit its field.
    fn fit(&mut self, at: usize, unfit: &mut Vec<ContentError>) -> bool {
        let text = self.tokens.text;
        let start = number_start(text, at);
        let Some(number) = self.tokens.get(self.tokens.index_at(start)) else { return false };
        let tried = self.edits.at(number.start).map(str::to_owned);
        let is_negative = self.tokens.text(number).starts_with('-');
        let next = match tried.as_deref() {
            None => BEYOND[0],
            Some(tried) if tried == BEYOND[0] && is_negative => BEYOND[2],
            Some(tried) if tried == BEYOND[0] => BEYOND[1],
            Some(_) => return false,
        };
        if tried.is_none() {
            unfit.push(Slip::unfit(&self.tokens, number).at(self.file, text));
        }
        self.edits.put(number.start..number.end, next)
    }

    /// Notes a slip, and changes the text so that it reads on behind it. `false` where nobody can tell how.
    fn mend(&mut self, at: usize, code: &Code, left_out: &mut Vec<String>) -> bool {
        let slip = Slip::of(&self.tokens, at, code);
        let (start, instead, goes_on) = (slip.start, slip.instead.clone(), slip.goes_on);
        self.slips.push(slip.at(self.file, self.tokens.text));
        if let Code::NoSuchStructField { expected, .. } = code {
            // One of them may be meant: that it is missing says nothing new.
            left_out.extend(expected.iter().map(|name| (*name).to_owned()));
        }
        if !goes_on {
            return false;
        }
        match instead {
            Some((part, text)) if self.edits.put(part.clone(), text.as_str()) => true,
            _ => self.leave_out(start, left_out),
        }
    }

    /// Leaves out the field, or the element of a list, that holds a byte.
    fn leave_out(&mut self, byte: usize, left_out: &mut Vec<String>) -> bool {
        let mut index = self.tokens.index_at(byte);
        let mut open = self.tokens.open_before(index);
        while let Some(bracket) = open.pop() {
            let Some((part, name)) = self.tokens.part(bracket, index) else { return false };
            let is_list = self
                .tokens
                .get(bracket)
                .is_some_and(|bracket| bracket.kind == Kind::Open && self.tokens.text(bracket) == "[");
            left_out.extend(name.map(str::to_owned));
            if (name.is_some() || is_list) && self.edits.put(part, "") {
                return true;
            }
            index = bracket;
        }
        false
    }
}
