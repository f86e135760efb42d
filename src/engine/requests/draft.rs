//! Drafts: requests that somebody is still writing. They are of the requester's organisation, nothing of them is in the log, and no term
//! runs. Whoever looks at one sees the answer as it would be.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::CaseNow;
use super::check::Question;
use super::request::{Entered, NewRequest};
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError};
use crate::model::decision::Decision;
use crate::model::{OrgId, Time, Urn};
use crate::rights::{Act, Actor, Seen, Target};
use crate::store::Kind;

/// How many drafts an organisation may have. Two who begin one at once may go over it by one.
const MAX_DRAFTS: usize = 200;

/// A draft as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Draft {
    organisation: OrgId,
    changed: Time,
    dataset: String,
    question: Question,
}

/// A draft as it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DraftNow {
    /// Its id. The request that comes of it has another one.
    pub id: Urn,
    /// Its version, which grows with each change.
    pub version: u64,
    /// What is seen of it.
    #[serde(skip)]
    pub seen: Seen,
    /// When it was changed last.
    pub changed: Time,
    /// The dataset, by slug or IRI.
    pub dataset: String,
    /// What is asked, as far as it is filled in.
    pub question: Question,
    /// The answer as it would be. It is an indication, not a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Decision>,
    /// Why there is no answer: something that is filled in means nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
}

impl Engine {
    /// Begins a draft; gives its id.
    ///
    /// # Errors
    /// No right.
    pub fn new_draft(&self, actor: &Actor, dataset: &str, question: &Question) -> Result<Pending<Urn>, EngineError> {
        self.may_draft(actor)?;
        let mut op = Operation::by(self, actor)?;
        if self.store.rows(Kind::Draft, Some(actor.organisation.as_str()), None, MAX_DRAFTS)?.len() == MAX_DRAFTS {
            let help = "submit or throw away some of them first";
            return Err(EngineError::state(
                format!("the organisation has {MAX_DRAFTS} drafts, and may have no more"),
                help,
            ));
        }
        let id = op.id()?;
        op.made(id);
        self.write_draft(op, actor, id, 0, dataset, question)
    }

    /// A draft of the person's own organisation.
    ///
    /// # Errors
    /// No right, or no such draft.
    pub fn draft(&self, actor: &Actor, id: &Urn) -> Result<DraftNow, EngineError> {
        let Loaded { value, version } = self.draft_row(actor, id)?;
        self.draft_told(actor, *id, version, value)
    }

    /// The drafts of the person's own organisation, the oldest first: after one of them, at most `limit`; and what to give as `after` to
    /// go on.
    ///
    /// # Errors
    /// No right.
    pub fn drafts_after(
        &self,
        actor: &Actor,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<DraftNow>, Option<Urn>), EngineError> {
        self.may_draft(actor)?;
        self.page(Kind::Draft, Some(actor.organisation.as_str()), after, limit, |row| {
            let Loaded { value, version } = rows::parse::<Draft>(row)?;
            self.draft_told(actor, row.key.parse()?, version, value).map(Some)
        })
    }

    /// Writes a draft anew, as somebody read it in a version.
    ///
    /// # Errors
    /// No right, no such draft, or another version, which is a conflict.
    pub fn change_draft(
        &self,
        actor: &Actor,
        id: &Urn,
        version: u64,
        dataset: &str,
        question: &Question,
    ) -> Result<Pending<Urn>, EngineError> {
        self.draft_row(actor, id)?;
        self.write_draft(Operation::by(self, actor)?, actor, *id, version, dataset, question)
    }

    /// Throws a draft away.
    ///
    /// # Errors
    /// As [`Engine::change_draft`].
    pub fn drop_draft(&self, actor: &Actor, id: &Urn, version: u64) -> Result<Pending<()>, EngineError> {
        self.draft_row(actor, id)?;
        let mut op = Operation::by(self, actor)?;
        drop_row(&mut op, id, version);
        op.answer(())
    }

    /// Submits a draft: the request is received, and the draft is gone. If the actor says what it saw, no other conditions decide.
    ///
    /// # Errors
    /// As [`Engine::change_draft`], and as [`Engine::submit`].
    pub fn submit_draft(&self, actor: &Actor, id: &Urn, version: u64) -> Result<Pending<CaseNow>, EngineError> {
        let Draft { dataset, question, .. } = self.draft_row(actor, id)?.value;
        let mut op = Operation::by(self, actor)?;
        drop_row(&mut op, id, version);
        // of what is out of sight nothing is told; `receive` says that it is not there
        if self.dataset_seen(&op.view, Some(actor), &dataset).is_ok() {
            self.same_published(&op, id, &dataset)?;
        }
        let new = NewRequest { dataset, question, sets: None, entered: Entered::default() };
        let told = self.receive(&mut op, actor, &new)?;
        op.answer(told)
    }

    fn write_draft(
        &self,
        mut op: Operation<'_>,
        actor: &Actor,
        id: Urn,
        version: u64,
        dataset: &str,
        question: &Question,
    ) -> Result<Pending<Urn>, EngineError> {
        let draft = Draft {
            organisation: actor.organisation.clone(),
            changed: op.now,
            dataset: dataset.to_owned(),
            question: question.clone(),
        };
        rows::guard(&mut op.item, Kind::Draft, &id.to_string(), version);
        rows::put(&mut op.item, Kind::Draft, &id.to_string(), Some(actor.organisation.as_str()), &draft)?;
        op.answer(id)
    }

    fn may_draft(&self, actor: &Actor) -> Result<(), EngineError> {
        Ok(self.rights.require(actor, Act::SubmitRequest, &Target::of_applicant(actor.organisation.clone()))?)
    }

    /// A draft of another organisation is not there for whoever asks.
    fn draft_row(&self, actor: &Actor, id: &Urn) -> Result<Loaded<Draft>, EngineError> {
        self.may_draft(actor)?;
        let found = rows::load::<Draft>(&*self.store, Kind::Draft, &id.to_string())?;
        let own = found.filter(|d| d.value.organisation == actor.organisation);
        own.ok_or_else(|| EngineError::not_found("draft", id, "only the organisation that writes it sees it"))
    }

    fn draft_told(&self, actor: &Actor, id: Urn, version: u64, draft: Draft) -> Result<DraftNow, EngineError> {
        let Draft { organisation, changed, dataset, question } = draft;
        let asked = Question { applicant: Some(organisation), ..question.clone() };
        let (answer, fault) = match self.check(Some(actor), &dataset, &asked, None) {
            Ok(answered) => (Some(answered.decision), None),
            Err(e) => (None, Some(e.of_the_question().ok_or(e)?)),
        };
        let view = self.view()?;
        let seen = self.dataset_seen(&view, Some(actor), &dataset);
        let published = match seen.and_then(|_| self.numbers(&view, &dataset, self.clock.now())) {
            Ok(numbers) => numbers,
            // a dataset that is not there has no conditions
            Err(error) => error.of_the_question().map(|_| [0; 5]).ok_or(error)?,
        };
        let seen = Seen { of: id, version, size: 0, published };
        Ok(DraftNow { id, version, seen, changed, dataset, question, answer, fault })
    }
}

fn drop_row(op: &mut Operation<'_>, id: &Urn, version: u64) {
    let key = id.to_string();
    op.item = std::mem::take(&mut op.item).guard(Kind::Draft, key.as_str(), version).delete(Kind::Draft, key);
}
