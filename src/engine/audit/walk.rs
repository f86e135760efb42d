//! The walk over a log's entries: the root under the signed checkpoint, what is public, and where the records of cases stand.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{SyncSender, sync_channel};

use super::{Audit, Finding};
use crate::engine::{Engine, EngineError};
use crate::merkle::{Edge, Hash, leaf_hash};
use crate::model::entry::{Entry, EntryError, EntryType};
use crate::model::record::RecordType;
use crate::model::{Digest, Time, Urn};
use crate::sign::{Checkpoint, Note};
use crate::store::Head;
use crate::verify::Audited;

/// How many leaves are read at once.
const PAGE: usize = 1000;
/// How many pages are read ahead of the walk.
const AHEAD: usize = 4;

/// Entries of cases by the digest of their record, with their places.
pub(in crate::engine) type CaseEntries = HashMap<Digest, (u64, Entry)>;

/// What the walk over the entries keeps.
pub(super) struct Walk {
    /// The entries of public records, in order.
    pub(super) public: Vec<(u64, Entry)>,
    pub(super) cases: CaseEntries,
    /// By index: the time of the record once it was met, in seconds since 1970.
    pub(super) met: Vec<Option<i64>>,
}

/// A leaf as it was read.
struct LeafRead {
    index: u64,
    hash: Hash,
    entry: Result<Entry, EntryError>,
}

type Page = Result<Vec<LeafRead>, EngineError>;

impl Engine {
    /// Every entry, and the root under the signed checkpoint. One thread reads ahead, since nothing else can begin before the walk ends.
    pub(super) fn walk(
        &self,
        head: &Head,
        audit: &mut Audit,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Walk, EngineError> {
        let mut walk = Walk { public: Vec::new(), cases: HashMap::new(), met: Vec::new() };
        let (mut edge, mut stored) = (Edge::empty(), Vec::new());
        let mut ids: HashSet<Urn> = HashSet::new();
        let mut at = 0;
        std::thread::scope(|scope| {
            let (found, pages) = sync_channel(AHEAD);
            scope.spawn(move || self.read_leaves(head.size, &found));
            for page in pages {
                for leaf in page? {
                    edge.push(leaf.hash, &mut stored);
                    stored.clear();
                    walk.met.push(None);
                    at = leaf.index + 1;
                    match leaf.entry {
                        Ok(entry) => walk.place(leaf.index, entry, &mut ids, audit),
                        Err(e) => {
                            let place = format!("entry {}", leaf.index);
                            audit.findings.push(Finding::new("S-86", place, e.to_string()));
                        }
                    }
                }
                progress(at);
            }
            Ok::<_, EngineError>(())
        })?;
        if at < head.size {
            audit.findings.push(Finding::new("S-87", format!("entry {at}"), "is missing"));
        }
        audit.entries = at;
        let note = Note::parse(&head.checkpoint).map_err(EngineError::Note)?;
        match Checkpoint::open(&note, &self.log_key()?, &[]) {
            Ok(opened) if opened.checkpoint().size() == at && opened.checkpoint().root() == edge.root() => {}
            Ok(opened) => {
                let (size, root) = (opened.checkpoint().size(), opened.checkpoint().root());
                let found = edge.root();
                let why = format!(
                    "it is signed for size {size} and root {root}, the entries give size {at} and root {found}"
                );
                audit.findings.push(Finding::new("S-81", "checkpoint", why));
            }
            Err(e) => audit.findings.push(Finding::new(e.must(), "checkpoint", e.to_string())),
        }
        Ok(walk)
    }

    /// The leaves page by page, until there are no more, the store cannot be read, or nobody listens.
    fn read_leaves(&self, size: u64, found: &SyncSender<Page>) {
        let mut at = 0;
        while at < size {
            let page = self.page_of_leaves(at, size);
            let next = page.as_ref().ok().and_then(|leaves| leaves.last()).map(|leaf| leaf.index + 1);
            if found.send(page).is_err() {
                return;
            }
            let Some(next) = next else { return };
            at = next;
        }
    }

    fn page_of_leaves(&self, at: u64, size: u64) -> Page {
        let room = usize::try_from(size - at).unwrap_or(PAGE).min(PAGE);
        let read = |leaf: crate::store::Leaf| LeafRead {
            index: leaf.index,
            hash: leaf_hash(&leaf.bytes),
            entry: Entry::parse(&leaf.bytes),
        };
        Ok(self.store.leaves(at, room)?.into_iter().map(read).collect())
    }
}

impl Walk {
    fn place(&mut self, index: u64, entry: Entry, ids: &mut HashSet<Urn>, audit: &mut Audit) {
        *audit.by_type.entry(entry.kind.as_str().to_owned()).or_default() += 1;
        if !ids.insert(entry.id) {
            let why = format!("the entry id {} stands twice", entry.id);
            audit.findings.push(Finding::new("S-86", format!("entry {index}"), why));
        }
        if of_case(entry.kind) {
            // of two entries for one record the first counts, and the other is never met
            self.cases.entry(entry.digest).or_insert((index, entry));
        } else {
            self.public.push((index, entry));
        }
    }

    pub(super) fn take(&mut self, audit: &mut Audit, place: &str, audited: Audited) {
        audit.findings.extend(audited.failed.into_iter().map(|check| Finding::of(check, place)));
        self.meet(audit, audited.records);
    }

    pub(super) fn meet(&mut self, audit: &mut Audit, records: Vec<(u64, Option<Time>)>) {
        for (index, at) in records {
            let met = usize::try_from(index).ok().and_then(|i| self.met.get_mut(i));
            if let Some(met) = met.filter(|met| met.is_none()) {
                *met = Some(at.map_or(0, Time::unix));
                audit.records += 1;
            }
        }
    }
}

fn of_case(kind: EntryType) -> bool {
    RecordType::ALL.iter().any(|t| t.entry() == Some(kind) && t.of_case())
}
