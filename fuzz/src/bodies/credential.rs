//! Credentials in the forms of others: the compact text of a VC-JWT or an SD-JWT VC, with its key binding. Whoever has not the issuer's key
//! makes none that counts, and whoever has one discloses no more than it says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use datadeal::evidence::{Exhibit, ForeignCredential, Measure, count};
use datadeal::model::record::TrustList;
use datadeal::model::{Document, OrgId, json};
use serde_json::{Value, json};

use super::facts::{NOW, schema};
use super::seeds::{BUNDLES, vectors};

/// A compact text; one with tildes is an SD-JWT.
pub fn credential(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let form = if text.contains('~') { "SdJwtVc" } else { "VcJwt" };
    let document = Document::of(&json!({"type": form, "compact": text})).expect("a text is of the profile");
    let now = NOW.parse().expect("a time");
    let Ok(kept) = ForeignCredential::handed_in(document, "portal.example/log", now) else { return false };
    assert!(
        ForeignCredential::handed_in(kept.clone(), "other.example/log", now).is_ok_and(|k| k == kept)
            || text.contains('~')
    );
    let Ok(exhibit) = Exhibit::read(kept.clone()) else { return false };
    assert_eq!(exhibit.digest(), kept.digest());
    let known = known();
    let against = BTreeMap::new();
    let measure = Measure {
        schema: schema(),
        trust_list: Some(&known.list),
        organisation: &known.organisation,
        now: exhibit.from(),
        against: &against,
    };
    let counted = count(&measure, [&exhibit]);
    let stated: BTreeSet<&str> = exhibit.statements(schema()).iter().map(|s| s.fact).collect();
    let told = counted.verified.keys().chain(counted.uncounted.iter().map(|u| &u.fact));
    assert_eq!(told.map(String::as_str).collect::<BTreeSet<_>>(), stated, "each fact counts or says why not");
    if !counted.verified.is_empty() {
        let token = text.split('~').next().unwrap_or_default();
        assert!(known.tokens.contains(token), "a credential counts that nobody issued");
        assert!(counted.verified.iter().all(|(fact, v)| fact == "category" && v.value == "university"));
    }
    true
}

/// The issuers of the vectors, and what they signed.
struct Known {
    list: TrustList,
    organisation: OrgId,
    tokens: BTreeSet<String>,
}

/// The vector with evidence in the forms of others: what is set in it.
fn vector() -> Value {
    let found = vectors(BUNDLES, "bundle").into_iter().find(|v| v["set"]["/evidence/0"]["compact"].is_string());
    found.expect("a vector with credentials")["set"].take()
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let set = vector();
        let list = set["/trustList"]["credentialSubject"].clone();
        let token =
            |text: Vec<u8>| String::from_utf8(text).expect("ASCII").split('~').next().unwrap_or_default().to_owned();
        Known {
            list: json::from_value(list, "trust list").expect("a trust list"),
            organisation: "NL.KVK:69599084".parse().expect("an organisation"),
            tokens: credentials().into_iter().map(token).collect(),
        }
    })
}

/// The credentials of the vectors.
pub(super) fn credentials() -> Vec<Vec<u8>> {
    let set = vector();
    let of = |place: usize| set[format!("/evidence/{place}")]["compact"].as_str().map(|text| text.as_bytes().to_vec());
    (0..3).filter_map(of).collect()
}
