//! Every outgoing connection: HTTP, mail, sign-in. Nothing else in the program opens one.
//!
//! | file | what it is |
//! |---|---|
//! | [`address`] | which addresses are public, and which others the operator allows |
//! | [`client`] | the one HTTP client: guarded, without redirects, proxies, cookies and large answers |
//! | [`file`] | files that are fetched again and again |
//! | [`mail`] | plain text to one address, by SMTP or into a folder |
//! | [`webhook`] | events to other programs, signed as Standard Webhooks says |
//! | [`oidc`] | signing in people with OpenID Connect |
//!
//! An address that a user gave (a webhook, a status list, a key set) could be one of the inside network, so each is judged: as it is
//! written, and again as it resolves, by the resolver that the connection is made with.

pub mod address;
pub mod client;
pub mod file;
pub mod mail;
pub mod oidc;
pub mod webhook;

use std::net::IpAddr;

pub use address::Allow;
pub use client::{Client, Found, Lookup, MAX_ANSWER};
pub use file::{Fetched, FileLimits, FileState};

/// Why an exchange with another host came to nothing. Errors show scheme and host of an address, never its path or query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum NetError {
    /// An address that is none, or that is never asked.
    #[error("the address {address}: {why}")]
    #[diagnostic(
        code(net::address),
        help("give an address such as https://example.nl/path; the operator can allow a host")
    )]
    Address {
        /// Scheme and host.
        address: String,
        /// Why not.
        why: String,
    },
    /// A host inside the network of the portal, or none at all.
    #[error("`{host}` is at {address}, which is {range}")]
    #[diagnostic(
        code(net::refused),
        help("only the public internet is reached; the operator can allow a host or range")
    )]
    Refused {
        /// The host.
        host: String,
        /// The address that may not be reached.
        address: IpAddr,
        /// What it is.
        range: &'static str,
    },
    /// No address is known for a host.
    #[error("no address is known for `{host}`")]
    #[diagnostic(code(net::unknown), help("is the name spelled right, and does the name service work?"))]
    Unknown {
        /// The host.
        host: String,
    },
    /// No answer in time.
    #[error("{host} did not answer in time")]
    #[diagnostic(code(net::timeout), help("try again later"))]
    Timeout {
        /// Scheme and host.
        host: String,
    },
    /// The connection or exchange failed.
    #[error("{host} could not be asked: {why}")]
    #[diagnostic(code(net::failed), help("is the host there, and is its certificate valid?"))]
    Failed {
        /// Scheme and host.
        host: String,
        /// The innermost cause.
        why: String,
    },
    /// A larger answer than is read.
    #[error("{host} answered with more than {limit} bytes")]
    #[diagnostic(code(net::large), help("is it the right address?"))]
    TooLarge {
        /// Scheme and host.
        host: String,
        /// The limit.
        limit: usize,
    },
    /// An answer that is no yes; a redirect is never followed.
    #[error("{host} answered with status {status}")]
    #[diagnostic(code(net::status), help("give the address at which it answers itself: redirects are not followed"))]
    Status {
        /// Scheme and host.
        host: String,
        /// The status.
        status: u16,
    },
}

/// What another host answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}
