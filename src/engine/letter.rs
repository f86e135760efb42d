//! Letters: what a decision record says, for its addressee, and the receipt of a request. In either language, for whoever may read the case.

use super::{Engine, EngineError};
use crate::labels::SchemaLabels;
use crate::model::Urn;
use crate::model::condition::Lang;
use crate::model::record::{DecisionRecord, RecordType, Reference};
use crate::rights::{Act, Actor};
use crate::text::{self, Ended, Texts};

impl Engine {
    /// The letter of the newest decision on a request: that on an objection, or its end.
    ///
    /// # Errors
    /// No right, no such request, or one that is not decided.
    pub fn letter(&self, actor: &Actor, request: &Urn, lang: Lang) -> Result<String, EngineError> {
        let case = self.case_now(actor, request)?;
        let newest: Option<Reference> = case.objection.and_then(|o| o.decision).or(case.decision);
        let newest = newest.ok_or_else(|| {
            EngineError::state(
                "the request is not decided yet, so there is no letter",
                format!("see what it waits for: datadeal request show {request}"),
            )
        })?;
        let record = self.record::<DecisionRecord>(&newest, RecordType::Decision)?;
        let input = self.kept_input(record.subject.input.as_ref())?;
        let schema = self.schema()?;
        let ended = Ended {
            id: record.id,
            decided: record.valid_from,
            title: &case.dataset.dataset.title,
            decision: &record.subject,
            request: &case.request,
            input: input.as_ref(),
            offer_until: None,
            late: Some(&case.term.late),
        };
        Ok(text::letter(&Texts::new(lang), &SchemaLabels(&schema), &ended))
    }

    /// The receipt of a request: when it came in, and until when there is time to decide.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn receipt(&self, actor: &Actor, request: &Urn, lang: Lang) -> Result<String, EngineError> {
        let (view, case) = (self.view()?, self.case(request)?.value);
        self.rights.require(actor, Act::ReadCase, &self.read_target(&view, actor, &case)?)?;
        Ok(text::receipt(&Texts::new(lang), &*self.received(&case.request)?))
    }
}
