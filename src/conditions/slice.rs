//! The slice of one dataset: the sets of portal, owner and dataset, put together so that one question reads no other policy.

use std::collections::HashMap;
use std::sync::Arc;

use cedar_policy::{PolicyId, PolicySet};

use super::load::{Asked, Condition, ConditionSet};
use crate::model::condition::Role;

/// The sets that bind one dataset, compiled together.
#[derive(Debug)]
pub struct Slice {
    sets: Vec<Arc<ConditionSet>>,
    pub(super) once: Part,
    pub(super) per_column: Part,
}

/// The policies of one action.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) policies: PolicySet,
    pub(super) rules: Vec<Rule>,
    /// Which rule a policy is.
    pub(super) index: HashMap<PolicyId, usize>,
}

impl Part {
    /// Adds a rule under its name.
    pub(super) fn add(&mut self, name: String, order: usize, condition: &Arc<Condition>) -> Result<(), SliceError> {
        let id = PolicyId::new(&name);
        let taken = self.policies.add(condition.policy.new_id(id.clone())).is_err();
        if taken || self.index.insert(id, self.rules.len()).is_some() {
            return Err(SliceError(name));
        }
        self.rules.push(Rule { name, order, condition: Arc::clone(condition) });
        Ok(())
    }
}

/// A ground or condition in its slice.
#[derive(Debug)]
pub(super) struct Rule {
    /// `level/id`.
    pub(super) name: String,
    /// Its place among all rules of the slice.
    pub(super) order: usize,
    pub(super) condition: Arc<Condition>,
}

impl Rule {
    pub(super) fn is_ground(&self) -> bool {
        self.condition.role == Role::Ground
    }
}

/// Two sets of one level in one slice, so two policies have one name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{0}` stands twice in the conditions of this dataset")]
#[diagnostic(code(conditions::slice), help("portal, owner and dataset each have one set in force"))]
pub struct SliceError(String);

impl Slice {
    /// Puts sets together, portal first.
    ///
    /// # Errors
    /// [`SliceError`] if two policies have one name.
    pub fn new(sets: Vec<Arc<ConditionSet>>) -> Result<Self, SliceError> {
        Self::without(sets, None)
    }

    /// The slice without one of its policies (`level/id`): what a set is worth is what changes when a condition is gone.
    pub(super) fn without(sets: Vec<Arc<ConditionSet>>, skip: Option<&str>) -> Result<Self, SliceError> {
        let mut parts = [Part::default(), Part::default()];
        let mut order = 0;
        for set in &sets {
            for condition in set.conditions() {
                let name = format!("{}/{}", set.level().as_str(), condition.id);
                if skip == Some(name.as_str()) {
                    continue;
                }
                let [once, per_column] = &mut parts;
                let part = if condition.asked == Asked::Once { once } else { per_column };
                part.add(name, order, condition)?;
                order += 1;
            }
        }
        let [once, per_column] = parts;
        Ok(Slice { sets, once, per_column })
    }

    /// The sets, portal first.
    #[must_use]
    pub fn sets(&self) -> &[Arc<ConditionSet>] {
        &self.sets
    }

    /// Every ground and condition with its name `level/id`, in the order of the sets.
    pub fn conditions(&self) -> impl Iterator<Item = (String, &Condition)> {
        self.sets.iter().flat_map(|set| {
            set.conditions().iter().map(move |c| (format!("{}/{}", set.level().as_str(), c.id), c.as_ref()))
        })
    }

    /// True if the slice names a ground, without which nothing is ever permitted.
    #[must_use]
    pub fn has_ground(&self) -> bool {
        self.rules().any(Rule::is_ground)
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.once.rules.iter().chain(&self.per_column.rules)
    }
}

impl Default for Part {
    fn default() -> Self {
        Part { policies: PolicySet::new(), rules: Vec::new(), index: HashMap::new() }
    }
}
