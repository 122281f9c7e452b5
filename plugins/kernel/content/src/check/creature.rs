//! Types of creatures.

use crate::def::CreatureDef;
use crate::limits::{ART_CHARS_MAX, ART_LINES_MAX, DESCRIPTION_BYTES_MAX};
use crate::locate::Spot;
use crate::review::{Definition, Review};

impl Definition for CreatureDef {
    const FOLDER: &'static str = "creatures";

    fn check(&mut self, at: Spot<'_>, review: &mut Review<'_>) {
        review.name(at.field("name"), &self.name);
        review.prose(at.field("description"), &self.description, DESCRIPTION_BYTES_MAX);
        let (spot, bias) = (at.field("bias"), self.bias);
        let stats = [
            ("speed", bias.speed),
            ("health", bias.health),
            ("defence", bias.defence),
            ("strength", bias.strength),
            ("luck", bias.luck),
        ];
        for (name, by) in stats {
            review.range(spot.field(name), by, -100..=100);
        }
        let art = at.field("art");
        review.count(art, self.art.len(), 0..=ART_LINES_MAX);
        for (index, line) in self.art.iter().enumerate() {
            let is_plain = !line.chars().any(char::is_control);
            if line.chars().count() > ART_CHARS_MAX || !is_plain {
                let expected = format!("at most {ART_CHARS_MAX} characters that can be shown");
                review.fault(art.nth(index), "a line of art cannot be shown", format!("{line:?}"), expected);
            }
        }
    }
}
