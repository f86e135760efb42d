//! "What may I use?" over a generated catalogue with the skew of a real portal: a few hundred distinct conditions, six to ten a dataset, most of
//! them the same ones; beside it, for each dataset, its inputs built and bare Cedar asked about its slice.
//!
//! `DATADEAL_BENCH_DATASETS` sets how many datasets there are, 100,000 if it is not set.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use datadeal::conditions::cases::{Case, CaseDataset, Cases, answer};
use datadeal::conditions::{Schema, Slice, load};
use datadeal::engine::state::{self, DatasetNow, Published};
use datadeal::engine::{Engine, Filter, MayUse, NewSet, Part, Question, rows};
use datadeal::model::Time;
use datadeal::model::condition::Level;
use datadeal::model::dataset::Dataset;
use datadeal::model::eligible::Group;
use datadeal::rights::Actor;
use datadeal::store::Kind;
use serde_json::{Value, json};

use crate::portal::{self, Dice, Rows, datasets};
use crate::world::{self, World};
use crate::{Budget, Ceiling, median, parts};

/// Distinct conditions, and the sets that are made of them: of datasets, and of owners.
const CONDITIONS: usize = 300;
const GROUNDS: usize = 12;
const TEMPLATES: usize = 400;
const OWNERS: usize = 150;
/// How many datasets the parts are measured on; how often a question is put again.
const SAMPLE: usize = 400;
const AGAIN: usize = 25;

/// One of many of which the first are taken most.
fn skewed(dice: &mut Dice, many: usize) -> usize {
    ((many as f64) * dice.part().powi(3)) as usize
}

/// A condition by its number: its kind of body goes round, what it compares with is its own.
fn condition(number: usize, schema: &Schema) -> String {
    let nth = number / 10;
    let purposes: Vec<&String> = schema.list("Purpose").unwrap().keys().collect();
    let purpose = purposes[nth % purposes.len()];
    let countries = schema.words("Country").unwrap();
    let of = |from: usize| countries.iter().cycle().skip(from).take(3 + from % 5).map(|c| format!("Country::\"{c}\""));
    let few = |from: usize| {
        of(from).chain(["Country::\"NL\"".to_owned()]).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    let limit = 150 + 20 * nth;
    let body = match number % 10 {
        0 => format!("principal.declared has employees && principal.declared.employees <= {limit}"),
        // most owners let research be done; the others name one purpose
        1 if nth % 4 == 3 => {
            format!("context.purpose in Purpose::\"{purpose}\" || context.scope.level == DataLevel::\"answer\"")
        }
        1 => format!("context.purpose in [Purpose::\"dpv:ScientificResearch\", Purpose::\"{purpose}\"]"),
        2 => format!("context.scope has termMonths && context.scope.termMonths <= {}", 12 + nth),
        3 => format!(
            "principal.declared has processingCountries && [{}].containsAll(principal.declared.processingCountries)",
            few(nth).join(", ")
        ),
        4 => format!(
            "if resource has embargoUntil then resource.embargoUntil <= context.now || context.purpose == Purpose::\"{purpose}\" else true"
        ),
        5 => format!(
            "!resource.personalData || (principal.declared has employees && principal.declared.employees > {nth})"
        ),
        6 => format!(
            "!resource.specialCategories || context.approvals.contains(\"ethics\") || (principal.verified has employees && principal.verified.employees < {limit})"
        ),
        7 => format!(
            "principal.verified has securityCertificate && context.now.offset(duration(\"{nth}d\")) < principal.verified.securityCertificate.until"
        ),
        8 => {
            format!("context.accepted.contains(\"c{number}\") && context.scope.level != DataLevel::\"access-in-place\"")
        }
        _ => format!(
            "principal.declared has commercialUse && (principal.declared.commercialUse == false || (principal.declared has employees && principal.declared.employees < {limit}))"
        ),
    };
    let promise = number % 10 == 8;
    let kind = if promise { "@kind(\"promise\") @clause_en(\"c\") @clause_nl(\"c\")" } else { "@kind(\"entry\")" };
    format!(
        "@id(\"c{number}\") {kind} @theme(\"use\") {WORDS}\nforbid (principal, action == Action::\"reuse\", resource) unless {{ {body} }};\n"
    )
}

const WORDS: &str = "@label_en(\"a condition\") @label_nl(\"een voorwaarde\") @hint_en(\"ask\") @hint_nl(\"vraag\") @legal_basis(\"Who art. 6\")";

/// A condition of columns that some sets have, and one on which columns go together.
const OF_COLUMNS: [&str; 2] = [
    r#"@id("of-columns") @kind("entry") @theme("privacy") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuseColumn", resource) unless { !resource.identifying && (!resource.personal || principal.declared has employees) };
"#,
    r#"@id("together") @kind("entry") @theme("privacy") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { !context.scope.columns.containsAll(["column1", "column2", "column3"]) };
"#,
];

fn ground(number: usize, schema: &Schema) -> String {
    let categories = schema.words("Category").unwrap();
    let some = categories.iter().cycle().skip(number).take(3 + number % 4).map(|c| format!("Category::\"{c}\""));
    let some = some.chain((number % 3 != 2).then(|| "Category::\"university\"".to_owned()));
    let list = some.collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    format!(
        "@id(\"g{number}\") {WORDS}\npermit (principal, action == Action::\"reuse\", resource) when {{ principal.declared has category && [{list}].contains(principal.declared.category) }};\n"
    )
}

/// Some conditions of all, each once.
fn some(dice: &mut Dice, least: usize, most: usize) -> BTreeSet<usize> {
    let wanted = least + dice.roll(most - least + 1);
    let mut chosen = BTreeSet::new();
    while chosen.len() < wanted {
        chosen.insert(skewed(dice, CONDITIONS));
    }
    chosen
}

fn text(schema: &Schema, grounds: &[usize], conditions: &BTreeSet<usize>) -> String {
    let mut text: String = grounds.iter().map(|n| ground(*n, schema)).collect();
    conditions.iter().for_each(|n| _ = write!(text, "{}", condition(*n, schema)));
    text
}

/// A set with the one case that it has: nothing known, and what comes of it.
fn set(schema: &Schema, text: String, level: Level, dataset: Option<String>) -> NewSet {
    let set = load(schema, "bench", &text, level).unwrap_or_else(|e| panic!("{e:?}"));
    let now: Time = "2026-11-25T09:00:00Z".parse().unwrap();
    let own = CaseDataset { personal_data: true, ..CaseDataset::default() };
    let mut case: Case = serde_json::from_value(json!({"name": "nothing known", "expect": "permit"})).unwrap();
    let slice = Slice::new(vec![Arc::new(set)]).unwrap();
    let found = answer(schema, &slice, &own.clone().into_dataset().unwrap(), now, &case).unwrap();
    case.expect = found.outcome;
    case.failing = found.failing.iter().map(|id| id.split_once('/').unwrap().1.to_owned()).collect();
    NewSet {
        name: "policy.cedar".to_owned(),
        text,
        cases: Cases { with: Vec::new(), now, dataset: Some(own), cases: vec![case] },
        level,
        owner: None,
        dataset,
        from: None,
        automatic_refusals: false,
        transition: None,
        automatic_suspension: false,
    }
}

fn dataset(dice: &mut Dice, slug: &str, owner: usize) -> Dataset {
    let mut value = world::dataset();
    value["id"] = format!("https://example.nl/id/{slug}").into();
    value["slug"] = slug.into();
    value["title"] = json!({"en": format!("Register {slug} of what is kept there"), "nl": format!("Register {slug} van wat daar wordt bijgehouden")});
    value["owner"] = format!("NL.OIN:0000009900001{owner:07}").into();
    value["personalData"] = (dice.roll(2) == 0).into();
    value["specialCategories"] = (dice.roll(5) == 0).into();
    if dice.roll(4) == 0 {
        let first: Time = "2025-06-01T00:00:00Z".parse().unwrap();
        value["embargoUntil"] = json!(first.plus_seconds(86_400 * i64::try_from(dice.roll(1000)).unwrap()));
    }
    if dice.roll(10) == 0 {
        value["access"] = "open".into();
    }
    let columns: Vec<Value> = (0..dice.roll(12))
        .map(|n| json!({"name": format!("column{n}"), "personal": dice.roll(3) == 0, "identifying": dice.roll(9) == 0}))
        .collect();
    value["columns"] = columns.into();
    serde_json::from_value(value).unwrap()
}

/// A data directory with the catalogue in it. Sets are published once for each text; what binds the other datasets are rows that name the same
/// records, as if an owner had published one text for many.
fn generated(world: &World) {
    let (engine, schema) = (&world.engine, world.engine.schema().unwrap());
    let operator = engine.actor(&"operator".parse().unwrap()).unwrap();
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    let wide: BTreeSet<usize> = [2, 8].into();
    engine.publish_conditions(&operator, &set(&schema, text(&schema, &[], &wide), Level::Portal, None)).unwrap();
    let templates: Vec<String> = (0..TEMPLATES + OWNERS).map(|n| format!("template-{n}")).collect();
    let made: Vec<Dataset> = templates
        .iter()
        .map(|slug| {
            let mut value = world::dataset();
            value["id"] = format!("https://example.nl/id/{slug}").into();
            value["slug"] = slug.as_str().into();
            serde_json::from_value(value).unwrap()
        })
        .collect();
    engine.add_datasets(&operator, &made).unwrap();
    let store = engine.store();
    let published: Vec<Published> = (0..)
        .zip(&made)
        .map(|(n, dataset)| {
            let (grounds, conditions) = if n < TEMPLATES {
                (vec![skewed(&mut dice, GROUNDS)], some(&mut dice, 3, 5))
            } else {
                (Vec::new(), some(&mut dice, 2, 3))
            };
            let mut text = text(&schema, &grounds, &conditions);
            text += match n {
                n if n < TEMPLATES && n % 10 == 3 => OF_COLUMNS[0],
                n if n < TEMPLATES && n % 30 == 5 => OF_COLUMNS[1],
                _ => "",
            };
            let new = set(&schema, text, Level::Dataset, Some(dataset.slug.to_string()));
            engine.publish_conditions(&world.admin, &new).unwrap();
            let key = state::dataset_set(&dataset.id);
            rows::load::<Published>(store, Kind::ConditionSet, &key).unwrap().unwrap().value
        })
        .collect();
    let first = engine.dataset("register").unwrap();
    let mut rows = Rows::new(world.dir.path());
    let bind = |rows: &mut Rows, key: &str, published: &Published| {
        rows.put(Kind::ConditionSet, key, None, serde_json::to_vec(published).unwrap());
    };
    for (n, published) in published.iter().enumerate().skip(TEMPLATES) {
        let owner = format!("NL.OIN:0000009900001{:07}", n - TEMPLATES).parse().unwrap();
        bind(&mut rows, &state::owner_set(&owner), published);
    }
    for n in 0..datasets() {
        let owner = skewed(&mut dice, OWNERS);
        let dataset = dataset(&mut dice, &format!("d{n:06}"), owner);
        bind(&mut rows, &state::dataset_set(&dataset.id), &published[skewed(&mut dice, TEMPLATES)]);
        let version = dataset.version().unwrap();
        rows.dataset(&DatasetNow { version, dataset, record: first.record, source: None, gone: None });
    }
    rows.commit();
    // as if they had been added one by one: with the words by which they are found
    engine.index_datasets().unwrap();
}

fn question(employees: usize) -> Question {
    serde_json::from_value(json!({"applicant": world::REUSER, "purpose": "dpv:ScientificResearch", "scope": {"termMonths": 12}, "declared": {
        "category": "university", "employees": employees, "commercialUse": false, "processingCountries": ["NL"]}}))
    .unwrap()
}

/// One question, and how long it took in milliseconds.
fn ask(engine: &Engine, actor: &Actor, employees: usize, group: Option<Group>) -> (MayUse, f64) {
    let (question, part) = (question(employees), Part { after: None, limit: 50 });
    let filter = Filter { group, ..Filter::default() };
    let begun = Instant::now();
    let found = engine.eligible(Some(actor), &question, &filter, &part, None).unwrap();
    (found, begun.elapsed().as_secs_f64() * 1e3)
}

/// Seconds for one dataset, those among them of which no condition is asked: its inputs built, and bare Cedar on its slice, which is ready.
fn bare(engine: &Engine, actor: &Actor, schema: &Schema, each: usize) -> f64 {
    let (mut all, mut sampled) = (Vec::new(), 0_usize);
    for n in (0..datasets()).step_by(each) {
        sampled += 1;
        let slug = format!("d{n:06}");
        let answered = engine.check(Some(actor), &slug, &question(100), None).unwrap();
        if answered.decision.without_conditions.is_some() {
            continue;
        }
        let texts = answered.sets.iter().map(|set| {
            let record = engine.store().record_by_digest(&set.record, None).unwrap().unwrap();
            let record: Value = serde_json::from_slice(&record.bytes).unwrap();
            record["credentialSubject"]["text"].as_str().unwrap().to_owned()
        });
        let text: String = texts.collect();
        all.push((parts::Cedar::new(schema.text(), &text), answered.input));
    }
    let round = || {
        let begun = Instant::now();
        for (cedar, input) in &all {
            std::hint::black_box(cedar.decide(input));
        }
        begun.elapsed().as_secs_f64() / sampled as f64
    };
    round();
    median((0..5).map(|_| round()).collect())
}

/// Resident memory in megabytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

pub(crate) fn run(budgets: &mut Vec<Budget>, ceilings: &mut Vec<Ceiling>) {
    let world = World::new();
    generated(&world);
    let World { engine, researcher, dir, .. } = world;
    drop(engine);
    let (engine, listed, start) = portal::started(dir.path());
    let (found, first) = ask(&engine, &researcher, 100, None);
    let memory = resident();
    println!("{listed} datasets: {:?}, {:.1} MB", found.totals, memory);
    assert!(found.totals.now > 0 && found.totals.after > 0 && found.totals.not > 0, "{:?}", found.totals);
    assert_eq!(found.totals.faulty, 0);
    let again = median((0..AGAIN).map(|n| ask(&engine, &researcher, 101 + 7 * n, None).1).collect());
    // of these the columns that can be had are looked for, one after the other
    let after = median((0..AGAIN).map(|n| ask(&engine, &researcher, 104 + 7 * n, Some(Group::After)).1).collect());
    let schema = engine.schema().unwrap();
    let each = bare(&engine, &researcher, &schema, (datasets() / SAMPLE).max(1));
    let (ours, parts) = (200.0 * again / 1e3, each * listed as f64);
    println!(
        "a question again: {again:.2} ms, the parts of all datasets: {:.0} ms, {:.0} times",
        parts * 1e3,
        200.0 * parts / ours
    );
    budgets.push(Budget { name: "200 questions over all datasets", limit: 1.0, ours, parts });
    ceilings.push(Ceiling { name: "what may I use, start", limit: 2000.0, found: start, unit: "ms" });
    ceilings.push(Ceiling { name: "what may I use, first question", limit: 1000.0, found: first, unit: "ms" });
    ceilings.push(Ceiling { name: "what may I use, one fact changed", limit: 50.0, found: again, unit: "ms" });
    ceilings.push(Ceiling { name: "what may I use, what is missing", limit: 50.0, found: after, unit: "ms" });
    ceilings.push(Ceiling { name: "what may I use, memory", limit: 500.0, found: memory, unit: "MB" });
}
