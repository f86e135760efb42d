//! Lists, page by page: what somebody may see of the requests and deals, in the order of their ids, which is that of time.

use std::str::FromStr;

use super::requests::case::CaseNow;
use super::rows;
use super::state::Case;
use super::{DealTold, Engine, EngineError};
use crate::model::{IdError, Urn};
use crate::rights::{Act, Actor, Role};
use crate::store::{Index, Kind, Row, StoreError};

/// How many rows are looked at in one call: who may see few of many gets short pages rather than a long wait.
const LOOKED_AT: usize = 2_000;
/// How many rows are read at once.
const PAGE: usize = 200;

impl Engine {
    /// Requests that a person may see, after one of them, at most `limit`; and what to give as `after` to go on.
    ///
    /// # Errors
    /// The store cannot be read, or an evaluation fault.
    pub fn cases_after(
        &self,
        actor: &Actor,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<CaseNow>, Option<Urn>), EngineError> {
        let view = self.view()?;
        let parent = owns_only(actor).then(|| actor.organisation.as_str());
        self.page(Kind::Request, parent, after, limit, |row| {
            let case = rows::parse::<Case>(row)?.value;
            let target = self.read_target(&view, actor, &case)?;
            let seen = self.rights.require(actor, Act::ListCases, &target).is_ok();
            seen.then(|| self.case_told(&view, case, self.clock.now())).transpose()
        })
    }

    /// Deals that a person may see, as [`Engine::cases_after`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn deals_after(
        &self,
        actor: &Actor,
        after: Option<&Urn>,
        limit: usize,
    ) -> Result<(Vec<DealTold>, Option<Urn>), EngineError> {
        let see = |id: &str| {
            let deal = self.deal(&id.parse()?)?.value;
            let seen = self.rights.require(actor, Act::ReadDeal, &deal.target()).is_ok();
            seen.then(|| self.tell(deal)).transpose()
        };
        let own = actor.organisation.as_str();
        if owns_only(actor) {
            let read = |after: Option<&str>| self.store.listed(Index::ReuserDeal, own, after, PAGE);
            return pages(read, String::as_str, after, limit, |id| see(id));
        }
        // who decides for one owner sees the deals of that one; with other roles beside, all are looked at
        let of_owner = |role: &Role| matches!(role, Role::OwnerAdmin | Role::ConditionAuthor | Role::Reviewer);
        let parent = actor.roles.iter().all(of_owner).then_some(own);
        self.page(Kind::Deal, parent, after, limit, |row| see(&row.key))
    }

    /// Rows page by page, as far as somebody sees something in them.
    pub(super) fn page<T, K, S>(
        &self,
        kind: Kind,
        parent: Option<&str>,
        after: Option<&K>,
        limit: usize,
        see: impl FnMut(&Row) -> Result<S, EngineError>,
    ) -> Result<(Vec<T>, Option<K>), EngineError>
    where
        K: ToString + FromStr<Err = IdError>,
        S: IntoIterator<Item = T>,
    {
        pages(|after| self.store.rows(kind, parent, after, PAGE), |row| &row.key, after, limit, see)
    }
}

/// What is read page by page, as far as somebody sees something in it.
fn pages<R, T, K, S>(
    read: impl Fn(Option<&str>) -> Result<Vec<R>, StoreError>,
    key: impl Fn(&R) -> &str,
    after: Option<&K>,
    limit: usize,
    mut see: impl FnMut(&R) -> Result<S, EngineError>,
) -> Result<(Vec<T>, Option<K>), EngineError>
where
    K: ToString + FromStr<Err = IdError>,
    S: IntoIterator<Item = T>,
{
    let (mut found, mut looked, mut last) = (Vec::new(), 0, after.map(ToString::to_string));
    loop {
        let page = read(last.as_deref())?;
        for one in &page {
            if found.len() >= limit || looked == LOOKED_AT {
                return Ok((found, last.map(|id| id.parse()).transpose()?));
            }
            found.extend(see(one)?);
            looked += 1;
            last = Some(key(one).to_owned());
        }
        if page.len() < PAGE {
            return Ok((found, None));
        }
    }
}

/// Who only asks sees its own, which are listed under it.
fn owns_only(actor: &Actor) -> bool {
    actor.roles.iter().all(|role| matches!(role, Role::Requester | Role::OrganisationAdmin))
}
