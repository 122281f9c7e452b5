//! Games that people enter one by one, on a server with its database: played to the end by people of whom one leaves, through a death of the
//! server at every point at which coins and creatures change hands; asked for by people who want what is not theirs; and opened by a schedule.

mod hostile;
mod killed;
mod scene;
mod schedules;
