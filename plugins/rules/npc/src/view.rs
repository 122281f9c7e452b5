//! How NPCs look.

use bevy_ecs::prelude::Has;
use hypogeum_combat::{Dead, Health};
use hypogeum_protocol::RecordKind;
use hypogeum_space::{Appearance, Heading, Visible};

use crate::Npc;

/// NPCs that live.
#[derive(Debug)]
pub struct NpcView;

impl Visible for NpcView {
    const KIND: RecordKind = RecordKind::Npc;
    type Data = (&'static Npc, &'static Heading, &'static Health, Has<Dead>);
    type Filter = ();

    #[inline]
    fn appearance((npc, heading, health, dead): (&Npc, &Heading, &Health, bool)) -> Option<Appearance> {
        (!dead).then(|| Appearance { template: npc.def.index(), heading: heading.coarse(), hp_band: health.band() })
    }
}
