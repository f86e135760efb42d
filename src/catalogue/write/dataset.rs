//! One dataset.

use oxrdf::vocab::rdf;
use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use oxttl::NTriplesParser;

use super::distribution;
use crate::catalogue::address::Address;
use crate::catalogue::statements::{Statements, Written};
use crate::catalogue::vocabulary::{access, dcat, dcatap, dct, donl, eli, foaf, rdfs, role};
use crate::model::condition::Bilingual;
use crate::model::dataset::{Access, Dataset};
use crate::model::description::{Agent, Description, Legislation, Temporal, Unmapped};
use crate::model::odrl::Offer;

pub(super) fn written(address: &Address, dataset: &Dataset, offer: Option<&Offer>) -> Written {
    let mut s = Statements::new(Some(&dataset.slug));
    let nothing = Description::default();
    let described = dataset.described.as_deref().unwrap_or(&nothing);
    let Some(node) = s.node(&dataset.id).map(NamedOrBlankNode::from) else { return s.finish() };
    s.add(&node, rdf::TYPE, dcat::DATASET_CLASS);
    said(&mut s, &node, dataset, described);
    parties(&mut s, &node, dataset, described);
    rights(&mut s, &node, dataset, described);
    columns(&mut s, address, &node, dataset);
    distribution::all(&mut s, address, &node, dataset, described, offer);
    for unmapped in &described.unmapped {
        s.unmapped(&node, unmapped);
    }
    s.finish()
}

fn said(s: &mut Statements, node: &NamedOrBlankNode, dataset: &Dataset, described: &Description) {
    s.in_its_language(node, dct::TITLE, &dataset.title, described.title_in.as_deref());
    s.in_its_language(node, dct::DESCRIPTION, &dataset.description, described.description_in.as_deref());
    s.text(node, dct::IDENTIFIER, described.identifier.as_deref().unwrap_or(dataset.id.as_str()));
    for word in &described.keywords {
        let plain = || Literal::new_simple_literal(&word.text);
        let tagged = |lang: &String| Literal::new_language_tagged_literal(&word.text, lang).ok();
        s.add(node, dcat::KEYWORD, word.lang.as_ref().and_then(tagged).unwrap_or_else(plain));
    }
    if described.themes.is_empty() {
        s.missing("dcat:theme");
    }
    for (property, iris) in [
        (dcat::THEME, &described.themes),
        (dct::LANGUAGE, &described.languages),
        (foaf::PAGE, &described.documentation),
        (dct::SPATIAL, &described.spatial),
        (dct::CONFORMS_TO, &dataset.structure.models),
    ] {
        for iri in iris {
            s.link(node, property, iri);
        }
    }
    for (property, iri) in [(dcat::LANDING_PAGE, &described.landing_page), (dct::FREQUENCY, &described.frequency)] {
        if let Some(iri) = iri {
            s.link(node, property, iri);
        }
    }
    s.day(node, dct::ISSUED, described.issued);
    s.day(node, dct::MODIFIED, described.modified);
    if let Some(Temporal { from, until }) = described.temporal {
        let period = s.made(dct::PERIOD);
        s.day(&period, dcat::START_DATE, from);
        s.day(&period, dcat::END_DATE, until);
        s.add(node, dct::TEMPORAL, period);
    }
    for alternative in &dataset.alternatives {
        if let Some(other) = s.node(&alternative.iri) {
            s.add(node, dct::RELATION, other.clone());
            s.bilingual(&other.into(), rdfs::LABEL, &alternative.title);
        }
    }
    if described.price.is_some() {
        s.left_out("the price in words");
    }
}

fn parties(s: &mut Statements, node: &NamedOrBlankNode, dataset: &Dataset, described: &Description) {
    match &described.contact {
        Some(contact) => s.contact(node, contact),
        None => s.missing("dcat:contactPoint"),
    }
    match &described.creator {
        Some(creator) => s.agent(node, dct::CREATOR, creator, None),
        None => s.missing("dct:creator"),
    }
    let publisher = described.publisher.clone().unwrap_or(Agent { iri: None, name: None });
    s.agent(node, dct::PUBLISHER, &publisher, Some(&dataset.publisher));
    let named = |name: &Bilingual| Agent { iri: None, name: Some(name.nl.clone()) };
    s.attributed(node, &named(&dataset.competent_body), role::OWNER);
    if let Some(executor) = &dataset.executor {
        s.attributed(node, &named(executor), role::CUSTODIAN);
    }
    for holder in &described.source_holders {
        s.attributed(node, holder, role::ORIGINATOR);
    }
}

fn rights(s: &mut Statements, node: &NamedOrBlankNode, dataset: &Dataset, described: &Description) {
    let level = match dataset.access {
        Access::Open => access::PUBLIC,
        Access::Conditions => access::RESTRICTED,
        Access::Closed => access::NON_PUBLIC,
    };
    s.add(node, dct::ACCESS_RIGHTS, level);
    // the profile has room for one of three; a reason that the source gives stands beside it
    if let Some(reason) = described.access_rights.as_ref().filter(|iri| iri.as_str() != level.as_str()) {
        s.link(node, dct::RIGHTS, reason);
    }
    let told = |act: &Legislation| act.label.as_deref() == Some(dataset.law.as_str());
    let law = Legislation {
        label: Some(dataset.law.clone()).filter(|law| !law.trim().is_empty()),
        reference: None,
        iri: None,
        from: None,
        until: None,
    };
    for act in described
        .legislation
        .iter()
        .chain(Some(&law).filter(|l| l.label.is_some() && !described.legislation.iter().any(told)))
    {
        let named = act.iri.as_ref().and_then(|iri| s.node(iri)).map(NamedOrBlankNode::from);
        let about = named.unwrap_or_else(|| s.blank());
        s.add(&about, rdf::TYPE, eli::LEGAL_RESOURCE);
        if let Some(label) = &act.label {
            s.text(&about, rdfs::LABEL, label);
        }
        if let Some(reference) = &act.reference {
            s.text(&about, donl::JURICONNECT, reference);
        }
        s.day(&about, eli::IN_FORCE_FROM, act.from);
        s.day(&about, eli::NO_LONGER_IN_FORCE, act.until);
        s.add(node, dcatap::APPLICABLE_LEGISLATION, about);
    }
}

fn columns(s: &mut Statements, address: &Address, node: &NamedOrBlankNode, dataset: &Dataset) {
    if dataset.columns.is_empty() {
        return;
    }
    let schema = s.ours(&address.dataset(&dataset.slug, "columns"));
    s.add(node, dct::CONFORMS_TO, Term::from(schema.clone()));
    super::columns::all(s, &schema, dataset);
}

impl Statements {
    /// A text that its source has in one language only is written in that one: the other is a copy.
    pub(super) fn in_its_language(
        &mut self,
        node: &NamedOrBlankNode,
        property: NamedNodeRef<'_>,
        text: &Bilingual,
        lang: Option<&str>,
    ) {
        match lang {
            None => self.bilingual(node, property, text),
            Some(lang) => match Literal::new_language_tagged_literal(&text.nl, lang) {
                Ok(literal) if lang != "und" => self.add(node, property, literal),
                _ => self.text(node, property, &text.nl),
            },
        }
    }

    /// A statement that a source made and that has no place of its own: as it was.
    pub(super) fn unmapped(&mut self, subject: &NamedOrBlankNode, unmapped: &Unmapped) {
        let Unmapped { property, value } = unmapped;
        let line = format!("<urn:x:s> <urn:x:p> {value} .");
        let term = NTriplesParser::new().for_slice(line.as_bytes()).next().and_then(Result::ok).map(|t| t.object);
        match (NamedNode::new(property), term.filter(|t| !t.is_blank_node())) {
            (Ok(property), Some(term)) => self.add(subject, property.as_ref(), term),
            _ => self.left_out(property.clone()),
        }
    }
}
