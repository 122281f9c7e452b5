//! `hypogeum why`: why somebody still waits for a match.

use std::process::ExitCode;

use clap::Args;
use hypogeum_client::{Api, Ticket};
use hypogeum_protocol::AccountId;

/// The command line of `why`.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Number of an account, as its log lines name it.
    account: u64,
    /// The server's address of HTTP, on this machine.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:27580")]
    server: String,
    /// Print one JSON object.
    #[arg(long)]
    pub(super) json: bool,
}

impl Why {
    pub(crate) fn run(&self) -> anyhow::Result<ExitCode> {
        let ticket = Api::new(&self.server)?.ticket(AccountId(self.account))?;
        if self.json {
            sayln!("{}", serde_json::to_string(&ticket)?);
        } else {
            sayln!("{}", in_words(&ticket));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// What it tells in a terminal.
fn in_words(ticket: &Ticket) -> String {
    let seconds = |ms: u32| f64::from(ms) / 1_000.0;
    let left = ticket.estimate_ms.map(|ms| format!(", about {:.0} s left", seconds(ms))).unwrap_or_default();
    let mut lines = vec![
        format!(
            "{}: {} people in line; has waited {:.1} s{left}",
            ticket.mode,
            ticket.in_line,
            seconds(ticket.waited_ms)
        ),
        format!(
            "rating window: {} (from {}, growing by {} a second to {})",
            ticket.window, ticket.window_start, ticket.window_per_s, ticket.window_max
        ),
        format!(
            "nearest tickets: {} ({} fit, {} beyond its rating window, {} whose window it is beyond, {} with too many people)",
            ticket.looked_at, ticket.fitting, ticket.beyond_window, ticket.beyond_theirs, ticket.too_many
        ),
    ];
    if let Some(query) = ticket.query {
        let relaxed =
            query.next_relaxed_ms.map(|ms| format!(", one fewer in {:.1} s", seconds(ms))).unwrap_or_default();
        lines.push(format!(
            "ruled out by queries: {}; should clauses that count: {}{relaxed}",
            query.ruled_out, query.shoulds
        ));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use hypogeum_client::TicketQuery;

    use super::*;

    #[test]
    fn a_wait_is_told_in_words() {
        let query = TicketQuery { ruled_out: 5, shoulds: 2, next_relaxed_ms: Some(1_500) };
        let ticket = Ticket {
            account_ids: vec![AccountId(7)],
            mode: "trio".to_owned(),
            waited_ms: 4_200,
            estimate_ms: Some(11_000),
            window: 300,
            window_start: 100,
            window_per_s: 50,
            window_max: 900,
            in_line: 9,
            looked_at: 8,
            fitting: 3,
            beyond_window: 2,
            beyond_theirs: 2,
            too_many: 1,
            query: Some(query),
        };
        let words = "trio: 9 people in line; has waited 4.2 s, about 11 s left\n\
            rating window: 300 (from 100, growing by 50 a second to 900)\n\
            nearest tickets: 8 (3 fit, 2 beyond its rating window, 2 whose window it is beyond, 1 with too many people)\n\
            ruled out by queries: 5; should clauses that count: 2, one fewer in 1.5 s";
        assert_eq!(in_words(&ticket), words, "with a query");
        let plain = in_words(&Ticket { estimate_ms: None, query: None, ..ticket });
        assert_eq!(plain.lines().count(), 3, "{plain}");
        assert!(plain.starts_with("trio: 9 people in line; has waited 4.2 s\n"), "{plain}");
    }
}
