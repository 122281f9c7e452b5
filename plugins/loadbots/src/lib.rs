//! Bots that play: behaviours in RON, in-process or over real sockets.
