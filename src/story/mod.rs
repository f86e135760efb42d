//! Stories: what `examples/*/story.json` tell, performed by the engine in a portal of their own, with a clock and a source of
//! randomness that give the same records each time. The demo shows them, the tests hold them to what they promise.
//!
//! A [`Stage`] is a portal with nothing in it but its operator. Stories are played on it one after the other, in order of time;
//! who took part in an earlier one is known in a later one.

mod format;
mod neighbours;
mod play;
mod stage;

use miette::Diagnostic;

pub use format::{
    Act, Approval, Ask, Conclusion, Expect, KeyHolder, OnRequest, Organisation, Person, Proof, Step, Story, Vouches,
};
pub use play::{Event, Happened, Told};
pub use stage::{NOTICE, Stage};

use crate::clock::RandomError;
use crate::engine::EngineError;
use crate::model::json;
use crate::model::{IdError, JsonError};
use crate::sign::ProofError;

/// A story that cannot be told. What comes otherwise than expected is no error: see [`Event::differences`].
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum StoryError {
    /// Not a story, a dataset or cases.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Json(#[from] JsonError),
    /// The engine refused what the story did not expect it to refuse.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Engine(#[from] EngineError),
    /// A short name that makes no name on the portal.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Id(#[from] IdError),
    /// Evidence that could not be signed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Proof(#[from] ProofError),
    /// No random bytes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Random(#[from] RandomError),
    /// A step failed.
    #[error("step {step} of the story `{story}`: {source}")]
    #[diagnostic(code(story::step))]
    Step {
        /// The example.
        story: String,
        /// Which step, from 1.
        step: usize,
        /// Why.
        source: Box<StoryError>,
    },
    /// The story names who or what is not in it.
    #[error("the story names {what} `{name}`, which is not in it")]
    #[diagnostic(code(story::name), help("src/story/format.rs says how a story is written"))]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// The name.
        name: String,
    },
}

impl Story {
    /// Reads a `story.json`.
    ///
    /// # Errors
    /// The member that is wrong.
    pub fn read(text: &str) -> Result<Self, JsonError> {
        json::read(text.as_bytes(), "story.json")
    }
}
