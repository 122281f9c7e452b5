//! What is kept: experience, levels, stash, wallet, rating and the settlement of a match.
