//! What a body says, in the few patterns that ODRL has words for; the rest is [`Said::Unsaid`]. The dataset is known; what it settles is settled here.

use cedar_policy::pst::{BinaryOp as B, Expr as X, Literal as L, UnaryOp as U};

use super::body::path_of;
use super::schema::Schema;
use crate::model::Time;
use crate::model::dataset::Dataset;
use crate::model::odrl::{Constraint, Forbidden, Order};

const CATEGORY: &str = "principal.declared.category";
const COMMERCIAL: &str = "principal.declared.commercialUse";
const ONWARD: &str = "principal.declared.onwardRecipients";

/// What a part of a body says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// True for this dataset, whoever asks.
    Always,
    /// False for this dataset, whoever asks.
    Never,
    /// It has a word in ODRL.
    Test(Constraint),
    /// The rule is accepted.
    Accepted,
    /// All these approvals are given.
    Approved(Vec<String>),
    /// A fact is stated, whatever its value.
    Stated(String),
    /// Something is not done.
    Barred(Forbidden),
    /// ODRL has no word for it.
    Unsaid,
    /// All of these.
    All(Vec<Said>),
    /// One of these.
    Any(Vec<Said>),
}

/// Reads the body of one rule.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) schema: &'a Schema,
    pub(super) dataset: &'a Dataset,
    /// The id of the rule, bare.
    pub(super) own: &'a str,
    /// Whether `resource` is a column: then nothing of it is known beforehand.
    pub(super) per_column: bool,
}

impl Reader<'_> {
    /// What it says that `e` comes out as `want`.
    pub(super) fn said(&self, e: &X, want: bool) -> Said {
        match e {
            X::Literal(L::Bool(b)) => settled(*b == want),
            X::UnaryOp { op: U::Not, expr } => self.said(expr, !want),
            X::BinaryOp { op: op @ (B::And | B::Or), left, right } => {
                let sides = vec![self.said(left, want), self.said(right, want)];
                if (*op == B::And) == want { all(sides) } else { any(sides) }
            }
            X::IfThenElse { cond, then_expr, else_expr } => match self.said(cond, true) {
                Said::Always => self.said(then_expr, want),
                Said::Never => self.said(else_expr, want),
                _ => Said::Unsaid,
            },
            X::HasAttr { expr, attrs } if attrs.len() == 1 => self.has(expr, attrs.first(), want),
            X::GetAttr { .. } => self.flag(e, want),
            X::UnaryOp { op: U::IsEmpty, expr } if want && path_of(expr).as_deref() == Some(ONWARD) => {
                Said::Barred(Forbidden::Distribute)
            }
            X::BinaryOp { op, left, right } => self.compared(*op, left, right, want),
            _ => Said::Unsaid,
        }
    }

    fn has(&self, of: &X, attr: &str, want: bool) -> Said {
        match path_of(of).as_deref() {
            Some("resource") if !self.per_column && attr == "embargoUntil" => {
                settled(self.dataset.embargo_until.is_some() == want)
            }
            Some(path) if want => Said::Stated(format!("{path}.{attr}")),
            _ => Said::Unsaid,
        }
    }

    /// An attribute that is true or false by itself.
    fn flag(&self, e: &X, want: bool) -> Said {
        match path_of(e).as_deref() {
            Some("resource.personalData") if !self.per_column => settled(self.dataset.personal_data == want),
            Some("resource.specialCategories") if !self.per_column => settled(self.dataset.special_categories == want),
            Some(COMMERCIAL) if !want => Said::Barred(Forbidden::CommercialUse),
            _ => Said::Unsaid,
        }
    }

    fn compared(&self, op: B, left: &X, right: &X, want: bool) -> Said {
        let (left_path, right_path) = (path_of(left), path_of(right));
        match (left_path.as_deref(), op, right_path.as_deref()) {
            (Some("context.accepted"), B::Contains, _) if want && texts(right) == [self.own] => Said::Accepted,
            (Some("context.approvals"), B::Contains | B::ContainsAll, _) if want => {
                Some(texts(right)).filter(|names| !names.is_empty()).map_or(Said::Unsaid, Said::Approved)
            }
            (Some("context.purpose"), B::In, _) => self.within(&words("Purpose", right), want),
            (Some("context.purpose"), B::Eq | B::NotEq, _) => {
                self.purpose(&words("Purpose", right), (op == B::Eq) == want)
            }
            (_, B::Contains, Some("context.purpose")) => self.purpose(&words("Purpose", left), want),
            (Some(CATEGORY), B::Eq | B::NotEq, _) => self.category(&words("Category", right), (op == B::Eq) == want),
            (_, B::Contains, Some(CATEGORY)) => self.category(&words("Category", left), want),
            (Some("context.now"), _, _) => self.now(op, right, want),
            (_, _, Some("context.now")) => turned(op).map_or(Said::Unsaid, |op| self.now(op, left, want)),
            _ => Said::Unsaid,
        }
    }

    fn within(&self, roots: &[String], want: bool) -> Said {
        if roots.is_empty() {
            return Said::Unsaid;
        }
        if want {
            return any(roots.iter().cloned().map(|root| Said::Test(Constraint::Within(root))).collect());
        }
        // ODRL has no "not within": every purpose of the vocabulary that is not. One that is not in it cannot be asked for
        self.purposes(|word| !roots.iter().any(|root| self.is_within(word, root)))
    }

    fn is_within(&self, word: &str, root: &str) -> bool {
        let Some(list) = self.schema.list("Purpose") else { return true };
        let mut at = Some(word);
        // no chain is longer than the list, even if it bites its tail
        for _ in 0..=list.len() {
            match at {
                Some(word) if word == root => return true,
                Some(word) => at = list.get(word).and_then(|w| w.broader.as_deref()),
                None => return false,
            }
        }
        true
    }

    fn purpose(&self, named: &[String], want: bool) -> Said {
        match (named, want) {
            ([], _) => Said::Unsaid,
            (_, true) => Said::Test(Constraint::Purpose(named.to_vec())),
            (_, false) => self.purposes(|word| !named.iter().any(|n| n == word)),
        }
    }

    fn purposes(&self, keep: impl Fn(&str) -> bool) -> Said {
        let all = self.schema.list("Purpose").into_iter().flat_map(|list| list.keys());
        let kept: Vec<String> = all.filter(|word| keep(word)).cloned().collect();
        if kept.is_empty() { Said::Unsaid } else { Said::Test(Constraint::Purpose(kept)) }
    }

    fn category(&self, named: &[String], want: bool) -> Said {
        let words = self.schema.words("Category").unwrap_or_default();
        let kept: Vec<String> =
            if want { named.to_vec() } else { words.iter().filter(|w| !named.contains(w)).cloned().collect() };
        if named.is_empty() || kept.is_empty() { Said::Unsaid } else { Said::Test(Constraint::Recipient(kept)) }
    }

    /// `now <op> instant`.
    fn now(&self, op: B, instant: &X, want: bool) -> Said {
        let order = match (op, want) {
            (B::Less, true) | (B::GreaterEq, false) => Order::Less,
            (B::LessEq, true) | (B::Greater, false) => Order::AtMost,
            (B::Greater, true) | (B::LessEq, false) => Order::More,
            (B::GreaterEq, true) | (B::Less, false) => Order::AtLeast,
            _ => return Said::Unsaid,
        };
        let at = match instant {
            X::UnaryOp { op: U::Datetime, expr } => match &**expr {
                X::Literal(L::String(text)) => {
                    text.parse::<Time>().ok().or_else(|| format!("{text}T00:00:00Z").parse().ok())
                }
                _ => None,
            },
            _ if !self.per_column && path_of(instant).as_deref() == Some("resource.embargoUntil") => {
                self.dataset.embargo_until
            }
            _ => None,
        };
        at.map_or(Said::Unsaid, |at| Said::Test(Constraint::Now(order, at)))
    }
}

fn settled(holds: bool) -> Said {
    if holds { Said::Always } else { Said::Never }
}

/// The same comparison with its sides changed.
fn turned(op: B) -> Option<B> {
    Some(match op {
        B::Less => B::Greater,
        B::LessEq => B::GreaterEq,
        B::Greater => B::Less,
        B::GreaterEq => B::LessEq,
        _ => return None,
    })
}

/// The texts that are named; none if something else is.
fn texts(e: &X) -> Vec<String> {
    let text = |x: &X| match x {
        X::Literal(L::String(s)) => Some(s.to_string()),
        _ => None,
    };
    match e {
        X::Set(items) => items.iter().map(|x| text(x)).collect::<Option<_>>().unwrap_or_default(),
        one => text(one).into_iter().collect(),
    }
}

/// The words of a closed list that are named; none if something else is.
fn words(ty: &str, e: &X) -> Vec<String> {
    let word = |x: &X| match x {
        X::Literal(L::EntityUID(uid)) if uid.ty.to_string() == ty => Some(uid.eid.to_string()),
        _ => None,
    };
    match e {
        X::Set(items) => items.iter().map(|x| word(x)).collect::<Option<_>>().unwrap_or_default(),
        one => word(one).into_iter().collect(),
    }
}

/// All of these, without what goes without saying.
fn all(parts: Vec<Said>) -> Said {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Said::Always => {}
            Said::Never => return Said::Never,
            Said::All(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    // that a fact is stated goes without saying where its value is tested: one that is not stated passes no test
    let tested: Vec<&'static str> = flat
        .iter()
        .filter_map(|said| match said {
            Said::Test(Constraint::Recipient(_)) => Some(CATEGORY),
            Said::Barred(Forbidden::CommercialUse) => Some(COMMERCIAL),
            Said::Barred(Forbidden::Distribute) => Some(ONWARD),
            _ => None,
        })
        .collect();
    flat.retain(|said| !matches!(said, Said::Stated(path) if tested.contains(&path.as_str())));
    match flat.pop() {
        None => Said::Always,
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            Said::All(flat)
        }
    }
}

/// One of these.
fn any(parts: Vec<Said>) -> Said {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Said::Never => {}
            Said::Always => return Said::Always,
            Said::Any(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.pop() {
        None => Said::Never,
        Some(only) if flat.is_empty() => only,
        Some(last) => {
            flat.push(last);
            Said::Any(flat)
        }
    }
}
