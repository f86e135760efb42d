//! The same on a portal: pages, filters, datasets and sets that change in between, datasets that are not for everybody, conditions that cannot
//! be evaluated.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use datadeal::conditions::{cases::Cases, library};
use datadeal::engine::{EngineError, Filter, MayUse, NewRequest, NewSet, Part, Question, Wanted};
use datadeal::model::dataset::{Access, Dataset};
use datadeal::model::decision::{Decision, Need, Status, WithoutConditions};
use datadeal::model::eligible::{Eligible, Group};
use datadeal::model::{OrgId, Time};
use datadeal::rights::Actor;
use serde_json::{Value, json};

use crate::story::{NOW, World, dataset, question, reuser, set};

/// A dataset like that of the world.
fn another(slug: &str, change: impl FnOnce(&mut Value)) -> Dataset {
    let mut value = serde_json::to_value(dataset()).unwrap();
    value["slug"] = slug.into();
    value["id"] = format!("https://example.nl/id/{slug}").into();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn open(dataset: &mut Value) {
    dataset["access"] = "open".into();
    dataset["licence"] = "https://example.nl/licence".into();
}

fn add(world: &World, datasets: &[Dataset]) {
    world.clock.advance(1);
    world.engine.add_datasets(&world.actor("operator"), datasets).unwrap();
}

/// Publishes folders of the library, and rules beside them, for a dataset.
fn publish(world: &World, slug: &str, folders: &[&str], more: &str, case: &Value, from: Option<Time>) {
    world.clock.advance(1);
    let text: String = folders.iter().map(|f| library::folder(f).unwrap().policy).chain([more]).collect();
    let cases = json!({"now": NOW, "dataset": {"personalData": true}, "cases": [case]});
    let cases: Cases = serde_json::from_value(cases).unwrap();
    let new = NewSet { text, cases, dataset: Some(slug.to_owned()), from, ..set() };
    world.engine.publish_conditions(&world.actor("admin"), &new).unwrap();
}

fn case(expect: &str, failing: &[&str], more: Value) -> Value {
    let mut case = json!({"name": "one", "purpose": "dpv:ScientificResearch", "expect": expect, "failing": failing});
    case.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    case
}

/// One ground is all that it asks.
fn ground_only(world: &World, slug: &str) {
    publish(world, slug, &["named-category"], "", &case("incomplete", &["named-category"], json!({})), None);
}

fn asked(value: Value) -> Question {
    serde_json::from_value(value).unwrap()
}

fn part(limit: usize) -> Part {
    Part { after: None, limit }
}

fn all(world: &World, actor: Option<&Actor>, question: &Question) -> MayUse {
    world.engine.eligible(actor, question, &Filter::default(), &part(1000), None).unwrap()
}

fn slugs(found: &MayUse) -> Vec<&str> {
    found.items.iter().map(|item| item.slug.as_str()).collect()
}

fn leaves(need: Option<&Need>) -> BTreeSet<String> {
    need.into_iter().flat_map(Need::leaves).map(|leaf| format!("{leaf:?}")).collect()
}

fn ids<'a>(rules: impl Iterator<Item = &'a String>) -> Vec<String> {
    rules.cloned().collect()
}

/// What is told of a dataset is what a check of it says; where that refuses all columns together, what a check of fewer says.
fn as_checked(world: &World, actor: Option<&Actor>, item: &Eligible, whole: &Decision, question: &Question) {
    assert_eq!(item.outcome, whole.outcome, "{}", item.slug);
    assert_eq!(item.alternatives, whole.alternatives, "{}", item.slug);
    assert_eq!(item.without_conditions, whole.without_conditions, "{}", item.slug);
    let of = |columns: &[String]| {
        let mut question = question.clone();
        question.scope.columns = columns.iter().cloned().collect();
        world.engine.check(actor, item.slug.as_str(), &question, None).unwrap().decision
    };
    let dataset = world.engine.dataset(item.slug.as_str()).unwrap().dataset;
    let single: Vec<Decision> = if Group::of(whole.outcome) == Group::Not {
        dataset.columns.iter().map(|c| of(std::slice::from_ref(&c.name))).collect()
    } else {
        Vec::new()
    };
    let left: Vec<&Decision> = single.iter().filter(|d| Group::of(d.outcome) != Group::Not).collect();
    let group = if left.is_empty() { Group::of(whole.outcome) } else { Group::After };
    assert_eq!((item.group, item.columns.is_empty()), (group, left.is_empty()), "{}", item.slug);
    let failing = if group == Group::Not { whole.failing.clone() } else { Vec::new() };
    assert_eq!(ids(item.failing.iter().map(|r| &r.id)), failing, "{}", item.slug);
    let asked = if left.is_empty() { whole.clone() } else { of(&item.columns) };
    assert_eq!(Group::of(asked.outcome) == Group::Not, group == Group::Not, "{}", item.slug);
    let sign = asked.conditions.iter().filter(|c| c.status == Status::OnSigning).map(|c| &c.id);
    let sign = if group == Group::Not { Vec::new() } else { ids(sign) };
    assert_eq!(ids(item.sign.iter().map(|r| &r.id)), sign, "{}", item.slug);
    let needed = |decision: &Decision| -> BTreeSet<String> {
        let best = decision.grounds.iter().map(|g| g.status).min();
        let of_grounds = decision.grounds.iter().filter(|g| Some(g.status) == best);
        let wanted = decision.conditions.iter().chain(of_grounds).flat_map(|a| leaves(a.needs.as_ref()));
        wanted.chain(decision.unfilled.iter().map(|f| format!("{:?}", Need::Fact(f.clone())))).collect()
    };
    let wanted: BTreeSet<String> = match group {
        Group::After if left.is_empty() => needed(whole),
        Group::After => left.into_iter().flat_map(needed).collect(),
        Group::Now | Group::Not => BTreeSet::new(),
    };
    assert_eq!(leaves(item.needs.as_ref()), wanted, "{}", item.slug);
}

/// Everything is told that somebody may see, once, and exactly as a check of it alone.
fn exact(world: &World, actor: Option<&Actor>, question: &Question) -> MayUse {
    let found = all(world, actor, question);
    let told: BTreeSet<&str> = slugs(&found).into_iter().collect();
    let seen = world.engine.datasets_seen(actor, None).unwrap();
    for d in &seen {
        let slug = d.dataset.slug.as_str();
        match world.engine.check(actor, slug, question, None) {
            Ok(answered) => {
                let item = found.items.iter().find(|item| item.slug.as_str() == slug).unwrap();
                as_checked(world, actor, item, &answered.decision, question);
            }
            Err(EngineError::Evaluation(_)) => {
                assert!(found.faulty.iter().any(|f| f.as_str() == slug) && !told.contains(slug), "{slug}");
            }
            Err(other) => panic!("{slug}: {other}"),
        }
    }
    assert_eq!(found.items.len() + found.faulty.len(), seen.len());
    let of = |group| found.items.iter().filter(|item| item.group == group).count();
    let totals = found.totals;
    assert_eq!((totals.now, totals.after, totals.not), (of(Group::Now), of(Group::After), of(Group::Not)));
    assert_eq!(totals.faulty, found.faulty.len());
    found
}

/// S-210: a portal with datasets of every kind, asked by several, with more and more facts.
#[test]
fn it_says_of_each_what_a_check_says() {
    let world = World::new();
    add(
        &world,
        &[
            another("alone", |_| {}),
            another("bare", |d| d["columns"] = json!([])),
            another("calm", |d| d["personalData"] = false.into()),
            another("late", |d| d["embargoUntil"] = "2027-01-01T00:00:00Z".into()),
            another("open", open),
        ],
    );
    ground_only(&world, "bare");
    ground_only(&world, "calm");
    add(
        &world,
        &[another(
            "parted",
            |d| d["columns"] = json!([{"name": "year"}, {"name": "postcode6"}, {"name": "nationality"}, {"name": "birthDate", "personal": true, "identifying": true}]),
        )],
    );
    let nothing = case("deny", &["personal-columns"], json!({}));
    publish(&world, "parted", &["named-category", "never-together", "personal-columns"], "", &nothing, None);
    let meets = json!({"declared": {"category": "university", "plan": "PLAN-7"}, "verified": {"category": "university"}, "approvals": ["ethics"]});
    let permitted = case("permit", &[], meets);
    publish(&world, "late", &["named-category", "embargo", "ethics-approval"], "", &permitted, None);
    let researcher = world.actor("researcher");
    let questions = [
        json!({}),
        json!({"purpose": "dpv:ScientificResearch"}),
        json!({"purpose": "dpv:Marketing", "declared": {"category": "company"}}),
        question(),
        json!({"purpose": "dpv:ScientificResearch", "declared": {"category": "university"}, "scope": {"level": "answer"}}),
        json!({"purpose": "dpv:ScientificResearch", "declared": {"category": "university"}, "declined": ["no-re-identification"]}),
    ];
    let mut groups = BTreeSet::new();
    for value in questions {
        for (actor, applicant) in [(None, None), (None, Some(reuser())), (Some(&researcher), Some(reuser()))] {
            let question = Question { applicant, ..asked(value.clone()) };
            if question.declined.is_empty() {
                groups.extend(exact(&world, actor, &question).items.into_iter().map(|item| item.group));
            } else {
                // a check of one dataset refuses what it does not ask; here it is declined where it is asked
                let found = all(&world, actor, &question);
                let register = found.items.iter().find(|i| i.slug.as_str() == "register").unwrap();
                assert_eq!((register.group, register.failing.len()), (Group::Not, 1), "{register:?}");
            }
        }
    }
    assert_eq!(groups.len(), 3, "{groups:?}");
    let found = exact(&world, None, &asked(question()));
    let licence = found.items.iter().find(|item| item.slug.as_str() == "open").unwrap().licence.clone();
    assert_eq!(licence.unwrap().as_str(), "https://example.nl/licence");
    let none = found.items.iter().find(|item| item.slug.as_str() == "alone").unwrap();
    assert_eq!(none.without_conditions, Some(WithoutConditions::NonePublished));
}

/// Those first of which the least is missing, page after page, and only what was asked for.
#[test]
fn it_is_ranked_filtered_and_paged() {
    let world = World::new();
    let names: Vec<String> = (0..17).map(|n| format!("d{n:02}")).collect();
    let made: Vec<Dataset> = names
        .iter()
        .enumerate()
        .map(|(n, slug)| {
            another(slug, |d| {
                if n % 5 == 0 {
                    open(d)
                }
            })
        })
        .collect();
    add(&world, &made);
    for slug in names.iter().step_by(3) {
        ground_only(&world, slug);
    }
    let question = asked(question());
    let whole = exact(&world, None, &question);
    let key = |item: &Eligible| (item.group, item.rank, item.slug.clone());
    assert!(whole.items.windows(2).all(|two| key(&two[0]) < key(&two[1])), "{:?}", slugs(&whole));
    assert_eq!(whole.next, None);
    let pages = |filter: &Filter| {
        let (mut told, mut after) = (Vec::new(), None);
        loop {
            let part = Part { after, limit: 4 };
            let page = world.engine.eligible(None, &question, filter, &part, None).unwrap();
            assert_eq!(page.totals.faulty, 0);
            assert!(page.items.len() == 4 || page.next.is_none());
            told.extend(page.items);
            after = page.next;
            if after.is_none() {
                return told;
            }
        }
    };
    assert_eq!(pages(&Filter::default()), whole.items);
    for group in Group::ALL {
        let wanted: Vec<Eligible> = whole.items.iter().filter(|i| i.group == group).cloned().collect();
        assert!(!wanted.is_empty(), "{group:?}");
        assert_eq!(pages(&Filter { group: Some(group), ..Filter::default() }), wanted);
    }
    let wanted: Vec<Eligible> = whole.items.iter().filter(|i| i.access == Access::Open).cloned().collect();
    assert_eq!(pages(&Filter { access: Some(Access::Open), ..Filter::default() }), wanted);
    let nobody: OrgId = "NL.OIN:00000099000000012000".parse().unwrap();
    assert_eq!(pages(&Filter { owner: Some(nobody), ..Filter::default() }), []);
    assert_eq!(pages(&Filter { owner: Some(dataset().owner), ..Filter::default() }), whole.items);
}

/// What is published, described anew or comes into force in between counts in the next answer.
#[test]
fn it_follows_what_changes() {
    let world = World::new();
    add(&world, &[another("one", |_| {}), another("two", |_| {})]);
    let question = asked(question());
    let group = |slug: &str| {
        let found = exact(&world, None, &question);
        found.items.iter().find(|item| item.slug.as_str() == slug).unwrap().group
    };
    assert_eq!((group("one"), group("two")), (Group::Not, Group::Not));
    ground_only(&world, "one");
    assert_eq!((group("one"), group("two")), (Group::After, Group::Not));
    // published now, in force tomorrow
    let tomorrow = world.engine.now().plus_seconds(86_400);
    publish(
        &world,
        "two",
        &["named-category"],
        "",
        &case("incomplete", &["named-category"], json!({})),
        Some(tomorrow),
    );
    assert_eq!(group("two"), Group::Not);
    let at = world.engine.eligible(None, &question, &Filter::default(), &part(9), Some(tomorrow)).unwrap();
    assert_eq!(at.items.iter().find(|i| i.slug.as_str() == "two").unwrap().group, Group::After);
    assert_eq!(group("two"), Group::Not);
    world.clock.advance(86_401);
    assert_eq!(group("two"), Group::After);
    add(&world, &[another("two", open)]);
    assert_eq!(group("two"), Group::Now);
    // who proves it may use it: evidence on file counts for its own organisation
    let researcher = world.actor("researcher");
    let own = Question { applicant: Some(reuser()), ..question.clone() };
    let found = exact(&world, Some(&researcher), &own);
    assert_eq!(found.items.iter().find(|i| i.slug.as_str() == "one").unwrap().group, Group::Now);
}

/// S-211: of a dataset that is not for somebody nothing is told, as if it were not there.
#[test]
fn what_is_not_for_somebody_is_not_there() {
    let world = World::new();
    let other = "NL.KVK:68750110";
    add(
        &world,
        &[
            another("for-others", |d| d["audience"] = json!([other])),
            another("for-us", |d| d["audience"] = json!([reuser(), other])),
            another("for-nobody", |d| d["audience"] = json!([])),
        ],
    );
    let secret = r#"@id("secret-promise") @kind("promise") @theme("use") @clause_en("c") @clause_nl("c") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuse", resource) unless { context.accepted.contains("secret-promise") };
"#;
    let incomplete = case("incomplete", &["named-category"], json!({}));
    publish(&world, "for-others", &["named-category"], secret, &incomplete, None);
    let engine = &world.engine;
    let (researcher, question) = (world.actor("researcher"), asked(question()));
    let seen = |actor: Option<&Actor>| {
        let found = exact(&world, actor, &question);
        let told: BTreeSet<String> = slugs(&found).into_iter().map(str::to_owned).collect();
        let listed = engine.search(actor, &Wanted::default(), None, 100).unwrap().items;
        assert_eq!(told, listed.iter().map(|row| row.slug.to_string()).collect());
        told.into_iter().collect::<Vec<_>>()
    };
    let everything = ["for-nobody", "for-others", "for-us", "register"];
    assert_eq!(seen(None), ["register"]);
    assert_eq!(seen(Some(&researcher)), ["for-us", "register"]);
    assert_eq!(seen(Some(&world.actor("admin"))), everything);
    assert_eq!(seen(Some(&world.actor("operator"))), everything);
    // the same error, under any name of it, at any door
    let told = |error: EngineError, name: &str| format!("{error:?}").replace(name, "X");
    for (slug, nothing) in
        [("for-others", "no-others-0"), ("https://example.nl/id/for-others", "https://example.nl/id/no-others-0")]
    {
        for actor in [None, Some(&researcher)] {
            let doors: [&dyn Fn(&str) -> EngineError; 3] = [
                &|name| engine.check(actor, name, &question, None).unwrap_err(),
                &|name| engine.show(actor, name, None).unwrap_err(),
                &|name| engine.askable_columns(actor, name).unwrap_err(),
            ];
            for door in doors {
                assert_eq!(told(door(slug), slug), told(door(nothing), nothing));
            }
        }
        let submit = |name: &str| {
            let new = NewRequest {
                dataset: name.to_owned(),
                question: question.clone(),
                sets: None,
                entered: Default::default(),
            };
            engine.submit(&researcher, &new).unwrap_err()
        };
        assert_eq!(told(submit(slug), slug), told(submit(nothing), nothing));
    }
    // the set that binds it is no more to be read than one that is not there
    let shown = engine.show(Some(&world.actor("admin")), "for-others", None).unwrap();
    let record = shown.sets[0].record.id;
    assert!(engine.published_set_record(None, &record).is_err());
    assert!(engine.published_set_record(Some(&world.actor("admin")), &record).is_ok());
    // what only a hidden dataset asks can be declined by nobody else
    let decline = |actor: Option<&Actor>, name: &str| {
        let declined = Question { declined: [name.parse().unwrap()].into(), ..question.clone() };
        engine.eligible(actor, &declined, &Filter::default(), &part(9), None)
    };
    for actor in [None, Some(&researcher)] {
        let refused = |name: &str| told(decline(actor, name).unwrap_err(), name);
        assert_eq!(refused("secret-promise"), refused("no-such-promise"));
    }
    let found = decline(Some(&world.actor("admin")), "secret-promise").unwrap();
    assert_eq!(found.items.iter().find(|i| i.slug.as_str() == "for-others").unwrap().group, Group::Not);
}

/// What is written to the program's log.
#[derive(Debug, Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for &Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// S-212: a dataset whose conditions cannot be evaluated is named as such, and the others are answered.
#[test]
fn a_fault_is_one_datasets_own() {
    let world = World::new();
    add(&world, &[another("broken", |_| {}), another("whole", |_| {})]);
    let overflow = r#"@id("overflow") @kind("entry") @theme("use") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Algemene wet bestuursrecht art. 3:2")
forbid (principal, action == Action::"reuse", resource) unless {
  principal.declared has employees && principal.declared.employees > 0 && context.now.offset(duration("106751991167d")).offset(duration("106751991167d")) > context.now
};"#;
    let expected = case("deny", &["overflow"], json!({"declared": {"employees": 0}}));
    publish(&world, "broken", &["named-category"], overflow, &expected, None);
    ground_only(&world, "whole");
    let fine = exact(&world, None, &asked(question()));
    assert_eq!((fine.totals.faulty, fine.faulty.len()), (0, 0));
    let mut value = question();
    value["declared"]["employees"] = 3.into();
    let lines = Lines::default();
    let log = tracing_subscriber::fmt().with_ansi(false).with_writer(Arc::new(lines.clone())).finish();
    let found = tracing::subscriber::with_default(log, || exact(&world, None, &asked(value)));
    assert_eq!((found.totals.faulty, found.faulty[0].as_str()), (1, "broken"));
    // the operator reads which one, and why
    let told = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(told.contains("first=broken") && told.contains("`overflow` was not counted"), "{told}");
    assert!(!slugs(&found).contains(&"broken") && slugs(&found).contains(&"whole"));
}

/// S-212: what one dataset asks by signing can be declined, also where another one tests something else under the same name.
#[test]
fn what_another_dataset_does_not_ask_is_not_declined_of_it() {
    let world = World::new();
    add(&world, &[another("entry", |_| {}), another("promise", |_| {})]);
    let words = r#"@theme("use") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")"#;
    let head = "forbid (principal, action == Action::\"reuse\", resource) unless";
    let promise = format!(
        "@id(\"both\") @kind(\"promise\") @clause_en(\"c\") @clause_nl(\"c\") {words}\n{head} {{ context.accepted.contains(\"both\") }};\n"
    );
    let entry = format!(
        "@id(\"both\") @kind(\"entry\") {words}\n{head} {{ context.scope.level == DataLevel::\"records\" }};\n"
    );
    let open = || case("incomplete", &["named-category"], json!({}));
    publish(&world, "promise", &["named-category"], &promise, &open(), None);
    publish(&world, "entry", &["named-category"], &entry, &open(), None);
    let mut value = question();
    let before = all(&world, None, &asked(value.clone()));
    value["declined"] = json!(["both"]);
    let found = all(&world, None, &asked(value));
    let of = |found: &MayUse, slug: &str| found.items.iter().find(|i| i.slug.as_str() == slug).unwrap().clone();
    assert_eq!(of(&found, "entry"), of(&before, "entry"));
    assert_eq!((of(&before, "promise").group, of(&found, "promise").group), (Group::After, Group::Not));
}

/// What can no more be had when it is told, for it changed after the index was made, is not promised.
#[test]
fn what_changed_since_is_told_as_it_is() {
    let world = World::new();
    let columns = json!([{"name": "year"}, {"name": "birthDate", "personal": true}]);
    add(&world, &[another("parted", |d| d["columns"] = columns)]);
    let impersonal = r#"@id("impersonal") @kind("entry") @theme("privacy") @label_en("a") @label_nl("a") @hint_en("a") @hint_nl("a") @legal_basis("Who art. 6")
forbid (principal, action == Action::"reuseColumn", resource) unless { !resource.personal };"#;
    publish(&world, "parted", &["named-category"], impersonal, &case("deny", &["impersonal"], json!({})), None);
    add(&world, &[another("later", |_| {})]);
    let question = asked(question());
    let told = |group| {
        let filter = Filter { group: Some(group), ..Filter::default() };
        let found = world.engine.eligible(None, &question, &filter, &part(9), None).unwrap();
        found.items.into_iter().find(|item| item.slug.as_str() == "parted")
    };
    assert_eq!(told(Group::Not), None);
    // another program has written it, and this one has not seen so yet
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    let row = "kind = 'dataset' AND key = 'parted'";
    let body: Vec<u8> = database.query_row(&format!("SELECT body FROM state WHERE {row}"), [], |r| r.get(0)).unwrap();
    let mut body: Value = serde_json::from_slice(&body).unwrap();
    body["dataset"]["columns"][0]["personal"] = true.into();
    let changed = format!("UPDATE state SET body = ?1 WHERE {row}");
    assert_eq!(database.execute(&changed, [serde_json::to_vec(&body).unwrap()]).unwrap(), 1);
    let item = told(Group::After).unwrap();
    assert_eq!((item.group, item.columns.is_empty(), item.needs.is_none()), (Group::Not, true, true), "{item:?}");
    let failing: Vec<&str> = item.failing.iter().map(|rule| rule.id.as_str()).collect();
    assert_eq!(failing, ["dataset/impersonal"]);
}

/// What is wrong with the question is said as in a check.
#[test]
fn a_question_that_means_nothing_is_refused() {
    let world = World::new();
    let told = |value: Value| {
        let error = world.engine.eligible(None, &asked(value), &Filter::default(), &part(9), None).unwrap_err();
        format!("{error}")
    };
    let all = [
        told(json!({"purpose": "fun"})),
        told(json!({"scope": {"level": "all"}})),
        told(json!({"scope": {"columns": ["year"]}})),
        told(json!({"declared": {"category": 7, "nothing": true}})),
        told(json!({"declined": ["nothing"]})),
    ];
    insta::assert_snapshot!(all.join("\n"));
}
