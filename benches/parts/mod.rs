//! The bare operations of outside crates that no implementation can avoid: what the budgets are measured against.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression as E, Schema, ValidationMode, Validator,
};
use datadeal::model::input::DecisionInput;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::Value;
use sha2::Digest as _;

/// A question's Cedar parts, built from the same values as ours, with the schema.
pub(crate) struct Cedar {
    schema: Schema,
    policies: PolicySet,
    ancestors: HashMap<String, Vec<String>>,
}

fn uid(ty: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(ty).unwrap(), EntityId::new(id))
}

/// A fact's value, by what the JSON looks like: enough for the facts of the benches.
fn expression(name: &str, value: &Value) -> E {
    let instant = |s: &str| s.len() == 20 && s.ends_with('Z');
    match (name, value) {
        ("category", Value::String(s)) => E::new_entity_uid(uid("Category", s)),
        ("country", Value::String(s)) => E::new_entity_uid(uid("Country", s)),
        ("processingCountries", Value::Array(v)) => {
            E::new_set(v.iter().map(|c| E::new_entity_uid(uid("Country", c.as_str().unwrap()))))
        }
        ("scheme", Value::String(s)) => E::new_entity_uid(uid("CertificateScheme", s)),
        (_, Value::String(s)) if instant(s) => E::new_datetime(s),
        (_, Value::String(s)) => E::new_string(s.clone()),
        (_, Value::Bool(b)) => E::new_bool(*b),
        (_, Value::Number(n)) => E::new_long(n.as_i64().unwrap()),
        (_, Value::Array(v)) => E::new_set(v.iter().map(|x| expression("", x))),
        (_, Value::Object(m)) => E::new_record(m.iter().map(|(k, v)| (k.clone(), expression(k, v)))).unwrap(),
        (_, Value::Null) => unreachable!("facts hold no null"),
    }
}

impl Cedar {
    /// From the texts that ours uses.
    pub(crate) fn new(schema: &str, policies: &str) -> Self {
        let (schema, _) = Schema::from_cedarschema_str(schema).unwrap();
        let research = ["dpv:ScientificResearch", "dpv:ResearchAndDevelopment"].map(str::to_owned).to_vec();
        let ancestors = HashMap::from([("dpv:ScientificResearch".to_owned(), research)]);
        Cedar { schema, policies: policies.parse().unwrap(), ancestors }
    }

    /// Strict validation, which conditions must pass before they may decide.
    pub(crate) fn validate(&self) {
        let validator = Validator::new(self.schema.clone());
        assert!(validator.validate(&self.policies, ValidationMode::Strict).validation_passed());
    }

    /// Entities, Context and Request built with the schema, then bare `is_authorized`.
    pub(crate) fn decide(&self, input: &DecisionInput) -> Decision {
        let record = |m: Vec<(String, E)>| E::new_record(m).unwrap();
        let declared = record(input.declared.iter().map(|(k, v)| (k.clone(), expression(k, v))).collect());
        let verified = record(input.verified.iter().map(|(k, v)| (k.clone(), expression(k, &v.value))).collect());
        let principal = uid("Organisation", "o");
        let attributes = HashMap::from([("declared".to_owned(), declared), ("verified".to_owned(), verified)]);
        let organisation = Entity::new(principal.clone(), attributes, HashSet::new()).unwrap();
        let resource = uid("Dataset", input.dataset.id.as_str());
        let mut attributes = HashMap::from([
            ("personalData".to_owned(), E::new_bool(input.dataset.personal_data)),
            ("specialCategories".to_owned(), E::new_bool(input.dataset.special_categories)),
        ]);
        let embargo = input.dataset.embargo_until.map(|until| E::new_datetime(until.to_string()));
        attributes.extend(embargo.map(|until| ("embargoUntil".to_owned(), until)));
        let dataset = Entity::new(resource.clone(), attributes, HashSet::new()).unwrap();
        let purpose = input.purpose.as_deref().unwrap();
        let mut entities = vec![organisation, dataset];
        let chain = &self.ancestors[purpose];
        for (i, name) in chain.iter().enumerate() {
            let parents = chain.get(i + 1).map(|p| uid("Purpose", p)).into_iter().collect();
            entities.push(Entity::new_no_attrs(uid("Purpose", name), parents));
        }
        let entities = Entities::from_entities(entities, Some(&self.schema)).unwrap();
        let texts = |set: &std::collections::BTreeSet<String>| E::new_set(set.iter().map(|t| E::new_string(t.clone())));
        let mut scope = vec![
            ("columns".to_owned(), texts(&input.scope.columns)),
            ("level".to_owned(), E::new_entity_uid(uid("DataLevel", &input.scope.level))),
            ("linkage".to_owned(), texts(&input.scope.linkage)),
            ("editions".to_owned(), texts(&input.scope.editions)),
        ];
        scope.extend(input.scope.term_months.map(|m| ("termMonths".to_owned(), E::new_long(m))));
        let context = Context::from_pairs([
            ("now".to_owned(), E::new_datetime(input.now.to_string())),
            ("purpose".to_owned(), E::new_entity_uid(uid("Purpose", purpose))),
            ("scope".to_owned(), record(scope)),
            ("accepted".to_owned(), E::new_set(input.accepted.iter().map(|a| E::new_string(a.to_string())))),
            ("approvals".to_owned(), E::new_set(input.approvals.iter().map(|a| E::new_string(a.name.clone())))),
        ])
        .unwrap();
        let action = uid("Action", "reuse");
        let request = Request::new(principal, action, resource, context, Some(&self.schema)).unwrap();
        Authorizer::new().is_authorized(&request, &self.policies, &entities).decision()
    }
}

/// Raw Ed25519 signatures over 64 bytes, as `eddsa-jcs-2022` makes them.
pub(crate) fn sign(key: &SigningKey, count: usize) {
    for i in 0..count {
        let mut message = [0; 64];
        message[0] = u8::try_from(i % 256).unwrap();
        std::hint::black_box(key.sign(&message));
    }
}

/// Signatures to be verified as `eddsa-jcs-2022` does, over 64 bytes.
pub(crate) struct Signatures(ed25519_dalek::VerifyingKey, Vec<([u8; 64], ed25519_dalek::Signature)>);

impl Signatures {
    /// Some by one key.
    pub(crate) fn new(count: usize) -> Self {
        let key = SigningKey::from_bytes(&[9; 32]);
        let one = |i: usize| {
            let mut message = [0; 64];
            message[0] = u8::try_from(i % 256).unwrap();
            (message, key.sign(&message))
        };
        Signatures(key.verifying_key(), (0..count).map(one).collect())
    }

    /// Verifies all of them.
    pub(crate) fn verify(&self) {
        for (message, signature) in &self.1 {
            self.0.verify_strict(message, signature).unwrap();
        }
    }
}

/// SHA-256 of bytes.
pub(crate) fn sha256(bytes: &[u8]) {
    std::hint::black_box(sha2::Sha256::digest(std::hint::black_box(bytes)));
}

/// Rows of a size in commits of a batch, `synchronous=FULL`: what SQLite itself needs.
pub(crate) struct Rows(rusqlite::Connection, u64);

impl Rows {
    /// A new database with one table.
    pub(crate) fn new(path: &Path) -> Self {
        let db = rusqlite::Connection::open(path).unwrap();
        db.pragma_update(None, "journal_mode", "WAL").unwrap();
        db.pragma_update(None, "synchronous", "FULL").unwrap();
        db.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT").unwrap();
        Rows(db, 0)
    }

    /// One commit of `batch` rows.
    pub(crate) fn commit(&mut self, batch: usize, body: &[u8]) {
        let tx = self.0.transaction().unwrap();
        {
            let mut insert = tx.prepare_cached("INSERT INTO row (id, body) VALUES (?1, ?2)").unwrap();
            for _ in 0..batch {
                self.1 += 1;
                insert.execute(rusqlite::params![i64::try_from(self.1).unwrap(), body]).unwrap();
            }
        }
        tx.commit().unwrap();
    }
}
