//! A catalogue by its address: one file, or a search of CKAN page by page. What is not new is not fetched.

use std::time::Duration;

use crate::catalogue::read::{self as catalogue, Format, MAX_FILE, MAX_RECORDS, Place, Problem, Reading, Source};
use crate::engine::state::ImportSource;
use crate::net::{Client, FileLimits, FileState, NetError};

/// How many packages are asked for at once; CKAN gives no more by default.
const ROWS: u64 = 1000;
/// The most pages of one search.
const PAGES: u64 = 200;

/// How large a file or page may be, and how long it may take: a large one takes longer than an answer, and none takes for ever.
pub const HARVEST: FileLimits = FileLimits { bytes: MAX_FILE, time: Duration::from_secs(120) };

/// A catalogue as it was read at its address.
#[derive(Debug, Clone)]
pub struct Harvested {
    /// What was read.
    pub reading: Reading,
    /// How its server describes this state.
    pub state: ImportSource,
}

/// Reads the catalogue at an address; none if it is as it was when it was applied last.
///
/// # Errors
/// The address may not be asked, or does not answer as it should. Half a search is no search.
pub fn harvest(
    client: &Client,
    address: &str,
    format: Option<Format>,
    seen: &ImportSource,
    limits: FileLimits,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Option<Harvested>, NetError> {
    let search = address.contains("/action/package_search");
    if !search {
        let seen = FileState { etag: seen.etag.clone(), last_modified: seen.last_modified.clone() };
        let Some(file) = client.file_now(address, &seen, limits)? else { return Ok(None) };
        let source = Source { format, name: Some(address), media_type: file.media_type.as_deref() };
        let state = ImportSource { etag: file.state.etag, last_modified: file.state.last_modified, asked: None };
        return Ok(Some(Harvested { reading: catalogue::read(&file.bytes, &source), state }));
    }
    // a search has no state of its own that a server could know
    let mut all = Reading { whole: true, ..Reading::default() };
    let mut start = 0;
    for page in 0.. {
        let address = page_of(address, start);
        let Some(file) = client.file_now(&address, &FileState::default(), limits)? else { break };
        let source = Source { format: format.or(Some(Format::Ckan)), name: Some(&address), media_type: None };
        let reading = catalogue::read(&file.bytes, &source);
        // a server may give fewer at once than it is asked for
        let (met, of) = (reading.listed, reading.of);
        all.add(reading);
        // without a number of all nobody knows whether this was the last page
        all.whole &= of.is_some();
        start += met;
        progress(start.min(of.unwrap_or(start)), of.unwrap_or(start));
        let more = of.is_some_and(|of| start < of) && met > 0;
        if of.is_some_and(|of| start < of) && (met == 0 || page + 1 == PAGES || all.records.len() >= MAX_RECORDS) {
            all.whole = false;
            all.told(Place::default(), Problem::TooManyRecords);
            break;
        }
        if !more {
            break;
        }
    }
    Ok(Some(Harvested { reading: all, state: ImportSource::default() }))
}

/// The address of a page: that of the search with its own `rows` and `start`.
fn page_of(address: &str, start: u64) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let own = |pair: &&str| !pair.is_empty() && !pair.starts_with("rows=") && !pair.starts_with("start=");
    let mut pairs: Vec<String> = query.split('&').filter(own).map(str::to_owned).collect();
    // pages in the order of names do not shift when something is changed meanwhile
    if !pairs.iter().any(|pair| pair.starts_with("sort=")) {
        pairs.push("sort=name+asc".to_owned());
    }
    pairs.push(format!("rows={ROWS}"));
    pairs.push(format!("start={start}"));
    format!("{path}?{}", pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_a_search() {
        let page = |address: &str| page_of(address, 2000);
        let base = "https://example.nl/api/3/action/package_search";
        assert_eq!(page(base), format!("{base}?sort=name+asc&rows=1000&start=2000"));
        assert_eq!(
            page(&format!("{base}?q=lucht&rows=5")),
            format!("{base}?q=lucht&sort=name+asc&rows=1000&start=2000")
        );
    }
}
