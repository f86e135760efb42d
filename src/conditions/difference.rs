//! Two versions of a set compared: ground by ground and condition by condition, line by line, and in what they permit.
//!
//! What they permit is told in two ways. The saved cases of both are put to both: that is exact, and says nothing of other questions.
//! And from the texts it is said, where that is certain, that exactly the same is permitted, or only less, or only more. A permit needs
//! one ground that holds and every condition, so a condition more, or one `&&` more in a body, can only take permits away.

use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::pst::{BinaryOp, Expr};
use similar::TextDiff;

use super::cases::{self, Case, Cases, CasesError};
use super::load::{Condition, ConditionSet};
use super::schema::Schema;
use super::slice::Slice;
use crate::model::Time;
use crate::model::condition::Role;
use crate::model::dataset::Dataset;
use crate::model::decision::Outcome;
use crate::model::difference::{
    Answered, CaseChange, CaseChanges, Change, Difference, Meaning, NotAsked, Part, RuleChange,
};

/// Lines shown around a changed one.
const CONTEXT: usize = 3;

/// A version of a set, with the cases that it was tested with, where they are known.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// Its number.
    pub number: u64,
    /// Its text.
    pub set: &'a Arc<ConditionSet>,
    /// Its cases.
    pub cases: Option<&'a Cases>,
}

/// What `after` changes. Both are read under one schema; `dataset` is the one of cases that bring none. Pure: each case has its own clock.
///
/// # Errors
/// None of the cases' own: one that a version cannot be asked is listed. Only a dataset of a case that is none.
pub fn difference(
    schema: &Schema,
    before: Option<&Version<'_>>,
    after: &Version<'_>,
    dataset: Option<&Dataset>,
) -> Result<Difference, CasesError> {
    let rules = rules(before.map_or(&[], |b| b.set.conditions()), after.set.conditions());
    let meaning = rules.iter().fold(Meaning::Same, |all, rule| all.and(rule.meaning));
    let (text, cases) = match before {
        Some(before) => (lines(before, after), case_changes(schema, before, after, dataset)?),
        None => (String::new(), CaseChanges::default()),
    };
    Ok(Difference { rules, meaning, text, cases })
}

fn lines(before: &Version<'_>, after: &Version<'_>) -> String {
    let names = [before, after].map(|v| format!("version {}", v.number));
    let diff = TextDiff::from_lines(before.set.text(), after.set.text());
    diff.unified_diff().context_radius(CONTEXT).header(&names[0], &names[1]).to_string()
}

fn rules(before: &[Arc<Condition>], after: &[Arc<Condition>]) -> Vec<RuleChange> {
    let find = |all: &[Arc<Condition>], one: &Condition| all.iter().find(|c| c.id == one.id).cloned();
    let new = after.iter().filter_map(|new| match find(before, new) {
        None => Some(rule(new, Change::Added)),
        Some(old) => changed(&old, new),
    });
    let gone = before.iter().filter(|old| find(after, old).is_none()).map(|old| rule(old, Change::Removed));
    new.chain(gone).collect()
}

/// A ground more permits more, a condition more permits less.
fn rule(condition: &Condition, change: Change) -> RuleChange {
    let wider = (condition.role == Role::Ground) == (change == Change::Added);
    RuleChange {
        id: condition.id.clone(),
        change,
        role: condition.role,
        label: condition.text.label.clone(),
        parts: Vec::new(),
        meaning: if wider { Meaning::Looser } else { Meaning::Stricter },
    }
}

fn changed(old: &Condition, new: &Condition) -> Option<RuleChange> {
    let (a, b) = (&old.text, &new.text);
    let bodies = (old.expr(), new.expr());
    let differs = [
        (Part::Kind, old.role != new.role),
        (Part::Asked, old.asked != new.asked),
        (Part::Body, bodies.0 != bodies.1),
        (Part::Label, a.label != b.label),
        (Part::Hint, a.hint != b.hint),
        (Part::Clause, a.clause != b.clause),
        (Part::LegalBasis, a.legal_basis != b.legal_basis),
        (Part::Due, a.due != b.due),
        (Part::Tariff, a.tariff != b.tariff),
        (Part::Theme, a.theme != b.theme),
    ];
    let mut parts: Vec<Part> = differs.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect();
    if parts.is_empty() {
        if old.policy.to_string() == new.policy.to_string() {
            return None;
        }
        parts.push(Part::Layout);
    }
    let same_form = old.asked == new.asked && (old.role == Role::Ground) == (new.role == Role::Ground);
    let meaning = match &bodies {
        (Some(a), Some(b)) if same_form => of_bodies(a, b),
        _ => Meaning::Open,
    };
    Some(RuleChange { parts, meaning, ..rule(new, Change::Changed) })
}

/// What a body instead of another does to the permits. The order of what is joined by `&&` does not matter, for a body that holds has
/// evaluated all of it; that of `||` does, since Cedar stops at the first that holds and an error before it would be a fault.
fn of_bodies(old: &Expr, new: &Expr) -> Meaning {
    if old == new {
        return Meaning::Same;
    }
    let joined = |e| operands(e, BinaryOp::And);
    let choices = |e| operands(e, BinaryOp::Or);
    let all_in = |some: Vec<&Expr>, all: Vec<&Expr>| some.iter().all(|e| all.contains(e));
    let more_joined = all_in(joined(old), joined(new));
    let less_joined = all_in(joined(new), joined(old));
    match (more_joined, less_joined) {
        (true, true) => Meaning::Same,
        (true, false) => Meaning::Stricter,
        (false, true) => Meaning::Looser,
        (false, false) if choices(old).starts_with(&choices(new)) => Meaning::Stricter,
        (false, false) if choices(new).starts_with(&choices(old)) => Meaning::Looser,
        (false, false) => Meaning::Open,
    }
}

/// What an operator joins, in the order of evaluation; a body without it is one operand.
fn operands(body: &Expr, joins: BinaryOp) -> Vec<&Expr> {
    match body {
        Expr::BinaryOp { op, left, right } if *op == joins => {
            let mut all = operands(left, joins);
            all.extend(operands(right, joins));
            all
        }
        other => vec![other],
    }
}

impl Meaning {
    /// What two changes do together.
    fn and(self, other: Meaning) -> Meaning {
        match (self, other) {
            (Meaning::Same, one) | (one, Meaning::Same) => one,
            (one, same) if one == same => one,
            _ => Meaning::Open,
        }
    }
}

/// One question out of a `cases.json`, whatever its name and whatever is expected.
#[derive(PartialEq)]
struct Asked {
    question: Case,
    now: Time,
    dataset: Dataset,
}

fn case_changes(
    schema: &Schema,
    before: &Version<'_>,
    after: &Version<'_>,
    dataset: Option<&Dataset>,
) -> Result<CaseChanges, CasesError> {
    // each version with the sets that its own cases want beside it; one whose cases are not known with those of the other
    let slice = |version: &Version<'_>| -> Result<Slice, CasesError> {
        let cases = version.cases.or(after.cases);
        let beside = cases.map(|c| cases::beside(schema, c)).transpose()?.unwrap_or_default();
        Ok(Slice::new(std::iter::once(Arc::clone(version.set)).chain(beside).collect())?)
    };
    let slices = (slice(before), slice(after));
    let mut out = CaseChanges::default();
    let mut asked = Vec::new();
    // the new version first: a question that both saved goes by its new name
    for cases in [after.cases, before.cases].into_iter().flatten() {
        let dataset = cases::dataset(cases, dataset)?;
        for case in &cases.cases {
            let question = Case {
                name: String::new(),
                expect: Outcome::Permit,
                failing: BTreeSet::new(),
                columns: None,
                now: None,
                ..case.clone()
            };
            let one = Asked { question, now: case.now.unwrap_or(cases.now), dataset: dataset.clone() };
            if asked.contains(&one) {
                continue;
            }
            let name = case.name.clone();
            match (answer(schema, &slices.0, &one), answer(schema, &slices.1, &one)) {
                (Ok(before), Ok(after)) => {
                    out.total += 1;
                    if before != after {
                        out.changed.push(CaseChange { name, before, after });
                    }
                }
                (Err(why), _) | (_, Err(why)) => out.not_asked.push(NotAsked { name, why }),
            }
            asked.push(one);
        }
    }
    Ok(out)
}

fn answer(schema: &Schema, slice: &Result<Slice, CasesError>, asked: &Asked) -> Result<Answered, String> {
    let slice = slice.as_ref().map_err(ToString::to_string)?;
    let mut question = asked.question.clone();
    // what this version does not have cannot be declined, and is not missed
    let known = cases::by_signing(slice);
    question.declined.retain(|id| known.contains(id));
    let decision = cases::answer(schema, slice, &asked.dataset, asked.now, &question).map_err(|e| match e {
        CasesError::Case { why, .. } => why,
        CasesError::Evaluation { fault, .. } => fault.to_string(),
        other => other.to_string(),
    })?;
    let columns = decision.permitted_columns().map(str::to_owned).collect();
    Ok(Answered { outcome: decision.outcome, failing: decision.failing, columns })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use serde_json::{Value, json};

    use super::*;
    use crate::conditions::load;
    use crate::model::condition::Level;

    const GROUND: &str = "principal.declared has category && principal.declared.category == Category::\"university\"";
    const PLAN: &str = "principal.declared has plan";
    const ETHICS: &str = "context.approvals.contains(\"ethics\")";

    /// A ground or an entry condition with a body.
    fn policy(id: &str, ground: bool, body: &str) -> String {
        let words = format!(
            "@id(\"{id}\") @label_en(\"{id}\") @label_nl(\"{id}\") @hint_en(\"h\") @hint_nl(\"h\")\n\
             @legal_basis(\"Wet hergebruik van overheidsinformatie art. 6(3)\")\n"
        );
        let scope = "(principal, action == Action::\"reuse\", resource)";
        if ground {
            format!("{words}permit {scope}\nwhen {{ {body} }};\n")
        } else {
            format!("{words}@kind(\"entry\") @theme(\"purpose\")\nforbid {scope}\nunless {{ {body} }};\n")
        }
    }

    /// A set with one ground and these conditions.
    fn set(conditions: &[(&str, &str)]) -> String {
        let rules = conditions.iter().map(|(id, body)| policy(id, false, body));
        std::iter::once(policy("law", true, GROUND)).chain(rules).collect()
    }

    fn cases(cases: &Value) -> Cases {
        serde_json::from_value(json!({"now": "2026-11-25T09:00:00Z", "cases": cases})).unwrap()
    }

    fn compare(old: &str, new: &str, old_cases: Option<&Value>, new_cases: &Value) -> Difference {
        static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::built_in().unwrap());
        let schema = &*SCHEMA;
        let [old, new] = [old, new].map(|text| Arc::new(load(schema, "set", text, Level::Dataset).unwrap()));
        let (old_cases, new_cases) = (old_cases.map(cases), cases(new_cases));
        let before = Version { number: 1, set: &old, cases: old_cases.as_ref() };
        let after = Version { number: 2, set: &new, cases: Some(&new_cases) };
        difference(schema, Some(&before), &after, None).unwrap()
    }

    fn meaning(old: &str, new: &str) -> Meaning {
        compare(old, new, None, &json!([])).meaning
    }

    fn university(name: &str, declared: Value, approvals: Value) -> Value {
        let mut all = json!({"category": "university"});
        all.as_object_mut().unwrap().extend(declared.as_object().unwrap().clone());
        json!({"name": name, "purpose": "dpv:ScientificResearch", "declared": all, "approvals": approvals, "expect": "permit"})
    }

    #[test]
    fn grounds_and_conditions_are_told_one_by_one() {
        let old = set(&[("plan", PLAN), ("gone", ETHICS), ("kept", ETHICS), ("moved", PLAN)]);
        let new =
            set(&[("kept", ETHICS), ("moved", "principal.declared\n  has plan"), ("plan", ETHICS), ("fresh", PLAN)])
                .replace("@label_en(\"law\")", "@label_en(\"the law\")");
        let found = compare(&old, &new, None, &json!([]));
        let told: Vec<_> =
            found.rules.iter().map(|r| format!("{} {:?} {:?} {:?}", r.id, r.change, r.parts, r.meaning)).collect();
        assert_eq!(
            told,
            [
                "law Changed [Label] Same",
                "moved Changed [Layout] Same",
                "plan Changed [Body] Open",
                "fresh Added [] Stricter",
                "gone Removed [] Looser",
            ]
        );
        assert_eq!(found.meaning, Meaning::Open);
        assert!(found.text.starts_with("--- version 1\n+++ version 2\n@@ "), "{}", found.text);
        assert!(found.text.contains("\n+unless { principal.declared\n+  has plan };\n"), "{}", found.text);
    }

    #[test]
    fn the_same_text_differs_in_nothing() {
        let text = set(&[("plan", PLAN)]);
        let found = compare(&text, &text, None, &json!([university("one", json!({}), json!([]))]));
        assert_eq!((found.rules.len(), found.meaning, found.text.as_str()), (0, Meaning::Same, ""));
        assert_eq!((found.cases.total, found.cases.changed.len()), (1, 0));
        // a comment between two conditions changes the text only
        let found = compare(&text, &format!("// a remark\n{text}"), None, &json!([]));
        assert!(found.rules.is_empty() && found.text.contains("+// a remark"));
    }

    #[test]
    fn what_a_version_does_to_all_questions_is_said_where_it_is_certain() {
        let both = format!("{PLAN} && {ETHICS}");
        let (turned, either) = (format!("{ETHICS} && {PLAN}"), format!("{PLAN} || {ETHICS}"));
        let one = |body: &str| set(&[("one", body)]);
        assert_eq!(meaning(&one(&both), &one(&turned)), Meaning::Same);
        assert_eq!(meaning(&one(PLAN), &one(&both)), Meaning::Stricter);
        assert_eq!(meaning(&one(&both), &one(ETHICS)), Meaning::Looser);
        assert_eq!(meaning(&one(PLAN), &one(&either)), Meaning::Looser);
        assert_eq!(meaning(&one(&either), &one(PLAN)), Meaning::Stricter);
        // the first that holds ends the evaluation: another first could end it in a fault
        assert_eq!(meaning(&one(&either), &one(ETHICS)), Meaning::Open);
        assert_eq!(meaning(&one(PLAN), &one(ETHICS)), Meaning::Open);
        // a condition more and one less; a ground more
        assert_eq!(meaning(&set(&[]), &one(PLAN)), Meaning::Stricter);
        assert_eq!(meaning(&one(PLAN), &set(&[])), Meaning::Looser);
        let wider = format!("{}{}", one(PLAN), policy("task", true, PLAN));
        assert_eq!(meaning(&one(PLAN), &wider), Meaning::Looser);
        assert_eq!(meaning(&wider, &one(PLAN)), Meaning::Stricter);
        assert_eq!(meaning(&set(&[]), &wider), Meaning::Open);
        // a ground is narrower by `&&`, as a condition is
        assert_eq!(meaning(&set(&[]), &policy("law", true, &format!("{GROUND} && {PLAN}"))), Meaning::Stricter);
        // asked for each column instead of once
        let per_column = one(PLAN).replacen(
            "forbid (principal, action == Action::\"reuse\"",
            "forbid (principal, action == Action::\"reuseColumn\"",
            1,
        );
        assert_eq!(meaning(&one(PLAN), &per_column), Meaning::Open);
    }

    /// Every pair of a family of bodies, asked every question that they can tell apart: no claim is broken, and none is made in vain.
    #[test]
    fn no_question_breaks_what_is_said_of_all() {
        let other = "principal.declared has necessity";
        let joins = |op: &str| {
            let two = [[PLAN, ETHICS], [ETHICS, PLAN], [PLAN, other]].map(|two| two.join(op));
            two.into_iter().chain([[PLAN, ETHICS, other].join(op)]).collect::<Vec<_>>()
        };
        let mut bodies: Vec<String> = [PLAN, ETHICS, other].map(str::to_owned).to_vec();
        bodies.extend(joins(" && ").into_iter().chain(joins(" || ")));
        bodies.push(format!("({PLAN} || {ETHICS}) && {other}"));
        bodies.push(format!("{PLAN} || ({ETHICS} && {other})"));
        let questions: Vec<Value> = (0..8)
            .map(|bits| {
                let mut declared = json!({});
                for (bit, fact) in [(1, "plan"), (2, "necessity")] {
                    if bits & bit != 0 {
                        declared[fact] = "x".into();
                    }
                }
                let approvals = if bits & 4 == 0 { json!([]) } else { json!(["ethics"]) };
                university(&bits.to_string(), declared, approvals)
            })
            .collect();
        let questions = Value::from(questions);
        let mut said = BTreeSet::new();
        for (old, new) in bodies.iter().flat_map(|old| bodies.iter().map(move |new| (old, new))) {
            let found = compare(&set(&[("one", old)]), &set(&[("one", new)]), None, &questions);
            let permits = |a: &Answered| a.outcome == Outcome::Permit;
            let more = found.cases.changed.iter().any(|c| !permits(&c.before) && permits(&c.after));
            let less = found.cases.changed.iter().any(|c| permits(&c.before) && !permits(&c.after));
            let kept = match found.meaning {
                Meaning::Same => !more && !less,
                Meaning::Stricter => !more,
                Meaning::Looser => !less,
                Meaning::Open => true,
            };
            assert!(kept, "{old} -> {new}: {:?}", found.meaning);
            said.insert((found.meaning, more, less));
        }
        assert!(said.contains(&(Meaning::Stricter, false, true)) && said.contains(&(Meaning::Looser, true, false)));
    }

    #[test]
    fn the_cases_of_both_versions_are_put_to_both() {
        let (old, new) = (set(&[]), set(&[("plan", PLAN), ("ethics", ETHICS)]));
        let shared = university("with all", json!({"plan": "P"}), json!(["ethics"]));
        let mut renamed = shared.clone();
        renamed["name"] = "with everything".into();
        let of_old = json!([shared, university("with nothing", json!({}), json!([]))]);
        let of_new = json!([renamed, university("unseen", json!({"plan": "P"}), json!([])),
            {"name": "no such column", "scope": {"columns": ["nothing"]}, "expect": "deny"}]);
        let found = compare(&old, &new, Some(&of_old), &of_new).cases;
        let told: Vec<_> = found
            .changed
            .iter()
            .map(|c| format!("{}: {:?} {:?} {:?}", c.name, c.before.outcome, c.after.outcome, c.after.failing))
            .collect();
        assert_eq!(
            told,
            ["unseen: Permit Review [\"dataset/ethics\"]", "with nothing: Permit Incomplete [\"dataset/plan\"]",]
        );
        assert_eq!(found.total, 3, "the question that both saved counts once");
        assert_eq!(found.not_asked.len(), 1);
        assert_eq!(found.not_asked[0].name, "no such column");
        // another failing condition under the same outcome is a change too
        let found = compare(&set(&[("plan", PLAN)]), &set(&[("other", PLAN)]), Some(&of_old), &json!([])).cases;
        assert_eq!(found.changed.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["with nothing"]);
    }

    #[test]
    fn what_a_version_does_not_have_cannot_be_declined() {
        let promise = "context.accepted.contains(\"promise\")";
        let signed = policy("promise", false, promise)
            .replace("@kind(\"entry\")", "@kind(\"promise\") @clause_en(\"c\") @clause_nl(\"c\")");
        let old = format!("{}{signed}", set(&[]));
        let mut case = university("declines", json!({}), json!([]));
        case["declined"] = json!(["promise"]);
        let found = compare(&old, &set(&[]), Some(&json!([case])), &json!([])).cases;
        assert_eq!((found.total, found.changed.len(), found.not_asked.len()), (1, 1, 0), "{found:?}");
        assert_eq!((found.changed[0].before.outcome, found.changed[0].after.outcome), (Outcome::Deny, Outcome::Permit));
    }

    #[test]
    fn cases_whose_neighbours_are_unknown_are_listed() {
        let schema = Schema::built_in().unwrap();
        let text = set(&[]);
        let set = Arc::new(load(&schema, "set", &text, Level::Dataset).unwrap());
        let mut old = cases(&json!([university("one", json!({}), json!([]))]));
        old.with.push("no-such-folder".parse().unwrap());
        let new = cases(&json!([]));
        let before = Version { number: 1, set: &set, cases: Some(&old) };
        let after = Version { number: 2, set: &set, cases: Some(&new) };
        let found = difference(&schema, Some(&before), &after, None).unwrap().cases;
        assert!(found.total == 0 && found.not_asked[0].why.contains("no-such-folder"), "{found:?}");
        // a first version has nothing to be compared with; that it adds a ground is said of nobody's question
        let first = difference(&schema, None, &after, None).unwrap();
        assert_eq!((first.rules.len(), first.meaning, first.text.as_str()), (1, Meaning::Looser, ""));
    }
}
