//! Mandates and appointments: who may decide or approve what in whose name, until when, and how that ends before its time.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::engine::known::View;
use crate::engine::operation::{About, New, Operation, Pending};
use crate::engine::rows::{self, Loaded};
use crate::engine::state::{MandateNow, Withdrawn};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::condition::Bilingual;
use crate::model::event::{Event, EventType};
use crate::model::record::{Holder, Mandate, MandateWithdrawn, Power, RecordType, Reference};
use crate::model::{Iri, Name, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// A mandate to be given.
#[derive(Debug, Clone)]
pub struct NewMandate {
    /// In whose name.
    pub body: Bilingual,
    /// To whom, by short name.
    pub person: Name,
    /// What it allows.
    pub powers: BTreeSet<Power>,
    /// For which datasets; none: all of the giver's.
    pub datasets: BTreeSet<Iri>,
    /// From this instant; now if none.
    pub from: Option<Time>,
    /// Before this instant.
    pub until: Time,
    /// Where it is published.
    pub published: Option<String>,
}

impl Engine {
    /// Gives a mandate: who may decide, or give one named approval, in whose name.
    ///
    /// # Errors
    /// No right, no such person, an approval that is not in the schema, or a term that is empty.
    pub fn give_mandate(&self, actor: &Actor, giver: &OrgId, new: &NewMandate) -> Result<MandateNow, EngineError> {
        self.rights.require(actor, Act::GiveMandate, &Target::of_owner(giver.clone()))?;
        let person = self.person(&self.view()?, &new.person)?;
        if person.blocked.is_some() {
            return Err(EngineError::Blocked(new.person.clone()));
        }
        for id in &new.datasets {
            let dataset = self.dataset_seen(&self.view()?, Some(actor), id.as_str())?.dataset;
            if dataset.owner != *giver {
                return Err(EngineError::input(
                    Field::MandateDataset,
                    format!("`{}` is of {}, not of {giver}", dataset.slug, dataset.owner),
                    "an owner gives mandates for its own datasets",
                ));
            }
        }
        let mut op = Operation::by(self, actor)?;
        let mut guards = Vec::new();
        let schema = self.schema_in_force(&op.view, &mut guards, op.now)?;
        for power in &new.powers {
            if let Power::Approve(name) = power
                && !schema.list("Approval").is_some_and(|l| l.contains_key(name))
            {
                return Err(EngineError::not_found(
                    "approval",
                    name,
                    Mend::by("see which the schema has", "datadeal schema show"),
                ));
            }
        }
        let from = new.from.unwrap_or(op.now);
        if new.powers.is_empty() || from >= new.until {
            return Err(EngineError::input(
                Field::Mandate,
                "allows nothing, or ends before it begins",
                "name what it allows, and an end after its beginning",
            ));
        }
        let mandate = Mandate {
            body: new.body.clone(),
            giver: giver.clone(),
            organisation: person.organisation,
            person: person.side,
            function: person.function,
            powers: new.powers.clone(),
            datasets: new.datasets.clone(),
            from,
            until: new.until,
            published: new.published.clone(),
        };
        let record = op.sign(New {
            listed: Some(giver.to_string()),
            valid_until: Some(new.until),
            ..New::public(RecordType::Mandate, giver, &mandate)
        })?;
        let row = MandateNow { record, mandate, person: new.person.clone(), withdrawn: None };
        rows::put(&mut op.item, Kind::Mandate, &record.digest.to_string(), Some(giver.as_str()), &row)?;
        op.item.guards.extend(guards);
        op.commit()?;
        Ok(row)
    }

    /// Withdraws a mandate or appointment before its end: from now on nothing is decided or approved under it. What was done before stays
    /// valid. The person's organisation is told.
    ///
    /// # Errors
    /// No right, no such mandate, or one that has ended or was withdrawn.
    pub fn withdraw_mandate(&self, actor: &Actor, id: &Urn) -> Result<Pending<MandateNow>, EngineError> {
        let none = || no_mandate(id);
        let record = self.store.record(&id.to_string())?.ok_or_else(none)?;
        let key = record.digest.to_string();
        let Loaded { value: mut row, version } =
            rows::load::<MandateNow>(&*self.store, Kind::Mandate, &key)?.ok_or_else(none)?;
        let giver = row.mandate.giver.clone();
        self.rights.require(actor, Act::GiveMandate, &Target::of_owner(giver.clone()))?;
        let mut op = Operation::by(self, actor)?;
        if row.withdrawn.is_some() || row.mandate.until <= op.now {
            return Err(EngineError::state("the mandate has ended already", "there is nothing to do"));
        }
        let subject = MandateWithdrawn {
            mandate: row.record,
            giver: giver.clone(),
            actor: self.acting(&op.view, actor, Self::own_authority(actor), Holder::Service)?,
        };
        let record = op.sign(New {
            about: About::Public(&row.record.id),
            listed: Some(row.record.id.to_string()),
            ..New::public(RecordType::MandateWithdrawal, &giver, &subject)
        })?;
        op.made(record.id);
        row.withdrawn = Some(Withdrawn { record, at: op.now });
        rows::guard(&mut op.item, Kind::Mandate, &key, version);
        rows::put(&mut op.item, Kind::Mandate, &key, Some(giver.as_str()), &row)?;
        let event = Event::new(EventType::MandateWithdrawn, giver, Some(row.mandate.organisation.clone()));
        op.tell(&event.state(row.mandate.function.clone()))?;
        op.answer(row)
    }

    /// A mandate by the id of its record.
    ///
    /// # Errors
    /// No right, or no such mandate.
    pub fn mandate(&self, actor: &Actor, id: &Urn) -> Result<MandateNow, EngineError> {
        let found = self.mandates_seen(actor, None)?.into_iter().find(|m| m.record.id == *id);
        found.ok_or_else(|| no_mandate(id))
    }

    /// The mandates that an owner gave, for that owner, and those of all for who runs or audits the portal; the oldest first.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn mandates_seen(&self, actor: &Actor, giver: Option<&OrgId>) -> Result<Vec<MandateNow>, EngineError> {
        let all = self.rights.require(actor, Act::ListOrganisations, &Target::default()).is_ok();
        let of = giver.or_else(|| (!all).then_some(&actor.organisation));
        if let Some(of) = of.filter(|_| !all) {
            self.rights.require(actor, Act::GiveMandate, &Target::of_owner(of.clone()))?;
        }
        self.mandates(of)
    }

    /// The mandates that an owner gave, the oldest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn mandates(&self, giver: Option<&OrgId>) -> Result<Vec<MandateNow>, EngineError> {
        Ok(self.loaded_mandates(giver)?.into_iter().map(|m| m.value).collect())
    }

    fn loaded_mandates(&self, giver: Option<&OrgId>) -> Result<Vec<Loaded<MandateNow>>, EngineError> {
        let found = rows::all_loaded::<MandateNow>(&*self.store, Kind::Mandate, giver.map(OrgId::as_str))?;
        self.in_log_order(found, |m| m.value.record)
    }

    pub(in crate::engine) fn mandates_of(
        &self,
        view: &View,
        giver: &OrgId,
    ) -> Result<Arc<Vec<Loaded<MandateNow>>>, EngineError> {
        self.known_list(view, Kind::Mandate, giver.as_str(), || self.loaded_mandates(Some(giver)))
    }

    /// The mandate of a person for a power on a dataset now, or with whatever power. It is guarded: nothing is written under one that was
    /// withdrawn meanwhile.
    pub(in crate::engine) fn mandate_for(
        &self,
        op: &mut Operation<'_>,
        actor: &Actor,
        giver: &OrgId,
        dataset: &Iri,
        power: Option<&Power>,
    ) -> Result<Option<Reference>, EngineError> {
        let now = op.now;
        let fits = |m: &MandateNow| {
            m.person == actor.person
                && power.is_none_or(|power| m.mandate.powers.contains(power))
                && m.covers(dataset, now)
        };
        let given = self.mandates_of(&op.view, giver)?;
        let Some(Loaded { value, version }) = given.iter().find(|m| fits(&m.value)) else { return Ok(None) };
        rows::guard(&mut op.item, Kind::Mandate, &value.record.digest.to_string(), *version);
        Ok(Some(value.record))
    }
}

fn no_mandate(id: &Urn) -> EngineError {
    EngineError::not_found("mandate", id, Mend::by("see which there are", "datadeal mandate list"))
}
