//! Reports for people: tables on a terminal, Markdown for a page.

use std::fmt::Write;

use super::compare::Comparison;
use super::report::Report;
use super::tables::Tables;
use crate::cli::table::{Cell, table};

/// Rows of a long table that people are shown; `--json` has all.
const ROWS_MAX: usize = 16;

/// A number with as many digits as one reads.
fn short(number: f64) -> String {
    if number.abs() >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

impl Report {
    /// What a terminal shows.
    pub(crate) fn for_people(&self) -> String {
        let mut out = format!(
            "{}: {} of {} matches, {} players each, seeds from {}, state {}\n\n",
            self.mode, self.matches, self.matches_wanted, self.players, self.seed, self.state_hash
        );
        let rows: Vec<Vec<Cell>> = self
            .measures
            .iter()
            .map(|row| {
                let spread = row.spread;
                let mut cells = vec![Cell::text(row.name), Cell::text(row.unit), Cell::number(short(spread.mean))];
                cells.push(Cell::number(format!("±{}", short(spread.standard_error))));
                let ends = [spread.least, spread.p10, spread.p50, spread.p90, spread.most];
                cells.extend(ends.map(|number| Cell::number(short(number))));
                cells
            })
            .collect();
        let heads = ["a match has", "", "mean", "error", "least", "10 %", "50 %", "90 %", "most"];
        out.push_str(&table(&heads, &rows));
        self.tables.write(&mut out);
        if self.findings.is_empty() {
            out.push_str("\nfindings: none\n");
        } else {
            out.push_str("\nfindings:\n");
            for finding in &self.findings {
                // Writing to a string cannot fail.
                let _ = writeln!(out, "  {}: {}", finding.code, finding.what);
            }
        }
        out
    }
}

impl Tables {
    fn write(&self, out: &mut String) {
        let number = |number: u64| Cell::number(number);
        let deeds = self.deeds.iter().map(|row| {
            vec![Cell::text(&row.by), Cell::text(&row.with), Cell::text(&row.to), number(row.damage), number(row.kills)]
        });
        section(out, &["who", "with", "to whom", "damage", "kills"], deeds);
        let deaths = self.deaths.iter().map(|row| {
            vec![Cell::text(&row.by), Cell::text(&row.place), number(row.count), Cell::number(short(row.percent))]
        });
        section(out, &["players died by", "where", "deaths", "%"], deaths);
        let npcs = self.npcs.iter().map(|row| {
            let counts = [row.came, row.killed, row.players_killed, row.damage];
            std::iter::once(Cell::text(&row.npc)).chain(counts.map(number)).collect()
        });
        section(out, &["NPC", "came", "killed", "killed players", "damage"], npcs);
        let loot = self.loot.iter().map(|row| {
            let counts = [row.found, row.found_worth, row.carried_out, row.carried_out_worth, row.lost_worth];
            std::iter::once(Cell::text(&row.table)).chain(counts.map(number)).collect()
        });
        section(out, &["loot table", "found", "worth", "carried out", "worth", "lost worth"], loot);
        let weapons = self.weapons.iter().map(|row| {
            let shares = [row.extracted_percent, row.kills_each, row.damage_each, row.worth_each];
            let shares = shares.map(|share| Cell::number(short(share)));
            [Cell::text(&row.weapon), number(row.players)].into_iter().chain(shares).collect()
        });
        section(
            out,
            &["weapon at the end", "players", "% out", "kills each", "damage each", "worth out each"],
            weapons,
        );
        let exits = self.exits.iter().map(|row| vec![Cell::text(format!("exit {}", row.exit)), number(row.used)]);
        section(out, &["way out", "used"], exits);
    }
}

/// A table after an empty line; nothing where it has no rows.
fn section(out: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<Cell>>) {
    let rows: Vec<Vec<Cell>> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let shown = rows.len().min(ROWS_MAX);
    out.push('\n');
    out.push_str(&table(heads, &rows[..shown]));
    if shown < rows.len() {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "and {} more: --json has all", rows.len() - shown);
    }
}

impl Comparison {
    /// What a terminal shows: a star marks what has changed notably.
    pub(crate) fn for_people(&self) -> String {
        let rows: Vec<Vec<Cell>> = self
            .changes
            .iter()
            .map(|change| {
                let mark = if change.is_notable { "*" } else { "" };
                let numbers = [short(change.here), short(change.there), format!("{:+.2}", change.difference)];
                let mut cells = vec![Cell::text(mark), Cell::text(&change.name), Cell::text(change.unit)];
                cells.extend(numbers.map(Cell::number));
                cells.push(Cell::number(format!("±{}", short(change.standard_error))));
                cells
            })
            .collect();
        let heads = ["", "a match has", "", "here", "there", "difference", "error"];
        format!(
            "\nthere is {}, {} matches on both; * is a difference beyond twice its standard error\n\n{}",
            self.with,
            self.pairs,
            table(&heads, &rows)
        )
    }
}

/// A row for each mode, as Markdown.
pub(crate) fn markdown(reports: &[Report]) -> String {
    let shown =
        ["extracted", "died", "timed out", "duration", "first fight", "kills per player", "worth out per player"];
    let mut out = format!("| mode | players | matches | {} | findings |\n", shown.join(" | "));
    out.push_str("|---|--:|--:|");
    out.push_str(&"--:|".repeat(shown.len()));
    out.push_str("---|\n");
    for report in reports {
        let cell = |name: &&str| {
            let row = report.measures.iter().find(|row| row.name == *name);
            row.map_or_else(String::new, |row| match row.unit {
                "" => short(row.spread.mean),
                unit => format!("{} {unit}", short(row.spread.mean)),
            })
        };
        let cells: Vec<String> = shown.iter().map(cell).collect();
        let codes: Vec<&str> = report.findings.iter().map(|finding| finding.code).collect();
        let codes = if codes.is_empty() { "none".to_owned() } else { codes.join(", ") };
        let Report { mode, players, matches, .. } = report;
        // Writing to a string cannot fail.
        let _ = writeln!(out, "| `{mode}` | {players} | {matches} | {} | {codes} |", cells.join(" | "));
    }
    out
}
