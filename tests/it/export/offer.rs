//! An Offer permits no more than the conditions that it is drawn from: generated questions are put to both.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use datadeal::conditions::cases::{Case, CaseDataset, answer};
use datadeal::conditions::{Slice, library, offer as drawn};
use datadeal::model::Time;
use datadeal::model::condition::Level;
use datadeal::model::dataset::Dataset;
use datadeal::model::decision::{Decision, Outcome, Status};
use datadeal::model::json;
use datadeal::model::odrl::{Act, Constraint, Duty, Forbidden, Offer, Order};
use proptest::prelude::*;
use proptest::sample::{Index, subsequence};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{library_slice, schema, slice};

/// What a reader of ODRL knows of a question.
struct Asked<'a> {
    now: Time,
    case: &'a Case,
    /// The answer of the conditions, for who can look rules up.
    cedar: Option<&'a Decision>,
}

impl Asked<'_> {
    /// As ODRL says: some permission, all its constraints and duties, no prohibition.
    fn permits(&self, offer: &Offer) -> bool {
        let binding = offer.constraints.iter().all(|c| self.holds(c)) && offer.duties.iter().all(|d| self.done(d));
        let open = |p: &datadeal::model::odrl::Permission| {
            p.constraints.iter().all(|c| self.holds(c)) && p.duties.iter().all(|d| self.done(d))
        };
        binding
            && offer.permissions.iter().any(open)
            && !offer.prohibitions.iter().any(|p| match p.act {
                Forbidden::CommercialUse => self.case.declared.get("commercialUse") == Some(&json!(true)),
                Forbidden::Distribute => {
                    let recipients = self.case.declared.get("onwardRecipients").and_then(Value::as_array);
                    recipients.is_some_and(|r| !r.is_empty())
                }
            })
    }

    fn holds(&self, constraint: &Constraint) -> bool {
        match constraint {
            Constraint::Within(root) => self.case.purpose.as_ref().is_some_and(|p| within(p, root)),
            Constraint::Purpose(list) => self.case.purpose.as_ref().is_some_and(|p| list.contains(p)),
            Constraint::Recipient(list) => {
                let category = self.case.declared.get("category").and_then(Value::as_str);
                category.is_some_and(|c| list.iter().any(|l| l == c))
            }
            Constraint::Now(Order::Less, at) => self.now < *at,
            Constraint::Now(Order::AtMost, at) => self.now <= *at,
            Constraint::Now(Order::More, at) => self.now > *at,
            Constraint::Now(Order::AtLeast, at) => self.now >= *at,
            Constraint::Condition(rule) => self.cedar.is_some_and(|decision| {
                let mut rules = decision.grounds.iter().chain(&decision.conditions);
                let status = rules.find(|a| a.id == *rule).map(|a| a.status);
                matches!(status, Some(Status::Met | Status::OnSigning))
            }),
            Constraint::And(parts) => parts.iter().all(|p| self.holds(p)),
            Constraint::Or(parts) => parts.iter().any(|p| self.holds(p)),
        }
    }

    /// A duty is taken on by signing; an approval is there or not.
    fn done(&self, duty: &Duty) -> bool {
        match &duty.act {
            Act::Consent(name) => self.case.approvals.contains(name),
            _ => {
                let rule = duty.rule.as_deref().unwrap();
                let id = rule.split_once('/').unwrap().1;
                !self.case.declined.iter().any(|d| d.as_str() == id)
            }
        }
    }
}

fn within(word: &str, root: &str) -> bool {
    let list = schema().list("Purpose").unwrap();
    word == root || list[word].broader.as_ref().is_some_and(|b| within(b, root))
}

/// What the cases of library and examples say, by name: of each fact every value.
struct Pool {
    declared: BTreeMap<String, Vec<Value>>,
    verified: BTreeMap<String, Vec<Value>>,
    datasets: Vec<Dataset>,
    slices: Vec<Slice>,
}

fn pool() -> Pool {
    let mut pool =
        Pool { declared: BTreeMap::new(), verified: BTreeMap::new(), datasets: Vec::new(), slices: Vec::new() };
    let files = library::folders().into_iter().map(|f| f.cases);
    for text in files.chain(library::examples().into_iter().map(|e| e.cases)) {
        let cases: Value = serde_json::from_str(text).unwrap();
        for case in cases["cases"].as_array().unwrap() {
            for (known, from) in [(&mut pool.declared, "declared"), (&mut pool.verified, "verified")] {
                for (name, value) in case[from].as_object().into_iter().flatten() {
                    let values = known.entry(name.clone()).or_default();
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                }
            }
        }
    }
    let year = || json!([{"name": "year"}]);
    for (personal, embargo, columns) in [
        (false, None, year()),
        (true, Some("2027-01-01T00:00:00Z"), year()),
        (true, Some("2026-01-01T00:00:00Z"), year()),
        (true, None, json!([])),
    ] {
        let own = json!({"personalData": personal, "embargoUntil": embargo, "columns": columns});
        let mut own = own.as_object().unwrap().clone();
        own.retain(|_, v| !v.is_null());
        let own: CaseDataset = serde_json::from_value(own.into()).unwrap();
        pool.datasets.push(own.into_dataset().unwrap());
    }
    // each ground with each condition alone, then some together
    let names = || library::folders().into_iter().map(|f| f.name);
    let grounds = ["designated-body", "licence-or-consent", "named-category", "public-task"];
    for name in names().filter(|n| !grounds.contains(n)) {
        pool.slices.push(library_slice(&["named-category", "designated-body", name]));
    }
    pool.slices.push(library_slice(&grounds));
    pool.slices.push(library_slice(&[
        "public-task",
        "purpose-within",
        "non-commercial",
        "source-named",
        "no-onward-sharing",
    ]));
    pool.slices.push(library_slice(&[
        "named-category",
        "supplier-consent",
        "embargo",
        "ethics-approval",
        "publication",
    ]));
    for example in library::examples() {
        pool.slices.extend(example.policy.map(slice));
    }
    pool.slices.push(slice(EDGES));
    // one in eight questions is put to what ODRL can say whole
    let whole = pool.slices.len() / 8;
    pool.slices.extend((0..whole).map(|_| slice(WHOLE)));
    pool.slices.push(slice(&WHOLE.replace("\"reuse\"", "\"reuseColumn\"")));
    pool
}

/// Forms that the library does not use: alternatives, negations, instants, an `if`.
const EDGES: &str = r#"
@id("anyone") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
permit (principal, action == Action::"reuse", resource) when { principal.declared has category };
@id("either") @kind("entry") @theme("use") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless {
    context.purpose in [Purpose::"dpv:Marketing", Purpose::"dpv:ScientificResearch"]
        || (principal.declared has category && principal.declared.category != Category::"other" && context.scope.level == DataLevel::"aggregates")
        || (context.approvals.contains("expert") && context.now < datetime("2027-06-01"))
};
@id("not-both") @kind("entry") @theme("use") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless {
    !(context.purpose == Purpose::"dpv:Marketing" && context.now >= datetime("2026-12-01T00:00:00Z"))
};
@id("if-personal") @kind("entry") @theme("use") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless {
    if resource.personalData then [Purpose::"dpv:ScientificResearch", Purpose::"dpv:PublicPolicyMaking"].contains(context.purpose) || context.purpose in Purpose::"dpv:Marketing" else true
};
@id("half-promised") @kind("promise") @theme("use") @clause_en("c") @clause_nl("c") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless {
    context.accepted.contains("half-promised") || context.scope.level == DataLevel::"answer"
};
"#;

/// All of it has a word in ODRL.
const WHOLE: &str = r#"
@id("known") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
permit (principal, action == Action::"reuse", resource) when { principal.declared has category && principal.declared.category != Category::"other" };
@id("purpose") @kind("entry") @theme("purpose") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless {
    context.purpose in Purpose::"dpv:ResearchAndDevelopment" || (!(context.purpose in Purpose::"dpv:Marketing") && context.now >= datetime("2026-12-31"))
        || (principal.declared has category && principal.declared.category == Category::"university")
};
@id("promised") @kind("promise") @theme("use") @clause_en("c") @clause_nl("c") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.accepted.contains("promised") };
@id("expert") @kind("entry") @theme("rights") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.approvals.contains("expert") };
"#;

/// One question.
#[derive(Debug, Clone)]
struct Made {
    slice: Index,
    dataset: Index,
    /// Of each fact which value, or that it is not stated.
    declared: Vec<Option<Index>>,
    verified: Vec<Option<Index>>,
    purpose: Index,
    level: Index,
    approvals: Vec<&'static str>,
    declined: Option<Index>,
    months: i64,
}

fn made() -> impl Strategy<Value = Made> {
    let facts = || prop::collection::vec(prop::option::weighted(0.9, any::<Index>()), 60);
    let approvals = subsequence(vec!["data-steward", "ethics", "privacy-officer", "supplier", "expert"], 0..=5);
    let who = (any::<Index>(), any::<Index>(), facts(), facts());
    let what = (any::<Index>(), any::<Index>(), approvals, prop::option::weighted(0.2, any::<Index>()), -6i64..18);
    (who, what).prop_map(|((slice, dataset, declared, verified), (purpose, level, approvals, declined, months))| Made {
        slice,
        dataset,
        declared,
        verified,
        purpose,
        level,
        approvals,
        declined,
        months,
    })
}

fn chosen(pool: &BTreeMap<String, Vec<Value>>, chosen: &[Option<Index>]) -> Value {
    let facts = pool
        .iter()
        .zip(chosen)
        .filter_map(|((name, values), index)| index.map(|index| (name.clone(), index.get(values).clone())));
    Value::Object(facts.collect())
}

/// S-230: whatever is asked, an offer that permits it means that the conditions do; and where a reader looks up the rules that ODRL cannot say,
/// both come to the same.
#[test]
fn an_offer_permits_no_more_than_the_conditions() {
    let pool = pool();
    let purposes: Vec<&String> = schema().list("Purpose").unwrap().keys().collect();
    let levels = ["records", "aggregates", "answer", "access-in-place"];
    let counts: [Cell<u32>; 4] = Default::default();
    let count = |n: usize| counts[n].set(counts[n].get() + 1);
    let config = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let run = runner.run(&made(), |made| {
        let (slice, dataset) = (made.slice.get(&pool.slices), made.dataset.get(&pool.datasets));
        let now: Time = "2026-11-25T09:00:00Z".parse::<Time>().unwrap().plus_seconds(made.months * 30 * 86_400);
        let per_column = ["personal-columns", "designated-institution"];
        let ids: Vec<String> = slice.conditions().map(|(_, c)| c.id.to_string()).collect();
        let declined: Vec<&String> = made.declined.iter().map(|i| i.get(&ids)).collect();
        let case: Case = serde_json::from_value(json!({
            "name": "made", "expect": "permit", "declared": chosen(&pool.declared, &made.declared),
            "verified": chosen(&pool.verified, &made.verified), "purpose": made.purpose.get(&purposes),
            "scope": {"columns": [], "level": made.level.get(&levels), "linkage": [], "editions": [], "volumePerDay": 100, "termMonths": 12},
            "approvals": made.approvals, "declined": declined,
        }))
        .unwrap();
        let offer = drawn(schema(), slice, dataset);
        // facts of which one says another than the other are no question
        let Ok(decision) = answer(schema(), slice, dataset, now, &case) else { return Ok(()) };
        let cedar = decision.outcome == Outcome::Permit;
        let plain = Asked { now, case: &case, cedar: None }.permits(&offer);
        let looked_up = Asked { now, case: &case, cedar: Some(&decision) }.permits(&offer);
        prop_assert!(!plain || cedar, "{offer:#?}\n{decision:#?}");
        prop_assert!(!looked_up || cedar, "{offer:#?}\n{decision:#?}");
        let whole = !ids.iter().any(|id| per_column.contains(&id.as_str()));
        prop_assert!(looked_up || !cedar || !whole, "{offer:#?}\n{decision:#?}");
        [cedar, plain, looked_up, !cedar].into_iter().enumerate().filter(|(_, yes)| *yes).for_each(|(n, _)| count(n));
        Ok(())
    });
    run.unwrap_or_else(|e| panic!("{e}"));
    let counts = counts.map(Cell::into_inner);
    println!("permitted by the conditions, by the offer alone, with rules looked up; not permitted: {counts:?}");
    assert!(counts.iter().all(|n| *n >= 20), "{counts:?}");
}

/// S-230: of a dataset without columns nothing is permitted per column, and nothing that is asked per column is lost.
#[test]
fn what_is_asked_per_column_is_met_by_no_columns() {
    let dataset = |columns: Value| {
        let own: CaseDataset = serde_json::from_value(json!({"columns": columns})).unwrap();
        own.into_dataset().unwrap()
    };
    let (some, none) = (dataset(json!([{"name": "year"}])), dataset(json!([])));
    for of_column in ["permit", "forbid"] {
        let text: Vec<String> =
            WHOLE
                .split_inclusive(";\n")
                .map(|rule| {
                    if rule.contains(of_column) {
                        rule.replace("\"reuse\"", "\"reuseColumn\"")
                    } else {
                        rule.to_owned()
                    }
                })
                .collect();
        let slice = slice(&text.concat());
        assert_eq!(drawn(schema(), &slice, &some).unsaid, Vec::<String>::new());
        let offer = drawn(schema(), &slice, &none);
        let of_column: Vec<&str> = match of_column {
            "permit" => vec!["dataset/known"],
            _ => vec!["dataset/purpose", "dataset/promised", "dataset/expert"],
        };
        assert_eq!(offer.unsaid, of_column);
        let all = offer.constraints.iter().chain(&offer.permissions[0].constraints);
        let named = all.filter(|c| matches!(c, Constraint::Condition(rule) if of_column.contains(&rule.as_str())));
        assert_eq!(named.count(), of_column.len(), "{offer:#?}");
        assert!(offer.prohibitions.is_empty(), "{offer:#?}");
    }
}

/// What ODRL says of each condition of library and examples.
#[test]
fn what_odrl_says_of_the_library() {
    let dataset = super::full();
    let mut told = String::new();
    for folder in library::folders() {
        let offer = drawn(schema(), &slice(folder.policy), &dataset);
        told.push_str(&format!("{}\n", folder.name));
        let permissions = offer.permissions.iter().flat_map(|p| &p.constraints);
        for constraint in permissions.chain(&offer.constraints) {
            told.push_str(&format!("  where {}\n", shown(constraint)));
        }
        for duty in &offer.duties {
            let due = duty.due.as_ref().map_or_else(String::new, |d| format!(", {d}"));
            told.push_str(&format!("  duty {:?}{due}\n", duty.act));
        }
        for prohibition in &offer.prohibitions {
            told.push_str(&format!("  never {:?}\n", prohibition.act));
        }
    }
    insta::assert_snapshot!("library", told);
}

fn shown(constraint: &Constraint) -> String {
    let list = |parts: &[Constraint], by: &str| parts.iter().map(shown).collect::<Vec<_>>().join(by);
    match constraint {
        Constraint::Within(purpose) => format!("purpose isA {purpose}"),
        Constraint::Purpose(purposes) => format!("purpose isAnyOf {} purposes", purposes.len()),
        Constraint::Now(order, at) => format!("now {order:?} {at}"),
        Constraint::Recipient(words) => format!("recipient isAnyOf {}", words.join(" ")),
        Constraint::Condition(rule) => format!("{rule} is met"),
        Constraint::And(parts) => format!("({})", list(parts, " and ")),
        Constraint::Or(parts) => format!("({})", list(parts, " or ")),
    }
}

/// What is not whole in ODRL is named.
#[test]
fn what_odrl_cannot_say_is_named() {
    let offer = super::full_offer(&super::full());
    let unsaid: BTreeSet<&str> = offer.unsaid.iter().map(String::as_str).collect();
    let expected = [
        "dataset/named-category",
        "dataset/embargo",
        "dataset/non-commercial",
        "dataset/ethics-approval",
        "dataset/no-onward-sharing",
        "dataset/delete-and-confirm",
    ];
    assert_eq!(unsaid, BTreeSet::from(expected));
    assert_eq!(offer.texts.len(), 1);
    assert_eq!(offer.texts[0].level, Level::Dataset);
    assert!(json::to_value(&offer.unsaid, "unsaid").is_ok());
}
