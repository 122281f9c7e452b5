//! Whole matches of the shipped content: recorded, and had again from their logs.

mod again;
mod doctored;
mod other_content;
mod recording;
mod refused;
mod resumed;
mod visits;
