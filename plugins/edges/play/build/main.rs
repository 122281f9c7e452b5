//! Embeds the page: its files and those of the JavaScript SDK, each as it is and gzipped, and `page.js`, which is all modules of the page in
//! one, squeezed, with `page.css`, which is its styles. The page as it is served runs those: a browser asks for one file instead of
//! a hundred, and 200 small files are not compressed half as well as one.
//!
//! Who works on the page needs none of it: `web/dev_server.js` serves the same files as they are.

mod bundle;
mod protocol;
mod squeeze;
mod styles;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use flate2::Compression;
use flate2::write::GzEncoder;

/// What is served of `web/`; all else there is for those who work on it.
const SERVED: [&str; 5] = ["icon.svg", "index.html", "locales", "src", "styles"];
/// Endings of files that are served: `src/content_type.rs` says what they are.
const ENDINGS: [&str; 5] = ["css", "ftl", "html", "js", "svg"];
/// Files of the SDK that no browser loads.
const NOT_FOR_BROWSERS: [&str; 3] = ["sdk/frames.js", "sdk/node_socket.js", "sdk/protocol.json"];
/// Folders of which the page loads nothing by itself: it loads what is made of them.
const PARTS: [&str; 3] = ["sdk/", "src/", "styles/"];
/// Where the page says what to load soon.
const MARK: &str = "<!-- modulepreload -->";
/// The module that the page runs as it stands in `web/`, and the one that it runs as it is served.
const ENTRY: &str = "src/main.js";
const BUNDLE: &str = "page.js";
/// Module of the SDK with the tables of the protocol.
const PROTOCOL: &str = "sdk/protocol.js";
/// All styles of the page.
const STYLES: &str = "page.css";

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let (web, sdk) = (here.join("web"), here.join("../../sdk/javascript/src"));
    let mut files = BTreeMap::new();
    for name in SERVED {
        println!("cargo:rerun-if-changed={}", web.join(name).display());
        collect(&web.join(name), name, &mut files)?;
    }
    println!("cargo:rerun-if-changed={}", sdk.display());
    collect(&sdk, "sdk", &mut files)?;

    let index = with_bundle(&fs::read_to_string(web.join("index.html"))?)?;
    let read = |path: &str| fs::read_to_string(web.join(path)).map_err(|error| format!("{path}: {error}"));
    let (index, styles) = styles::joined(&index, STYLES, read)?;
    let made = [("index.html", index), (BUNDLE, bundle(&files)?), (STYLES, styles)];
    for (name, text) in made {
        let file = out.join(name);
        fs::write(&file, text)?;
        files.insert(name.to_owned(), file);
    }
    fs::write(out.join("files.rs"), embedded(&files, &out)?)?;
    Ok(())
}

/// All files at or below a path, by the names under which they are served. Links are passed over, and so are types for those who work on it.
fn collect(from: &Path, name: &str, files: &mut BTreeMap<String, PathBuf>) -> Result<(), Box<dyn Error>> {
    let about = fs::symlink_metadata(from).map_err(|error| format!("{}: {error}", from.display()))?;
    if about.is_dir() {
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            let below = entry.file_name().into_string().map_err(|name| format!("{name:?} is no text"))?;
            collect(&entry.path(), &format!("{name}/{below}"), files)?;
        }
    } else if about.is_file() && !name.ends_with(".d.ts") && !NOT_FOR_BROWSERS.contains(&name) {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
        if !is_plain || !ENDINGS.contains(&ending) {
            return Err(format!("{}: nothing of this name is served by the page", from.display()).into());
        }
        files.insert(name.to_owned(), from.to_owned());
    }
    Ok(())
}

/// All modules of the page in one.
fn bundle(files: &BTreeMap<String, PathBuf>) -> Result<String, Box<dyn Error>> {
    let mut sources = bundle::Sources::new();
    for (path, file) in files.iter().filter(|(path, _)| path.ends_with(".js")) {
        let source = fs::read_to_string(file)?;
        let source = if path == PROTOCOL { protocol::without_unread(&source) } else { source };
        let squeezed = squeeze::squeezed(&source).map_err(|error| format!("{path}: {error}"))?;
        sources.insert(path.clone(), squeezed);
    }
    Ok(squeeze::on_few_lines(&bundle::bundled(ENTRY, &sources)?)?)
}

/// The page, with the one module in the place of the many.
fn with_bundle(page: &str) -> Result<String, Box<dyn Error>> {
    let source = format!("src=\"{ENTRY}\"");
    if page.matches(&source).count() != 1 || page.matches(MARK).count() != 1 {
        return Err(format!("index.html has not one {MARK}, and not one {source}").into());
    }
    // English is read whatever the language: it has the words that others lack.
    let soon = format!(
        "<link rel=\"modulepreload\" href=\"{BUNDLE}\" />\n    \
         <link rel=\"preload\" href=\"locales/en.ftl\" as=\"fetch\" crossorigin />"
    );
    Ok(page.replace(&source, &format!("src=\"{BUNDLE}\"")).replace(MARK, &soon))
}

/// The table of all files, as Rust.
fn embedded(files: &BTreeMap<String, PathBuf>, out: &Path) -> Result<String, Box<dyn Error>> {
    let mut table = String::from("&[\n");
    for (number, (path, file)) in files.iter().enumerate() {
        let gzipped = out.join(format!("{number}.gz"));
        fs::write(&gzipped, compressed(path, &fs::read(file)?)?)?;
        writeln!(
            table,
            "    PageFile {{ path: {path:?}, content: include_bytes!({file:?}), gzipped: include_bytes!({gzipped:?}) }},"
        )?;
    }
    table.push_str("]\n");
    Ok(table)
}

/// A file, gzipped: as small as can be where the page loads it, and quickly where somebody reads it.
fn compressed(path: &str, content: &[u8]) -> io::Result<Vec<u8>> {
    let mut gzipped = Vec::new();
    if PARTS.iter().any(|folder| path.starts_with(folder)) {
        let mut encoder = GzEncoder::new(&mut gzipped, Compression::best());
        encoder.write_all(content)?;
        encoder.finish()?;
    } else {
        zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, content, &mut gzipped)?;
    }
    Ok(gzipped)
}
