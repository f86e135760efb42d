//! What the log has committed itself to, for others: the newest checkpoint, proofs under it, and the cosignatures of
//! witnesses.

use crate::engine::operation::Operation;
use crate::engine::rows::{self, Loaded};
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::log::LogFault;
use crate::merkle::{Hash, verify_consistency};
use crate::model::{Digest, Urn};
use crate::rights::{Act, Actor, Target};
use crate::sign::{Checkpoint, Note, NoteSignature, TlogProof, VerifierKey};
use crate::store::{Kind, Leaf};
use crate::witness::Question;

/// The row that keeps the newest checkpoint that witnesses cosigned, as a note.
pub(in crate::engine) const COSIGNED: &str = "cosigned";

/// A checkpoint under which something can be proven.
#[derive(Debug, Clone)]
pub struct SignedHead {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// As the log signed it, with the cosignatures that it has.
    pub note: Note,
}

/// That one tree is the beginning of another.
#[derive(Debug, Clone)]
pub struct Continuation {
    /// The size and the root of the smaller tree.
    pub old: (u64, Hash),
    /// The size and the root of the larger tree.
    pub new: (u64, Hash),
    /// The proof (RFC 6962 section 2.1.2).
    pub proof: Vec<Hash>,
    /// The signed checkpoint of the larger tree; only for the newest one, since earlier ones are not kept.
    pub checkpoint: Option<Note>,
}

impl Continuation {
    /// What a witness is asked, if the larger tree has a checkpoint.
    #[must_use]
    pub fn question(&self) -> Option<Question> {
        let checkpoint = self.checkpoint.clone()?;
        Some(Question { old: self.old.0, proof: self.proof.clone(), checkpoint })
    }
}

/// An entry with the proof that it is in the log.
#[derive(Debug, Clone)]
pub struct Proven {
    /// The entry.
    pub leaf: Leaf,
    /// The checkpoint under which it is proven.
    pub checkpoint: Checkpoint,
    /// The proof, verified.
    pub proof: TlogProof,
}

impl Engine {
    /// The newest checkpoint, with the cosignatures that are kept for it.
    ///
    /// # Errors
    /// The log is empty or cannot be read.
    pub fn newest(&self) -> Result<SignedHead, EngineError> {
        let stored = self.log.reader().head()?.ok_or_else(empty)?;
        let newest = SignedHead::read(&stored.checkpoint)?;
        // the same tree, so the same text: what is kept is this note with more signatures
        let cosigned = self.cosigned()?.map(|kept| kept.value);
        Ok(cosigned.filter(|c| c.note.text() == newest.note.text()).unwrap_or(newest))
    }

    /// The checkpoint under which entries up to `last` are best proven: the newest that witnesses cosigned if it covers
    /// them, else the newest.
    pub(in crate::engine) fn covering(&self, last: u64) -> Result<SignedHead, EngineError> {
        match self.cosigned()? {
            Some(kept) if last < kept.value.checkpoint.size() => Ok(kept.value),
            _ => self.newest(),
        }
    }

    /// The newest checkpoint that witnesses cosigned.
    fn cosigned(&self) -> Result<Option<Loaded<SignedHead>>, EngineError> {
        let Some(row) = rows::load::<String>(&*self.store, Kind::Setting, COSIGNED)? else { return Ok(None) };
        Ok(Some(Loaded { value: SignedHead::read(row.value.as_bytes())?, version: row.version }))
    }

    /// The proof that an entry is in the log: by its index, or by id or digest of the record that it logs. It is verified
    /// before it is given.
    ///
    /// # Errors
    /// There is no such entry, or the stored tree does not bear it out.
    pub fn prove_entry(&self, which: &str) -> Result<Proven, EngineError> {
        let none =
            || EngineError::not_found("log entry", which, "give an index from 0, or the id or digest of a record");
        let reader = self.log.reader();
        let leaf = match (which.parse::<u64>(), which.parse::<Digest>(), which.parse::<Urn>()) {
            (Ok(index), _, _) => reader.entry(index)?,
            (_, Ok(digest), _) => match self.store.record_by_digest(&digest, None)? {
                Some(record) => self.store.leaf_of(&record.id)?,
                None => None,
            },
            (_, _, Ok(id)) => self.store.leaf_of(&id.to_string())?,
            _ => None,
        };
        let leaf = leaf.ok_or_else(none)?;
        let head = self.covering(leaf.index)?;
        let path = reader.prove(leaf.index, head.checkpoint.size()).map_err(|e| EngineError::Tree(e.to_string()))?;
        let proof = TlogProof::new(leaf.index, path, head.note)?;
        proof.verify(&leaf.bytes, &self.log_key()?, &[], 0).map_err(|e| EngineError::Tree(e.to_string()))?;
        Ok(Proven { leaf, checkpoint: head.checkpoint, proof })
    }

    /// The proof that the first `old` entries are the beginning of the first `new` ones, of all if none is given. It is
    /// verified before it is given.
    ///
    /// # Errors
    /// The log is not that long, or the stored tree does not bear it out.
    pub fn continuation(&self, old: u64, new: Option<u64>) -> Result<Continuation, EngineError> {
        let newest = self.newest()?;
        let size = newest.checkpoint.size();
        let wanted = new.unwrap_or(size);
        if old > wanted || wanted > size {
            return Err(EngineError::input(
                Field::Sizes,
                format!("{old} and {wanted} do not fit a log of {size} entries"),
                format!("give OLD and NEW with OLD <= NEW <= {size}"),
            ));
        }
        let (reader, tree) = (self.log.reader(), |e: &dyn ToString| EngineError::Tree(e.to_string()));
        let proof = reader.consistency(old, wanted).map_err(|e| tree(&e))?;
        let root = |size| reader.root(size).map_err(|e| tree(&e));
        let (old, new) = ((old, root(old)?), (wanted, root(wanted)?));
        verify_consistency(old.0, old.1, new.0, new.1, &proof).map_err(|e| tree(&e))?;
        let checkpoint = (wanted == size).then(|| newest.without_cosignatures()).transpose()?;
        Ok(Continuation { old, new, proof, checkpoint })
    }

    /// Keeps cosignatures of witnesses, so that bundles and proofs carry them. `text` is what a witness answered, or a
    /// checkpoint of this log with cosignatures under it; answers alone belong to the newest checkpoint. Every line must be
    /// of one of `witnesses` and must match: one bad line would refuse the whole note at every verifier. Gives the
    /// checkpoint as it is kept now.
    ///
    /// # Errors
    /// No right, nothing by these witnesses, a checkpoint that is not of this log, or an older one than is kept.
    pub fn cosign(&self, actor: &Actor, text: &str, witnesses: &[VerifierKey]) -> Result<SignedHead, EngineError> {
        self.rights.require(actor, Act::CosignLog, &Target::default())?;
        self.keep_cosignatures(text, witnesses)
    }

    /// As [`Engine::cosign`], from whoever brings them: the lines prove who made them, and `witnesses` says whose count.
    ///
    /// # Errors
    /// As [`Engine::cosign`], but for the right.
    pub fn keep_cosignatures(&self, text: &str, witnesses: &[VerifierKey]) -> Result<SignedHead, EngineError> {
        let plain = self.newest()?.without_cosignatures()?.to_string();
        let whole = if text.starts_with('—') { format!("{plain}{text}") } else { text.to_owned() };
        let note = Note::parse(whole.as_bytes())?;
        let log = self.log_key()?;
        let opened = Checkpoint::open(&note, &log, witnesses)?;
        let given = opened.checkpoint();
        if opened.cosigned().is_empty() {
            return Err(EngineError::input(
                Field::Cosignatures,
                "none is by a witness that was named",
                Mend::by("name its witness by the key that it printed", "--witness VKEY"),
            ));
        }
        let kept = self.cosigned()?;
        if let Some(kept) = &kept
            && given.size() < kept.value.checkpoint.size()
        {
            return Err(EngineError::state(
                format!(
                    "a checkpoint of {} entries is kept, this one has {}",
                    kept.value.checkpoint.size(),
                    given.size()
                ),
                Mend::by("have the newest one cosigned", "datadeal log consistency OLD"),
            ));
        }
        self.must_be_ours(given)?;
        // the log's own line first; of each witness the newest line
        let mut lines = only(&note, |line| names(&log, line));
        let before = kept.as_ref().filter(|k| k.value.note.text() == note.text());
        let before = before.into_iter().flat_map(|k| k.value.note.signatures());
        let more = note.signatures().iter().filter(|line| witnesses.iter().any(|key| names(key, line)));
        for line in before.chain(more).filter(|line| !names(&log, line)) {
            lines.retain(|l| (l.name(), l.id()) != (line.name(), line.id()));
            lines.push(line.clone());
        }
        let head = SignedHead { checkpoint: given.clone(), note: with_lines(note.text(), &lines)? };
        let mut op = Operation::start(self)?;
        rows::guard(&mut op.item, Kind::Setting, COSIGNED, kept.map_or(0, |k| k.version));
        rows::put(&mut op.item, Kind::Setting, COSIGNED, None, &head.note.to_string())?;
        op.commit()?;
        Ok(head)
    }

    /// A checkpoint that our key signed must be of this history.
    fn must_be_ours(&self, given: &Checkpoint) -> Result<(), EngineError> {
        let found = self.newest()?.checkpoint.size();
        let (place, size) = ("the cosigned checkpoint".to_owned(), given.size());
        if size > found {
            return Err(LogFault::Behind { place, known: size, found }.into());
        }
        let ours = self.log.reader().root(size).map_err(|e| EngineError::Tree(e.to_string()))?;
        if ours == given.root() { Ok(()) } else { Err(LogFault::Forked { place, size }.into()) }
    }
}

impl SignedHead {
    pub(in crate::engine) fn read(bytes: &[u8]) -> Result<Self, EngineError> {
        let note = Note::parse(bytes)?;
        Ok(SignedHead { checkpoint: Checkpoint::parse(note.text())?, note })
    }

    /// The names of those who cosigned, as the lines say.
    #[must_use]
    pub fn cosigners(&self) -> Vec<&str> {
        self.note.signatures().iter().map(NoteSignature::name).filter(|n| *n != self.checkpoint.origin()).collect()
    }

    /// The note with the log's signature only.
    fn without_cosignatures(&self) -> Result<Note, EngineError> {
        let origin = self.checkpoint.origin();
        with_lines(self.note.text(), &only(&self.note, |line| line.name() == origin))
    }
}

fn names(key: &VerifierKey, line: &NoteSignature) -> bool {
    (key.name(), key.id()) == (line.name(), line.id())
}

fn only(note: &Note, keep: impl Fn(&NoteSignature) -> bool) -> Vec<NoteSignature> {
    note.signatures().iter().filter(|line| keep(line)).take(1).cloned().collect()
}

fn with_lines(text: &str, lines: &[NoteSignature]) -> Result<Note, EngineError> {
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    Ok(Note::parse(format!("{text}\n{lines}").as_bytes())?)
}

fn empty() -> EngineError {
    EngineError::state("the log is empty", Mend::by("the first entry is made with the portal", "datadeal init"))
}
