//! Who is asked for a person's approval, before anything is known of the reuser: as the outline of each dataset says it, once per unit.

use std::collections::BTreeSet;

use super::answers::Units;
use super::ask::Asking;
use super::index::{Class, ClassId, Index, Probe};
use crate::conditions::decide::EvaluationFault;
use crate::conditions::question::Question;
use crate::conditions::reading::{Can, OPEN, World, looks_at};
use crate::model::Time;
use crate::model::decision::Need;
use crate::model::input::{Facts, Scope};

/// For each class whether some ground or condition asks an approval.
#[derive(Debug)]
pub struct Approvals(Vec<bool>);

impl Approvals {
    /// Whether one is asked for datasets of this class; taken as asked of what cannot be told.
    #[must_use]
    pub fn asked(&self, class: ClassId) -> bool {
        usize::try_from(class.0).ok().and_then(|at| self.0.get(at)).copied().unwrap_or(true)
    }
}

impl Index {
    /// Which classes ask an approval at an instant: those with a body in which one still counts when nothing is known of the reuser.
    ///
    /// # Errors
    /// Never under a schema that is in force.
    pub fn approvals(&self, now: Time) -> Result<Approvals, EvaluationFault> {
        let input = self.input(&Asking {
            now,
            applicant: None,
            purpose: None,
            scope: Scope::default(),
            declared: Facts::new(),
            verified: std::collections::BTreeMap::new(),
            declined: BTreeSet::new(),
        });
        let question = Question::new(&self.schema, &input)?;
        let mut asks = vec![false; self.units.len()];
        for (probe, units) in &self.probes {
            let rule = |unit: u32| Some(&self.body_of(unit)?.rule).filter(|rule| rule.condition.body.approvals);
            let reading: Vec<_> = units.iter().filter_map(|unit| Some((*unit, rule(*unit)?))).collect();
            if reading.is_empty() {
                continue;
            }
            // as in an outline, no columns are named
            let about = self.about(&question, &Probe { columns: None, ..probe.clone() });
            for (unit, rule) in reading {
                // what cannot be put to Cedar is decided by nobody: whoever mends it is asked
                let asked = about.as_ref().map_or(true, |(request, entities, present)| {
                    let paths = self.schema.paths();
                    let known = present.without(paths.open());
                    let world = World { paths, request, entities, present: known, approvals: &BTreeSet::new() };
                    let node = &rule.condition.body.node;
                    let needs = || looks_at(&world, node, true);
                    world.can(node, OPEN).has(Can::TRUE)
                        && needs().leaves().into_iter().any(|leaf| matches!(leaf, Need::Approval(_)))
                });
                if let Some(place) = usize::try_from(unit).ok().and_then(|at| asks.get_mut(at)) {
                    *place = asked;
                }
            }
        }
        let of = |class: &Class| match class {
            Class::Without(_) => false,
            Class::Judged(judged) => {
                let units = Units { refs: &self.refs, judged };
                units.all().any(|unit| usize::try_from(*unit).ok().and_then(|at| asks.get(at)).copied().unwrap_or(true))
            }
        };
        Ok(Approvals(self.classes.iter().map(of).collect()))
    }
}
