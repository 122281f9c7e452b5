//! What a party may be called.

use std::fmt;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::ErrorCode;
use hypogeum_protocol::limits::PARTY_LABEL_BYTES_MAX;
use hypogeum_protocol::text::is_readable;

type Check = dyn Fn(&str) -> Result<String, ErrorCode> + Send + Sync;

/// Says how a label is shown, or why it is not. By default it has to be readable; the chat puts one here that knows which words may not be
/// said.
#[derive(Resource)]
pub struct LabelCheck(Box<Check>);

impl LabelCheck {
    /// A check of the host's own. It is not asked about an empty label, which says nothing.
    pub fn new(check: impl Fn(&str) -> Result<String, ErrorCode> + Send + Sync + 'static) -> Self {
        Self(Box::new(check))
    }

    /// A label as it is shown.
    ///
    /// # Errors
    /// [`ErrorCode::OutOfRange`]: it is too long, or cannot be read. [`ErrorCode::WordsRefused`]: it may not be said.
    pub fn checked(&self, label: &str) -> Result<String, ErrorCode> {
        let label = label.trim();
        if label.is_empty() {
            return Ok(String::new());
        }
        let label = (self.0)(label)?;
        if label.len() > PARTY_LABEL_BYTES_MAX { Err(ErrorCode::OutOfRange) } else { Ok(label) }
    }
}

impl Default for LabelCheck {
    fn default() -> Self {
        Self::new(|label| if is_readable(label) { Ok(label.to_owned()) } else { Err(ErrorCode::OutOfRange) })
    }
}

impl fmt::Debug for LabelCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LabelCheck")
    }
}
