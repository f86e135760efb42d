//! Proof of possession: a key statement carries the new key's own signature, so nobody can state a key that it does not have.

use serde_json::Value;

use super::proof::{signature, spelled};
use super::{SigningKey, verify};
use crate::model::record::KeyStatement;
use crate::model::{JsonError, json};

/// What is signed: the canonical bytes of the statement's subject without its `possession` member (SPEC S-70).
fn message(subject: &Value) -> Option<Vec<u8>> {
    let mut subject = subject.as_object()?.clone();
    subject.remove("possession");
    Some(json::canonical(&Value::Object(subject)))
}

/// The proof, in base58btc (`z...`).
///
/// # Errors
/// Never for our own statements.
pub fn prove(key: &SigningKey, statement: &KeyStatement) -> Result<String, JsonError> {
    let subject = json::to_value(statement, "key statement")?;
    Ok(spelled(&key.sign(&message(&subject).unwrap_or_default())))
}

/// True if the statement's key signed the statement. The subject is taken as it stands in the record, so that members which this
/// program would not write are signed too.
#[must_use]
pub fn holds(statement: &KeyStatement, subject: &Value) -> bool {
    match (signature(&statement.possession), message(subject)) {
        (Some(signature), Some(message)) => verify(&statement.key, &message, &signature).is_ok(),
        _ => false,
    }
}
