//! The attribute paths of the schema, numbered once, so that "is it present?" and "what does it read?" are bit sets.

use std::collections::BTreeMap;
use std::sync::Arc;

/// A path of the schema by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PathId(u16);

/// How many paths a schema may have.
pub const MAX_PATHS: usize = 256;

/// A set of paths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PathSet([u64; MAX_PATHS / 64]);

impl PathSet {
    fn bit(id: PathId) -> (usize, u64) {
        (usize::from(id.0 / 64), 1 << (id.0 % 64))
    }
    /// Adds a path.
    pub fn insert(&mut self, id: PathId) {
        let (word, bit) = Self::bit(id);
        if let Some(w) = self.0.get_mut(word) {
            *w |= bit;
        }
    }
    /// True if the path is in the set.
    #[must_use]
    pub fn contains(&self, id: PathId) -> bool {
        let (word, bit) = Self::bit(id);
        self.0.get(word).is_some_and(|w| w & bit != 0)
    }
    /// What is in this set and not in the other.
    #[must_use]
    pub fn without(mut self, other: &PathSet) -> PathSet {
        for (w, o) in self.0.iter_mut().zip(other.0) {
            *w &= !o;
        }
        self
    }
    /// What is in both.
    #[must_use]
    pub fn and(mut self, other: &PathSet) -> PathSet {
        for (w, o) in self.0.iter_mut().zip(other.0) {
            *w &= o;
        }
        self
    }
    /// What is in either.
    #[must_use]
    pub fn or(mut self, other: &PathSet) -> PathSet {
        for (w, o) in self.0.iter_mut().zip(other.0) {
            *w |= o;
        }
        self
    }
    /// True if it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }
    /// The paths in order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = PathId> {
        self.0.into_iter().zip(0u16..).flat_map(|(mut word, i)| {
            std::iter::from_fn(move || {
                (word != 0).then(|| {
                    let bit = word.trailing_zeros();
                    word &= word - 1;
                    PathId(i * 64 + u16::try_from(bit).unwrap_or(0))
                })
            })
        })
    }
}

impl Extend<PathId> for PathSet {
    fn extend<I: IntoIterator<Item = PathId>>(&mut self, ids: I) {
        ids.into_iter().for_each(|id| self.insert(id));
    }
}

impl FromIterator<PathId> for PathSet {
    fn from_iter<I: IntoIterator<Item = PathId>>(ids: I) -> Self {
        let mut set = PathSet::default();
        set.extend(ids);
        set
    }
}

/// What is known of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathInfo {
    /// As conditions write it: `principal.declared.category`, `context.scope.columns`, `resource.personalData`.
    pub text: String,
    /// True if the value may be absent: an optional attribute, or a field of the question that is not filled in yet.
    pub optional: bool,
    /// True if a reuser can still supply it: facts and fields of the question. Never attributes of the dataset or column.
    pub open: bool,
    /// True for a record: only its attributes may be read.
    pub record: bool,
    /// Of an attribute of `resource`: that a dataset has it, and that a column has it.
    pub of: [bool; 2],
}

/// All paths of one schema.
#[derive(Debug, Default)]
pub struct Paths {
    by_text: BTreeMap<String, PathId>,
    info: Vec<PathInfo>,
    shown: Vec<Arc<str>>,
    open: PathSet,
}

impl Paths {
    /// Adds a path, or finds it again (a path of `resource` may stand for datasets and columns).
    pub(super) fn add(&mut self, info: PathInfo) -> Option<PathId> {
        if let Some(id) = self.by_text.get(&info.text) {
            if let Some(known) = self.info.get_mut(usize::from(id.0)) {
                known.of.iter_mut().zip(info.of).for_each(|(known, of)| *known |= of);
            }
            return Some(*id);
        }
        let id = PathId(u16::try_from(self.info.len()).ok().filter(|n| usize::from(*n) < MAX_PATHS)?);
        if info.open {
            self.open.insert(id);
        }
        let short =
            info.text.strip_prefix("principal.").or_else(|| info.text.strip_prefix("context.")).unwrap_or(&info.text);
        self.shown.push(short.replacen("resource.", "dataset.", 1).into());
        self.by_text.insert(info.text.clone(), id);
        self.info.push(info);
        Some(id)
    }
    /// The path with this text.
    #[must_use]
    pub fn id(&self, text: &str) -> Option<PathId> {
        self.by_text.get(text).copied()
    }
    /// What is known of it.
    #[must_use]
    pub fn info(&self, id: PathId) -> Option<&PathInfo> {
        self.info.get(usize::from(id.0))
    }
    /// The text that people and answers use: without `principal.` and `context.`, and `resource.` named by what it is.
    #[must_use]
    pub fn shown(&self, id: PathId) -> Arc<str> {
        self.shown.get(usize::from(id.0)).cloned().unwrap_or_default()
    }
    /// Everything that a reuser can still supply.
    #[must_use]
    pub fn open(&self) -> &PathSet {
        &self.open
    }
    /// Texts that resemble a wrong one, for "did you mean".
    #[must_use]
    pub fn nearest(&self, wrong: &str) -> Option<&str> {
        nearest(wrong, self.by_text.keys().map(String::as_str))
    }
}

/// The candidate with the smallest edit distance, if it is small.
pub(super) fn nearest<'a>(wrong: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|c| (distance(wrong, c), c))
        .min()
        .filter(|(d, _)| *d <= 1 + wrong.chars().count() / 6)
        .map(|(_, c)| c)
}

/// Levenshtein distance, one row at a time.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(row.first_mut().unwrap_or(&mut 0), i + 1);
        let mut left = i + 1;
        for (cell, y) in row.iter_mut().skip(1).zip(&b) {
            let cost = diagonal + usize::from(x != *y);
            diagonal = *cell;
            left = cost.min(*cell + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_lists_its_paths_in_order() {
        let ids = [0, 63, 64, 130, 255].map(PathId);
        let set: PathSet = ids.into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), ids);
        assert!(set.contains(PathId(64)) && !set.contains(PathId(65)));
        assert!(set.without(&set).is_empty());
    }

    #[test]
    fn a_typo_finds_its_neighbour() {
        assert_eq!(distance("employes", "employees"), 1);
        assert_eq!(nearest("employes", ["employees", "country"].into_iter()), Some("employees"));
        assert_eq!(nearest("xyz", ["employees"].into_iter()), None);
    }
}
