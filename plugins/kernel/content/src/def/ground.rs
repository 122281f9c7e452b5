//! What becomes of what lies on the ground, in a mode or a zone.

use serde::{Deserialize, Serialize};

/// How long things lie, and how many. Furniture and what is in it stays; what was dropped, and what the dead leave, goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct GroundDef {
    /// From coming to the ground to being gone, 1,000–3,600,000.
    pub lifetime_ms: u32,
    /// Most things that lie there at once, 1–4,096, a container of the dead counted as one; of more, those go first that would
    /// lie the shortest.
    pub things_max: u32,
}
