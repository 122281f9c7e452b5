//! Puts the styles of the page into one file, in their order, without comments and indentation.

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
    let lines = code.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(|line| format!("{line}\n")).collect())
}
