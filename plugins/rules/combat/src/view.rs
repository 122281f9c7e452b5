//! How shots and hazards look.

use hypogeum_content::def::HazardShape;
use hypogeum_protocol::RecordKind;
use hypogeum_shard::Rules;
use hypogeum_space::{Appearance, AreaShown, Heading, Visible, VisibleArea};

use crate::{Hazard, Projectile};

/// Shots in flight.
#[derive(Debug)]
pub struct ShotView;

impl Visible for ShotView {
    const KIND: RecordKind = RecordKind::Projectile;
    type Data = (&'static Projectile, &'static Heading);
    type Filter = ();

    #[inline]
    fn appearance((shot, heading): (&Projectile, &Heading)) -> Option<Appearance> {
        Some(Appearance { template: shot.ability.index(), heading: heading.coarse(), hp_band: 0 })
    }
}

/// Hazards: a storm concerns everyone, for it hurts outside its circle.
#[derive(Debug)]
pub struct HazardView;

impl VisibleArea for HazardView {
    type Data = &'static Hazard;

    fn area(rules: &Rules, hazard: &Hazard) -> AreaShown {
        let shape = rules.content.hazards.find(hazard.def).map(|def| def.shape);
        let is_everywhere = matches!(shape, Some(HazardShape::Storm { .. }));
        let kind = if is_everywhere { RecordKind::Storm } else { RecordKind::Hazard };
        AreaShown { kind, template: hazard.def.index(), radius: hazard.radius, is_everywhere }
    }
}
