//! From evidence to verified facts. The only place where a fact becomes verified.
//!
//! Evidence counts if its signature is valid, its subject is this organisation, its issuer is on the trust list for this fact and
//! this kind, who handed it in is whom it is bound to, `from <= now < until`, nothing speaks against it (revoked, suspended, status
//! unknown), and the value passes the fact's own check. Evidence that does not count is named in the answer with the reason.
//!
//! | file | what it is |
//! |---|---|
//! | [`exhibit`] | a document of evidence, whatever its form |
//! | [`credential`] | the forms of others: VC-JWT and SD-JWT VC |
//! | `jose`, `sd_jwt` | compact tokens and selective disclosure, read strictly |
//! | [`status`] | status lists of issuers |
//! | [`registry`] | registers that can be asked |

pub mod credential;
pub mod exhibit;
mod jose;
pub mod registry;
mod sd_jwt;
pub mod status;

use std::collections::BTreeMap;

use crate::conditions::Schema;
use crate::model::input::{DecisionInput, Uncounted, VerifiedFact};
use crate::model::record::{TrustList, Trusted};
use crate::model::{Digest, IssuerKey, OrgId, Time};
use exhibit::Signer;

pub use credential::{CredentialError, ForeignCredential};
pub use exhibit::{EvidenceError, Exhibit, Statement};
pub use registry::{FileRegistry, Registry, RegistryError};
pub use status::{Against, FetchStatus, StatusCopy, StatusList};

/// Facts that evidence supports, and evidence that supports none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// By name of the fact.
    pub verified: BTreeMap<String, VerifiedFact>,
    /// With the reason.
    pub uncounted: Vec<Uncounted>,
}

/// What evidence is counted against.
#[derive(Debug, Clone, Copy)]
pub struct Measure<'a> {
    /// The schema in force: it knows the facts and their checks.
    pub schema: &'a Schema,
    /// The trust list in force; without one no evidence counts.
    pub trust_list: Option<&'a TrustList>,
    /// The organisation that the facts must be about.
    pub organisation: &'a OrgId,
    /// The one instant of the operation.
    pub now: Time,
    /// What speaks against evidence by its digest, as far as it is not in the document itself.
    pub against: &'a BTreeMap<Digest, Against>,
}

/// Counts evidence. Of two documents for one fact the one that lasts longest counts.
#[must_use]
pub fn count<'a>(measure: &Measure<'_>, exhibits: impl IntoIterator<Item = &'a Exhibit>) -> Counted {
    let mut counted = Counted::default();
    for exhibit in exhibits {
        for statement in exhibit.statements(measure.schema) {
            let (fact, evidence) = (statement.fact.to_owned(), exhibit.digest());
            let issuer = match judge(measure, exhibit, &statement) {
                Ok(issuer) => issuer.to_string(),
                Err(reason) => {
                    counted.uncounted.push(Uncounted { fact, evidence, reason: reason.to_owned() });
                    continue;
                }
            };
            let found = VerifiedFact { value: statement.value.clone(), issuer, until: Some(exhibit.until()), evidence };
            match counted.verified.get(&fact) {
                Some(other) if (other.until, other.evidence) >= (found.until, found.evidence) => {}
                _ => {
                    counted.verified.insert(fact, found);
                }
            }
        }
    }
    counted.uncounted.sort_by(|a, b| (&a.fact, a.evidence).cmp(&(&b.fact, b.evidence)));
    counted
}

/// The first reason for which a statement does not count; none if it does.
#[must_use]
pub fn why_not(measure: &Measure<'_>, exhibit: &Exhibit, statement: &Statement<'_>) -> Option<&'static str> {
    judge(measure, exhibit, statement).err()
}

/// What an input says against the evidence that it names, as far as no document shows it: that is the word of the portal.
#[must_use]
pub fn said_against(input: &DecisionInput) -> BTreeMap<Digest, Against> {
    let against = |reason: &str| Against::ALL.into_iter().find(|a| a.reason() == reason);
    input.uncounted.iter().filter_map(|u| Some((u.evidence, against(&u.reason)?))).collect()
}

/// Who vouches, or the first reason for which the statement does not count.
fn judge<'a>(
    measure: &Measure<'a>,
    exhibit: &'a Exhibit,
    statement: &Statement<'_>,
) -> Result<&'a OrgId, &'static str> {
    let signer = exhibit.signer(measure.trust_list);
    match &signer {
        Signer::Own { signed: false, .. } => return Err("signature"),
        Signer::Listed(items) if items.is_empty() => return Err("signature"),
        Signer::Unlisted => return Err("issuer"),
        Signer::Own { .. } | Signer::Listed(_) => {}
    }
    if !exhibit.is_about(measure.organisation) {
        return Err("subject");
    }
    let Some(info) = measure.schema.facts().get(statement.fact) else { return Err("fact") };
    let kind = exhibit.kind();
    if !info.verified_by.iter().any(|k| k == kind.as_str()) {
        return Err("issuer");
    }
    let vouches = |t: &&Trusted| t.vouches(statement.fact, kind, measure.now);
    let issuer = match signer {
        Signer::Own { key, organisation, .. } => listed(measure.trust_list, key).find(vouches).map(|_| organisation),
        Signer::Listed(items) => items.into_iter().find(vouches).map(|t| &t.organisation),
        Signer::Unlisted => None,
    };
    let issuer = issuer.ok_or("issuer")?;
    if exhibit.lacks_reason() {
        return Err("reason");
    }
    if !exhibit.held() {
        return Err("holder");
    }
    if measure.now < exhibit.from() {
        return Err("not-yet");
    }
    if measure.now >= exhibit.until() {
        return Err("lapsed");
    }
    if let Some(against) = measure.against.get(&exhibit.digest()) {
        return Err(against.reason());
    }
    if exhibit.fits(measure.schema, statement) { Ok(issuer) } else { Err("value") }
}

/// Whether two ids are of one organisation: in the Dutch trade register, or as its EUID.
fn is(about: &OrgId, organisation: &OrgId) -> bool {
    about == organisation || credential::in_trade_register(organisation).is_some_and(|id| id == *about)
}

fn listed(list: Option<&TrustList>, key: IssuerKey) -> impl Iterator<Item = &Trusted> {
    list.map_or_else(|| [].iter(), |list| list.trusted.iter()).filter(move |t| t.key == key)
}
