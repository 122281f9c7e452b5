//! What scripts can do, and what they cannot.

mod bounds;
mod checks;
mod facts;
mod language;
mod random;
