//! From a condition file to a loaded set, or to every fault in it. Nothing that breaks a rule of "fail closed" gets past here.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use cedar_policy::pst::{Clause, Expr};
use cedar_policy::{
    ActionConstraint, Effect, Policy, PolicyId, PolicySet, PrincipalConstraint, ResourceConstraint, ValidationMode,
};
use miette::{Diagnostic, NamedSource};

use super::annotations;
use super::body::{self, Body, BodyFault};
use super::fault::{Fault, Faults, Rule, place};
use super::reading::ever_true;
use super::schema::Schema;
use crate::model::condition::{Kind, Level, Role, RuleText};
use crate::model::{Digest, Name};

/// The largest condition file that is read, in bytes.
pub const MAX_FILE: usize = 256 << 10;
/// The most grounds and conditions in one file.
pub const MAX_POLICIES: usize = 200;

/// Whether a ground or condition is asked once about the dataset or for each column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Asked {
    /// `Action::"reuse"`: once, about the dataset with the whole scope.
    Once,
    /// `Action::"reuseColumn"`: for each column asked for.
    PerColumn,
}

/// One ground or condition, read and checked.
#[derive(Debug, Clone)]
pub struct Condition {
    /// Its `@id`.
    pub id: Name,
    /// Ground, or the kind of condition.
    pub role: Role,
    /// How often it is asked.
    pub asked: Asked,
    /// Its words.
    pub text: Arc<RuleText>,
    pub(super) body: Body,
    pub(super) policy: Policy,
    /// Where it stands in the file: offset and length in bytes.
    pub(super) span: (usize, usize),
}

impl Condition {
    /// What it tests, as Cedar's syntax tree.
    pub(super) fn expr(&self) -> Option<Expr> {
        clause(&self.policy, &mut Vec::new())
    }
}

/// A loaded condition file: grounds and conditions in the order of the text.
#[derive(Debug)]
pub struct ConditionSet {
    name: String,
    text: String,
    digest: Digest,
    level: Level,
    conditions: Vec<Arc<Condition>>,
}

impl ConditionSet {
    /// The file's name, for messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The text as written, which is what is published and signed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
    /// The digest of the text.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }
    /// Whose set it is.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }
    /// Its grounds and conditions.
    #[must_use]
    pub fn conditions(&self) -> &[Arc<Condition>] {
        &self.conditions
    }

    /// A fault at one of its conditions, for checks that need more than the file (`laws`).
    pub(super) fn fault_at(&self, condition: &Condition, rule: Rule, needle: &str, why: String, help: String) -> Fault {
        let source = Source { text: &self.text, span: condition.span };
        source.fault(Some(condition.id.as_str()), BodyFault { rule, why, help, needle: needle.to_owned() }, false)
    }

    /// Gathers faults found after loading.
    pub(super) fn faults(&self, faults: Vec<Fault>) -> Faults {
        Faults { name: self.name.clone(), text: NamedSource::new(&self.name, self.text.clone()), faults }
    }
}

/// Reads a condition file. `name` is for messages; `level` says whose set it is.
///
/// # Errors
/// All faults of the file at once, with their places.
pub fn load(schema: &Schema, name: &str, text: &str, level: Level) -> Result<ConditionSet, Box<Faults>> {
    let refuse = |mut faults: Vec<Fault>| {
        faults.sort_by_key(|f| f.span);
        Box::new(Faults { name: name.to_owned(), text: NamedSource::new(name, text.to_owned()), faults })
    };
    let whole = Source { text, span: (0, text.chars().next().map_or(0, char::len_utf8)) };
    if text.len() > MAX_FILE {
        let why = format!("the file has {} bytes, more than {MAX_FILE}", text.len());
        return Err(refuse(vec![whole.fault(None, fault(Rule::Size, why, "split the set", ""), false)]));
    }
    let parsed = PolicySet::from_str(text)
        .map_err(|errors| refuse(errors.iter().map(|e| whole.diagnostic(None, Rule::Syntax, e)).collect()))?;
    let mut faults = Vec::new();
    for template in parsed.templates() {
        let why = format!("`{}` is a template", template.id());
        faults.push(whole.fault(
            None,
            fault(Rule::Form, why, "write the condition without `?principal` and `?resource`", "?"),
            false,
        ));
    }
    let policies = in_order(&parsed);
    if policies.is_empty() && faults.is_empty() {
        faults.push(whole.fault(
            None,
            fault(Rule::Form, "the file holds no ground and no condition", "write at least one", ""),
            false,
        ));
    }
    if policies.len() > MAX_POLICIES {
        let why = format!("the file holds {} policies, more than {MAX_POLICIES}", policies.len());
        return Err(refuse(vec![whole.fault(None, fault(Rule::Size, why, "split the set", ""), false)]));
    }
    let mut conditions: Vec<Arc<Condition>> = Vec::new();
    let mut by_policy_id = BTreeMap::new();
    let mut from = 0;
    for (number, policy) in policies.iter().enumerate() {
        let own = policy.to_string();
        let start = text.get(from..).and_then(|t| t.find(&own)).map_or(from, |at| from + at);
        let source = Source { text, span: (start, own.len()) };
        from = start + own.len();
        let label = policy.annotation("id").map_or_else(|| format!("policy {}", number + 1), str::to_owned);
        let found = read(schema, policy, level);
        let clean = found.faults.is_empty();
        by_policy_id.insert(policy.id().clone(), (label.clone(), source, clean));
        faults.extend(found.faults.into_iter().map(|f| source.fault(Some(&label), f, true)));
        let Some(mut condition) = found.condition else { continue };
        condition.span = source.span;
        if conditions.iter().any(|c| c.id == condition.id) {
            let why = format!("the id `{}` stands twice", condition.id);
            faults.push(source.fault(
                Some(&label),
                fault(Rule::DuplicateId, why, "give one of the two another @id", "@id"),
                false,
            ));
        }
        conditions.push(Arc::new(condition));
    }
    // a policy that already has a fault would often have the same one again from Cedar's validator
    let checked = schema.validator.validate_with_level(&parsed, ValidationMode::Strict, 1);
    let clean = |id: &PolicyId| by_policy_id.get(id).filter(|(_, _, clean)| *clean);
    for error in checked.validation_errors() {
        if let Some((label, source, _)) = clean(error.policy_id()) {
            faults.push(source.diagnostic(Some(label), Rule::Validation, error));
        }
    }
    for warning in checked.validation_warnings() {
        if let Some((label, source, _)) = clean(warning.policy_id()) {
            faults.push(source.diagnostic(Some(label), Rule::Validation, warning));
        }
    }
    if !faults.is_empty() {
        return Err(refuse(faults));
    }
    Ok(ConditionSet {
        name: name.to_owned(),
        text: text.to_owned(),
        digest: Digest::of(text.as_bytes()),
        level,
        conditions,
    })
}

/// The policies in the order of the text: Cedar numbers them `policy0`, `policy1`, ...
fn in_order(set: &PolicySet) -> Vec<Policy> {
    let number = |p: &Policy| p.id().to_string().strip_prefix("policy").and_then(|n| n.parse::<usize>().ok());
    let mut policies: Vec<_> = set.policies().cloned().collect();
    policies.sort_by_key(number);
    policies
}

fn fault(rule: Rule, why: impl Into<String>, help: impl Into<String>, needle: impl Into<String>) -> BodyFault {
    BodyFault { rule, why: why.into(), help: help.into(), needle: needle.into() }
}

/// A place in a file.
#[derive(Debug, Clone, Copy)]
struct Source<'a> {
    text: &'a str,
    span: (usize, usize),
}

impl Source<'_> {
    /// Points at `needle` inside the policy, at its body first if `in_body`; else at its first line.
    fn fault(&self, policy: Option<&str>, f: BodyFault, in_body: bool) -> Fault {
        let own = self.text.get(self.span.0..self.span.0 + self.span.1).unwrap_or("");
        let body = if in_body {
            ["permit", "forbid"].iter().filter_map(|w| own.find(&format!("\n{w}"))).min().unwrap_or(0)
        } else {
            0
        };
        let find = |from: usize| {
            own.get(from..).and_then(|t| t.find(&f.needle)).map(|at| from + at).filter(|_| !f.needle.is_empty())
        };
        let span = match find(body).or_else(|| find(0)) {
            Some(at) => (self.span.0 + at, f.needle.len()),
            None => (self.span.0, own.lines().next().map_or(0, str::len).max(1).min(self.text.len().max(1))),
        };
        self.place(policy, f.rule, f.why, f.help, span)
    }

    /// A message of Cedar's, at Cedar's place. The error chain goes into the sentence.
    fn diagnostic<D: Diagnostic + std::error::Error>(&self, policy: Option<&str>, rule: Rule, d: &D) -> Fault {
        let span = d.labels().and_then(|mut l| l.next()).map_or(self.span, |l| (l.offset(), l.len()));
        let mut why = d.to_string();
        let mut source = d.source();
        while let Some(inner) = source {
            why = format!("{why}: {inner}");
            source = inner.source();
        }
        // Cedar begins with "for policy `policy3`, ": the id is said already
        let why = why
            .split_once("`, ")
            .filter(|(head, _)| head.starts_with("for policy `"))
            .map_or(why.clone(), |(_, t)| t.to_owned());
        self.place(policy, rule, why, d.help().map_or_else(String::new, |h| h.to_string()), span)
    }

    fn place(&self, policy: Option<&str>, rule: Rule, why: String, help: String, span: (usize, usize)) -> Fault {
        let (line, column) = place(self.text, span.0);
        Fault { rule, policy: policy.map(str::to_owned), why, help, line, column, span }
    }
}

struct Found {
    condition: Option<Condition>,
    faults: Vec<BodyFault>,
}

/// Reads one policy.
fn read(schema: &Schema, policy: &Policy, level: Level) -> Found {
    let mut faults = Vec::new();
    let asked = scope(schema, policy, &mut faults);
    let noted = annotations::read(schema, policy, &mut faults);
    let body = clause(policy, &mut faults).map(|expr| body::read(schema, &expr, asked));
    if policy.effect() == Effect::Permit && level == Level::Portal {
        faults.push(fault(
            Rule::GroundLevel,
            "a ground in the portal's set",
            "only the set of a dataset or an owner names grounds",
            "permit",
        ));
    }
    let body = body.map(|mut body| {
        if body.faults.is_empty() {
            worth(&body, &mut faults);
        }
        faults.append(&mut body.faults);
        body
    });
    let (Some(asked), Some(noted), Some(body)) = (asked, noted, body) else { return Found { condition: None, faults } };
    acceptance(&noted.id, noted.role, &body, &mut faults);
    let condition = Condition {
        id: noted.id,
        role: noted.role,
        asked,
        text: Arc::new(noted.text),
        body,
        policy: policy.clone(),
        span: (0, 0),
    };
    Found { condition: Some(condition), faults }
}

/// A body reads something and can be true.
fn worth(body: &Body, faults: &mut Vec<BodyFault>) {
    if body.reads.is_empty() && !body.approvals && body.accepted.is_empty() {
        let help = "name the fact, the scope or the approval on which it depends";
        faults.push(fault(Rule::ReadsNothing, "the body reads nothing", help, "{"));
    } else if !ever_true(&body.node) {
        faults.push(fault(Rule::NeverMet, "the body can never be true", "remove the part that is always false", "{"));
    }
}

/// The exact scope of both forms.
fn scope(schema: &Schema, policy: &Policy, faults: &mut Vec<BodyFault>) -> Option<Asked> {
    let open = policy.principal_constraint() == PrincipalConstraint::Any
        && policy.resource_constraint() == ResourceConstraint::Any;
    let asked = match policy.action_constraint() {
        ActionConstraint::Eq(uid) if uid == schema.uids.reuse => Some(Asked::Once),
        ActionConstraint::Eq(uid) if uid == schema.uids.reuse_column => Some(Asked::PerColumn),
        _ => None,
    };
    if !open || asked.is_none() {
        let help = "write `(principal, action == Action::\"reuse\", resource)`, or `Action::\"reuseColumn\"`; say the rest in the body";
        faults.push(fault(Rule::Form, "the scope is not the one scope of grounds and conditions", help, "("));
    }
    asked.filter(|_| open)
}

/// A permit has exactly one `when`, a forbid exactly one `unless`.
fn clause(policy: &Policy, faults: &mut Vec<BodyFault>) -> Option<Expr> {
    let pst = match policy.to_pst() {
        Ok(pst) => pst,
        Err(e) => {
            faults.push(fault(
                Rule::Form,
                format!("the policy has no syntax tree: {e}"),
                "write it in a simpler way",
                "",
            ));
            return None;
        }
    };
    let clauses = pst.body().clauses();
    match (policy.effect(), clauses.as_slice()) {
        (Effect::Permit, [Clause::When(e)]) | (Effect::Forbid, [Clause::Unless(e)]) => Some(Expr::clone(e)),
        (Effect::Permit, _) => {
            faults.push(fault(
                Rule::Form,
                "a ground has exactly one `when { ... }` and no `unless`",
                "join its tests with `&&`",
                "permit",
            ));
            None
        }
        (Effect::Forbid, _) => {
            let help =
                "say what must be true: `forbid (...) unless { ... }`; a forbid that errors would otherwise allow";
            faults.push(fault(
                Rule::Form,
                "a condition has exactly one `unless { ... }` and no `when`",
                help,
                "forbid",
            ));
            None
        }
    }
}

/// Every kind but `entry` reads its own acceptance; grounds and `entry` read none.
fn acceptance(id: &Name, role: Role, body: &Body, faults: &mut Vec<BodyFault>) {
    let own = format!("context.accepted.contains(\"{id}\")");
    let wants = matches!(role, Role::Condition(k) if k != Kind::Entry);
    if let Some(other) = body.accepted.iter().find(|a| !wants || a.as_str() != id.as_str()) {
        let why = format!("it reads the acceptance of `{other}`");
        let help = if wants {
            format!("write `{own}`")
        } else {
            "only a promise, duty, delivery or fee is accepted".to_owned()
        };
        faults.push(fault(Rule::Acceptance, why, help, other.clone()));
    } else if wants && body.accepted.is_empty() {
        let why = "a promise, duty, delivery or fee reads its own acceptance";
        faults.push(fault(Rule::Acceptance, why, format!("write `{own}` in its body"), "{"));
    }
}
