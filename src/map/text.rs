//! A map for a terminal: a character for each patch of ground.

use super::{Drawing, Mark, Sort};

/// Characters across: a terminal has 80.
const COLUMNS: usize = 78;
/// Lines: a character is twice as high as it is wide.
const ROWS: usize = COLUMNS / 2;

/// Draws a map, in colour where that is wanted.
pub(crate) fn text(drawing: &Drawing, is_coloured: bool) -> String {
    let mut cells: Vec<Option<(Sort, char)>> = vec![None; COLUMNS * ROWS];
    let mut named = Vec::new();
    for sort in drawing.sorts() {
        for mark in drawing.marks.iter().filter(|mark| mark.sort == sort) {
            let sign = if mark.label.is_empty() || sort == Sort::Room { sign(sort) } else { letter(named.len()) };
            if !mark.label.is_empty() {
                named.push((sign, mark));
            }
            fill(&mut cells, drawing.side, mark, sign);
        }
    }
    let mut out = format!("{}, {} m across\n", drawing.title, drawing.side / super::METRE);
    for row in cells.chunks(COLUMNS) {
        let line: String = row.iter().map(|cell| shown(*cell, is_coloured)).collect();
        out.push_str(line.trim_end());
        out.push('\n');
    }
    let plain: Vec<String> = drawing
        .sorts()
        .into_iter()
        .filter(|sort| drawing.marks.iter().any(|mark| mark.sort == *sort && mark.label.is_empty()))
        .map(|sort| format!("{} {}", sign(sort), sort.name()))
        .collect();
    out.push_str(&format!("\n{}\n", plain.join(", ")));
    for (sign, mark) in named {
        out.push_str(&format!("{sign} {}: {}\n", mark.sort.name(), mark.label));
    }
    for note in &drawing.notes {
        out.push_str(note);
        out.push('\n');
    }
    out
}

const fn sign(sort: Sort) -> char {
    match sort {
        Sort::Room => '.',
        Sort::Obstacle => '#',
        Sort::Poi => 'o',
        Sort::Hazard => '~',
        Sort::Exit => '>',
        Sort::Gate => '=',
        Sort::Door => '+',
        Sort::Opening => '\'',
        Sort::Start => '^',
        Sort::Npc => '*',
        Sort::Keeper => '@',
        Sort::Container => '$',
    }
}

/// The letter of the nth thing that has a name; after all of them they begin again.
fn letter(index: usize) -> char {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char::from(LETTERS[index % LETTERS.len()])
}

/// Fills the cells of what has corners, the edge of a room, and the middle of what is round.
fn fill(cells: &mut [Option<(Sort, char)>], side: i32, mark: &Mark, sign: char) {
    let column = |x: i32| place(x, side, COLUMNS);
    let row = |y: i32| place(side.saturating_sub(y), side, ROWS);
    let (wide, high) = match mark.sort {
        Sort::Obstacle | Sort::Room | Sort::Door | Sort::Opening => mark.reach,
        _ => (0, 0),
    };
    for line in row(mark.y.saturating_add(high))..=row(mark.y.saturating_sub(high)) {
        for across in column(mark.x.saturating_sub(wide))..=column(mark.x.saturating_add(wide)) {
            if let Some(cell) = cells.get_mut(line * COLUMNS + across) {
                *cell = Some((mark.sort, sign));
            }
        }
    }
}

fn place(at: i32, side: i32, cells: usize) -> usize {
    let at = i64::from(at) * cells as i64 / i64::from(side.max(1));
    usize::try_from(at).unwrap_or(0).min(cells - 1)
}

fn shown(cell: Option<(Sort, char)>, is_coloured: bool) -> String {
    let Some((sort, sign)) = cell else { return " ".to_owned() };
    let colour = match sort {
        Sort::Exit | Sort::Gate => 32,
        Sort::Hazard | Sort::Door => 31,
        Sort::Poi | Sort::Container | Sort::Keeper => 33,
        Sort::Start => 34,
        Sort::Npc => 35,
        Sort::Room | Sort::Obstacle | Sort::Opening => 0,
    };
    if is_coloured && colour != 0 { format!("\u{1b}[{colour}m{sign}\u{1b}[0m") } else { sign.to_string() }
}
