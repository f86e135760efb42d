//! What can go wrong in the engine: a closed list. A negative answer is no error.

use super::{Field, Mend};
use crate::clock::WrongClock;
use crate::conditions::{EvaluationFault, Faults, SchemaError, SliceError, cases::CasesError, facts::FactError};
use crate::evidence::{CredentialError, EvidenceError, RegistryError};
use crate::log::{LogError, LogFault};
use crate::model::change::Change;
use crate::model::condition::Lang;
use crate::model::record::RecordError;
use crate::model::{IdError, JsonError, Name};
use crate::rights::RightsError;
use crate::sign::keyfile::KeyFileError;
use crate::sign::{NoteError, ProofError};
use crate::store::{Kind, StoreError};
use crate::text::{Texts, changed};

/// An error of the engine.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum EngineError {
    /// The store.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Store(#[from] StoreError),
    /// The log cannot be opened.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Log(#[from] LogFault),
    /// The log did not take the operation: a conflict, a full queue, a store in trouble.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Submit(#[from] LogError),
    /// Nobody gave this person the right.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rights(#[from] RightsError),
    /// The person may do nothing here now.
    #[error("`{0}` is blocked and may do nothing here")]
    #[diagnostic(
        code(engine::blocked),
        help("who blocked it says why: datadeal person show {0}; and ends that: datadeal person unblock {0}")
    )]
    Blocked(Name),
    /// There is no such thing here.
    #[error("there is no {what} `{name}`")]
    #[diagnostic(code(engine::not_found), help("{help}"))]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// The name that was given.
        name: String,
        /// How to find the right one.
        help: Mend,
        /// What named it, if that was something given; none if it was the address of the call.
        given: Option<Field>,
    },
    /// There is one already.
    #[error("the {what} `{name}` is here already")]
    #[diagnostic(code(engine::exists), help("choose another name, or leave it as it is"))]
    Exists {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        name: String,
    },
    /// The state of things does not allow it.
    #[error("{why}")]
    #[diagnostic(code(engine::state), help("{help}"))]
    State {
        /// Why not.
        why: String,
        /// What would.
        help: Mend,
    },
    /// Something came between what was seen and what was asked: all of it.
    #[error("{}", .0.iter().map(|c| changed(&Texts::new(Lang::En), c)).collect::<Vec<_>>().join(" "))]
    #[diagnostic(code(engine::changed), help("look at it again, then repeat"))]
    Changed(Vec<Change>),
    /// Something that was given is wrong.
    #[error("{}: {why}", field.words())]
    #[diagnostic(code(engine::input), help("{help}"))]
    Input {
        /// What was given.
        field: Field,
        /// What is wrong with it.
        why: String,
        /// How to mend it.
        help: Mend,
    },
    /// Facts that are none: all of them.
    #[error("{}", .0.iter().map(|e| format!("{e} ({})", e.help)).collect::<Vec<_>>().join("\n"))]
    #[diagnostic(code(engine::facts), help("`datadeal facts new --dataset D` writes a file to fill in"))]
    Facts(Vec<FactError>),
    /// A condition file with faults.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Faults(#[from] Box<Faults>),
    /// The sets of a dataset do not go together.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Slice(#[from] SliceError),
    /// Cases that cannot be run.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cases(#[from] CasesError),
    /// A schema that is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Schema(#[from] SchemaError),
    /// Conditions could not be evaluated: an operator's problem, never a permit.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Evaluation(#[from] EvaluationFault),
    /// A document that is no record.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Record(#[from] RecordError),
    /// A document that is no evidence.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Evidence(#[from] EvidenceError),
    /// A credential in the form of others that cannot be taken.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Credential(#[from] CredentialError),
    /// A register that has no answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Registry(#[from] RegistryError),
    /// A document outside the profile, or of another shape.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Json(#[from] JsonError),
    /// A name of something that is none.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Id(#[from] IdError),
    /// A key file.
    #[error(transparent)]
    #[diagnostic(transparent)]
    KeyFile(#[from] KeyFileError),
    /// A proof.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Proof(#[from] ProofError),
    /// A note, a checkpoint or a key of one.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Note(#[from] NoteError),
    /// The stored tree.
    #[error("the tree of the log cannot be read: {0}")]
    #[diagnostic(code(engine::tree), help("the database was altered or damaged: run `datadeal audit`"))]
    Tree(String),
    /// No key for a signature.
    #[error("{organisation} has no key here for `{key_use}`")]
    #[diagnostic(
        code(engine::no_key),
        help("make one: datadeal key new --org {organisation} --use {key_use}; or give its file with --key")
    )]
    NoKey {
        /// Whose.
        organisation: String,
        /// For which use.
        key_use: &'static str,
    },
    /// The clock.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Clock(#[from] WrongClock),
    /// No random bytes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Random(#[from] crate::clock::RandomError),
    /// A row that this program did not write.
    #[error("the row {kind} `{key}` cannot be read: {why}")]
    #[diagnostic(
        code(engine::row),
        help("the database was changed by other means; compare with a backup, and run `datadeal audit`")
    )]
    Row {
        /// Its kind.
        kind: Kind,
        /// Its key.
        key: String,
        /// Why.
        why: String,
    },
}

impl EngineError {
    /// True if nothing else would go better: the store, the log or the clock cannot be used.
    pub(super) fn stops(&self) -> bool {
        matches!(self, EngineError::Store(_) | EngineError::Submit(_) | EngineError::Clock(_))
    }
    /// Something that was given is wrong.
    pub(super) fn input(field: Field, why: impl Into<String>, help: impl Into<Mend>) -> Self {
        EngineError::Input { field, why: why.into(), help: help.into() }
    }
    /// Something that was given cannot be read.
    pub(super) fn unread(field: Field, error: &(impl miette::Diagnostic + ?Sized)) -> Self {
        let help = error.help().map_or_else(|| "give it as it was made".to_owned(), |help| help.to_string());
        EngineError::input(field, error.to_string(), help)
    }
    /// The state of things does not allow it.
    pub(super) fn state(why: impl Into<String>, help: impl Into<Mend>) -> Self {
        EngineError::State { why: why.into(), help: help.into() }
    }
    /// Why a question cannot be judged under what is in force; none if the portal cannot work. What its operator must mend is logged.
    pub(super) fn of_the_question(&self) -> Option<String> {
        if let EngineError::Evaluation(fault) = self {
            tracing::error!(%fault, "a question cannot be judged");
        }
        let of_it = matches!(
            self,
            EngineError::NotFound { .. }
                | EngineError::Input { .. }
                | EngineError::Facts(_)
                | EngineError::Faults(_)
                | EngineError::Slice(_)
                | EngineError::Schema(_)
                | EngineError::Evaluation(_)
                | EngineError::Json(_)
                | EngineError::Evidence(_)
                | EngineError::Credential(_)
        );
        of_it.then(|| self.to_string())
    }
    /// There is no such thing here.
    pub(super) fn not_found(what: &'static str, name: impl ToString, help: impl Into<Mend>) -> Self {
        EngineError::NotFound { what, name: name.to_string(), help: help.into(), given: None }
    }
    /// There is no such dataset, or none that whoever asks may see.
    pub(super) fn no_dataset(name: &str) -> Self {
        EngineError::not_found("dataset", name, Mend::by("see what there is", "datadeal dataset list"))
    }
    /// Something that was kept is not there any more.
    pub(super) fn lost(what: &'static str, name: impl ToString) -> Self {
        EngineError::not_found(what, name, Mend::by("the database lost a record", "datadeal audit"))
    }
    /// What is not there was named by something given, not by the address of the call.
    pub(super) fn named_by(self, field: Field) -> Self {
        match self {
            EngineError::NotFound { what, name, help, .. } => {
                EngineError::NotFound { what, name, help, given: Some(field) }
            }
            other => other,
        }
    }
}
