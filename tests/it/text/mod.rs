//! What people read: the explained answer, the agreement and the decision letter, in both languages.

mod answers;
mod deals;
mod letters;

use std::sync::{Arc, OnceLock};

use datadeal::conditions::{FactType, Schema, Slice, decide, load};
use datadeal::model::condition::{Bilingual, Lang, Level};
use datadeal::model::decision::Decision;
use datadeal::model::input::{DecisionInput, SetRef};
use datadeal::model::json;
use datadeal::text::{Labels, Texts};
use serde_json::{Value, json};

/// The schema that comes with the program, and one set with a condition of each kind.
pub(crate) struct World {
    pub(crate) schema: Schema,
    pub(crate) slice: Slice,
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let schema = Schema::built_in().unwrap();
        let set = load(&schema, "set.cedar", include_str!("set.cedar"), Level::Dataset).unwrap();
        let slice = Slice::new(vec![Arc::new(set)]).unwrap();
        World { schema, slice }
    })
}

/// Labels of the built-in schema, drawn from its own text.
pub(crate) struct SchemaLabels<'a>(pub(crate) &'a Schema);

impl SchemaLabels<'_> {
    fn ty(&self, path: &str) -> Option<&FactType> {
        let mut steps = path.split('.');
        let _kind = steps.next().filter(|k| *k == "declared" || *k == "verified")?;
        let fact = &self.0.facts().get(steps.next()?)?.ty;
        match (steps.next(), fact) {
            (None, ty) => Some(ty),
            (Some(member), FactType::Record(members)) => members.get(member).map(|m| &m.ty),
            _ => None,
        }
    }
}

fn same(text: &str) -> Bilingual {
    Bilingual { en: text.to_owned(), nl: text.to_owned() }
}

impl Labels for SchemaLabels<'_> {
    fn path(&self, path: &str) -> Bilingual {
        let steps: Vec<&str> = path.split('.').collect();
        match steps.as_slice() {
            ["declared" | "verified", name, rest @ ..] => {
                let Some(fact) = self.0.facts().get(*name) else { return same(path) };
                match (rest, &fact.ty) {
                    ([member], FactType::Record(members)) => {
                        let (of, member) = (&fact.label, &members[*member].label);
                        let both = |of: &str, member: &str| format!("{of}: {member}");
                        Bilingual { en: both(&of.en, &member.en), nl: both(&of.nl, &member.nl) }
                    }
                    _ => fact.label.clone(),
                }
            }
            ["purpose"] => Bilingual { en: "purpose".into(), nl: "doel".into() },
            ["scope", "columns"] => Bilingual { en: "columns".into(), nl: "kolommen".into() },
            ["scope", "level"] => Bilingual { en: "level".into(), nl: "niveau".into() },
            ["dataset", "personal"] => Bilingual { en: "personal data".into(), nl: "persoonsgegeven".into() },
            ["dataset", "identifying"] => {
                Bilingual { en: "identifies a person directly".into(), nl: "wijst een persoon rechtstreeks aan".into() }
            }
            _ => same(path),
        }
    }
    fn proof(&self, path: &str) -> Option<Bilingual> {
        self.0.facts().get(path.strip_prefix("verified.")?)?.proof.clone()
    }
    fn word(&self, path: &str, word: &str) -> Option<Bilingual> {
        if path == "scope.level" {
            return Some(self.0.label("DataLevel", word));
        }
        match self.ty(path)? {
            FactType::Word(list) | FactType::Words(list) => Some(self.0.label(list, word)),
            _ => None,
        }
    }
    fn approval(&self, name: &str) -> Bilingual {
        self.0.label("Approval", name)
    }
    fn appointed_by(&self, approval: &str) -> Option<String> {
        self.0.list("Approval")?.get(approval)?.appointed_by.clone()
    }
    fn purpose(&self, name: &str) -> Bilingual {
        self.0.label("Purpose", name)
    }
}

/// A question in which everything is well, changed as [`change`] says.
pub(crate) fn input(changes: &[(&str, Value)]) -> DecisionInput {
    let both = |en: &str, nl: &str| json!({"en": en, "nl": nl});
    let column = |name: &str, personal: bool, identifying: bool| json!({"name": name, "personal": personal, "identifying": identifying});
    let fact = |value: Value| json!({"value": value, "issuer": "DUO", "until": "2028-01-01T00:00:00Z", "evidence": "ab".repeat(32)});
    let until = "2028-01-01T00:00:00Z";
    let mut value = json!({
        "type": "DecisionInput", "salt": "00".repeat(32), "now": "2026-11-25T09:30:00Z", "stage": "check",
        "applicant": "NL.KVK:69599084", "purpose": "dd:EducationResearch",
        "scope": {"columns": ["school", "year", "pupils"], "level": "records"},
        "dataset": {
            "id": "https://data.example/dataset/enrolments", "slug": "enrolments",
            "title": both("Enrolments in the register of education participants", "Inschrijvingen in het register onderwijsdeelnemers"),
            "description": both("Enrolments per school and year.", "Inschrijvingen per school en jaar."),
            "owner": "NL.OIN:00000001003214345000",
            "competentBody": both("the Minister of Education, Culture and Science", "de Minister van Onderwijs, Cultuur en Wetenschap"),
            "executor": both("Education Executive Agency", "Dienst Uitvoering Onderwijs"),
            "publisher": "DUO", "access": "conditions", "regime": "sector", "law": "Wet register onderwijsdeelnemers",
            "personalData": true, "specialCategories": false,
            "columns": [column("school", false, false), column("year", false, false), column("pupils", false, false),
                column("birth_year", true, false), column("name", true, true)],
            "alternatives": [
                {"kind": "open-edition", "title": both("Enrolments per school and year", "Inschrijvingen per school en jaar"), "iri": "https://data.example/open/enrolments"},
                {"kind": "partner", "title": both("Research by a designated institution", "Onderzoek door een aangewezen instelling"), "iri": "https://data.example/institutions"},
            ],
            "term": {"objection": {"body": both("the Minister", "de Minister"), "web": "https://data.example/objection", "weeks": 6}},
        },
        "declared": {"category": "university", "processingCountries": ["NL", "BE"], "users": 4},
        "verified": {
            "designation": fact(json!({"by": "Minister", "reference": "Stcrt. 2026, 12", "until": until})),
            "securityCertificate": fact(json!({"scheme": "iso27001", "issuer": "Auditor bv", "until": until})),
        },
        "approvals": [{"name": "ethics", "record": "cd".repeat(32)}],
        "accepted": ["breach-report", "fee", "no-re-identification", "secure-environment"],
        "sets": [], "schema": "00".repeat(32), "versions": {"cedar": "4.14", "datadeal": "0.1.0"},
    });
    change(&mut value, changes);
    let mut input: DecisionInput = json::from_value(value, "input").unwrap();
    let World { schema, slice } = world();
    input.schema = schema.digest();
    input.sets =
        slice.sets().iter().map(|s| SetRef { level: s.level(), text: s.digest(), record: s.digest() }).collect();
    input
}

/// Sets the value at each JSON pointer; null removes it, a number is a place in a list.
pub(crate) fn change(value: &mut Value, changes: &[(&str, Value)]) {
    for (pointer, new) in changes {
        let (parent, last) = pointer.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if new.is_null() {
            parent.remove(last)
        } else {
            parent.insert(last.to_owned(), new.clone())
        };
    }
}

pub(crate) fn decided(input: &DecisionInput) -> Decision {
    let World { schema, slice } = world();
    decide(schema, slice, input).unwrap()
}

/// What a function says in both languages, under each other.
pub(crate) fn both(say: impl Fn(&Texts, &dyn Labels) -> String) -> String {
    let labels = SchemaLabels(&world().schema);
    let one = |lang| say(&Texts::new(lang), &labels);
    format!("{}\n\n{}\n\n{}", one(Lang::En), "=".repeat(100), one(Lang::Nl))
}

/// No key missing, no variable unfilled.
pub(crate) fn assert_filled(text: &str) {
    for hole in ["{$", "{ $", "[explain", "[say", "[agreement", "[letter"] {
        assert!(!text.contains(hole), "{hole} in:\n{text}");
    }
}
