//! What the conditions of one dataset ask, before anything is known of the reuser: the dataset is known, all else is open.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::{Entities, Request};

use super::decide::EvaluationFault;
use super::paths::PathSet;
use super::question::Question;
use super::reading::{Can, OPEN, World, counting, looks_at};
use super::schema::Schema;
use super::slice::{Rule, Slice};
use crate::model::dataset::Dataset;
use crate::model::decision::{Need, Wish};
use crate::model::input::{DecisionInput, InputType, Scope, Stage, Versions};
use crate::model::outline::{Outline, Standing};
use crate::model::{Name, Salt, Time};

/// What the service sets, so that nobody is asked for it.
const NOT_ASKED: [&str; 3] = ["now", "accepted", "approvals"];

/// Each ground and condition of a slice as it stands for a dataset, in the order of the sets.
///
/// # Errors
/// [`EvaluationFault`] if the dataset cannot be put to Cedar.
pub fn outlines(schema: &Schema, slice: &Slice, dataset: &Dataset, now: Time) -> Result<Vec<Outline>, EvaluationFault> {
    let all = slice.conditions().map(|(_, c)| c.id.clone()).collect();
    let inputs = [nothing_known(schema, dataset, now, BTreeSet::new()), nothing_known(schema, dataset, now, all)];
    let [declined, accepted] = inputs.each_ref().map(|input| Question::new(schema, input));
    let (declined, accepted) = (declined?, accepted?);
    let known = accepted.present.without(schema.paths().open());
    let mut found = BTreeMap::new();
    for rule in &slice.once.rules {
        let worlds = [(&declined.request, &declined.entities), (&accepted.request, &accepted.entities)];
        found.insert(rule.order, outline(rule, Asks::of(schema, rule, worlds, known), None, Vec::new()));
    }
    let mut per_column: BTreeMap<usize, Vec<(String, Asks)>> = BTreeMap::new();
    if !slice.per_column.rules.is_empty() {
        for column in &dataset.columns {
            let (without, with) = (declined.about(column)?, accepted.about(column)?);
            for rule in &slice.per_column.rules {
                let asks = Asks::of(schema, rule, [(&without.0, &without.1), (&with.0, &with.1)], known);
                per_column.entry(rule.order).or_default().push((column.name.clone(), asks));
            }
        }
    }
    for rule in &slice.per_column.rules {
        let (asks, columns, barred) = over_columns(rule, per_column.remove(&rule.order).unwrap_or_default());
        let every = columns.len() + barred.len() == dataset.columns.len() && !columns.is_empty();
        found.insert(rule.order, outline(rule, asks, Some(columns).filter(|_| !every), barred));
    }
    Ok(found.into_values().collect())
}

fn outline(rule: &Rule, asks: Asks, columns: Option<Vec<String>>, barred: Vec<String>) -> Outline {
    Outline {
        id: rule.name.clone(),
        role: rule.condition.role,
        standing: asks.standing,
        columns,
        barred,
        needs: Some(asks.needs).filter(|n| !n.is_nothing()),
        wishes: asks.wishes,
        text: rule.condition.text.clone(),
    }
}

/// What one rule asks.
#[derive(Debug, Clone)]
struct Asks {
    standing: Standing,
    needs: Need,
    wishes: Vec<Wish>,
}

impl Asks {
    /// `worlds`: nothing accepted, and everything.
    fn of(schema: &Schema, rule: &Rule, worlds: [(&Request, &Entities); 2], known: PathSet) -> Self {
        let approvals = BTreeSet::new();
        let [declined, world] = worlds.map(|(request, entities)| World {
            paths: schema.paths(),
            request,
            entities,
            present: known,
            approvals: &approvals,
        });
        let node = &rule.condition.body.node;
        let settled = |standing| Asks { standing, needs: Need::All(Vec::new()), wishes: Vec::new() };
        if !world.can(node, OPEN).has(Can::TRUE) {
            return settled(Standing::Never);
        }
        // what is true only because it is accepted is asked
        if declined.can(node, OPEN) == Can::TRUE {
            return settled(Standing::Met);
        }
        let mut wishes = Vec::new();
        counting(&world, node, true, &mut wishes);
        wishes.retain(|w| !NOT_ASKED.contains(&w.path.as_str()));
        Asks { standing: Standing::Asks, needs: asked(looks_at(&world, node, true)), wishes }
    }
}

/// A ground that is asked per column covers the columns for which it can be met; a condition binds those for which it is not met
/// already, and bars those for which it never is.
fn over_columns(rule: &Rule, columns: Vec<(String, Asks)>) -> (Asks, Vec<String>, Vec<String>) {
    let ground = rule.is_ground();
    let known = !columns.is_empty();
    let (mut names, mut barred, mut needs, mut wishes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut standing = None;
    for (name, asks) in columns {
        match asks.standing {
            Standing::Met if !ground => continue,
            Standing::Never if ground => continue,
            Standing::Never => {
                barred.push(name);
                continue;
            }
            // asked of some columns is asked
            Standing::Asks => standing = Some(Standing::Asks),
            Standing::Met => standing = standing.or(Some(Standing::Met)),
        }
        names.push(name);
        needs.push(asks.needs);
        wishes.extend(asks.wishes.into_iter().filter(|w| !wishes.contains(w)).collect::<Vec<_>>());
    }
    let needs = if ground { Need::any(needs) } else { Need::all(needs) };
    let nowhere = if known && !ground && barred.is_empty() { Standing::Met } else { Standing::Never };
    (Asks { standing: standing.unwrap_or(nowhere), needs, wishes }, names, barred)
}

/// Without what the service sets.
fn asked(need: Need) -> Need {
    match need {
        Need::Fact(path) if NOT_ASKED.contains(&path.as_str()) => Need::All(Vec::new()),
        Need::All(parts) => Need::all(parts.into_iter().map(asked).collect()),
        Need::Any(parts) => Need::any(parts.into_iter().map(asked).collect()),
        other => other,
    }
}

fn nothing_known(schema: &Schema, dataset: &Dataset, now: Time, accepted: BTreeSet<Name>) -> DecisionInput {
    DecisionInput {
        kind: InputType::DecisionInput,
        salt: Salt::new([0; 32]),
        now,
        stage: Stage::Check,
        request: None,
        applicant: None,
        purpose: None,
        scope: Scope::default(),
        dataset: dataset.clone(),
        declared: BTreeMap::new(),
        verified: BTreeMap::new(),
        uncounted: Vec::new(),
        approvals: Vec::new(),
        accepted,
        sets: Vec::new(),
        schema: schema.digest(),
        trust_list: None,
        versions: Versions { cedar: super::cedar_version(), datadeal: env!("CARGO_PKG_VERSION").to_owned() },
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::conditions::cases::CaseDataset;
    use crate::conditions::{library, load};
    use crate::model::condition::Level;

    fn outlined(names: &[&str], dataset: serde_json::Value) -> Vec<Outline> {
        let schema = Schema::built_in().unwrap();
        let text: String = names.iter().map(|n| library::folder(n).unwrap().policy).collect();
        let set = load(&schema, "set", &text, Level::Dataset).unwrap();
        let dataset = serde_json::from_value::<CaseDataset>(dataset).unwrap().into_dataset().unwrap();
        let slice = Slice::new(vec![Arc::new(set)]).unwrap();
        outlines(&schema, &slice, &dataset, "2026-11-25T09:00:00Z".parse().unwrap()).unwrap()
    }

    #[test]
    fn each_names_what_it_reads_and_what_counts() {
        let all: Vec<&str> = library::folders().iter().map(|f| f.name).collect();
        let dataset = serde_json::json!({"personalData": true, "columns": [
            {"name": "year"}, {"name": "birthDate", "personal": true, "identifying": true}]});
        let lines: Vec<String> = outlined(&all, dataset)
            .iter()
            .map(|o| {
                let wishes: Vec<_> =
                    o.wishes.iter().map(|w| format!("{} {:?} {:?}", w.path, w.relation, w.values)).collect();
                let columns = o.columns.as_ref().map(|c| format!(" [{}]", c.join(","))).unwrap_or_default();
                let barred = if o.barred.is_empty() { String::new() } else { format!(" barred {:?}", o.barred) };
                format!("{}{columns}{barred} {:?}\n  {:?}\n  {}", o.id, o.standing, o.needs, wishes.join("; "))
            })
            .collect();
        insta::assert_snapshot!(lines.join("\n"));
    }

    #[test]
    fn what_the_dataset_settles_is_not_asked() {
        let plain = serde_json::json!({"personalData": false, "columns": [{"name": "year"}]});
        let found = outlined(&["embargo", "personal-columns"], plain);
        assert!(found.iter().all(|o| o.standing == Standing::Met && o.needs.is_none()), "{found:#?}");
    }
}
