//! A map as SVG. Each sort has a colour of the Okabe–Ito palette, which colour-blind readers tell apart, and a shape or a pattern
//! of its own, so that it can be read in black and white, too.

use std::fmt::Write;

use super::{Drawing, METRE, Mark, Sort};

/// Side of the map on the page.
const SIDE: i64 = 1_000;
/// Room around it.
const MARGIN: i64 = 40;
/// Height of a line of the legend.
const LINE: i64 = 22;

/// Draws a map.
pub(crate) fn svg(drawing: &Drawing) -> String {
    let sorts = drawing.sorts();
    let lines = sorts.len().max(1) + drawing.notes.len();
    let (width, height) = (SIDE + 2 * MARGIN, SIDE + 4 * MARGIN + LINE * (lines as i64 + 1));
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"14\">\n\
         <title>{title}</title>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"{MARGIN}\" y=\"28\" font-size=\"20\">{title}</text>\n\
         <rect x=\"{MARGIN}\" y=\"{MARGIN}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"#fafafa\" stroke=\"#000000\"/>\n",
        title = escaped(&drawing.title),
    );
    // What is large lies below what is small.
    for sort in &sorts {
        for mark in drawing.marks.iter().filter(|mark| mark.sort == *sort) {
            shape(&mut out, drawing.side, mark);
        }
    }
    for mark in drawing.marks.iter().filter(|mark| !mark.label.is_empty()) {
        label(&mut out, drawing.side, mark);
    }
    scale_bar(&mut out, drawing.side);
    legend(&mut out, drawing, &sorts);
    out.push_str("</svg>\n");
    out
}

/// A length on the page, in tenths.
fn tenths(length: i32, side: i32) -> i64 {
    i64::from(length) * SIDE * 10 / i64::from(side.max(1))
}

fn number(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// Where a place is on the page, in tenths: there y grows downwards.
fn on_page((x, y): (i32, i32), side: i32) -> (i64, i64) {
    (MARGIN * 10 + tenths(x, side), MARGIN * 10 + tenths(side.saturating_sub(y), side))
}

/// Fill, line and pattern of a sort.
const fn style(sort: Sort) -> &'static str {
    match sort {
        Sort::Room => "fill=\"#ffffff\" stroke=\"#000000\" stroke-width=\"2\"",
        Sort::Obstacle => "fill=\"#777777\"",
        Sort::Poi => "fill=\"#e69f00\" fill-opacity=\"0.25\" stroke=\"#e69f00\" stroke-width=\"2\"",
        Sort::Hazard => "fill=\"none\" stroke=\"#d55e00\" stroke-width=\"2\" stroke-dasharray=\"8 5\"",
        Sort::Exit => "fill=\"#009e73\" fill-opacity=\"0.3\" stroke=\"#009e73\" stroke-width=\"4\"",
        Sort::Gate => "fill=\"#009e73\" stroke=\"#000000\"",
        Sort::Door => "fill=\"#d55e00\" stroke=\"#000000\"",
        Sort::Opening => "fill=\"#ffffff\"",
        Sort::Start => "fill=\"#0072b2\"",
        Sort::Npc => "fill=\"#cc79a7\" stroke=\"#000000\" stroke-width=\"0.5\"",
        Sort::Keeper => "fill=\"#f0e442\" stroke=\"#000000\"",
        Sort::Container => "fill=\"#000000\"",
    }
}

fn shape(out: &mut String, side: i32, mark: &Mark) {
    let at = on_page((mark.x, mark.y), side);
    draw(out, mark.sort, at, (tenths(mark.reach.0, side), tenths(mark.reach.1, side)));
}

/// Draws a sign; lengths in tenths. What is small on a large map is still seen.
fn draw(out: &mut String, sort: Sort, (x, y): (i64, i64), (wide, high): (i64, i64)) {
    let style = style(sort);
    // Writing to a string cannot fail.
    let _ = match sort {
        Sort::Poi | Sort::Hazard | Sort::Exit | Sort::Gate | Sort::Keeper => {
            let radius = number(wide.max(40));
            writeln!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"{radius}\" {style}/>", number(x), number(y))
        }
        Sort::Start => {
            let size = wide.max(60);
            let (left, right, top, low) = (number(x - size), number(x + size), number(y - size), number(y + size));
            writeln!(out, "<path d=\"M {left} {low} L {right} {low} L {} {top} Z\" {style}/>", number(x))
        }
        Sort::Npc => {
            let size = wide.max(35);
            let (left, right, top, low) = (number(x - size), number(x + size), number(y - size), number(y + size));
            let (x, y) = (number(x), number(y));
            writeln!(out, "<path d=\"M {left} {y} L {x} {top} L {right} {y} L {x} {low} Z\" {style}/>")
        }
        Sort::Room | Sort::Obstacle | Sort::Door | Sort::Opening | Sort::Container => {
            let (wide, high) = (wide.max(25), high.max(25));
            let (left, top, width, height) = (number(x - wide), number(y - high), number(2 * wide), number(2 * high));
            writeln!(out, "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" {style}/>")
        }
    };
}

fn label(out: &mut String, side: i32, mark: &Mark) {
    let (x, y) = on_page((mark.x, mark.y), side);
    let y = if mark.sort == Sort::Room { y - tenths(mark.reach.1, side) + 150 } else { y + 160 };
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"12\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
        number(x),
        number(y),
        escaped(&mark.label)
    );
}

/// A bar of a round length, about a fifth of the map.
fn scale_bar(out: &mut String, side: i32) {
    let metres = [1, 2, 5, 10, 20, 50, 100, 200].into_iter().rfind(|metres| metres * METRE * 5 <= side).unwrap_or(1);
    let (length, y) = (number(tenths(metres * METRE, side)), SIDE + MARGIN + 20);
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "<rect x=\"{MARGIN}\" y=\"{y}\" width=\"{length}\" height=\"6\" fill=\"#000000\"/>\n\
         <text x=\"{MARGIN}\" y=\"{}\">{metres} m</text>",
        y + 24
    );
}

fn legend(out: &mut String, drawing: &Drawing, sorts: &[Sort]) {
    let mut y = SIDE + 2 * MARGIN + 30;
    for sort in sorts {
        draw(out, *sort, ((MARGIN + 10) * 10, (y - 5) * 10), (70, 70));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<text x=\"{}\" y=\"{y}\">{}</text>", MARGIN + 30, sort.name());
        y += LINE;
    }
    for note in &drawing.notes {
        // Writing to a string cannot fail.
        let _ = writeln!(out, "<text x=\"{MARGIN}\" y=\"{y}\" font-size=\"12\">{}</text>", escaped(note));
        y += LINE;
    }
}

/// Text as it may stand in XML.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            other if other.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_designers_write_breaks_no_page() {
        assert_eq!(escaped("a<b & \"c\"\u{7}"), "a&lt;b &amp; &quot;c&quot;\u{fffd}", "XML has no such characters");
    }

    #[test]
    fn a_place_at_the_top_is_drawn_at_the_top() {
        assert_eq!(on_page((0, 1_000), 1_000), (MARGIN * 10, MARGIN * 10), "there y grows downwards");
        assert_eq!(number(-5), "-0.5", "less than one is less than nothing, too");
    }
}
