//! Each distinct body once, whoever wrote it, and what it reads of a dataset or column.

use std::collections::HashMap;
use std::sync::Arc;

use crate::conditions::load::{Asked, Condition};
use crate::conditions::paths::{PathSet, Paths};
use crate::conditions::schema::Schema;
use crate::conditions::slice::{Part, SliceError};
use crate::model::Name;
use crate::model::condition::{Kind, Role};

/// A body, and what else decides what it comes to.
#[derive(Debug)]
pub(super) struct Body {
    /// The one rule, as the evaluator takes it.
    pub(super) part: Part,
    pub(super) ground: bool,
    pub(super) reads: Reads,
    /// Every path that it names.
    pub(super) named: PathSet,
    /// Whose acceptance it reads: its own.
    pub(super) accepts: Option<Name>,
}

/// What of a dataset or column makes a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reads {
    pub(super) personal_data: bool,
    pub(super) special_categories: bool,
    pub(super) embargo: bool,
    /// Which columns are asked for.
    pub(super) columns: bool,
    pub(super) name: bool,
    pub(super) group: bool,
    pub(super) personal: bool,
    pub(super) identifying: bool,
    pub(super) special: bool,
}

impl Reads {
    fn of(paths: &Paths, named: &PathSet) -> Self {
        let names = |path: &str| paths.id(path).is_some_and(|id| named.contains(id));
        Reads {
            personal_data: names("resource.personalData"),
            special_categories: names("resource.specialCategories"),
            embargo: names("resource.embargoUntil"),
            columns: names("context.scope.columns"),
            name: names("resource.name"),
            group: names("resource.group"),
            personal: names("resource.personal"),
            identifying: names("resource.identifying"),
            special: names("resource.special"),
        }
    }

    pub(super) fn or(self, other: Reads) -> Reads {
        Reads {
            personal_data: self.personal_data || other.personal_data,
            special_categories: self.special_categories || other.special_categories,
            embargo: self.embargo || other.embargo,
            columns: self.columns || other.columns,
            name: self.name || other.name,
            group: self.group || other.group,
            personal: self.personal || other.personal,
            identifying: self.identifying || other.identifying,
            special: self.special || other.special,
        }
    }
}

/// The bodies by number.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    all: Vec<Body>,
    known: HashMap<(Role, Asked, String), u32>,
}

impl Bodies {
    /// The number of a condition's body. Two conditions have one body if they are of one role, asked alike, and test the same expression;
    /// labels, laws and names make no difference.
    pub(super) fn number(&mut self, schema: &Schema, condition: &Arc<Condition>) -> Result<u32, SliceError> {
        // all that become true by signing come to the same
        let role = match condition.role {
            Role::Condition(kind) if kind != Kind::Entry => Role::Condition(Kind::Promise),
            other => other,
        };
        let key =
            (role, condition.asked, condition.expr().map_or_else(|| condition.policy.to_string(), |e| e.to_string()));
        if let Some(known) = self.known.get(&key) {
            return Ok(*known);
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        let mut part = Part::default();
        part.add(condition.id.to_string(), 0, condition)?;
        let (body, named) = (&condition.body, condition.body.named);
        self.all.push(Body {
            part,
            ground: role == Role::Ground,
            reads: Reads::of(schema.paths(), &named),
            named,
            accepts: (!body.accepted.is_empty()).then(|| condition.id.clone()),
        });
        self.known.insert(key, number);
        Ok(number)
    }

    pub(super) fn get(&self, number: u32) -> Option<&Body> {
        self.all.get(usize::try_from(number).ok()?)
    }

    pub(super) fn into_all(self) -> Vec<Body> {
        self.all
    }
}
