//! Random catalogues: every dataset comes to what `decide` says of it alone, also when the question is put again with something changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use datadeal::conditions::cases::{Case, CaseDataset, input};
use datadeal::conditions::eligible::{Answers, Asking, Builder, ClassId, Index, Kind, Read, ReadColumn};
use datadeal::conditions::{Asked, ConditionSet, EvaluationFault, Slice, decide, load};
use datadeal::model::condition::Kind::Promise;
use datadeal::model::condition::{Level, Role};
use datadeal::model::dataset::Dataset;
use datadeal::model::decision::{Decision, Need, Outcome, Status};
use datadeal::model::eligible::Group;
use datadeal::model::input::VerifiedFact;
use datadeal::model::{Digest, Name, Time};
use proptest::prelude::*;
use serde_json::json;

use crate::reading::{APPROVALS, Dice, SLOTS, body, now, schema, some_facts};

const WORDS: &str = r#"@label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")"#;

/// Tests of a column, and of the columns asked for.
const OF_COLUMN: &[&str] = &[
    "resource.personal == false",
    "!resource.identifying",
    "resource.group == \"health\"",
    "[\"a\", \"b\"].contains(resource.name)",
    "(resource.special && context.approvals.contains(\"ethics\"))",
];
const OF_COLUMNS: &[&str] = &[
    "!context.scope.columns.containsAll([\"a\", \"c\"])",
    "context.scope.columns.contains(\"b\")",
    "[\"a\", \"b\", \"c\"].containsAll(context.scope.columns)",
];
/// Fails to evaluate where the number of employees is stated.
const FAULT: &str = "(principal.declared has employees && principal.declared.employees > 0 && \
    context.now.offset(duration(\"106751991167d\")).offset(duration(\"106751991167d\")) > context.now) || resource.personalData";

/// One random rule under an id.
fn rule(dice: &mut Dice<'_>, id: &str, ground: bool) -> String {
    let per_column = dice.roll(4) == 1;
    let mut test = body(dice, 3, &[], true);
    if per_column {
        test = format!("({}) {} ({test})", dice.of(OF_COLUMN), ["&&", "||"][dice.roll(2)]);
    } else {
        let (_, there, values) = dice.of(SLOTS);
        test = match dice.roll(12) {
            1 => FAULT.to_owned(),
            4..=6 => dice.of(APPROVALS).to_string(),
            7..=9 => format!("{there} && {}", dice.of(values)),
            2 | 3 => format!("({}) {} ({test})", dice.of(OF_COLUMNS), ["&&", "||"][dice.roll(2)]),
            _ => test,
        };
    }
    let action = if per_column { "reuseColumn" } else { "reuse" };
    let head = format!("(principal, action == Action::\"{action}\", resource)");
    if ground {
        return format!("@id(\"{id}\") {WORDS}\npermit {head} when {{ {test} }};\n");
    }
    if dice.roll(4) == 1 {
        let kind = r#"@kind("promise") @theme("use") @clause_en("c") @clause_nl("c")"#;
        return format!(
            "@id(\"{id}\") {kind} {WORDS}\nforbid {head} unless {{ context.accepted.contains(\"{id}\") && ({test}) }};\n"
        );
    }
    format!("@id(\"{id}\") @kind(\"entry\") @theme(\"use\") {WORDS}\nforbid {head} unless {{ {test} }};\n")
}

/// Random rules that the loader takes: what it refuses is left out.
fn rules(dice: &mut Dice<'_>, prefix: &str, ground: bool, count: usize) -> Vec<String> {
    let one = |number: usize, dice: &mut Dice<'_>| rule(dice, &format!("{prefix}{number}"), ground);
    let all: Vec<String> = (0..count).map(|number| one(number, dice)).collect();
    all.into_iter().filter(|text| load(schema(), "random", text, Level::Owner).is_ok()).collect()
}

/// A set of some of the rules.
fn set(dice: &mut Dice<'_>, rules: &[String], level: Level) -> Option<Arc<ConditionSet>> {
    let text: String = rules.iter().filter(|_| dice.roll(5) < 2).cloned().collect();
    (!text.is_empty()).then(|| Arc::new(load(schema(), "random", &text, level).unwrap()))
}

/// A dataset of a random catalogue, and what binds it.
struct Bound {
    dataset: Dataset,
    sets: Vec<Arc<ConditionSet>>,
    class: ClassId,
}

struct Catalogue {
    index: Index,
    bound: Vec<Bound>,
}

fn some_dataset(dice: &mut Dice<'_>) -> Dataset {
    let columns = ["a", "b", "c"].into_iter().filter(|_| dice.roll(2) == 1).collect::<Vec<_>>();
    let columns: Vec<_> = columns
        .into_iter()
        .map(|name| {
            let group = *dice.of(&["", "health"]);
            json!({"name": name, "group": group, "personal": dice.roll(2) == 1,
                "identifying": dice.roll(3) == 1, "special": dice.roll(3) == 1})
        })
        .collect();
    let embargo_until = [None, Some(now()), Some(now().plus_seconds(1)), Some(now().plus_seconds(90))][dice.roll(4)];
    let columns = serde_json::from_value(columns.into()).unwrap();
    CaseDataset { personal_data: dice.roll(2) == 1, special_categories: dice.roll(2) == 1, embargo_until, columns }
        .into_dataset()
        .unwrap()
}

fn catalogue(dice: &mut Dice<'_>) -> Catalogue {
    let grounds = rules(dice, "ground", true, 3);
    let (wide, narrow) = (rules(dice, "wide", false, 4), rules(dice, "narrow", false, 5));
    let both: Vec<String> = grounds.iter().chain(&narrow).cloned().collect();
    let portal: Vec<_> = (0..2).map(|_| set(dice, &wide, Level::Portal)).collect();
    let owners: Vec<_> = (0..3).map(|_| set(dice, &both, Level::Owner)).collect();
    let own: Vec<_> = (0..5).map(|_| set(dice, &both, Level::Dataset)).collect();
    let mut builder = Builder::new(Arc::new(datadeal::conditions::Schema::built_in().unwrap())).unwrap();
    let mut bound = Vec::new();
    for _ in 0..24 {
        let dataset = some_dataset(dice);
        let (portal, owner) = (dice.of(&portal).clone(), dice.of(&owners).clone());
        let sets: Vec<_> = portal.into_iter().chain(owner).chain(dice.of(&own).clone()).collect();
        let ids: Vec<_> = sets.iter().map(|set| builder.set(set)).collect();
        let columns: Vec<ReadColumn> = dataset.columns.iter().map(ReadColumn::from).collect();
        let read = Read {
            personal_data: dataset.personal_data,
            special_categories: dataset.special_categories,
            embargo_until: dataset.embargo_until,
            columns: &columns,
        };
        let class = builder.class(&ids, &read);
        bound.push(Bound { dataset, sets, class });
    }
    Catalogue { index: builder.finish(), bound }
}

fn asking(case: &Case, now: Time) -> Asking {
    let nothing = Digest::of(b"");
    let verified = case.verified.iter().map(|(name, value)| {
        let fact = VerifiedFact { value: value.clone(), issuer: "case".to_owned(), until: None, evidence: nothing };
        (name.clone(), fact)
    });
    Asking {
        now,
        applicant: None,
        purpose: case.purpose.clone(),
        scope: case.scope.clone(),
        declared: case.declared.clone(),
        verified: verified.collect::<BTreeMap<_, _>>(),
        declined: case.declined.clone(),
    }
}

/// What `decide` says of one dataset.
fn alone(bound: &Bound, case: &Case, now: Time) -> Result<Decision, EvaluationFault> {
    let slice = Slice::new(bound.sets.clone()).unwrap();
    let promises = slice.conditions().filter(|(_, c)| c.role == Role::Condition(Promise));
    let known: BTreeSet<Name> = promises.map(|(_, c)| c.id.clone()).collect();
    let declined = case.declined.intersection(&known).cloned().collect();
    let case = Case { declined, ..case.clone() };
    decide(schema(), &slice, &input(schema(), &slice, &bound.dataset, now, &case).unwrap())
}

fn leaves(need: &Need) -> BTreeSet<String> {
    need.leaves().into_iter().map(|leaf| format!("{leaf:?}")).collect()
}

/// What a decision says to be missing of the question and of every condition.
fn held_back(decision: &Decision) -> Need {
    let unfilled = decision.unfilled.iter().cloned().map(Need::Fact);
    Need::all(unfilled.chain(decision.conditions.iter().filter_map(|c| c.needs.clone())).collect())
}

/// What a decision says to be missing: that, and what the grounds that come nearest need.
fn missing(decision: &Decision) -> Need {
    let mut all = vec![held_back(decision)];
    let best = decision.grounds.iter().map(|g| g.status).min();
    let best = decision.grounds.iter().filter(|g| Some(g.status) == best).filter_map(|g| g.needs.clone());
    let best: Vec<Need> = best.collect();
    if !best.is_empty() {
        all.push(Need::any(best));
    }
    Need::all(all)
}

fn same(bound: &Bound, answers: &Answers<'_>, case: &Case, now: Time) -> Result<Option<Outcome>, TestCaseError> {
    let standing = answers.standing(bound.class);
    let told = || {
        let text: String = bound.sets.iter().map(|set| set.text()).collect();
        format!("{}\n{text}\n{:?}", serde_json::to_string(case).unwrap(), bound.dataset.columns)
    };
    let decision = match alone(bound, case, now) {
        Ok(decision) => decision,
        Err(fault) => {
            prop_assert_eq!(standing.outcome, None, "{} {}", fault, told());
            prop_assert!(answers.fault(bound.class).is_some());
            return Ok(None);
        }
    };
    prop_assert_eq!(standing.outcome, Some(decision.outcome), "{}", told());
    let every = || bound.sets.iter().flat_map(|s| s.conditions());
    let per_column = every().any(|c| c.asked == Asked::PerColumn);
    // what a column alone comes to
    let columns = bound.dataset.columns.iter().map(|c| alone(bound, &with_columns(case, [&c.name]), now).ok());
    let left: Vec<Decision> = columns.flatten().filter(|d| Group::of(d.outcome) != Group::Not).collect();
    let fewer = Group::of(decision.outcome) == Group::Not && !left.is_empty();
    prop_assert_eq!(standing.group, Some(if fewer { Group::After } else { Group::of(decision.outcome) }), "{}", told());
    let rank = usize::from(standing.rank);
    match decision.outcome {
        Outcome::Permit => {
            let sign = decision.conditions.iter().filter(|c| c.status == Status::OnSigning).count();
            prop_assert_eq!(rank, sign, "{}", told());
        }
        _ if fewer => {
            let needs = answers.needs(bound.class);
            prop_assert_eq!(&needs, &Need::all(left.iter().map(missing).collect()), "{}", told());
            prop_assert_eq!(rank, parts(&needs) + 1, "{}", told());
        }
        Outcome::Review | Outcome::Incomplete => {
            let needs = answers.needs(bound.class);
            prop_assert_eq!(rank, parts(&needs), "{}", told());
            prop_assert!(rank > 0, "{}", told());
            if per_column {
                // a column that is held back by one thing may wait for another as well; and where several grounds are open, each column has its own best
                let open = decision.grounds.iter().filter(|g| g.status != Status::NotMet).count();
                let told_needs = if open > 1 { held_back(&decision) } else { missing(&decision) };
                prop_assert!(leaves(&needs).is_superset(&leaves(&told_needs)), "{}", told());
            } else {
                prop_assert_eq!(&needs, &missing(&decision), "{}", told());
            }
        }
        Outcome::Deny if decision.without_conditions.is_none() => {
            prop_assert_eq!(rank, decision.failing.len(), "{}", told());
        }
        Outcome::Deny | Outcome::NoGround => prop_assert!(rank >= usize::from(u16::MAX) - 1, "{}", told()),
    }
    Ok(Some(decision.outcome))
}

/// How many things a need names that must all come.
fn parts(need: &Need) -> usize {
    if let Need::All(parts) = need { parts.len() } else { 1 }
}

fn with_columns<'a>(case: &Case, columns: impl IntoIterator<Item = &'a String>) -> Case {
    let mut case = case.clone();
    case.scope.columns = columns.into_iter().cloned().collect();
    case
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    /// Exactly what each dataset alone comes to; asked again with other facts, at another instant, and as before.
    #[test]
    fn every_dataset_comes_to_what_it_comes_to_alone(bytes in prop::collection::vec(any::<u8>(), 1200..3000)) {
        let mut dice = Dice(bytes.iter());
        let catalogue = catalogue(&mut dice);
        let mut asked: Vec<(Case, Time)> = Vec::new();
        // more than are remembered: the first is put again when it is forgotten, another one at once
        for round in 0..11 {
            let again = match round {
                5 => Some(4),
                10 => Some(0),
                _ => None,
            };
            let (case, at) = if let Some(before) = again {
                asked[before].clone()
            } else {
                let mut case = some_facts(&mut dice, SLOTS.iter().map(|(place, _, _)| (*place).to_owned()));
                case.approvals.clear();
                for id in ["wide0", "wide1", "narrow0", "narrow1"] {
                    if dice.roll(4) == 1 {
                        case.declined.insert(id.parse().unwrap());
                    }
                }
                // mostly one thing is changed at a time
                if let Some((before, _)) = asked.last().filter(|_| dice.roll(3) > 0) {
                    case = Case { purpose: case.purpose, ..before.clone() };
                }
                (case, now().plus_seconds([0, 0, 1, 90][dice.roll(4)]))
            };
            let answers = catalogue.index.ask(&asking(&case, at)).unwrap();
            for bound in &catalogue.bound {
                same(bound, &answers, &case, at)?;
            }
            asked.push((case, at));
        }
    }
}

/// The random catalogues hold everything that can come out, and datasets that share an answer.
#[test]
fn random_catalogues_are_of_all_kinds() {
    let (mut seed, mut found, mut shared) = (7u64, BTreeMap::<String, usize>::new(), 0);
    for _ in 0..30 {
        let bytes: Vec<u8> = (0..3000)
            .map(|_| {
                seed ^= seed << 13;
                seed ^= seed >> 7;
                seed ^= seed << 17;
                seed.to_be_bytes()[0]
            })
            .collect();
        let mut dice = Dice(bytes.iter());
        let catalogue = catalogue(&mut dice);
        let mut case = some_facts(&mut dice, SLOTS.iter().map(|(place, _, _)| (*place).to_owned()));
        case.approvals.clear();
        let answers = catalogue.index.ask(&asking(&case, now())).unwrap();
        let classes: BTreeSet<ClassId> = catalogue.bound.iter().map(|b| b.class).collect();
        shared += catalogue.bound.len() - classes.len();
        for bound in &catalogue.bound {
            let outcome = same(bound, &answers, &case, now()).unwrap();
            *found.entry(format!("{outcome:?}")).or_default() += 1;
        }
    }
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(found.values().all(|n| *n > 3) && shared > 30, "{found:?} {shared}");
}

/// Only bodies that name what changed are evaluated again.
#[test]
fn what_did_not_change_is_remembered() {
    let entry = |id: &str, test: &str| {
        let head = "(principal, action == Action::\"reuse\", resource)";
        format!("@id(\"{id}\") @kind(\"entry\") @theme(\"use\") {WORDS}\nforbid {head} unless {{ {test} }};\n")
    };
    let ground = "principal.declared has category && principal.declared.category == Category::\"university\"";
    let text = format!(
        "@id(\"g\") {WORDS}\npermit (principal, action == Action::\"reuse\", resource) when {{ {ground} }};\n{}{}{}",
        entry("few", "principal.declared has employees && principal.declared.employees <= 5"),
        entry("wait", "if resource has embargoUntil then resource.embargoUntil <= context.now else true"),
        // the same body under another name
        entry("small", "principal.declared has employees && principal.declared.employees <= 5"),
    );
    let set = Arc::new(load(schema(), "set", &text, Level::Dataset).unwrap());
    let mut builder = Builder::new(Arc::new(datadeal::conditions::Schema::built_in().unwrap())).unwrap();
    let id = builder.set(&set);
    let read = |days: i64| Read {
        personal_data: days % 2 == 0,
        special_categories: false,
        embargo_until: Some(now().plus_seconds(days / 2 * 86_400)),
        columns: &[],
    };
    let classes: Vec<ClassId> = (0..20).map(|days| builder.class(&[id], &read(days))).collect();
    let open = builder.without(Kind::Open);
    let index = builder.finish();
    // personal data are not read, so that two datasets with one embargo are one class
    assert_eq!(index.sizes(), [3, 12, 11]);
    let ask = |employees: i64, category: &str, later: i64| {
        let case: Case =
            serde_json::from_value(json!({"name": "x", "expect": "permit", "purpose": "dpv:ScientificResearch",
            "declared": {"employees": employees, "category": category}}))
            .unwrap();
        let answers = index.ask(&asking(&case, now().plus_seconds(later))).unwrap();
        let permitted = classes.iter().filter(|c| answers.standing(**c).outcome == Some(Outcome::Permit)).count();
        assert_eq!(answers.standing(open).outcome, Some(Outcome::Permit));
        (answers.evaluated(), permitted)
    };
    assert_eq!(ask(5, "university", 0), (12, 2));
    assert_eq!(ask(5, "university", 0), (0, 2));
    assert_eq!(ask(6, "university", 0), (1, 0));
    assert_eq!(ask(5, "company", 0), (1, 0));
    // who asked before is remembered for a while
    assert_eq!(ask(5, "university", 0), (0, 2));
    // the clock goes on for those who look at it
    assert_eq!(ask(5, "university", 86_400), (10, 4));
}
