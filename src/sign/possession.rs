//! Proof of possession: a key statement carries the new key's own signature, so nobody can state a key that it does not have.

use serde_json::Value;

use super::{SigningKey, verify};
use crate::model::record::KeyStatement;
use crate::model::{JsonError, json};

/// What is signed: the canonical bytes of the statement's subject without its `possession` member (SPEC S-70).
fn message(subject: &Value) -> Option<Vec<u8>> {
    subject.as_object().map(|map| json::canonical_without(map, "possession"))
}

/// The proof, in base58btc (`z...`).
///
/// # Errors
/// Never for our own statements.
pub fn prove(key: &SigningKey, statement: &KeyStatement) -> Result<String, JsonError> {
    let subject = json::to_value(statement, "key statement")?;
    Ok(format!("z{}", bs58::encode(key.sign(&message(&subject).unwrap_or_default())).into_string()))
}

/// True if the statement's key signed the statement. The subject is taken as it stands in the record, so that members which this
/// program would not write are signed too.
#[must_use]
pub fn holds(statement: &KeyStatement, subject: &Value) -> bool {
    let signature =
        statement.possession.strip_prefix('z').filter(|t| t.len() <= 128).and_then(|t| bs58::decode(t).into_vec().ok());
    let signature: Option<[u8; 64]> = signature.and_then(|s| s.try_into().ok());
    match (signature, message(subject)) {
        (Some(signature), Some(message)) => verify(&statement.key, &message, &signature).is_ok(),
        _ => false,
    }
}
