//! What a source says of a dataset for finding it and for using it, in the terms of DCAT-AP-NL 3.0. No condition reads any of it, so a change here
//! makes no new version of the dataset.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::condition::Bilingual;
use super::{Day, Iri};

/// What a source says of a dataset beside what decides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Description {
    /// The identifier in its source (`dct:identifier`), where that is not the IRI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// The one language in which its source has the title (BCP 47; `und` where it says none): the other text is a copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_in: Option<String>,
    /// The same of what it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description_in: Option<String>,
    /// Words to find it by (`dcat:keyword`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<Keyword>,
    /// What it is about (`dcat:theme`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<Iri>,
    /// The languages of the data (`dct:language`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Iri>,
    /// Its page (`dcat:landingPage`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub landing_page: Option<Iri>,
    /// Pages about it (`foaf:page`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documentation: Vec<Iri>,
    /// Whom to ask (`dcat:contactPoint`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Who made it (`dct:creator`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Agent>,
    /// The publisher in its source (`dct:publisher`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Agent>,
    /// Who holds the data that it was made from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub source_holders: Vec<Agent>,
    /// Published on (`dct:issued`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<Day>,
    /// Last changed on (`dct:modified`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<Day>,
    /// How often it is brought up to date (`dct:accrualPeriodicity`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<Iri>,
    /// The places that it covers (`dct:spatial`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spatial: Vec<Iri>,
    /// The time that it covers (`dct:temporal`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporal: Option<Temporal>,
    /// The access level in its source, with the reason why it is not open, where the source says one (`dct:accessRights`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_rights: Option<Iri>,
    /// The law that it rests on (`donl:legalFoundation`, `dcatap:applicableLegislation`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legislation: Vec<Legislation>,
    /// What it costs, in words, where no condition of kind `fee` says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Bilingual>,
    /// The forms in which it is given (`dcat:distribution`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub distributions: Vec<Distribution>,
    /// What has no place above, as its source writes it: kept and shown, never dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<Unmapped>,
}

/// A word to find a dataset by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Keyword {
    /// The word.
    pub text: String,
    /// Its language (BCP 47); none where the source says none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
}

/// Whom to ask about a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContactPoint)]
pub struct Contact {
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A mail address, without `mailto:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// A page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<Iri>,
    /// A telephone number, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

/// Somebody who acts: at least one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// In a register of organisations, as TOOI or OWMS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iri: Option<Iri>,
    /// The name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A stretch of time; an end that is not there is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Temporal {
    /// From this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// Until and with this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// An act that a dataset rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Legislation {
    /// What it is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The text in the law's own register: a Juriconnect reference (`jci1.3:c:BWBR...`), or an article as it is cited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Where it can be read; an ELI for European acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iri: Option<Iri>,
    /// In force from this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// In force before this day; none while it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
}

/// A form in which a dataset is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Distribution {
    /// Its IRI in its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Iri>,
    /// Title, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The page that leads to it (`dcat:accessURL`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_url: Option<Iri>,
    /// The file itself (`dcat:downloadURL`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download_url: Option<Iri>,
    /// The file format (`dct:format`), a file type of the EU list where the source says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The media type (`dcat:mediaType`), `text/csv` or its IRI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Its licence (`dct:license`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<Iri>,
    /// What else is said of rights (`dct:rights`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// Bytes (`dcat:byteSize`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub byte_size: Option<u64>,
    /// The schema of the data in this form (`dct:conformsTo`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conforms_to: Vec<Iri>,
    /// What has no place above, as its source writes it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<Unmapped>,
}

/// A statement of the source that has no place here.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unmapped {
    /// The property, an IRI or the name of a member.
    pub property: String,
    /// Its value: an RDF term in N-Triples, or JSON, on one line.
    pub value: String,
}
