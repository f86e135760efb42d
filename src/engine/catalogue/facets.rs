//! What a list of datasets is narrowed by, and how many each choice would leave: counted over the index.

use std::collections::BTreeMap;

use super::index::{Catalogue, Listed};
use crate::conditions::eligible::{Approvals, Kind};
use crate::model::OrgId;
use crate::model::condition::Lang;
use crate::model::dataset::Access;
use crate::model::facets::{Counted, Facets, format_word, is_theme};

/// So many values of a facet are told.
const MOST: usize = 100;

/// Which datasets somebody looks for. What is left out limits nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Those that have all of these words.
    pub words: String,
    /// In which language the words are; none: in either.
    pub lang: Option<Lang>,
    /// Of this owner.
    pub owner: Option<OrgId>,
    /// About this theme: its IRI, or what that ends with.
    pub theme: Option<String>,
    /// So open.
    pub access: Option<Access>,
    /// Given in this format, as `CSV`.
    pub format: Option<String>,
    /// Whether they can be had without a person deciding.
    pub automatic: Option<bool>,
}

/// Counts datasets one after the other.
pub(super) struct Counting<'c> {
    catalogue: &'c Catalogue,
    approvals: &'c Approvals,
    /// The place of the wanted owner; `Some(None)` for one that has no dataset.
    owner: Option<Option<u32>>,
    access: Option<Access>,
    automatic: Option<bool>,
    /// Whether what a dataset is about has the wanted theme, and the wanted format.
    theme: Vec<bool>,
    format: Vec<bool>,
    owners: Vec<usize>,
    /// For each thing that datasets are about how many count for themes, and for formats.
    themes: Vec<usize>,
    formats: Vec<usize>,
    accesses: BTreeMap<&'static str, (Access, usize)>,
    automatics: [usize; 2],
}

impl<'c> Counting<'c> {
    pub(super) fn new(catalogue: &'c Catalogue, approvals: &'c Approvals, wanted: &Wanted) -> Self {
        let owner = |owner: &OrgId| {
            let at = catalogue.owners.iter().position(|o| o == owner);
            at.and_then(|at| u32::try_from(at).ok())
        };
        let format = wanted.format.as_deref().map(format_word);
        let abouts = &catalogue.abouts;
        let has_theme =
            |meant: &str| abouts.iter().map(|about| about.themes.iter().any(|t| is_theme(t, meant))).collect();
        let has_format = |meant: &String| abouts.iter().map(|about| about.formats.contains(meant)).collect();
        Counting {
            catalogue,
            approvals,
            owner: wanted.owner.as_ref().map(owner),
            access: wanted.access,
            automatic: wanted.automatic,
            theme: wanted.theme.as_deref().map_or_else(|| vec![true; abouts.len()], has_theme),
            format: format.as_ref().map_or_else(|| vec![true; abouts.len()], has_format),
            owners: vec![0; catalogue.owners.len()],
            themes: vec![0; abouts.len()],
            formats: vec![0; abouts.len()],
            accesses: BTreeMap::new(),
            automatics: [0; 2],
        }
    }

    /// Counts a dataset, and says whether it is wanted. One that a single facet keeps out counts for that facet alone.
    pub(super) fn count(&mut self, listed: &Listed) -> bool {
        let automatic = self.is_automatic(listed);
        let has = |list: &[bool]| usize::try_from(listed.about).ok().and_then(|at| list.get(at)).copied() == Some(true);
        let passes = [
            self.owner.is_none_or(|owner| owner == Some(listed.owner)),
            has(&self.theme),
            self.access.is_none_or(|access| access == listed.access),
            has(&self.format),
            self.automatic.is_none_or(|wanted| automatic == Some(wanted)),
        ];
        let missed = passes.iter().filter(|passes| !**passes).count();
        let counts = |facet: bool| missed == 0 || (missed == 1 && !facet);
        let [owner, theme, access, format, by_person] = passes;
        if counts(owner) {
            add(&mut self.owners, listed.owner);
        }
        if counts(theme) {
            add(&mut self.themes, listed.about);
        }
        if counts(access) {
            self.accesses.entry(listed.access.as_str()).or_insert((listed.access, 0)).1 += 1;
        }
        if counts(format) {
            add(&mut self.formats, listed.about);
        }
        if let Some(automatic) = automatic.filter(|_| counts(by_person)) {
            let [no, yes] = &mut self.automatics;
            *(if automatic { yes } else { no }) += 1;
        }
        missed == 0
    }

    /// Whether no person decides beforehand: of a dataset that asks nobody's approval, and can be given at all or is refused at once. None if
    /// its catalogue holds it no more, for nobody can ask for it.
    fn is_automatic(&self, listed: &Listed) -> Option<bool> {
        let automatic = match self.catalogue.index.kind(listed.class) {
            Kind::Open => true,
            Kind::Judged => !self.approvals.asked(listed.class),
            Kind::NonePublished => listed.refused,
            Kind::Faulty(_) => false,
        };
        Some(automatic).filter(|_| !listed.gone)
    }

    pub(super) fn facets(self) -> Facets {
        let (mut themes, mut formats) = (BTreeMap::new(), BTreeMap::new());
        for ((about, theme), format) in self.catalogue.abouts.iter().zip(&self.themes).zip(&self.formats) {
            for iri in about.themes.iter().filter(|_| *theme > 0) {
                *themes.entry(iri).or_insert(0) += theme;
            }
            for word in about.formats.iter().filter(|_| *format > 0) {
                *formats.entry(word).or_insert(0) += format;
            }
        }
        let [no, yes] = self.automatics;
        let mut access: Vec<_> = self.accesses.into_values().map(|(value, count)| Counted { value, count }).collect();
        access.sort_by_key(|counted| std::cmp::Reverse(counted.count));
        Facets {
            owner: most(self.catalogue.owners.iter().zip(self.owners)),
            theme: most(themes),
            access,
            format: most(formats),
            automatic: most([(&true, yes), (&false, no)]),
        }
    }
}

fn add(counts: &mut [usize], at: u32) {
    if let Some(count) = usize::try_from(at).ok().and_then(|at| counts.get_mut(at)) {
        *count += 1;
    }
}

/// The most frequent values, those that are as frequent in their own order.
fn most<'a, T: Clone + Ord + 'a>(counts: impl IntoIterator<Item = (&'a T, usize)>) -> Vec<Counted<T>> {
    let mut found: Vec<(&T, usize)> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
    found.sort_unstable_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.cmp(b)));
    found.into_iter().take(MOST).map(|(value, count)| Counted { value: value.clone(), count }).collect()
}
