//! How items and containers look.

use hypogeum_protocol::RecordKind;
use hypogeum_space::{Appearance, Visible};

use crate::{Container, Item, Place};

/// Items that lie on the ground.
#[derive(Debug)]
pub struct LyingView;

impl Visible for LyingView {
    const KIND: RecordKind = RecordKind::Item;
    type Data = (&'static Item, &'static Place);
    type Filter = ();

    #[inline]
    fn appearance((item, place): (&Item, &Place)) -> Option<Appearance> {
        // It looks nowhere: the byte says which version it is, so that an act can name the one it has seen.
        let seen = || Appearance { template: item.def.index(), heading: item.version as u8, ..Appearance::default() };
        (*place == Place::Ground).then(seen)
    }
}

/// Containers with something in them.
#[derive(Debug)]
pub struct ContainerView;

impl Visible for ContainerView {
    const KIND: RecordKind = RecordKind::Container;
    type Data = &'static Container;
    type Filter = ();

    #[inline]
    fn appearance(container: &Container) -> Option<Appearance> {
        (container.count > 0).then(Appearance::default)
    }
}
