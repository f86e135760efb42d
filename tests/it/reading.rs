//! What an answer says of facts that are not there yet, against brute force: every absent fact tried with the values at
//! the edges of what conditions compare it with, with no approval more and with all of them, each decided by Cedar through
//! `decide` itself.
//!
//! Of random bodies: what is `not_met` never becomes met, what is met stays met, what awaits approvals is met once they
//! are all there. Of the library, which is written with care, also: what is `unknown` can be met, with no other facts than
//! the answer names.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use datadeal::conditions::cases::{Case, CaseDataset, Cases, input};
use datadeal::conditions::{FactType, Schema, Slice, decide, facts, library, load, replay};
use datadeal::model::Time;
use datadeal::model::condition::Level;
use datadeal::model::dataset::Dataset;
use datadeal::model::decision::{Answer, Decision, Need, Outcome, Status};
use datadeal::model::input::Scope;
use proptest::prelude::*;
use serde_json::{Value, json};

const NOW: &str = "2026-11-25T09:00:00Z";
/// How many times the usual work is done; more in the slow run.
const EFFORT: &str = "DATADEAL_READING_EFFORT";

fn effort() -> usize {
    std::env::var_os(EFFORT).map_or(1, |n| n.to_str().unwrap().parse().unwrap())
}

/// The most completions that are tried for one question; of more an even part is.
fn most() -> usize {
    60 * effort()
}

pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::built_in().unwrap())
}

pub(crate) fn now() -> Time {
    NOW.parse().unwrap()
}

/// A question with some facts.
struct Asked<'a> {
    slice: &'a Slice,
    dataset: &'a Dataset,
    now: Time,
}

impl Asked<'_> {
    /// The answer. A fault is a finding: `decide` compares our reading with Cedar's word on every policy. What is decided once more
    /// comes out the same.
    fn answer(&self, case: &Case) -> Result<Decision, TestCaseError> {
        let wrong =
            |e: &dyn std::fmt::Display| TestCaseError::fail(format!("{e}: {}", serde_json::to_string(case).unwrap()));
        let input = input(schema(), self.slice, self.dataset, self.now, case).map_err(|e| wrong(&e))?;
        let answer = decide(schema(), self.slice, &input).map_err(|e| wrong(&e))?;
        let again = replay(schema(), self.slice, &input).map_err(|e| wrong(&e))?;
        if again == answer { Ok(answer) } else { Err(wrong(&"a replay answers otherwise")) }
    }
}

fn rules(decision: &Decision) -> impl Iterator<Item = &Answer> {
    decision.grounds.iter().chain(&decision.conditions)
}

fn rule<'a>(decision: &'a Decision, id: &str) -> &'a Answer {
    rules(decision).find(|rule| rule.id == id).unwrap()
}

fn holds(status: Status) -> bool {
    matches!(status, Status::Met | Status::OnSigning)
}

fn case() -> Case {
    serde_json::from_value(json!({"name": "a question", "expect": "permit"})).unwrap()
}

/// The place of a path, as answers show it, without what is inside a fact: `verified.designation.until` is part of
/// `verified.designation`. `None` for what nobody can add, such as attributes of the dataset.
fn place(path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('.').collect();
    match parts.as_slice() {
        ["purpose"] => Some("purpose".to_owned()),
        [root @ ("declared" | "verified" | "scope"), name, ..] => Some(format!("{root}.{name}")),
        _ => None,
    }
}

/// Whether something stands at a place. Of the scope only what can be absent counts.
fn is_there(case: &Case, place: &str) -> bool {
    match place.split_once('.') {
        None => case.purpose.is_some(),
        Some(("declared", name)) => case.declared.contains_key(name),
        Some(("verified", name)) => case.verified.contains_key(name),
        Some((_, "termMonths")) => case.scope.term_months.is_some(),
        Some((_, "volumePerDay")) => case.scope.volume_per_day.is_some(),
        Some((_, "periodFrom")) => case.scope.period_from.is_some(),
        Some((_, "periodUntil")) => case.scope.period_until.is_some(),
        Some(_) => true,
    }
}

fn add(case: &mut Case, place: &str, value: &Value) {
    let time = || serde_json::from_value(value.clone()).unwrap();
    match place.split_once('.') {
        None => case.purpose = value.as_str().map(str::to_owned),
        Some(("declared", name)) => drop(case.declared.insert(name.to_owned(), value.clone())),
        Some(("verified", name)) => drop(case.verified.insert(name.to_owned(), value.clone())),
        Some((_, "termMonths")) => case.scope.term_months = value.as_i64(),
        Some((_, "volumePerDay")) => case.scope.volume_per_day = value.as_i64(),
        Some((_, "periodFrom")) => case.scope.period_from = time(),
        Some((_, "periodUntil")) => case.scope.period_until = time(),
        Some(_) => panic!("{place} is never absent"),
    }
}

/// Values at the edges of what is compared with the fact at a place.
fn edges(place: &str) -> Vec<Value> {
    let list = |name: &str| schema().list(name).unwrap().keys().map(|k| json!(k)).collect();
    match place.split_once('.') {
        None => list("Purpose"),
        Some(("scope", "termMonths" | "volumePerDay")) => [0, 1, 12, 13, 500, 501].map(Value::from).to_vec(),
        Some(("scope", _)) => instants(),
        Some((_, fact)) => {
            let all = of_type(&schema().facts()[fact].ty);
            let sound = |v: &Value| facts::check(schema(), &[(fact.to_owned(), v.clone())].into()).is_ok();
            all.into_iter().filter(sound).collect()
        }
    }
}

fn of_type(ty: &FactType) -> Vec<Value> {
    let words = |list: &str| schema().words(list).unwrap().iter().map(|w| json!(w)).collect::<Vec<_>>();
    match ty {
        // the numbers are official test numbers of their registers
        FactType::Text => {
            ["x", "the minister", "69599084", "00000099000000000001", "NLNHR.69599084"].map(Value::from).to_vec()
        }
        FactType::Number => [0, 4, 5, 6, 7, 8, 10, 11, 60, 61].map(Value::from).to_vec(),
        FactType::Flag => vec![json!(true), json!(false)],
        FactType::Instant => instants(),
        FactType::Word(list) => words(list),
        FactType::Texts => vec![json!([]), json!(["72.1"])],
        FactType::Words(list) => {
            let one = words(list).into_iter().map(|word| json!([word]));
            std::iter::once(json!([])).chain(one).chain([Value::from(words(list))]).collect()
        }
        // one member after the other at its edges, the others at their first
        FactType::Record(members) => {
            let first = |ty: &FactType| of_type(ty)[0].clone();
            let usual: serde_json::Map<String, Value> =
                members.iter().map(|(name, member)| (name.clone(), first(&member.ty))).collect();
            let mut all = vec![Value::Object(usual.clone())];
            for (name, member) in members {
                for value in of_type(&member.ty) {
                    let mut record = usual.clone();
                    record.insert(name.clone(), value);
                    all.push(record.into());
                }
            }
            all
        }
    }
}

fn instants() -> Vec<Value> {
    let at = |seconds: i64| json!(now().plus_seconds(seconds));
    let mut all: Vec<Value> = [1, 0, -1, -730 * 86_400, -730 * 86_400 + 1].map(at).to_vec();
    all.extend(["2020-01-01T00:00:00Z", "2019-12-31T23:59:59Z"].map(Value::from));
    all
}

/// The case with additions: each place left absent or given one of its edges, approvals as they are or all. Of many
/// combinations an even part, the same each time.
fn completions(case: &Case, places: &BTreeSet<String>) -> Vec<Case> {
    let choices: Vec<(&String, Vec<Value>)> = places.iter().map(|place| (place, edges(place))).collect();
    let all: usize = choices.iter().map(|(_, values)| values.len() + 1).product::<usize>() * 2;
    // a prime, so that its multiples meet every combination
    let (count, stride) = if all <= most() { (all, 1) } else { (most(), 7919) };
    let one = |number: usize| {
        let (mut completed, mut left) = (case.clone(), number.wrapping_mul(stride) % all);
        if left % 2 == 1 {
            completed.approvals = schema().list("Approval").unwrap().keys().cloned().collect();
        }
        left /= 2;
        for (place, values) in &choices {
            let choice = left % (values.len() + 1);
            left /= values.len() + 1;
            if let Some(value) = choice.checked_sub(1).and_then(|at| values.get(at)) {
                add(&mut completed, place, value);
            }
        }
        completed
    };
    (0..count).map(one).collect()
}

/// What is absent of that which the rules read.
fn absent<'a>(case: &Case, rules: impl Iterator<Item = &'a Answer>) -> BTreeSet<String> {
    let seen = rules.flat_map(|rule| &rule.seen).filter_map(|seen| place(&seen.path));
    seen.chain(["purpose".to_owned()]).filter(|place| !is_there(case, place)).collect()
}

/// What was said of a question stays true of every question that knows more.
fn stays_true(asked: &Asked<'_>, case: &Case) -> Result<Decision, TestCaseError> {
    let said = asked.answer(case)?;
    for more in completions(case, &absent(case, rules(&said))) {
        let then = asked.answer(&more)?;
        let told = || format!("{}\n{}", serde_json::to_string(case).unwrap(), serde_json::to_string(&more).unwrap());
        for (before, after) in rules(&said).zip(rules(&then)) {
            prop_assert_eq!(&before.id, &after.id);
            match before.status {
                Status::NotMet => prop_assert_eq!(after.status, Status::NotMet, "{} {}", before.id, told()),
                status if holds(status) => prop_assert!(holds(after.status), "{} {}", before.id, told()),
                _ => {}
            }
        }
        match said.outcome {
            Outcome::Permit => prop_assert_eq!(then.outcome, Outcome::Permit, "{}", told()),
            Outcome::Deny | Outcome::NoGround => prop_assert_ne!(then.outcome, Outcome::Permit, "{}", told()),
            Outcome::Review | Outcome::Incomplete => {}
        }
    }
    // what waits for persons only is met once they all said yes
    let mut approved = case.clone();
    approved.approvals = schema().list("Approval").unwrap().keys().cloned().collect();
    let then = asked.answer(&approved)?;
    for before in rules(&said).filter(|rule| rule.status == Status::AwaitingReview && case.purpose.is_some()) {
        prop_assert!(holds(rule(&then, &before.id).status), "{}", before.id);
    }
    Ok(said)
}

/// What is unknown can be met by facts and approvals that the answer names, and no others.
fn can_be_met(asked: &Asked<'_>, case: &Case, unknown: &Answer) -> Result<(), TestCaseError> {
    let leaves = unknown.needs.iter().flat_map(Need::leaves);
    let named: BTreeSet<String> = leaves
        .filter_map(|need| match need {
            Need::Fact(path) => place(path),
            _ => None,
        })
        .collect();
    prop_assert!(named.iter().all(|place| !is_there(case, place)), "{}: {:?}", unknown.id, unknown.needs);
    // a purpose that is not filled in leaves every question open
    let mut places = named.clone();
    if case.purpose.is_none() {
        places.insert("purpose".to_owned());
    }
    let mut possible = vec![case.clone()];
    for place in &places {
        let with = |case: &Case, value: &Value| {
            let mut case = case.clone();
            add(&mut case, place, value);
            case
        };
        let values = edges(place);
        possible = possible.iter().flat_map(|case| values.iter().map(|value| with(case, value))).collect();
    }
    for mut completed in possible {
        completed.approvals = schema().list("Approval").unwrap().keys().cloned().collect();
        if holds(rule(&asked.answer(&completed)?, &unknown.id).status) {
            return Ok(());
        }
    }
    let told = serde_json::to_string(case).unwrap();
    Err(TestCaseError::fail(format!("{} is unknown and cannot be met: {:?} {told}", unknown.id, unknown.needs)))
}

/// A row of choices, drawn from random bytes; when they run out, always the first.
pub(crate) struct Dice<'a>(pub(crate) std::slice::Iter<'a, u8>);

impl Dice<'_> {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0.next().map_or(0, |byte| usize::from(*byte) % sides)
    }

    pub(crate) fn of<'t, T>(&mut self, items: &'t [T]) -> &'t T {
        &items[self.roll(items.len())]
    }
}

/// Facts that random bodies read: the place, the test that it is there, and tests of its value.
pub(crate) const SLOTS: &[(&str, &str, &[&str])] = &[
    (
        "declared.employees",
        "principal.declared has employees",
        &[
            "principal.declared.employees <= 5",
            "principal.declared.employees > 10",
            "principal.declared.employees == 7",
        ],
    ),
    (
        "verified.employees",
        "principal.verified has employees",
        &[
            "principal.verified.employees < 5",
            "principal.verified.employees != 7",
            "10 <= principal.verified.employees",
        ],
    ),
    (
        "declared.commercialUse",
        "principal.declared has commercialUse",
        &["principal.declared.commercialUse", "principal.declared.commercialUse == false"],
    ),
    (
        "declared.foundedOn",
        "principal.declared has foundedOn",
        &[
            "principal.declared.foundedOn < datetime(\"2020-01-01\")",
            "principal.declared.foundedOn <= context.now",
            "context.now < principal.declared.foundedOn.offset(duration(\"730d\"))",
        ],
    ),
    (
        "verified.designation",
        "principal.verified has designation",
        &[
            "context.now < principal.verified.designation.until",
            "principal.verified.designation.by == \"the minister\"",
        ],
    ),
    (
        "verified.category",
        "principal.verified has category",
        &[
            "[Category::\"university\", Category::\"company\"].contains(principal.verified.category)",
            "principal.verified.category != Category::\"other\"",
        ],
    ),
    (
        "declared.processingCountries",
        "principal.declared has processingCountries",
        &[
            "[Country::\"NL\", Country::\"BE\"].containsAll(principal.declared.processingCountries)",
            "principal.declared.processingCountries.contains(Country::\"NL\")",
            "principal.declared.processingCountries.isEmpty()",
        ],
    ),
    (
        "scope.termMonths",
        "context.scope has termMonths",
        &["context.scope.termMonths <= 12", "context.scope.termMonths == 1"],
    ),
];

/// Tests of what every question has, and of the dataset.
const ALWAYS: &[&str] = &[
    "context.purpose in Purpose::\"dpv:ScientificResearch\"",
    "context.purpose in [Purpose::\"dpv:Marketing\", Purpose::\"dpv:SellProducts\"]",
    "context.purpose == Purpose::\"dpv:PublicBenefit\"",
    "context.scope.level == DataLevel::\"records\"",
    "context.now < datetime(\"2020-01-01\")",
    "resource.personalData",
    "(resource has embargoUntil && resource.embargoUntil <= context.now)",
];

pub(crate) const APPROVALS: &[&str] = &[
    "context.approvals.contains(\"ethics\")",
    "context.approvals.containsAll([\"ethics\", \"data-steward\"])",
    "context.approvals.containsAny([\"expert\", \"supplier\"])",
];

/// A random body. `guarded` holds the slots whose presence was tested before; `helps` is false where only tests of values
/// may stand, such as under `!`.
pub(crate) fn body(dice: &mut Dice<'_>, depth: usize, guarded: &[usize], helps: bool) -> String {
    let part = |dice: &mut Dice<'_>, helps| body(dice, depth - 1, guarded, helps);
    match if depth == 0 { 0 } else { dice.roll(8) } {
        1 | 2 => format!("({} && {})", part(dice, helps), part(dice, helps)),
        3 => format!("({} || {})", part(dice, helps), part(dice, helps)),
        4 | 5 if helps => {
            let slot = dice.roll(SLOTS.len());
            let guarded: Vec<usize> = guarded.iter().copied().chain([slot]).collect();
            format!("({} && {})", SLOTS[slot].1, body(dice, depth - 1, &guarded, helps))
        }
        6 => format!("!({})", part(dice, false)),
        7 => format!("(if {} then {} else {})", part(dice, false), part(dice, helps), part(dice, helps)),
        _ => leaf(dice, guarded, helps),
    }
}

fn leaf(dice: &mut Dice<'_>, guarded: &[usize], helps: bool) -> String {
    let both = guarded.contains(&0) && guarded.contains(&1);
    match dice.roll(if helps { 6 } else { 4 }) {
        4 => (*dice.of(APPROVALS)).to_owned(),
        5 => dice.of(SLOTS).1.to_owned(),
        3 if both => "principal.declared.employees == principal.verified.employees".to_owned(),
        0..=2 if !guarded.is_empty() => {
            let slot = *dice.of(guarded);
            (*dice.of(SLOTS[slot].2)).to_owned()
        }
        _ => (*dice.of(ALWAYS)).to_owned(),
    }
}

/// A set of one random ground and two random conditions; `None` if the loader refuses it, as it must some.
fn random_set(dice: &mut Dice<'_>) -> Option<Slice> {
    const WORDS: &str = r#"@label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")"#;
    let ground = body(dice, 3, &[], true);
    let mut text = format!(
        "@id(\"ground\") {WORDS}\npermit (principal, action == Action::\"reuse\", resource) when {{ {ground} }};\n"
    );
    for id in ["one", "other"] {
        let condition = body(dice, 4, &[], true);
        text += &format!(
            "@id(\"{id}\") @kind(\"entry\") @theme(\"use\") {WORDS}\nforbid (principal, action == Action::\"reuse\", resource) unless {{ {condition} }};\n"
        );
    }
    let set = load(schema(), "random.cedar", &text, Level::Dataset).ok()?;
    Some(Slice::new(vec![Arc::new(set)]).unwrap())
}

/// Some of what the places can hold, and some approvals.
pub(crate) fn some_facts(dice: &mut Dice<'_>, places: impl Iterator<Item = String>) -> Case {
    let mut case = case();
    for place in places {
        let values = edges(&place);
        if dice.roll(2) == 1 && !values.is_empty() {
            add(&mut case, &place, dice.of(&values));
        }
    }
    if dice.roll(4) > 0 {
        let purposes = edges("purpose");
        add(&mut case, "purpose", dice.of(&purposes));
    }
    for approval in schema().list("Approval").unwrap().keys() {
        if dice.roll(4) == 1 {
            case.approvals.insert(approval.clone());
        }
    }
    case
}

fn some_dataset(dice: &mut Dice<'_>) -> Dataset {
    let embargo_until = [None, Some(now()), Some(now().plus_seconds(1))][dice.roll(3)];
    let dataset = CaseDataset { personal_data: dice.roll(2) == 1, embargo_until, ..CaseDataset::default() };
    dataset.into_dataset().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60 * effort() as u32, max_global_rejects: 1 << 20, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_random_bodies_stays_true(bytes in prop::collection::vec(any::<u8>(), 60..160)) {
        let mut dice = Dice(bytes.iter());
        let set = random_set(&mut dice);
        prop_assume!(set.is_some());
        let (slice, dataset) = (set.unwrap(), some_dataset(&mut dice));
        let asked = Asked { slice: &slice, dataset: &dataset, now: now() };
        let case = some_facts(&mut dice, SLOTS.iter().map(|(place, _, _)| (*place).to_owned()));
        stays_true(&asked, &case)?;
    }
}

/// Every folder of the library with some facts drawn at random, and with none.
#[test]
fn the_library_says_what_is_true_and_what_can_be_met() {
    let mut unknown = BTreeSet::new();
    let mut seed = 1u64;
    for folder in library::folders() {
        let set = |folder: library::Folder| {
            Arc::new(load(schema(), folder.name, folder.policy, Level::Dataset).unwrap_or_else(|e| panic!("{e}")))
        };
        let cases: Cases = serde_json::from_str(folder.cases).unwrap();
        let beside = cases.with.iter().map(|name| set(library::folder(name.as_str()).unwrap()));
        let slice = Slice::new(std::iter::once(set(folder)).chain(beside).collect()).unwrap();
        let dataset = cases.dataset.clone().unwrap_or_default().into_dataset().unwrap();
        let asked = Asked { slice: &slice, dataset: &dataset, now: now() };
        let read = absent(&case(), rules(&asked.answer(&case()).unwrap()));
        let own: Vec<String> = slice.sets()[0].conditions().iter().map(|c| format!("dataset/{}", c.id)).collect();
        for round in 0..4 * effort() {
            // xorshift: some facts, and the same ones each time
            let bytes: Vec<u8> = (0..64)
                .map(|_| {
                    seed ^= seed << 13;
                    seed ^= seed >> 7;
                    seed ^= seed << 17;
                    if round == 0 { 0 } else { seed.to_be_bytes()[0] }
                })
                .collect();
            let mut dice = Dice(bytes.iter());
            let mut partial = some_facts(&mut dice, read.iter().cloned());
            // a level for each: some conditions want answers, others access in place
            let levels = schema().words("DataLevel").unwrap();
            partial.scope = Scope { level: levels[round % levels.len()].clone(), ..partial.scope };
            let said = stays_true(&asked, &partial).unwrap_or_else(|e| panic!("{}: {e}", folder.name));
            for answer in rules(&said).filter(|rule| rule.status == Status::Unknown && own.contains(&rule.id)) {
                can_be_met(&asked, &partial, answer).unwrap_or_else(|e| panic!("{}: {e}", folder.name));
                unknown.insert(answer.id.clone());
            }
        }
    }
    assert!(unknown.len() >= 12, "the test meets hardly any unknown: {unknown:?}");
}
