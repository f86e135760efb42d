//! Proof of possession: a key statement carries the new key's own signature, so nobody can state a key that it does not have.

use serde_json::Value;

use super::{SigningKey, verify};
use crate::model::record::KeyStatement;
use crate::model::{JsonError, json};

/// What is signed: the canonical bytes of the statement's subject without its `possession` member (SPEC S-70).
fn message(statement: &KeyStatement) -> Result<Vec<u8>, JsonError> {
    let mut subject = json::to_value(statement, "key statement")?;
    if let Value::Object(map) = &mut subject {
        map.remove("possession");
    }
    Ok(json::canonical(&subject))
}

/// The proof, in base58btc (`z...`).
///
/// # Errors
/// Never for our own statements.
pub fn prove(key: &SigningKey, statement: &KeyStatement) -> Result<String, JsonError> {
    Ok(format!("z{}", bs58::encode(key.sign(&message(statement)?)).into_string()))
}

/// True if the statement's key signed the statement.
#[must_use]
pub fn holds(statement: &KeyStatement) -> bool {
    let signature =
        statement.possession.strip_prefix('z').filter(|t| t.len() <= 128).and_then(|t| bs58::decode(t).into_vec().ok());
    let signature: Option<[u8; 64]> = signature.and_then(|s| s.try_into().ok());
    match (signature, message(statement)) {
        (Some(signature), Ok(message)) => verify(&statement.key, &message, &signature).is_ok(),
        _ => false,
    }
}
