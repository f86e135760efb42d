//! Grounds and conditions: load, check, decide, explain. With `rights` the only room that knows Cedar.
//!
//! A ground is a Cedar `permit` (why the law lets data be given), a condition a `forbid ... unless` (what must be true). The
//! loader accepts exactly these two forms; the decision is one Cedar evaluation, cross-checked by our own three-valued
//! reading, which also says what could still change.

mod annotations;
mod atom;
mod body;
pub mod cases;
mod decide;
mod difference;
mod draft;
pub mod eligible;
pub mod facts;
mod fault;
mod instants;
pub mod laws;
pub mod library;
mod load;
mod offer;
mod outline;
mod paths;
mod question;
mod reading;
mod said;
mod schema;
mod slice;
mod vocabulary;
mod wish;

pub use decide::{EvaluationFault, decide, replay};
pub use difference::{Version, difference};
pub use draft::draft;
pub use fault::{Fault, Faults, Rule, rule_name};
pub use load::{Asked, Condition, ConditionSet, MAX_FILE, MAX_POLICIES, load};
pub use offer::offer;
pub use outline::outlines;
pub use paths::{MAX_PATHS, PathId, PathInfo, PathSet, Paths};
pub use schema::{BUILT_IN, Schema};
pub use slice::{Slice, SliceError};
pub use vocabulary::{FactInfo, FactType, Member, SchemaError, Word, WordList};

/// The version of the Cedar engine that decides, as decision inputs name it.
#[must_use]
pub fn cedar_version() -> String {
    cedar_policy::get_sdk_version().to_string()
}
