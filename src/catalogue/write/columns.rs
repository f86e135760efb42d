//! The columns of a dataset, its keys and relations, as CSV on the Web. DCAT has no place for them but the standard that a dataset conforms to.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNode, NamedOrBlankNode, Term};

use crate::catalogue::statements::Statements;
use crate::catalogue::vocabulary::{csvw, dct};
use crate::model::dataset::{Column, Dataset};

pub(super) fn all(s: &mut Statements, schema: &NamedOrBlankNode, dataset: &Dataset) {
    s.add(schema, rdf::TYPE, dct::STANDARD);
    s.add(schema, rdf::TYPE, csvw::SCHEMA);
    let columns: Vec<Term> = dataset.columns.iter().map(|column| one(s, column).into()).collect();
    let columns = s.list(columns);
    s.add(schema, csvw::COLUMN, columns);
    for column in &dataset.structure.primary_key {
        s.text(schema, csvw::PRIMARY_KEY, column);
    }
    for relation in &dataset.structure.relations {
        let Some(other) = s.node(&relation.dataset) else { continue };
        let (key, there) = (s.made(csvw::FOREIGN_KEY_CLASS), s.made(csvw::REFERENCE_CLASS));
        for column in &relation.columns {
            s.text(&key, csvw::COLUMN_REFERENCE, column);
        }
        s.add(&there, csvw::RESOURCE, other);
        for column in &relation.references {
            s.text(&there, csvw::COLUMN_REFERENCE, column);
        }
        s.add(&key, csvw::REFERENCE, there);
        s.add(schema, csvw::FOREIGN_KEY, key);
    }
    if dataset.columns.iter().any(|c| c.personal || c.identifying || c.special || !c.group.is_empty()) {
        s.left_out("which columns hold personal data, and their groups");
    }
}

fn one(s: &mut Statements, column: &Column) -> NamedOrBlankNode {
    let node = s.made(csvw::COLUMN_CLASS);
    s.text(&node, csvw::NAME, &column.name);
    if let Some(title) = &column.title {
        s.bilingual(&node, csvw::TITLE, title);
    }
    if let Some(description) = &column.description {
        s.bilingual(&node, dct::DESCRIPTION, description);
    }
    if let Some(datatype) = &column.datatype {
        match built_in(datatype) {
            Some(datatype) => s.add(&node, csvw::DATATYPE, datatype),
            None => s.left_out(format!("the datatype `{datatype}` of column `{}`", column.name)),
        }
    }
    if column.required {
        s.add(&node, csvw::REQUIRED, Literal::new_typed_literal("true", xsd::BOOLEAN));
    }
    if let Some(concept) = &column.concept {
        s.add(&node, csvw::PROPERTY_URL, Literal::new_typed_literal(concept.as_str(), csvw::URI_TEMPLATE));
    }
    node
}

/// A built-in datatype of CSVW: most are named as in XML Schema.
fn built_in(name: &str) -> Option<NamedNode> {
    Some(match name {
        "any" => NamedNode::new_unchecked(format!("{XSD}anyAtomicType")),
        "number" => xsd::DOUBLE.into(),
        "binary" => xsd::BASE_64_BINARY.into(),
        "datetime" => xsd::DATE_TIME.into(),
        "xml" => NamedNode::new_unchecked(format!("{RDF}XMLLiteral")),
        "html" => rdf::HTML.into(),
        "json" => csvw::JSON.into(),
        name if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            NamedNode::new_unchecked(format!("{XSD}{name}"))
        }
        _ => return None,
    })
}

const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
