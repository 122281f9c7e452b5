//! What clients may be shown of a world.
//!
//! A plugin whose things can be seen registers how they look with [`ViewApp`]; anyone who encodes what viewers see asks
//! the world through [`ViewQueries`] after each step, and needs to know none of their components.

use bevy_app::App;
use bevy_ecs::prelude::{QueryState, Resource, World};
use bevy_ecs::query::{QueryData, QueryFilter, ReadOnlyQueryData};
use hypogeum_geometry::Position;
use hypogeum_protocol::{NetId, OwnState, RecordKind, ServerMessage};
use hypogeum_shard::{NetIdOf, Rules};

/// What of a thing is shown besides its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appearance {
    /// Index of its definition in the content; 0 where it has none.
    pub template: u16,
    /// Where it looks, in 1/256 turns; of an item, the low 8 bits of its version.
    pub heading: u8,
    /// Its health in fifteenths; 0 where it has none.
    pub hp_band: u8,
}

/// One thing as it is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its name in the shard, by which clients know it from tick to tick.
    pub id: NetId,
    /// What clients draw it as.
    pub kind: RecordKind,
    /// Exactly where it is.
    pub at: Position,
    /// How it looks.
    pub appearance: Appearance,
}

/// A kind of thing that stands at a `Position` and can be seen from as far as sight reaches.
pub trait Visible: Send + Sync + 'static {
    /// What clients draw it as.
    const KIND: RecordKind;
    /// What is read of each, besides its name and its `Position`.
    type Data: ReadOnlyQueryData + 'static;
    /// Which entities are meant.
    type Filter: QueryFilter + 'static;
    /// How it looks now; `None` where it is not to be seen.
    fn appearance(data: <Self::Data as QueryData>::Item<'_, '_>) -> Option<Appearance>;
}

/// An area as it is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AreaShown {
    /// What clients draw it as.
    pub kind: RecordKind,
    /// Index of its definition in the content.
    pub template: u16,
    /// How far it reaches from its middle, in subunits.
    pub radius: i32,
    /// It concerns everyone, wherever they are; others are seen from where sight reaches their edge.
    pub is_everywhere: bool,
}

/// A kind of area around a `Position` that can be seen from afar. There are few of them.
pub trait VisibleArea: Send + Sync + 'static {
    /// What is read of each, besides its name and its `Position`.
    type Data: ReadOnlyQueryData + 'static;
    /// How far it reaches now, and what it is.
    fn area(rules: &Rules, data: <Self::Data as QueryData>::Item<'_, '_>) -> AreaShown;
}

/// An avatar as its own client is shown it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnView {
    /// Its state; `None` once it is dead: then it has no eyes either.
    pub state: Option<OwnState>,
    /// The newest input that reached it.
    pub input_seq: u32,
    /// Changes with what [`ViewApp::show_sheet`] tells.
    pub sheet_version: u32,
}

/// What participants steer.
pub trait Avatar: Send + Sync + 'static {
    /// What is read of each, besides its name and its `Position`.
    type Data: ReadOnlyQueryData + 'static;
    /// Which entities are avatars.
    type Filter: QueryFilter + 'static;
    /// What its own client is shown after step `tick`.
    fn own(tick: u32, at: Position, data: <Self::Data as QueryData>::Item<'_, '_>) -> OwnView;
}

/// What everyone in a shard is told, whatever they see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// Two numbers for everyone, of a meaning that the kind of shard gives them.
    pub counts: [u16; 2],
    /// Told reliably to everyone, and again whenever it is another.
    pub notice: Option<ServerMessage>,
}

type Prepare<T> = fn(&mut World) -> Box<T>;

/// What was registered. A world without it has nothing to see: its clients are told events alone.
#[derive(Resource, Clone, Default)]
struct Registered {
    things: Vec<Prepare<dyn ShowThings>>,
    areas: Vec<Prepare<dyn ShowAreas>>,
    avatars: Option<Prepare<dyn ShowAvatars>>,
    sheet: Option<fn(&World, NetId) -> ServerMessage>,
    head: Option<fn(&World) -> Head>,
}

/// Registers what can be seen of a shard.
pub trait ViewApp {
    /// Adds a kind of thing.
    fn show_things<V: Visible>(&mut self) -> &mut Self;
    /// Adds a kind of area.
    fn show_areas<V: VisibleArea>(&mut self) -> &mut Self;
    /// Says which entities are avatars; the last one called holds.
    fn show_avatars<V: Avatar>(&mut self) -> &mut Self;
    /// Says what an avatar's client is told of it reliably whenever [`OwnView::sheet_version`] changes.
    fn show_sheet(&mut self, sheet: fn(&World, NetId) -> ServerMessage) -> &mut Self;
    /// Says what everyone is told.
    fn show_head(&mut self, head: fn(&World) -> Head) -> &mut Self;
}

fn registered(app: &mut App) -> &mut Registered {
    app.init_resource::<Registered>();
    app.world_mut().resource_mut::<Registered>().into_inner()
}

impl ViewApp for App {
    fn show_things<V: Visible>(&mut self) -> &mut Self {
        registered(self)
            .things
            .push(|world| Box::new(Things::<V> { query: world.query_filtered(), few: Vec::with_capacity(FEW) }));
        self
    }

    fn show_areas<V: VisibleArea>(&mut self) -> &mut Self {
        registered(self).areas.push(|world| Box::new(Areas::<V>(world.query())));
        self
    }

    fn show_avatars<V: Avatar>(&mut self) -> &mut Self {
        registered(self).avatars = Some(|world| Box::new(Avatars::<V>(world.query_filtered())));
        self
    }

    fn show_sheet(&mut self, sheet: fn(&World, NetId) -> ServerMessage) -> &mut Self {
        registered(self).sheet = Some(sheet);
        self
    }

    fn show_head(&mut self, head: fn(&World) -> Head) -> &mut Self {
        registered(self).head = Some(head);
        self
    }
}

/// Things shown at once: their kind is known only while a world runs, and asking it for each would cost more than the answer.
const FEW: usize = 64;

trait ShowThings: Send + Sync {
    fn each_few(&mut self, world: &World, show: &mut dyn FnMut(&[Shown]));
}

struct Things<V: Visible> {
    query: QueryState<(&'static NetIdOf, &'static Position, V::Data), V::Filter>,
    few: Vec<Shown>,
}

impl<V: Visible> ShowThings for Things<V> {
    fn each_few(&mut self, world: &World, show: &mut dyn FnMut(&[Shown])) {
        for (named, at, data) in self.query.iter(world) {
            if let Some(appearance) = V::appearance(data) {
                self.few.push(Shown { id: named.0, kind: V::KIND, at: *at, appearance });
                if self.few.len() == FEW {
                    show(&self.few);
                    self.few.clear();
                }
            }
        }
        show(&self.few);
        self.few.clear();
    }
}

trait ShowAreas: Send + Sync {
    fn each(&mut self, world: &World, show: &mut dyn FnMut(NetId, Position, AreaShown));
}

struct Areas<V: VisibleArea>(QueryState<(&'static NetIdOf, &'static Position, V::Data)>);

impl<V: VisibleArea> ShowAreas for Areas<V> {
    fn each(&mut self, world: &World, show: &mut dyn FnMut(NetId, Position, AreaShown)) {
        let rules = world.resource::<Rules>();
        for (named, at, data) in self.0.iter(world) {
            show(named.0, *at, V::area(rules, data));
        }
    }
}

trait ShowAvatars: Send + Sync {
    fn each(&mut self, world: &World, tick: u32, show: &mut dyn FnMut(NetId, Position, OwnView));
}

struct Avatars<V: Avatar>(QueryState<(&'static NetIdOf, &'static Position, V::Data), V::Filter>);

impl<V: Avatar> ShowAvatars for Avatars<V> {
    fn each(&mut self, world: &World, tick: u32, show: &mut dyn FnMut(NetId, Position, OwnView)) {
        for (named, at, data) in self.0.iter(world) {
            show(named.0, *at, V::own(tick, *at, data));
        }
    }
}

/// How one world is asked what there is to see. Keep it: queries are prepared once.
pub struct ViewQueries {
    things: Vec<Box<dyn ShowThings>>,
    areas: Vec<Box<dyn ShowAreas>>,
    avatars: Option<Box<dyn ShowAvatars>>,
    sheet: Option<fn(&World, NetId) -> ServerMessage>,
    head: Option<fn(&World) -> Head>,
}

impl ViewQueries {
    /// Prepares them for a world, by what its plugins registered.
    #[must_use]
    pub fn new(world: &mut World) -> Self {
        let registered = world.get_resource::<Registered>().cloned().unwrap_or_default();
        Self {
            things: registered.things.iter().map(|prepare| prepare(world)).collect(),
            areas: registered.areas.iter().map(|prepare| prepare(world)).collect(),
            avatars: registered.avatars.map(|prepare| prepare(world)),
            sheet: registered.sheet,
            head: registered.head,
        }
    }

    /// Each thing that can be seen, kind by kind in the order they were registered.
    pub fn things(&mut self, world: &World, mut show: impl FnMut(Shown)) {
        let mut show = |few: &[Shown]| few.iter().copied().for_each(&mut show);
        self.things.iter_mut().for_each(|things| things.each_few(world, &mut show));
    }

    /// Each area, in no order.
    pub fn areas(&mut self, world: &World, mut show: impl FnMut(NetId, Position, AreaShown)) {
        self.areas.iter_mut().for_each(|areas| areas.each(world, &mut show));
    }

    /// Each avatar, in no order, after step `tick`.
    pub fn avatars(&mut self, world: &World, tick: u32, mut show: impl FnMut(NetId, Position, OwnView)) {
        if let Some(avatars) = &mut self.avatars {
            avatars.each(world, tick, &mut show);
        }
    }

    /// What an avatar's client is told of it reliably, as of now.
    #[must_use]
    pub fn sheet(&self, world: &World, avatar: NetId) -> Option<ServerMessage> {
        self.sheet.map(|sheet| sheet(world, avatar))
    }

    /// What everyone is told.
    #[must_use]
    pub fn head(&self, world: &World) -> Head {
        self.head.map(|head| head(world)).unwrap_or_default()
    }
}
