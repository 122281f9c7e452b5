//! Tables for people: columns as wide as they must be, numbers to the right.

use std::fmt::{Display, Write};

/// One field of a table.
pub(crate) struct Cell {
    text: String,
    right: bool,
}

impl Cell {
    /// Words stand to the left.
    pub(crate) fn text(value: impl Display) -> Self {
        Self { text: value.to_string(), right: false }
    }

    /// Numbers stand to the right.
    pub(crate) fn number(value: impl Display) -> Self {
        Self { text: value.to_string(), right: true }
    }
}

/// Lays rows out under their heads, each line ended.
pub(crate) fn table(heads: &[&str], rows: &[Vec<Cell>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.text.chars().count());
        cells.chain([heads[column].chars().count()]).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut out = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = (&str, bool)>| {
        let mut text = String::new();
        for ((cell, right), width) in cells.zip(&widths) {
            let padding = " ".repeat(width.saturating_sub(cell.chars().count()));
            // Writing to a string cannot fail.
            let _ = if right { write!(text, "{padding}{cell}  ") } else { write!(text, "{cell}{padding}  ") };
        }
        out.push_str(text.trim_end());
        out.push('\n');
    };
    let right = |column: usize| rows.first().and_then(|row| row.get(column)).is_some_and(|cell| cell.right);
    line(&mut heads.iter().enumerate().map(|(column, head)| (*head, right(column))));
    for row in rows {
        line(&mut row.iter().map(|cell| (cell.text.as_str(), cell.right)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_left_and_numbers_right() {
        let rows = [vec![Cell::text("Ada"), Cell::number(7)], vec![Cell::text("Bartholomew"), Cell::number(1_024)]];
        let expected = "name         kills\nAda              7\nBartholomew   1024\n";
        assert_eq!(table(&["name", "kills"], &rows), expected, "columns line up");
    }
}
