//! How many datasets each choice would leave, for a terminal: a line for each facet.

use super::{Texts, plain, wrapped};
use crate::model::dataset::Access;
use crate::model::facets::{Counted, Facets, last_segment};

/// How many values of a facet are named.
const NAMED: usize = 8;

/// The words for a level of access.
#[must_use]
pub fn access_key(access: Access) -> &'static str {
    match access {
        Access::Open => "cli-access-open",
        Access::Conditions => "cli-access-conditions",
        Access::Closed => "cli-access-closed",
    }
}

/// How many datasets there are, and how many have which access, owner, theme and format.
#[must_use]
pub fn facets(texts: &Texts, total: usize, facets: &Facets) -> String {
    let of_access = |access: &Access| texts.get(access_key(*access), &[]);
    let of_automatic = |yes: &bool| texts.get(if *yes { "facets-yes" } else { "facets-no" }, &[]);
    let values = [
        ("facets-access", said(texts, &facets.access, of_access)),
        ("facets-automatic", said(texts, &facets.automatic, of_automatic)),
        ("facets-owner", said(texts, &facets.owner, |owner| owner.to_string())),
        ("facets-theme", said(texts, &facets.theme, |theme| last_segment(theme.as_str()).to_owned())),
        ("facets-format", said(texts, &facets.format, Clone::clone)),
    ];
    let mut lines = vec![texts.get("facets-total", &[("n", total.into())])];
    for (key, values) in values.into_iter().filter(|(_, values)| !values.is_empty()) {
        lines.push(wrapped("  ", &texts.get(key, &[("values", values.into())])));
    }
    lines.join("\n")
}

fn said<T>(texts: &Texts, values: &[Counted<T>], words: impl Fn(&T) -> String) -> String {
    let one = |counted: &Counted<T>| format!("{} ({})", plain(&words(&counted.value)), counted.count);
    let mut all: Vec<String> = values.iter().take(NAMED).map(one).collect();
    if let more @ 1.. = values.len().saturating_sub(NAMED) {
        all.push(texts.get("facets-more", &[("n", more.into())]));
    }
    all.join(", ")
}
