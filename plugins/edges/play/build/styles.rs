//! Puts the styles of the page into one file, in their order, without comments, and without spaces that say nothing.

/// How the page names a file of styles, each in a line of its own.
const LINK: &str = "<link rel=\"stylesheet\" href=\"";

/// The page with one file of styles, `name`, in the place of its own, and what is in that; `read` reads one of its own.
///
/// # Errors
/// In words, where one cannot be read, or would mean something else in another folder.
pub(crate) fn joined(
    page: &str,
    name: &str,
    mut read: impl FnMut(&str) -> Result<String, String>,
) -> Result<(String, String), String> {
    let (mut lines, mut styles) = (Vec::new(), Vec::new());
    for line in page.lines() {
        let Some((path, _)) = line.trim().strip_prefix(LINK).and_then(|rest| rest.split_once('"')) else {
            lines.push(line.to_owned());
            continue;
        };
        if styles.is_empty() {
            lines.push(format!("    {LINK}{name}\" />"));
        }
        styles.push(squeezed(&read(path)?).map_err(|error| format!("{path}: {error}"))?);
    }
    lines.push(String::new());
    Ok((lines.join("\n"), styles.concat()))
}

fn squeezed(styles: &str) -> Result<String, String> {
    if styles.contains("url(") || styles.contains("@import") {
        return Err("addresses in styles begin at another folder when they are put together".to_owned());
    }
    let mut parts = styles.split("/*");
    let mut code = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        code.push_str(part.split_once("*/").ok_or("a comment does not end")?.1);
    }
    Ok(on_one_line(&code))
}

/// Styles without the spaces that say nothing; what is in quotes stays as it is.
fn on_one_line(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let (mut quote, mut before) = (None, ' ');
    for letter in code.chars() {
        if quote.is_none() && letter.is_whitespace() {
            if !out.is_empty() && !out.ends_with([' ', '{', '}', ';', ':', ',', '>']) {
                out.push(' ');
            }
            before = ' ';
            continue;
        }
        match quote {
            Some(own) if letter == own && before != '\\' => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if "{};,>".contains(letter) => {
                let needed = out.trim_end_matches(' ').len();
                out.truncate(needed);
                if letter == '}' && out.ends_with(';') {
                    out.pop();
                }
            }
            _ => {}
        }
        out.push(letter);
        before = letter;
    }
    out.truncate(out.trim_end().len());
    out
}
