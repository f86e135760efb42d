//! A portal with one dataset under one ground and eight conditions, and a reuser that meets them all by evidence.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::clock::{Random as _, SystemClock, SystemRandom};
use datadeal::conditions::library;
use datadeal::engine::{
    DataDir, Engine, Init, KeyPlace, NewConfirmation, NewKey, NewMandate, NewPerson, NewRequest, NewSet, Question,
};
use datadeal::model::condition::{Bilingual, Level};
use datadeal::model::dataset::Dataset;
use datadeal::model::record::{Draft, Evidence, EvidenceKind, Issuer, KeyUse, Power, RecordType, Trusted};
use datadeal::model::{OrgId, Time, Urn};
use datadeal::rights::{Actor, Role};
use datadeal::sign::proof;
use serde_json::{Value, json};

/// One ground and eight conditions of the library.
pub(crate) const SET: [&str; 9] = [
    "named-category",
    "purpose-within",
    "non-commercial",
    "registered-organisation",
    "established-in",
    "security-certificate",
    "data-protection-assessment",
    "earlier-authorisation",
    "no-re-identification",
];

pub(crate) const OWNER: &str = "NL.OIN:00000099000000000001";
pub(crate) const REUSER: &str = "NL.KVK:69599084";

/// The Cedar text of the set.
pub(crate) fn text() -> String {
    SET.map(|name| library::folder(name).unwrap().policy).join("\n")
}

/// The facts of a reuser that meets everything.
pub(crate) fn facts() -> Value {
    json!({
        "declared": {"category": "university", "commercialUse": false, "processingCountries": ["NL"], "plan": "PLAN-7"},
        "verified": {
            "category": "university", "kvkNumber": "69599084", "registrationActive": true, "country": "NL",
            "securityCertificate": {"scheme": "iso27001", "issuer": "auditor", "until": "2036-11-25T09:00:00Z"},
            "protectionAssessment": {"reference": "DPIA-1", "completedOn": "2026-06-01T00:00:00Z"},
            "authorisation": {"by": "the body", "reference": "A-1", "until": "2036-11-25T09:00:00Z"},
        },
    })
}

pub(crate) fn dataset() -> Value {
    let text = json!({"en": "Register", "nl": "Register"});
    json!({
        "id": "https://example.nl/id/register", "slug": "register", "title": text, "description": text,
        "owner": OWNER, "competentBody": text, "publisher": "Ministry", "access": "conditions", "regime": "sector",
        "law": "Algemene wet bestuursrecht", "personalData": true, "specialCategories": false,
        "term": {"objection": {"body": text, "web": "https://example.nl", "weeks": 6}},
    })
}

pub(crate) struct World {
    pub(crate) engine: Engine,
    pub(crate) admin: Actor,
    pub(crate) researcher: Actor,
    /// Removed when the bench ends.
    pub(crate) dir: tempfile::TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let (owner, reuser): (OrgId, OrgId) = (OWNER.parse().unwrap(), REUSER.parse().unwrap());
        let operator: OrgId = "NL.OIN:00000099000000000000".parse().unwrap();
        let person = |short: &str, organisation: &OrgId, roles: &[Role]| NewPerson {
            person: short.parse().unwrap(),
            organisation: organisation.clone(),
            name: format!("person in the function {short}"),
            function: short.to_owned(),
            roles: roles.iter().copied().collect(),
        };
        let init = Init {
            operator: operator.clone(),
            name: "Portal".to_owned(),
            origin: "portal.example/log".to_owned(),
            notice: None,
            person: person("operator", &operator, &[]),
        };
        let data = DataDir::new(dir.path().join("data"));
        let engine = Engine::init(&data, &init, Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
        let actor = |short: &str| engine.actor(&short.parse().unwrap()).unwrap();
        let auditor = actor("operator");
        engine.add_organisation(&auditor, &owner, "Ministry").unwrap();
        engine.add_organisation(&auditor, &reuser, "University").unwrap();
        engine.add_person(&auditor, &person("admin", &owner, &[Role::OwnerAdmin, Role::Reviewer])).unwrap();
        engine
            .add_person(&auditor, &person("researcher", &reuser, &[Role::Requester, Role::OrganisationAdmin]))
            .unwrap();
        engine.authorise(&auditor, &"researcher".parse().unwrap(), "director").unwrap();
        let (admin, researcher) = (actor("admin"), actor("researcher"));
        let key = |organisation: &OrgId, uses: &[KeyUse]| {
            let new = NewKey {
                organisation,
                place: KeyPlace::Service,
                uses: uses.iter().copied().collect(),
                checked: Some("extract seen".to_owned()),
                revokes: BTreeSet::new(),
                recovery: false,
            };
            engine.state_key(&auditor, &new).unwrap().key
        };
        let own = key(&owner, &[KeyUse::Keys, KeyUse::Conditions, KeyUse::Deals, KeyUse::Mandates, KeyUse::Evidence]);
        key(&reuser, &[KeyUse::Keys, KeyUse::Acceptances]);
        let dataset: Dataset = serde_json::from_value(dataset()).unwrap();
        engine.add_datasets(&auditor, &[dataset]).unwrap();
        engine.publish_conditions(&admin, &set()).unwrap();
        let now = engine.now();
        let mandate = NewMandate {
            body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
            person: "admin".parse().unwrap(),
            powers: BTreeSet::from([Power::Decide]),
            datasets: BTreeSet::new(),
            from: None,
            until: now.plus_seconds(1000 * 86_400),
            published: None,
        };
        engine.give_mandate(&admin, &owner, &mandate).unwrap();
        let (schema, verified) = (engine.schema().unwrap(), facts()["verified"].as_object().unwrap().clone());
        let by_credential = |fact: &str| schema.facts()[fact].verified_by.iter().any(|k| k == "credential");
        for (kind, credential) in [(EvidenceKind::Credential, true), (EvidenceKind::Confirmation, false)] {
            let trusted = Trusted {
                key: own.into(),
                issuer: None,
                organisation: owner.clone(),
                name: "Ministry".to_owned(),
                facts: verified.keys().filter(|f| by_credential(f) == credential).cloned().collect(),
                kinds: BTreeSet::from([kind]),
                from: now,
                until: None,
            };
            engine.trust_add(&auditor, trusted).unwrap();
        }
        engine.trust_publish(&auditor).unwrap();
        let private = engine.keys().find(&own).unwrap().unwrap();
        for (fact, value) in verified {
            let until = now.plus_seconds(365 * 86_400);
            if !by_credential(&fact) {
                let reason = "seen".to_owned();
                let new = NewConfirmation { organisation: reuser.clone(), fact, value, until, reason };
                engine.confirm_evidence(&admin, &new).unwrap().wait().unwrap();
                continue;
            }
            let subject = Evidence {
                organisation: reuser.clone(),
                fact,
                value,
                kind: EvidenceKind::Credential,
                from: now,
                until,
                reason: None,
                actor: None,
                decision: None,
            };
            let draft = Draft {
                kind: RecordType::Evidence,
                id: Urn::new(SystemRandom.uuid_v7(now).unwrap()),
                issuer: Issuer { id: own, legal_name: "Ministry".to_owned(), register_number: owner.clone() },
                valid_from: now,
                valid_until: Some(until),
                salt: Some(SystemRandom.salt().unwrap()),
                notice: None,
                status: &[],
                subject: &subject,
            };
            let document = proof::sign(&draft, &private, now).unwrap().value();
            engine.add_evidence(&researcher, &document).unwrap().wait().unwrap();
        }
        World { engine, admin, researcher, dir }
    }

    /// What is filed for each request.
    pub(crate) fn request(&self) -> NewRequest {
        let question: Question = serde_json::from_value(json!({
            "purpose": "dpv:ScientificResearch", "declared": facts()["declared"], "scope": {"termMonths": 12},
        }))
        .unwrap();
        NewRequest {
            dataset: "register".to_owned(),
            question,
            sets: None,
            entered: datadeal::engine::Entered::default(),
        }
    }

    /// Granted requests, `flight` of them under way at once.
    pub(crate) fn granted(&self, count: usize, flight: usize) -> Vec<Urn> {
        let new = self.request();
        let told = in_flight(count, flight, |_| self.engine.submit(&self.researcher, &new).unwrap());
        told.into_iter().map(|case| case.id).collect()
    }
}

/// Runs operations of which at most `flight` wait for the log at once.
pub(crate) fn in_flight<T>(
    count: usize,
    flight: usize,
    mut start: impl FnMut(usize) -> datadeal::engine::Pending<T>,
) -> Vec<T> {
    let mut waiting = std::collections::VecDeque::with_capacity(flight);
    let mut done = Vec::with_capacity(count);
    for i in 0..count {
        if waiting.len() == flight {
            let first: datadeal::engine::Pending<T> = waiting.pop_front().unwrap();
            done.push(first.wait().unwrap());
        }
        waiting.push_back(start(i));
    }
    done.extend(waiting.into_iter().map(|p| p.wait().unwrap()));
    done
}

fn set() -> NewSet {
    let now: Time = "2026-11-25T09:00:00Z".parse().unwrap();
    let facts = facts();
    let case = json!({
        "name": "meets everything", "declared": facts["declared"], "verified": facts["verified"],
        "purpose": "dpv:ScientificResearch", "expect": "permit",
    });
    let cases = json!({"now": now, "dataset": {"personalData": true}, "cases": [case]});
    NewSet {
        name: "policy.cedar".to_owned(),
        text: text(),
        cases: serde_json::from_value(cases).unwrap(),
        level: Level::Dataset,
        owner: None,
        dataset: Some("register".to_owned()),
        from: None,
        automatic_refusals: false,
        transition: None,
        automatic_suspension: false,
    }
}
