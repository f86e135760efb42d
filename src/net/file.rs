//! A file that is fetched again and again, large or not: it comes only if it is another one than the last time.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use reqwest::{Method, Request};

use super::client::{Client, now, shown};
use super::{Answer, NetError};

/// How large a file may be, and how long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileLimits {
    /// Bytes.
    pub bytes: usize,
    /// From the first connection to the last byte.
    pub time: Duration,
}

/// How a server describes the state of a file (RFC 9110 section 8.8).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FileState {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// A file as it was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type, as the server says.
    pub media_type: Option<String>,
    /// Its state.
    pub state: FileState,
}

impl Client {
    /// The file at an address, from a thread that may wait; none if its state is still the one that was seen.
    ///
    /// # Errors
    /// As [`Client::fetch`].
    pub fn file_now(&self, address: &str, seen: &FileState, limits: FileLimits) -> Result<Option<Fetched>, NetError> {
        now(address, self.file(address, seen, limits))
    }

    async fn file(&self, address: &str, seen: &FileState, limits: FileLimits) -> Result<Option<Fetched>, NetError> {
        let mut request = Request::new(Method::GET, self.address(address)?);
        *request.timeout_mut() = Some(limits.time);
        let mut add = |name: HeaderName, value: &Option<String>| {
            // what a server said once it is told again, and what cannot be told is left out
            if let Some(value) = value.as_deref().and_then(|v| HeaderValue::from_str(v).ok()) {
                request.headers_mut().insert(name, value);
            }
        };
        add(IF_NONE_MATCH, &seen.etag);
        add(IF_MODIFIED_SINCE, &seen.last_modified);
        let Answer { status, headers, body } = self.send_within(request, limits.bytes).await?;
        let header = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        match status {
            200 => {
                let state = FileState { etag: header(ETAG), last_modified: header(LAST_MODIFIED) };
                Ok(Some(Fetched { bytes: body, media_type: header(CONTENT_TYPE), state }))
            }
            304 if *seen != FileState::default() => Ok(None),
            status => Err(NetError::Status { host: shown(address), status }),
        }
    }
}
