//! From datasets and their conditions to DCAT-AP-NL 3.0. What the profile demands and nobody said is named, never invented; what was said and has no
//! place is named too.

mod columns;
mod dataset;
mod distribution;
mod parties;

use oxrdf::vocab::rdf;

use super::address::Address;
use super::statements::Statements;
pub use super::statements::{Gap, Written};
use super::vocabulary::{dcat, dct};
use crate::model::condition::Bilingual;
use crate::model::dataset::Dataset;
use crate::model::description::{Agent, Contact};
use crate::model::odrl::Offer;
use crate::model::{Iri, OrgId};

/// The portal whose catalogue it is.
#[derive(Debug, Clone)]
pub struct Portal {
    /// Where others reach it.
    pub address: Address,
    /// What the catalogue is called.
    pub title: Bilingual,
    /// What it is.
    pub description: Bilingual,
    /// Who runs it.
    pub operator: OrgId,
    /// The legal name of who runs it.
    pub operator_name: String,
    /// A mail address of who answers for it.
    pub mail: String,
}

/// The head of a catalogue: what is said of it as a whole, with the datasets that are in it.
#[must_use]
pub fn head<'a>(portal: &Portal, datasets: impl Iterator<Item = &'a Iri>) -> Written {
    let mut s = Statements::new(None);
    let catalogue = s.ours(&portal.address.catalogue());
    s.add(&catalogue, rdf::TYPE, dcat::CATALOG);
    s.bilingual(&catalogue, dct::TITLE, &portal.title);
    s.bilingual(&catalogue, dct::DESCRIPTION, &portal.description);
    let publisher = Agent {
        iri: portal.address.organisation(&portal.operator).parse().ok(),
        name: Some(portal.operator_name.clone()),
    };
    s.agent(&catalogue, dct::PUBLISHER, &publisher, None);
    let contact =
        Contact { name: Some(portal.operator_name.clone()), email: Some(portal.mail.clone()), ..Contact::default() };
    s.contact(&catalogue, &contact);
    let before = s.count();
    for id in datasets {
        s.link(&catalogue, dcat::DATASET, id);
    }
    if s.count() == before {
        s.missing("dcat:dataset");
    }
    s.finish()
}

/// What is said of one dataset, with the Offer that its conditions make.
#[must_use]
pub fn dataset(portal: &Portal, dataset: &Dataset, offer: Option<&Offer>) -> Written {
    dataset::written(&portal.address, dataset, offer)
}
