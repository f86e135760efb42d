//! Who may act as whom, and who reads and writes what about whom: API keys, sign-ins, registrations, evidence, reviewers from outside.

use std::collections::BTreeSet;

use datadeal::engine::{
    ApiKeyMade, CaseState, EngineError, Entered, NewApiKey, NewConfirmation, NewIdentity, NewMandate, NewPerson,
    NewRequest, Question,
};
use datadeal::model::condition::Bilingual;
use datadeal::model::record::Power;
use datadeal::model::{Name, OrgId, Urn};
use datadeal::rights::{Actor, Role};
use serde_json::{Value, json};

use crate::bundles::credentials::vc_jwt;
use crate::story::{World, owner, question, reuser};
use crate::support::issuer::Issuer;

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

pub(crate) fn committee() -> OrgId {
    "NL.KVK:68727720".parse().unwrap()
}

/// Adds a person, and the organisation if it is not there.
pub(crate) fn person(world: &World, short: &str, organisation: &OrgId, roles: &[Role]) -> Actor {
    let (engine, operator) = (&world.engine, world.actor("operator"));
    if !engine.organisations(&operator).unwrap().iter().any(|o| o.id == *organisation) {
        engine.add_organisation(&operator, organisation, "Organisation of the test").unwrap();
    }
    let new = NewPerson {
        person: name(short),
        organisation: organisation.clone(),
        name: format!("Person {short}"),
        function: format!("function of {short}"),
        roles: roles.iter().copied().collect(),
    };
    engine.add_person(&operator, &new).unwrap();
    world.actor(short)
}

fn new_key(world: &World, actor: &Actor, of: &str, roles: &[Role]) -> Result<ApiKeyMade, String> {
    let (person, roles) = (name(of), roles.iter().copied().collect());
    let new = NewApiKey { person, label: "test".to_owned(), roles, until: None };
    world.engine.new_api_key(actor, &new).map_err(|e| e.to_string())
}

/// Nobody becomes more than it is by making a key: not of a colleague, not through a key of few roles, and not later, when the colleague is
/// given more. Who made it is told.
#[test]
fn a_key_gives_no_more_than_its_maker_has() {
    let world = World::new();
    person(&world, "colleague", &reuser(), &[Role::Requester, Role::Reviewer]);
    person(&world, "visitor", &reuser(), &[]);
    let (researcher, admin) = (world.actor("researcher"), world.actor("admin"));
    // the admin is a reviewer too, and may not be the second one
    let refused = new_key(&world, &admin, "steward", &[]).unwrap_err();
    assert!(refused.contains("`admin` may not give `reviewer` to a key of `steward`"), "{refused}");
    assert!(new_key(&world, &admin, "steward", &[Role::Reviewer]).is_err());
    assert!(new_key(&world, &researcher, "colleague", &[]).is_err());
    assert!(new_key(&world, &researcher, "visitor", &[]).is_err(), "a key that grows when its person is given roles");
    let made = new_key(&world, &researcher, "colleague", &[Role::Requester]).unwrap();
    assert_eq!((made.key.roles, made.key.made_by), (BTreeSet::from([Role::Requester]), Some(name("researcher"))));
    let used = world.engine.actor_with_key(&made.secret).unwrap().unwrap();
    assert_eq!((used.person, used.roles), (name("colleague"), BTreeSet::from([Role::Requester])));
    // a key of one role makes no key of two
    let narrow = new_key(&world, &researcher, "researcher", &[Role::OrganisationAdmin]).unwrap();
    let narrow = world.engine.actor_with_key(&narrow.secret).unwrap().unwrap();
    assert!(new_key(&world, &narrow, "researcher", &[]).is_err());
    assert!(new_key(&world, &narrow, "researcher", &[Role::Requester]).is_err());
    assert!(new_key(&world, &narrow, "researcher", &[Role::OrganisationAdmin]).is_ok());
    // its own, and those that the operator makes, are as before
    assert!(new_key(&world, &researcher, "researcher", &[]).unwrap().key.roles.is_empty());
    let made = new_key(&world, &world.actor("operator"), "steward", &[]).unwrap();
    assert_eq!(made.key.made_by, Some(name("operator")));
}

fn signed_in(world: &World, subject: &str, organisation: Option<&OrgId>) -> Option<Name> {
    let identity = NewIdentity {
        issuer: "https://login.example".to_owned(),
        subject: subject.to_owned(),
        name: None,
        organisation: organisation.cloned(),
    };
    world.engine.person_signed_in(&identity).unwrap()
}

/// Whoever signs in acts for the organisation that the provider names now, and for no other: with two employers it is two persons.
#[test]
fn a_sign_in_is_for_the_organisation_that_is_stated() {
    let world = World::new();
    person(&world, "member", &committee(), &[Role::Reviewer]);
    let of = |who: &Option<Name>| world.actor(who.as_ref().unwrap().as_str()).organisation;
    let (first, second) = (signed_in(&world, "x", Some(&reuser())), signed_in(&world, "x", Some(&committee())));
    assert_eq!((of(&first), of(&second)), (reuser(), committee()));
    assert_eq!((signed_in(&world, "x", Some(&reuser())), signed_in(&world, "x", Some(&committee()))), (first, second));
    assert_eq!(signed_in(&world, "x", None), None, "as nobody without an organisation");
    // whom somebody named here acts for its own organisation only
    world.engine.link_identity(&world.actor("operator"), &name("member"), "https://login.example", "m").unwrap();
    assert_eq!(signed_in(&world, "m", None), Some(name("member")));
    assert_eq!(signed_in(&world, "m", Some(&committee())), Some(name("member")));
    let elsewhere = signed_in(&world, "m", Some(&owner()));
    assert_eq!(of(&elsewhere), owner());
    assert_eq!(world.actor(elsewhere.unwrap().as_str()).roles, BTreeSet::from([Role::Requester]));
}

/// A name that anybody can post is never that of a company: several wait side by side, the operator says which is in the register, and a
/// sign-in adds nobody. What waits too long lapses.
#[test]
fn who_asks_first_does_not_name_the_company() {
    let world = World::new();
    let (engine, operator) = (&world.engine, world.actor("operator"));
    let id: OrgId = "NL.KVK:90001354".parse().unwrap();
    let ask = |name: &str| engine.ask_registration(&id, name).and_then(|p| p.wait()).map_err(|e| e.to_string());
    let waiting = || engine.registrations(&operator).unwrap().into_iter().map(|r| r.name).collect::<BTreeSet<_>>();
    ask("Squatter B.V.").unwrap();
    ask("Voorbeeld Bank B.V.").unwrap();
    assert!(ask("Squatter B.V.").is_err(), "it waits already");
    assert_eq!(waiting(), ["Squatter B.V.", "Voorbeeld Bank B.V."].map(str::to_owned).into());
    assert_eq!(signed_in(&world, "banker", Some(&id)), None);
    let confirm = |name| engine.confirm_registration(&operator, &id, "extract seen", name).and_then(|p| p.wait());
    assert!(confirm(None).unwrap_err().to_string().contains("Squatter B.V."));
    // only so many for one number
    (3..=5).for_each(|n| _ = ask(&format!("Squatter {n} B.V.")).unwrap());
    assert!(ask("Squatter 6 B.V.").unwrap_err().contains("5 others ask"));
    assert_eq!(confirm(Some("Voorbeeld Bank N.V.")).unwrap().name, "Voorbeeld Bank N.V.");
    assert!(waiting().is_empty());
    let banker = signed_in(&world, "banker", Some(&id)).unwrap();
    assert_eq!(world.actor(banker.as_str()).organisation, id);

    let other: OrgId = "NL.KVK:68750110".parse().unwrap();
    let ask = || engine.ask_registration(&other, "Voorbeeld Startup B.V.").and_then(|p| p.wait());
    ask().unwrap();
    world.clock.advance(30 * 86_400);
    assert!(waiting().is_empty() && engine.decline_registration(&operator, &other).is_err());
    ask().unwrap();
    assert_eq!(waiting().len(), 1);
    world.clock.advance(30 * 86_400);
    assert_eq!(engine.tidy().unwrap(), 1);
}

fn confirms(world: &World, actor: &Actor, fact: &str, value: Value) -> Result<(), EngineError> {
    let confirmation = NewConfirmation {
        organisation: reuser(),
        fact: fact.to_owned(),
        value,
        until: world.engine.now().plus_seconds(86_400),
        reason: "seen".to_owned(),
    };
    world.engine.confirm_evidence(actor, &confirmation).and_then(|p| p.wait()).map(|_| ())
}

/// The evidence of an organisation is read by itself and by who judges a case of it; others neither read it nor add to it. Who is trusted
/// for a fact confirms it at any time, and sees what its own organisation said.
#[test]
fn evidence_is_for_those_whom_it_concerns() {
    let world = World::new();
    let engine = &world.engine;
    let stranger = person(&world, "member", &committee(), &[Role::Reviewer, Role::OwnerAdmin]);
    let researcher = world.actor("researcher");
    engine
        .add_evidence(&researcher, &vc_jwt(&Issuer::ed25519(1), reuser().as_str(), "2029-01-01T00:00:00Z"))
        .unwrap()
        .wait()
        .unwrap();
    let seen = |actor: &Actor| engine.evidence_of(actor, &reuser()).map(|all| all.len()).map_err(|e| e.to_string());
    let (steward, admin) = (world.actor("steward"), world.actor("admin"));
    assert_eq!((seen(&researcher), seen(&world.actor("operator"))), (Ok(2), Ok(2)));
    assert!(seen(&stranger).is_err());
    assert_eq!((seen(&steward), seen(&admin)), (Ok(1), Ok(1)), "what the ministry itself confirmed");
    assert!(confirms(&world, &steward, "legalForm", json!("bv")).is_err(), "not trusted for it, and no case");
    assert!(matches!(confirms(&world, &stranger, "category", json!("university")), Err(EngineError::Rights(_))));

    world.request(question());
    assert_eq!((seen(&steward), seen(&admin)), (Ok(2), Ok(2)));
    assert!(seen(&stranger).is_err());
    confirms(&world, &steward, "legalForm", json!("bv")).unwrap();
    assert_eq!(seen(&researcher), Ok(3));
}

/// A request brings only documents about who asks; what is on the file of another stays there. A file has an end.
#[test]
fn a_request_takes_no_evidence_of_another() {
    let world = World::new();
    let engine = &world.engine;
    let other = person(&world, "startup", &committee(), &[Role::Requester]);
    let researcher = world.actor("researcher");
    let document = vc_jwt(&Issuer::ed25519(1), reuser().as_str(), "2029-01-01T00:00:00Z");
    engine.add_evidence(&researcher, &document).unwrap().wait().unwrap();
    let submit = |actor: &Actor, evidence: Vec<Value>| {
        let mut question: Question = serde_json::from_value(question()).unwrap();
        question.evidence = evidence;
        let new = NewRequest { dataset: "register".to_owned(), question, entered: Entered::default(), sets: None };
        engine.submit(actor, &new).and_then(|p| p.wait()).map_err(|e| e.to_string())
    };
    let unsaid = vc_jwt(&Issuer::ed25519(1), committee().as_str(), "2029-01-01T00:00:00Z");
    submit(&other, vec![document.clone(), unsaid]).unwrap();
    assert_eq!(engine.evidence_of(&researcher, &reuser()).unwrap().len(), 2);
    assert_eq!(engine.evidence_of(&other, &committee()).unwrap().len(), 1);
    // handed in again it is not twice there
    submit(&researcher, vec![document.clone(), document]).unwrap();
    assert_eq!(engine.evidence_of(&researcher, &reuser()).unwrap().len(), 2);
    let many = |n: u32| {
        vc_jwt(&Issuer::ed25519(1), committee().as_str(), &format!("2029-01-01T00:{:02}:{:02}Z", n / 60, n % 60))
    };
    let refused = submit(&other, (1..=500).map(many).collect()).unwrap_err();
    assert!(refused.contains("500 documents of evidence"), "{refused}");
}

/// A reviewer from outside reads what awaits its approval and what it gave one for: no other request on the same data, and nothing of the
/// deals that come of them.
#[test]
fn an_outside_reviewer_sees_only_what_it_judges() {
    let world = World::new();
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let [member, supplier] = ["member", "supplier"].map(|short| person(&world, short, &committee(), &[Role::Reviewer]));
    for (person, approval) in [("member", "ethics"), ("supplier", "data-steward")] {
        let new = NewMandate {
            body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
            person: name(person),
            powers: BTreeSet::from([Power::Approve(approval.to_owned())]),
            datasets: BTreeSet::new(),
            from: None,
            until: engine.now().plus_seconds(365 * 86_400),
            published: None,
        };
        engine.give_mandate(&admin, &owner(), &new).unwrap();
    }
    let sees = |actor: &Actor| engine.cases(actor).unwrap().len();
    // one that the steward decides on, and one that the member does
    let theirs = world.deal();
    let case = world.request(question()).id;
    assert_eq!((sees(&member), sees(&supplier)), (1, 0), "no condition asks for the approval of the supplier");
    assert!(engine.case_now(&supplier, &case).is_err());
    assert!(engine.case_now(&member, &engine.deal_now(&admin, &theirs).unwrap().request).is_err());
    assert_eq!(engine.evidence_of(&member, &reuser()).unwrap().len(), 1);
    assert!(engine.evidence_of(&supplier, &reuser()).is_err());
    let told = engine.approve(&member, &case, "ethics", true, "sound").unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::Granted);
    let deal = engine.offer(&admin, &case).unwrap().wait().unwrap().id;
    assert_eq!(engine.case_now(&member, &case).unwrap().deal, Some(deal));
    assert!(engine.deals(&member).unwrap().is_empty() && engine.deals_after(&member, None, 100).unwrap().0.is_empty());
    assert!(engine.deal_now(&member, &deal).is_err() && engine.users(&member, &deal).is_err());
    assert!(
        engine.deal_events_after(&member, &deal, None, 100).is_err() && engine.obligations(&member, &deal).is_err()
    );
    // nor is it told of them when it comes too late: each thing by the right to read that
    let came = |actor: &Actor, of: &Urn| {
        let error = engine.extend_term(actor, &case, "more time").unwrap_err();
        match engine.explained(actor, Some(of), 0, error) {
            EngineError::Changed(changes) => changes.iter().map(|c| c.what.as_str()).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    for of in [&case, &deal] {
        assert_eq!(came(&admin, of), ["request", "approval", "decision", "deal"]);
        assert_eq!(came(&member, of), ["request", "approval", "decision"]);
    }
    assert_eq!(engine.deals(&world.actor("steward")).unwrap().len(), 2, "who is of the owner reads them all");
}
