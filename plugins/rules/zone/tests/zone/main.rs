//! What players of a zone live through, step by step.

mod fighting;
mod lasting;
mod random;
mod shipped;
mod talking;
mod triggers;
mod walking;
mod yard;
