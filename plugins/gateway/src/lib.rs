//! The HTTP edge: accounts, login and connect tokens.
