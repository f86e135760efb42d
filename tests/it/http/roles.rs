//! Who may do what over HTTP: every operation of the documents, called in every role, for the own organisation and for another. The table
//! stands in `docs/roles.md`; an operation that is missing there, or here, is found.

use std::collections::BTreeMap;
use std::path::Path;

use datadeal::engine::{NewApiKey, NewMandate, NewPerson};
use datadeal::model::Name;
use datadeal::model::condition::Bilingual;
use datadeal::model::record::Power;
use datadeal::rights::Role;
use serde_json::{Value, json};

use super::basics::university;
use super::openapi::DOCUMENTS;
use super::server::Server;
use crate::access::http::{asks, concluded};
use crate::bundles::credentials::vc_jwt;
use crate::support::issuer::Issuer;

/// The register of the demo.
pub(crate) fn register() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/trade-register.json")
}

/// An operation as it is called: path parts filled in, and a body that means something.
fn sample(operation: &str, world: &World) -> Option<(String, Option<Value>)> {
    let request = &world.request;
    Some(match operation {
        "check" => ("/checks".to_owned(), Some(university())),
        "checkCounts" => ("/check-counts?from=2026-11-01&until=2026-12-01".to_owned(), None),
        "me" => ("/me".to_owned(), None),
        "submitRequest" => ("/requests".to_owned(), Some(university())),
        "listRequests" => ("/requests".to_owned(), None),
        "showRequest" => (format!("/requests/{request}"), None),
        "listOrganisations" => ("/organisations".to_owned(), None),
        "register" => {
            let asking = json!({"organisation": "NL.KVK:90001354", "name": "Voorbeeld Bank B.V."});
            ("/registrations".to_owned(), Some(asking))
        }
        "listRegistrations" => ("/registrations".to_owned(), None),
        "confirmRegistration" => {
            ("/registrations/NL.KVK:12345678/confirmation".to_owned(), Some(json!({"checked": "seen"})))
        }
        "declineRegistration" => ("/registrations/NL.KVK:12345678".to_owned(), None),
        "showProfile" => (format!("/organisations/{APPLICANT}/profile"), None),
        "keepProfile" => (format!("/organisations/{APPLICANT}/profile"), Some(json!({"declared": {}}))),
        "listPersons" => (format!("/persons?organisation={APPLICANT}"), None),
        "showPerson" => (format!("/persons/{}", world.person), None),
        // whoever may do it is told that the person is another than it read, or is not blocked
        "setRoles" => (format!("/persons/{}/roles", world.person), Some(json!({"roles": ["requester"]}))),
        "blockPerson" => (format!("/persons/{}/block", world.person), Some(json!({"reason": "table"}))),
        "unblockPerson" => (format!("/persons/{}/block", world.person), None),
        "listMandates" => (format!("/mandates?owner={}", ORGANISATIONS[1].1), None),
        "withdrawMandate" => (format!("/mandates/{}/withdrawal", world.mandate), Some(json!({}))),
        "listEvidence" => (format!("/organisations/{APPLICANT}/evidence"), None),
        "confirmEvidence" => {
            let confirming =
                json!({"fact": "category", "value": "university", "until": "2027-01-01T00:00:00Z", "reason": "seen"});
            (format!("/organisations/{APPLICANT}/evidence"), Some(confirming))
        }
        "addEvidence" => ("/evidence".to_owned(), Some(world.evidence.clone())),
        "evidenceByDecision" => (format!("/requests/{request}/evidence"), Some(json!({"fact": "authorisation"}))),
        "lookUp" => (format!("/organisations/{APPLICANT}/look-ups"), Some(json!({}))),
        "missingProofs" => ("/missing-proofs?dataset=education".to_owned(), None),
        "completeRequest" => {
            (format!("/requests/{request}/completions"), Some(json!({"completion": {"declared": {"plan": "PLAN-2"}}})))
        }
        "withdrawRequest" => (format!("/requests/{request}/withdrawal"), Some(json!({}))),
        "approveRequest" => {
            (format!("/requests/{request}/approvals"), Some(json!({"approval": "data-steward", "reason": "sound"})))
        }
        "refuseApproval" => {
            (format!("/requests/{request}/refusals"), Some(json!({"approval": "data-steward", "reason": "no plan"})))
        }
        "confirmDecision" => (format!("/requests/{request}/confirmation"), Some(json!({}))),
        "forwardRequest" => (format!("/requests/{request}/forwarding"), Some(json!({"to": "the municipality"}))),
        "dismissRequest" => (format!("/requests/{request}/dismissal"), Some(json!({"reason": "it never came"}))),
        "suspendTerm" => {
            (format!("/requests/{request}/term/suspensions"), Some(json!({"kind": "agreed", "reason": "as agreed"})))
        }
        "resumeTerm" => (format!("/requests/{request}/term/resumptions"), Some(json!({"reason": "it came"}))),
        "extendTerm" => (format!("/requests/{request}/term/extensions"), Some(json!({"reason": "much work"}))),
        "objectToDecision" => (format!("/requests/{request}/objection"), Some(json!({"reasons": "it is wrong"}))),
        "decideObjection" => (
            format!("/requests/{request}/objection/decision"),
            Some(json!({"outcome": "rejected", "reason": "as before"})),
        ),
        "withdrawObjection" => (format!("/requests/{request}/objection/withdrawal"), Some(json!({}))),
        "showObjection" => (format!("/requests/{request}/objection"), None),
        "showTerm" => (format!("/requests/{request}/term"), None),
        "readLetter" => (format!("/requests/{request}/letter"), None),
        "bundleRequest" => (format!("/requests/{request}/bundle"), None),
        "listRequestEvents" => (format!("/requests/{request}/events"), None),
        "askEligibility" => ("/eligibility".to_owned(), Some(json!({}))),
        "listDatasets" => ("/datasets".to_owned(), None),
        "showDataset" => ("/datasets/education".to_owned(), None),
        "showStructure" => ("/datasets/education/structure".to_owned(), None),
        "showRelations" => ("/datasets/education/relations".to_owned(), None),
        "exportCatalogue" => ("/catalogue".to_owned(), None),
        "exportDataset" => ("/catalogue/education".to_owned(), None),
        "showConditionSet" => (format!("/condition-sets/{NOTHING}"), None),
        "showSchema" => ("/schema".to_owned(), None),
        "readReceipt" => (format!("/requests/{request}/receipt?lang=en"), None),
        "listWork" => ("/work".to_owned(), None),
        "makeDraft" => ("/drafts".to_owned(), Some(university())),
        "listDrafts" => ("/drafts".to_owned(), None),
        "showDraft" | "dropDraft" => (format!("/drafts/{NOTHING}"), None),
        "changeDraft" => (format!("/drafts/{NOTHING}"), Some(university())),
        "submitDraft" => (format!("/drafts/{NOTHING}/submission"), Some(json!({}))),
        "makeApiKey" => ("/api-keys".to_owned(), Some(json!({"person": world.person, "label": "table"}))),
        "listApiKeys" => ("/api-keys".to_owned(), None),
        "listDataServers" => ("/data-servers".to_owned(), None),
        "putDataServer" => (
            "/data-servers/table".to_owned(),
            Some(json!({"name": "table", "owner": ORGANISATIONS[1].1, "audience": "https://data.example"})),
        ),
        "removeDataServer" => ("/data-servers/of-the-table".to_owned(), None),
        "evaluate" => ("/evaluation".to_owned(), Some(asks(&[]))),
        "evaluateBatch" => ("/evaluations".to_owned(), Some(asks(&[]))),
        "issueToken" => ("/tokens".to_owned(), Some(json!({"deal": world.deal, "server": "table"}))),
        "tokenKeys" => ("/keys".to_owned(), None),
        "accessRecords" => ("/records?from=2026-11-25T00:00:00Z&until=2026-11-26T00:00:00Z".to_owned(), None),
        "revokeApiKey" => ("/api-keys/0123456789abcdef".to_owned(), None),
        "addWebhook" => ("/webhooks".to_owned(), Some(json!({"url": "http://127.0.0.1:9/"}))),
        "listWebhooks" => ("/webhooks".to_owned(), None),
        "showWebhook" | "removeWebhook" => (format!("/webhooks/{NOTHING}"), None),
        "rotateWebhook" => (format!("/webhooks/{NOTHING}/secrets"), Some(json!({}))),
        "testWebhook" => (format!("/webhooks/{NOTHING}/tests"), Some(json!({}))),
        "listUndelivered" => ("/undelivered-messages".to_owned(), None),
        "dropMessage" => (format!("/undelivered-messages/{NOTHING}"), None),
        "replayMessage" => (format!("/undelivered-messages/{NOTHING}/replays"), Some(json!({}))),
        "listContacts" => ("/contacts".to_owned(), None),
        "setContact" => ("/contact".to_owned(), Some(json!({"mail": "desk@example.nl", "language": "nl"}))),
        "removeContact" => ("/contact".to_owned(), None),
        "setPersonContact" => {
            ("/persons/nobody/contact".to_owned(), Some(json!({"mail": "desk@example.nl", "language": "nl"})))
        }
        "removePersonContact" => ("/persons/nobody/contact".to_owned(), None),
        _ => return deals(operation, world),
    })
}

/// Operations on deals. There is no such deal, or nothing that could be done: who is not told so may not do it.
fn deals(operation: &str, world: &World) -> Option<(String, Option<Value>)> {
    let (request, deal) = (&world.request, &world.deal);
    let of = |what: &str, body: Value| (format!("/deals/{deal}/{what}"), Some(body));
    let read = |what: &str| (format!("/deals/{deal}{what}"), None);
    let user = json!({"name": " ", "function": "analyst", "statement": "secrecy"});
    let incident = json!({"at": "2026-11-25T09:00:00Z", "nature": " ", "data": "all", "measures": "none yet"});
    Some(match operation {
        "offerDeal" => ("/deals".to_owned(), Some(json!({"request": request}))),
        "listDeals" => ("/deals".to_owned(), None),
        "showDeal" => read(""),
        "showAcceptance" => read("/acceptance"),
        "acceptDeal" => of("acceptance", json!({})),
        "takeStep" => of("steps", json!({"step": "drop", "reason": "table"})),
        "renewDeal" => of("renewals", json!({})),
        "amendDeal" => of("amendments", json!({})),
        "bundleDeal" => read("/bundle"),
        "monitorDeals" => ("/deal-reviews".to_owned(), Some(json!({"owner": ORGANISATIONS[1].1}))),
        "readDealLetter" => read("/letter?lang=en"),
        "listDealEvents" => read("/events"),
        "listUsers" => read("/users"),
        "nameUser" => of("users", user),
        "removeUser" => of("user-removals", json!({"user": NOTHING, "reason": "table"})),
        "recordDelivery" => of("deliveries", json!({"edition": " ", "channel": "download"})),
        "listObligations" => read("/obligations"),
        "proveObligation" => of("fulfilments", json!({"obligation": "dataset/none", "proof": "table"})),
        "reportIncident" => of("incidents", incident),
        "giveView" => of("views", json!({"text": "table"})),
        "objectToStep" => of("objections", json!({"reasons": "table"})),
        "showRegister" => ("/decisions".to_owned(), None),
        "exportRegister" => ("/decisions-csv".to_owned(), None),
        "withholdFields" => {
            (format!("/decisions/{request}/withheld"), Some(json!({"fields": ["purpose"], "reason": "table"})))
        }
        "listRecipients" => ("/datasets/education/recipients".to_owned(), None),
        "tellCorrection" => ("/datasets/education/corrections".to_owned(), Some(json!({"edition": "2026"}))),
        _ => return None,
    })
}

/// The id of nothing.
const NOTHING: &str = "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f";

/// What the calls are about.
struct World {
    request: String,
    person: String,
    /// A credential about the organisation that asks.
    evidence: Value,
    deal: String,
    /// A mandate of the owner that has ended.
    mandate: String,
}

/// The organisation that asks.
const APPLICANT: &str = "NL.OIN:00000099000000023000";

/// The organisations of the table: the one that asks, the owner, one whose persons the owner appointed to give an approval that the request
/// awaits, and one that has nothing to do with it.
const ORGANISATIONS: [(&str, &str); 4] = [
    ("applicant", APPLICANT),
    ("owner", "NL.OIN:00000099000000012000"),
    ("appointed", "NL.KVK:69599076"),
    ("other", "NL.KVK:68750110"),
];

/// The owner appoints a person for the approval that the request awaits.
fn appoint(server: &Server, person: &Name) {
    let head = server.engine.actor(&"education-head".parse().unwrap()).unwrap();
    let mandate = NewMandate {
        body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
        person: person.clone(),
        powers: [Power::Approve("data-steward".to_owned())].into(),
        datasets: [].into(),
        from: None,
        until: server.engine.now().plus_seconds(86_400),
        published: None,
    };
    server.engine.give_mandate(&head, &head.organisation, &mandate).unwrap();
}

/// A mandate that the owner gave and withdrew.
fn withdrawn(server: &Server) -> String {
    appoint(server, &"education-steward".parse().unwrap());
    let head = server.engine.actor(&"education-head".parse().unwrap()).unwrap();
    let given = server.engine.mandates(Some(&head.organisation)).unwrap().pop().unwrap().record.id;
    server.engine.withdraw_mandate(&head, &given).unwrap().wait().unwrap();
    given.to_string()
}

#[test]
fn every_route_in_every_role() {
    let server = Server::with(|config| config.register = Some(register()));
    let request = server.post("education-researcher", "/v1/requests", &university()).expect(201);
    let world = World {
        request: request["id"].as_str().unwrap().to_owned(),
        person: "education-researcher".to_owned(),
        evidence: vc_jwt(&Issuer::ed25519(1), APPLICANT, "2029-01-01T00:00:00Z"),
        deal: concluded(&server).to_string(),
        mandate: withdrawn(&server),
    };
    let mut keys: BTreeMap<(&str, &str), String> = BTreeMap::new();
    for role in Role::ALL {
        for (relation, organisation) in ORGANISATIONS {
            let person = format!("table-{relation}-{}", role.as_str());
            let new = NewPerson {
                person: person.parse().unwrap(),
                organisation: organisation.parse().unwrap(),
                name: "somebody of the table".to_owned(),
                function: "in the table".to_owned(),
                roles: [*role].into(),
            };
            server.engine.add_person(&server.operator, &new).unwrap();
            if relation == "appointed" {
                appoint(&server, &new.person);
            }
            let key = NewApiKey { person: new.person, label: "table".to_owned(), roles: [].into(), until: None };
            keys.insert((role.as_str(), relation), server.engine.new_api_key(&server.operator, &key).unwrap().secret);
        }
    }
    let call = |method: &str, path: &str, body: &Option<Value>, edits: bool, key: Option<&String>| {
        let bearer = key.map(|key| format!("Bearer {key}"));
        let mut headers: Vec<(&str, &str)> = bearer.iter().map(|b| ("authorization", b.as_str())).collect();
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        if edits {
            // whoever may not edit is not told of the version
            headers.push(("if-match", "\"0.0.0.0.0.0.0\""));
        }
        let answer = server.send(method, path, &headers, body.as_ref().map(|b| serde_json::to_vec(b).unwrap()));
        assert!(answer.status < 500, "{method} {path}: {}", answer.text);
        !matches!(answer.status, 401 | 403)
    };
    let mut rows = Vec::new();
    for place in DOCUMENTS {
        let base = place.trim_end_matches("/openapi.json");
        let document = server.get("", place).expect(200);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                if name == "forwardAuth" {
                    // who calls is a proxy; what counts is the token that it passes on
                    rows.push(format!("| `GET {base}{path}` | whoever brings a token on an active deal |"));
                    continue;
                }
                let (called, body) = sample(name, &world).unwrap_or_else(|| panic!("{name} has no sample here"));
                let (method, called) = (method.to_uppercase(), format!("{base}{called}"));
                let edits = named(operation, "If-Match").is_some_and(|p| p["required"] == true);
                let mut may = Vec::new();
                if call(&method, &called, &body, edits, None) {
                    may.push("everybody".to_owned());
                } else {
                    for role in Role::ALL {
                        let of = ORGANISATIONS.iter().filter(|(relation, _)| {
                            call(&method, &called, &body, edits, keys.get(&(role.as_str(), *relation)))
                        });
                        let of: Vec<&str> = of.map(|(relation, _)| *relation).collect();
                        match of.len() {
                            0 => {}
                            4 => may.push(role.as_str().to_owned()),
                            _ => may.push(format!("{} ({})", role.as_str(), of.join(", "))),
                        }
                    }
                }
                let may = if may.is_empty() { "nobody".to_owned() } else { may.join("; ") };
                rows.push(format!("| `{method} {base}{path}` | {may} |"));
            }
        }
    }
    let table = rows.join("\n");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/roles.md");
    let text = std::fs::read_to_string(&file).unwrap_or_default();
    let (begin, end) = ("<!-- the table of tests/it/http/roles.rs -->\n", "\n<!-- its end -->");
    let (before, rest) = text.split_once(begin).expect("docs/roles.md has a place for the table");
    let (stated, after) = rest.split_once(end).expect("docs/roles.md says where the table ends");
    if std::env::var_os("DATADEAL_BLESS").is_some() {
        std::fs::write(&file, format!("{before}{begin}{table}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(stated, table, "docs/roles.md does not say what holds");
}

/// A parameter of an operation.
fn named<'a>(operation: &'a Value, name: &str) -> Option<&'a Value> {
    operation["parameters"].as_array().into_iter().flatten().find(|p| p["name"] == name)
}

/// Where an idempotency key is promised one that cannot be read is refused, and nowhere else.
#[test]
fn a_key_is_promised_where_it_is_read() {
    let server = Server::with(|config| config.register = Some(register()));
    let request = server.post("education-researcher", "/v1/requests", &university()).expect(201);
    let world = World {
        request: request["id"].as_str().unwrap().to_owned(),
        person: "education-researcher".to_owned(),
        evidence: json!({}),
        deal: NOTHING.to_owned(),
        mandate: NOTHING.to_owned(),
    };
    let document = server.get("", "/v1/openapi.json").expect(200);
    let mut read = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item.get("post") else { continue };
        let (called, body) = sample(operation["operationId"].as_str().unwrap(), &world).unwrap();
        let body = body.unwrap();
        let answer =
            server.call_with("operator", "POST", &format!("/v1{called}"), Some(&body), &[("idempotency-key", "")]);
        let refused = answer.status == 400 && answer.json()["errors"][0]["pointer"] == "Idempotency-Key";
        assert_eq!(refused, named(operation, "Idempotency-Key").is_some(), "{path}: {}", answer.text);
        assert_eq!(refused, operation["responses"].get("422").is_some(), "{path}");
        read += usize::from(refused);
    }
    assert!(read > 20);
}
