//! The match: map from a seed, phases, hazards, extraction and settlement.
