//! `conditions publish`: what a new version changes, before and after it is published.

use super::{OWNER, Place, snapshot};

/// The first version of a small set, and what its owner makes of it.
const FIRST: &str = r#"@id("research")
@label_en("Research organisations")
@label_nl("Onderzoeksorganisaties")
@hint_en("The law opens these data to research organisations only.")
@hint_nl("De wet stelt deze gegevens alleen open voor onderzoeksorganisaties.")
@legal_basis("Licentie")
permit (principal, action == Action::"reuse", resource)
when { principal.declared has category && principal.declared.category == Category::"university" };

@id("purpose")
@kind("entry")
@theme("purpose")
@label_en("Only research")
@label_nl("Alleen onderzoek")
@hint_en("Choose scientific research.")
@hint_nl("Kies wetenschappelijk onderzoek.")
@legal_basis("Licentie")
forbid (principal, action == Action::"reuse", resource)
unless { context.purpose in Purpose::"dpv:ScientificResearch" };

@id("report")
@kind("duty")
@theme("use")
@label_en("A report on the use")
@label_nl("Een verslag van het gebruik")
@hint_en("Accept this duty.")
@hint_nl("Aanvaard deze plicht.")
@clause_en("The reuser sends a report.")
@clause_nl("De hergebruiker stuurt een verslag.")
@due("P6M after end")
@legal_basis("Licentie")
forbid (principal, action == Action::"reuse", resource)
unless { context.accepted.contains("report") };
"#;

const CASES: &str = r#"{"now": "2026-11-25T09:00:00Z", "cases": [
    {"name": "a university", "declared": {"category": "university"}, "purpose": "dpv:ScientificResearch", "expect": "permit"},
    {"name": "a university without a report", "declared": {"category": "university"}, "purpose": "dpv:ScientificResearch",
        "declined": ["report"], "expect": "deny", "failing": ["report"]},
    {"name": "a company", "declared": {"category": "company"}, "purpose": "dpv:ScientificResearch", "expect": "no_ground"}
]}"#;

/// A plan is asked as well, the report comes sooner, and the ground is written in another way.
fn second() -> (String, String) {
    let text = FIRST
        .replace("ScientificResearch\" };", "ScientificResearch\" && principal.declared has plan };")
        .replace("Choose scientific research.", "Choose scientific research, and name your plan.")
        .replace("Kies wetenschappelijk onderzoek.", "Kies wetenschappelijk onderzoek en noem uw plan.")
        .replace("P6M after end", "P3M after end")
        .replace("category && principal", "category\n    && principal");
    let cases = CASES.replace("\"permit\"", "\"incomplete\", \"failing\": [\"purpose\"]").replace(
        "{\"category\": \"university\"}, \"purpose\": \"dpv:ScientificResearch\",\n",
        "{\"category\": \"university\", \"plan\": \"P\"}, \"purpose\": \"dpv:ScientificResearch\",\n",
    );
    (text, cases)
}

impl Place {
    fn set(&self, folder: &str, text: &str, cases: &str) {
        std::fs::create_dir_all(self.dir.path().join(folder)).unwrap();
        self.write(&format!("{folder}/policy.cedar"), text);
        self.write(&format!("{folder}/cases.json"), cases);
    }
}

#[test]
fn a_new_version_says_what_it_changes() {
    let place = Place::ready();
    let both = r#"{"en": "Schools", "nl": "Scholen"}"#;
    place.write(
        "schools.json",
        &format!(
            r#"{{"id": "https://example.nl/id/schools", "slug": "schools", "title": {both}, "description": {both}, "owner": "{OWNER}",
            "competentBody": {both}, "publisher": "Ministry", "access": "conditions", "regime": "sector", "law": "Licentie", "personalData": false, "specialCategories": false,
            "term": {{"objection": {{"body": {both}, "web": "https://example.nl/objection", "weeks": 6}}}}}}"#
        ),
    );
    place.write("facts.json", r#"{"purpose": "dpv:ScientificResearch", "declared": {"category": "university"}}"#);
    place.set("first", FIRST, CASES);
    let (text, cases) = second();
    place.set("second", &text, &cases);
    let first = place.transcript(
        "
        --as operator dataset add schools.json
        --as steward conditions publish first --dataset schools --preview
        --as steward conditions publish first --dataset schools
        ",
    );
    assert!(first.contains("is published and in force"), "{first}");
    let request = place.json("--as researcher request submit --dataset schools --facts facts.json");
    let deal = place.json(&format!("--as steward deal offer {}", request["request"]["id"].as_str().unwrap()));
    let deal = deal["deal"]["id"].as_str().unwrap();
    assert_eq!(place.json(&format!("--as researcher deal accept {deal} --key own.pem"))["code"], 0);
    let later = place.transcript(
        "
        --as steward conditions publish second --dataset schools --preview
        --as steward conditions publish second --dataset schools
        --lang nl --as steward conditions publish first --dataset schools --preview
        --as steward conditions publish second --dataset schools --preview
        --as researcher conditions publish first --dataset schools --preview
        --as steward conditions publish first --dataset schools --preview --from 2020-01-01
        ",
    );
    assert!(later.contains(deal), "the deal is named");
    assert!(!later.contains('\u{1b}'), "no colour without a terminal");
    snapshot("difference", &(first + &later));
    let object = place.json("--as steward conditions publish first --dataset schools --preview");
    snapshot("difference_json", &format!("{object:#}"));
}
