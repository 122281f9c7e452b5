//! Puts a module and all that it imports into one, which a browser loads at once and which is compressed as one. Each becomes a function that
//! returns what it exports, in the order in which they would run.
//!
//! It reads the statements that our modules have, each at the beginning of a line: `import { … } from '…'`, `export { … }`, with `from '…'` or without, and
//! `export` before a constant, function or class. Everything else is refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Modules by their paths, squeezed.
pub(crate) type Sources = BTreeMap<String, String>;

/// One module out of `entry` and all that it imports.
///
/// # Errors
/// In words, where a module is not there, imports itself in a circle, or has another form.
pub(crate) fn bundled(entry: &str, sources: &Sources) -> Result<String, String> {
    let mut bundle = Bundle { sources, numbers: BTreeMap::new(), open: Vec::new(), out: String::new() };
    bundle.add(entry)?;
    Ok(bundle.out)
}

struct Bundle<'s> {
    sources: &'s Sources,
    /// Modules that are in it already, by their paths.
    numbers: BTreeMap<String, usize>,
    /// Modules whose imports are being added.
    open: Vec<String>,
    out: String,
}

impl Bundle<'_> {
    /// Adds a module with all that it imports; its number.
    fn add(&mut self, path: &str) -> Result<usize, String> {
        if let Some(number) = self.numbers.get(path) {
            return Ok(*number);
        }
        let source = self.sources.get(path).ok_or_else(|| format!("{path} is imported and is not there"))?;
        if self.open.iter().any(|open| open == path) {
            return Err(format!("{} and {path} import each other in a circle", self.open.join(", ")));
        }
        self.open.push(path.to_owned());
        let written = self.written(path, source).map_err(|error| format!("{path}: {error}"))?;
        self.open.pop();
        let number = self.numbers.len();
        self.numbers.insert(path.to_owned(), number);
        writeln!(self.out, "const ${number}=(()=>{{\n{written}}})();").map_err(|error| error.to_string())?;
        Ok(number)
    }

    /// The inside of a module's function.
    fn written(&mut self, path: &str, source: &str) -> Result<String, String> {
        let (mut body, mut exports) = (String::new(), Vec::new());
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if line.starts_with("import{") || line.starts_with("export{") {
                let mut statement = line.to_owned();
                while !statement.ends_with(';') {
                    statement.push_str(lines.next().ok_or("a statement does not end")?);
                }
                self.linked(path, &statement, &mut body, &mut exports)?;
            } else if let Some(declared) = line.strip_prefix("export ") {
                exports.push(name_of(declared)?.to_owned());
                body.push_str(declared);
                body.push('\n');
            } else if line.starts_with("import ") || line.starts_with("import*") || line.starts_with("export*") {
                return Err(format!("has a statement of another form: {line}"));
            } else {
                body.push_str(line);
                body.push('\n');
            }
        }
        // Addresses are relative to where the module would be.
        let mut body = body.replace("import.meta.url", &format!("new URL('{path}',import.meta.url)"));
        if !exports.is_empty() {
            body.push_str(&format!("return{{{}}};\n", exports.join(",")));
        }
        Ok(body)
    }

    /// Does what `import{…}from '…';`, `export{…}from '…';` or `export{…};` says.
    fn linked(
        &mut self,
        path: &str,
        statement: &str,
        body: &mut String,
        exports: &mut Vec<String>,
    ) -> Result<(), String> {
        let other_form = || format!("has a statement of another form: {statement}");
        let (word, rest) = statement.split_once('{').ok_or_else(other_form)?;
        let (names, from) = rest.split_once('}').ok_or_else(other_form)?;
        let names = names.split(',').filter(|name| !name.is_empty());
        let names: Vec<(&str, &str)> = names.map(|name| name.split_once(" as ").unwrap_or((name, name))).collect();
        let target = match from.split('\'').nth(1) {
            Some(address) => Some(self.add(&resolved(path, address)?)?),
            None if from == ";" => None,
            None => return Err(other_form()),
        };
        match (word, target) {
            ("import", Some(target)) => {
                let names: Vec<String> = names.iter().map(|(theirs, own)| pair(theirs, own)).collect();
                body.push_str(&format!("const{{{}}}=${target};\n", names.join(",")));
            }
            ("export", Some(target)) => {
                exports.extend(names.iter().map(|(theirs, shown)| format!("{shown}:${target}.{theirs}")));
            }
            ("export", None) => exports.extend(names.iter().map(|(own, shown)| pair(shown, own))),
            _ => return Err(other_form()),
        }
        Ok(())
    }
}

fn pair(name: &str, value: &str) -> String {
    if name == value { name.to_owned() } else { format!("{name}:{value}") }
}

/// What a declaration names.
fn name_of(declared: &str) -> Result<&str, String> {
    let kinds = ["const ", "class ", "async function ", "function "];
    let rest = kinds.iter().find_map(|kind| declared.strip_prefix(kind));
    let name = rest.and_then(|rest| {
        rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_' && letter != '$').next()
    });
    name.filter(|name| !name.is_empty()).ok_or_else(|| format!("exports something of another form: {declared}"))
}

/// Where a relative address leads to from a module.
fn resolved(from: &str, address: &str) -> Result<String, String> {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." if parts.pop().is_none() => return Err(format!("{address} leads out of the page")),
            ".." => {}
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}
