//! What an agreement says: drawn from a case and its answer, one clause for each condition that is signed, and no field blank.

use std::collections::BTreeSet;

use chrono::Months;

use crate::engine::EngineError;
use crate::engine::requests::case::Judged;
use crate::engine::state::Case;
use crate::model::condition::{Bilingual, Kind as ConditionKind, Lang, Role};
use crate::model::decision::{Answer, Decision, Status};
use crate::model::record::{
    Actor as Acting, Deal, DealDecision, DealGround, DealParty, DealTerm, Fee, Obligation, Party, Wording,
};
use crate::model::{Name, Time, Urn};
use crate::text::template;

/// How long an offer stands, in days.
pub(super) const OFFER_DAYS: i64 = 30;
/// How long a deal runs where the request names no term, in months.
const TERM_MONTHS: u32 = 12;

/// The agreement.
pub(super) fn deal_of(
    case: &Case,
    judged: &Judged,
    id: Urn,
    owner: String,
    decision: DealDecision,
    actor: Acting,
    now: Time,
) -> Result<Deal, EngineError> {
    let dataset = &judged.matter.dataset.dataset;
    let (obligations, fees) = obligations(&judged.decision, &judged.input.accepted)?;
    let term = DealTerm { from: now, until: ends(now, judged.input.scope.term_months) };
    let provider = DealParty {
        organisation: case.owner.clone(),
        name: owner,
        party: Party::Provider,
        in_name_of: Some(dataset.competent_body.clone()),
    };
    let reuser = DealParty {
        organisation: case.applicant.clone(),
        name: judged.matter.request.applicant_name.clone(),
        party: Party::Reuser,
        in_name_of: None,
    };
    Ok(Deal {
        number: number(id, now),
        parties: vec![provider, reuser],
        dataset: dataset.id.clone(),
        title: dataset.title.clone(),
        dataset_version: judged.matter.dataset.version,
        scope: judged.input.scope.clone(),
        purpose: judged.matter.request.purpose.clone(),
        purpose_label: judged.force.schema.label("Purpose", &judged.matter.request.purpose),
        term,
        offer_until: now.plus_seconds(OFFER_DAYS * 86_400),
        decision,
        obligations,
        fees,
        grounds: grounds(&judged.decision),
        regime: dataset.regime.clone(),
        law: dataset.law.clone(),
        personal_data: dataset.personal_data,
        language: Lang::Nl,
        words: Wording { nl: template(Lang::Nl), en: template(Lang::En) },
        supersedes: None,
        actor,
    })
}

/// The grounds that are met: why the law lets the data be given.
pub(in crate::engine) fn grounds(decision: &Decision) -> Vec<DealGround> {
    let met = decision.grounds.iter().filter(|g| g.status == Status::Met);
    met.map(|g| DealGround { id: g.id.clone(), label: g.text.label.clone(), legal_basis: g.text.legal_basis.clone() })
        .collect()
}

/// Exactly one obligation for each promise, duty, delivery and fee that was accepted. One that was declined and still holds has
/// nothing to say about the columns that are given.
pub(in crate::engine) fn obligations(
    decision: &Decision,
    accepted: &BTreeSet<Name>,
) -> Result<(Vec<Obligation>, Vec<Fee>), EngineError> {
    let (mut obligations, mut fees) = (Vec::new(), Vec::new());
    let accepted = |a: &&Answer| accepted.iter().any(|id| a.bare_id() == id.as_str());
    let on_signing = decision.conditions.iter().filter(|a| a.status == Status::OnSigning);
    for answer in on_signing.filter(accepted) {
        let Role::Condition(kind) = answer.role else { continue };
        let Some(clause) = answer.text.clause.clone() else { continue };
        let kind: Name = match kind {
            ConditionKind::Entry => continue,
            ConditionKind::Promise => "promise",
            ConditionKind::Duty => "duty",
            ConditionKind::Delivery => "delivery",
            ConditionKind::Fee => "fee",
        }
        .parse()?;
        obligations.push(Obligation {
            id: answer.id.clone(),
            kind,
            clause,
            due: answer.text.due.clone(),
            legal_basis: answer.text.legal_basis.clone(),
        });
        fees.extend(answer.text.tariff.clone().map(|tariff| Fee { id: answer.id.clone(), tariff }));
    }
    Ok((obligations, fees))
}

/// A number for people, from the id: it needs no counter on which all deals of a year would wait.
pub(super) fn number(id: Urn, now: Time) -> String {
    let text = id.to_string().to_uppercase();
    let tail: String = text.chars().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect();
    format!("{}-{tail}", now.chrono().format("%Y"))
}

/// The end of a term that begins at an instant.
pub(super) fn ends(from: Time, months: Option<i64>) -> Time {
    let months = months.and_then(|m| u32::try_from(m).ok()).unwrap_or(TERM_MONTHS);
    let until = from.chrono().checked_add_months(Months::new(months)).and_then(|t| Time::from_unix(t.timestamp()));
    until.unwrap_or(from)
}

/// The first field that an agreement must fill in and this one would not, by its name in the record.
pub(super) fn blank(deal: &Deal) -> Option<String> {
    /// The parts of a name, some of them empty, and the text.
    type Texts<'d> = Vec<([&'d str; 4], &'d str)>;
    fn both<'d>(fields: &mut Texts<'d>, [a, b, c]: [&'d str; 3], text: &'d Bilingual) {
        fields.extend([([a, b, c, "nl"], &*text.nl), ([a, b, c, "en"], &*text.en)]);
    }
    if deal.grounds.is_empty() {
        return Some("grounds".to_owned());
    }
    let mut fields: Texts<'_> = vec![
        (["number", "", "", ""], &deal.number),
        (["purpose", "", "", ""], &deal.purpose),
        (["law", "", "", ""], &deal.law),
    ];
    both(&mut fields, ["title", "", ""], &deal.title);
    both(&mut fields, ["purposeLabel", "", ""], &deal.purpose_label);
    for party in &deal.parties {
        fields.push((["parties", party.organisation.as_str(), "name", ""], &party.name));
        party.in_name_of.iter().for_each(|body| both(&mut fields, ["parties", "inNameOf", ""], body));
    }
    for ground in &deal.grounds {
        both(&mut fields, ["grounds", &ground.id, "label"], &ground.label);
        fields.push((["grounds", &ground.id, "legalBasis", ""], &ground.legal_basis));
    }
    for o in &deal.obligations {
        both(&mut fields, ["obligations", &o.id, "clause"], &o.clause);
        fields.push((["obligations", &o.id, "legalBasis", ""], &o.legal_basis));
    }
    let (name, _) = fields.into_iter().find(|(_, text)| text.trim().is_empty())?;
    Some(name.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Each field that an agreement must fill in is missed where it is blank, and named.
    #[test]
    fn no_field_stays_blank() {
        let bundle: Value = serde_json::from_str(include_str!("../../../tests/vectors/bundle.json")).unwrap();
        let subject = &bundle["deal"]["credentialSubject"];
        let blank_with = |at: &str, value: Value| {
            let mut changed = subject.clone();
            *changed.pointer_mut(at).unwrap_or_else(|| panic!("{at}")) = value;
            blank(&serde_json::from_value(changed).unwrap())
        };
        let id = |at: &str| subject.pointer(at).unwrap().as_str().unwrap().to_owned();
        let (party, ground, duty) = (id("/parties/0/organisation"), id("/grounds/0/id"), id("/obligations/0/id"));
        assert_eq!(blank(&serde_json::from_value(subject.clone()).unwrap()), None);
        assert_eq!(blank_with("/grounds", Value::Array(Vec::new())).as_deref(), Some("grounds"));
        for (at, name) in [
            ("/number", "number".to_owned()),
            ("/purpose", "purpose".to_owned()),
            ("/law", "law".to_owned()),
            ("/title/nl", "title.nl".to_owned()),
            ("/title/en", "title.en".to_owned()),
            ("/purposeLabel/nl", "purposeLabel.nl".to_owned()),
            ("/purposeLabel/en", "purposeLabel.en".to_owned()),
            ("/parties/0/name", format!("parties.{party}.name")),
            ("/parties/0/inNameOf/nl", "parties.inNameOf.nl".to_owned()),
            ("/parties/0/inNameOf/en", "parties.inNameOf.en".to_owned()),
            ("/grounds/0/label/nl", format!("grounds.{ground}.label.nl")),
            ("/grounds/0/label/en", format!("grounds.{ground}.label.en")),
            ("/grounds/0/legalBasis", format!("grounds.{ground}.legalBasis")),
            ("/obligations/0/clause/nl", format!("obligations.{duty}.clause.nl")),
            ("/obligations/0/clause/en", format!("obligations.{duty}.clause.en")),
            ("/obligations/0/legalBasis", format!("obligations.{duty}.legalBasis")),
        ] {
            assert_eq!(blank_with(at, " ".into()), Some(name));
        }
    }
}
