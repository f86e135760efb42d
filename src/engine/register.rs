//! The public register of decisions and deals: one row for each request that has ended, with the fields that the law asks for. Natural
//! persons are withheld always, business secrets where the owner decided so, with a reason.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::case::target;
use super::life::DealState;
use super::operation::{Operation, Pending};
use super::state::{self, Case, Loaded};
use super::{Engine, EngineError};
use crate::model::condition::Bilingual;
use crate::model::record::{
    Deal, DealGround, DealTerm, DecisionRecord, DecisionResult, Fee, RecordType, RequestReceived,
};
use crate::model::{Iri, OrgId, Time, Urn};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// A row of the register.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterRow {
    /// The request.
    pub id: Urn,
    /// In whose name was decided.
    pub body: Bilingual,
    /// When the decision was announced.
    pub decided: Time,
    /// How the request ended.
    pub result: DecisionResult,
    /// The dataset.
    pub dataset: Iri,
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
    /// The terms: the clauses of the deal.
    pub terms: Vec<Bilingual>,
    /// What is paid.
    pub fees: Vec<Fee>,
    /// The title of the dataset, in the deal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Bilingual>,
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
    /// A page of the register, in the order in which the requests came, and what to give as `after` to go on. `text` is looked for in
    /// dataset, addressee and purpose.
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
        let now = self.clock.now();
        self.page(Kind::Request, None, after, limit, |row| {
            let found = self.register_row(&state::parse::<Case>(row)?.value, now)?;
            Ok(found.filter(|row| wanted.as_deref().is_none_or(|wanted| row.says(wanted))))
        })
    }

    /// Withholds fields of a row as business secrets, or shows them again.
    ///
    /// # Errors
    /// No right, no such request, or no reason.
    pub fn withhold(&self, actor: &Actor, request: &Urn, withheld: &Withheld) -> Result<Pending<()>, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::Withhold, &target(&case))?;
        if withheld.reason.trim().is_empty() {
            return Err(EngineError::input("reason", "is empty", "say why it is a business secret, or no longer one"));
        }
        let mut op = Operation::by(self, actor)?;
        let key = request.to_string();
        let version = self.store.row(Kind::Withheld, &key)?.map_or(0, |row| row.version);
        state::guard(&mut op.item, Kind::Withheld, &key, version);
        state::put(&mut op.item, Kind::Withheld, &key, Some(case.owner.as_str()), withheld)?;
        op.made(*request);
        op.answer(())
    }

    /// The row of a request; none while it is open, or if it was withdrawn.
    fn register_row(&self, case: &Case, now: Time) -> Result<Option<RegisterRow>, EngineError> {
        let Some(ended) = case.decision.as_ref().filter(|d| d.result != DecisionResult::Withdrawn) else {
            return Ok(None);
        };
        let decision = self.record::<DecisionRecord>(&ended.record, RecordType::Decision)?.subject;
        let request = self.received(&case.request)?;
        let deal = case.deal.map(|id| self.deal(&id)).transpose()?.map(|row| row.value);
        let said = deal.as_ref().map(|row| self.deal_record(row)).transpose()?.map(|record| record.subject);
        let natural = self.may_be_a_person(case, &request)?;
        let (title, grounds, terms, fees, term) = said.as_ref().map_or_else(Default::default, |d: &Deal| {
            let terms = d.obligations.iter().map(|o| o.clause.clone()).collect();
            (Some(d.title.clone()), d.grounds.clone(), terms, d.fees.clone(), Some(d.term))
        });
        let name = request.applicant_name.clone();
        let mut row = RegisterRow {
            id: case.id,
            body: decision.body,
            decided: decision.announcement.at,
            result: decision.result,
            dataset: case.dataset.clone(),
            addressee: (!natural).then(|| Addressee { organisation: case.applicant.clone(), name }),
            purpose: Some(request.purpose.clone()),
            columns: said.as_ref().map_or(decision.granted, |d| d.scope.columns.clone()),
            grounds,
            terms,
            fees,
            title,
            deal: deal.as_ref().map(|row| row.id),
            term,
            state: deal.zip(said).map(|(row, said)| row.state(now, &said)),
            withheld: None,
        };
        let withheld = state::load::<Withheld>(&*self.store, Kind::Withheld, &case.id.to_string())?;
        if let Some(Loaded { value: withheld, .. }) = withheld.filter(|w| !w.value.fields.is_empty()) {
            withheld.fields.iter().for_each(|field| row.hide(*field));
            row.withheld = Some(withheld);
        }
        Ok(Some(row))
    }

    /// Whether who asked may be a natural person: a sole trader or a partnership, by what it says or what was verified of it. A legal
    /// person is known by its register, or by a form or category that only a legal person has.
    fn may_be_a_person(&self, case: &Case, request: &RequestReceived) -> Result<bool, EngineError> {
        let input = self.kept_input(case.decision.as_ref().and_then(|d| d.input.as_ref()))?;
        let verified = |fact: &str| input.as_ref().and_then(|i| i.verified.get(fact)).map(|f| &f.value);
        let said = |fact: &str| verified(fact).or_else(|| request.declared.get(fact));
        if said("naturalPerson").and_then(serde_json::Value::as_bool) == Some(true) {
            return Ok(true);
        }
        if let Some(form) = said("legalForm").and_then(serde_json::Value::as_str) {
            return Ok(matches!(form, "sole-trader" | "partnership" | "foreign"));
        }
        let government = case.applicant.as_str().starts_with("NL.OIN:");
        let not_person = said("naturalPerson").and_then(serde_json::Value::as_bool) == Some(false);
        let category = said("category").and_then(serde_json::Value::as_str);
        let legal = category.is_some_and(|c| !matches!(c, "company" | "information-provider" | "other"));
        Ok(!(government || not_person || legal))
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
        let title = self.title.iter().flat_map(|t| [t.nl.as_str(), t.en.as_str()]);
        let who = self.addressee.iter().flat_map(|a| [a.name.as_str(), a.organisation.as_str()]);
        let mut shown = title.chain(who).chain([self.dataset.as_str()]).chain(self.purpose.as_deref());
        shown.any(|s| s.to_lowercase().contains(text))
    }

    /// The heads of the columns of [`RegisterRow::cells`].
    pub const HEADS: [&str; 16] = [
        "request",
        "decided",
        "body",
        "result",
        "dataset",
        "title",
        "addressee",
        "number",
        "purpose",
        "columns",
        "grounds",
        "terms",
        "fees",
        "from",
        "until",
        "state",
    ];

    /// The row as cells of a table, in Dutch.
    #[must_use]
    pub fn cells(&self) -> [String; 16] {
        let list = |items: Vec<String>| items.join("; ");
        let day = |at: Time| crate::model::term::local_day(at).to_string();
        let hidden = |field: RegisterField| self.withheld.as_ref().is_some_and(|w| w.fields.contains(&field));
        let or = |field: RegisterField, text: String| if hidden(field) { "niet openbaar".to_owned() } else { text };
        let who = |of: fn(&Addressee) -> String| self.addressee.as_ref().map_or_else(|| "niet openbaar".to_owned(), of);
        [
            self.id.to_string(),
            day(self.decided),
            self.body.nl.clone(),
            self.result.as_str().to_owned(),
            self.dataset.to_string(),
            self.title.as_ref().map_or_else(String::new, |t| t.nl.clone()),
            who(|a| a.name.clone()),
            who(|a| a.organisation.to_string()),
            or(RegisterField::Purpose, self.purpose.clone().unwrap_or_default()),
            or(RegisterField::Columns, list(self.columns.iter().cloned().collect())),
            list(self.grounds.iter().map(|g| g.legal_basis.clone()).collect()),
            or(RegisterField::Terms, list(self.terms.iter().map(|t| t.nl.clone()).collect())),
            or(
                RegisterField::Fees,
                list(
                    self.fees
                        .iter()
                        .map(|f| format!("{} {} {}", f.tariff.currency, f.tariff.cents, f.tariff.per))
                        .collect(),
                ),
            ),
            self.term.map_or_else(String::new, |t| day(t.from)),
            self.term.map_or_else(String::new, |t| day(t.until)),
            self.state.map_or_else(String::new, |s| s.as_str().to_owned()),
        ]
    }
}

/// Rows as CSV (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe.
#[must_use]
pub fn csv(rows: &[RegisterRow]) -> String {
    let cell = |text: &str| {
        let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
        format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
    };
    let line = |cells: &mut dyn Iterator<Item = String>| cells.collect::<Vec<_>>().join(",") + "\r\n";
    let mut out = line(&mut RegisterRow::HEADS.iter().map(|h| (*h).to_owned()));
    for row in rows {
        out += &line(&mut row.cells().iter().map(|c| cell(c)));
    }
    out
}

#[cfg(test)]
mod tests {
    /// No cell can become a formula, and none leaves its place.
    #[test]
    fn a_cell_stays_in_its_place() {
        assert!(super::csv(&[]).starts_with("request,decided,body,"));
        assert_eq!(super::csv(&[]).lines().count(), 1);
    }
}
