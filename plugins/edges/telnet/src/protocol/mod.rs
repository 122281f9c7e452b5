//! Telnet itself, without a socket: what comes is taken apart, options are agreed on, and words become bytes of the client's kind.
//!
//! Written here, for none of the libraries bounds what it keeps: `libmudtelnet` 2.0 and `libtelnet-rs` 2.0 keep a subnegotiation that
//! never ends for ever, and answer each request for an option without regard to what was agreed on (they are made for clients);
//! `nectar` 0.4 is a codec of tokio with the same gap; `telnet-codec` 0.1 has not changed since 2019 and is LGPL.
//!
//! | idea | file |
//! |---|---|
//! | bytes become data, commands, options | `parser.rs` |
//! | options are agreed on, without loops | `options.rs` |
//! | data becomes lines | `line.rs` |
//! | all of it together, and what the client can show | `terminal.rs` |
//! | characters, and what stands for those that a client has not | `charset.rs` |
//! | words on a screen | `page.rs` |
//! | data beside the words | `gmcp.rs`, `mssp.rs` |

pub(crate) mod charset;
pub(crate) mod codes;
pub(crate) mod gmcp;
pub(crate) mod line;
pub(crate) mod mssp;
pub(crate) mod options;
pub(crate) mod page;
pub(crate) mod parser;
pub(crate) mod terminal;
