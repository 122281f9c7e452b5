//! What every stage of the tick has at hand.

use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_content::Content;
use hypogeum_matchmaking::Matchmaker;
use hypogeum_protocol::link::EdgeLink;

/// The queues to the edges.
#[derive(Resource, Clone, Debug)]
pub(crate) struct Edge(pub(crate) EdgeLink);

/// The content matches are made of.
#[derive(Resource, Clone, Debug)]
pub(crate) struct Library(pub(crate) Arc<Content>);

/// Everyone who waits for a match.
#[derive(Resource, Debug)]
pub(crate) struct Queues(pub(crate) Matchmaker);

/// Ticks of the host since it started.
#[derive(Resource, Clone, Copy, Debug, Default)]
pub(crate) struct HostTick(pub(crate) u64);
