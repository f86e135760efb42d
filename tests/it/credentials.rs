//! Credentials in the forms of others: what counts, and what is said of everything that does not.

use std::collections::{BTreeMap, BTreeSet};

use datadeal::conditions::Schema;
use datadeal::evidence::{Against, Exhibit, ForeignCredential, Measure, StatusCopy, StatusList, count};
use datadeal::model::record::{EvidenceKind, TrustList, Trusted};
use datadeal::model::{Document, OrgId, Time};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::LazyLock;

use crate::support::interop::{interop, ready};
use crate::support::issuer::{Issuer, base64, claim, hash};

const NOW: &str = "2026-11-25T09:00:00Z";
const AT: i64 = 1_795_597_200;
const ISSUER: &str = "https://accreditation.example";
const PORTAL: &str = "portal.example/log";

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::built_in().unwrap());

fn now() -> Time {
    let now: Time = NOW.parse().unwrap();
    assert_eq!(now.unix(), AT);
    now
}

fn organisation() -> OrgId {
    "NL.KVK:69599084".parse().unwrap()
}

/// A trust list with one issuer, which vouches for two facts.
fn list(issuer: &Issuer) -> TrustList {
    let trusted = Trusted {
        key: issuer.key(),
        issuer: Some(ISSUER.parse().unwrap()),
        organisation: "NL.OIN:00000099000000001000".parse().unwrap(),
        name: "Accreditation office (example)".to_owned(),
        facts: BTreeSet::from(["category".to_owned(), "kvkNumber".to_owned(), "securityCertificate".to_owned()]),
        kinds: BTreeSet::from([EvidenceKind::Credential]),
        from: Time::EPOCH,
        until: None,
    };
    TrustList { version: 1, trusted: vec![trusted] }
}

/// The document that wraps a text, as it is kept when it is handed in now.
fn kept(form: &str, compact: &str) -> Result<Exhibit, String> {
    let document = Document::of(&json!({"type": form, "compact": compact})).unwrap();
    let kept = ForeignCredential::handed_in(document, PORTAL, now()).map_err(|e| e.to_string())?;
    Exhibit::read(kept).map_err(|e| e.to_string())
}

/// What is verified, and what is not with its reason.
fn counted(exhibit: &Exhibit, list: &TrustList, against: Option<Against>) -> (Vec<String>, Vec<(String, String)>) {
    let organisation = organisation();
    let against: BTreeMap<_, _> = against.map(|a| (exhibit.digest(), a)).into_iter().collect();
    let measure =
        Measure { schema: &SCHEMA, trust_list: Some(list), organisation: &organisation, now: now(), against: &against };
    let counted = count(&measure, [exhibit]);
    for fact in counted.verified.values() {
        assert_eq!((fact.issuer.as_str(), fact.evidence), ("NL.OIN:00000099000000001000", exhibit.digest()));
    }
    let uncounted = counted.uncounted.into_iter().map(|u| (u.fact, u.reason)).collect();
    (counted.verified.into_keys().collect(), uncounted)
}

/// The reason for which no fact of it counts; empty if they all do.
fn reason(form: &str, compact: &str, list: &TrustList) -> String {
    let exhibit = match kept(form, compact) {
        Ok(exhibit) => exhibit,
        Err(why) => return format!("refused: {why}"),
    };
    let (verified, uncounted) = counted(&exhibit, list, None);
    let reasons: BTreeSet<_> = uncounted.into_iter().map(|(_, reason)| reason).collect();
    assert!(verified.is_empty() || reasons.is_empty(), "{verified:?} {reasons:?}");
    reasons.into_iter().collect::<Vec<_>>().join(" ")
}

fn model() -> Value {
    json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential", "AccreditationCredential"],
        "issuer": {"id": ISSUER, "name": "Accreditation office"},
        "validFrom": "2026-01-01T00:00:00+01:00",
        "validUntil": "2027-01-01T00:00:00.000Z",
        "credentialSubject": {"organisation": "NL.KVK:69599084", "category": "university", "kvkNumber": "69599084", "motto": "x"},
    })
}

fn flat() -> Value {
    json!({
        "iss": ISSUER, "vct": "https://accreditation.example/types/1", "iat": AT - 1000, "exp": AT + 1000,
        "organisation": "NL.KVK:69599084", "category": "university",
    })
}

fn with(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = document.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    match value {
        Value::Null => parent.remove(name),
        value => parent.insert(name.to_owned(), value),
    };
    document
}

/// S-150, S-151, S-153: a VC-JWT counts for each fact that it states, signed with either algorithm; the key is the one of the trust list
/// whatever the header says, and the issuer is known by its name or by its key.
#[test]
fn a_vc_jwt_counts() {
    for issuer in [Issuer::ed25519(1), Issuer::P256] {
        let list = list(&issuer);
        let exhibit = kept("VcJwt", &issuer.jwt("vc+jwt", &model())).unwrap();
        assert_eq!(counted(&exhibit, &list, None), (vec!["category".to_owned(), "kvkNumber".to_owned()], vec![]));
        assert_eq!(
            (exhibit.from().to_string(), exhibit.until().to_string()),
            ("2025-12-31T23:00:00Z".to_owned(), "2027-01-01T00:00:00Z".to_owned())
        );
        // known by its key alone
        let mut unnamed = list.clone();
        unnamed.trusted[0].issuer = None;
        let by_key = with(model(), "/issuer", json!(issuer.key().to_string()));
        assert_eq!(reason("VcJwt", &issuer.jwt("vc+jwt", &by_key), &unnamed), "");
        assert_eq!(reason("VcJwt", &issuer.jwt("vc+jwt", &model()), &unnamed), "issuer");
    }
}

/// S-122, S-150, S-151: each thing that makes a VC-JWT count not, with its reason; what is no credential at all is refused.
#[test]
fn a_vc_jwt_that_does_not_count_says_why() {
    let issuer = Issuer::ed25519(1);
    let list = list(&issuer);
    let is =
        |pointer: &str, value: Value| reason("VcJwt", &issuer.jwt("vc+jwt", &with(model(), pointer, value)), &list);
    assert_eq!(is("/validUntil", json!(NOW)), "lapsed");
    assert_eq!(is("/exp", json!(AT)), "lapsed");
    assert_eq!(is("/validFrom", json!("2026-11-25T09:00:01Z")), "not-yet");
    assert_eq!(is("/nbf", json!(AT + 1)), "not-yet");
    assert_eq!(is("/credentialSubject/organisation", json!("NL.KVK:68750110")), "subject");
    assert_eq!(is("/credentialSubject/organisation", Value::Null), "subject");
    assert_eq!(is("/credentialSubject/legal_person_id", json!("NLNHR.69599084")), "");
    assert_eq!(is("/credentialSubject/legal_person_id", json!("NLNHR.68750110")), "subject");
    assert_eq!(is("/issuer", json!("https://other.example")), "issuer");
    assert_eq!(is("/cnf", json!({"jwk": issuer.jwk()})), "holder");
    let one = with(model(), "/credentialSubject/kvkNumber", Value::Null);
    assert_eq!(
        reason("VcJwt", &issuer.jwt("vc+jwt", &with(one, "/credentialSubject/category", json!("universty"))), &list),
        "value"
    );
    // vouched for by nobody: a fact that the list does not give to this issuer
    let exhibit =
        kept("VcJwt", &issuer.jwt("vc+jwt", &with(model(), "/credentialSubject/legalForm", json!("bv")))).unwrap();
    assert_eq!(counted(&exhibit, &list, None).1, vec![("legalForm".to_owned(), "issuer".to_owned())]);
    // another key in the name of the issuer, and another algorithm than that of the key
    assert_eq!(reason("VcJwt", &Issuer::ed25519(2).jwt("vc+jwt", &model()), &list), "signature");
    assert_eq!(reason("VcJwt", &Issuer::P256.jwt("vc+jwt", &model()), &list), "signature");
    let lying = issuer.token(&json!({"alg": "ES256", "typ": "vc+jwt"}), &model());
    assert_eq!(reason("VcJwt", &lying, &list), "signature");

    let refused = |header: Value| reason("VcJwt", &issuer.token(&header, &model()), &list);
    for alg in ["none", "HS256", "RS256", "eddsa", "ES384", ""] {
        assert!(
            refused(json!({"alg": alg, "typ": "vc+jwt"})).starts_with("refused: the credential is signed with"),
            "{alg}"
        );
    }
    for extension in ["crit", "b64"] {
        assert!(refused(json!({"alg": "EdDSA", "typ": "vc+jwt", extension: ["x"]})).contains("`crit` or `b64`"));
    }
    for typ in ["JWT", "vc+ld+jwt", "dc+sd-jwt", "at+jwt"] {
        assert!(refused(json!({"alg": "EdDSA", "typ": typ})).contains("the `typ` of the token is"), "{typ}");
    }
    for (pointer, value) in [
        ("/validUntil", Value::Null),
        ("/vc", json!({})),
        ("/@context", json!(["https://www.w3.org/2018/credentials/v1"])),
        ("/type", json!(["AccreditationCredential"])),
        ("/iss", json!("https://other.example")),
        ("/sub", json!("did:example:1")),
        ("/credentialSubject", json!([{}, {}])),
        ("/credentialSubject/organisation", json!("69599084")),
        ("/validUntil", json!("2027-01-01")),
        ("/exp", json!("1795597200")),
        ("/credentialSubject/employees", json!(1.5)),
    ] {
        assert!(is(pointer, value.clone()).starts_with("refused: "), "{pointer} {value}");
    }
    let twice =
        format!("{{\"iss\":\"a\",{}", &model().to_string()[1..]).replace("\"issuer\"", "\"iss\":\"b\",\"issuer\"");
    let message = format!("{}.{}", base64(r#"{"alg":"EdDSA","typ":"vc+jwt"}"#), base64(twice));
    assert!(reason("VcJwt", &format!("{message}.{}", base64([0; 64])), &list).contains("stands twice"));
    let good = issuer.jwt("vc+jwt", &model());
    for broken in [
        good.replace('.', ".."),
        format!("{good}="),
        good.replacen('.', " .", 1),
        format!("{good}~"),
        good[..90].to_owned(),
    ] {
        assert!(reason("VcJwt", &broken, &list).starts_with("refused: "), "{broken}");
    }
    assert!(reason("VcJwt", &"a".repeat(300_000), &list).contains("more than 262144 bytes"));
}

/// S-152: claims that are disclosed count as those in the clear, deep ones too; those that are not disclosed are not there.
#[test]
fn an_sd_jwt_counts_with_what_it_discloses() {
    let issuer = Issuer::P256;
    let list = list(&issuer);
    let scheme = claim("scheme", json!("iso27001"));
    let certificate = json!({"_sd": [hash(&scheme)], "issuer": "auditor", "until": "2027-01-01T00:00:00Z"});
    let (category, certificate) = (claim("category", json!("university")), claim("securityCertificate", certificate));
    let hidden = hash("nobody knows");
    let payload = with(flat(), "/category", Value::Null);
    let payload = with(payload, "/_sd", json!([hash(&category), hidden, hash(&certificate)]));
    let payload = with(payload, "/_sd_alg", json!("sha-256"));
    let of = |disclosures: &[String]| {
        let exhibit = kept("SdJwtVc", &issuer.sd_jwt(&payload, disclosures)).unwrap();
        counted(&exhibit, &list, None)
    };
    assert_eq!(of(&[category.clone(), certificate.clone(), scheme]).0, ["category", "securityCertificate"]);
    assert_eq!(of(std::slice::from_ref(&category)), (vec!["category".to_owned()], vec![]));
    // a part of a value is hidden: the value is not whole
    assert_eq!(of(&[certificate]).1, [("securityCertificate".to_owned(), "value".to_owned())]);
    assert_eq!(of(&[]), (vec![], vec![]));
    // the W3C data model with selective disclosure
    let subject = json!({"organisation": "NL.KVK:69599084", "_sd": [hash(&category)]});
    let text = issuer.jwt("vc+sd-jwt", &with(model(), "/credentialSubject", subject));
    assert_eq!(reason("SdJwtVc", &format!("{text}~{category}~"), &list), "");
}

/// S-152: nothing is hidden behind a digest that stands twice, a claim said twice, or a disclosure without a place.
#[test]
fn disclosures_that_trick_are_refused() {
    let issuer = Issuer::ed25519(1);
    let list = list(&issuer);
    let category = claim("category", json!("bank"));
    let digest = json!(hash(&category));
    let bare = with(flat(), "/category", Value::Null);
    let is = |payload: Value, disclosures: &[String]| reason("SdJwtVc", &issuer.sd_jwt(&payload, disclosures), &list);
    let sd = |digests: Value| with(bare.clone(), "/_sd", digests);
    let one = std::slice::from_ref(&category);
    assert_eq!(is(sd(json!([digest])), one), "");
    let ending = claim("exp", json!(AT + 9_999_999));
    let array = base64(json!(["c2FsdA", "bank"]).to_string());
    let reserved = base64(json!(["c2FsdA", "_sd", ["x"]]).to_string());
    let nested = claim("motto", json!({"_sd": [digest]}));
    let cases: Vec<(&str, Value, Vec<String>)> = vec![
        ("a digest stands twice", sd(json!([digest, digest])), one.to_vec()),
        ("a digest stands twice", sd(json!(["hidden", "hidden"])), vec![]),
        ("a digest stands twice", with(sd(json!([digest])), "/motto", json!({"_sd": [digest]})), one.to_vec()),
        ("a digest stands twice", with(sd(json!([digest])), "/motto", json!([{"...": digest}])), vec![]),
        ("a digest stands twice", sd(json!([digest, hash(&nested)])), vec![category.clone(), nested]),
        ("`category` is said twice", with(flat(), "/_sd", json!([digest])), one.to_vec()),
        ("a disclosure has no place", bare.clone(), one.to_vec()),
        ("a disclosure has no place", sd(json!(["other"])), one.to_vec()),
        ("a disclosure is given twice", sd(json!([digest])), vec![category.clone(), category.clone()]),
        ("`exp` is disclosed", sd(json!([hash(&ending)])), vec![ending]),
        ("an element of a list stands for a claim", sd(json!([hash(&array)])), vec![array.clone()]),
        ("stands for an element of a list", with(bare.clone(), "/motto", json!([{"...": digest}])), one.to_vec()),
        ("a disclosure is named `_sd`", sd(json!([hash(&reserved)])), vec![reserved]),
        ("`...` stands where", with(bare.clone(), "/motto", json!([{"...": digest, "x": 1}])), one.to_vec()),
        ("`...` stands where", with(bare.clone(), "/...", digest.clone()), one.to_vec()),
        ("`_sd` stands where", with(bare.clone(), "/_sd", digest.clone()), one.to_vec()),
        ("a digest is no text", sd(json!([1])), vec![]),
        ("`_sd_alg` is not sha-256", with(sd(json!([digest])), "/_sd_alg", json!("sha-512")), one.to_vec()),
        ("`_sd_alg` stands where", with(bare.clone(), "/motto", json!({"_sd_alg": "sha-256"})), vec![]),
        ("a disclosure is not [salt", sd(json!([])), vec![base64("[\"a\"]")]),
        ("an empty disclosure", sd(json!([])), vec![String::new()]),
        ("`vct` is missing", with(bare.clone(), "/vct", Value::Null), vec![]),
        ("`iss` is missing", with(bare.clone(), "/iss", Value::Null), vec![]),
    ];
    for (why, payload, disclosures) in cases {
        let found = is(payload.clone(), &disclosures);
        assert!(found.starts_with("refused: ") && found.contains(why), "{why}: {found} {payload}");
    }
    // disclosures within disclosures are as deep as documents are
    let (mut deep, mut all) = (claim("x", json!(1)), Vec::new());
    for _ in 0..40 {
        all.push(deep.clone());
        deep = claim("x", json!({"_sd": [hash(&deep)]}));
    }
    all.push(deep.clone());
    assert!(is(sd(json!([hash(&deep)])), &all).contains("deeper than 32"));
}

/// S-154: a credential that is bound to a key counts for whoever shows that key, to this portal, at the moment of handing in.
#[test]
fn the_holder_shows_its_key() {
    let (issuer, holder) = (Issuer::P256, Issuer::ed25519(9));
    let list = list(&issuer);
    let bound = issuer.sd_jwt(&with(flat(), "/cnf", json!({"jwk": holder.jwk()})), &[]);
    let is = |text: &str| reason("SdJwtVc", text, &list);
    assert_eq!(is(&holder.bind(&bound, PORTAL, AT)), "");
    assert_eq!(is(&holder.bind(&bound, PORTAL, AT - 300)), "");
    assert_eq!(is(&holder.bind(&bound, PORTAL, AT + 60)), "");
    assert_eq!(is(&bound), "holder");
    assert_eq!(is(&holder.bind(&bound, PORTAL, AT - 301)), "holder");
    assert_eq!(is(&holder.bind(&bound, PORTAL, AT + 61)), "holder");
    assert_eq!(is(&holder.bind(&bound, "other.example/log", AT)), "holder");
    assert_eq!(is(&Issuer::ed25519(8).bind(&bound, PORTAL, AT)), "holder");
    // a key binding of another presentation
    let category = claim("category", json!("university"));
    let other = holder.bind(&format!("{bound}{category}~"), PORTAL, AT);
    let (_, binding) = other.rsplit_once('~').unwrap();
    assert_eq!(is(&format!("{bound}{binding}")), "holder");
    // nobody is bound, or to no key that is read here
    let unbound = issuer.sd_jwt(&flat(), &[]);
    assert!(is(&holder.bind(&unbound, PORTAL, AT)).contains("`cnf` is missing"));
    let kid = issuer.sd_jwt(&with(flat(), "/cnf", json!({"kid": "k1"})), &[]);
    assert!(is(&holder.bind(&kid, PORTAL, AT)).contains("`cnf` names no"));
    assert_eq!(is(&kid), "holder");
    // whoever hands it in does not say when that was
    let said = json!({"type": "SdJwtVc", "compact": holder.bind(&bound, PORTAL, AT), "presented": {"audience": PORTAL, "at": NOW}});
    let refused = ForeignCredential::handed_in(Document::of(&said).unwrap(), PORTAL, now());
    assert!(refused.unwrap_err().to_string().contains("`presented` is for the portal to say"));
}

/// What a status list says of a credential.
fn status(issuer: &Issuer, credential: &Value, form: &str, list_text: &str, fetched: i64) -> Option<Against> {
    let list = list(issuer);
    let text = if form == "VcJwt" { issuer.jwt("vc+jwt", credential) } else { issuer.sd_jwt(credential, &[]) };
    let exhibit = kept(form, &text).unwrap();
    let address = exhibit.places()[0].address.clone();
    let fetched = Time::from_unix(fetched);
    let copy = StatusCopy { address: address.clone(), tried: now(), fetched, text: list_text.to_owned(), failed: None };
    let read = StatusList::read(&copy);
    let against = exhibit.against(Some(&list), |asked| read.as_ref().filter(|_| asked == address), now());
    let (verified, uncounted) = counted(&exhibit, &list, against);
    assert_eq!(verified.is_empty(), against.is_some());
    assert!(uncounted.iter().all(|(_, reason)| Some(reason.as_str()) == against.map(Against::reason)));
    against
}

/// S-155: W3C Bitstring Status List: revoked, suspended, and everything that leaves it unknown.
#[test]
fn bitstring_status_lists_are_asked() {
    let issuer = Issuer::P256;
    let address = "https://accreditation.example/status/3";
    let entry = |purpose: &str, index: &str| json!({"type": "BitstringStatusListEntry", "statusPurpose": purpose, "statusListIndex": index, "statusListCredential": address});
    let bits = |set: &[u32]| {
        let mut bits = datadeal::model::bitstring::Bitstring::default();
        set.iter().for_each(|place| assert!(bits.set(*place)));
        bits.encode().unwrap()
    };
    let list_of = |purpose: &str, set: &[u32]| {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "id": address, "issuer": ISSUER, "validFrom": "2026-11-25T08:00:00Z", "validUntil": "2026-11-26T08:00:00Z",
            "credentialSubject": {"type": "BitstringStatusList", "statusPurpose": purpose, "encodedList": bits(set)},
        })
    };
    let place = |purpose: &str, index: &str| with(model(), "/credentialStatus", entry(purpose, index));
    let ask =
        |credential: &Value, list: &Value| status(&issuer, credential, "VcJwt", &issuer.jwt("vc+jwt", list), AT - 60);
    let revocation = place("revocation", "94567");
    assert_eq!(ask(&revocation, &list_of("revocation", &[1])), None);
    assert_eq!(ask(&revocation, &list_of("revocation", &[94567])), Some(Against::Revoked));
    assert_eq!(ask(&place("suspension", "7"), &list_of("suspension", &[7])), Some(Against::Suspended));
    // unknown: another purpose, a place beyond the end, a list of another, a stale one, one signed by somebody else
    assert_eq!(ask(&revocation, &list_of("suspension", &[])), Some(Against::Unknown));
    assert_eq!(ask(&place("revocation", "99999999"), &list_of("revocation", &[])), Some(Against::Unknown));
    assert_eq!(ask(&place("message", "1"), &list_of("message", &[])), Some(Against::Unknown));
    assert_eq!(
        ask(&revocation, &with(list_of("revocation", &[]), "/issuer", json!("https://other.example"))),
        Some(Against::Unknown)
    );
    assert_eq!(
        ask(&revocation, &with(list_of("revocation", &[]), "/id", json!("https://other.example"))),
        Some(Against::Unknown)
    );
    assert_eq!(ask(&revocation, &with(list_of("revocation", &[]), "/validUntil", json!(NOW))), Some(Against::Unknown));
    assert_eq!(
        ask(&revocation, &with(list_of("revocation", &[]), "/validFrom", json!("2026-11-25T09:00:01Z"))),
        Some(Against::Unknown)
    );
    let text = issuer.jwt("vc+jwt", &list_of("revocation", &[]));
    assert_eq!(status(&issuer, &revocation, "VcJwt", &text, AT - 3600), Some(Against::Unknown), "an hour old");
    let foreign = Issuer::ed25519(3).jwt("vc+jwt", &list_of("revocation", &[]));
    assert_eq!(status(&issuer, &revocation, "VcJwt", &foreign, AT - 60), Some(Against::Unknown));
    for broken in ["", "<html>", "{}", "a.b.c"] {
        assert_eq!(status(&issuer, &revocation, "VcJwt", broken, AT - 60), Some(Against::Unknown), "{broken}");
    }
    // of two places the worst counts
    let two = with(model(), "/credentialStatus", json!([entry("suspension", "7"), entry("revocation", "7")]));
    assert_eq!(ask(&two, &list_of("revocation", &[7])), Some(Against::Revoked));
}

/// S-155: IETF Token Status List, with one to eight bits for each place.
#[test]
fn token_status_lists_are_asked() {
    let issuer = Issuer::ed25519(1);
    let address = "https://accreditation.example/statuslists/1";
    let list_of = |width: u8, bytes: &[u8]| {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
        zlib.write_all(bytes).unwrap();
        let packed = base64(zlib.finish().unwrap());
        let payload = json!({"sub": address, "iat": AT - 60, "exp": AT + 600, "ttl": 600, "status_list": {"bits": width, "lst": packed}});
        issuer.jwt("statuslist+jwt", &payload)
    };
    let ask = |index: u64, text: &str| {
        let credential = with(flat(), "/status", json!({"status_list": {"idx": index, "uri": address}}));
        status(&issuer, &credential, "SdJwtVc", text, AT - 60)
    };
    // the vector of the specification: 1,0,0,1,1,1,0,1 and so on, one bit each
    let bits = list_of(1, &[0xb9, 0xa3]);
    let found: Vec<_> = (0..16).map(|i| u8::from(ask(i, &bits) == Some(Against::Revoked))).collect();
    assert_eq!(found, [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    let twos = list_of(2, &[0b11_10_01_00]);
    assert_eq!(
        [0, 1, 2, 3, 4].map(|i| ask(i, &twos)),
        [None, Some(Against::Revoked), Some(Against::Suspended), Some(Against::Unknown), Some(Against::Unknown)]
    );
    assert_eq!(ask(1, &list_of(8, &[0, 2])), Some(Against::Suspended));
    assert_eq!(ask(0, &list_of(3, &[0])), Some(Against::Unknown));
    let other = list_of(1, &[0]).replace('.', "..");
    assert_eq!(ask(0, &other), Some(Against::Unknown));
    // a form of status that is not read here
    let unread = with(flat(), "/status", json!({"status_attestation": {}}));
    assert_eq!(status(&issuer, &unread, "SdJwtVc", &bits, AT - 60), Some(Against::Unknown));
}

/// S-150 to S-154: what an issuer and a wallet made with `jose` counts, with either algorithm.
#[test]
fn credentials_of_others_count() {
    if !ready() {
        return;
    }
    let made = interop(&["credentials", &AT.to_string(), PORTAL]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let issued: Value = serde_json::from_slice(&made.stdout).unwrap();
    for (alg, by) in issued.as_object().unwrap() {
        let coordinate = |name: &str| -> [u8; 32] {
            let text = by["jwk"][name].as_str().unwrap();
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text).unwrap().try_into().unwrap()
        };
        let mut list = list(&Issuer::P256);
        list.trusted[0].key = match alg.as_str() {
            "EdDSA" => datadeal::model::DidKey::new(coordinate("x")).into(),
            _ => datadeal::model::IssuerKey::p256(coordinate("x"), coordinate("y")),
        };
        list.trusted[0].issuer = by["iss"].as_str().map(|iss| iss.parse().unwrap());
        let text = |form: &str| by[form].as_str().unwrap();
        for (form, text) in [("VcJwt", text("vcJwt")), ("SdJwtVc", text("sdJwt"))] {
            let exhibit = kept(form, text).unwrap();
            assert_eq!(counted(&exhibit, &list, None), (vec!["category".to_owned()], vec![]), "{alg} {form}");
            list.trusted[0].issuer = None;
            assert_eq!(reason(form, text, &list), "issuer", "{alg} {form}");
            list.trusted[0].issuer = by["iss"].as_str().map(|iss| iss.parse().unwrap());
        }
        // with another key in the name of the issuer
        list.trusted[0].key = Issuer::ed25519(9).key();
        assert_eq!(reason("VcJwt", text("vcJwt"), &list), "signature");
    }
}
