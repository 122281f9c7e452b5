//! The way of sessions through a host without sockets, from hello to settlement and every wrong turn.

mod done_seats;
mod ends;
mod entering;
mod fake_store;
mod loadout;
mod names;
mod newcomers;
mod parties;
mod queries;
mod rates;
mod rebuilt;
mod refusals;
mod resuming;
mod test_host;
mod unanswered;
mod watching;
mod whole_way;
