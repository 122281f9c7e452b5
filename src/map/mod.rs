//! The map of a mode or a zone, drawn without playing it: what stands where, as SVG, for a terminal, or as JSON. The same content and
//! seed give the same bytes.

mod of_mode;
mod of_zone;
mod svg;
mod text;

use serde::Serialize;

pub(crate) use of_mode::of_mode;
pub(crate) use of_zone::of_zone;
pub(crate) use svg::svg;
pub(crate) use text::text;

/// Units in a metre.
pub(crate) const METRE: i32 = 256;

/// What something on a map is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sort {
    Room,
    Obstacle,
    Poi,
    Hazard,
    Exit,
    Gate,
    Door,
    Opening,
    Start,
    Npc,
    Keeper,
    Container,
}

/// Something on a map, in subunits (1/256 m) from its lower left corner.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Mark {
    pub(crate) sort: Sort,
    /// Its middle.
    pub(crate) x: i32,
    pub(crate) y: i32,
    /// How far it reaches to each side along x and along y; of what is round twice the same.
    pub(crate) reach: (i32, i32),
    /// Written beside it; nothing where it is one of many.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) label: String,
}

/// A map.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Drawing {
    pub(crate) title: String,
    /// Side of the square, in subunits.
    pub(crate) side: i32,
    pub(crate) marks: Vec<Mark>,
    /// What is told beside it, a line each.
    pub(crate) notes: Vec<String>,
}

impl Drawing {
    fn add(&mut self, sort: Sort, (x, y): (i32, i32), reach: (i32, i32), label: impl Into<String>) {
        self.marks.push(Mark { sort, x, y, reach, label: label.into() });
    }

    /// The sorts that are on it, each once.
    fn sorts(&self) -> Vec<Sort> {
        let mut sorts: Vec<Sort> = self.marks.iter().map(|mark| mark.sort).collect();
        sorts.sort_unstable();
        sorts.dedup();
        sorts
    }
}

impl Sort {
    /// As the legend has it.
    const fn name(self) -> &'static str {
        match self {
            Self::Room => "room",
            Self::Obstacle => "obstacle",
            Self::Poi => "point of interest",
            Self::Hazard => "hazard",
            Self::Exit => "exit",
            Self::Gate => "gate to another zone",
            Self::Door => "door",
            Self::Opening => "opening",
            Self::Start => "start",
            Self::Npc => "NPC",
            Self::Keeper => "keeper",
            Self::Container => "container",
        }
    }
}
