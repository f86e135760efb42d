//! The public register of decisions and deals: one row for each decision that ended a request, with the fields that the law asks for; a
//! decision in whose place another came stays, and says which. Who may be a natural person is withheld always, business secrets where the
//! owner decided so, with a reason.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::agreement::{grounds, obligations};
use super::life::{DealNow, DealState};
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows;
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field};
use crate::model::condition::Bilingual;
use crate::model::record::{DealGround, DealTerm, DecisionRecord, DecisionResult, Fee, Obligation, RecordType};
use crate::model::{Digest, Iri, OrgId, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// A row of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterRow {
    /// The request.
    pub id: Urn,
    /// The record of the decision.
    pub decision: Urn,
    /// The record of the decision that came in its place, on an objection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<Urn>,
    /// In whose name was decided.
    pub body: Bilingual,
    /// When the decision was announced.
    pub decided: Time,
    /// How the request ended.
    pub result: DecisionResult,
    /// The dataset.
    pub dataset: Iri,
    /// Its title.
    pub title: Bilingual,
    /// To whom; none where it is a natural person, or withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addressee: Option<Addressee>,
    /// For which purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The columns that are given.
    pub columns: BTreeSet<String>,
    /// Why the law lets the data be given.
    pub grounds: Vec<DealGround>,
    /// Under which terms: those of the deal, and while there is none those of the decision.
    pub terms: Vec<RegisterTerm>,
    /// What is paid, likewise.
    pub fees: Vec<Fee>,
    /// The deal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deal: Option<Urn>,
    /// How long it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<DealTerm>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<DealState>,
    /// Fields that are withheld, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub withheld: Option<Withheld>,
}

/// A term under which data are given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterTerm {
    /// Its id, which it has in the deal.
    pub id: String,
    /// The clause.
    pub clause: Bilingual,
    /// On what it rests.
    pub legal_basis: String,
    /// Whether a reviewer added it to what the published conditions ask.
    pub extra: bool,
}

impl From<Obligation> for RegisterTerm {
    fn from(obligation: Obligation) -> Self {
        let Obligation { id, kind, clause, legal_basis, .. } = obligation;
        RegisterTerm { id, clause, legal_basis, extra: kind.as_str() == "term" }
    }
}

/// An organisation that a decision is to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Addressee {
    /// Register and number.
    pub organisation: OrgId,
    /// Legal name.
    pub name: String,
}

/// A field that can be withheld as a business secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RegisterField {
    /// To whom.
    Addressee,
    /// For which purpose.
    Purpose,
    /// The columns.
    Columns,
    /// The clauses.
    Terms,
    /// What is paid.
    Fees,
}

/// What of a row is withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// Which fields; none: nothing is withheld any more.
    pub fields: BTreeSet<RegisterField>,
    /// Why.
    pub reason: String,
}

impl Engine {
    /// A page of the register: the decisions of at most `limit` requests, in the order in which the requests came, and what to give as
    /// `after` to go on. `text` is looked for in dataset, addressee and purpose. Nothing is told of datasets that not everybody may see.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn register(
        &self,
        text: Option<&str>,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<RegisterRow>, Option<Urn>), EngineError> {
        let wanted = text.map(str::to_lowercase);
        let (now, view) = (self.clock.now(), self.view()?);
        self.page(Kind::Request, None, after, limit, |row| {
            let case = rows::parse::<Case>(row)?.value;
            if !self.is_public(&view, &case.dataset)? {
                return Ok(Vec::new());
            }
            let mut found = self.register_rows(&case, now)?;
            found.retain(|row| wanted.as_deref().is_none_or(|wanted| row.says(wanted)));
            Ok(found)
        })
    }

    /// Withholds fields of a row as business secrets, or shows them again.
    ///
    /// # Errors
    /// No right, no such request, or no reason.
    pub fn withhold(&self, actor: &Actor, request: &Urn, withheld: &Withheld) -> Result<Pending<()>, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::Withhold, &case.target())?;
        if withheld.reason.trim().is_empty() {
            return Err(EngineError::input(
                Field::Reason,
                "is empty",
                "say why it is a business secret, or no longer one",
            ));
        }
        let mut op = Operation::by(self, actor)?;
        let key = request.to_string();
        let version = self.store.row(Kind::Withheld, &key)?.map_or(0, |row| row.version);
        rows::guard(&mut op.item, Kind::Withheld, &key, version);
        rows::put(&mut op.item, Kind::Withheld, &key, Some(case.owner.as_str()), withheld)?;
        op.made(*request);
        op.answer(())
    }

    /// The rows of a request, its newest decision first; none while it is open, or if it was withdrawn.
    fn register_rows(&self, case: &Case, now: Time) -> Result<Vec<RegisterRow>, EngineError> {
        let ended = case.decision.as_ref().filter(|d| d.result != DecisionResult::Withdrawn);
        let deals = if ended.is_some() { self.deals_of(case)? } else { Vec::new() };
        let withheld = rows::load::<Withheld>(&*self.store, Kind::Withheld, &case.id.to_string())?;
        let withheld = withheld.map(|row| row.value).filter(|withheld| !withheld.fields.is_empty());
        let (mut rows, mut next, mut superseded_by) = (Vec::new(), ended.map(|d| d.record), None);
        while let Some(record) = next {
            let decision = self.record::<DecisionRecord>(&record, RecordType::Decision)?.subject;
            next = decision.supersedes;
            let mut row = RegisterRow { superseded_by, ..self.register_row(case, record.id, decision, &deals, now)? };
            if let Some(withheld) = &withheld {
                withheld.fields.iter().for_each(|field| row.hide(*field));
                row.withheld = Some(withheld.clone());
            }
            superseded_by = Some(row.decision);
            rows.push(row);
        }
        Ok(rows)
    }

    /// The row of a decision. The deal that it shows rests on it: the one that was concluded, else the last that was offered.
    fn register_row(
        &self,
        case: &Case,
        id: Urn,
        decision: DecisionRecord,
        deals: &[DealNow],
        now: Time,
    ) -> Result<RegisterRow, EngineError> {
        let request = self.received(&decision.request)?;
        let told = deals.iter().map(|row| Ok((row, self.deal_record(row)?.subject)));
        let mut told = told.collect::<Result<Vec<_>, EngineError>>()?;
        told.retain(|(_, deal)| deal.decision.record.id == id);
        told.sort_by_key(|(row, _)| row.acceptance.is_none());
        let deal = told.into_iter().next();
        let state = deal.as_ref().map(|(row, deal)| row.state(now, deal));
        let (deal, said) = deal.map_or((None, None), |(row, said)| (Some(row.id), Some(said)));
        let (obligations, fees) = match (&said, &decision.decision) {
            (Some(deal), _) => (deal.obligations.clone(), deal.fees.clone()),
            (None, Some(answer)) if decision.result.grants() => {
                let (mut obligations, fees) = obligations(answer, &request.accepted)?;
                obligations.extend(self.extra_terms(&decision.approvals)?);
                (obligations, fees)
            }
            (None, _) => Default::default(),
        };
        let (organisation, name) = (decision.addressee.clone(), request.applicant_name.clone());
        let shown = self.is_no_person(&organisation, decision.input.as_ref())?;
        Ok(RegisterRow {
            id: case.id,
            decision: id,
            superseded_by: None,
            body: decision.body,
            decided: decision.announcement.at,
            result: decision.result,
            dataset: case.dataset.clone(),
            title: self.dataset(case.dataset.as_str())?.dataset.title,
            addressee: shown.then_some(Addressee { organisation, name }),
            purpose: Some(request.purpose.clone()),
            columns: said.as_ref().map_or(decision.granted, |d| d.scope.columns.clone()),
            grounds: decision.decision.iter().flat_map(grounds).collect(),
            terms: obligations.into_iter().map(RegisterTerm::from).collect(),
            fees,
            deal,
            term: said.map(|deal| deal.term),
            state,
            withheld: None,
        })
    }

    /// Whether who asked is certainly no natural person: a body of government by its register, or what was verified when it was decided.
    /// Nothing unmasks anybody by its own word; and once what was verified is erased, it is withheld for good.
    fn is_no_person(&self, organisation: &OrgId, input: Option<&Digest>) -> Result<bool, EngineError> {
        if organisation.as_str().starts_with("NL.OIN:") {
            return Ok(true);
        }
        let input = self.kept_input(input)?;
        let verified = |fact: &str| input.as_ref().and_then(|i| i.verified.get(fact)).map(|f| &f.value);
        if let Some(person) = verified("naturalPerson").and_then(serde_json::Value::as_bool) {
            return Ok(!person);
        }
        if let Some(form) = verified("legalForm").and_then(serde_json::Value::as_str) {
            return Ok(!matches!(form, "sole-trader" | "partnership" | "foreign"));
        }
        let category = verified("category").and_then(serde_json::Value::as_str);
        Ok(category.is_some_and(|c| !matches!(c, "company" | "information-provider" | "other")))
    }
}

impl RegisterRow {
    fn hide(&mut self, field: RegisterField) {
        match field {
            RegisterField::Addressee => self.addressee = None,
            RegisterField::Purpose => self.purpose = None,
            RegisterField::Columns => self.columns.clear(),
            RegisterField::Terms => self.terms.clear(),
            RegisterField::Fees => self.fees.clear(),
        }
    }

    /// Whether a text in small letters stands in what is shown.
    fn says(&self, text: &str) -> bool {
        let title = [self.title.nl.as_str(), self.title.en.as_str()].into_iter();
        let who = self.addressee.iter().flat_map(|a| [a.name.as_str(), a.organisation.as_str()]);
        let mut shown = title.chain(who).chain([self.dataset.as_str()]).chain(self.purpose.as_deref());
        shown.any(|s| s.to_lowercase().contains(text))
    }
}
