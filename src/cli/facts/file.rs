//! The commented facts file: what each condition reads, in the words of the schema, ready to be filled in.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::dataset::column_words;
use super::super::schema::{proof_line, type_words, word_lines};
use crate::conditions::{FactInfo, FactType, Schema, WordList};
use crate::engine::Shown;
use crate::labels::SchemaLabels;
use crate::model::condition::{Kind, Role};
use crate::model::decision::{Need, Relation, Wish};
use crate::model::outline::Outline;
use crate::text::{self, Labels, Texts, plain, wish};

/// Fields of the scope that may be left out, with an example.
const OPTIONAL_SCOPE: [(&str, &str); 4] = [
    ("periodFrom", "\"2026-01-01T00:00:00Z\""),
    ("periodUntil", "\"2027-01-01T00:00:00Z\""),
    ("volumePerDay", "1000"),
    ("termMonths", "12"),
];

/// How the conditions use one fact.
#[derive(Debug, Default)]
pub(super) struct Used<'a> {
    /// Read as the reuser says it.
    pub(super) declared: bool,
    /// Read as evidence supports it.
    pub(super) verified: bool,
    /// The values that count.
    pub(super) wishes: Vec<&'a Wish>,
}

/// Everything that the conditions in force ask.
#[derive(Debug, Default)]
pub(super) struct Asked<'a> {
    pub(super) facts: BTreeMap<&'a str, Used<'a>>,
    pub(super) scope: BTreeSet<&'a str>,
    pub(super) approvals: BTreeSet<&'a str>,
    /// What is accepted by signing, by bare id.
    pub(super) declinable: Vec<(&'a str, &'a Outline)>,
    /// Wishes about the purpose, and about the scope.
    purpose: Vec<&'a Wish>,
    scope_wishes: Vec<&'a Wish>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(shown: &'a Shown) -> Self {
        let mut asked = Asked::default();
        for outline in &shown.conditions {
            for leaf in outline.needs.iter().flat_map(Need::leaves) {
                match leaf {
                    Need::Fact(path) => asked.path(path),
                    Need::Approval(name) => {
                        asked.approvals.insert(name);
                    }
                    _ => {}
                }
            }
            outline.wishes.iter().for_each(|w| asked.wish(w));
            if matches!(outline.role, Role::Condition(k) if k != Kind::Entry) {
                let id = outline.id.split_once('/').map_or(outline.id.as_str(), |(_, id)| id);
                if !asked.declinable.iter().any(|(known, _)| *known == id) {
                    asked.declinable.push((id, outline));
                }
            }
        }
        asked
    }

    fn path(&mut self, path: &'a str) {
        let mut steps = path.split('.');
        match (steps.next(), steps.next()) {
            (Some("declared"), Some(name)) => self.facts.entry(name).or_default().declared = true,
            (Some("verified"), Some(name)) => self.facts.entry(name).or_default().verified = true,
            (Some("scope"), Some(name)) => {
                self.scope.insert(name);
            }
            _ => {}
        }
    }

    fn wish(&mut self, wish: &'a Wish) {
        let mut steps = wish.path.split('.');
        let wishes = match (steps.next(), steps.next()) {
            (Some("declared" | "verified"), Some(name)) => &mut self.facts.entry(name).or_default().wishes,
            (Some("scope"), Some(_)) => &mut self.scope_wishes,
            (Some("purpose"), None) => &mut self.purpose,
            _ => return,
        };
        if !wishes.contains(&wish) {
            wishes.push(wish);
        }
    }

    /// The purposes that some condition or ground names, with those under them, less those that one rules out; all of them where none
    /// is named.
    pub(super) fn purposes(&self, schema: &'a Schema) -> Vec<&'a str> {
        let Some(list) = schema.list("Purpose") else { return Vec::new() };
        let among = |w: &Wish, name: &str| w.values.iter().filter_map(Value::as_str).any(|top| under(list, name, top));
        let (mut wanted, mut unwanted): (Vec<&Wish>, Vec<&Wish>) = (Vec::new(), Vec::new());
        for &wish in &self.purpose {
            match wish.relation {
                Relation::Within | Relation::Is | Relation::OneOf => wanted.push(wish),
                Relation::NotWithin | Relation::IsNot | Relation::NoneOf => unwanted.push(wish),
                _ => {}
            }
        }
        let fits = |name: &&str| {
            (wanted.is_empty() || wanted.iter().any(|w| among(w, name))) && !unwanted.iter().any(|w| among(w, name))
        };
        list.keys().map(String::as_str).filter(fits).collect()
    }
}

/// True if a purpose is `top`, or stands under it.
fn under(list: &WordList, name: &str, top: &str) -> bool {
    let mut at = Some(name);
    // the schema has no cycle; the bound says so again
    for _ in 0..=list.len() {
        match at {
            Some(found) if found == top => return true,
            Some(found) => at = list.get(found).and_then(|w| w.broader.as_deref()),
            None => return false,
        }
    }
    false
}

/// Writes the file.
pub(super) fn write(texts: &Texts, shown: &Shown, asked: &Asked<'_>, columns: &[String]) -> String {
    let mut file = File { texts, shown, columns, labels: SchemaLabels(&shown.schema), lines: Vec::new() };
    file.head();
    file.lines.push("{".to_owned());
    file.said("  ", "cli-facts-applicant");
    file.lines.push("  // \"applicant\": \"NL.KVK:12345678\",".to_owned());
    file.purpose(asked);
    file.scope(asked);
    file.declared(asked);
    file.evidence(asked);
    file.declined(asked);
    file.lines.push("}".to_owned());
    file.approvals(asked);
    file.lines.join("\n")
}

struct File<'a> {
    texts: &'a Texts,
    shown: &'a Shown,
    /// The columns that can be asked for together.
    columns: &'a [String],
    labels: SchemaLabels<'a>,
    lines: Vec<String>,
}

impl File<'_> {
    /// A line of comment, wrapped.
    fn note(&mut self, indent: &str, note: &str) {
        self.lines.extend(text::wrap(note).lines().map(|l| format!("{indent}// {l}").trim_end().to_owned()));
    }

    /// A comment by its key.
    fn said(&mut self, indent: &str, key: &str) {
        let note = self.texts.get(key, &[]);
        self.note(indent, &note);
    }

    fn blank(&mut self) {
        self.lines.push(String::new());
    }

    /// What counts, if that can be said.
    fn counts(&mut self, indent: &str, inner: &str, wishes: &[&Wish]) {
        if !wishes.is_empty() {
            let all: Vec<String> = wishes.iter().map(|w| wish(self.texts, &self.labels, w)).collect();
            let note = self.texts.get("terms-counts", &[("wishes", all.join("; ").into())]);
            self.note(indent, &format!("{inner}{note}"));
        }
    }

    fn head(&mut self) {
        let d = &self.shown.dataset.dataset;
        let values = [("title", self.texts.of(&d.title).into()), ("dataset", d.slug.as_str().into())];
        let head = self.texts.get("cli-facts-head", &values);
        self.note("", &head);
        self.said("", "cli-facts-how");
        self.note("", &format!("  datadeal check --dataset {} --facts facts.json", d.slug));
    }

    fn purpose(&mut self, asked: &Asked<'_>) {
        self.blank();
        self.said("  ", "cli-facts-purpose");
        self.counts("  ", "", &asked.purpose);
        let purposes = asked.purposes(&self.shown.schema);
        for name in &purposes {
            let label = self.texts.of(&self.labels.purpose(name));
            self.note("  ", &format!("  - {name}: {label}"));
        }
        let example = purposes.first().copied().unwrap_or("dpv:ServiceProvision");
        self.lines.push(format!("  // \"purpose\": {},", json!(example)));
    }

    fn scope(&mut self, asked: &Asked<'_>) {
        self.blank();
        self.said("  ", "cli-facts-scope");
        let wishes: Vec<&Wish> = asked.scope_wishes.clone();
        self.counts("  ", "", &wishes);
        self.lines.push("  \"scope\": {".to_owned());
        for (name, example) in OPTIONAL_SCOPE {
            let label = self.field(name, asked);
            self.note("    ", &label);
            self.lines.push(format!("    // \"{name}\": {example},"));
        }
        let label = self.field("columns", asked);
        self.note("    ", &label);
        let d = &self.shown.dataset.dataset;
        if d.columns.is_empty() {
            self.said("    ", "cli-facts-no-columns");
        }
        for column in &d.columns {
            let words = plain(&column_words(self.texts, &self.labels, column));
            self.note("    ", &format!("  - {words}"));
        }
        self.columns();
        let label = self.field("level", asked);
        self.note("    ", &label);
        for line in word_lines(self.texts, &self.shown.schema, "DataLevel") {
            self.note("    ", &format!("  {line}"));
        }
        self.lines.push("    \"level\": \"records\",".to_owned());
        for (name, comma) in [("linkage", ","), ("editions", "")] {
            let label = self.field(name, asked);
            self.note("    ", &label);
            self.lines.push(format!("    \"{name}\": []{comma}"));
        }
        self.lines.push("  },".to_owned());
    }

    /// The columns that can be had together; all of them need not be named.
    fn columns(&mut self) {
        let all = &self.shown.dataset.dataset.columns;
        let left_out: Vec<String> =
            all.iter().filter(|c| !self.columns.contains(&c.name)).map(|c| plain(&c.name)).collect();
        if left_out.is_empty() || self.columns.is_empty() {
            self.said("    ", "cli-facts-all-columns");
            return self.lines.push("    \"columns\": [],".to_owned());
        }
        let note = self.texts.get("cli-facts-some-columns", &[("columns", left_out.join(", ").into())]);
        self.note("    ", &note);
        self.lines.push("    \"columns\": [".to_owned());
        for (i, name) in self.columns.iter().enumerate() {
            let comma = if i + 1 < self.columns.len() { "," } else { "" };
            self.lines.push(format!("      {}{comma}", json!(name)));
        }
        self.lines.push("    ],".to_owned());
    }

    /// A field of the scope by its label; marked if a condition reads it.
    fn field(&self, name: &str, asked: &Asked<'_>) -> String {
        let label = self.texts.of(&self.labels.path(&format!("scope.{name}")));
        if asked.scope.contains(name) { self.texts.get("cli-facts-read", &[("label", label.into())]) } else { label }
    }

    fn declared(&mut self, asked: &Asked<'_>) {
        self.blank();
        self.said("  ", "cli-facts-declared");
        self.lines.push("  \"declared\": {".to_owned());
        let schema = &self.shown.schema;
        let mut first = true;
        for (about_request, title) in [(false, "cli-about-organisation"), (true, "cli-about-request")] {
            let of_kind: Vec<(&str, &Used<'_>, &FactInfo)> = asked
                .facts
                .iter()
                .filter(|(_, used)| used.declared)
                .filter_map(|(name, used)| Some((*name, used, schema.facts().get(*name)?)))
                .filter(|(_, _, info)| info.about_request == about_request)
                .collect();
            if of_kind.is_empty() {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.blank();
            }
            let title = self.texts.get(title, &[]);
            self.note("    ", &format!("--- {title} ---"));
            for (name, used, info) in of_kind {
                self.fact(name, used, info);
            }
        }
        self.lines.push("  },".to_owned());
    }

    /// A fact that is stated: label, type, words, what counts, and whether it needs proof as well.
    fn fact(&mut self, name: &str, used: &Used<'_>, info: &FactInfo) {
        self.blank();
        let (label, ty) = (self.texts.of(&info.label), type_words(self.texts, &info.ty));
        self.note("    ", &format!("{label} ({ty})"));
        self.words(&info.ty);
        self.counts("    ", "", &used.wishes);
        if used.verified {
            let proof = proof_line(self.texts, info);
            self.note("    ", &proof);
        }
        self.lines.push(format!("    // \"{name}\": {},", example(&self.shown.schema, &info.ty, &used.wishes)));
    }

    fn words(&mut self, ty: &FactType) {
        if let FactType::Word(list) | FactType::Words(list) = ty {
            for line in word_lines(self.texts, &self.shown.schema, list) {
                self.note("    ", &format!("  {line}"));
            }
        }
    }

    fn evidence(&mut self, asked: &Asked<'_>) {
        self.blank();
        let schema = &self.shown.schema;
        let verified: Vec<_> = asked.facts.iter().filter(|(_, used)| used.verified).collect();
        if verified.is_empty() {
            self.said("  ", "cli-facts-no-evidence");
        } else {
            self.said("  ", "cli-facts-evidence");
        }
        for (name, used) in verified {
            let Some(info) = schema.facts().get(*name) else { continue };
            let (label, proof) = (self.texts.of(&info.label), proof_line(self.texts, info));
            self.note("  ", &format!("  - {name}: {label}. {proof}"));
            // what was told beside the declared twin is not told again
            if !used.declared {
                self.counts("  ", "    ", &used.wishes);
            }
        }
        self.lines.push("  \"evidence\": [],".to_owned());
    }

    fn declined(&mut self, asked: &Asked<'_>) {
        self.blank();
        if asked.declinable.is_empty() {
            self.said("  ", "cli-facts-nothing-declined");
        } else {
            self.said("  ", "cli-facts-declined");
        }
        for (id, outline) in &asked.declinable {
            let label = self.texts.of(&outline.text.label);
            self.note("  ", &format!("  - {id}: {label}"));
        }
        self.lines.push("  \"declined\": []".to_owned());
    }

    fn approvals(&mut self, asked: &Asked<'_>) {
        if !asked.approvals.is_empty() {
            let names: Vec<String> = asked.approvals.iter().map(|a| self.texts.of(&self.labels.approval(a))).collect();
            let note = self.texts.get("cli-facts-approvals", &[("approvals", self.texts.all_of(&names).into())]);
            self.note("", &note);
        }
    }
}

/// A value of the type, one that counts where a wish names it.
fn example(schema: &Schema, ty: &FactType, wishes: &[&Wish]) -> Value {
    let wished = wishes
        .iter()
        .filter(|w| matches!(w.relation, Relation::Is | Relation::OneOf | Relation::HasAll | Relation::HasAny))
        .filter(|w| w.path.matches('.').count() == 1)
        .find_map(|w| w.values.first().cloned());
    match ty {
        FactType::Record(members) => {
            let of = |(name, m): (&String, &crate::conditions::Member)| (name.clone(), example(schema, &m.ty, &[]));
            Value::Object(members.iter().map(of).collect::<Map<_, _>>())
        }
        FactType::Texts | FactType::Words(_) => {
            let one = match ty {
                FactType::Words(list) => FactType::Word(list.clone()),
                _ => FactType::Text,
            };
            json!([wished.unwrap_or_else(|| example(schema, &one, &[]))])
        }
        _ => wished.unwrap_or_else(|| match ty {
            FactType::Number => json!(0),
            FactType::Flag => json!(false),
            FactType::Instant => json!("2027-01-01T00:00:00Z"),
            FactType::Word(list) => json!(schema.words(list).and_then(|w| w.first()).cloned().unwrap_or_default()),
            _ => json!("..."),
        }),
    }
}
