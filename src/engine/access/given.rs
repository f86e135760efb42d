//! What data servers gave: the first time that a call permits columns of an edition under a deal, that is a delivery like one that a
//! person records, in the same commit. So the controller sees who received the data, and duties that follow a delivery begin.

use std::collections::BTreeSet;

use super::Deciding;
use crate::engine::EngineError;
use crate::engine::deals::events::Delivery;
use crate::engine::rows;
use crate::model::Urn;
use crate::store::Kind;

impl Deciding<'_> {
    /// A token opens each edition that the deal names, whichever its question named.
    pub(super) fn every_edition(&mut self, deal: &Urn, editions: &BTreeSet<String>) {
        let columns: BTreeSet<String> = std::mem::take(&mut self.given).into_values().flatten().collect();
        let named = editions.iter().cloned().map(Some);
        let editions = named.chain(editions.is_empty().then_some(None));
        self.given = editions.map(|edition| ((*deal, edition), columns.clone())).collect();
    }

    /// Adds a delivery for each deal and edition of which columns are given that were not given before. Two calls that are the first at
    /// once: the guard refuses one of them, and it is decided again.
    pub(super) fn give(&mut self, way: &str) -> Result<(), EngineError> {
        for ((deal, edition), columns) in std::mem::take(&mut self.given) {
            let Some(looked) = self.deals.get(&deal) else { continue };
            let key = format!("{deal} {}", edition.as_deref().unwrap_or_default());
            let before = rows::load::<BTreeSet<String>>(&*self.engine.store, Kind::Given, &key)?;
            let version = before.as_ref().map_or(0, |row| row.version);
            if before.as_ref().is_some_and(|row| columns.is_subset(&row.value)) {
                continue;
            }
            let all: BTreeSet<String> = before.into_iter().flat_map(|row| row.value).chain(columns.clone()).collect();
            rows::guard(&mut self.op.item, Kind::Given, &key, version);
            rows::put(&mut self.op.item, Kind::Given, &key, Some(&deal.to_string()), &all)?;
            let at = Some(self.op.now);
            let channel = format!("access/{way}");
            let delivery = Delivery { at, edition, columns, channel, records: None, digest: None };
            self.engine.delivered_by_access(&mut self.op, &looked.row, delivery)?;
        }
        Ok(())
    }
}
