//! The neighbours of the demo: twelve invented bodies with two dozen subjects each, under a handful of conditions from the library, so that a
//! visitor can ask what may be used among hundreds of datasets. `examples/neighbours.json` says who and what.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::StoryError;
use super::stage::Stage;
use crate::conditions::cases::Cases;
use crate::conditions::library;
use crate::engine::{KeyPlace, NewKey, NewPerson, NewSet};
use crate::model::condition::{Bilingual, Level};
use crate::model::dataset::{Access, Alternative, Column, Dataset, Objection, Terms};
use crate::model::description::Description;
use crate::model::record::KeyUse;
use crate::model::structure::Structure;
use crate::model::{Iri, Name, OrgId, json};
use crate::rights::{Actor, Role};

/// Where the invented bodies live.
const WEB: &str = "https://data.voorbeeld.example";

/// `examples/neighbours.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Neighbours {
    bodies: Vec<Body>,
    subjects: Vec<Subject>,
    /// Under which conditions, by name.
    terms: BTreeMap<Name, Under>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    id: OrgId,
    slug: Name,
    name: String,
}

/// What each body has data about.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Subject {
    slug: Name,
    title: Bilingual,
    description: Bilingual,
    theme: Iri,
    terms: Name,
    personal_data: bool,
    columns: Vec<String>,
}

/// Conditions that several datasets have in common.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Under {
    access: Access,
    /// Folders of the library, one after the other.
    #[serde(default)]
    library: Vec<Name>,
    /// Whether the ground of `examples/agreement.cedar` stands before them.
    #[serde(default)]
    ground: bool,
    /// What such a set must answer.
    #[serde(default)]
    cases: Option<Cases>,
}

impl Stage {
    /// Brings the neighbours to the portal: their datasets in one import, and a set for each that is not open.
    ///
    /// # Errors
    /// The file or one of its sets is none, or the portal cannot be written.
    pub fn settle_neighbours(&self) -> Result<(), StoryError> {
        let Neighbours { bodies, subjects, terms } = json::read(library::NEIGHBOURS.as_bytes(), "neighbours.json")?;
        let under = |subject: &Subject| {
            let unknown = || StoryError::Unknown { what: "the terms", name: subject.terms.to_string() };
            terms.get(&subject.terms).ok_or_else(unknown)
        };
        let mut datasets = Vec::with_capacity(bodies.len() * subjects.len());
        for body in &bodies {
            for subject in &subjects {
                datasets.push(dataset(body, subject, under(subject)?)?);
            }
        }
        let owners = bodies.iter().map(|body| self.body(body)).collect::<Result<Vec<_>, _>>()?;
        self.engine.add_datasets(self.operator(), &datasets)?;
        let of = owners.iter().flat_map(|owner| subjects.iter().map(move |subject| (owner, subject)));
        for ((owner, subject), dataset) in of.zip(&datasets) {
            if let Some(set) = set(subject, under(subject)?, dataset)? {
                self.engine.publish_conditions(owner, &set)?;
            }
        }
        Ok(())
    }

    /// A body with its key, and the person who publishes for it.
    fn body(&self, body: &Body) -> Result<Actor, StoryError> {
        self.engine.add_organisation(self.operator(), &body.id, &body.name)?;
        let new = NewKey {
            organisation: &body.id,
            place: KeyPlace::Service,
            uses: BTreeSet::from([KeyUse::Keys, KeyUse::Conditions, KeyUse::Deals, KeyUse::Mandates, KeyUse::Status]),
            checked: Some("verzonnen orgaan: staat in geen register".to_owned()),
            revokes: BTreeSet::new(),
            recovery: false,
        };
        self.engine.state_key(self.operator(), &new)?;
        let person: Name = format!("{}-publisher", body.slug).parse()?;
        let function = "functionaris open data".to_owned();
        let new = NewPerson {
            person: person.clone(),
            organisation: body.id.clone(),
            name: function.clone(),
            function,
            roles: BTreeSet::from([Role::OwnerAdmin]),
        };
        self.engine.add_person(self.operator(), &new)?;
        Ok(self.engine.actor(&person)?)
    }
}

fn dataset(body: &Body, subject: &Subject, under: &Under) -> Result<Dataset, StoryError> {
    let (here, open) = (format!("{WEB}/{}/{}", body.slug, subject.slug), under.access == Access::Open);
    let named = |text: &str, of: &str| format!("{text}, {of}");
    let both = |text: &Bilingual| Bilingual { en: named(&text.en, &body.name), nl: named(&text.nl, &body.name) };
    let column = |name: &String| Column { name: name.clone(), personal: subject.personal_data, ..Column::default() };
    let body_of = Bilingual { en: body.name.clone(), nl: body.name.clone() };
    let aggregate = Alternative {
        kind: "aggregate".parse()?,
        title: Bilingual { en: "Counts by neighbourhood".to_owned(), nl: "Aantallen per buurt".to_owned() },
        iri: format!("{here}/counts").parse()?,
    };
    Ok(Dataset {
        id: here.parse()?,
        slug: format!("{}-{}", subject.slug, body.slug).parse()?,
        title: both(&subject.title),
        description: subject.description.clone(),
        owner: body.id.clone(),
        competent_body: body_of.clone(),
        executor: None,
        publisher: body.name.clone(),
        access: under.access,
        licence: open.then(|| "http://creativecommons.org/licenses/by/4.0/".parse()).transpose()?,
        regime: if open { "open" } else { "dga" }.parse()?,
        law: if open { "Wet hergebruik van overheidsinformatie" } else { "Datagovernanceverordening" }.to_owned(),
        personal_data: subject.personal_data,
        special_categories: false,
        embargo_until: None,
        columns: subject.columns.iter().map(column).collect(),
        alternatives: if subject.personal_data { vec![aggregate] } else { Vec::new() },
        term: Terms { objection: Objection { body: body_of, web: format!("{WEB}/{}", body.slug).parse()?, weeks: 6 } },
        described: Some(Box::new(Description { themes: vec![subject.theme.clone()], ..Description::default() })),
        structure: Structure::default(),
        audience: None,
    })
}

/// The set of a dataset; none where it is open, or no conditions are published yet.
fn set(subject: &Subject, under: &Under, dataset: &Dataset) -> Result<Option<NewSet>, StoryError> {
    let Some(cases) = &under.cases else { return Ok(None) };
    let mut texts = Vec::new();
    if under.ground {
        texts.push(library::AGREEMENT);
    }
    for name in &under.library {
        let unknown = || StoryError::Unknown { what: "a folder of the library", name: name.to_string() };
        texts.push(library::folder(name.as_str()).ok_or_else(unknown)?.policy);
    }
    Ok(Some(NewSet {
        name: format!("neighbours/{}", subject.terms),
        text: texts.join("\n"),
        cases: cases.clone(),
        level: Level::Dataset,
        owner: None,
        dataset: Some(dataset.slug.to_string()),
        from: None,
        automatic_refusals: false,
        transition: None,
        automatic_suspension: false,
    }))
}
