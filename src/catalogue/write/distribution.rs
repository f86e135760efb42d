//! The forms in which a dataset is given, with the policy that goes with them.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNode, NamedOrBlankNode};

use crate::catalogue::address::Address;
use crate::catalogue::odrl;
use crate::catalogue::statements::Statements;
use crate::catalogue::vocabulary::{CLOSED_LICENCE, MEDIA_TYPES, dcat, dct, odrl as terms, rdfs};
use crate::model::Iri;
use crate::model::dataset::{Access, Dataset};
use crate::model::description::{Description, Distribution};
use crate::model::odrl::Offer;

/// The distributions of a dataset. One with an offer that has none gets one, which leads to where it can be asked for: the profile gives policies a
/// place on a distribution only.
pub(super) fn all(
    s: &mut Statements,
    address: &Address,
    node: &NamedOrBlankNode,
    dataset: &Dataset,
    described: &Description,
    offer: Option<&Offer>,
) {
    // a policy without a rule is none
    let offer = offer.filter(|offer| !offer.permissions.is_empty());
    let mut nodes = Vec::new();
    for (number, distribution) in (1..).zip(&described.distributions) {
        let named = distribution.id.as_ref().and_then(|iri| s.node(iri)).map(NamedOrBlankNode::from);
        let form = named.unwrap_or_else(|| s.ours(&address.dataset(&dataset.slug, &format!("distribution-{number}"))));
        one(s, &form, number, dataset, distribution);
        nodes.push(form);
    }
    // the profile gives a licence a place on forms only; one that none of them has room for would be lost
    if let Some(licence) = &dataset.licence
        && (nodes.is_empty() || described.distributions.iter().any(|form| licence_of(dataset, form) != Some(licence)))
    {
        s.link(node, dct::LICENSE, licence);
    }
    if nodes.is_empty() && offer.is_some() {
        let form = s.ours(&address.dataset(&dataset.slug, "distribution"));
        let place = s.ours(&address.access(&dataset.slug));
        s.add(&form, rdf::TYPE, dcat::DISTRIBUTION_CLASS);
        s.in_its_language(&form, dct::TITLE, &dataset.title, described.title_in.as_deref());
        s.add(&form, dcat::ACCESS_URL, place.clone());
        s.add(&form, dct::LICENSE, NamedNode::new_unchecked(CLOSED_LICENCE));
        s.add(&place, rdf::TYPE, dct::RIGHTS_STATEMENT);
        s.add(&form, dct::RIGHTS, place);
        nodes.push(form);
    }
    for form in &nodes {
        s.add(node, dcat::DISTRIBUTION, form.clone());
    }
    if let Some(offer) = offer {
        let policy = odrl::write::offer(s, address, dataset, offer);
        for form in &nodes {
            s.add(form, terms::HAS_POLICY, policy.clone());
        }
    }
}

/// The licence of a form: its own, else that of an open dataset.
fn licence_of<'a>(dataset: &'a Dataset, form: &'a Distribution) -> Option<&'a Iri> {
    form.licence.as_ref().or(dataset.licence.as_ref().filter(|_| dataset.access == Access::Open))
}

fn one(s: &mut Statements, node: &NamedOrBlankNode, number: usize, dataset: &Dataset, form: &Distribution) {
    s.add(node, rdf::TYPE, dcat::DISTRIBUTION_CLASS);
    if let Some(title) = &form.title {
        s.text(node, dct::TITLE, title);
    }
    if let Some(description) = &form.description {
        s.text(node, dct::DESCRIPTION, description);
    }
    // a form that is only a file is reached at the file
    match form.access_url.as_ref().or(form.download_url.as_ref()) {
        Some(url) => s.link(node, dcat::ACCESS_URL, url),
        None => s.missing(format!("dcat:accessURL of distribution {number}")),
    }
    if let Some(url) = &form.download_url {
        s.link(node, dcat::DOWNLOAD_URL, url);
    }
    match licence_of(dataset, form) {
        Some(licence) => s.link(node, dct::LICENSE, licence),
        None => s.missing(format!("dct:license of distribution {number}")),
    }
    match &form.rights {
        Some(rights) => match address_of(rights) {
            Some(rights) => s.add(node, dct::RIGHTS, rights),
            None => labelled(s, node, dct::RIGHTS, dct::RIGHTS_STATEMENT, rights),
        },
        None if dataset.regime.as_str() == "dga" => s.missing(format!("dct:rights of distribution {number}")),
        None => {}
    }
    if let Some(format) = &form.format {
        match address_of(format) {
            Some(format) => s.add(node, dct::FORMAT, format),
            None => labelled(s, node, dct::FORMAT, dct::MEDIA_TYPE_OR_EXTENT, format),
        }
    }
    if let Some(kind) = &form.media_type {
        match address_of(kind).or_else(|| NamedNode::new(format!("{MEDIA_TYPES}{kind}")).ok()) {
            Some(iri) => s.add(node, dcat::MEDIA_TYPE, iri),
            None => s.left_out(format!("the media type `{kind}`, which is none")),
        }
    }
    if let Some(bytes) = form.byte_size {
        let size = Literal::new_typed_literal(bytes.to_string(), xsd::NON_NEGATIVE_INTEGER);
        s.add(node, dcat::BYTE_SIZE, size);
    }
    for schema in &form.conforms_to {
        s.link(node, dct::CONFORMS_TO, schema);
    }
    for unmapped in &form.unmapped {
        s.unmapped(node, unmapped);
    }
}

/// A text that is an address.
fn address_of(text: &str) -> Option<NamedNode> {
    NamedNode::new(text).ok().filter(|_| text.contains("://"))
}

/// A value that is a text where the profile wants a node.
fn labelled(
    s: &mut Statements,
    node: &NamedOrBlankNode,
    property: oxrdf::NamedNodeRef<'_>,
    class: oxrdf::NamedNodeRef<'_>,
    text: &str,
) {
    let value = s.made(class);
    s.text(&value, rdfs::LABEL, text);
    s.add(node, property, value);
}
