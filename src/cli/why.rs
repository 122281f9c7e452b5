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
    let left = ticket.estimate_ms.map(|ms| format!(", some {:.0} s are left", seconds(ms))).unwrap_or_default();
    let mut lines = vec![
        format!(
            "{}: {} people in line; waits for {:.1} s{left}",
            ticket.mode,
            ticket.in_line,
            seconds(ticket.waited_ms)
        ),
        format!(
            "accepts ratings up to {} away (began with {}, grows by {} a second up to {})",
            ticket.window, ticket.window_start, ticket.window_per_s, ticket.window_max
        ),
        format!(
            "of the {} nearest tickets {} fit, {} are too far in rating, {} do not reach this one yet, {} are too many people",
            ticket.looked_at, ticket.fitting, ticket.beyond_window, ticket.beyond_theirs, ticket.too_many
        ),
    ];
    if let Some(query) = ticket.query {
        let relaxed =
            query.next_relaxed_ms.map(|ms| format!(", one fewer in {:.1} s", seconds(ms))).unwrap_or_default();
        lines.push(format!("queries rule out {} more; {} wishes hold{relaxed}", query.unwanted, query.wishes));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use hypogeum_client::TicketQuery;

    use super::*;

    #[test]
    fn a_wait_is_told_in_words() {
        let query = TicketQuery { unwanted: 5, wishes: 2, next_relaxed_ms: Some(1_500) };
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
        let words = "trio: 9 people in line; waits for 4.2 s, some 11 s are left\n\
            accepts ratings up to 300 away (began with 100, grows by 50 a second up to 900)\n\
            of the 8 nearest tickets 3 fit, 2 are too far in rating, 2 do not reach this one yet, 1 are too many people\n\
            queries rule out 5 more; 2 wishes hold, one fewer in 1.5 s";
        assert_eq!(in_words(&ticket), words, "with a query");
        let plain = in_words(&Ticket { estimate_ms: None, query: None, ..ticket });
        assert_eq!(plain.lines().count(), 3, "{plain}");
        assert!(plain.starts_with("trio: 9 people in line; waits for 4.2 s\n"), "{plain}");
    }
}
