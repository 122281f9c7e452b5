//! What is sound and probably not meant: definitions nobody uses, numbers far from any use. Looked for where nothing is
//! wrong.

mod fighters;
mod modes;
mod unused;
mod zones;

use crate::Content;
use crate::content::Sources;
use crate::error::Errors;
use crate::locate::Spot;
use crate::review::{Definition, Keys, Review};

/// Warns of everything that looks wrong.
pub(crate) fn look(content: &Content, sources: &Sources, errors: &mut Errors) {
    let keys = Keys::new();
    let mut review = Review { keys: &keys, errors };
    unused::look(content, sources, &mut review);
    fighters::look(content, sources, &mut review);
    modes::look(content, sources, &mut review);
    zones::look(content, sources, &mut review);
}

/// Where a definition stands.
fn root<'s, T: Definition>(sources: &'s Sources, key: &str) -> Option<Spot<'s>> {
    Some(sources.get(&(T::FOLDER, key.to_owned()))?.root())
}
