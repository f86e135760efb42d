//! The catalogue for others: what each dataset is, and the Offer that its conditions in force make, for whoever may see it.

use serde::Serialize;

use crate::catalogue::address::Address;
use crate::catalogue::document::{Document, Format};
use crate::catalogue::write::{self, Gap, Portal, Written};
use crate::conditions::offer;
use crate::engine::known::View;
use crate::engine::requests::check::still_there;
use crate::engine::rows;
use crate::engine::state::{self, DatasetNow, Published};
use crate::engine::{Engine, EngineError, Mend};
use crate::model::condition::{Bilingual, Lang};
use crate::model::dataset::{Access, Dataset};
use crate::model::odrl::Offer;
use crate::model::{Name, Time};
use crate::rights::Actor;
use crate::store::Kind;
use crate::text::Texts;

/// By what address and mail others reach the portal.
#[derive(Debug, Clone)]
pub struct Reached {
    /// The address of the service.
    pub address: String,
    /// A mail address of who answers for it.
    pub mail: String,
}

/// A catalogue, or a part of one.
#[derive(Debug, Clone)]
pub struct Exported {
    /// The document.
    pub document: Vec<u8>,
    /// How many datasets are in it.
    pub datasets: usize,
    /// What the profile demands, and nobody said.
    pub missing: Vec<Gap>,
    /// What was said, and has no place in it.
    pub left_out: Vec<Gap>,
    /// Grounds and conditions that ODRL has no words for, or not for all: the offers name them.
    pub unsaid: Vec<Unsaid>,
}

/// A ground or condition that ODRL cannot say whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsaid {
    /// Of which dataset.
    pub dataset: Name,
    /// Which: `level/id`.
    pub rule: String,
}

impl Engine {
    /// The whole catalogue as somebody may see it, or one dataset of it, by slug or IRI.
    ///
    /// # Errors
    /// There is no such dataset, or the caller may not see it: these are one answer. Its catalogue holds it no more. The store cannot be read.
    pub fn export(
        &self,
        actor: Option<&Actor>,
        name: Option<&str>,
        reached: &Reached,
        format: Format,
    ) -> Result<Exported, EngineError> {
        let now = self.clock.now();
        let view = self.view()?;
        let portal = self.described(&view, reached)?;
        let mut export = Export { document: Document::new(format), told: Exported::nothing() };
        if let Some(name) = name {
            let found = self.dataset_seen(&view, actor, name)?;
            still_there(&found)?;
            self.export_one(&view, &portal, &found.dataset, now, &mut export)?;
            return export.finish();
        }
        let mut ids = Vec::new();
        self.each_visible(actor, |dataset| {
            ids.push(dataset.id);
            Ok(())
        })?;
        export.add(write::head(&portal, ids.iter()))?;
        self.each_visible(actor, |dataset| self.export_one(&view, &portal, &dataset, now, &mut export))?;
        export.finish()
    }

    fn each_visible(
        &self,
        actor: Option<&Actor>,
        mut see: impl FnMut(Dataset) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        rows::each_row(&*self.store, Kind::Dataset, None, |row| {
            let DatasetNow { dataset, gone, .. } = rows::parse(&row)?.value;
            if gone.is_none() && self.sees(actor, &dataset) { see(dataset) } else { Ok(()) }
        })
    }

    fn described(&self, view: &View, reached: &Reached) -> Result<Portal, EngineError> {
        let operator = self.portal.operator.clone();
        let name = self.organisation(view, &operator)?.name;
        let [en, nl] = [Lang::En, Lang::Nl].map(Texts::new);
        let both = |key: &str| {
            let values = [("name", name.as_str().into())];
            Bilingual { en: en.get(key, &values), nl: nl.get(key, &values) }
        };
        Ok(Portal {
            address: Address::new(&reached.address),
            title: both("catalogue-title"),
            description: both("catalogue-description"),
            operator,
            operator_name: name.clone(),
            mail: reached.mail.clone(),
        })
    }

    fn export_one(
        &self,
        view: &View,
        portal: &Portal,
        dataset: &Dataset,
        now: Time,
        export: &mut Export,
    ) -> Result<(), EngineError> {
        let offer = match dataset.access {
            Access::Open => None,
            Access::Conditions | Access::Closed => Some(self.odrl_offer(view, dataset, now)?),
        };
        for rule in offer.iter().flat_map(|o| &o.unsaid) {
            export.told.unsaid.push(Unsaid { dataset: dataset.slug.clone(), rule: rule.clone() });
        }
        export.told.datasets += 1;
        export.add(write::dataset(portal, dataset, offer.as_ref()))
    }

    /// The Offer that the conditions in force make, with the records that published them.
    fn odrl_offer(&self, view: &View, dataset: &Dataset, now: Time) -> Result<Offer, EngineError> {
        let force = self.in_force(view, dataset, now)?;
        let mut offer = offer(&force.schema, &force.slice, dataset);
        for (level, key) in state::set_keys(&dataset.owner, &dataset.id) {
            let Some(text) = offer.texts.iter_mut().find(|text| text.level == level) else { continue };
            let published = self.known::<Published>(view, Kind::ConditionSet, &key)?;
            let version = published.as_ref().and_then(|row| row.value.in_force(now));
            text.record = version.filter(|v| v.text == text.digest).map(|v| v.record.id);
        }
        Ok(offer)
    }
}

struct Export {
    document: Document,
    told: Exported,
}

impl Export {
    fn add(&mut self, written: Written) -> Result<(), EngineError> {
        self.document.add(&written.triples).map_err(unwritable)?;
        self.told.missing.extend(written.missing);
        self.told.left_out.extend(written.left_out);
        Ok(())
    }

    fn finish(self) -> Result<Exported, EngineError> {
        let document = self.document.finish().map_err(unwritable)?;
        Ok(Exported { document, ..self.told })
    }
}

impl Exported {
    fn nothing() -> Self {
        Exported { document: Vec::new(), datasets: 0, missing: Vec::new(), left_out: Vec::new(), unsaid: Vec::new() }
    }
}

fn unwritable(error: std::io::Error) -> EngineError {
    EngineError::state(
        format!("the catalogue could not be written: {error}"),
        Mend::by("try it again", "datadeal dataset export"),
    )
}
