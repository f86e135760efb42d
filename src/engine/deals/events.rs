//! What happens under a deal: users named (`users`), data delivered and corrected, obligations met, incidents, the reuser's view and
//! objection. Rows that are only added, each with who and when; they are not logged, and are erased with the case. No data about data subjects is ever in them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::life::{DealNow, DealState};
use super::offer::is_active;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::Case;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::event::EventType;
use crate::model::record::Deal;
use crate::model::{Digest, OrgId, Salt, Time, Urn, json};
use crate::rights::{Act, Actor};
use crate::store::Kind;

/// Something that happened under a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DealEvent {
    /// Its id.
    pub id: Urn,
    /// The deal.
    pub deal: Urn,
    /// When it was recorded.
    pub at: Time,
    /// The organisation that recorded it.
    pub organisation: OrgId,
    /// The function of the person who did.
    pub function: String,
    /// Digest of the side document that names the person; none where a data server asked and no person did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Digest>,
    /// Keeps the digest of this document from being guessed.
    pub salt: Salt,
    /// What happened.
    pub what: Happened,
}

/// What can happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Happened {
    /// A person may use the data.
    UserNamed(NamedUser),
    /// A person may no longer use them.
    UserRemoved(UserRemoved),
    /// Data were given.
    Delivered(Delivery),
    /// An obligation was met.
    Fulfilled(Fulfilment),
    /// Terms or security were breached.
    Incident(Incident),
    /// The reuser's view on an announced revocation.
    View(View),
    /// The reuser was told that data which it had received were corrected.
    Corrected(Correction),
    /// The reuser objects to a suspension or revocation.
    Objected(Objected),
}

/// A person who may use the data of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NamedUser {
    /// Full name.
    pub name: String,
    /// Function.
    pub function: String,
    /// Which statement was signed, and when.
    pub statement: String,
    /// From this instant; when it is recorded, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Time>,
    /// Before this instant; the end of the deal, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
    /// The pseudonym under which data servers know the person; made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_id: Option<String>,
}

/// A person who no longer may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserRemoved {
    /// The event that named the person.
    pub user: Urn,
    /// Why.
    pub reason: String,
}

/// Data given under a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Delivery {
    /// When; when it is recorded, if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Time>,
    /// Which edition of the dataset; none where a data server did not say: it may be any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The columns; all of the deal, if none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub columns: BTreeSet<String>,
    /// How: a download, a secure environment, a medium; `access/evaluation`, `access/token` or `access/forward-auth` for what data
    /// servers asked about.
    pub channel: String,
    /// How many records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// SHA-256 of what was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// Proof that an obligation was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fulfilment {
    /// The id of the obligation in the deal.
    pub obligation: String,
    /// The delivery or incident after which it fell due, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occasion: Option<Urn>,
    /// What was done, and where the proof is.
    pub proof: String,
    /// SHA-256 of the proof.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
}

/// A breach of terms or of security.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Incident {
    /// When it happened, or was found.
    pub at: Time,
    /// What happened.
    pub nature: String,
    /// Which data are concerned, without data about persons.
    pub data: String,
    /// What was done, and will be.
    pub measures: String,
}

/// A correction of data that were delivered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The edition that was corrected.
    pub edition: String,
}

/// The reuser's view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The record that announced the revocation.
    pub intention: Urn,
    /// What the reuser says.
    pub text: String,
}

/// An objection to a suspension or revocation, for the body that the record of that step names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objected {
    /// The record that is objected to.
    pub step: Urn,
    /// Why.
    pub reasons: String,
}

impl Engine {
    /// Records a delivery of data.
    ///
    /// # Errors
    /// No right, a deal that was not active when the data were given, columns or an edition that it does not give, or a time in the
    /// future.
    pub fn record_delivery(
        &self,
        actor: &Actor,
        deal: &Urn,
        delivery: Delivery,
    ) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, .. }, _, agreed) = self.under(actor, Act::RecordDelivery, deal)?;
        let op = Operation::by(self, actor)?;
        let edition = delivery.edition.as_deref().unwrap_or_default();
        filled(&[(Field::Edition, edition), (Field::Channel, &delivery.channel)])?;
        let at = not_later(delivery.at.unwrap_or(op.now), op.now)?;
        is_active(row.state(at, &agreed), deal)?;
        if let Some(other) = delivery.columns.difference(&agreed.scope.columns).next() {
            let why = format!("`{other}` is not given by the deal");
            return Err(EngineError::input(Field::Columns, why, "a delivery holds only columns of the deal"));
        }
        let editions = &agreed.scope.editions;
        if !editions.is_empty() && !editions.contains(edition) {
            let given = editions.iter().cloned().collect::<Vec<_>>().join(", ");
            let why = format!("`{edition}` is not given by the deal");
            return Err(EngineError::input(Field::Edition, why, format!("the deal gives: {given}")));
        }
        let columns = if delivery.columns.is_empty() { agreed.scope.columns } else { delivery.columns };
        self.happened(op, actor, &row, Happened::Delivered(Delivery { at: Some(at), columns, ..delivery }))
    }

    /// Records that an obligation was met.
    ///
    /// # Errors
    /// No right, an obligation that the deal does not have, or an occasion that is not one of it.
    pub fn prove_obligation(
        &self,
        actor: &Actor,
        deal: &Urn,
        proof: Fulfilment,
    ) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, .. }, ..) = self.under(actor, Act::ProveObligation, deal)?;
        let op = Operation::by(self, actor)?;
        filled(&[(Field::Proof, &proof.proof)])?;
        let known = self.obligations_of(&row, op.now)?;
        if !known.iter().any(|o| o.id == proof.obligation && o.occasion == proof.occasion) {
            let open: Vec<_> = known.iter().map(|o| o.id.as_str()).collect();
            let (what, help) =
                ("obligation of this deal with this occasion", format!("there are: {}", open.join(", ")));
            return Err(EngineError::not_found(what, &proof.obligation, help).named_by(Field::Obligation));
        }
        self.happened(op, actor, &row, Happened::Fulfilled(proof))
    }

    /// Reports an incident; the owner is told at once.
    ///
    /// # Errors
    /// No right, a deal that never was active, a time in the future, or a field that is empty.
    pub fn report_incident(
        &self,
        actor: &Actor,
        deal: &Urn,
        incident: Incident,
    ) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, .. }, ..) = self.under(actor, Act::ReportIncident, deal)?;
        let op = Operation::by(self, actor)?;
        filled(&[
            (Field::Nature, &incident.nature),
            (Field::Data, &incident.data),
            (Field::Measures, &incident.measures),
        ])?;
        not_later(incident.at, op.now)?;
        if row.acceptance.is_none() {
            return Err(EngineError::state("the deal was never concluded", "tell the owner by other means"));
        }
        self.happened(op, actor, &row, Happened::Incident(incident))
    }

    /// Gives the reuser's view on an announced revocation.
    ///
    /// # Errors
    /// No right, nothing announced, or the time for it is over.
    pub fn give_view(&self, actor: &Actor, deal: &Urn, text: &str) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, .. }, _, agreed) = self.under(actor, Act::GiveView, deal)?;
        let op = Operation::by(self, actor)?;
        filled(&[(Field::View, text)])?;
        let open = row.intention().filter(|i| i.view_until.is_some_and(|until| op.now < until));
        let lives =
            matches!(row.state(op.now, &agreed), DealState::Active | DealState::Suspended | DealState::Upcoming);
        let Some(intention) = open.filter(|_| lives) else {
            let help = Mend::by("see it", format!("datadeal deal show {deal}"));
            return Err(EngineError::state("no revocation is announced on which a view can be given now", help));
        };
        let view = View { intention: intention.record.id, text: text.to_owned() };
        self.happened(op, actor, &row, Happened::View(view))
    }

    /// Objects to the newest suspension or revocation of a deal. One that comes too late is taken in as well: that it is inadmissible,
    /// a person says.
    ///
    /// # Errors
    /// No right, no reasons, or nothing to object to.
    pub fn object_to_step(&self, actor: &Actor, deal: &Urn, reasons: &str) -> Result<Pending<DealEvent>, EngineError> {
        let (Loaded { value: row, .. }, ..) = self.under(actor, Act::GiveView, deal)?;
        let op = Operation::by(self, actor)?;
        filled(&[(Field::Reasons, reasons)])?;
        let Some(step) = row.objectionable() else {
            let help = Mend::by("see it", format!("datadeal deal show {deal}"));
            return Err(EngineError::state("the deal was neither suspended nor revoked by its owner", help));
        };
        let objected = Objected { step: step.record.id, reasons: reasons.to_owned() };
        self.happened(op, actor, &row, Happened::Objected(objected))
    }

    /// The last view on an intention, by its digest.
    pub(in crate::engine) fn last_view(&self, deal: &Urn, intention: &Urn) -> Result<Option<Digest>, EngineError> {
        let on = |e: &DealEvent| matches!(&e.what, Happened::View(view) if view.intention == *intention);
        let last = self.events_of(deal)?.into_iter().filter(on).max_by_key(|e| e.at);
        Ok(last.map(|e| json::bytes(&e, "event")).transpose()?.map(|bytes| Digest::of(&bytes)))
    }

    /// What happened under a deal, in order: after one of them, at most `limit`; and what to give as `after` to go on.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn deal_events_after(
        &self,
        actor: &Actor,
        deal: &Urn,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<DealEvent>, Option<Urn>), EngineError> {
        self.readable(actor, deal)?;
        self.page(Kind::DealEvent, Some(&deal.to_string()), after, limit, |row| {
            Ok(Some(rows::parse::<DealEvent>(row)?.value))
        })
    }

    /// One of them, also for who recorded it and may not read the case.
    ///
    /// # Errors
    /// No right, or there is none: it was erased.
    pub fn deal_event(&self, actor: &Actor, deal: &Urn, event: &Urn) -> Result<DealEvent, EngineError> {
        let found = rows::load::<DealEvent>(&*self.store, Kind::DealEvent, &event.to_string())?;
        let found = found.map(|row| row.value).filter(|e| e.deal == *deal);
        if found.as_ref().is_none_or(|e| e.organisation != actor.organisation) {
            self.readable(actor, deal)?;
        }
        found.ok_or_else(|| EngineError::not_found("event of this deal", event, "it was erased meanwhile"))
    }

    pub(in crate::engine) fn events_of(&self, deal: &Urn) -> Result<Vec<DealEvent>, EngineError> {
        rows::all(&*self.store, Kind::DealEvent, Some(&deal.to_string()))
    }

    /// A deal, its case and what it says, for somebody who may do this with it.
    pub(super) fn under(
        &self,
        actor: &Actor,
        act: Act,
        deal: &Urn,
    ) -> Result<(Loaded<DealNow>, Case, Deal), EngineError> {
        let row = self.deal(deal)?;
        let case = self.case(&row.value.case)?.value;
        self.rights.require(actor, act, &case.target())?;
        let agreed = self.deal_record(&row.value)?.subject;
        Ok((row, case, agreed))
    }

    /// Adds a delivery that a data server asked about, to the commit of its answer. It is the owner's.
    pub(in crate::engine) fn delivered_by_access(
        &self,
        op: &mut Operation<'_>,
        row: &DealNow,
        delivery: Delivery,
    ) -> Result<(), EngineError> {
        let by = (row.owner.clone(), "data server".to_owned(), None);
        // who fetches data knows it
        op.by = Some(row.reuser.clone());
        self.write_event(op, row, by, Happened::Delivered(delivery)).map(drop)
    }

    /// Writes down what happened. The deal may change meanwhile: what was recorded happened all the same.
    pub(super) fn happened(
        &self,
        mut op: Operation<'_>,
        actor: &Actor,
        row: &DealNow,
        what: Happened,
    ) -> Result<Pending<DealEvent>, EngineError> {
        let event = self.write_down(&mut op, actor, row, what)?;
        op.made(event.id);
        op.answer(event)
    }

    /// The same in an operation that may write more.
    pub(in crate::engine) fn write_down(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        row: &DealNow,
        what: Happened,
    ) -> Result<DealEvent, EngineError> {
        let person = self.person(&op.view, &actor.person)?;
        self.write_event(op, row, (person.organisation, person.function, Some(person.side)), what)
    }

    fn write_event(
        &self,
        op: &mut Operation<'_>,
        row: &DealNow,
        (organisation, function, person): (OrgId, String, Option<Digest>),
        what: Happened,
    ) -> Result<DealEvent, EngineError> {
        let (id, key) = (op.id()?, row.id.to_string());
        let event =
            DealEvent { id, deal: row.id, at: op.now, organisation, function, person, salt: self.random.salt()?, what };
        let told = match &event.what {
            Happened::UserNamed(_) => row.event(EventType::UserNamed),
            Happened::UserRemoved(_) => row.event(EventType::UserRemoved),
            Happened::Delivered(_) => row.event(EventType::DeliveryRecorded),
            Happened::Fulfilled(_) => row.event(EventType::ObligationMet),
            Happened::Incident(_) => row.event(EventType::IncidentReported),
            Happened::View(_) => row.event(EventType::DealViewGiven),
            Happened::Objected(_) => row.event(EventType::DealObjected),
            Happened::Corrected(correction) => {
                row.event(EventType::DatasetCorrected).state(correction.edition.as_str())
            }
        };
        op.tell(&told)?;
        rows::guard(&mut op.item, Kind::DealEvent, &id.to_string(), 0);
        rows::put(&mut op.item, Kind::DealEvent, &id.to_string(), Some(&key), &event)?;
        Ok(event)
    }
}

/// Refuses a field that says nothing.
pub(super) fn filled(fields: &[(Field, &str)]) -> Result<(), EngineError> {
    match fields.iter().find(|(_, text)| text.trim().is_empty()) {
        Some((field, _)) => Err(EngineError::input(*field, "is empty", "fill it in")),
        None => Ok(()),
    }
}

fn not_later(at: Time, now: Time) -> Result<Time, EngineError> {
    if at > now {
        return Err(EngineError::input(
            Field::At,
            format!("{at} is in the future"),
            "give the instant at which it was",
        ));
    }
    Ok(at)
}
