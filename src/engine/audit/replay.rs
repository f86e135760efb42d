//! Replay: a decision of the past decided again from its input and the texts that it names.

use std::sync::Arc;

use serde::Serialize;

use crate::conditions::{Schema, cedar_version, decide};
use crate::engine::rows;
use crate::engine::state::Published;
use crate::engine::{Engine, EngineError, Mend};
use crate::model::decision::Decision;
use crate::model::input::DecisionInput;
use crate::model::record::{ConditionSetPublished, DecisionRecord, RecordType, SchemaPublished, read};
use crate::model::{Digest, Document, Urn, json};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// What came of a replay.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replayed {
    /// The answer as it comes out now.
    pub answer: Decision,
    /// How it differs from the record; none if the bytes are the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<String>,
    /// The version of Cedar that decided then, and the one that decided now, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versions: Option<(String, String)>,
}

impl Engine {
    /// Replays the decision of a request, or a decision by its own id.
    ///
    /// # Errors
    /// No right, no such decision, a withdrawal (which decides nothing), or an input that was erased.
    pub fn replay(&self, actor: &Actor, id: &Urn) -> Result<Replayed, EngineError> {
        let request = match self.store.record(&id.to_string())? {
            Some(stored) if stored.kind == crate::model::entry::EntryType::Decision => {
                stored.about.and_then(|r| r.parse().ok()).unwrap_or(*id)
            }
            _ => *id,
        };
        let case = self.case(&request)?.value;
        self.rights.require(actor, Act::Replay, &case.target())?;
        let undecided = || {
            EngineError::state(
                "there is nothing to replay: the request is not decided, or was withdrawn",
                Mend::by("see it", format!("datadeal request show {request}")),
            )
        };
        let digest = case.decision.and_then(|d| d.input).ok_or_else(undecided)?;
        let erased = || {
            EngineError::state(
                "the input of this decision was erased",
                Mend::by(
                    "signatures and proofs of its bundle still verify",
                    "datadeal deal bundle, then datadeal verify",
                ),
            )
        };
        self.replay_input(&digest)?.ok_or_else(erased)
    }

    /// Replays by the digest of the input; none if the input was erased.
    fn replay_input(&self, digest: &Digest) -> Result<Option<Replayed>, EngineError> {
        let Some(row) = self.store.row(Kind::Input, &digest.to_string())? else { return Ok(None) };
        let parent = row.parent.clone().unwrap_or_default();
        let document = Document::read(row.body)?;
        let same_input = document.digest() == *digest;
        let input: DecisionInput = document.parse("decision input")?;
        let request: Urn = parent.parse()?;
        let case = self.case(&request)?.value;
        let record = case.decision.ok_or_else(|| EngineError::lost("decision of request", request))?.record;
        let recorded = self.record::<DecisionRecord>(&record, RecordType::Decision)?.subject.decision;
        let answer = self.decide_again(&input)?;
        let bytes = |d: &Decision| json::bytes(d, "decision");
        let same = recorded.as_ref().map(&bytes).transpose()? == Some(bytes(&answer)?);
        let difference = match (same_input, same) {
            (true, true) => None,
            (false, _) => Some("the input has another digest than the decision names".to_owned()),
            (true, false) => Some(format!("it comes out as {}, and differs from the record", answer.outcome.as_str())),
        };
        let now = cedar_version();
        let versions = (input.versions.cedar != now).then(|| (input.versions.cedar.clone(), now));
        Ok(Some(Replayed { answer, difference, versions }))
    }

    fn decide_again(&self, input: &DecisionInput) -> Result<Decision, EngineError> {
        let schemas =
            rows::load::<Published>(&*self.store, Kind::Schema, "schema")?.map(|r| r.value).unwrap_or_default();
        let version = schemas.versions.iter().find(|v| v.text == input.schema);
        let version = version.ok_or_else(|| EngineError::lost("schema with the digest", input.schema))?;
        let schema: Arc<Schema> = self.compiled.schema(version.text, || {
            Ok(self.record::<SchemaPublished>(&version.record, RecordType::Schema)?.subject.text)
        })?;
        let mut sets = Vec::new();
        for named in &input.sets {
            sets.push(self.compiled.set(&schema, named.level, named.text, || {
                let lost = || EngineError::lost("condition set", named.record);
                let document = self.document_with(&named.record, None)?.ok_or_else(lost)?;
                let set = read::<ConditionSetPublished>(document, RecordType::ConditionSet)?;
                Ok(set.subject.text)
            })?);
        }
        Ok(decide(&schema, &*self.compiled.slice(&schema, sets)?, input)?)
    }
}
