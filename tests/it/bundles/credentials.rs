//! A bundle whose evidence is in the forms of others: an SD-JWT with key binding that counts, and credentials that do not.

use std::collections::BTreeSet;

use datadeal::model::record::{EvidenceKind, Trusted};
use serde_json::{Value, json};

use super::{Made, Maker};
use crate::story::{NOW, World};
use crate::support::forge::Forge;
use crate::support::issuer::{Issuer, claim, hash};

const ISSUER: &str = "https://accreditation.example";
const INPUT: &str = "/input/verified/category";

/// A portal that trusts somebody who issues credentials in the forms of others.
pub(crate) fn world() -> World {
    let world = World::new();
    let operator = world.actor("operator");
    let trusted = |issuer: &Issuer, name: Option<&str>| Trusted {
        key: issuer.key(),
        issuer: name.map(|n| n.parse().unwrap()),
        organisation: "NL.OIN:00000099000000001000".parse().unwrap(),
        name: "Accreditation office (example)".to_owned(),
        facts: BTreeSet::from(["category".to_owned(), "kvkNumber".to_owned()]),
        kinds: BTreeSet::from([EvidenceKind::Credential]),
        from: NOW.parse().unwrap(),
        until: None,
    };
    world.engine.trust_add(&operator, trusted(&Issuer::P256, Some(ISSUER))).unwrap();
    world.engine.trust_add(&operator, trusted(&Issuer::ed25519(1), None)).unwrap();
    world.engine.trust_publish(&operator).unwrap();
    world
}

/// An SD-JWT with what it discloses, bound to a key that is shown.
pub(crate) fn bound(world: &World) -> Value {
    let (holder, at) = (Issuer::ed25519(9), world.engine.now().unix());
    let category = claim("category", json!("university"));
    let payload = json!({
        "iss": ISSUER, "vct": "https://accreditation.example/types/1", "iat": at - 60, "exp": at + 800 * 86_400,
        "organisation": "NL.KVK:69599084", "kvkNumber": "68750110x", "cnf": {"jwk": holder.jwk()},
        "_sd": [hash(&category), hash("hidden")], "_sd_alg": "sha-256",
    });
    let text = holder.bind(&Issuer::P256.sd_jwt(&payload, &[category]), "portal.example/log", at);
    json!({"type": "SdJwtVc", "compact": text})
}

/// A VC-JWT, of an issuer that is known by its key alone.
pub(crate) fn vc_jwt(issuer: &Issuer, organisation: &str, until: &str) -> Value {
    let payload = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "issuer": issuer.key().to_string(),
        "validUntil": until, "credentialSubject": {"organisation": organisation, "category": "university"},
    });
    json!({"type": "VcJwt", "compact": issuer.jwt("vc+jwt", &payload)})
}

pub(super) fn add(m: &mut Maker) {
    let world = world();
    let engine = &world.engine;
    let researcher = world.actor("researcher");
    engine.add_evidence(&researcher, &bound(&world)).unwrap().wait().unwrap();
    for document in [
        vc_jwt(&Issuer::ed25519(1), "NL.KVK:69599084", "2026-11-25T09:00:00Z"),
        vc_jwt(&Issuer::ed25519(4), "NL.KVK:69599084", "2029-01-01T00:00:00Z"),
    ] {
        engine.add_evidence(&researcher, &document).unwrap().wait().unwrap();
    }
    let bundle = serde_json::to_value(world.bundle(&world.deal())).unwrap();
    assert_eq!(bundle["evidence"].as_array().unwrap().len(), 3);
    assert_eq!(bundle.pointer(INPUT).unwrap()["issuer"], "NL.OIN:00000099000000001000");
    let log = engine.log_key().unwrap();
    let mut push = |name, must: Option<&'static str>, bundle| {
        m.made.push(Made { name, must, bundle, log: log.clone(), witnesses: Vec::new(), quorum: 0 });
    };
    push("evidence in the forms of others", None, bundle.clone());
    // everything signed and logged anew but the credential, whose issuer's key nobody else has
    let counting = bundle.pointer(INPUT).unwrap()["evidence"].as_str().unwrap();
    let digest = |e: &Value| datadeal::model::Digest::of_document(e).to_string();
    let place = bundle["evidence"].as_array().unwrap().iter().position(|e| digest(e) == counting).unwrap();
    let mut forged = |name, change: &dyn Fn(&mut Forge, &str)| {
        let mut forge = Forge::new(&world, bundle.clone());
        change(&mut forge, &format!("/evidence/{place}"));
        forge.settle();
        push(name, Some("S-102"), forge.bundle);
    };
    forged("credential with one letter more", &|f, at| {
        let text = f.bundle.pointer(&format!("{at}/compact")).unwrap().as_str().unwrap().replacen("~", "A~", 1);
        f.set(&format!("{at}/compact"), text);
    });
    forged("credential handed in much later", &|f, at| f.set(&format!("{at}/presented/at"), "2026-11-25T10:00:00Z"));
    forged("credential for another portal", &|f, at| f.set(&format!("{at}/presented/audience"), "other.example/log"));
    forged("credential without its key binding", &|f, at| {
        let text = f.bundle.pointer(&format!("{at}/compact")).unwrap().as_str().unwrap();
        let text = text.rsplit_once('~').unwrap().0.to_owned() + "~";
        f.set(&format!("{at}/compact"), text);
        f.remove(&format!("{at}/presented"));
    });
    forged("more than a credential says", &|f, _| f.set(&format!("{INPUT}/until"), "2030-01-01T00:00:00Z"));
}
