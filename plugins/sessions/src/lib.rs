//! Who is here and what they may do: connections, sessions and the way through a match.
