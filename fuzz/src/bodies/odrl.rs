//! Offers of others, in Turtle or JSON-LD: what is drafted is refused until it is filled in, then loads, and gives nothing to who says nothing.

use std::sync::Arc;

use datadeal::catalogue::address::Address;
use datadeal::catalogue::document::Format;
use datadeal::catalogue::odrl::read::{self, OdrlError};
use datadeal::conditions::cases::answer;
use datadeal::conditions::{Slice, draft, load, offer as drawn};
use datadeal::model::condition::Level;
use datadeal::model::decision::Outcome;
use datadeal::model::odrl::FILL_IN;

use super::facts::{NOW, dataset, empty, schema};

/// A file with an Offer: JSON-LD if it begins as JSON does.
pub fn odrl(bytes: &[u8]) -> bool {
    let json = bytes.iter().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| b"{[".contains(b));
    let format = if json { Format::JsonLd } else { Format::Turtle };
    let offer = match read::offer(bytes, format, &Address::new("https://portal.example.nl")) {
        Ok(offer) => offer,
        Err(OdrlError::Refused(refusals)) => {
            assert!(!refusals.is_empty() && refusals.iter().all(|r| !r.why.is_empty() && !r.help.is_empty()));
            return false;
        }
        Err(OdrlError::Size(_) | OdrlError::Syntax { .. }) => return false,
    };
    let text = match draft(schema(), &offer) {
        Ok(text) => text,
        Err(refusals) => {
            assert!(!refusals.is_empty());
            return false;
        }
    };
    assert!(load(schema(), "policy.cedar", &text, Level::Dataset).is_err(), "a draft is not a set");
    let text = filled_in(&text);
    let set = match load(schema(), "policy.cedar", &text, Level::Dataset) {
        Ok(set) => set,
        // an offer of many constraints is more than one file may hold
        Err(faults) => {
            let large = faults.faults.iter().all(|f| matches!(f.rule, datadeal::conditions::Rule::Size));
            assert!(large, "{faults:?}\n{text}");
            return true;
        }
    };
    let slice = Slice::new(vec![Arc::new(set)]).expect("one set");
    let decision = answer(schema(), &slice, dataset(), NOW.parse().expect("a time"), &empty()).expect("a decision");
    assert_ne!(decision.outcome, Outcome::Permit, "{text}");
    // what is drawn from it again permits in no more ways
    let again = drawn(schema(), &slice, dataset());
    assert_eq!(again.permissions.len(), offer.permissions.len());
    assert!(again.duties.len() >= offer.duties.len() && again.prohibitions.len() == offer.prohibitions.len());
    true
}

/// A draft with words in place of what it leaves open.
pub(super) fn filled_in(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(FILL_IN) {
        let (what, after) = after.split_once('>').expect("a hint ends");
        out.push_str(before);
        out.push_str(if what.contains("P30D") { "P30D after end" } else { "words" });
        rest = after;
    }
    out + rest
}

/// Offers with every part that has a meaning, and one with parts that have none.
pub(super) fn offers() -> Vec<Vec<u8>> {
    let turtle = |body: &str| {
        format!(
            "@prefix odrl: <http://www.w3.org/ns/odrl/2/> .\n@prefix dpv: <https://w3id.org/dpv#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
             @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n@prefix cc: <http://creativecommons.org/ns#> .\n\
             <urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:target <urn:x:d> {body}\n"
        )
    };
    let json = r#"{"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer", "uid": "urn:x:o", "permission": [{"action": "use",
"constraint": [{"leftOperand": "purpose", "operator": "isA", "rightOperand": {"@id": "https://w3id.org/dpv#Marketing"}}], "duty": [{"action": "inform"}]}]}"#;
    let constraint = "; odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:isAnyOf ; odrl:rightOperand dpv:Marketing, dpv:Advertising ] ,
  [ odrl:or ( [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand \"2027-01-01T00:00:00Z\"^^xsd:dateTime ]
  [ odrl:leftOperand odrl:recipient ; odrl:operator odrl:isAnyOf ; odrl:rightOperand <https://portal.example.nl/v1/schema#Category/university> ] ) ] ] .";
    let duties = "; odrl:duty [ odrl:action odrl:attribute ], [ odrl:action odrl:delete ], [ odrl:action odrl:obtainConsent ;
  odrl:consentingParty <https://portal.example.nl/v1/schema#Approval/data-steward> ] , [ odrl:action [ rdf:value odrl:compensate ; odrl:refinement
  [ odrl:leftOperand odrl:payAmount ; odrl:operator odrl:eq ; odrl:rightOperand 12.5 ; odrl:unit <http://publications.europa.eu/resource/authority/currency/EUR> ] ] ] ] ;
  odrl:prohibition [ odrl:action odrl:distribute ] , [ odrl:action cc:CommercialUse ] .";
    let texts = [
        turtle("] ."),
        turtle(constraint),
        turtle(duties),
        json.to_owned(),
        turtle("; odrl:duty [ odrl:action odrl:watermark ] ] ; odrl:conflict odrl:perm ."),
    ];
    texts.into_iter().map(String::into_bytes).collect()
}
