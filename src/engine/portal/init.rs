//! Making a portal: keys, database, and entry 0, which anchors all that follows.

use std::collections::BTreeSet;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use crate::clock::{Clock, Random};
use crate::conditions::Schema;
use crate::engine::operation::{New, Operation};
use crate::engine::rows;
use crate::engine::state::{Key, Organisation, Portal, Published, PublishedVersion};
use crate::engine::{DataDir, Engine, EngineError, Field, Keyring, NewPerson, QUEUE};
use crate::log::{Log, LogConfig};
use crate::model::record::{Holder, Issuer, KeyStatement, KeyUse, LogIdentity, RecordType, SchemaPublished};
use crate::model::{Digest, OrgId};
use crate::rights::Role;
use crate::sign::{NoteKey, SigningKey, keyfile, possession};
use crate::store::sqlite::Sqlite;
use crate::store::{Kind, Store};

/// What a new portal is made of.
#[derive(Debug, Clone)]
pub struct Init {
    /// Who runs it.
    pub operator: OrgId,
    /// Legal name.
    pub name: String,
    /// The name of its log: the address under which it will be served, without scheme.
    pub origin: String,
    /// Said on every record: that it is an example.
    pub notice: Option<String>,
    /// The first person: acts for the operator.
    pub person: NewPerson,
}

impl Engine {
    /// Makes a portal in a directory that holds none.
    ///
    /// If this dies half way the directory has keys and perhaps an empty database, and nothing was published: remove it.
    ///
    /// # Errors
    /// There is a portal already, or the directory cannot be written.
    pub fn init(
        dir: &DataDir,
        init: &Init,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self, EngineError> {
        if dir.database().exists() {
            return Err(EngineError::Exists { what: "portal", name: dir.path().display().to_string() });
        }
        let unusable = |e: std::io::Error| {
            EngineError::input(
                Field::Directory,
                format!("{}: {e}", dir.keys().display()),
                "give a directory that can be written",
            )
        };
        std::fs::create_dir_all(dir.path()).map_err(unusable)?;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir.keys()).map_err(unusable)?;
        let keys = Keyring::new(dir.keys());
        let seed = || -> Result<[u8; 32], EngineError> {
            let mut seed = [0; 32];
            random.fill(&mut seed)?;
            Ok(seed)
        };
        let (log_key, operator_key) = (SigningKey::from_seed(seed()?), SigningKey::from_seed(seed()?));
        keyfile::write(&keys.log_key(), &log_key)?;
        keys.keep(&operator_key)?;
        let vkey = NoteKey::log(&init.origin, keyfile::read(&keys.log_key())?)?.public().to_string();
        let store: Arc<dyn Store> = Arc::new(Sqlite::create(&dir.database())?);
        let config = LogConfig {
            key: NoteKey::log(&init.origin, log_key)?,
            head_file: Some(dir.head()),
            seen: Vec::new(),
            queue: QUEUE,
        };
        let log = Log::open(Arc::clone(&store), config)?;
        let portal = Portal {
            operator: init.operator.clone(),
            origin: init.origin.clone(),
            log_key: None,
            notice: init.notice.clone(),
        };
        let engine = Self::assemble(store, log, clock, random, keys, portal)?;
        engine.first_entries(init, &operator_key, vkey)?;
        Ok(engine)
    }

    /// Entry 0 is the operator's key statement, entry 1 the schema.
    fn first_entries(&self, init: &Init, key: &SigningKey, vkey: String) -> Result<(), EngineError> {
        let mut op = Operation::start(self)?;
        let operator = &init.operator;
        let log = LogIdentity { origin: init.origin.clone(), key: vkey, continues: None, reason: None };
        let issuer = self.state_operator(&mut op, &init.name, key, log)?;

        let schema = Schema::built_in()?;
        let published = SchemaPublished { version: 1, text: schema.text().to_owned() };
        let record = op.sign_as(New::public(RecordType::Schema, operator, &published), key, issuer)?;
        let versions = vec![PublishedVersion { record, text: Digest::of(published.text.as_bytes()), from: op.now }];
        rows::put(&mut op.item, Kind::Schema, "schema", None, &Published { versions })?;

        rows::guard(&mut op.item, Kind::Setting, "portal", 0);
        rows::put(&mut op.item, Kind::Setting, "portal", None, &self.portal)?;
        rows::put(
            &mut op.item,
            Kind::Organisation,
            operator.as_str(),
            None,
            &Organisation { id: operator.clone(), name: init.name.clone(), checked: None },
        )?;
        let person = NewPerson {
            roles: BTreeSet::from([Role::Operator, Role::Auditor]),
            organisation: operator.clone(),
            ..init.person.clone()
        };
        self.put_person(&mut op, &person)?;
        op.commit().map(|_| ())
    }

    /// Entry 0 of a log: the operator states a key of its own, and the log. Gives the operator as issuer.
    pub(in crate::engine) fn state_operator(
        &self,
        op: &mut Operation<'_>,
        name: &str,
        key: &SigningKey,
        log: LogIdentity,
    ) -> Result<Issuer, EngineError> {
        let operator = self.portal.operator.clone();
        let mut statement = KeyStatement {
            organisation: operator.clone(),
            name: name.to_owned(),
            key: key.public(),
            uses: KeyUse::ALL.iter().copied().collect(),
            held_by: Holder::Service,
            checked: Some("the operator states itself".to_owned()),
            possession: String::new(),
            revokes: BTreeSet::new(),
            recovery: false,
            log: Some(log),
        };
        statement.possession = possession::prove(key, &statement)?;
        let issuer = Issuer { id: key.public(), legal_name: name.to_owned(), register_number: operator.clone() };
        let listed = Some(operator.to_string());
        let new = New { listed, ..New::public(RecordType::KeyStatement, &operator, &statement) };
        let row = Key {
            key: key.public(),
            organisation: operator.clone(),
            name: name.to_owned(),
            uses: statement.uses.clone(),
            held_by: Holder::Service,
            statement: op.sign_as(new, key, issuer.clone())?,
            revoked: false,
        };
        rows::put(&mut op.item, Kind::Key, &key.public().to_string(), Some(operator.as_str()), &row)?;
        Ok(issuer)
    }
}
