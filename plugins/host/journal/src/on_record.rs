//! What visits were worth that are on record in any part of a log: for a database that may be older than the newest part.

use std::collections::BTreeSet;

use hypogeum_protocol::MatchId;

use crate::entry::{Entry, Header, VisitEntry};
use crate::error::LogError;
use crate::folder::JournalFolder;
use crate::key::PublicKey;
use crate::part::LogId;
use crate::reader::LogReader;
use crate::verify::verify;

/// Visits that a database may lack.
#[derive(Debug, Default)]
pub struct VisitsOnRecord {
    /// What they were worth, each once, in the order in which they ended.
    pub visits: Vec<VisitEntry>,
    /// The part at which looking back has ended that the database may be older than: it is gone, or it is not what this server wrote. Visits
    /// that ended in it or before are not among these.
    pub refused: Option<(LogId, LogError)>,
}

/// The visits that a database may lack: those of the part with this header, which are `visits`, those that it has taken over, and those of
/// as many parts before it as the database is behind. `knows` says whether it knows a visit; one that is in order knows the first it is
/// asked for, and no part is read. `key` has signed the parts.
///
/// # Errors
/// Those of `knows`.
pub fn visits_on_record<E>(
    folder: &JournalFolder,
    (header, visits): (&Header, &[VisitEntry]),
    key: PublicKey,
    mut knows: impl FnMut(MatchId) -> Result<bool, E>,
) -> Result<VisitsOnRecord, E> {
    let taken_over = header.part.iter().flat_map(|part| &part.ended);
    let mut parts: Vec<Vec<VisitEntry>> = vec![taken_over.chain(visits).cloned().collect()];
    let (mut header, mut refused) = (header.clone(), None);
    while let (Some(part), Some(before)) = (header.continues(), header.log_id().before()) {
        // Where nothing was ever granted, all that ended is taken over.
        let Some(granted) = part.granted else { break };
        if knows(granted)? {
            break;
        }
        match of_part(folder, before, key) {
            Ok((earlier, visits)) => {
                parts.push(visits);
                header = earlier;
            }
            Err(error) => {
                refused = Some((before, error));
                break;
            }
        }
    }
    let mut seen = BTreeSet::new();
    let all = parts.into_iter().rev().flatten();
    let visits = all.filter(|entry| seen.insert(entry.ended.visit)).collect();
    Ok(VisitsOnRecord { visits, refused })
}

/// The header of a part that was put away, and the visits it has taken over or has on record.
fn of_part(folder: &JournalFolder, log: LogId, key: PublicKey) -> Result<(Header, Vec<VisitEntry>), LogError> {
    let path = folder.finished_log(log);
    let verified = verify(&path, Some(key))?;
    if !verified.complete || verified.header.log_id() != log {
        return Err(LogError::NoLog { path });
    }
    let (mut reader, header) = LogReader::open(&path)?;
    let mut visits: Vec<VisitEntry> = header.part.iter().flat_map(|part| &part.ended).cloned().collect();
    while let Some(read) = reader.next_entry()? {
        if let Entry::Visit(entry) = read.entry {
            visits.push(*entry);
        }
    }
    Ok((header, visits))
}
