//! The agreement: every mandatory row filled, one clause per obligation, the same words for the same deal.

use std::collections::BTreeSet;

use super::*;
use datadeal::model::Digest;
use datadeal::model::record::Deal;
use datadeal::text::agreement;

/// A deal on the sample question; `changes` as in [`input`].
fn deal(changes: &[(&str, Value)]) -> Deal {
    let digest = |c: &str| c.repeat(32);
    let input = input(&[]);
    let decision = decided(&input);
    let both = |en: &str, nl: &str| json!({"en": en, "nl": nl});
    let clause = |id: &str| {
        let rule = decision.conditions.iter().find(|c| c.id == id).unwrap();
        json!({"id": id, "kind": rule.role, "clause": rule.text.clause, "due": rule.text.due, "legalBasis": rule.text.legal_basis})
    };
    let without_null = |mut value: Value| {
        value.as_object_mut().unwrap().retain(|_, v| !v.is_null());
        value
    };
    let mut obligations: Vec<Value> =
        ["dataset/no-re-identification", "dataset/secure-environment", "dataset/breach-report", "dataset/fee"]
            .map(|id| without_null(clause(id)))
            .to_vec();
    obligations.push(json!({
        "id": "term/1", "kind": "term", "legalBasis": "Algemene wet bestuursrecht art. 4:82",
        "clause": both("The reuser shows a draft to the provider before publication.", "De hergebruiker toont voor publicatie een concept aan de verstrekker."),
        "due": "P14D after delivery",
    }));
    let fee = decision.conditions.iter().find(|c| c.id == "dataset/fee").unwrap().text.tariff.clone();
    let ground = decision.grounds.first().unwrap();
    let mut value = json!({
        "number": "2026-0042",
        "parties": [
            {"organisation": "NL.OIN:00000001003214345000", "name": "Dienst Uitvoering Onderwijs", "party": "provider",
             "inNameOf": input.dataset.competent_body},
            {"organisation": "NL.KVK:69599084", "name": "Test EMZ Dagobert", "party": "reuser"},
        ],
        "dataset": input.dataset.id, "title": input.dataset.title, "datasetVersion": digest("0a"),
        "scope": input.scope, "purpose": "dd:EducationResearch",
        "purposeLabel": both("Research into education", "Onderzoek naar onderwijs"),
        "term": {"from": "2026-11-30T23:00:00Z", "until": "2028-11-30T23:00:00Z"},
        "offerUntil": "2026-12-25T09:30:00Z",
        "decision": {"record": {"id": "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7081", "digest": digest("0b")}, "input": digest("0c")},
        "grounds": [{"id": ground.id, "label": ground.text.label, "legalBasis": ground.text.legal_basis}],
        "obligations": obligations,
        "fees": [{"id": "dataset/fee", "tariff": fee}],
        "regime": "sector", "law": "Wet register onderwijsdeelnemers", "personalData": true, "language": "nl",
        "words": {"nl": digest("00"), "en": digest("00")},
        "actor": {"function": "Head of data services", "organisation": "NL.OIN:00000001003214345000",
                  "authority": {"mandate": digest("0d")}, "authenticated": "eHerkenning EH3", "keyHeldBy": "service", "level": "simple"},
    });
    change(&mut value, changes);
    json::from_value(value, "deal").unwrap()
}

fn in_lang(lang: Lang, deal: &Deal) -> datadeal::text::Agreement {
    agreement(&Texts::new(lang), &SchemaLabels(&world().schema), deal)
}

#[test]
fn agreement_of_a_deal() {
    let deal = deal(&[]);
    let text = both(|texts, labels| agreement(texts, labels, &deal).text);
    assert_filled(&text);
    insta::assert_snapshot!(text);
}

#[test]
fn agreement_without_clauses_fees_and_personal_data() {
    let changes = [
        ("/obligations", json!([])),
        ("/fees", json!([])),
        ("/personalData", json!(false)),
        ("/language", json!("en")),
        ("/regime", json!("who")),
        (
            "/scope",
            json!({"level": "aggregates", "linkage": ["own survey"], "editions": ["2025"], "volumePerDay": 1500,
            "periodFrom": "2019-12-31T23:00:00Z", "periodUntil": "2025-12-31T23:00:00Z"}),
        ),
        ("/actor/authority", json!({"automatic": "Head of data services"})),
        ("/actor/level", json!("advanced (claimed)")),
        ("/actor/keyHeldBy", json!("self")),
    ];
    let deal = deal(&changes);
    let changed: Vec<String> = ["1", "3", "5", "7", "10", "14", "15", "20", "23", "27"]
        .into_iter()
        .flat_map(|n| {
            [Lang::En, Lang::Nl].map(|lang| {
                let agreement = in_lang(lang, &deal);
                let (_, text) = agreement.clauses.iter().find(|(id, _)| id == n).unwrap();
                assert_filled(text);
                format!("{n}. {text}")
            })
        })
        .collect();
    insta::assert_snapshot!(changed.join("\n\n"));
}

/// One article per row of the agreement's form, one clause per obligation, both ways and in both languages.
#[test]
fn each_obligation_has_exactly_one_clause() {
    let deal = deal(&[]);
    for lang in [Lang::Nl, Lang::En] {
        let agreement = in_lang(lang, &deal);
        let ids: Vec<&str> = agreement.clauses.iter().map(|(id, _)| id.as_str()).collect();
        let articles: Vec<String> = (1..=32).map(|n| n.to_string()).collect();
        let expected: BTreeSet<&str> =
            articles.iter().map(String::as_str).chain(deal.obligations.iter().map(|o| o.id.as_str())).collect();
        assert_eq!(ids.len(), expected.len());
        assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), expected);
        for obligation in &deal.obligations {
            let (_, text) = agreement.clauses.iter().find(|(id, _)| *id == obligation.id).unwrap();
            let clause = obligation.clause.in_lang(lang);
            assert!(text.starts_with(clause) && text.contains(&obligation.legal_basis), "{text}");
            assert_eq!(agreement.text.matches(clause).count(), 1);
            assert_eq!(agreement.text.matches(&format!(" {} (", obligation.id)).count(), 1);
        }
        let mut rest = agreement.text.as_str();
        for (_, text) in &agreement.clauses {
            let (_, after) = rest.split_once(text.as_str()).expect("clauses stand in the order of the text");
            rest = after;
        }
    }
}

#[test]
fn no_mandatory_field_is_blank() {
    let deal = deal(&[]);
    for lang in [Lang::Nl, Lang::En] {
        let texts = Texts::new(lang);
        let agreement = in_lang(lang, &deal);
        assert!(agreement.clauses.iter().all(|(_, text)| text.len() > 40));
        let named = [
            deal.number.clone(),
            deal.title.in_lang(lang).to_owned(),
            deal.dataset.to_string(),
            deal.dataset_version.to_string(),
            deal.parties[0].name.clone(),
            deal.parties[0].organisation.to_string(),
            deal.parties[0].in_name_of.as_ref().unwrap().in_lang(lang).to_owned(),
            deal.parties[1].name.clone(),
            deal.parties[1].organisation.to_string(),
            deal.decision.record.id.to_string(),
            deal.decision.record.digest.to_string(),
            deal.decision.input.to_string(),
            deal.grounds[0].label.in_lang(lang).to_owned(),
            deal.grounds[0].legal_basis.clone(),
            deal.law.clone(),
            deal.purpose_label.in_lang(lang).to_owned(),
            texts.date(deal.term.from),
            texts.until(deal.term.until),
            texts.until(deal.offer_until),
            texts.tariff(&deal.fees[0].tariff),
            deal.actor.function.clone(),
            "0d".repeat(32),
        ];
        let columns = deal.scope.columns.iter().cloned();
        for field in named.into_iter().chain(columns) {
            assert!(agreement.text.contains(&field), "{field}");
        }
    }
}

/// The digest of the words is signed within the deal, so the words cannot depend on it; and two runs give the same bytes.
#[test]
fn the_words_follow_from_the_rest_of_the_deal() {
    let mut deal = deal(&[]);
    let before = in_lang(Lang::Nl, &deal);
    deal.words.nl = Digest::of(before.text.as_bytes());
    assert_eq!(in_lang(Lang::Nl, &deal), before);
    for line in datadeal::text::wrap(&before.text).lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

/// A name cannot break out of its line and pass for an article.
#[test]
fn values_stay_on_their_line() {
    let forged = deal(&[("/parties/1/name", json!("A\n99. Forged\nNothing is owed."))]);
    assert!(in_lang(Lang::En, &forged).text.lines().all(|l| !l.starts_with("99.")));
}
