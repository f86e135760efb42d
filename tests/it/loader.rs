//! What the loader refuses: one small wrong policy per rule of "fail closed", and what it says.

use std::sync::OnceLock;

use datadeal::conditions::{Rule, Schema, load};
use datadeal::model::condition::Level;

const HEAD: &str = r#"@label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")"#;

fn condition(body: &str) -> String {
    format!(
        "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action == Action::\"reuse\", resource) unless {{ {body} }};"
    )
}

/// Parsed once for all tests.
fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::built_in().unwrap())
}

/// The rules that a text breaks, in the order of the text.
fn broken(text: &str) -> Vec<Rule> {
    match load(schema(), "test.cedar", text, Level::Dataset) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.faults.iter().map(|f| f.rule).collect(),
    }
}

/// S-61: exactly the two forms.
#[test]
fn only_the_two_forms_are_conditions() {
    let body = "principal.verified has kvkNumber";
    assert_eq!(broken(&condition(body)), []);
    for wrong in [
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action == Action::\"reuse\", resource) when {{ {body} }};"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action == Action::\"reuse\", resource);"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action == Action::\"reuse\", resource) unless {{ {body} }} unless {{ {body} }};"
        ),
        format!("@id(\"x\") {HEAD}\npermit (principal, action == Action::\"reuse\", resource);"),
        format!("@id(\"x\") {HEAD}\npermit (principal, action == Action::\"reuse\", resource) unless {{ {body} }};"),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action, resource) unless {{ {body} }};"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action in [Action::\"reuse\"], resource) unless {{ {body} }};"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal is Organisation, action == Action::\"reuse\", resource) unless {{ {body} }};"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal, action == Action::\"reuse\", resource == Dataset::\"a\") unless {{ {body} }};"
        ),
        format!(
            "@id(\"x\") @kind(\"entry\") @theme(\"use\") {HEAD}\nforbid (principal == ?principal, action == Action::\"reuse\", resource) unless {{ {body} }};"
        ),
        String::new(),
    ] {
        let rules = broken(&wrong);
        assert!(!rules.is_empty() && rules.iter().all(|r| *r == Rule::Form), "{rules:?}: {wrong}");
    }
    assert_eq!(broken("forbid (principal"), [Rule::Syntax]);
}

/// S-62: annotations, all and only those.
#[test]
fn annotations_are_all_there_and_no_other() {
    let good = condition("principal.verified has kvkNumber");
    for (from, to) in [
        ("@label_en(\"a\")", ""),
        ("@label_nl(\"a\")", "@label_nl(\" \")"),
        ("@hint_nl(\"a\")", ""),
        ("@legal_basis(\"Who art. 6\")", ""),
        ("@theme(\"use\")", "@theme(\"usage\")"),
        ("@theme(\"use\")", ""),
        ("@kind(\"entry\")", ""),
        ("@kind(\"entry\")", "@kind(\"entrance\")"),
        ("@id(\"x\")", "@id(\"X\")"),
        ("@id(\"x\")", ""),
        ("@id(\"x\")", "@id(\"x\") @note(\"n\")"),
        ("@id(\"x\")", "@id(\"x\") @clause_en(\"n\")"),
        ("@kind(\"entry\")", "@kind(\"duty\") @clause_en(\"n\") @clause_nl(\"n\")"),
        ("@kind(\"entry\")", "@kind(\"fee\") @clause_en(\"n\") @clause_nl(\"n\") @tariff(\"{\\\"cents\\\":1.5}\")"),
    ] {
        let wrong = good.replacen(from, to, 1);
        assert_ne!(wrong, good);
        assert!(broken(&wrong).contains(&Rule::Annotation), "{from} -> {to}: {:?}", broken(&wrong));
    }
}

/// S-63: withholding a fact, an approval or an acceptance never helps.
#[test]
fn absence_never_satisfies() {
    for wrong in [
        "!(principal.verified has kvkNumber)",
        "if principal.verified has naturalPerson then !principal.verified.naturalPerson else true",
        "(principal.verified has kvkNumber) == false",
        "(principal.verified has kvkNumber) != true",
        "!(context.scope has termMonths) || (context.scope has termMonths && context.scope.termMonths < 3)",
        "!context.approvals.contains(\"ethics\")",
        "if context.approvals.contains(\"ethics\") then context.scope.columns.isEmpty() else true",
        "context.approvals == [\"ethics\"]",
        "context.approvals.isEmpty()",
        "[\"ethics\"].containsAll(context.approvals)",
    ] {
        assert_eq!(broken(&condition(wrong)), [Rule::Position], "{wrong}");
    }
    // of the dataset absence is known, so it may count
    assert_eq!(
        broken(&condition("if resource has embargoUntil then resource.embargoUntil <= context.now else true")),
        []
    );
}

/// S-64: everything named is known.
#[test]
fn typos_are_found_where_cedar_is_silent() {
    for (rule, wrong) in [
        (Rule::Path, "principal.verified has kvkNumbr"),
        (Rule::Path, "resource has embargoUntill && true"),
        (Rule::Path, "principal.verified has designation.untill"),
        (Rule::Path, "resource has personalData"),
        (Rule::Vocabulary, "context.purpose in Purpose::\"dpv:ScientificReserch\""),
        (Rule::Vocabulary, "context.approvals.contains(\"ethic\")"),
        (Rule::Vocabulary, "context.approvals.containsAll([\"ethics\", \"stewart\"])"),
        (Rule::Value, "principal.declared == principal.verified"),
        (Rule::Value, "context.scope == context.scope"),
        (Rule::Value, "resource == Dataset::\"a\" && resource.personalData"),
        (Rule::Value, "context.approvals.contains(principal.verified.kvkNumber)"),
        (Rule::Arithmetic, "context.scope has termMonths && context.scope.termMonths * 30 < 365"),
        (Rule::Arithmetic, "context.scope has termMonths && context.scope.termMonths + 1 < 365"),
        (Rule::Arithmetic, "context.scope has termMonths && -context.scope.termMonths < 365"),
        (Rule::NeverMet, "false && principal.verified has kvkNumber"),
        (Rule::NeverMet, "principal.verified has kvkNumber && false"),
        (Rule::ReadsNothing, "true"),
        (Rule::ReadsNothing, "1 == 1"),
        (Rule::Acceptance, "context.accepted.contains(\"x\")"),
        (Rule::Validation, "principal.verified.employees < 250"),
        // which of two purposes is the wider one is no question of its own
        (
            Rule::Validation,
            "principal.declared has category && Purpose::\"dd:EducationResearch\" in Purpose::\"dpv:ScientificResearch\"",
        ),
        (Rule::Validation, "principal.declared has employees && principal.verified.employees < 250"),
        (Rule::Validation, "context.purpose == \"dpv:ScientificResearch\""),
    ] {
        let rules = broken(&condition(wrong));
        assert!(rules.contains(&rule), "{wrong}: {rules:?}");
    }
}

/// S-64: what a dataset has is not asked of a column, nor the other way round; each is named, with its place and its mend.
#[test]
fn a_rule_reads_what_it_asks_about() {
    let of_column = |body: &str| condition(body).replace("\"reuse\"", "\"reuseColumn\"");
    for wrong in [
        "!(resource has embargoUntil)",
        "if resource has embargoUntil then resource.embargoUntil <= context.now else true",
    ] {
        let text = of_column(&format!("resource.group == \"health\" || ({wrong})"));
        let faults = load(schema(), "test.cedar", &text, Level::Dataset).unwrap_err().faults;
        assert!(faults.iter().all(|f| f.rule == Rule::Path), "{faults:?}");
        assert_eq!(faults[0].why, "a column has no `resource.embargoUntil`");
        assert!(faults[0].help.contains("Action::\"reuse\"") && faults[0].line == 2, "{faults:?}");
    }
    let fine = "resource.group == \"health\" || resource.personal";
    assert_eq!(broken(&of_column(fine)), []);
    assert!(broken(&condition(fine)).contains(&Rule::Path));
}

/// S-65: a promise, duty, delivery or fee reads its own acceptance.
#[test]
fn a_promise_reads_its_own_acceptance() {
    let promise = |body: &str| {
        condition(body).replacen("@kind(\"entry\")", "@kind(\"promise\") @clause_en(\"c\") @clause_nl(\"c\")", 1)
    };
    assert_eq!(broken(&promise("context.accepted.contains(\"x\")")), []);
    assert_eq!(broken(&promise("context.accepted.contains(\"y\")")), [Rule::Acceptance]);
    assert_eq!(broken(&promise("principal.verified has kvkNumber")), [Rule::Acceptance]);
    assert_eq!(broken(&promise("!context.accepted.contains(\"x\")")), [Rule::Position]);
}

/// S-112: Ids are unique, and the portal names no ground.
#[test]
fn sets_have_unique_ids_and_the_portal_no_ground() {
    let one = condition("principal.verified has kvkNumber");
    assert_eq!(broken(&format!("{one}\n{one}")), [Rule::DuplicateId]);
    let ground = format!(
        "@id(\"g\") {HEAD}\npermit (principal, action == Action::\"reuse\", resource) when {{ principal.verified has kvkNumber }};"
    );
    assert_eq!(broken(&ground), []);
    let refused = load(schema(), "portal.cedar", &ground, Level::Portal).unwrap_err();
    assert_eq!(refused.faults[0].rule, Rule::GroundLevel);
}

/// A fault of the whole file points at its first character, all of it: the place was half of one where that has several bytes.
#[test]
fn a_fault_of_the_whole_file_has_a_whole_character() {
    for (text, length) in [("", 1), (" ", 1), ("\u{3000}", 3), ("\u{a0}\n", 2)] {
        let refused = load(schema(), "test.cedar", text, Level::Dataset).unwrap_err();
        assert_eq!((refused.faults[0].rule, refused.faults[0].span), (Rule::Form, (0, length)), "{text:?}");
    }
}
