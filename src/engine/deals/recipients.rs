//! Who received what of a dataset, for its controller; and telling them that what they received was corrected.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::events::{Correction, Happened};
use super::life::DealNow;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::model::{OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// An organisation that received data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Recipient {
    /// Which.
    pub organisation: OrgId,
    /// Legal name.
    pub name: String,
    /// Under which deals.
    pub deals: BTreeSet<Urn>,
    /// Which columns, in all.
    pub columns: BTreeSet<String>,
    /// Which editions, in all, as far as it was said.
    pub editions: BTreeSet<String>,
    /// How often.
    pub deliveries: u64,
    /// The first time.
    pub first: Time,
    /// The last time.
    pub last: Time,
}

/// Which deliveries are asked for. What is left out limits nothing.
#[derive(Debug, Clone, Default)]
pub struct Received {
    /// With this column.
    pub column: Option<String>,
    /// Of this edition, or of one that was not said.
    pub edition: Option<String>,
    /// From this instant.
    pub from: Option<Time>,
    /// Before this instant.
    pub until: Option<Time>,
}

impl Engine {
    /// The organisations that received data of a dataset, by the deliveries that people recorded and those that data servers asked about.
    ///
    /// # Errors
    /// No right, no such dataset or column.
    pub fn recipients(&self, actor: &Actor, dataset: &str, asked: &Received) -> Result<Vec<Recipient>, EngineError> {
        let dataset = self.dataset_seen(&self.view()?, Some(actor), dataset)?.dataset;
        self.rights.require(actor, Act::ReadRecipients, &Target::of_owner(dataset.owner.clone()))?;
        if let Some(column) = asked.column.as_ref().filter(|c| !dataset.column_names().contains(*c)) {
            let known: Vec<_> = dataset.columns.iter().map(|c| c.name.as_str()).collect();
            let help = format!("there are: {}", known.join(", "));
            return Err(EngineError::not_found("column", column, help).named_by(Field::Column));
        }
        let mut found: BTreeMap<OrgId, Recipient> = BTreeMap::new();
        for row in rows::all::<DealNow>(&*self.store, Kind::Deal, Some(dataset.owner.as_str()))? {
            if row.dataset != dataset.id {
                continue;
            }
            for event in self.events_of(&row.id)? {
                let Happened::Delivered(delivery) = event.what else { continue };
                let at = delivery.at.unwrap_or(event.at);
                let wanted = asked.column.as_ref().is_none_or(|c| delivery.columns.contains(c))
                    && asked.edition.as_ref().is_none_or(|e| delivery.edition.as_ref().is_none_or(|given| given == e))
                    && asked.from.is_none_or(|from| from <= at)
                    && asked.until.is_none_or(|until| at < until);
                if !wanted {
                    continue;
                }
                let name = self.organisation(&self.view()?, &row.reuser)?.name;
                let recipient = found.entry(row.reuser.clone()).or_insert_with(|| Recipient {
                    organisation: row.reuser.clone(),
                    name,
                    deals: BTreeSet::new(),
                    columns: BTreeSet::new(),
                    editions: BTreeSet::new(),
                    deliveries: 0,
                    first: at,
                    last: at,
                });
                recipient.deals.insert(row.id);
                recipient.columns.extend(delivery.columns);
                recipient.editions.extend(delivery.edition);
                recipient.deliveries += 1;
                recipient.first = recipient.first.min(at);
                recipient.last = recipient.last.max(at);
            }
        }
        Ok(found.into_values().collect())
    }

    /// Tells everybody who received an edition that it was corrected, and writes that down under each of their deals; gives whom.
    ///
    /// # Errors
    /// No right, no such dataset, or nobody who received it.
    pub fn correct(&self, actor: &Actor, dataset: &str, edition: &str) -> Result<Pending<Vec<Recipient>>, EngineError> {
        let owner = self.dataset_seen(&self.view()?, Some(actor), dataset)?.dataset.owner;
        self.rights.require(actor, Act::NotifyRecipients, &Target::of_owner(owner))?;
        let asked = Received { edition: Some(edition.to_owned()), ..Received::default() };
        let recipients = self.recipients(actor, dataset, &asked)?;
        let mut op = Operation::by(self, actor)?;
        for deal in recipients.iter().flat_map(|r| &r.deals) {
            let what = Happened::Corrected(Correction { edition: edition.to_owned() });
            self.write_down(&mut op, actor, &self.deal(deal)?.value, what)?;
        }
        if recipients.is_empty() {
            let help = Mend::by("see who received what", "datadeal dataset recipients");
            return Err(EngineError::not_found("delivery of the edition", edition, help).named_by(Field::Edition));
        }
        op.answer(recipients)
    }
}
