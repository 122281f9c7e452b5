//! The browser client: a page that plays everything there is, at `/play/`, out of the binary.
//!
//! `web/` holds it: plain ES modules on the JavaScript SDK, which run as they are (`web/dev_server.js`). This crate embeds its files and those of the
//! SDK, each as it is and gzipped (`build/`), and answers them: [`routes`]. What is not among them is not found, since each file
//! is a route of its own; no path of a request is ever looked for on a disk.
//!
//! | path | answer |
//! |---|---|
//! | `GET /play` | 308 to `/play/` |
//! | `GET /play/` | `web/index.html`, with `page.js` in the place of `src/main.js`, and `page.css` in that of its styles |
//! | `GET /play/page.js`, `/play/page.css` | `src/main.js` and all that it imports in one module, without comments; all styles |
//! | `GET /play/locales/…`, `/play/icon.svg` | what it loads besides |
//! | `GET /play/src/…`, `/play/styles/…`, `/play/sdk/…` | modules and styles as they are, its own and the SDK's: for those who read or import them |
//!
//! Every answer has an `ETag` and is asked for again each time, which costs no body where nothing has changed: a server that
//! starts with another page is never met by half of the old one. The page may load nothing but what is here, run no script that stands
//! in it, and be shown in no frame (`headers.rs`).

mod content_type;
mod encoding;
mod headers;
mod routes;

pub use routes::routes;

/// A file of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageFile {
    /// Its path below `/play/`.
    pub path: &'static str,
    /// What is in it.
    pub content: &'static [u8],
    /// The same, gzipped.
    pub gzipped: &'static [u8],
}

/// All files that the page may load, by their paths in order; `index.html` is the page itself.
#[must_use]
pub fn files() -> &'static [PageFile] {
    FILES
}

static FILES: &[PageFile] = include!(concat!(env!("OUT_DIR"), "/files.rs"));
