//! What players of a zone live through, step by step.

mod company;
mod day;
mod fighting;
mod ground;
mod guide;
mod hazards;
mod keepers;
mod lasting;
mod random;
mod scripts;
mod shipped;
mod talking;
mod things;
mod triggers;
mod walking;
mod yard;
