//! The ground of places goes out in chunks: a client is told which lie near its avatar, and is sent those it asks for.
//!
//! Nobody is sent what is not near, or anything twice on one connection, and everything at a bounded rate. Doors are told as they
//! change, to those who know that they are there.

mod place_ground;
mod seat_ground;
mod show;

pub(crate) use place_ground::PlaceGround;
pub(crate) use seat_ground::SeatGround;
pub(crate) use show::{show_ground, take_asks};
