//! Telling people: what is done is told once it is durable, to webhooks and by mail, until it is taken or somebody must see to it.

use std::path::Path;
use std::sync::Arc;

use datadeal::clock::{Clock as _, SeededRandom, SystemClock};
use datadeal::engine::{Carrier, Contact, DataDir, DealStep, Engine, EngineError, NewWebhook, Sent, WebhookMade};
use datadeal::model::condition::Lang;
use datadeal::model::{OrgId, Urn};
use datadeal::net::mail::{MailWay, Mailer};
use datadeal::net::{Allow, Client};
use datadeal::sign::verify;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::story::{World, owner, question, reuser};
use crate::support::interop::{Peer, ready};
use crate::support::receiver::{Received, Receiver, Reply};

const NO: Reply = (500, "", Vec::new());

/// A portal, a way for messages to leave, and a receiver that a webhook of the reuser points to.
struct Telling {
    world: World,
    engine: Arc<Engine>,
    carrier: Arc<Carrier>,
    receiver: Receiver,
    runtime: Runtime,
}

impl Telling {
    fn new() -> Self {
        Telling::of(World::new())
    }

    fn of(world: World) -> Self {
        let way = MailWay::Folder(world.dir.path().join("mail"));
        let mailer = Some(Mailer::new("Portal <portal@example.nl>", &way).unwrap());
        let carrier = Arc::new(Carrier { client: client(), mailer });
        let engine = second(&world, 1);
        // calls of the engine wait on this thread, so it is in no runtime but while it sends
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Telling { world, engine, carrier, receiver: Receiver::start([]), runtime }
    }

    fn hook(&self, events: &[&str]) -> WebhookMade {
        let (researcher, url) = (self.world.actor("researcher"), self.receiver.url("/hook?token=t"));
        let events = events.iter().map(|e| e.parse().unwrap()).collect();
        let (engine, new) = (&self.world.engine, NewWebhook { url, events });
        let id = engine.add_webhook(&researcher, &reuser(), &new, &client()).unwrap().wait().unwrap();
        engine.webhook_made(&researcher, &id).unwrap()
    }

    fn contact(&self, person: &str, organisation: OrgId, mail: &str, language: Lang) {
        let contact = Contact { organisation, person: None, mail: mail.to_owned(), language };
        self.world.engine.set_contact(&self.world.actor(person), &contact).unwrap().wait().unwrap();
    }

    /// Sends what is due.
    fn send(&self) -> Sent {
        self.sends(&self.engine, &self.carrier)
    }

    /// The same by another process, or another way.
    fn sends(&self, engine: &Arc<Engine>, carrier: &Arc<Carrier>) -> Sent {
        self.runtime.block_on(engine.send_due(carrier)).unwrap()
    }

    /// What the receiver got: event, id, state.
    fn told(&self) -> Vec<(String, String, Value)> {
        self.receiver.seen().iter().map(read).collect()
    }

    fn mails(&self) -> Vec<String> {
        let read = |entry: std::io::Result<std::fs::DirEntry>| std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let mut mails: Vec<String> =
            std::fs::read_dir(self.world.dir.path().join("mail")).into_iter().flatten().map(read).collect();
        mails.sort();
        mails
    }
}

fn client() -> Client {
    Client::new(Allow::parse(["127.0.0.1"]).unwrap()).unwrap()
}

/// Another process on the same data.
fn second(world: &World, seed: u8) -> Arc<Engine> {
    let (dir, random) = (DataDir::new(world.dir.path().join("data")), SeededRandom::not_for_production([seed; 32]));
    Arc::new(Engine::open(&dir, world.clock.clone(), Arc::new(random)).unwrap())
}

fn read(received: &Received) -> (String, String, Value) {
    let body: Value = serde_json::from_slice(&received.body).unwrap();
    (body["type"].as_str().unwrap().to_owned(), received.headers["webhook-id"].clone(), body["data"].clone())
}

fn sent(sent: u32) -> Sent {
    Sent { sent, ..Sent::default() }
}

/// A deal from request to revocation, as the reuser's program and mailbox hear of it: ids and states, in its language.
#[test]
fn a_deal_is_told_step_by_step() {
    let telling = Telling::new();
    telling.hook(&[]);
    telling.contact("researcher", reuser(), "desk@university.example", Lang::Nl);
    telling.contact("admin", owner(), "data@ministry.example", Lang::En);
    let (world, deal) = (&telling.world, telling.world.deal());
    assert_eq!(telling.receiver.seen().len(), 0, "nothing is sent while the work is done");
    world.clock.advance(1);
    world.engine.deal_step(&world.actor("admin"), &deal, DealStep::Suspend, "secret reason").unwrap().wait().unwrap();
    // webhook and mail to the reuser, mail to the owner; the offer to the reuser only
    assert_eq!(telling.send(), sent(5 + 5 + 5));
    assert_eq!(telling.send(), sent(0), "each once");
    let mut told = telling.told();
    told.sort_by(|a, b| a.0.cmp(&b.0));
    let events: Vec<&str> = told.iter().map(|(event, ..)| event.as_str()).collect();
    assert_eq!(events, ["deal.accepted", "deal.offered", "deal.suspended", "request.decided", "request.received"]);
    assert!(told.iter().all(|(.., data)| data["dataset"].is_string() && data["request"].is_string()));
    assert_eq!((&told[3].2["state"], &told[2].2["deal"]), (&json!("granted"), &json!(deal.to_string())));
    let mails = telling.mails();
    assert_eq!(mails.len(), 10);
    let to_reuser: Vec<_> = mails.iter().filter(|m| m.contains("To: desk@university.example")).collect();
    assert_eq!(to_reuser.len(), 5);
    let subject = |of: &str| mails.iter().filter(|m| m.contains(of)).count();
    assert_eq!(subject("Subject: The data deal on"), 2, "{mails:?}");
    for mail in &mails {
        assert!(!mail.contains("secret reason") && !mail.contains("Person "), "{mail}");
        assert!(mail.contains("Auto-Submitted: auto-generated"));
    }
    let ids: std::collections::BTreeSet<_> = told.iter().map(|(_, id, _)| id).collect();
    assert_eq!(ids.len(), 5);
    assert!(world.engine.waiting(&world.actor("operator"), 100).unwrap().is_empty());
    let findings = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings;
    assert!(findings.is_empty(), "{findings:?}");
}

/// What is not committed is not told: a request that is refused at the door leaves no message.
#[test]
fn what_is_not_done_is_not_told() {
    let telling = Telling::new();
    telling.hook(&[]);
    let mut wrong = question();
    wrong["declared"] = json!({"noSuchFact": 1});
    let new = datadeal::engine::NewRequest {
        dataset: "register".to_owned(),
        question: serde_json::from_value(wrong).unwrap(),
        sets: None,
        entered: datadeal::engine::Entered::default(),
    };
    let researcher = telling.world.actor("researcher");
    assert!(telling.world.engine.submit(&researcher, &new).is_err());
    assert_eq!(telling.send(), sent(0));
}

/// A receiver that fails is tried again later and later, with the same id; then it is a task, which somebody can send again or drop.
#[test]
fn a_receiver_that_fails_becomes_a_task() {
    let telling = Telling::new();
    let hook = telling.hook(&["webhook.test"]).webhook;
    let (engine, researcher) = (&telling.world.engine, telling.world.actor("researcher"));
    let id = engine.test_webhook(&researcher, &hook.id).unwrap().wait().unwrap();
    (0..10).for_each(|_| telling.receiver.then(NO));
    let expected = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    let (mut waits, mut last) = (Vec::new(), telling.world.clock.now());
    for tries in 1..=10 {
        let again = Sent { again: 1, ..Sent::default() };
        let given_up = Sent { undelivered: 1, ..Sent::default() };
        // the clock goes on until the next try
        while telling.receiver.seen().len() < tries {
            let done = telling.send();
            if done == Sent::default() {
                telling.world.clock.advance(1 + expected[tries - 1] / 100);
            } else {
                assert_eq!(done, if tries == 10 { given_up } else { again });
            }
        }
        let now = telling.world.clock.now();
        waits.push(now.unix() - last.unix());
        last = now;
    }
    for (wait, expected) in waits.iter().zip(expected) {
        let (least, most) = (expected * 8 / 10 - 1, expected * 122 / 100 + 2);
        assert!((least..=most).contains(wait), "{waits:?}");
    }
    assert!(telling.told().iter().all(|(_, told, _)| *told == id.to_string()));
    assert_eq!(telling.send(), sent(0));

    // both sides see the task; nobody else does
    let tasks = engine.undelivered(&researcher, None, 100).unwrap().0;
    assert_eq!((tasks.len(), tasks[0].id, tasks[0].tries), (1, id, 10));
    assert_eq!(tasks[0].why.as_deref(), Some("http://127.0.0.1 answered with status 500"));
    assert_eq!(engine.undelivered(&telling.world.actor("operator"), None, 100).unwrap().0.len(), 1);
    assert!(engine.undelivered(&telling.world.actor("admin"), None, 100).unwrap().0.is_empty());
    assert!(engine.undelivered(&telling.world.actor("steward"), None, 100).is_err());
    assert!(matches!(engine.replay_message(&telling.world.actor("admin"), &id), Err(EngineError::NotFound { .. })));

    // sent again by hand: the same id, and taken
    engine.replay_message(&researcher, &id).unwrap().wait().unwrap();
    assert_eq!(telling.send(), sent(1));
    assert_eq!(telling.told()[10].1, id.to_string());
    assert!(engine.undelivered(&researcher, None, 100).unwrap().0.is_empty());

    engine.test_webhook(&researcher, &hook.id).unwrap().wait().unwrap();
    let id = engine.waiting(&researcher, 100).unwrap()[0].id;
    telling.receiver.then((410, "", Vec::new()));
    assert_eq!(telling.send(), Sent { undelivered: 1, ..Sent::default() });
    engine.drop_message(&researcher, &id).unwrap().wait().unwrap();
    assert!(engine.undelivered(&researcher, None, 100).unwrap().0.is_empty());
    assert!(matches!(engine.replay_message(&researcher, &id), Err(EngineError::NotFound { .. })));
}

/// A receiver that answers that it is gone is never called again: not with what waits for it, not with what happens later, not by hand.
#[test]
fn a_webhook_that_is_gone_is_called_no_more() {
    let telling = Telling::new();
    let hook = telling.hook(&[]).webhook;
    let (engine, researcher) = (&telling.world.engine, telling.world.actor("researcher"));
    telling.receiver.then((410, "", Vec::new()));
    engine.test_webhook(&researcher, &hook.id).unwrap().wait().unwrap();
    assert_eq!(telling.send(), Sent { undelivered: 1, ..Sent::default() });
    assert_eq!(engine.webhook(&researcher, &hook.id).unwrap().gone, Some(telling.world.clock.now()));
    let given_up = engine.undelivered(&researcher, None, 100).unwrap().0[0].id;
    engine.replay_message(&researcher, &given_up).unwrap().wait().unwrap();
    assert_eq!(telling.send(), Sent { undelivered: 1, ..Sent::default() });
    telling.world.request(question());
    assert_eq!(telling.send(), sent(0));
    assert!(matches!(engine.test_webhook(&researcher, &hook.id), Err(EngineError::State { .. })));
    assert_eq!(telling.receiver.seen().len(), 1);
}

/// A crash between sending and noting it: the message comes again, with the same id. Two processes never both send what is due.
#[test]
fn a_crash_sends_again_and_two_processes_send_once() {
    let telling = Telling::new();
    telling.hook(&[]);
    let other = second(&telling.world, 2);
    // the process ends when the receiver has the message and has not answered
    telling.receiver.then((0, "", Vec::new()));
    telling.world.request(question());
    let has_it = async {
        while telling.receiver.seen().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    telling.runtime.block_on(async {
        tokio::select! {
            done = telling.engine.send_due(&telling.carrier) => panic!("{done:?}"),
            () = has_it => {}
        }
    });
    assert_eq!(telling.sends(&other, &telling.carrier), sent(0), "the claim stands");
    telling.world.clock.advance(121);
    assert_eq!(telling.sends(&other, &telling.carrier), sent(1));
    let told = telling.told();
    assert_eq!((told.len(), &told[0]), (2, &told[1]));

    // many messages, two senders: each is taken once
    let before = telling.receiver.seen().len();
    for _ in 0..20 {
        telling.world.request(question());
    }
    let mut taken = 0;
    loop {
        let both = async { tokio::join!(telling.engine.send_due(&telling.carrier), other.send_due(&telling.carrier)) };
        let (a, b) = telling.runtime.block_on(both);
        let sent = a.unwrap().sent + b.unwrap().sent;
        taken += sent;
        if sent == 0 {
            break;
        }
    }
    let told: Vec<_> = telling.told().into_iter().skip(before).map(|(_, id, _)| id).collect();
    let ids: std::collections::BTreeSet<_> = told.iter().collect();
    assert_eq!((taken, told.len(), ids.len()), (20, 20, 20));
}

/// A receiver that does not answer holds up its own organisation only, however many messages wait for it.
#[test]
fn who_answers_slowly_holds_up_nobody_else() {
    let telling = Telling::new();
    let (engine, researcher, admin) =
        (&telling.world.engine, telling.world.actor("researcher"), telling.world.actor("admin"));
    let slow = telling.hook(&[]).webhook.id;
    (0..60).for_each(|_| telling.receiver.then((0, "", Vec::new())));
    for _ in 0..12 {
        let waiting: Vec<_> = (0..100).map(|_| engine.test_webhook(&researcher, &slow).unwrap()).collect();
        waiting.into_iter().for_each(|pending| _ = pending.wait().unwrap());
    }
    let (fast, url) = (Receiver::start([]), |r: &Receiver| r.url("/"));
    let new = NewWebhook { url: url(&fast), events: [].into() };
    let id = engine.add_webhook(&admin, &owner(), &new, &client()).unwrap().wait().unwrap();
    engine.test_webhook(&admin, &id).unwrap().wait().unwrap();
    let sender = Arc::clone(&telling.engine).keep_sending(Arc::clone(&telling.carrier));
    let told = async {
        while fast.seen().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    telling.runtime.block_on(async {
        tokio::select! {
            () = sender => {}
            () = told => {}
        }
    });
    assert_eq!(fast.seen().len(), 1);
    assert!(telling.receiver.seen().len() <= 4);
}

/// The secret is shown when it is made and never again; while it is replaced both sign; what is removed is told nothing. The package of
/// the specification's authors takes what we send, and refuses it under another secret.
#[test]
fn webhooks_are_signed_as_the_standard_says() {
    let telling = Telling::of(World::starting(SystemClock.now()));
    let (engine, researcher) = (&telling.world.engine, telling.world.actor("researcher"));
    let made = telling.hook(&["request.received"]);
    engine.rotate_webhook(&researcher, &made.webhook.id).unwrap().wait().unwrap();
    let rotated = engine.webhook_made(&researcher, &made.webhook.id).unwrap();
    assert_ne!(made.secret, rotated.secret);
    assert_eq!(made.public_key, rotated.public_key);
    telling.world.request(question());
    assert_eq!(telling.send(), sent(1));
    telling.world.clock.advance(86_400);
    telling.world.request(question());
    assert_eq!(telling.send(), sent(1));
    let [during, after] = &telling.receiver.seen()[..] else { panic!("two calls") };
    assert_eq!(during.headers["content-type"], "application/json");
    let count = |r: &Received| r.headers["webhook-signature"].split(' ').count();
    assert_eq!((count(during), count(after)), (3, 2), "the old secret signs for a day");

    let key = verifying(&made.public_key);
    for received in [during, after] {
        let signed = format!("{}.{}.", received.headers["webhook-id"], received.headers["webhook-timestamp"]);
        let signed = [signed.as_bytes(), &received.body].concat();
        let v1a = received.headers["webhook-signature"].split(' ').find_map(|s| s.strip_prefix("v1a,")).unwrap();
        assert_eq!(verify(&key, &signed, &bytes(v1a).try_into().unwrap()), Ok(()));
    }
    if ready() {
        let mut peer = Peer::start(&["webhook"]);
        let mut ask = |secret: &str, received: &Received, body: &str| {
            peer.say(&json!({"secret": secret, "headers": received.headers, "body": body}).to_string());
            peer.line()
        };
        let body = String::from_utf8(during.body.clone()).unwrap();
        assert_eq!(ask(&made.secret, during, &body), "ok");
        assert_eq!(ask(&rotated.secret, during, &body), "ok");
        assert_ne!(ask(&rotated.secret, during, &body.replace("request", "requests")), "ok");
        assert_ne!(ask("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", during, &body), "ok");
        assert_ne!(ask(&made.secret, after, std::str::from_utf8(&after.body).unwrap()), "ok");
    }

    // no secret stands in the database, in lists or in what is printed for a fault
    let secret = made.secret.strip_prefix("whsec_").unwrap();
    let listed = serde_json::to_string(&engine.webhooks(&researcher, &reuser()).unwrap()).unwrap();
    assert!(!format!("{listed} {made:?}").contains(secret));
    for entry in std::fs::read_dir(telling.world.dir.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            for hidden in [secret.as_bytes().to_vec(), self::bytes(secret)] {
                assert!(!bytes.windows(hidden.len()).any(|w| w == hidden), "{}", path.display());
            }
        }
    }
    telling.world.request(question());
    engine.remove_webhook(&researcher, &made.webhook.id).unwrap().wait().unwrap();
    assert_eq!(telling.send(), Sent { dropped: 1, ..Sent::default() });
}

fn bytes(base64: &str) -> Vec<u8> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(base64).unwrap()
}

fn verifying(public_key: &str) -> datadeal::model::DidKey {
    datadeal::model::DidKey::new(bytes(public_key.strip_prefix("whpk_").unwrap()).try_into().unwrap())
}

/// Who may register: the organisation's own. Where to: never inward. An address that turns inward later is not called.
#[test]
fn a_webhook_never_points_inward() {
    let telling = Telling::new();
    let (engine, researcher) = (&telling.world.engine, telling.world.actor("researcher"));
    let strict = Client::new(Allow::default()).unwrap();
    for url in [
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "http://example.nl/",
        "https://u:p@example.nl/",
        "file:///x",
    ] {
        let new = NewWebhook { url: url.to_owned(), events: [].into() };
        let error = engine.add_webhook(&researcher, &reuser(), &new, &strict).unwrap_err();
        assert!(matches!(error, EngineError::Input { .. }), "{url}: {error}");
    }
    let new = NewWebhook { url: "https://example.nl/".to_owned(), events: [].into() };
    for (person, organisation) in
        [("admin", reuser()), ("steward", owner()), ("operator", reuser()), ("researcher", owner())]
    {
        let error = engine.add_webhook(&telling.world.actor(person), &organisation, &new, &strict).unwrap_err();
        assert!(matches!(error, EngineError::Rights(_)), "{person}: {error}");
    }
    let hook = telling.hook(&[]).webhook;
    for call in [
        engine.rotate_webhook(&telling.world.actor("admin"), &hook.id).map(|_| ()),
        engine.remove_webhook(&telling.world.actor("admin"), &hook.id).map(|_| ()),
    ] {
        assert!(matches!(call.unwrap_err(), EngineError::NotFound { .. }));
    }
    // allowed when it was registered, and not any more
    telling.world.request(question());
    let carrier = Arc::new(Carrier { client: strict, mailer: None });
    assert_eq!(telling.sends(&telling.engine, &carrier), Sent { again: 1, ..Sent::default() });
    assert!(telling.receiver.seen().is_empty());
}

/// An address stands in one erasable row; once removed, nothing waits for it, and no byte of it is left in the data directory.
#[test]
fn an_address_can_be_erased() {
    let telling = Telling::new();
    let (engine, researcher) = (&telling.world.engine, telling.world.actor("researcher"));
    telling.contact("researcher", reuser(), "erase-me@university.example", Lang::En);
    telling.world.request(question());
    let waiting = serde_json::to_string(&engine.waiting(&researcher, 100).unwrap()).unwrap();
    assert!(!waiting.contains("erase-me"));
    engine.remove_contact(&researcher, &reuser(), None).unwrap().wait().unwrap();
    assert_eq!(telling.send(), Sent { dropped: 1, ..Sent::default() });
    let there = |path: &Path| std::fs::read(path).unwrap().windows(8).any(|w| w == b"erase-me");
    for entry in std::fs::read_dir(telling.world.dir.path().join("data")).unwrap() {
        let path = entry.unwrap().path();
        assert!(!path.is_file() || !there(&path), "{}", path.display());
    }
    for wrong in ["x", "a@b.nl\r\nBcc: c@d.nl", "A <a@b.nl>"] {
        let contact = Contact { organisation: reuser(), person: None, mail: wrong.to_owned(), language: Lang::Nl };
        assert!(matches!(engine.set_contact(&researcher, &contact), Err(EngineError::Input { .. })), "{wrong}");
        assert!(matches!(engine.set_contact(&telling.world.actor("admin"), &contact), Err(EngineError::Rights(_))));
    }
}

/// The operator hears of an organisation that asks to be added, without its name.
#[test]
fn the_operator_is_told_who_asks_to_be_added() {
    let telling = Telling::new();
    let operator = telling.world.actor("operator");
    telling.contact("operator", operator.organisation.clone(), "desk@portal.example", Lang::En);
    let new: OrgId = "NL.KVK:90001354".parse().unwrap();
    telling.world.engine.ask_registration(&new, "Newcomer").unwrap().wait().unwrap();
    assert_eq!(telling.send(), sent(1));
    let mails = telling.mails();
    assert!(
        mails[0].contains("Subject: An organisation asks to be added") && !mails[0].contains("Newcomer"),
        "{mails:?}"
    );
}

/// A portal without mail says so to the one who sends, at once.
#[test]
fn without_a_mailer_a_mail_is_a_task() {
    let telling = Telling::new();
    telling.contact("researcher", reuser(), "desk@university.example", Lang::Nl);
    telling.world.request(question());
    let carrier = Arc::new(Carrier { client: client(), mailer: None });
    assert_eq!(telling.sends(&telling.engine, &carrier), Sent { undelivered: 1, ..Sent::default() });
    let tasks = telling.world.engine.undelivered(&telling.world.actor("admin"), None, 100).unwrap().0;
    assert_eq!((tasks.len(), tasks[0].webhook), (1, None::<Urn>));
    let told = serde_json::to_string(&tasks).unwrap();
    assert!(told.contains("not set up to send mail") && !told.contains("desk@"), "{told}");
}

/// A reviewer of another organisation is told that a request waits for its approval; the reuser is told the new last day once it completed
/// its request.
#[test]
fn an_outside_reviewer_is_told_and_a_new_last_day_too() {
    let telling = Telling::new();
    let (world, engine) = (&telling.world, &telling.world.engine);
    crate::course::outsider(world);
    let contact = Contact {
        organisation: "NL.OIN:00000099000000000003".parse().unwrap(),
        person: Some("outsider".parse().unwrap()),
        mail: "outsider@committee.example".to_owned(),
        language: Lang::En,
    };
    engine.set_contact(&world.actor("operator"), &contact).unwrap().wait().unwrap();
    telling.hook(&["request.term-changed"]);
    let case = world.request(question()).id;
    telling.send();
    let to = |mails: &[String]| mails.iter().filter(|m| m.contains("To: outsider@committee.example")).count();
    assert_eq!(to(&telling.mails()), 1, "{:?}", telling.mails());
    let (outsider, until) = (world.actor("outsider"), Some("2026-12-20".parse().unwrap()));
    let kind = datadeal::model::term::SuspensionKind::Completion;
    engine.suspend_term(&outsider, &case, kind, until, "which plan?").unwrap().wait().unwrap();
    world.clock.advance(7 * 86_400);
    let declared = serde_json::from_value(json!({"plan": "PLAN-8"})).unwrap();
    let more = datadeal::engine::Completion { declared, ..Default::default() };
    let researcher = world.actor("researcher");
    engine.complete(&researcher, &case, &more, Default::default()).unwrap().wait().unwrap();
    telling.send();
    let told: Vec<_> = telling.told().into_iter().map(|(event, _, data)| (event, data["day"].clone())).collect();
    assert_eq!(told, [("request.term-changed".to_owned(), json!("2027-01-27"))]);
    assert_eq!(to(&telling.mails()), 2, "the new version waits for the approval again");
}
