//! Proofs on records: W3C Data Integrity, cryptosuite `eddsa-jcs-2022` (vc-di-eddsa section 3.3; SPEC section 3).
//!
//! One proof per document and no more: a record with two signers is two records, because verifiers in the field accept a
//! list of proofs as soon as one of them holds. Stricter than the suite where it leaves something unsigned: no member of a
//! proof that is not named here, no `@context` beyond the signed one.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{SignatureError, SigningKey};
use crate::model::{DidKey, Digest, Document, JsonError, Time, json};

/// The members of a proof, all signed but the last (SPEC S-22).
const MEMBERS: [&str; 7] =
    ["@context", "created", "cryptosuite", "proofPurpose", "type", "verificationMethod", "proofValue"];

/// Why a document's proof does not hold. Closed: each variant names the MUST that is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum ProofError {
    /// Another `@context` in the proof than in the document.
    #[error("the `@context` of the proof is not that of the document")]
    #[diagnostic(code(proof::context), help("something was added to the document's `@context` after signing"))]
    Context,
    /// `created` is not a time of the profile.
    #[error("`created` is not a time like `2026-11-25T09:30:00Z`")]
    #[diagnostic(code(proof::created))]
    Created,
    /// The key could sign for anything.
    #[error("the public key of the proof is not a sound Ed25519 key")]
    #[diagnostic(code(proof::key), help("no honest signer has such a key"))]
    Key,
    /// A member of the proof that is missing, no text, or unknown.
    #[error("`{name}` in the proof: {why}")]
    #[diagnostic(
        code(proof::member),
        help("a proof has @context, created, cryptosuite, proofPurpose, proofValue, type, verificationMethod")
    )]
    Member {
        /// The member.
        name: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// `verificationMethod` is no `did:key` that names itself twice.
    #[error("`verificationMethod` is not like `did:key:z6Mk...#z6Mk...`")]
    #[diagnostic(code(proof::method))]
    Method,
    /// No proof, several, or no object around it.
    #[error("a record has exactly one proof: {0}")]
    #[diagnostic(code(proof::one), help("a record that two parties sign is two records, each with one proof"))]
    One(&'static str),
    /// The document is outside the record profile, so its canonical bytes are not agreed on.
    #[error("the document is outside the record profile: {0}")]
    #[diagnostic(code(proof::profile), help("see SPEC.md section 2"))]
    Profile(#[from] JsonError),
    /// `proofPurpose` is another.
    #[error("`proofPurpose` is not `assertionMethod`")]
    #[diagnostic(code(proof::purpose), help("the signer did not mean this as a statement"))]
    Purpose,
    /// The signature does not match.
    #[error("the signature does not match the document")]
    #[diagnostic(code(proof::signature), help("the document or its proof was altered after signing: do not use it"))]
    Signature,
    /// Another suite.
    #[error("the proof is not a `DataIntegrityProof` of the suite `eddsa-jcs-2022`")]
    #[diagnostic(code(proof::suite))]
    Suite,
    /// `proofValue` is not 64 bytes.
    #[error("`proofValue` is not `z` and 64 bytes in base58btc")]
    #[diagnostic(code(proof::value))]
    Value,
}

impl ProofError {
    /// The MUST of SPEC.md section 3 that is broken.
    #[must_use]
    pub fn must(&self) -> &'static str {
        match self {
            ProofError::One(_) => "S-20",
            ProofError::Suite => "S-21",
            ProofError::Member { .. } => "S-22",
            ProofError::Purpose => "S-23",
            ProofError::Method => "S-24",
            ProofError::Created => "S-25",
            ProofError::Context => "S-26",
            ProofError::Value => "S-27",
            ProofError::Signature => "S-28",
            ProofError::Key => "S-29",
            ProofError::Profile(_) => "S-30",
        }
    }
}

/// Who signed a document and when, as the proof says. Whether that key may speak for the document's issuer is another
/// question, and the time is the signer's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The key that signed.
    pub key: DidKey,
    /// When, by the signer's clock.
    pub created: Time,
}

/// Adds the proof to a document (vc-di-eddsa section 3.3.1, "Create Proof").
///
/// # Errors
/// [`ProofError::One`] if it has one already or is no object, [`ProofError::Profile`] if nobody could verify it.
pub fn sign<T: Serialize + ?Sized>(document: &T, key: &SigningKey, created: Time) -> Result<Document, ProofError> {
    let document = Document::of(document)?;
    if document.bytes().first() != Some(&b'{') {
        return Err(ProofError::One("the document is no object"));
    }
    if document.member("proof").is_some() {
        return Err(ProofError::One("it is signed already"));
    }
    let context = document.member("@context").map(serde_json::from_slice::<&RawValue>).transpose();
    let context = context.map_err(|e| JsonError::Shape { what: "@context", why: e.to_string() })?;
    let mut proof = Members {
        context,
        created: created.to_string().into(),
        cryptosuite: "eddsa-jcs-2022".into(),
        proof_purpose: "assertionMethod".into(),
        kind: "DataIntegrityProof".into(),
        verification_method: key.public().verification_method().into(),
        proof_value: None,
    };
    let unsigned_proof = Digest::of(&json::bytes(&proof, "proof")?);
    let signature = key.sign(&hash_data(unsigned_proof, document.digest()));
    proof.proof_value = Some(spelled(&signature).into());
    Ok(document.with("proof", &proof)?)
}

/// Verifies the one proof of a document that may be any (vc-di-eddsa section 3.3.2, "Verify Proof").
///
/// # Errors
/// [`ProofError::Profile`] if it has no canonical bytes, and as [`verify_document`].
pub fn verify(document: &Value) -> Result<Verified, ProofError> {
    verify_document(&Document::of(document)?)
}

/// Verifies the one proof of a document.
///
/// # Errors
/// The first MUST of SPEC.md section 3 that the document breaks.
pub fn verify_document(document: &Document) -> Result<Verified, ProofError> {
    let bytes = match document.member("proof") {
        Some(bytes) => bytes,
        None if document.bytes().first() == Some(&b'{') => return Err(ProofError::One("there is none")),
        None => return Err(ProofError::One("the document is no object")),
    };
    let proof = serde_json::from_slice::<Members<'_>>(bytes).map_err(|_| misshapen(bytes))?;
    let value = proof.proof_value.ok_or_else(|| misshapen(bytes))?;
    if (&*proof.kind, &*proof.cryptosuite) != ("DataIntegrityProof", "eddsa-jcs-2022") {
        return Err(ProofError::Suite);
    }
    if proof.proof_purpose != "assertionMethod" {
        return Err(ProofError::Purpose);
    }
    let key = DidKey::of_method(&proof.verification_method).ok_or(ProofError::Method)?;
    let created = proof.created.parse().map_err(|_| ProofError::Created)?;
    // the suite lets the document's list go on after the proof's; what follows there nobody has signed
    if proof.context.is_some_and(|context| document.member("@context") != Some(context.get().as_bytes())) {
        return Err(ProofError::Context);
    }
    let signature = signature(&value).ok_or(ProofError::Value)?;
    let unsigned_proof = document.inner_digest_without("proof", "proofValue").ok_or(ProofError::Value)?;
    match super::verify(&key, &hash_data(unsigned_proof, document.digest_without("proof")), &signature) {
        Ok(()) => Ok(Verified { key, created }),
        Err(SignatureError::Key) => Err(ProofError::Key),
        Err(SignatureError::Signature) => Err(ProofError::Signature),
    }
}

/// A proof's members, each once and no others.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Members<'a> {
    #[serde(borrow, default, rename = "@context", skip_serializing_if = "Option::is_none")]
    context: Option<&'a RawValue>,
    #[serde(borrow)]
    created: Cow<'a, str>,
    #[serde(borrow)]
    cryptosuite: Cow<'a, str>,
    #[serde(borrow)]
    proof_purpose: Cow<'a, str>,
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    verification_method: Cow<'a, str>,
    /// None until it is signed.
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    proof_value: Option<Cow<'a, str>>,
}

/// Why a proof does not have its [`Members`].
fn misshapen(bytes: &[u8]) -> ProofError {
    let proof = match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(proof)) => proof,
        Ok(Value::Array(_)) => return ProofError::One("a list of proofs is refused, whatever it holds"),
        _ => return ProofError::One("`proof` is no object"),
    };
    if let Some(name) = proof.keys().find(|name| !MEMBERS.contains(&name.as_str())) {
        return ProofError::Member { name: name.clone(), why: "is not known, so it cannot be relied on" };
    }
    let text = |name: &&str| !matches!(proof.get(*name), Some(Value::String(_)));
    let name = MEMBERS.into_iter().skip(1).find(text).unwrap_or("proof");
    let why = if proof.contains_key(name) { "is not text" } else { "is missing" };
    ProofError::Member { name: name.to_owned(), why }
}

/// SHA-256(canonical proof without `proofValue`) || SHA-256(canonical document without `proof`) (vc-di-eddsa sections
/// 3.3.3 and 3.3.4; SPEC S-28).
fn hash_data(proof: Digest, document: Digest) -> [u8; 64] {
    let mut out = [0; 64];
    for (to, half) in out.as_chunks_mut::<32>().0.iter_mut().zip([proof, document]) {
        *to = *half.as_bytes();
    }
    out
}

/// A signature in base58btc.
pub(super) fn spelled(signature: &[u8; 64]) -> String {
    let mut digits = [0; 88];
    let len = five8::encode_64(signature, &mut digits);
    // digits are ASCII
    let digits = digits.get(..usize::from(len)).and_then(|digits| std::str::from_utf8(digits).ok());
    format!("z{}", digits.unwrap_or_default())
}

/// `z` and 64 bytes in base58btc.
pub(super) fn signature(text: &str) -> Option<[u8; 64]> {
    let mut bytes = [0; 64];
    five8::decode_64(text.strip_prefix('z')?, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Map, json};

    proptest! {
        /// S-27: a signature has one spelling, whatever it begins with, and is read back.
        #[test]
        fn a_signature_is_spelled_in_base58btc(zeros in 0..3_usize, bytes in prop::array::uniform32(any::<u8>())) {
            let mut signature = [7; 64];
            signature[..32].copy_from_slice(&bytes);
            signature[..zeros].fill(0);
            prop_assert_eq!(spelled(&signature), format!("z{}", bs58::encode(signature).into_string()));
            prop_assert_eq!(super::signature(&spelled(&signature)), Some(signature));
        }
    }

    fn key() -> SigningKey {
        SigningKey::from_seed([7; 32])
    }

    fn at() -> Time {
        "2026-11-25T09:30:00Z".parse().unwrap()
    }

    fn signed() -> Value {
        let document = json!({"@context": ["https://www.w3.org/ns/credentials/v2", {"@vocab": "https://example.org/"}],
            "id": "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7081", "credentialSubject": {"terms": "é", "cents": 12}});
        sign(&document, &key(), at()).unwrap().value()
    }

    /// S-28: the official vector of vc-di-eddsa ("eddsa-jcs-2022", appendix B): both hashes, the signature, the proof.
    #[test]
    fn the_official_vector_comes_out_the_same() {
        let text = include_str!("../../tests/vectors/eddsa-jcs-2022.json");
        let official = json::parse(text.as_bytes(), json::MAX_BYTES).unwrap();
        let (secret, document) = (official["secretKeyMultibase"].as_str().unwrap(), official["document"].clone());
        let secret = bs58::decode(secret.strip_prefix('z').unwrap()).into_vec().unwrap();
        assert_eq!(secret[..2], [0x80, 0x26]);
        let key = SigningKey::from_seed(secret[2..].try_into().unwrap());

        let map = document.as_object().unwrap();
        let unsigned = Document::of(&document).unwrap().digest_without("proof");
        let proof = Document::of(&map["proof"]).unwrap().digest_without("proofValue");
        let hashes: String = hash_data(proof, unsigned).iter().map(|b| format!("{b:02x}")).collect();
        let expected =
            format!("{}{}", official["proofConfigHash"].as_str().unwrap(), official["documentHash"].as_str().unwrap());
        assert_eq!(hashes, expected);

        let created = "2023-02-24T23:36:38Z".parse().unwrap();
        assert_eq!(verify(&document), Ok(Verified { key: key.public(), created }));
        let mut bare = document.clone();
        bare.as_object_mut().unwrap().remove("proof");
        let again = sign(&bare, &key, created).unwrap().value();
        assert_eq!(again, document);
        let value = signature(again["proof"]["proofValue"].as_str().unwrap()).unwrap();
        let value: String = value.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(value, official["signature"].as_str().unwrap());
    }

    /// S-20 to S-30: one change to a good document, and the MUST that it breaks.
    #[test]
    fn each_wrong_proof_names_its_must() {
        assert_eq!(verify(&signed()), Ok(Verified { key: key().public(), created: at() }));
        let must = |change: fn(&mut Map<String, Value>)| {
            let mut document = signed();
            change(document.as_object_mut().unwrap());
            verify(&document).unwrap_err().must()
        };
        fn put(d: &mut Map<String, Value>, name: &str, value: Value) {
            d["proof"][name] = value;
        }
        assert_eq!(must(|d| _ = d.remove("proof")), "S-20");
        assert_eq!(must(|d| d["proof"] = json!([d["proof"].clone()])), "S-20");
        assert_eq!(must(|d| d["proof"] = json!("x")), "S-20");
        assert_eq!(verify(&json!([])).unwrap_err().must(), "S-20");
        assert_eq!(must(|d| put(d, "type", json!("Ed25519Signature2020"))), "S-21");
        assert_eq!(must(|d| put(d, "cryptosuite", json!("eddsa-rdfc-2022"))), "S-21");
        for unknown in ["id", "expires", "domain", "challenge", "nonce", "previousProof"] {
            let mut document = signed();
            put(document.as_object_mut().unwrap(), unknown, json!("x"));
            assert_eq!(verify(&document).unwrap_err().must(), "S-22", "{unknown}");
        }
        for member in MEMBERS.iter().skip(1) {
            let mut document = signed();
            document["proof"].as_object_mut().unwrap().remove(*member);
            assert_eq!(verify(&document).unwrap_err().must(), "S-22", "{member}");
            document["proof"][member] = json!(1);
            assert_eq!(verify(&document).unwrap_err().must(), "S-22", "{member}");
        }
        assert_eq!(must(|d| put(d, "proofPurpose", json!("authentication"))), "S-23");
        assert_eq!(must(|d| put(d, "verificationMethod", json!("did:web:example.org#key"))), "S-24");
        assert_eq!(must(|d| put(d, "verificationMethod", key().public().to_string().into())), "S-24");
        assert_eq!(must(|d| put(d, "verificationMethod", format!("{}#0", key().public()).into())), "S-24");
        assert_eq!(must(|d| put(d, "created", json!("2026-11-25T09:30:00.0Z"))), "S-25");
        assert_eq!(must(|d| d["@context"].as_array_mut().unwrap().push(json!("https://example.org/more"))), "S-26");
        assert_eq!(must(|d| _ = d.remove("@context")), "S-26");
        assert_eq!(must(|d| put(d, "proofValue", json!("z"))), "S-27");
        assert_eq!(must(|d| put(d, "proofValue", format!("z{}", "1".repeat(65)).into())), "S-27");
        assert_eq!(must(|d| put(d, "proofValue", json!("u0OIl"))), "S-27");
        assert_eq!(must(|d| put(d, "proofValue", format!("z{}", "1".repeat(64)).into())), "S-28");
        assert_eq!(must(|d| put(d, "created", json!("2026-11-25T09:30:01Z"))), "S-28");
        assert_eq!(must(|d| _ = d["proof"].as_object_mut().unwrap().remove("@context")), "S-28");
        assert_eq!(must(|d| d["credentialSubject"]["cents"] = json!(13)), "S-28");
        assert_eq!(must(|d| _ = d.insert("extra".into(), json!("x"))), "S-28");
        let weak = DidKey::new([0; 32]).verification_method();
        let mut document = signed();
        document["proof"]["verificationMethod"] = weak.into();
        assert_eq!(verify(&document).unwrap_err().must(), "S-29");
        for outside in [json!(null), json!(1.5), json!(1u64 << 53), json!({"é": 1})] {
            let mut document = signed();
            document["outside"] = outside.clone();
            assert_eq!(verify(&document).unwrap_err().must(), "S-30");
            assert_eq!(sign(&json!({"outside": outside}), &key(), at()).unwrap_err().must(), "S-30");
        }
        let deep = (0..32).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(sign(&json!({"deep": deep}), &key(), at()).unwrap_err().must(), "S-30");
    }

    /// S-20: what is signed is not signed again.
    #[test]
    fn signs_once() {
        assert_eq!(sign(&signed(), &key(), at()).unwrap_err().must(), "S-20");
        assert_eq!(sign(&json!([1]), &key(), at()).unwrap_err().must(), "S-20");
    }

    proptest! {
        /// S-28: any change of one character of the canonical text is noticed.
        #[test]
        fn one_changed_character_never_verifies(at_index: prop::sample::Index, byte in 0x20u8..0x7f) {
            let mut bytes = json::canonical(&signed());
            let i = at_index.index(bytes.len());
            prop_assume!(bytes[i] != byte);
            bytes[i] = byte;
            if let Ok(document) = json::parse(&bytes, json::MAX_BYTES) {
                prop_assert!(verify(&document).is_err());
            }
        }

        /// No proof makes the verifier panic.
        #[test]
        fn foreign_proofs_are_refused(member in 0usize..7, text in "(did:key:z|z)?[1-9A-Za-z#]{0,90}") {
            let mut document = signed();
            document["proof"][MEMBERS[member]] = text.into();
            prop_assert!(verify(&document).is_err());
        }
    }
}
