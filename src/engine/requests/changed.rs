//! Of two who act on the same thing one is first, and the other is told what came between. What somebody saw of a request or deal may come
//! with its act: then nothing is done to anything else, and nothing is decided by other conditions than it saw.

use crate::engine::conditions::compiled::{InForce, document};
use crate::engine::known::View;
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::Published;
use crate::engine::{CaseNow, DealTold, Engine, EngineError};
use crate::log::LogError;
use crate::model::change::{Change, SetVersion};
use crate::model::condition::Level;
use crate::model::entry::EntryType;
use crate::model::record::Reference;
use crate::model::{Document, Time, Urn};
use crate::rights::{Act, Actor, Seen};
use crate::store::{Kind, Record, Refusal};

/// What is published, in the order of [`Seen::published`].
const PUBLISHED: [(EntryType, Option<Level>); 5] = [
    (EntryType::ConditionSet, Some(Level::Portal)),
    (EntryType::ConditionSet, Some(Level::Owner)),
    (EntryType::ConditionSet, Some(Level::Dataset)),
    (EntryType::Schema, None),
    (EntryType::TrustList, None),
];

impl Engine {
    /// Where a request stands now, and what is seen of it with that.
    ///
    /// # Errors
    /// No right, or no such request.
    pub fn case_seen(&self, actor: &Actor, request: &Urn) -> Result<(CaseNow, Seen), EngineError> {
        let seen = self.seen_of(request, request, self.case(request)?.version)?;
        Ok((self.case_now(actor, request)?, seen))
    }

    /// A deal and where it stands, and what is seen of it with that.
    ///
    /// # Errors
    /// No right, or no such deal.
    pub fn deal_seen(&self, actor: &Actor, deal: &Urn) -> Result<(DealTold, Seen), EngineError> {
        let row = self.deal(deal)?;
        let seen = self.seen_of(deal, &row.value.case, row.version)?;
        Ok((self.deal_now(actor, deal)?, seen))
    }

    /// What is seen of a request or deal whose row has this version. It is read before the rest: what comes between is never taken as seen.
    pub(in crate::engine) fn seen_of(&self, of: &Urn, case: &Urn, version: u64) -> Result<Seen, EngineError> {
        let dataset = self.case(case)?.value.dataset;
        let published = self.numbers(&self.view()?, dataset.as_str(), self.clock.now())?;
        let recorded = rows::logged(&*self.store, &case.to_string())?;
        let size = recorded.last().map_or(0, |(place, _)| place.saturating_add(1));
        Ok(Seen { of: *of, version, size, published })
    }

    /// How long the log is: what is recorded from now on stands behind.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn log_size(&self) -> Result<u64, EngineError> {
        Ok(self.store.head()?.map_or(0, |head| head.size))
    }

    /// Which versions are in force for a dataset, by slug or IRI.
    pub(in crate::engine) fn numbers(&self, view: &View, dataset: &str, now: Time) -> Result<[u64; 5], EngineError> {
        let dataset = self.dataset_in(view, dataset)?;
        Ok(self.in_force(view, &dataset.dataset, now)?.versions.map(|v| v.map_or(0, |(number, _)| number)))
    }

    /// What was published for a dataset since something was seen.
    fn published_since(&self, view: &View, dataset: &str, seen: &Seen, now: Time) -> Result<Vec<Change>, EngineError> {
        let dataset = self.dataset_in(view, dataset)?;
        let versions = self.in_force(view, &dataset.dataset, now)?.versions;
        let told =
            PUBLISHED.into_iter().zip(seen.published).zip(versions).filter_map(|(((what, level), before), now_it)| {
                let (number, since) = now_it.unwrap_or((0, now));
                (before != number).then(|| Change::published(what, level, before, number, since))
            });
        Ok(told.collect())
    }

    /// Refuses to decide under other versions than the caller saw.
    pub(in crate::engine) fn same_published(
        &self,
        op: &Operation<'_>,
        of: &Urn,
        dataset: &str,
    ) -> Result<(), EngineError> {
        let Some(seen) = op.seen.filter(|seen| seen.of == *of) else { return Ok(()) };
        let changes = self.published_since(&op.view, dataset, &seen, op.now)?;
        if changes.is_empty() { Ok(()) } else { Err(EngineError::Changed(changes)) }
    }

    /// Refuses to write on a row that is another than the caller saw, or under other versions.
    pub(in crate::engine) fn as_seen(
        &self,
        op: &Operation<'_>,
        of: &Urn,
        case: &Urn,
        version: u64,
    ) -> Result<(), EngineError> {
        let Some(seen) = op.seen.filter(|seen| seen.of == *of) else { return Ok(()) };
        let changes = self.changes(&op.view, case, &seen, op.now)?;
        if seen.version == version && changes.is_empty() {
            return Ok(());
        }
        Err(EngineError::Changed(changes))
    }

    /// What came after something was seen of a case, in the order in which it came.
    fn changes(&self, view: &View, case: &Urn, seen: &Seen, now: Time) -> Result<Vec<Change>, EngineError> {
        let mut found = self.recorded_since(case, seen.size)?;
        found.extend(self.published_since(view, self.case(case)?.value.dataset.as_str(), seen, now)?);
        Ok(found)
    }

    /// Refuses to decide by other sets than somebody names.
    ///
    /// # Errors
    /// [`EngineError::Changed`] with each set that is another.
    pub(in crate::engine) fn same_sets(
        &self,
        force: &InForce,
        named: Option<&[SetVersion]>,
    ) -> Result<(), EngineError> {
        let Some(named) = named else { return Ok(()) };
        let now = force.set_versions();
        let of = |sets: &[SetVersion], level| sets.iter().find(|set| set.level == level).cloned();
        let mut changes = Vec::new();
        for level in [Level::Portal, Level::Owner, Level::Dataset] {
            let (before, now) = (of(named, level), of(&now, level));
            if before.as_ref().map(|set| set.record) != now.as_ref().map(|set| set.record) {
                let at = now.as_ref().or(before.as_ref()).map_or_else(|| self.clock.now(), |set| set.from);
                let (before, now) = (before.map_or(0, |set| set.version), now.map_or(0, |set| set.version));
                changes.push(Change::published(EntryType::ConditionSet, Some(level), before, now, at));
            }
        }
        if changes.is_empty() { Ok(()) } else { Err(EngineError::Changed(changes)) }
    }

    /// The records about a case that stand in the log from an index on.
    fn recorded_since(&self, case: &Urn, index: u64) -> Result<Vec<Change>, EngineError> {
        let recorded = rows::logged(&*self.store, &case.to_string())?;
        let came = recorded.into_iter().skip_while(|(place, _)| *place < index);
        let change = |(_, record): (u64, Record)| Ok(Change::recorded(record.kind, &Document::read(record.bytes)?));
        came.map(change).filter_map(Result::transpose).collect()
    }

    /// The refusal of something that was done before: by whom, and when.
    pub(in crate::engine) fn done_before(&self, record: &Reference) -> Result<EngineError, EngineError> {
        let lost = || EngineError::lost("record", record.id);
        let stored = self.store.record(&record.id.to_string())?.ok_or_else(lost)?;
        let kind = stored.kind;
        Ok(EngineError::Changed(Change::recorded(kind, &document(stored, record.digest)?).into_iter().collect()))
    }

    /// The error of a call that came when the log was so long, with what came between, if that is why it failed. `of` is the request or
    /// deal that it was about.
    #[must_use]
    pub fn explained(&self, actor: &Actor, of: Option<&Urn>, size: u64, error: EngineError) -> EngineError {
        match (self.between(actor, of, size, &error), error) {
            (Ok(changes), error) if !changes.is_empty() || is_of_what_was_seen(actor, &error) => {
                EngineError::Changed(changes)
            }
            (Err(_), EngineError::Changed(mut changes)) => {
                changes.retain(|change| is_public(change.what));
                EngineError::Changed(changes)
            }
            // what cannot be found out now is left to the error itself
            (_, error) => error,
        }
    }

    fn between(
        &self,
        actor: &Actor,
        of: Option<&Urn>,
        size: u64,
        error: &EngineError,
    ) -> Result<Vec<Change>, EngineError> {
        let about = match error {
            EngineError::Submit(LogError::Conflict(Refusal::Guard { kind, key, expected, found, .. })) => match kind {
                Kind::ConditionSet | Kind::Schema | Kind::TrustList => {
                    return self.published_between(*kind, key, found.saturating_sub(*expected));
                }
                Kind::Request | Kind::Deal => Some(key.parse()?),
                _ => of.copied(),
            },
            EngineError::Submit(LogError::Conflict(_)) | EngineError::State { .. } | EngineError::Exists { .. } => {
                of.copied()
            }
            // who says what it saw is told of everything since
            error if is_of_what_was_seen(actor, error) => of.copied(),
            _ => None,
        };
        let Some(about) = about else { return Ok(Vec::new()) };
        let case = match self.deal(&about) {
            Ok(deal) => deal.value.case,
            Err(_) => about,
        };
        let view = self.view()?;
        let mut changes = match actor.seen.filter(|seen| of == Some(&seen.of)) {
            Some(seen) => self.changes(&view, &case, &seen, self.clock.now())?,
            None => {
                let mut came = self.recorded_since(&case, size)?;
                if let (None, EngineError::Submit(LogError::Conflict(Refusal::Guard { expected, found, .. }))) =
                    (of, error)
                {
                    // the address names neither: what the writes between brought came last
                    let writes = usize::try_from(found.saturating_sub(*expected)).unwrap_or(usize::MAX);
                    came = came.split_off(came.len().saturating_sub(writes));
                }
                came
            }
        };
        // each by the right to read what it is about
        let target = self.read_target(&view, actor, &self.case(&case)?.value)?;
        let may = |act| self.rights.require(actor, act, &target).is_ok();
        let (case, deal) = (may(Act::ReadCase), may(Act::ReadDeal));
        changes.retain(|change| is_public(change.what) || if is_of_a_deal(change.what) { deal } else { case });
        Ok(changes)
    }

    /// What was published in the last so many writes of a row.
    fn published_between(&self, kind: Kind, key: &str, writes: u64) -> Result<Vec<Change>, EngineError> {
        let what = match kind {
            Kind::Schema => EntryType::Schema,
            Kind::TrustList => EntryType::TrustList,
            _ => EntryType::ConditionSet,
        };
        let level = match key.split_once('/') {
            _ if what != EntryType::ConditionSet => None,
            Some(("owner", _)) => Some(Level::Owner),
            Some(("dataset", _)) => Some(Level::Dataset),
            _ => Some(Level::Portal),
        };
        let Some(row) = rows::load::<Published>(&*self.store, kind, key)? else { return Ok(Vec::new()) };
        let published = row.value;
        let count = u64::try_from(published.versions.len()).unwrap_or(u64::MAX);
        let (first, now) = (count.saturating_sub(writes), self.clock.now());
        let before = (1..=first).zip(&published.versions).filter(|(_, v)| v.from <= now).last();
        let before = before.map_or(0, |(number, _)| number);
        let last = published.versions.last();
        Ok(last.map(|v| Change::published(what, level, before, count, v.from)).into_iter().collect())
    }
}

/// Whether it was refused since something came after what the actor says that it saw.
fn is_of_what_was_seen(actor: &Actor, error: &EngineError) -> bool {
    actor.seen.is_some() && matches!(error, EngineError::Changed(_))
}

/// What is published for everybody.
fn is_public(what: EntryType) -> bool {
    PUBLISHED.iter().any(|(published, _)| *published == what)
}

/// What is about the deal, and not about the request of which it came.
fn is_of_a_deal(what: EntryType) -> bool {
    matches!(what, EntryType::Deal | EntryType::Acceptance | EntryType::Revocation | EntryType::Review)
}
