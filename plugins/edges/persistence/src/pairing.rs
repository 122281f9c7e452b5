//! Which database a data directory belongs to. The match logs in it promise grants that only that database can make, and
//! their items and numbers mean nothing in another.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::error::OpenError;
use crate::place::Place;

const IDENTITY_FILE: &str = "database.id";

/// Notes in the directory which database it belongs to; refuses where that is another one. A backup of a database is the
/// same database.
pub(crate) fn pair(directory: &Path, identity: &str, place: &Place) -> Result<(), OpenError> {
    let file = directory.join(IDENTITY_FILE);
    let unwritable = |cause: io::Error| OpenError::Unwritable { path: directory.to_owned(), cause };
    match fs::read_to_string(&file) {
        Ok(noted) if noted.trim() == identity => Ok(()),
        Ok(_) => Err(OpenError::OtherDatabase { place: place.clone(), path: directory.to_owned(), file }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => note(directory, &file, identity).map_err(unwritable),
        Err(error) => Err(unwritable(error)),
    }
}

fn note(directory: &Path, file: &Path, identity: &str) -> io::Result<()> {
    let partial = file.with_extension("id.partial");
    let mut noting = File::create(&partial)?;
    writeln!(noting, "{identity}")?;
    noting.sync_all()?;
    fs::rename(&partial, file)?;
    File::open(directory)?.sync_all()
}
