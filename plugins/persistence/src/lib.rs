//! The SQL edge: accounts, stash, escrow, wallets and settlements, kept by a thread of its own.
