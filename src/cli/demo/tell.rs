//! A story in words for a visitor: what the story says, then what the engine did.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{CliError, Verified};
use crate::cli::request::state_words;
use crate::conditions::Schema;
use crate::engine::{CaseNow, CaseState, DealTold, Engine, EngineError};
use crate::labels::SchemaLabels;
use crate::model::condition::Bilingual;
use crate::model::dataset::Dataset;
use crate::model::decision::{Decision, Outcome};
use crate::model::record::{Authority, DecisionRecord, RecordType, Reference, read};
use crate::model::{Document, OrgId};
use crate::story::{Act, Approval, Ask, Event, Happened, Stage, Story};
use crate::text::{Labels as _, Texts, short, wrapped};

/// Where the words of an entry begin: after its name.
const NAME: usize = 11;
const INDENT: &str = "      ";

/// Tells one story.
pub(super) struct Teller<'a> {
    texts: &'a Texts,
    engine: &'a Engine,
    story: &'a Story,
    dataset: &'a Dataset,
    schema: Arc<Schema>,
    /// The day of the last step that was told.
    day: String,
    /// Labels of the grounds and conditions seen so far, by bare id.
    rules: BTreeMap<String, Bilingual>,
    lines: Vec<String>,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        texts: &'a Texts,
        stage: &'a Stage,
        story: &'a Story,
        dataset: &'a Dataset,
    ) -> Result<Self, CliError> {
        let engine = stage.engine();
        let (day, rules, lines) = (String::new(), BTreeMap::new(), Vec::new());
        Ok(Teller { texts, engine, story, dataset, schema: engine.schema()?, day, rules, lines })
    }

    pub(super) fn text(self) -> String {
        self.lines.join("\n")
    }

    fn labels(&self) -> SchemaLabels<'_> {
        SchemaLabels(&self.schema)
    }

    pub(super) fn heading(&mut self, number: usize) {
        let texts = self.texts;
        let title = texts.of(&self.dataset.title);
        let heading = texts.get("demo-story", &[("number", number.into()), ("title", title.into())]);
        self.lines.extend([String::new(), String::new(), wrapped("", &heading)]);
        self.lines.push(wrapped("   ", &texts.of(&self.story.title)));
    }

    /// One step: its sentence, with the day if that is another than before, and what happened.
    pub(super) fn event(&mut self, event: &Event<'_>) -> Result<(), CliError> {
        let say = self.texts.of(&event.step.say);
        let day = self.texts.date(event.at);
        let line = if day == self.day {
            say
        } else {
            self.texts.get("demo-step", &[("date", day.as_str().into()), ("say", say.into())])
        };
        self.day = day;
        self.lines.extend([String::new(), wrapped("   ", &line)]);
        match &event.happened {
            Happened::Answer { applicant, decision } => {
                if let Act::Check(ask) = &event.step.act {
                    self.asks(applicant.as_ref(), ask, decision);
                }
                self.answer(decision);
            }
            Happened::Case(case) => self.case(&event.step.act, case)?,
            Happened::Deal(deal) => self.deal(deal),
            Happened::Evidence { facts, .. } => {
                let labels: Vec<String> =
                    facts.iter().map(|f| self.texts.of(&self.labels().path(&format!("declared.{f}")))).collect();
                let line = self.texts.get("demo-evidence", &[("facts", self.texts.all_of(&labels).into())]);
                self.entry("demo-word-evidence", &[line]);
            }
            Happened::Stopped(_) => self.stopped(event),
        }
        for difference in &event.differences {
            let line = self.texts.get("demo-differs", &[("what", difference.as_str().into())]);
            self.lines.push(wrapped(INDENT, &line));
        }
        Ok(())
    }

    /// A named entry; further lines are items under it.
    fn entry(&mut self, key: &str, lines: &[String]) {
        let name = self.texts.get(key, &[]);
        for (i, line) in lines.iter().enumerate() {
            let first = if i == 0 { format!("{INDENT}{name:<NAME$}") } else { format!("{INDENT}{:NAME$}- ", "") };
            self.lines.push(wrapped(&first, line));
        }
    }

    fn name(&self, organisation: &OrgId) -> String {
        let known = self.story.organisations.iter().find(|o| o.id == *organisation);
        known.map_or_else(|| organisation.to_string(), |o| o.name.clone())
    }

    fn asks(&mut self, who: Option<&OrgId>, ask: &Ask, decision: &Decision) {
        let texts = self.texts;
        let mut columns = texts.get("demo-asks-columns", &[("n", decision.columns.len().into())]);
        if ask.scope.level != "records"
            && let Some(level) = self.labels().word("scope.level", &ask.scope.level)
        {
            columns = texts.get("demo-asks-level", &[("columns", columns.into()), ("level", texts.of(&level).into())]);
        }
        let purpose = texts.of(&self.labels().purpose(&ask.purpose));
        let values = |who: String| [("who", who.into()), ("columns", columns.into()), ("purpose", purpose.into())];
        let mut lines = vec![match who {
            Some(who) => texts.get("demo-asks", &values(self.name(who))),
            None => texts.get("demo-asks-nobody", &values(String::new())),
        }];
        for id in &ask.declined {
            let rule = decision.conditions.iter().find(|c| c.bare_id() == id.as_str());
            lines.extend(rule.map(|c| texts.get("demo-declines", &[("label", texts.of(&c.text.label).into())])));
        }
        self.entry("demo-word-asks", &lines);
    }

    fn answer(&mut self, decision: &Decision) {
        let rules = decision.grounds.iter().chain(&decision.conditions);
        self.rules.extend(rules.map(|a| (a.bare_id().to_owned(), a.text.label.clone())));
        let lines = short(self.texts, &self.labels(), decision, self.dataset);
        self.entry("demo-word-answer", &lines);
    }

    fn case(&mut self, act: &Act, case: &CaseNow) -> Result<(), CliError> {
        let judged = case.answer.as_ref();
        match act {
            Act::Request(ask) => {
                if let Some(decision) = judged {
                    self.asks(Some(&case.request.applicant), ask, decision);
                    self.answer(decision);
                }
            }
            Act::Approve(approval) => {
                self.approval("demo-word-approved", approval);
                // a yes is told by how the request ended
                if let Some(decision) = judged.filter(|d| d.outcome != Outcome::Permit) {
                    self.answer(decision);
                }
            }
            Act::Refuse(approval) => self.approval("demo-word-not-approved", approval),
            _ => {}
        }
        if let Some(reference) = &case.decision {
            self.decided(act, case.state, reference)?;
        }
        Ok(())
    }

    fn approval(&mut self, key: &str, approval: &Approval) {
        let texts = self.texts;
        let person = self.story.persons.iter().find(|p| p.short == approval.by);
        let of = person.and_then(|p| self.story.organisations.iter().find(|o| o.short == p.of));
        let who = of.map_or_else(String::new, |o| o.name.clone());
        let label = texts.of(&self.labels().approval(&approval.name));
        self.entry(key, &[texts.get("demo-approved", &[("approval", label.into()), ("who", who.into())])]);
    }

    /// How the request ended, and by whom.
    fn decided(&mut self, act: &Act, state: CaseState, reference: &Reference) -> Result<(), CliError> {
        let texts = self.texts;
        let stored = self.engine.store().record(&reference.id.to_string()).map_err(EngineError::from)?;
        let Some(stored) = stored else { return Ok(()) };
        let document = Document::read(stored.bytes).map_err(EngineError::from)?;
        let record = read::<DecisionRecord>(document, RecordType::Decision).map_err(EngineError::from)?.subject;
        let result = state_words(texts, state);
        let line = match (&record.actor.authority, act) {
            (Authority::Automatic(_), Act::Request(_)) => {
                texts.get("demo-decided-at-once", &[("result", result.into())])
            }
            (Authority::Automatic(_), _) => texts.get("demo-decided-complete", &[("result", result.into())]),
            _ if state == CaseState::Withdrawn => texts.get("demo-decided-withdrawn", &[]),
            _ => {
                let values = [
                    ("result", result.into()),
                    ("body", texts.of(&record.objection_body).into()),
                    ("until", texts.day(&record.objection_until).into()),
                ];
                texts.get("demo-decided-person", &values)
            }
        };
        self.entry("demo-word-decided", &[line]);
        Ok(())
    }

    fn deal(&mut self, told: &DealTold) {
        let texts = self.texts;
        let deal = &told.deal;
        let values = [
            ("number", deal.number.as_str().into()),
            ("columns", deal.scope.columns.len().into()),
            ("until", texts.date(deal.term.until).into()),
            ("clauses", deal.obligations.len().into()),
            ("state", told.state.as_str().into()),
            ("offer", texts.date(deal.offer_until).into()),
        ];
        self.entry("demo-word-deal", &[texts.get("demo-deal", &values)]);
    }

    fn stopped(&mut self, event: &Event<'_>) {
        let rule = event.step.expect.stopped.as_ref().and_then(|id| self.rules.get(id));
        let line = match rule {
            Some(label) => self.texts.get("demo-stopped-condition", &[("label", self.texts.of(label).into())]),
            None => self.texts.get("demo-stopped", &[]),
        };
        self.entry("demo-word-stopped", &[line]);
    }

    /// What a verifier says of the story's deals.
    pub(super) fn verified(&mut self, deals: usize, verified: &Verified) {
        if deals == 0 {
            return;
        }
        let valid = if verified.valid { "yes" } else { "no" };
        let values = [("deals", deals.into()), ("valid", valid.into()), ("checks", verified.checks.into())];
        let line = self.texts.get("demo-verified", &values);
        self.lines.push(String::new());
        self.entry("demo-word-verified", &[line]);
    }
}
