//! One deal from request to verified bundle, and what a verifier says of every tampered copy.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::clock::{FixedClock, SeededRandom, SystemRandom, WrongClock};
use datadeal::conditions::cases::Cases;
use datadeal::engine::{
    CaseState, DataDir, DealStep, Engine, EngineError, Init, KeyPlace, NewConfirmation, NewKey, NewMandate, NewPerson,
    NewRequest, NewSet, Question,
};
use datadeal::model::bundle::Bundle;
use datadeal::model::condition::{Bilingual, Level};
use datadeal::model::dataset::Dataset;
use datadeal::model::record::{EvidenceKind, KeyUse, Power, Trusted};
use datadeal::model::{Digest, Name, OrgId, Time, Urn, json};
use datadeal::rights::{Actor, Role};
use datadeal::verify::{CheckResult, Given, Verdict, verify};
use serde_json::{Value, json};

/// A portal with an owner, a reuser and one dataset with conditions.
pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) const NOW: &str = "2026-11-25T09:00:00Z";

fn name(text: &str) -> Name {
    text.parse().unwrap()
}
fn org(text: &str) -> OrgId {
    text.parse().unwrap()
}

pub(crate) fn owner() -> OrgId {
    org("NL.OIN:00000099000000000001")
}
pub(crate) fn reuser() -> OrgId {
    org("NL.KVK:69599084")
}

impl World {
    pub(crate) fn actor(&self, person: &str) -> Actor {
        self.engine.actor(&name(person)).unwrap()
    }

    pub(crate) fn new() -> Self {
        World::starting(NOW.parse().unwrap())
    }

    /// For tests in which other programs work on the same data, by the clock of the machine.
    pub(crate) fn starting(now: Time) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(FixedClock::new(now));
        let person = |short: &str, organisation: OrgId, roles: &[Role]| NewPerson {
            person: name(short),
            organisation,
            name: format!("Person {short}"),
            function: format!("function of {short}"),
            roles: roles.iter().copied().collect(),
        };
        let operator = org("NL.OIN:00000099000000000000");
        let init = Init {
            operator: operator.clone(),
            name: "Portal".to_owned(),
            origin: "portal.example/log".to_owned(),
            notice: Some("example, not an act of the body named".to_owned()),
            person: person("operator", operator, &[]),
        };
        let random = Arc::new(SeededRandom::not_for_production([7; 32]));
        let engine = Engine::init(&DataDir::new(dir.path().join("data")), &init, clock.clone(), random).unwrap();
        let world = World { engine, clock, dir };
        let (engine, operator) = (&world.engine, world.actor("operator"));
        engine.add_organisation(&operator, &owner(), "Ministry").unwrap();
        engine.add_organisation(&operator, &reuser(), "University").unwrap();
        engine.add_person(&operator, &person("admin", owner(), &[Role::OwnerAdmin, Role::Reviewer])).unwrap();
        engine.add_person(&operator, &person("steward", owner(), &[Role::Reviewer])).unwrap();
        engine
            .add_person(&operator, &person("researcher", reuser(), &[Role::Requester, Role::OrganisationAdmin]))
            .unwrap();
        engine.authorise(&operator, &name("researcher"), "director, extract of 2026-11-20").unwrap();
        let key = |organisation: &OrgId, uses: &[KeyUse]| {
            let new = NewKey {
                organisation,
                place: KeyPlace::Service,
                uses: uses.iter().copied().collect(),
                checked: Some("extract seen".to_owned()),
                revokes: BTreeSet::new(),
                recovery: false,
            };
            engine.state_key(&operator, &new).unwrap()
        };
        let owner_key =
            key(&owner(), &[KeyUse::Keys, KeyUse::Conditions, KeyUse::Deals, KeyUse::Mandates, KeyUse::Evidence]);
        key(&reuser(), &[KeyUse::Keys, KeyUse::Acceptances]);
        engine.add_datasets(&operator, &[dataset()]).unwrap();
        let admin = world.actor("admin");
        engine.publish_conditions(&admin, &set()).unwrap();
        let mandate = |person: &str, power: Power| NewMandate {
            body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
            person: name(person),
            powers: BTreeSet::from([power]),
            datasets: BTreeSet::new(),
            from: None,
            until: now.plus_seconds(1000 * 86_400),
            published: None,
        };
        engine.give_mandate(&admin, &owner(), &mandate("admin", Power::Decide)).unwrap();
        engine.give_mandate(&admin, &owner(), &mandate("steward", Power::Approve("ethics".to_owned()))).unwrap();
        let trusted = Trusted {
            key: owner_key.key.into(),
            issuer: None,
            organisation: owner(),
            name: "Ministry".to_owned(),
            facts: BTreeSet::from(["category".to_owned()]),
            kinds: BTreeSet::from([EvidenceKind::Confirmation]),
            from: now,
            until: None,
        };
        engine.trust_add(&operator, trusted).unwrap();
        engine.trust_publish(&operator).unwrap();
        let confirmation = NewConfirmation {
            organisation: reuser(),
            fact: "category".to_owned(),
            value: "university".into(),
            until: now.plus_seconds(365 * 86_400),
            reason: "accreditation seen".to_owned(),
        };
        engine.confirm_evidence(&world.actor("steward"), &confirmation).unwrap().wait().unwrap();
        world
    }

    pub(crate) fn request(&self, question: Value) -> datadeal::engine::CaseNow {
        let question: Question = serde_json::from_value(question).unwrap();
        let new = NewRequest {
            dataset: "register".to_owned(),
            question,
            sets: None,
            entered: datadeal::engine::Entered::default(),
        };
        self.engine.submit(&self.actor("researcher"), &new).unwrap().wait().unwrap()
    }

    /// A concluded deal.
    pub(crate) fn deal(&self) -> Urn {
        let case = self.request(question());
        assert_eq!(case.state, CaseState::Review);
        let case = self
            .engine
            .approve(&self.actor("steward"), &case.id, "ethics", true, "plan is sound")
            .unwrap()
            .wait()
            .unwrap();
        assert_eq!(case.state, CaseState::Granted);
        let deal = self.engine.offer(&self.actor("admin"), &case.id).unwrap().wait().unwrap();
        self.engine.accept(&self.actor("researcher"), &deal.id, None).unwrap().wait().unwrap().id
    }

    pub(crate) fn bundle(&self, deal: &Urn) -> Bundle {
        self.engine.bundle(&self.actor("researcher"), deal, true).unwrap()
    }

    pub(crate) fn verdict(&self, bundle: &Bundle) -> datadeal::verify::Report {
        let key = self.engine.log_key().unwrap();
        verify(bundle, &Given { log: Some(&key), ..Given::default() })
    }
}

pub(crate) fn question() -> Value {
    json!({"purpose": "dpv:ScientificResearch", "declared": {"category": "university", "plan": "PLAN-7"}, "scope": {"termMonths": 12}})
}

pub(crate) fn dataset() -> Dataset {
    let text = |t: &str| json!({"en": t, "nl": t});
    serde_json::from_value(json!({
        "id": "https://example.nl/id/register", "slug": "register", "title": text("Register"), "description": text("A register"),
        "owner": owner(), "competentBody": text("the Minister"), "publisher": "Ministry", "access": "conditions", "regime": "sector",
        "law": "Algemene wet bestuursrecht", "personalData": true, "specialCategories": false,
        "columns": [{"name": "year"}, {"name": "birthDate", "personal": true, "identifying": true}],
        "alternatives": [{"kind": "aggregate", "title": text("Tables"), "iri": "https://example.nl/tables"}],
        "term": {"objection": {"body": text("the Minister"), "web": "https://example.nl/objection", "weeks": 6}},
    }))
    .unwrap()
}

pub(crate) fn set() -> NewSet {
    let folder = |n: &str| datadeal::conditions::library::folder(n).unwrap().policy;
    let text = ["named-category", "purpose-within", "ethics-approval", "no-re-identification", "breach-report"]
        .map(folder)
        .join("\n");
    let cases: Cases = serde_json::from_value(json!({"now": NOW, "dataset": {"personalData": true}, "cases": [
        {"name": "a university", "declared": {"category": "university", "plan": "PLAN-7"}, "verified": {"category": "university"}, "purpose": "dpv:ScientificResearch", "approvals": ["ethics"], "expect": "permit"},
        {"name": "unknown", "declared": {"plan": "PLAN-7"}, "approvals": ["ethics"], "purpose": "dpv:ScientificResearch", "expect": "incomplete", "failing": ["named-category"]}
    ]}))
    .unwrap();
    NewSet {
        name: "policy.cedar".to_owned(),
        text,
        cases,
        level: Level::Dataset,
        owner: None,
        dataset: Some("register".to_owned()),
        from: None,
        automatic_refusals: false,
        transition: None,
        automatic_suspension: false,
    }
}

#[test]
fn a_deal_from_request_to_verified_bundle() {
    let world = World::new();
    let deal = world.deal();
    let bundle = world.bundle(&deal);
    let report = world.verdict(&bundle);
    let failed: Vec<_> = report.checks.iter().filter(|c| c.result != CheckResult::Passed).collect();
    assert_eq!(report.verdict, Verdict::Valid, "{failed:#?}");
    assert!(report.checks.iter().any(|c| c.must == "S-100"), "replayed");
    // through its text and back
    let text = json::canonical(&serde_json::to_value(&bundle).unwrap());
    let again = datadeal::verify::read(&text).unwrap();
    assert_eq!(world.verdict(&again).verdict, Verdict::Valid);
    // without a log key nothing is proved
    assert_eq!(verify(&bundle, &Given::default()).verdict, Verdict::Incomplete);
    // revoked later
    let admin = world.actor("admin");
    world.engine.deal_step(&admin, &deal, DealStep::Suspend, "a question").unwrap().wait().unwrap();
    world.engine.deal_step(&admin, &deal, DealStep::Resume, "answered").unwrap().wait().unwrap();
    world.engine.deal_step(&admin, &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    let revoked = world.verdict(&world.bundle(&deal));
    assert_eq!(revoked.verdict, Verdict::Valid, "{:#?}", revoked.checks);
    assert!(revoked.unseen.iter().any(|u| u.contains("misuse")));
}

/// Every member of the bundle changed in every text, number and flag that it holds: no change stays unseen.
#[test]
fn a_changed_bundle_is_never_valid() {
    let world = World::new();
    let bundle = serde_json::to_value(world.bundle(&world.deal())).unwrap();
    let mut paths = Vec::new();
    leaves(&bundle, String::new(), &mut paths);
    assert!(paths.len() > 300);
    // a part of them here, all of them in the slow run
    let step = if std::env::var_os("DATADEAL_SLOW").is_some() { 1 } else { 17 };
    for path in paths.iter().step_by(step) {
        let mut changed = bundle.clone();
        let leaf = changed.pointer_mut(path).unwrap();
        *leaf = match leaf {
            Value::String(s) => Value::from(flipped(s)),
            Value::Bool(b) => Value::from(!*b),
            Value::Number(n) => Value::from(n.as_i64().unwrap() + 1),
            _ => continue,
        };
        let bytes = json::canonical(&changed);
        let Ok(read) = datadeal::verify::read(&bytes) else { continue };
        let report = world.verdict(&read);
        assert_ne!(report.verdict, Verdict::Valid, "{path}");
    }
}

pub(crate) fn flipped(text: &str) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    match chars.last_mut() {
        Some(c) => *c = if *c == 'a' { 'b' } else { 'a' },
        None => chars.push('a'),
    }
    chars.into_iter().collect()
}

fn leaves(value: &Value, at: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(k, v)| leaves(v, format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), out))
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(i, v)| leaves(v, format!("{at}/{i}"), out)),
        _ => out.push(at),
    }
}

/// An answer can be awaited, and is given once it is durable: whoever asks then sees it.
#[test]
fn an_answer_can_be_awaited() {
    let world = World::new();
    let question: Question = serde_json::from_value(question()).unwrap();
    let new = NewRequest {
        dataset: "register".to_owned(),
        question,
        sets: None,
        entered: datadeal::engine::Entered::default(),
    };
    let researcher = world.actor("researcher");
    let told = crate::support::awaited(world.engine.submit(&researcher, &new).unwrap()).unwrap();
    assert_eq!(world.engine.case_now(&researcher, &told.id).unwrap().state, told.state);
    // what somebody else was faster with is a conflict, and not an answer
    let withdraw = || world.engine.withdraw(&researcher, &told.id, None).unwrap();
    let (first, second) = (withdraw(), world.engine.withdraw(&researcher, &told.id, None));
    assert!(crate::support::awaited(first).is_ok());
    assert!(second.is_err() || crate::support::awaited(second.unwrap()).is_err());
}

/// A reviewer of another organisation reads the cases for whose data the owner appointed it, and no others.
#[test]
fn an_outside_reviewer_reads_what_it_was_appointed_for() {
    let world = World::new();
    let (engine, committee) = (&world.engine, org("NL.KVK:68727720"));
    let operator = world.actor("operator");
    engine.add_organisation(&operator, &committee, "Committee").unwrap();
    let new = NewPerson {
        person: name("member"),
        organisation: committee,
        name: "Person member".to_owned(),
        function: "member of the committee".to_owned(),
        roles: BTreeSet::from([Role::Reviewer]),
    };
    engine.add_person(&operator, &new).unwrap();
    let (case, member) = (world.request(question()).id, world.actor("member"));
    assert!(engine.case_now(&member, &case).is_err());
    assert!(engine.cases(&member).unwrap().is_empty());
    let mandate = |dataset: &str| NewMandate {
        body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
        person: name("member"),
        powers: BTreeSet::from([Power::Approve("ethics".to_owned())]),
        datasets: BTreeSet::from([dataset.parse().unwrap()]),
        from: None,
        until: engine.now().plus_seconds(86_400),
        published: None,
    };
    engine.give_mandate(&world.actor("admin"), &owner(), &mandate("https://example.nl/id/register")).unwrap();
    assert_eq!(engine.cases(&member).unwrap().len(), 1);
    assert_eq!(engine.case_now(&member, &case).unwrap().state, CaseState::Review);
    // only as long as the appointment lasts
    world.clock.advance(86_400);
    assert!(engine.case_now(&member, &case).is_err());
}

/// What the engine refuses.
#[test]
fn rights_and_rules_hold() {
    let world = World::new();
    let case = world.request(question());
    // the researcher may not approve; the admin was not appointed for ethics; a stranger's request is not readable
    assert!(world.engine.approve(&world.actor("researcher"), &case.id, "ethics", true, "x").is_err());
    assert!(world.engine.approve(&world.actor("admin"), &case.id, "ethics", true, "x").is_err());
    assert!(world.engine.offer(&world.actor("admin"), &case.id).is_err());
    assert!(world.engine.confirm(&world.actor("admin"), &case.id, None).is_err());
    // a refused approval is a draft until a mandated person confirms
    let refused = world
        .engine
        .approve(&world.actor("steward"), &case.id, "ethics", false, "the plan is missing")
        .unwrap()
        .wait()
        .unwrap();
    assert_eq!(refused.state, CaseState::Draft);
    let ended =
        world.engine.confirm(&world.actor("admin"), &case.id, Some("see the committee")).unwrap().wait().unwrap();
    assert_eq!(ended.state, CaseState::Refused);
    assert!(world.engine.withdraw(&world.actor("researcher"), &case.id, None).is_err());
    // the clock behind the newest record signs nothing
    world.clock.advance(-61);
    let again = NewRequest {
        dataset: "register".to_owned(),
        question: serde_json::from_value(question()).unwrap(),
        sets: None,
        entered: datadeal::engine::Entered::default(),
    };
    assert!(
        world.engine.submit(&world.actor("researcher"), &again).unwrap_err().to_string().contains("the clock says")
    );
    assert_ne!(Digest::of(b"a"), Digest::of(b"b"));
    assert!(world.dir.path().join("data/head").exists());
}

/// A clock that jumps ahead would sign records from the future: it signs nothing until it is right, or until a new start believes it.
#[test]
fn a_clock_that_jumps_ahead_signs_nothing() {
    let World { engine, clock, dir } = World::new();
    let new = NewRequest {
        dataset: "register".to_owned(),
        question: serde_json::from_value(question()).unwrap(),
        sets: None,
        entered: datadeal::engine::Entered::default(),
    };
    let submit = |engine: &Engine| {
        let actor = engine.actor(&name("researcher")).unwrap();
        engine.submit(&actor, &new).map(|case| case.wait().unwrap())
    };
    let size = |engine: &Engine| engine.log().reader().head().unwrap().unwrap().size;
    clock.advance(86_400);
    submit(&engine).unwrap();
    let before = size(&engine);
    clock.jump(61);
    for _ in 0..2 {
        let error = submit(&engine).unwrap_err();
        assert!(matches!(error, EngineError::Clock(WrongClock::Ahead { .. })), "{error}");
    }
    assert_eq!(size(&engine), before);
    clock.jump(-61);
    submit(&engine).unwrap();
    clock.jump(3600);
    submit(&engine).unwrap_err();
    drop(engine);
    let engine = Engine::open(&DataDir::new(dir.path().join("data")), clock.clone(), Arc::new(SystemRandom)).unwrap();
    submit(&engine).unwrap();
    // and now the clock that was right is behind
    clock.jump(-3600);
    let error = submit(&engine).unwrap_err();
    assert!(matches!(error, EngineError::Clock(WrongClock::Behind { .. })), "{error}");
}

/// A facts file cannot claim verified facts.
#[test]
fn a_facts_file_with_verified_facts_is_refused() {
    let claimed = json!({"declared": {}, "verified": {"category": "university"}});
    let error = serde_json::from_value::<Question>(claimed).unwrap_err();
    assert!(error.to_string().contains("verified"));
}
