//! Finding datasets: by words, narrowed by facets, page by page, as far as somebody may see them. The store says which have the words and how near
//! they are; all else is read from the index.

use std::cmp::Ordering;
use std::sync::Arc;

use super::facets::{Counting, Wanted};
use super::index::Catalogue;
use super::words::sought;
use crate::conditions::eligible::Approvals;
use crate::engine::conditions::show::DatasetRow;
use crate::engine::{Engine, EngineError, Field};
use crate::model::dataset::Dataset;
use crate::model::facets::Facets;
use crate::model::{Name, Time};
use crate::rights::Actor;
use crate::store::{Search, Sought};

/// Where more datasets than this have the words, the words say little: those are ranked that have all of them in the title, and the others stand by
/// short name behind them.
const MOST_RANKED: usize = 10_000;

/// Datasets that were found.
#[derive(Debug, Clone)]
pub struct Datasets {
    /// Those of this page: the nearest first, or by short name where there are no words.
    pub items: Vec<DatasetRow>,
    /// What to give as `after` for the next page; none on the last.
    pub next: Option<Name>,
    /// How many there are in all.
    pub total: usize,
    /// How many each other choice would leave.
    pub facets: Facets,
}

/// A dataset that was found: how near it is, and its place by short name.
#[derive(Debug, Clone, Copy)]
struct Hit {
    rank: f64,
    at: usize,
}

impl Hit {
    fn order(&self, other: &Hit) -> Ordering {
        self.rank.total_cmp(&other.rank).then(self.at.cmp(&other.at))
    }
}

impl Engine {
    /// Datasets that somebody looks for, after one of them, at most `limit`, of those that somebody may see: others are neither listed nor counted.
    ///
    /// # Errors
    /// Too many words, an `after` that is not in the list, or a store that cannot be read; where words must be made first, cannot be written.
    pub fn search(
        &self,
        actor: Option<&Actor>,
        wanted: &Wanted,
        after: Option<&Name>,
        limit: usize,
    ) -> Result<Datasets, EngineError> {
        let now = self.clock.now();
        let every = sought(&wanted.words, wanted.lang)?;
        let by_words = !every.is_empty();
        let (view, catalogue) = if by_words {
            self.searchable(now)?
        } else {
            let view = self.view()?;
            (view, self.catalogue(&view, now)?)
        };
        let approvals = self.approvals(&catalogue, now)?;
        let mut counting = Counting::new(&catalogue, &approvals, wanted);
        let found = if by_words { self.having(&catalogue, every)? } else { all(&catalogue) };
        let mut hits = Vec::new();
        for hit in found {
            let Some(listed) = catalogue.listed.get(hit.at) else { continue };
            if self.sees_listed(actor, &catalogue, listed) && counting.count(listed) {
                hits.push(hit);
            }
        }
        let total = hits.len();
        if let Some(after) = after {
            let place = place(&catalogue, &hits, after, by_words)?;
            hits.retain(|hit| hit.order(&place) == Ordering::Greater);
        }
        let more = hits.len() > limit;
        if more {
            hits.select_nth_unstable_by(limit, Hit::order);
            hits.truncate(limit);
        }
        hits.sort_unstable_by(Hit::order);
        let slugs: Vec<&Name> = hits.iter().filter_map(|hit| Some(&catalogue.listed.get(hit.at)?.slug)).collect();
        let mut items = Vec::with_capacity(slugs.len());
        for slug in &slugs {
            match self.dataset_seen(&view, actor, slug.as_str()) {
                Ok(found) => {
                    let Dataset { id, slug, title, owner, access, .. } = found.dataset;
                    let gone = found.gone.map(|gone| gone.at);
                    items.push(DatasetRow { id, slug, title, owner, access, version: found.version, gone });
                }
                // it went, or went out of sight, since the index was made
                Err(EngineError::NotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        let next = slugs.last().filter(|_| more).map(|slug| Name::clone(slug));
        Ok(Datasets { items, next, total, facets: counting.facets() })
    }

    /// The datasets that have all words. Both lists are in the order of numbers.
    fn having(&self, catalogue: &Catalogue, every: Vec<Sought>) -> Result<Vec<Hit>, EngineError> {
        let found = self.store.search(&Search { every, most_ranked: MOST_RANKED })?;
        let mut known = catalogue.numbers.iter().copied().peekable();
        let mut hits = Vec::with_capacity(found.len());
        for row in found {
            while let Some((number, at)) = known.next_if(|(number, _)| *number <= row.number) {
                if number == row.number {
                    hits.push(Hit { rank: row.rank, at });
                }
            }
        }
        Ok(hits)
    }

    /// Which classes ask an approval, told anew each minute: what is embargoed now may be free then.
    fn approvals(&self, catalogue: &Catalogue, now: Time) -> Result<Arc<Approvals>, EngineError> {
        let minute = now.unix().div_euclid(60);
        catalogue.approvals.get_or(minute, || Ok(Arc::new(catalogue.index.approvals(now)?)))
    }
}

fn all(catalogue: &Catalogue) -> Vec<Hit> {
    (0..catalogue.listed.len()).map(|at| Hit { rank: 0.0, at }).collect()
}

/// Where a page begins. By short name it is behind any name; by nearness the dataset must be in the list, for nothing else says how near it was.
fn place(catalogue: &Catalogue, hits: &[Hit], after: &Name, by_words: bool) -> Result<Hit, EngineError> {
    let gone = || EngineError::input(Field::After, "is not in the list any more", "begin again without it");
    match catalogue.listed.binary_search_by(|listed| listed.slug.cmp(after)) {
        Ok(at) if by_words => hits.iter().find(|hit| hit.at == at).copied().ok_or_else(gone),
        Err(_) if by_words => Err(gone()),
        Ok(at) => Ok(Hit { rank: 0.0, at }),
        // behind the last one before it
        Err(at) => Ok(Hit { rank: if at == 0 { f64::NEG_INFINITY } else { 0.0 }, at: at.saturating_sub(1) }),
    }
}
