//! What goes wrong under a server while a match runs, done to the real binary: the disk fails or is full, the clock jumps,
//! the database goes away or stands still. Each time: play goes on, nothing is sent that would not last, `/readyz` says
//! what is the matter, and in the end everything adds up.
//!
//! Needs root for a disk of its own, Debian's `strace` and `libfaketime`, and PostgreSQL; what is missing is a failure
//! that says so.

mod clock;
mod database_away;
mod database_slow;
mod failing_disk;
mod files;
mod full_disk;
mod people;
