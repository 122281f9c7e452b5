//! One deterministic world: stepping, dice, names, registered state, hash, snapshot and restore.
