//! **datadeal**: reuse conditions as Cedar policies, an explained answer, a signed data deal, and a log that proves it.
//!
//! The house has floors; a room (a folder or a file here) imports only from lower floors, and rooms of one floor do not
//! import each other. `tests/it/floors.rs` reads `src/` and says so.
//!
//! | floor | rooms |
//! |---|---|
//! | 0 | [`merkle`]: RFC 6962 arithmetic; [`durable`]: files that are on the disk; `cache`: what is costly to make |
//! | 1 | [`model`]: the nouns, ids, canonical bytes, digests |
//! | 2 | [`catalogue`], [`conditions`], [`rights`], [`sign`], [`text`]; [`stems`]: words that can be sought |
//! | 3 | [`evidence`], [`labels`], [`store`], [`net`], [`clock`] |
//! | 4 | [`log`], [`verify`], [`witness`] |
//! | 5 | [`engine`]; [`config`]: what the service is started with |
//! | 6 | [`story`]: the examples, told by the engine; [`http`]: the service |
//! | 7 | [`cli`] |
//! | 8 | `main`: the program |

pub(crate) mod cache;
pub mod catalogue;
pub mod cli;
pub mod clock;
pub mod conditions;
pub mod config;
pub mod durable;
pub mod engine;
pub mod evidence;
pub mod http;
pub mod labels;
pub mod log;
pub mod merkle;
pub mod model;
pub mod net;
pub mod rights;
pub mod sign;
pub mod stems;
pub mod store;
pub mod story;
pub mod text;
pub mod verify;
pub mod witness;
