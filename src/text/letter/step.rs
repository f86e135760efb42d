//! The letter of a step in the life of a deal: its revocation announced, dropped or done, the deal suspended, resumed or ended.

use super::super::Texts;
use crate::model::record::{Authority, Copies, Deal, Level, Party, Revocation, RevocationAction};
use crate::model::{Time, Urn};

/// The letter as plain text, one paragraph a line; [`super::super::wrap`] makes it fit a terminal. `id` is that of the step's record.
#[must_use]
pub fn step_letter(texts: &Texts, deal: &Deal, id: Urn, at: Time, step: &Revocation) -> String {
    let mut lines = vec![texts.get("letter-step-title", &[("number", deal.number.as_str().into())])];
    lines.push(texts.get("letter-step-subject", &[("title", texts.of(&deal.title).into())]));
    for party in &deal.parties {
        let key = if party.party == Party::Provider { "letter-step-provider" } else { "letter-step-reuser" };
        let values = [("name", party.name.as_str().into()), ("number", party.organisation.as_str().into())];
        lines.push(texts.get(key, &values));
    }
    lines.push(texts.get("letter-step-record", &[("id", id.to_string().into()), ("at", texts.date(at).into())]));
    let key = match step.action {
        RevocationAction::Intend => "letter-step-intend",
        RevocationAction::Drop => "letter-step-drop",
        RevocationAction::Suspend => "letter-step-suspend",
        RevocationAction::Resume => "letter-step-resume",
        RevocationAction::Revoke if step.danger => "letter-step-revoke-danger",
        RevocationAction::Revoke => "letter-step-revoke",
        RevocationAction::End => "letter-step-end",
    };
    let mut part = |heading: &str, text: String| {
        lines.extend([String::new(), texts.get(heading, &[]), text]);
    };
    let values = [
        ("number", deal.number.as_str().into()),
        ("from", texts.moment(step.effective).into()),
        ("until", step.view_until.map_or_else(String::new, |until| texts.until(until)).into()),
    ];
    part("letter-step-heading-what", texts.get(key, &values));
    part("letter-step-heading-why", texts.get("letter-step-reason", &[("reason", step.reason.as_str().into())]));
    if step.view.is_some() {
        part("letter-step-heading-view", texts.get("letter-step-view", &[]));
    }
    if let Some(copies) = step.copies {
        let key = match copies {
            Copies::Hold => "letter-step-hold",
            Copies::Delete => "letter-step-delete",
        };
        part("letter-step-heading-copies", texts.get(key, &[]));
    }
    let function = ("function", step.actor.function.as_str().into());
    part(
        "letter-heading-who",
        match &step.actor.authority {
            Authority::Automatic(official) => texts.get("letter-who-automatic", &[("official", official.into())]),
            Authority::Mandate(digest) => {
                texts.get("letter-who-mandate", &[function, ("digest", digest.to_string().into())])
            }
            Authority::Register(entry) => texts.get("letter-who-register", &[function, ("entry", entry.into())]),
        },
    );
    if let Some(objection) = &step.objection {
        let values = [
            ("body", texts.of(&objection.body).into()),
            ("until", texts.day(&objection.until).into()),
            ("web", objection.web.as_str().into()),
            ("id", id.to_string().into()),
        ];
        part("letter-heading-objection", texts.get("letter-objection", &values));
    }
    let level = if step.actor.level == Level::Simple { "simple" } else { "advanced" };
    part("letter-heading-signature", texts.get("letter-signature", &[("level", level.into())]));
    lines.join("\n")
}
