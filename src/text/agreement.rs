//! The agreement's full words: the fixed general part of 32 articles, and exactly one clause for each obligation of the deal.
//!
//! The deal is signed over the digests of these words, so they follow from the deal alone, byte for byte: no wrapping, no clock,
//! nothing of the signatures themselves. The sentences of a template never change; a change is a new template.

use std::sync::LazyLock;

use serde_json::json;

use super::{FluentValue, Labels, Texts};
use crate::model::Digest;
use crate::model::condition::{DueEvent, Lang};
use crate::model::record::{Authority, Deal, Holder, Level, Obligation, Party, Wording};

/// The template that these words follow.
pub const TEMPLATE: u32 = 2;

/// The words of an agreement in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agreement {
    /// All of it, as plain text: one paragraph a line. [`super::wrap`] makes it fit a terminal.
    pub text: String,
    /// Each article by its number `1` to `32`, and each clause by the id of its obligation, in the order of the text. Both
    /// languages have the same ids.
    pub clauses: Vec<(String, String)>,
}

impl Agreement {
    fn add(&mut self, id: String, heading: &str, text: String) {
        self.text.push_str(&format!("\n{heading}\n{text}\n"));
        self.clauses.push((id, text));
    }
}

/// The heading and the text of each article, in order.
const ARTICLES: [(&str, &str); 32] = [
    ("agreement-heading-1", "agreement-text-1"),
    ("agreement-heading-2", "agreement-text-2"),
    ("agreement-heading-3", "agreement-text-3"),
    ("agreement-heading-4", "agreement-text-4"),
    ("agreement-heading-5", "agreement-text-5"),
    ("agreement-heading-6", "agreement-text-6"),
    ("agreement-heading-7", "agreement-text-7"),
    ("agreement-heading-8", "agreement-text-8"),
    ("agreement-heading-9", "agreement-text-9"),
    ("agreement-heading-10", "agreement-text-10"),
    ("agreement-heading-11", "agreement-text-11"),
    ("agreement-heading-12", "agreement-text-12"),
    ("agreement-heading-13", "agreement-text-13"),
    ("agreement-heading-14", "agreement-text-14"),
    ("agreement-heading-15", "agreement-text-15"),
    ("agreement-heading-16", "agreement-text-16"),
    ("agreement-heading-17", "agreement-text-17"),
    ("agreement-heading-18", "agreement-text-18"),
    ("agreement-heading-19", "agreement-text-19"),
    ("agreement-heading-20", "agreement-text-20"),
    ("agreement-heading-21", "agreement-text-21"),
    ("agreement-heading-22", "agreement-text-22"),
    ("agreement-heading-23", "agreement-text-23"),
    ("agreement-heading-24", "agreement-text-24"),
    ("agreement-heading-25", "agreement-text-25"),
    ("agreement-heading-26", "agreement-text-26"),
    ("agreement-heading-27", "agreement-text-27"),
    ("agreement-heading-28", "agreement-text-28"),
    ("agreement-heading-29", "agreement-text-29"),
    ("agreement-heading-30", "agreement-text-30"),
    ("agreement-heading-31", "agreement-text-31"),
    ("agreement-heading-32", "agreement-text-32"),
];

/// The article under which a clause stands.
fn article_of(obligation: &Obligation) -> usize {
    match obligation.kind.as_str() {
        "term" => 15,
        "fee" => 20,
        _ => 14,
    }
}

/// The digest of the words that an agreement is made of: the texts of this version and [`TEMPLATE`]. With it a deal's fields give its
/// full words, so that a deal names the template and not the result; who accepts the deal accepts both (SPEC section 5).
#[must_use]
pub fn template(lang: Lang) -> Digest {
    static TEMPLATES: LazyLock<[Digest; 2]> = LazyLock::new(|| {
        [super::NL, super::EN].map(|[_, say, articles, ..]| {
            let digest = |text: &str| Digest::of(text.as_bytes()).to_string();
            Digest::of_document(&json!({"template": TEMPLATE, "say": digest(say), "articles": digest(articles)}))
        })
    });
    let [nl, en] = *TEMPLATES;
    match lang {
        Lang::Nl => nl,
        Lang::En => en,
    }
}

/// Whether a deal is made of words that are here. Of others the text would be another one than that which was signed.
#[must_use]
pub fn has_words(words: &Wording) -> bool {
    *words == Wording { nl: template(Lang::Nl), en: template(Lang::En) }
}

/// The agreement of a deal that [`has_words`].
#[must_use]
pub fn agreement(texts: &Texts, labels: &dyn Labels, deal: &Deal) -> Agreement {
    let writer = Writer { texts, labels, deal };
    let values = writer.values();
    let title = texts.get("agreement-title", &values);
    let subject = texts.get("agreement-subject", &values);
    let mut out = Agreement { text: format!("{title}\n{subject}\n"), clauses: Vec::new() };
    for (n, (heading, body)) in (1usize..).zip(ARTICLES) {
        let heading =
            texts.get("agreement-article", &[("n", n.to_string().into()), ("heading", texts.get(heading, &[]).into())]);
        let mut text = texts.get(body, &values);
        for line in writer.lines(n) {
            text.push_str(&format!("\n- {line}"));
        }
        out.add(n.to_string(), &heading, text);
        let clauses = deal.obligations.iter().filter(|o| article_of(o) == n);
        for (i, obligation) in (1usize..).zip(clauses) {
            let (heading, text) = writer.clause(&format!("{n}.{i}"), obligation);
            out.add(obligation.id.clone(), &heading, text);
        }
    }
    out
}

struct Writer<'a> {
    texts: &'a Texts,
    labels: &'a dyn Labels,
    deal: &'a Deal,
}

impl Writer<'_> {
    /// What the articles name.
    fn values(&self) -> Vec<(&'static str, FluentValue<'_>)> {
        let (texts, deal) = (self.texts, self.deal);
        let authority = match &deal.actor.authority {
            Authority::Mandate(digest) => {
                texts.get("agreement-authority-mandate", &[("digest", digest.to_string().into())])
            }
            Authority::Register(entry) => texts.get("agreement-authority-register", &[("entry", entry.into())]),
            Authority::Automatic(official) => {
                texts.get("agreement-authority-automatic", &[("official", official.into())])
            }
        };
        let count = |n: usize| FluentValue::from(deal.obligations.iter().filter(|o| article_of(o) == n).count());
        vec![
            ("number", deal.number.as_str().into()),
            ("title", texts.of(&deal.title).into()),
            ("template", TEMPLATE.to_string().into()),
            ("decision", deal.decision.record.id.to_string().into()),
            ("function", deal.actor.function.as_str().into()),
            ("authority", authority.into()),
            ("law", deal.law.as_str().into()),
            ("regime", deal.regime.as_str().into()),
            ("purpose", texts.of(&deal.purpose_label).into()),
            ("personal", if deal.personal_data { "yes" } else { "no" }.into()),
            ("clauses", count(14)),
            ("terms", count(15)),
            ("fees", deal.fees.len().into()),
            ("incident", self.incident().into()),
            ("from", texts.moment(deal.term.from).into()),
            ("until", texts.until(deal.term.until).into()),
            ("offer", texts.until(deal.offer_until).into()),
            ("level", if deal.actor.level == Level::Simple { "simple" } else { "advanced" }.into()),
            ("holder", if deal.actor.key_held_by == Holder::Service { "service" } else { "self" }.into()),
            ("language", if deal.language == Lang::Nl { "nl" } else { "en" }.into()),
        ]
    }

    /// The clauses that say when an incident is reported, or `none`.
    fn incident(&self) -> String {
        let about = |o: &&Obligation| o.due.as_ref().is_some_and(|d| d.after == DueEvent::Incident);
        let ids: Vec<String> = self.deal.obligations.iter().filter(about).map(|o| o.id.clone()).collect();
        if ids.is_empty() { "none".to_owned() } else { self.texts.all_of(&ids) }
    }

    /// What an article lists under its text.
    fn lines(&self, article: usize) -> Vec<String> {
        match article {
            2 => self.parties(),
            5 => self.grounds(),
            7 => self.data(),
            20 => self.fees(),
            31 => self.annexes(),
            _ => Vec::new(),
        }
    }

    fn parties(&self) -> Vec<String> {
        let party = |p: &crate::model::record::DealParty| {
            let mut values = vec![("name", p.name.as_str().into()), ("number", p.organisation.as_str().into())];
            match (p.party, &p.in_name_of) {
                (Party::Provider, Some(body)) => {
                    values.push(("body", self.texts.of(body).into()));
                    self.texts.get("agreement-provider-for", &values)
                }
                (Party::Provider, None) => self.texts.get("agreement-provider", &values),
                (Party::Reuser, _) => self.texts.get("agreement-reuser", &values),
            }
        };
        self.deal.parties.iter().map(party).collect()
    }

    fn grounds(&self) -> Vec<String> {
        let ground = |g: &crate::model::record::DealGround| {
            let values = [("label", self.texts.of(&g.label).into()), ("law", g.legal_basis.as_str().into())];
            self.texts.get("agreement-ground", &values)
        };
        self.deal.grounds.iter().map(ground).collect()
    }

    fn data(&self) -> Vec<String> {
        let (texts, deal, scope) = (self.texts, self.deal, &self.deal.scope);
        let list = |set: &std::collections::BTreeSet<String>| texts.all_of(&set.iter().cloned().collect::<Vec<_>>());
        let level = self.labels.word("scope.level", &scope.level);
        let level = level.map_or_else(|| scope.level.clone(), |l| texts.of(&l));
        let dataset = [("title", texts.of(&deal.title).into()), ("iri", deal.dataset.as_str().into())];
        let mut out = vec![
            texts.get("agreement-data-dataset", &dataset),
            texts.get("agreement-data-version", &[("digest", deal.dataset_version.to_string().into())]),
        ];
        out.push(match scope.columns.is_empty() {
            true => texts.get("agreement-data-no-columns", &[]),
            false => texts.get("agreement-data-columns", &[("columns", list(&scope.columns).into())]),
        });
        out.push(texts.get("agreement-data-level", &[("level", level.into())]));
        out.push(match scope.editions.is_empty() {
            true => texts.get("agreement-data-every-edition", &[]),
            false => texts.get("agreement-data-editions", &[("editions", list(&scope.editions).into())]),
        });
        out.extend(scope.period_from.map(|t| texts.get("agreement-data-from", &[("from", texts.moment(t).into())])));
        out.extend(scope.period_until.map(|t| texts.get("agreement-data-until", &[("until", texts.until(t).into())])));
        out.push(match scope.linkage.is_empty() {
            true => texts.get("agreement-data-no-linkage", &[]),
            false => texts.get("agreement-data-linkage", &[("linkage", list(&scope.linkage).into())]),
        });
        out.extend(
            scope.volume_per_day.map(|n| texts.get("agreement-data-volume", &[("volume", texts.number(n).into())])),
        );
        out
    }

    fn fees(&self) -> Vec<String> {
        let fee = |f: &crate::model::record::Fee| {
            let values = [("id", f.id.as_str().into()), ("tariff", self.texts.tariff(&f.tariff).into())];
            self.texts.get("agreement-fee", &values)
        };
        self.deal.fees.iter().map(fee).collect()
    }

    fn annexes(&self) -> Vec<String> {
        let (texts, decision) = (self.texts, &self.deal.decision);
        let record = [
            ("decision", decision.record.id.to_string().into()),
            ("digest", decision.record.digest.to_string().into()),
        ];
        vec![
            texts.get("agreement-annex-decision", &record),
            texts.get("agreement-annex-input", &[("digest", decision.input.to_string().into())]),
            texts.get("agreement-annex-dataset", &[("digest", self.deal.dataset_version.to_string().into())]),
        ]
    }

    /// The heading of a clause, and its words with due rule and legal basis.
    fn clause(&self, n: &str, obligation: &Obligation) -> (String, String) {
        let texts = self.texts;
        let values =
            [("n", n.into()), ("id", obligation.id.as_str().into()), ("kind", obligation.kind.as_str().into())];
        let mut text = texts.of(&obligation.clause);
        if let Some(due) = &obligation.due {
            text.push('\n');
            text.push_str(&texts.get("agreement-clause-due", &[("due", texts.due(due).into())]));
        }
        text.push('\n');
        text.push_str(&texts.get("agreement-clause-law", &[("law", obligation.legal_basis.as_str().into())]));
        (texts.get("agreement-clause", &values), text)
    }
}
