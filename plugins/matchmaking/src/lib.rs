//! Who plays together: tickets, a widening skill window, lobbies and filled seats.
