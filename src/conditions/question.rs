//! A decision input as Cedar's request, entities and context. Built small: the reuser, the dataset, the one purpose with its
//! ancestors, the actions; built once per question and shared by its columns.

use std::collections::{BTreeSet, HashMap, HashSet};

use cedar_policy::{Context, Entities, Entity, EntityUid, Request, RestrictedExpression as Expr};
use serde_json::Value;

use super::decide::EvaluationFault;
use super::facts;
use super::paths::PathSet;
use super::schema::{Schema, type_uid, uid};
use crate::model::Time;
use crate::model::dataset::{Column, Dataset};
use crate::model::input::{DecisionInput, Scope};

/// One question, ready for Cedar.
pub(super) struct Question<'a> {
    schema: &'a Schema,
    pub(super) input: &'a DecisionInput,
    context: Context,
    principal: EntityUid,
    /// Entities of the question about the dataset.
    pub(super) entities: Entities,
    /// The question about the dataset.
    pub(super) request: Request,
    /// Paths that have a value.
    pub(super) present: PathSet,
    pub(super) approvals: BTreeSet<&'a str>,
}

fn bad(why: impl std::fmt::Display) -> EvaluationFault {
    EvaluationFault::Input(why.to_string())
}

impl<'a> Question<'a> {
    /// Builds the question about the dataset.
    pub(super) fn new(schema: &'a Schema, input: &'a DecisionInput) -> Result<Self, EvaluationFault> {
        let uids = &schema.uids;
        let purpose = input.purpose.as_deref();
        let purpose_uid = match purpose {
            Some(p) => {
                Some(schema.purpose_uid(p).ok_or_else(|| EvaluationFault::MissingEntity(format!("Purpose::\"{p}\"")))?)
            }
            None => None,
        };
        let mut present = PathSet::default();
        let principal = uid(&uids.organisation, input.applicant.as_ref().map_or("", |a| a.as_str()));
        let organisation = organisation(schema, input, principal.clone(), &mut present)?;
        let resource = uid(&uids.dataset, input.dataset.id.as_str());
        let Dataset { personal_data, special_categories, embargo_until, .. } = &input.dataset;
        let dataset = dataset(schema, resource.clone(), *personal_data, *special_categories, *embargo_until)?;
        let entities = schema.store(purpose).clone().add_entities([organisation, dataset], None).map_err(bad)?;

        mark_context(schema, input, &mut present);
        let context = context(schema, input, purpose_uid, &input.scope)?;
        let request =
            Request::new(principal.clone(), uids.reuse.clone(), resource, context.clone(), None).map_err(bad)?;
        for needed in [&principal, &uids.reuse, &uids.reuse_column].into_iter().chain(purpose_uid) {
            if entities.get(needed).is_none() {
                return Err(EvaluationFault::MissingEntity(needed.to_string()));
            }
        }
        let approvals = input.approvals.iter().map(|a| a.name.as_str()).collect();
        Ok(Question { schema, input, context, principal, entities, request, present, approvals })
    }

    /// The same question about one column.
    pub(super) fn about(&self, column: &Column) -> Result<(Request, Entities), EvaluationFault> {
        self.of_column(self.context.clone(), column)
    }

    /// What stands beside the reuser: as it is, or with these columns asked for.
    pub(super) fn context(&self, columns: Option<&BTreeSet<String>>) -> Result<Context, EvaluationFault> {
        let Some(columns) = columns else { return Ok(self.context.clone()) };
        let purpose = self.input.purpose.as_deref().and_then(|p| self.schema.purpose_uid(p));
        let scope = Scope { columns: columns.clone(), ..self.input.scope.clone() };
        context(self.schema, self.input, purpose, &scope)
    }

    /// The same question about another dataset, of which no more is given than conditions can read; with the paths that have a value.
    pub(super) fn of_dataset(
        &self,
        context: Context,
        personal_data: bool,
        special_categories: bool,
        embargo_until: Option<Time>,
    ) -> Result<(Request, Entities, PathSet), EvaluationFault> {
        let uids = &self.schema.uids;
        // no dataset has this id, for it is no IRI
        let resource = uid(&uids.dataset, "another");
        let dataset = dataset(self.schema, resource.clone(), personal_data, special_categories, embargo_until)?;
        let entities = self.entities.clone().add_entities([dataset], None).map_err(bad)?;
        let request = Request::new(self.principal.clone(), uids.reuse.clone(), resource, context, None).map_err(bad)?;
        let mut present = self.present;
        present.extend(embargo_until.and_then(|_| self.schema.paths().id("resource.embargoUntil")));
        Ok((request, entities, present))
    }

    /// The same question about one column, in another context.
    pub(super) fn of_column(&self, context: Context, column: &Column) -> Result<(Request, Entities), EvaluationFault> {
        let uids = &self.schema.uids;
        let resource = uid(&uids.column, &format!("{}#{}", self.input.dataset.id, column.name));
        let attributes = [
            ("name".to_owned(), Expr::new_string(column.name.clone())),
            ("group".to_owned(), Expr::new_string(column.group.clone())),
            ("personal".to_owned(), Expr::new_bool(column.personal)),
            ("identifying".to_owned(), Expr::new_bool(column.identifying)),
            ("special".to_owned(), Expr::new_bool(column.special)),
        ];
        let entity = Entity::new(resource.clone(), attributes.into_iter().collect(), HashSet::new()).map_err(bad)?;
        let entities = self.entities.clone().add_entities([entity], None).map_err(bad)?;
        let request =
            Request::new(self.principal.clone(), uids.reuse_column.clone(), resource, context, None).map_err(bad)?;
        Ok((request, entities))
    }

    /// The value at a path, as the input holds it; `column` answers for `resource` in a question about a column.
    pub(super) fn value(&self, path: &str, column: Option<&Column>) -> Option<Value> {
        let mut steps = path.split('.');
        let (input, dataset) = (self.input, &self.input.dataset);
        let (root, first) = (steps.next()?, steps.next()?);
        let found = match (root, first) {
            ("principal", "declared") => input.declared.get(steps.next()?).cloned(),
            ("principal", "verified") => input.verified.get(steps.next()?).map(|v| v.value.clone()),
            ("context", "now") => Some(input.now.to_string().into()),
            ("context", "purpose") => input.purpose.clone().map(Value::from),
            ("context", "scope") => serde_json::to_value(&input.scope).ok()?.get(steps.next()?).cloned(),
            ("resource", "personalData") => Some(dataset.personal_data.into()),
            ("resource", "specialCategories") => Some(dataset.special_categories.into()),
            ("resource", "embargoUntil") => dataset.embargo_until.map(|t| t.to_string().into()),
            ("resource", "name") => column.map(|c| c.name.clone().into()),
            ("resource", "group") => column.map(|c| c.group.clone().into()),
            ("resource", "personal") => column.map(|c| c.personal.into()),
            ("resource", "identifying") => column.map(|c| c.identifying.into()),
            ("resource", "special") => column.map(|c| c.special.into()),
            _ => None,
        }?;
        steps.try_fold(found, |value, step| value.get(step).cloned())
    }
}

/// The reuser with declared and verified facts.
fn organisation(
    schema: &Schema,
    input: &DecisionInput,
    uid: EntityUid,
    present: &mut PathSet,
) -> Result<Entity, EvaluationFault> {
    let mut declared = Vec::with_capacity(input.declared.len());
    for (name, value) in &input.declared {
        declared.push((name.clone(), facts::expression(schema, name, value).map_err(bad)?));
        present.extend(schema.facts().get(name).map(|f| f.declared));
    }
    let mut verified = Vec::with_capacity(input.verified.len());
    for (name, fact) in &input.verified {
        verified.push((name.clone(), facts::expression(schema, name, &fact.value).map_err(bad)?));
        present.extend(schema.facts().get(name).map(|f| f.verified));
    }
    let record = |fields| Expr::new_record(fields).map_err(bad);
    let attributes = [("declared".to_owned(), record(declared)?), ("verified".to_owned(), record(verified)?)];
    Entity::new(uid, attributes.into_iter().collect(), HashSet::new()).map_err(bad)
}

/// What conditions can read of a dataset.
fn dataset(
    schema: &Schema,
    uid: EntityUid,
    personal_data: bool,
    special_categories: bool,
    embargo_until: Option<Time>,
) -> Result<Entity, EvaluationFault> {
    let mut attributes = HashMap::from([
        ("personalData".to_owned(), Expr::new_bool(personal_data)),
        ("specialCategories".to_owned(), Expr::new_bool(special_categories)),
    ]);
    attributes.extend(embargo_until.map(|until| ("embargoUntil".to_owned(), schema.instants.value(until))));
    Entity::new(uid, attributes, HashSet::new()).map_err(bad)
}

fn context(
    schema: &Schema,
    input: &DecisionInput,
    purpose: Option<&EntityUid>,
    asked: &Scope,
) -> Result<Context, EvaluationFault> {
    let mut fields = vec![
        ("now".to_owned(), schema.instants.value(input.now)),
        ("scope".to_owned(), scope(schema, asked)?),
        ("accepted".to_owned(), Expr::new_set(input.accepted.iter().map(|a| Expr::new_string(a.as_str().to_owned())))),
        ("approvals".to_owned(), Expr::new_set(input.approvals.iter().map(|a| Expr::new_string(a.name.clone())))),
    ];
    fields.extend(purpose.map(|purpose| ("purpose".to_owned(), Expr::new_entity_uid(purpose.clone()))));
    Context::from_pairs(fields).map_err(bad)
}

fn scope(schema: &Schema, scope: &Scope) -> Result<Expr, EvaluationFault> {
    let texts = |set: &BTreeSet<String>| Expr::new_set(set.iter().map(|t| Expr::new_string(t.clone())));
    let level = type_uid(schema, "DataLevel", &scope.level)
        .filter(|_| schema.words("DataLevel").is_some_and(|w| w.contains(&scope.level)))
        .ok_or_else(|| bad(format!("`{}` is no data level of the schema", scope.level)))?;
    let mut fields = vec![
        ("columns".to_owned(), texts(&scope.columns)),
        ("level".to_owned(), Expr::new_entity_uid(level)),
        ("linkage".to_owned(), texts(&scope.linkage)),
        ("editions".to_owned(), texts(&scope.editions)),
    ];
    for (name, time) in [("periodFrom", scope.period_from), ("periodUntil", scope.period_until)] {
        fields.extend(time.map(|t| (name.to_owned(), schema.instants.value(t))));
    }
    for (name, number) in [("volumePerDay", scope.volume_per_day), ("termMonths", scope.term_months)] {
        fields.extend(number.map(|n| (name.to_owned(), Expr::new_long(n))));
    }
    Expr::new_record(fields).map_err(bad)
}

/// Marks what the question itself holds.
fn mark_context(schema: &Schema, input: &DecisionInput, present: &mut PathSet) {
    let scope = &input.scope;
    let optional = [
        ("context.purpose", input.purpose.is_some()),
        ("context.scope.periodFrom", scope.period_from.is_some()),
        ("context.scope.periodUntil", scope.period_until.is_some()),
        ("context.scope.volumePerDay", scope.volume_per_day.is_some()),
        ("context.scope.termMonths", scope.term_months.is_some()),
        ("resource.embargoUntil", input.dataset.embargo_until.is_some()),
    ];
    let always = ["context.now", "context.scope", "context.accepted", "context.approvals"].map(|p| (p, true));
    for (path, there) in optional.into_iter().chain(always) {
        if there && let Some(id) = schema.paths().id(path) {
            present.insert(id);
        }
    }
}
