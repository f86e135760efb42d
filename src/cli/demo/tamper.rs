//! A deal is changed after it was signed: by somebody with a text editor, and by the owner with its own key. Both are caught.

use serde_json::{Value, json};

use super::{CliError, Stage};
use crate::engine::EngineError;
use crate::model::bundle::Bundle;
use crate::model::{DidKey, Time, Urn};
use crate::sign::proof;
use crate::text::{Texts, wrapped};
use crate::verify::{Check, CheckResult, Given, Report, verify};

/// How much longer the changed deal runs, in seconds: ten years.
const LONGER: i64 = 3653 * 86_400;
const UNTIL: &str = "/credentialSubject/term/until";

/// A tampered deal and what a verifier says of it.
pub(super) struct Caught {
    number: String,
    until: Time,
    /// True if it was signed anew.
    signed: bool,
    pub(super) report: Report,
}

impl Caught {
    fn failed(&self) -> impl Iterator<Item = &Check> {
        self.report.checks.iter().filter(|c| c.result == CheckResult::Failed)
    }
}

/// Tampers with a deal in two ways.
pub(super) fn tamper(stage: &Stage, deal: &Urn) -> Result<Vec<Caught>, CliError> {
    let engine = stage.engine();
    let key = engine.log_key()?;
    let bundle = engine.bundle(stage.operator(), deal, true)?;
    let told = engine.deal_now(stage.operator(), deal)?;
    let until = told.deal.term.until.plus_seconds(LONGER);
    let longer = changed(&bundle, until);
    let caught = |bundle: &Bundle, signed: bool| Caught {
        number: told.deal.number.clone(),
        until,
        signed,
        report: verify(bundle, &Given { log: Some(&key), ..Given::default() }),
    };
    let mut all = vec![caught(&longer, false)];
    if let Some(signed) = signed_anew(stage, &longer)? {
        all.push(caught(&signed, true));
    }
    Ok(all)
}

/// The bundle with a deal that runs longer.
fn changed(bundle: &Bundle, until: Time) -> Bundle {
    let mut bundle = bundle.clone();
    for place in [UNTIL, "/validUntil"] {
        if let Some(value) = bundle.deal.as_mut().and_then(|deal| deal.pointer_mut(place)) {
            *value = until.to_string().into();
        }
    }
    bundle
}

/// The same, signed by the owner's own key.
fn signed_anew(stage: &Stage, bundle: &Bundle) -> Result<Option<Bundle>, CliError> {
    let text = |place: &str| bundle.deal.as_ref()?.pointer(place).and_then(Value::as_str);
    let key = text("/issuer/id").and_then(|k| k.parse::<DidKey>().ok());
    let at = text("/validFrom").and_then(|t| t.parse::<Time>().ok());
    let (Some(key), Some(at)) = (key, at) else { return Ok(None) };
    let Some(private) = stage.engine().keys().find(&key).map_err(EngineError::from)? else { return Ok(None) };
    let mut bundle = bundle.clone();
    let Some(mut deal) = bundle.deal.take() else { return Ok(None) };
    if let Value::Object(members) = &mut deal {
        members.remove("proof");
    }
    bundle.deal = Some(proof::sign(&deal, &private, at).map_err(EngineError::from)?.value());
    Ok(Some(bundle))
}

/// What was done, and which check caught it.
pub(super) fn told(texts: &Texts, all: &[Caught]) -> String {
    let mut lines = vec![String::new(), texts.get("demo-tamper", &[]), String::new()];
    for caught in all {
        let what = if caught.signed {
            texts.get("demo-tamper-owner", &[])
        } else {
            let values = [("number", caught.number.as_str().into()), ("until", texts.date(caught.until).into())];
            texts.get("demo-tamper-file", &values)
        };
        lines.push(wrapped("   ", &what));
        let first = format!("      {:<11}", texts.get("demo-word-caught", &[]));
        lines.extend(caught.failed().next().map(|check| wrapped(&first, &why(texts, check))));
        let values = [("n", caught.failed().count().into()), ("all", caught.report.checks.len().into())];
        lines.push(wrapped(&" ".repeat(17), &texts.get("demo-caught-more", &values)));
        lines.push(String::new());
    }
    lines.pop();
    lines.join("\n")
}

fn why(texts: &Texts, check: &Check) -> String {
    let what = format!("{}: {}", check.what, check.why.as_deref().unwrap_or_default());
    let key = match check.must {
        "S-28" => "demo-caught-signature",
        "S-83" => "demo-caught-log",
        _ => "demo-caught-other",
    };
    texts.get(key, &[("must", check.must.into()), ("what", what.into())])
}

/// The same for `--json`.
pub(super) fn objects(all: &[Caught]) -> Vec<Value> {
    let one = |c: &Caught| {
        json!({
            "deal": c.number,
            "changed": UNTIL,
            "to": c.until,
            "signedAnew": c.signed,
            "verdict": c.report.verdict,
            "failed": c.failed().collect::<Vec<_>>(),
        })
    };
    all.iter().map(one).collect()
}
