//! What a client sees: interest by grid, records and events for each viewer.
