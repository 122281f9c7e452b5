//! What the page is made of: little, whole, and all of it from here.

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::GzDecoder;
use hypogeum_play::{PageFile, files};

/// What all that the page loads may have together, in every language, gzipped.
const GZIPPED_BYTES_MAX: usize = 150 * 1_024;

fn text(file: &PageFile) -> &'static str {
    std::str::from_utf8(file.content).unwrap_or_else(|error| panic!("{}: {error}", file.path))
}

fn index() -> &'static str {
    text(files().iter().find(|file| file.path == "index.html").expect("there is a page"))
}

/// The values of an attribute, wherever it stands.
fn values<'t>(html: &'t str, attribute: &str) -> Vec<&'t str> {
    let begins = format!(" {attribute}=\"");
    html.split(&begins).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What stands between quotes after a word such as `from`.
fn quoted_after<'t>(source: &'t str, word: &str) -> Vec<&'t str> {
    let rests = source.split(word).skip(1).filter_map(|rest| {
        let rest = rest.trim_start().trim_start_matches('(');
        rest.strip_prefix('\'').or_else(|| rest.strip_prefix('"'))
    });
    rests.filter_map(|rest| rest.split(['\'', '"']).next()).collect()
}

/// A module without its comments: those that take whole lines, and whatever stands between `/*` and `*/`.
fn without_comments(source: &str) -> String {
    let mut parts = source.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    let code = parts.fold(first, |code, part| code + part.split_once("*/").map_or("", |(_, rest)| rest));
    code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Where a relative address leads to from a file.
fn resolved(from: &str, address: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in address.split('/') {
        match part {
            "." => {}
            ".." => assert!(parts.pop().is_some(), "{from}: {address} leads out of the page"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[test]
fn all_that_it_loads_is_small() {
    let is_loaded = |file: &&PageFile| !["sdk/", "src/", "styles/"].iter().any(|folder| file.path.starts_with(folder));
    let mut sizes: Vec<(usize, &str)> =
        files().iter().filter(is_loaded).map(|file| (file.gzipped.len(), file.path)).collect();
    sizes.sort_unstable();
    let whole: usize = sizes.iter().map(|(size, _)| size).sum();
    let largest = sizes.iter().rev().take(12).collect::<Vec<_>>();
    assert!(whole <= GZIPPED_BYTES_MAX, "{whole} bytes are more than {GZIPPED_BYTES_MAX}; the largest are {largest:?}");
}

#[test]
fn what_is_gzipped_is_the_same() {
    for file in files() {
        let mut content = Vec::new();
        GzDecoder::new(file.gzipped).read_to_end(&mut content).unwrap_or_else(|error| panic!("{}: {error}", file.path));
        assert!(content == file.content, "{} is the same in both forms", file.path);
    }
}

#[test]
fn the_page_loads_what_is_served_and_nothing_from_elsewhere() {
    let served: BTreeSet<&str> = files().iter().map(|file| file.path).collect();
    let page = index();
    let addresses: Vec<&str> = values(page, "href").into_iter().chain(values(page, "src")).collect();
    assert!(addresses.len() > 4, "it loads something: {addresses:?}");
    for address in addresses.iter().filter(|address| !address.starts_with('#')) {
        assert!(served.contains(address), "{address} is one of the page's own files");
    }
    assert!(!page.contains("<style") && !page.contains(" style="), "styles stand in files");
    let mut scripts = page.split("<script").skip(1).filter_map(|rest| rest.split("</script>").next());
    assert!(scripts.all(|script| script.trim_end().ends_with('>')), "scripts stand in files");
    for file in files() {
        let code = if file.path.ends_with(".js") { without_comments(text(file)) } else { text(file).to_owned() };
        for word in ["http://", "https://", "ws://", "wss://"] {
            let elsewhere = code.match_indices(word).map(|(at, _)| &code[at + word.len()..]);
            // The names of namespaces are asked for by nobody; without a host behind it nothing is named.
            let is_named = |rest: &str| {
                !rest.starts_with("www.w3.org/") && rest.starts_with(|next: char| next.is_ascii_alphanumeric())
            };
            let found: Vec<String> =
                elsewhere.filter(|rest| is_named(rest)).map(|rest| rest.chars().take(40).collect()).collect();
            assert!(found.is_empty(), "{} names {word}{found:?}", file.path);
        }
        assert!(!file.path.ends_with(".css") || !code.contains("@import"), "{}: the page names all styles", file.path);
    }
}

#[test]
fn the_page_runs_one_module_that_imports_nothing() {
    let scripts =
        index().split("<script ").skip(1).flat_map(|rest| values(rest.split('>').next().unwrap_or(""), "src"));
    assert_eq!(scripts.collect::<Vec<_>>(), ["page.js"], "it has one script");
    assert_eq!(index().matches("rel=\"stylesheet\"").count(), 1, "and one file of styles");
    let page = files().iter().find(|file| file.path == "page.js").map(text).expect("the module is there");
    for statement in ["import{", "import ", "export{", "export ", "from'", "from '"] {
        assert!(!page.contains(statement), "all modules stand in it, without {statement}");
    }
    assert!(page.contains("class Client") && page.contains("document.getElementById"), "those of the SDK and its own");
    assert!(
        page.contains("\"server_messages\":") && !page.contains("\"close_codes\":"),
        "and of tables those it reads"
    );
    for file in files().iter().filter(|file| file.path.ends_with(".js")) {
        let reads = |table: &str| text(file).contains(table);
        let is_bad = reads(".limits") || reads(".close_codes") || reads("protocol.errors");
        assert!(!is_bad, "{} reads a table that page.js has not", file.path);
    }
    assert!(!page.contains("@param") && !page.contains("@typedef"), "its comments stay at home");
}

#[test]
fn what_a_module_imports_is_served() {
    // Loaded only where there is no WebSocket, which no browser lacks: as the module of the SDK has it, and the one that all are made into.
    let not_for_browsers = ["sdk/node_socket.js", "node_socket.js"];
    let served: BTreeSet<&str> = files().iter().map(|file| file.path).collect();
    for file in files().iter().filter(|file| file.path.ends_with(".js")) {
        let code = without_comments(text(file));
        let asked = ["from ", "import ", "import("].iter().flat_map(|word| quoted_after(&code, word));
        for address in asked.filter(|address| address.ends_with(".js")) {
            assert!(address.starts_with('.'), "{} imports {address}, which is no path", file.path);
            let path = resolved(file.path, address);
            let is_there = served.contains(path.as_str()) || not_for_browsers.contains(&path.as_str());
            assert!(is_there, "{} imports {address}, which is not served", file.path);
        }
    }
}
