//! The annotations of a ground or condition: which it must have, which it may not, and what they hold.

use cedar_policy::{Effect, Policy};

use super::body::BodyFault;
use super::fault::Rule;
use super::schema::Schema;
use crate::model::condition::{Bilingual, Due, Kind, Role, RuleText, Tariff};
use crate::model::odrl::FILL_IN;
use crate::model::{Name, json};

/// What the annotations say.
pub(super) struct Noted {
    pub(super) id: Name,
    pub(super) role: Role,
    pub(super) text: RuleText,
}

const ALWAYS: [&str; 6] = ["id", "label_en", "label_nl", "hint_en", "hint_nl", "legal_basis"];
/// The longest text of an annotation, in bytes.
const MAX_TEXT: usize = 2000;

/// Reads the annotations; adds a fault for each that is missing, unknown or wrong.
pub(super) fn read(schema: &Schema, policy: &Policy, faults: &mut Vec<BodyFault>) -> Option<Noted> {
    let before = faults.len();
    let mut notes = Notes { policy, faults };
    let role = notes.role();
    let wanted = wanted(policy.effect(), role);
    notes.unknown(&wanted, role.is_some());
    let bilingual = |notes: &mut Notes<'_>, name: &str| -> Bilingual {
        Bilingual { en: notes.text(&format!("{name}_en")), nl: notes.text(&format!("{name}_nl")) }
    };
    let id = notes.text("id");
    let label = bilingual(&mut notes, "label");
    let hint = bilingual(&mut notes, "hint");
    let legal_basis = notes.text("legal_basis");
    let theme = wanted.contains(&"theme").then(|| notes.theme(schema));
    let clause = wanted.contains(&"clause_en").then(|| bilingual(&mut notes, "clause"));
    let due = if wanted.contains(&"due") { notes.due() } else { None };
    let tariff = if wanted.contains(&"tariff") { notes.tariff() } else { None };
    let id = match id.parse::<Name>() {
        Ok(id) => Some(id),
        Err(_) if id.is_empty() => None,
        Err(e) => {
            notes.fault("id", e.to_string(), "small letters, digits and dashes, a letter first");
            None
        }
    };
    if faults.len() > before {
        return None;
    }
    Some(Noted { id: id?, role: role?, text: RuleText { label, hint, legal_basis, theme, clause, due, tariff } })
}

/// The annotations that a policy of this role has, all of them mandatory.
fn wanted(effect: Effect, role: Option<Role>) -> Vec<&'static str> {
    let mut names = ALWAYS.to_vec();
    if effect == Effect::Forbid {
        names.extend(["kind", "theme"]);
    }
    if let Some(Role::Condition(kind)) = role {
        if kind != Kind::Entry {
            names.extend(["clause_en", "clause_nl"]);
        }
        if kind == Kind::Duty {
            names.push("due");
        }
        if kind == Kind::Fee {
            names.push("tariff");
        }
    }
    names
}

struct Notes<'a> {
    policy: &'a Policy,
    faults: &'a mut Vec<BodyFault>,
}

impl<'a> Notes<'a> {
    fn fault(&mut self, name: &str, why: impl Into<String>, help: impl Into<String>) {
        let needle = format!("@{name}");
        self.faults.push(BodyFault { rule: Rule::Annotation, why: why.into(), help: help.into(), needle });
    }

    fn role(&mut self) -> Option<Role> {
        if self.policy.effect() == Effect::Permit {
            return Some(Role::Ground);
        }
        let kind = match self.note("kind") {
            Some("entry") => Kind::Entry,
            Some("promise") => Kind::Promise,
            Some("duty") => Kind::Duty,
            Some("delivery") => Kind::Delivery,
            Some("fee") => Kind::Fee,
            Some(other) => {
                self.fault(
                    "kind",
                    format!("`{other}` is no kind of condition"),
                    "one of: entry, promise, duty, delivery, fee",
                );
                return None;
            }
            None => {
                self.fault("kind", "@kind is missing", "one of: entry, promise, duty, delivery, fee");
                return None;
            }
        };
        Some(Role::Condition(kind))
    }

    fn unknown(&mut self, wanted: &[&str], kind_known: bool) {
        // without a kind it is not known which of these belong
        let later = ["clause_en", "clause_nl", "due", "tariff"];
        let names: Vec<String> = self.policy.annotations().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let expected = wanted.contains(&name.as_str()) || (!kind_known && later.contains(&name.as_str()));
            if !expected {
                self.fault(&name, format!("@{name} has no place here"), format!("this one has: {}", wanted.join(", ")));
            }
        }
    }

    /// An annotation as it is written. Found by comparing names: asking Cedar by name parses the name each time.
    fn note(&self, name: &str) -> Option<&'a str> {
        self.policy.annotations().find(|(found, _)| *found == name).map(|(_, text)| text)
    }

    fn text(&mut self, name: &str) -> String {
        match self.note(name).map(str::trim) {
            None | Some("") => {
                let help = match name {
                    "id" => "write @id(\"a-short-name\")".to_owned(),
                    "legal_basis" => "write the provision, for instance @legal_basis(\"Wet hergebruik van overheidsinformatie art. 6(3)\")".to_owned(),
                    other => format!("write @{other}(\"...\")"),
                };
                self.fault(name, format!("@{name} is missing or empty"), help);
                String::new()
            }
            Some(text) if text.contains(FILL_IN) => {
                self.fault(name, format!("@{name} is still to be filled in"), "write your own words in its place");
                String::new()
            }
            Some(text) if text.len() > MAX_TEXT => {
                self.fault(name, format!("@{name} has {} bytes, more than {MAX_TEXT}", text.len()), "shorten it");
                String::new()
            }
            Some(text) => text.to_owned(),
        }
    }

    fn theme(&mut self, schema: &Schema) -> String {
        let theme = self.text("theme");
        let list = schema.list("Theme");
        if !theme.is_empty() && !list.is_some_and(|l| l.contains_key(&theme)) {
            let known = list.map(|l| l.keys().cloned().collect::<Vec<_>>().join(", ")).unwrap_or_default();
            self.fault("theme", format!("`{theme}` is no theme of the schema"), format!("one of: {known}"));
        }
        theme
    }

    fn due(&mut self) -> Option<Due> {
        let text = self.text("due");
        match text.parse::<Due>() {
            Ok(due) => Some(due),
            Err(why) => {
                if !text.is_empty() {
                    self.fault("due", why, "an ISO 8601 duration and an event");
                }
                None
            }
        }
    }

    fn tariff(&mut self) -> Option<Tariff> {
        let text = self.text("tariff");
        if text.is_empty() {
            return None;
        }
        let help = "write it like {\"cents\":50000,\"currency\":\"EUR\",\"per\":\"year\"}";
        match json::read::<Tariff>(text.as_bytes(), "tariff") {
            Ok(t)
                if t.currency.len() == 3
                    && t.currency.bytes().all(|b| b.is_ascii_uppercase())
                    && t.discounts.iter().all(|d| (1..=100).contains(&d.percent)) =>
            {
                Some(t)
            }
            Ok(_) => {
                self.fault("tariff", "the currency is not three capitals, or a discount is not 1 to 100 percent", help);
                None
            }
            Err(e) => {
                self.fault("tariff", e.to_string(), help);
                None
            }
        }
    }
}
