//! From an Offer to the draft of a condition file. It holds what ODRL says; law, words and terms are left as `<fill in ...>`, which the loader refuses
//! until somebody has filled them in.

use std::fmt::Write as _;

use super::schema::Schema;
use crate::model::condition::Tariff;
use crate::model::odrl::{Act, Constraint, Duty, Forbidden, Offer, Order, Permission, Refusal, fill_in};

/// The text of a condition file that asks what the Offer asks.
///
/// # Errors
/// Everything in the Offer that has no Cedar meaning.
pub fn draft(schema: &Schema, offer: &Offer) -> Result<String, Vec<Refusal>> {
    let mut draft = Draft { schema, text: String::new(), ids: Vec::new(), refusals: Vec::new() };
    if offer.permissions.is_empty() {
        draft.refuse("the offer", "it permits nothing", "an offer without a permission needs no conditions");
    }
    let alone = offer.permissions.len() == 1;
    let mut common = offer.constraints.clone();
    for permission in &offer.permissions {
        draft.ground(permission, alone, &mut common);
    }
    for constraint in &common {
        draft.entry(constraint);
    }
    for duty in &offer.duties {
        draft.duty(duty);
    }
    for prohibition in &offer.prohibitions {
        draft.prohibition(prohibition.act);
    }
    if draft.refusals.is_empty() { Ok(draft.text) } else { Err(draft.refusals) }
}

struct Draft<'a> {
    schema: &'a Schema,
    text: String,
    ids: Vec<String>,
    refusals: Vec<Refusal>,
}

/// What a rule has beside id, labels, hints and legal basis.
#[derive(Default)]
struct Notes<'a> {
    kind: &'a str,
    theme: &'a str,
    due: Option<String>,
    tariff: Option<Tariff>,
}

impl Draft<'_> {
    fn refuse(&mut self, place: &str, why: impl Into<String>, help: &str) {
        self.refusals.push(Refusal::new(place, why, help));
    }

    /// A permission alone leaves its time and purpose to conditions, for these say better what is missing.
    fn ground(&mut self, permission: &Permission, alone: bool, common: &mut Vec<Constraint>) {
        let mut body = vec!["principal.declared has category".to_owned()];
        for constraint in &permission.constraints {
            match constraint {
                Constraint::Recipient(words) => body.extend(self.recipient(words)),
                other if alone => common.push(other.clone()),
                other => body.extend(self.expression(other)),
            }
        }
        for duty in &permission.duties {
            match &duty.act {
                Act::Consent(name) => body.extend(self.approval(name)),
                _ => self.refuse(
                    "odrl:duty",
                    "a duty of one permission and not of the others",
                    "a duty binds everybody: give each permission the same duties",
                ),
            }
        }
        self.rule("ground", &Notes::default(), &body);
    }

    fn entry(&mut self, constraint: &Constraint) {
        let (id, theme) = match constraint {
            Constraint::Within(_) | Constraint::Purpose(_) => ("purpose", "purpose"),
            Constraint::Now(..) => ("time", "time"),
            Constraint::Recipient(_) => ("recipient", "organisation"),
            _ => ("constraint", "use"),
        };
        let body: Vec<_> = self.expression(constraint).into_iter().collect();
        self.rule(id, &Notes { kind: "entry", theme, ..Notes::default() }, &body);
    }

    fn duty(&mut self, duty: &Duty) {
        let due = || Some(duty.due.as_ref().map_or_else(|| fill_in("P30D after end"), ToString::to_string));
        let (id, notes) = match &duty.act {
            Act::Attribute => ("attribution", Notes { kind: "promise", theme: "use", ..Notes::default() }),
            Act::Delete => ("deletion", Notes { kind: "duty", theme: "privacy", due: due(), tariff: None }),
            Act::Inform => ("report", Notes { kind: "duty", theme: "supervision", due: due(), tariff: None }),
            Act::Compensate(tariff) => {
                ("fee", Notes { kind: "fee", theme: "fee", due: None, tariff: Some(tariff.clone()) })
            }
            Act::Consent(name) => {
                let body: Vec<_> = self.approval(name).into_iter().collect();
                return self.rule("approval", &Notes { kind: "entry", theme: "rights", ..Notes::default() }, &body);
            }
            Act::Keep => {
                return self.refuse(
                    "odrl:duty",
                    "its words are a clause of a Cedar text",
                    "take that text: the offer names it with its digest",
                );
            }
        };
        self.rule(id, &notes, &[]);
    }

    fn prohibition(&mut self, act: Forbidden) {
        let (id, kind, body) = match act {
            Forbidden::Distribute => (
                "no-onward-sharing",
                "promise",
                "principal.declared has onwardRecipients\n        && principal.declared.onwardRecipients.isEmpty()",
            ),
            Forbidden::CommercialUse => (
                "non-commercial",
                "entry",
                "principal.declared has commercialUse\n        && !principal.declared.commercialUse",
            ),
        };
        self.rule(id, &Notes { kind, theme: "use", ..Notes::default() }, &[body.to_owned()]);
    }

    /// A constraint as a part of `&&`.
    fn expression(&mut self, constraint: &Constraint) -> Option<String> {
        match constraint {
            Constraint::Within(word) => {
                self.word("Purpose", word).map(|purpose| format!("context.purpose in {purpose}"))
            }
            Constraint::Purpose(words) => {
                let words = self.words("Purpose", words)?;
                Some(format!("{words}.contains(context.purpose)"))
            }
            Constraint::Now(order, at) => {
                let op = match order {
                    Order::Less => "<",
                    Order::AtMost => "<=",
                    Order::More => ">",
                    Order::AtLeast => ">=",
                };
                Some(format!("context.now {op} datetime(\"{at}\")"))
            }
            Constraint::Recipient(words) => {
                let test = self.recipient(words)?;
                Some(format!("(principal.declared has category && {test})"))
            }
            Constraint::Condition(rule) => {
                let why = format!("it asks for `{rule}` of a Cedar text");
                self.refuse("odrl:constraint", why, "take that text: the offer names it with its digest");
                None
            }
            Constraint::And(parts) => self.joined(parts, " && "),
            Constraint::Or(parts) => self.joined(parts, " || "),
        }
    }

    fn joined(&mut self, parts: &[Constraint], by: &str) -> Option<String> {
        let parts: Vec<Option<String>> = parts.iter().map(|part| self.expression(part)).collect();
        let parts = parts.into_iter().collect::<Option<Vec<_>>>().filter(|parts| !parts.is_empty())?;
        Some(format!("({})", parts.join(by)))
    }

    fn recipient(&mut self, words: &[String]) -> Option<String> {
        let words = self.words("Category", words)?;
        Some(format!("{words}.contains(principal.declared.category)"))
    }

    fn approval(&mut self, name: &str) -> Option<String> {
        if self.schema.list("Approval").is_some_and(|list| list.contains_key(name)) {
            return Some(format!("context.approvals.contains(\"{name}\")"));
        }
        self.refuse(
            "odrl:consentingParty",
            format!("`{name}` is no approval of the schema"),
            "`datadeal schema show` lists them",
        );
        None
    }

    fn words(&mut self, list: &str, words: &[String]) -> Option<String> {
        let words: Vec<Option<String>> = words.iter().map(|word| self.word(list, word)).collect();
        let words = words.into_iter().collect::<Option<Vec<_>>>().filter(|words| !words.is_empty())?;
        Some(format!("[{}]", words.join(", ")))
    }

    /// A word of the schema. Nothing else of the Offer gets into the text, so none of it needs to be quoted.
    fn word(&mut self, list: &str, word: &str) -> Option<String> {
        if self.schema.list(list).is_some_and(|l| l.contains_key(word)) {
            return Some(format!("{list}::\"{word}\""));
        }
        let what = if list == "Purpose" { "odrl:purpose" } else { "odrl:recipient" };
        self.refuse(what, format!("`{word}` is not in the schema"), "`datadeal schema show` lists its words");
        None
    }

    fn rule(&mut self, id: &str, notes: &Notes<'_>, body: &[String]) {
        let taken = self.ids.iter().filter(|i| *i == id).count();
        self.ids.push(id.to_owned());
        let id = if taken == 0 { id.to_owned() } else { format!("{id}-{}", taken + 1) };
        let accepted = matches!(notes.kind, "promise" | "duty" | "fee");
        let mut annotations = vec![("id", id.clone())];
        if !notes.kind.is_empty() {
            annotations.extend([("kind", notes.kind.to_owned()), ("theme", notes.theme.to_owned())]);
        }
        for (name, what) in [
            ("label_en", "what it asks, in one line"),
            ("label_nl", "wat het vraagt, in een regel"),
            ("hint_en", "what a reuser can do about it"),
            ("hint_nl", "wat een hergebruiker eraan kan doen"),
            ("legal_basis", "the provision on which it rests"),
        ] {
            annotations.push((name, fill_in(what)));
        }
        if accepted {
            annotations.push(("clause_en", fill_in("the words of the agreement")));
            annotations.push(("clause_nl", fill_in("de woorden van de overeenkomst")));
        }
        annotations.extend(notes.due.clone().map(|due| ("due", due)));
        let tariff = notes.tariff.as_ref().and_then(|tariff| serde_json::to_string(tariff).ok());
        annotations.extend(tariff.map(|tariff| ("tariff", tariff.replace('"', "\\\""))));
        let mut parts = body.to_vec();
        if accepted {
            parts.insert(0, format!("context.accepted.contains(\"{id}\")"));
        }
        let lines: String = annotations.iter().fold(String::new(), |mut lines, (name, text)| {
            let _ = writeln!(lines, "@{name}(\"{text}\")");
            lines
        });
        let (effect, clause) = if notes.kind.is_empty() { ("permit", "when") } else { ("forbid", "unless") };
        let _ = write!(
            self.text,
            "{}{lines}{effect} (principal, action == Action::\"reuse\", resource)\n{clause} {{\n    {}\n}};\n",
            if self.text.is_empty() { "" } else { "\n" },
            parts.join("\n        && "),
        );
    }
}
