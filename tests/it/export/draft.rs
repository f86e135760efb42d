//! Offers of others as drafts of condition files.

use std::collections::BTreeSet;

use datadeal::catalogue::address::Address;
use datadeal::catalogue::document::Format;
use datadeal::catalogue::odrl::read::{self, OdrlError};
use datadeal::catalogue::write;
use datadeal::conditions::{Rule, draft, load, offer as drawn};
use datadeal::model::condition::Level;
use datadeal::model::odrl::{FILL_IN, Offer, Refusal};

use super::{full, portal, schema, slice, with_records, written};

const PREFIXES: &str = "@prefix odrl: <http://www.w3.org/ns/odrl/2/> .\n@prefix dct: <http://purl.org/dc/terms/> .\n\
@prefix dpv: <https://w3id.org/dpv#> .\n@prefix cc: <http://creativecommons.org/ns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n@prefix own: <https://portal.example.nl/v1/schema#> .\n";

/// An offer that says everything that has a meaning.
const WHOLE: &str = r#"
<https://example.nl/offer> a odrl:Policy, odrl:Offer ; odrl:uid <https://example.nl/offer> ; dct:title "An offer" ;
    odrl:assigner <https://example.nl/org> ; odrl:target <https://example.nl/id/other> ; odrl:conflict odrl:prohibit ;
    odrl:permission [ a odrl:Permission ; odrl:action odrl:use ;
        odrl:constraint [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand dpv:ScientificResearch ] ,
            [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:gteq ; odrl:rightOperand "2027-01-01T00:00:00Z"^^xsd:dateTime ] ,
            [ odrl:leftOperand odrl:recipient ; odrl:operator odrl:isAnyOf ; odrl:rightOperand <https://portal.example.nl/v1/schema#Category/university>, <https://portal.example.nl/v1/schema#Category/planning-bureau> ] ,
            [ odrl:or ( [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:eq ; odrl:rightOperand dpv:ScientificResearch ]
                [ odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand "2028-01-01T00:00:00Z"^^xsd:dateTime ] ) ] ;
        odrl:duty [ odrl:action odrl:attribute ] , [ odrl:action odrl:delete ; odrl:constraint [ odrl:andSequence (
                [ odrl:leftOperand odrl:event ; odrl:operator odrl:gt ; odrl:rightOperand <https://portal.example.nl/v1/schema#event/end> ]
                [ odrl:leftOperand odrl:elapsedTime ; odrl:operator odrl:lteq ; odrl:rightOperand "P30D"^^xsd:duration ] ) ] ] ,
            [ odrl:action odrl:inform ] ,
            [ odrl:action odrl:obtainConsent ; odrl:consentingParty <https://portal.example.nl/v1/schema#Approval/data-steward> ] ,
            [ odrl:action [ rdf:value odrl:compensate ; odrl:refinement [ odrl:leftOperand odrl:payAmount ; odrl:operator odrl:eq ;
                odrl:rightOperand 500.5 ; odrl:unit <http://publications.europa.eu/resource/authority/currency/EUR> ] ] ] ] ;
    odrl:prohibition [ odrl:action odrl:distribute ] , [ odrl:action cc:CommercialUse ] .
"#;

fn address() -> Address {
    Address::new("https://portal.example.nl")
}

fn read_turtle(text: &str) -> Result<Offer, OdrlError> {
    read::offer(format!("{PREFIXES}{text}").as_bytes(), Format::Turtle, &address())
}

/// The draft with words in place of what it leaves open.
fn filled_in(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(FILL_IN) {
        let (what, after) = after.split_once('>').unwrap();
        out.push_str(before);
        out.push_str(if what.contains("P30D") { "P30D after end" } else { "words" });
        rest = after;
    }
    out + rest
}

/// S-231: a draft is refused until all is filled in, for nothing else, and each place is named.
#[test]
fn a_draft_is_refused_until_it_is_filled_in() {
    let offer = read_turtle(WHOLE).unwrap();
    let text = draft(schema(), &offer).unwrap();
    insta::assert_snapshot!("draft", text);
    let faults = load(schema(), "policy.cedar", &text, Level::Dataset).unwrap_err().faults;
    let rules: BTreeSet<_> = faults.iter().map(|f| format!("{:?}", f.rule)).collect();
    assert_eq!(rules, BTreeSet::from([format!("{:?}", Rule::Annotation)]), "{faults:#?}");
    let left = faults.iter().filter(|f| f.why.contains("still to be filled in")).count();
    assert_eq!((left, faults.len()), (text.matches(FILL_IN).count(), left), "{faults:#?}");
    let set = load(schema(), "policy.cedar", &filled_in(&text), Level::Dataset).unwrap_or_else(|e| panic!("{e:?}"));
    assert_eq!(set.conditions().len(), 11);
}

/// What a draft asks, filled in and published, is what the offer asked.
#[test]
fn a_draft_makes_the_same_offer_again() {
    let offer = read_turtle(WHOLE).unwrap();
    let filled = filled_in(&draft(schema(), &offer).unwrap());
    let again = drawn(schema(), &slice(&filled), &full());
    let mut asked: Vec<_> =
        offer.constraints.iter().chain(&offer.permissions[0].constraints).map(|c| format!("{c:?}")).collect();
    let mut found: Vec<_> =
        again.constraints.iter().chain(&again.permissions[0].constraints).map(|c| format!("{c:?}")).collect();
    // what ODRL can only forbid, the conditions ask for beforehand too
    found.retain(|c| !c.starts_with("Condition("));
    asked.sort();
    found.sort();
    assert_eq!(asked, found);
    assert_eq!(again.prohibitions.len(), 2);
    assert_eq!(again.duties.iter().filter(|d| d.rule.is_some()).count(), 6);
}

/// What a portal writes it can read: an offer all of whose conditions ODRL can say.
#[test]
fn an_offer_of_our_own_is_read_again() {
    let own = r#"
@id("category") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
permit (principal, action == Action::"reuse", resource) when { principal.declared has category && principal.declared.category == Category::"university" };
@id("purpose") @kind("entry") @theme("purpose") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.purpose in Purpose::"dpv:ScientificResearch" || context.now >= datetime("2030-01-01") };
@id("steward") @kind("entry") @theme("rights") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.approvals.contains("data-steward") };
@id("source-named") @kind("promise") @theme("use") @clause_en("c") @clause_nl("c") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.accepted.contains("source-named") };
"#;
    let dataset = full();
    let offer = with_records(drawn(schema(), &slice(own), &dataset));
    assert_eq!(offer.unsaid, Vec::<String>::new());
    for format in [Format::Turtle, Format::JsonLd] {
        let text = written(&write::dataset(&portal(), &dataset, Some(&offer)).triples, format);
        let read = read::offer(text.as_bytes(), format, &address()).unwrap_or_else(|e| panic!("{e}"));
        let text = filled_in(&draft(schema(), &read).unwrap());
        let again = drawn(schema(), &slice(&text), &dataset);
        assert_eq!(again.permissions[0].constraints, offer.permissions[0].constraints, "{text}");
        assert_eq!(again.constraints, offer.constraints, "{text}");
        assert_eq!(again.duties.len(), offer.duties.len(), "{text}");
    }
    // one that refers to its Cedar text has no other meaning than that text
    let text =
        written(&write::dataset(&portal(), &dataset, Some(&super::full_offer(&dataset))).triples, Format::Turtle);
    let read = read::offer(text.as_bytes(), Format::Turtle, &address()).unwrap();
    let refused = draft(schema(), &read).unwrap_err();
    assert!(refused.iter().all(|r| r.help.contains("take that text")), "{refused:#?}");
}

/// JSON-LD in the context of ODRL, which is not fetched.
#[test]
fn json_ld_is_read_without_the_network() {
    let offer = r#"{"@context": "http://www.w3.org/ns/odrl.jsonld", "@type": "Offer", "uid": "https://example.nl/offer",
        "permission": [{"action": "use", "target": "https://example.nl/d", "constraint": [{"leftOperand": "purpose", "operator": "isA",
            "rightOperand": {"@id": "https://w3id.org/dpv#ScientificResearch"}}], "duty": [{"action": "attribute"}]}],
        "prohibition": [{"action": "distribute", "target": "https://example.nl/d"}]}"#;
    let read = read::offer(offer.as_bytes(), Format::JsonLd, &address()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!((read.permissions.len(), read.duties.len(), read.prohibitions.len()), (1, 1, 1), "{read:?}");
    let elsewhere = offer.replace("http://www.w3.org/ns/odrl.jsonld", "https://example.nl/context.jsonld");
    let error = read::offer(elsewhere.as_bytes(), Format::JsonLd, &address()).unwrap_err();
    assert!(
        matches!(&error, OdrlError::Syntax { why, .. } if why.contains("https://example.nl/context.jsonld")),
        "{error}"
    );
}

fn refused(text: &str) -> Vec<Refusal> {
    let drafted = match read_turtle(text) {
        Ok(offer) => draft(schema(), &offer).map(drop),
        Err(OdrlError::Refused(refusals)) => Err(refusals),
        Err(other) => panic!("{other}\n{text}"),
    };
    drafted.unwrap_err()
}

/// Each kind of what has no Cedar meaning is refused by its name.
#[test]
fn what_has_no_cedar_meaning_is_refused_by_name() {
    let constraint = |body: &str| {
        format!("<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:constraint [ {body} ] ] .")
    };
    let policy = |body: &str| format!("<urn:x:o> a odrl:Offer ; {body} odrl:permission [ odrl:action odrl:use ] .");
    let rule = |body: &str| format!("<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; {body} ] .");
    let mut told = String::new();
    for text in [
        "<urn:x:o> a odrl:Set ; odrl:permission [ odrl:action odrl:use ] .".to_owned(),
        "<urn:x:o> a odrl:Offer . <urn:x:p> a odrl:Offer .".to_owned(),
        "<urn:x:o> a odrl:Offer .".to_owned(),
        policy("odrl:conflict odrl:perm ;"),
        policy("odrl:profile <https://example.nl/profile> ;"),
        policy("odrl:inheritFrom <urn:x:p> ;"),
        policy("odrl:prohibition [ odrl:action odrl:derive ] ;"),
        policy("odrl:prohibition [ odrl:action odrl:distribute ; odrl:remedy [ odrl:action odrl:delete ] ] ;"),
        "<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:sell ] .".to_owned(),
        policy("dct:isReplacedBy <urn:x:p> ; dct:coverage \"Utrecht\" ; dct:valid \"2027\" ; dct:title \"An offer\" ;"),
        rule("odrl:assignee <urn:x:somebody>"),
        rule("odrl:target [ a odrl:AssetCollection ]"),
        rule("odrl:duty [ odrl:action odrl:watermark ]"),
        rule("odrl:duty [ odrl:action odrl:attribute ; odrl:consequence [ odrl:action odrl:delete ] ]"),
        rule("odrl:duty [ odrl:action odrl:attribute ; odrl:constraint [ odrl:leftOperand odrl:count ; odrl:operator odrl:eq ; odrl:rightOperand 1 ] ]"),
        rule("odrl:duty [ odrl:action odrl:obtainConsent ; odrl:consentingParty <urn:x:somebody> ]"),
        rule("odrl:duty [ odrl:action odrl:obtainConsent ; odrl:consentingParty <https://portal.example.nl/v1/schema#Approval/nobody> ]"),
        rule("odrl:duty [ odrl:action [ rdf:value odrl:compensate ; odrl:refinement [ odrl:leftOperand odrl:payAmount ; odrl:operator odrl:eq ; odrl:rightOperand 1.005 ] ] ]"),
        constraint("odrl:leftOperand odrl:spatial ; odrl:operator odrl:eq ; odrl:rightOperand <urn:x:nl>"),
        constraint("odrl:leftOperand odrl:purpose ; odrl:operator odrl:isNoneOf ; odrl:rightOperand dpv:Marketing"),
        constraint("odrl:leftOperand odrl:purpose ; odrl:operator odrl:eq ; odrl:rightOperand dpv:Marketing, dpv:ScientificResearch"),
        constraint("odrl:leftOperand odrl:recipient ; odrl:operator odrl:eq ; odrl:rightOperand own:Category\\/university, own:Category\\/company"),
        constraint("odrl:leftOperand odrl:recipient ; odrl:operator odrl:isNoneOf ; odrl:rightOperand own:Category\\/company"),
        constraint("odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand <urn:x:fun>"),
        constraint("odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand dpv:NotAPurpose"),
        constraint("odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperand \"soon\""),
        constraint("odrl:leftOperand odrl:dateTime ; odrl:operator odrl:lt ; odrl:rightOperandReference <urn:x:then>"),
        constraint("odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand dpv:Marketing ; odrl:status 1"),
        constraint("odrl:xone ( [ odrl:leftOperand odrl:purpose ; odrl:operator odrl:isA ; odrl:rightOperand dpv:Marketing ] )"),
        constraint("odrl:or ( )"),
        constraint("odrl:or ( \"nothing\" )"),
        "<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:constraint _:a ] . _:a odrl:and _:a .".to_owned(),
        "<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:constraint [ odrl:and _:l ] ] . _:l rdf:first _:l ; rdf:rest _:l .".to_owned(),
        "<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ; odrl:duty [ odrl:action odrl:attribute ] ] , [ odrl:action odrl:use ] .".to_owned(),
    ] {
        told.push_str(&format!("{text}\n"));
        for refusal in refused(&text) {
            told.push_str(&format!("  {}: {}\n    {}\n", refusal.place, refusal.why, refusal.help));
        }
    }
    insta::assert_snapshot!("refused", told);
}

/// What cannot be parsed, and what is too large, is refused with its place.
#[test]
fn broken_files_are_refused() {
    let error = read_turtle("<urn:x:o> a odrl:Offer ;\n odrl:permission [").unwrap_err();
    assert!(matches!(error, OdrlError::Syntax { line, .. } if line > 7), "{error}");
    let error = read::offer(b"{\"@context\": 1", Format::JsonLd, &address()).unwrap_err();
    assert!(matches!(error, OdrlError::Syntax { .. }), "{error}");
    let large = " ".repeat(read::MAX_FILE + 1);
    assert!(matches!(read::offer(large.as_bytes(), Format::Turtle, &address()), Err(OdrlError::Size(_))));
    let many: String = (0..=read::MAX_TRIPLES).map(|n| format!("<urn:x:{n}> a <urn:x:c> .\n")).collect();
    assert!(matches!(read::offer(many.as_bytes(), Format::Turtle, &address()), Err(OdrlError::Size(_))));
}
