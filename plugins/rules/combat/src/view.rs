//! How shots look.

use hypogeum_protocol::RecordKind;
use hypogeum_space::{Appearance, Heading, Visible};

use crate::Projectile;

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
