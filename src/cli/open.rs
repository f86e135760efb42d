//! Opening the portal for a command, and acting as a person.

use std::sync::Arc;

use super::{Cli, CliError, Exit};
use crate::clock::{SystemClock, SystemRandom};
use crate::conditions::Schema;
use crate::engine::{DataDir, Engine, EngineError};
use crate::evidence::RegistryError;
use crate::log::{LogError, LogFault};
use crate::model::Name;
use crate::rights::Actor;
use crate::store::StoreError;
use crate::text::Texts;

impl Cli {
    /// The data directory.
    pub(super) fn dir(&self) -> DataDir {
        DataDir::new(&self.data)
    }

    /// The sentences in the language asked for.
    pub(super) fn texts(&self) -> Texts {
        Texts::new(self.lang)
    }

    /// The schema in force; without a portal, the one that comes with the program.
    pub(super) fn schema(&self) -> Result<Arc<Schema>, CliError> {
        if self.dir().database().exists() {
            return Ok(self.engine()?.schema()?);
        }
        Schema::built_in().map(Arc::new).map_err(|e| CliError::new(Exit::Input, e))
    }

    /// Opens the portal in the data directory.
    pub(super) fn engine(&self) -> Result<Engine, CliError> {
        Self::engine_in(&self.dir())
    }

    /// Opens the portal in a data directory.
    pub(super) fn engine_in(dir: &DataDir) -> Result<Engine, CliError> {
        Ok(Engine::open(dir, Arc::new(SystemClock), Arc::new(SystemRandom))?)
    }

    /// The person named by `--as`.
    pub(super) fn actor(&self, engine: &Engine) -> Result<Actor, CliError> {
        Ok(engine.actor(self.person()?)?)
    }

    /// Who looks: the person named by `--as`, or nobody in particular, who sees what everybody sees.
    pub(super) fn seeing(&self, engine: &Engine) -> Result<Option<Actor>, CliError> {
        self.person.is_some().then(|| self.actor(engine)).transpose()
    }

    /// The short name after `--as`.
    pub(super) fn person(&self) -> Result<&Name, CliError> {
        self.person.as_ref().ok_or_else(|| {
            CliError::with_help(
                Exit::Usage,
                "--as is missing: this command acts for somebody",
                "name a person: datadeal --as NAME ...; datadeal person list shows who there is",
            )
        })
    }
}

impl From<EngineError> for CliError {
    fn from(error: EngineError) -> Self {
        let exit = exit(&error);
        CliError::new(exit, error)
    }
}

/// The exit code of an engine error.
pub(super) fn exit(error: &EngineError) -> Exit {
    match error {
        EngineError::Store(e) | EngineError::Submit(LogError::NotKept(e) | LogError::Unsure(e)) => of_store(e),
        EngineError::Log(fault) | EngineError::Submit(LogError::Stopped(fault)) => of_log(fault),
        EngineError::Submit(LogError::Full | LogError::Clock { .. })
        | EngineError::Clock(_)
        | EngineError::Random(_) => Exit::Storage,
        EngineError::Submit(LogError::Conflict(_))
        | EngineError::Rights(_)
        | EngineError::Blocked(_)
        | EngineError::State { .. }
        | EngineError::Changed(_)
        | EngineError::Exists { .. }
        | EngineError::Faults(_)
        | EngineError::NoKey { .. } => Exit::No,
        EngineError::Row { .. } | EngineError::Tree(_) => Exit::Contradiction,
        EngineError::Evaluation(_) => Exit::Evaluation,
        EngineError::KeyFile(_) => Exit::Storage,
        EngineError::NotFound { .. }
        | EngineError::Input { .. }
        | EngineError::Facts(_)
        | EngineError::Slice(_)
        | EngineError::Cases(_)
        | EngineError::Schema(_)
        | EngineError::Record(_)
        | EngineError::Json(_)
        | EngineError::Id(_)
        | EngineError::Proof(_)
        | EngineError::Note(_)
        | EngineError::Evidence(_)
        | EngineError::Credential(_)
        | EngineError::Registry(RegistryError::File(_) | RegistryError::Days(_)) => Exit::Input,
        EngineError::Registry(RegistryError::Unavailable(_)) => Exit::Storage,
    }
}

pub(super) fn of_store(error: &StoreError) -> Exit {
    match error {
        StoreError::Corrupt { .. } => Exit::Contradiction,
        _ => Exit::Storage,
    }
}

pub(super) fn of_log(fault: &LogFault) -> Exit {
    match fault {
        LogFault::Store(e) => of_store(e),
        LogFault::Damaged { .. } | LogFault::Behind { .. } | LogFault::Forked { .. } | LogFault::Other { .. } => {
            Exit::Contradiction
        }
        _ => Exit::Storage,
    }
}
