//! An Offer from a file: only what has a Cedar meaning, with each other part refused by name. Nothing is fetched: of JSON-LD contexts only that of ODRL
//! is known.

use miette::Diagnostic;
use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::vocab::rdf;
use oxrdf::{NamedNodeRef, NamedOrBlankNodeRef, TermRef, Triple};
use oxttl::TurtleParser;

use super::constraint;
use super::nodes::{Graph, Reader, as_node, shown};
use crate::catalogue::address::Address;
use crate::catalogue::document::Format;
use crate::catalogue::vocabulary::{CURRENCY, cc, odrl};
use crate::model::condition::{Due, Tariff};
use crate::model::odrl::{Act, Constraint, Duty, Forbidden, Offer, Permission, Prohibition, Refusal, fill_in};

/// The largest file that is read, in bytes.
pub const MAX_FILE: usize = 1 << 20;
/// The most statements of one file.
pub const MAX_TRIPLES: usize = 20_000;

/// The context that ODRL files name; as much of it as is read here. Every other term is one of ODRL, and refused by that name.
const CONTEXT: &str = r#"{"@context": {"@vocab": "http://www.w3.org/ns/odrl/2/", "odrl": "http://www.w3.org/ns/odrl/2/",
"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#", "xsd": "http://www.w3.org/2001/XMLSchema#",
"dc": "http://purl.org/dc/terms/", "dct": "http://purl.org/dc/terms/", "cc": "http://creativecommons.org/ns#", "uid": "@id", "type": "@type",
"profile": {"@type": "@id"}, "assigner": {"@type": "@id"}, "assignee": {"@type": "@id"}, "target": {"@type": "@id"},
"consentingParty": {"@type": "@id"}, "unit": {"@type": "@id"}, "action": {"@type": "@vocab"}, "conflict": {"@type": "@vocab"},
"leftOperand": {"@type": "@vocab"}, "operator": {"@type": "@vocab"}, "rightOperand": {"@type": "@vocab"}, "permission": {"@type": "@id"},
"prohibition": {"@type": "@id"}, "obligation": {"@type": "@id"}, "duty": {"@type": "@id"}, "constraint": {"@type": "@id"},
"refinement": {"@type": "@id"}, "and": {"@type": "@id", "@container": "@list"}, "or": {"@type": "@id", "@container": "@list"},
"xone": {"@type": "@id", "@container": "@list"}, "andSequence": {"@type": "@id", "@container": "@list"}}}"#;
const CONTEXT_IRIS: [&str; 2] = ["http://www.w3.org/ns/odrl.jsonld", "https://www.w3.org/ns/odrl.jsonld"];

/// Why a file gives no Offer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Diagnostic)]
pub enum OdrlError {
    /// It is too large.
    #[error("more than {0}")]
    #[diagnostic(code(odrl::size), help("give a file with one offer"))]
    Size(String),
    /// It cannot be parsed.
    #[error("line {line}: {why}")]
    #[diagnostic(code(odrl::syntax), help("give Turtle, or JSON-LD with the context of ODRL or one of its own"))]
    Syntax {
        /// Counted from 1; 0 if it is not known.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// Parts of it have no Cedar meaning.
    #[error("{}", .0.iter().map(|r| format!("{}: {}\n  {}", r.place, r.why, r.help)).collect::<Vec<_>>().join("\n"))]
    #[diagnostic(code(odrl::refused), help("nothing was drafted: what is left out could permit more than the offer"))]
    Refused(Vec<Refusal>),
}

/// Reads the one Offer of a file. `address` is that of the portal, whose own words it may use.
///
/// # Errors
/// [`OdrlError`].
pub fn offer(bytes: &[u8], format: Format, address: &Address) -> Result<Offer, OdrlError> {
    if bytes.len() > MAX_FILE {
        return Err(OdrlError::Size(format!("{MAX_FILE} bytes")));
    }
    let graph = graph(bytes, format)?;
    let mut reader = Reader { graph: &graph, address, refusals: Vec::new() };
    let offer = reader.offer();
    match offer {
        Some(offer) if reader.refusals.is_empty() => Ok(offer),
        _ => Err(OdrlError::Refused(reader.refusals)),
    }
}

fn graph(bytes: &[u8], format: Format) -> Result<Graph, OdrlError> {
    let mut graph = Graph::default();
    let mut keep = |triple: Triple| {
        graph.insert(triple);
        if graph.len() > MAX_TRIPLES { Err(OdrlError::Size(format!("{MAX_TRIPLES} statements"))) } else { Ok(()) }
    };
    match format {
        Format::Turtle => {
            for triple in TurtleParser::new().for_slice(bytes) {
                keep(triple.map_err(|e| OdrlError::Syntax {
                    line: e.location().start.line + 1,
                    why: e.message().to_owned(),
                })?)?;
            }
        }
        Format::JsonLd => {
            let load = |url: &str, _: &_| -> Result<JsonLdRemoteDocument, Box<dyn std::error::Error + Send + Sync>> {
                if CONTEXT_IRIS.contains(&url) {
                    return Ok(JsonLdRemoteDocument {
                        document: CONTEXT.as_bytes().to_vec(),
                        document_url: url.to_owned(),
                    });
                }
                Err(format!("the context {url} is not fetched: write its terms into the file").into())
            };
            for quad in JsonLdParser::new().for_slice(bytes).with_load_document_callback(load) {
                let quad = quad.map_err(|e| OdrlError::Syntax {
                    line: e.location().map_or(0, |at| at.start.line + 1),
                    why: e.to_string(),
                })?;
                keep(Triple::new(quad.subject, quad.predicate, quad.object))?;
            }
        }
    }
    Ok(graph)
}

impl<'a> Reader<'a> {
    fn nodes(&mut self, node: NamedOrBlankNodeRef<'a>, property: NamedNodeRef<'_>) -> Vec<NamedOrBlankNodeRef<'a>> {
        let mut nodes = Vec::new();
        for value in self.values(node, property) {
            match as_node(value) {
                Some(node) => nodes.push(node),
                None => self.refuse(node, format!("{property} is a text"), "write a rule"),
            }
        }
        nodes
    }

    fn offer(&mut self) -> Option<Offer> {
        let offers = self.graph.of_class(odrl::OFFER);
        let [node] = offers.as_slice() else {
            let why = format!("it holds {} offers", offers.len());
            let help = "give a file with one odrl:Offer; a Set or an Agreement is none";
            self.refusals.push(Refusal::new("the file", why, help));
            return None;
        };
        let node = *node;
        let policy = [
            odrl::PROFILE,
            odrl::CONFLICT,
            odrl::ASSIGNER,
            odrl::TARGET,
            odrl::PERMISSION,
            odrl::PROHIBITION,
            odrl::OBLIGATION,
        ];
        self.only(node, &policy);
        let own = self.address.term("odrl");
        for profile in self.values(node, odrl::PROFILE) {
            if !matches!(profile, TermRef::NamedNode(iri) if iri.as_str() == own) {
                self.refuse(
                    node,
                    format!("the profile {} is not known", shown(profile)),
                    "say it in the words of ODRL alone",
                );
            }
        }
        if let Some(conflict) = self.value(node, odrl::CONFLICT)
            && conflict != odrl::PROHIBIT.into()
        {
            self.refuse(
                node,
                format!("odrl:conflict is {}", shown(conflict)),
                "in Cedar a prohibition always wins: odrl:prohibit",
            );
        }
        self.target(node);
        let mut permissions: Vec<Permission> = Vec::new();
        for permission in self.nodes(node, odrl::PERMISSION) {
            permissions.push(self.permission(permission));
        }
        let mut duties = Vec::new();
        for duty in self.nodes(node, odrl::OBLIGATION) {
            duties.extend(self.duty(duty));
        }
        let mut prohibitions = Vec::new();
        for prohibition in self.nodes(node, odrl::PROHIBITION) {
            prohibitions.extend(self.prohibition(prohibition));
        }
        let mut offer = Offer { permissions, duties, prohibitions, ..Offer::default() };
        common(&mut offer);
        Some(offer)
    }

    /// What it is of does not matter, for a set says that itself; but it is a thing, not a description of things.
    fn target(&mut self, node: NamedOrBlankNodeRef<'a>) {
        for target in self.values(node, odrl::TARGET) {
            let described = as_node(target).is_some_and(|t| !self.values(t, odrl::REFINEMENT).is_empty());
            if described || !matches!(target, TermRef::NamedNode(_)) {
                self.refuse(node, "the target is described, not named", "name the dataset");
            }
        }
    }

    fn permission(&mut self, node: NamedOrBlankNodeRef<'a>) -> Permission {
        self.only(node, &[odrl::TARGET, odrl::ASSIGNER, odrl::ACTION, odrl::CONSTRAINT, odrl::DUTY]);
        self.target(node);
        let action = self.value(node, odrl::ACTION);
        if action != Some(odrl::USE.into()) {
            let action = action.map_or("no action".to_owned(), |a| format!("the action {}", shown(a)));
            self.refuse(node, format!("a permission of {action}"), "reuse is one thing here: odrl:use");
        }
        let mut constraints: Vec<Constraint> = Vec::new();
        for one in self.nodes(node, odrl::CONSTRAINT) {
            constraints.extend(constraint::read(self, one, 0));
        }
        let mut duties = Vec::new();
        for duty in self.nodes(node, odrl::DUTY) {
            duties.extend(self.duty(duty));
        }
        Permission { rule: None, constraints, duties }
    }

    fn prohibition(&mut self, node: NamedOrBlankNodeRef<'a>) -> Option<Prohibition> {
        // with a constraint it would forbid less than what the condition forbids, or more: neither is what it says
        self.only(node, &[odrl::TARGET, odrl::ASSIGNER, odrl::ACTION]);
        self.target(node);
        let act = match self.value(node, odrl::ACTION) {
            Some(TermRef::NamedNode(action)) if action == odrl::DISTRIBUTE => Forbidden::Distribute,
            Some(TermRef::NamedNode(action)) if action == cc::COMMERCIAL_USE => Forbidden::CommercialUse,
            other => {
                let action = other.map_or("no action".to_owned(), |a| format!("the action {}", shown(a)));
                self.refuse(
                    node,
                    format!("a prohibition of {action}"),
                    "known are odrl:distribute and cc:CommercialUse",
                );
                return None;
            }
        };
        Some(Prohibition { rule: None, act })
    }

    fn duty(&mut self, node: NamedOrBlankNodeRef<'a>) -> Option<Duty> {
        let tariff = oxrdf::NamedNode::new_unchecked(self.address.term("tariff"));
        let known =
            [odrl::ACTION, odrl::CONSTRAINT, odrl::CONSENTING_PARTY, odrl::ASSIGNER, odrl::TARGET, tariff.as_ref()];
        self.only(node, &known);
        let action = self.value(node, odrl::ACTION);
        let act = match action {
            Some(TermRef::NamedNode(a)) if a == odrl::ATTRIBUTE => Act::Attribute,
            Some(TermRef::NamedNode(a)) if a == odrl::DELETE => Act::Delete,
            Some(TermRef::NamedNode(a)) if a == odrl::INFORM => Act::Inform,
            Some(TermRef::NamedNode(a)) if a == odrl::OBTAIN_CONSENT => Act::Consent(self.party(node)?),
            Some(TermRef::NamedNode(a)) if a.as_str() == self.address.term("keep") => Act::Keep,
            Some(TermRef::BlankNode(a)) => Act::Compensate(self.compensation(a.into())?),
            other => {
                let action = other.map_or("no action".to_owned(), |a| format!("the action {}", shown(a)));
                let help = "known are odrl:attribute, delete, inform, obtainConsent, and compensate with a payAmount";
                self.refuse(node, format!("a duty of {action}"), help);
                return None;
            }
        };
        if !matches!(act, Act::Consent(_)) && !self.values(node, odrl::CONSENTING_PARTY).is_empty() {
            self.refuse(node, "odrl:consentingParty without odrl:obtainConsent", "leave it out");
        }
        let due = self.due(node, matches!(act, Act::Delete | Act::Inform));
        Some(Duty { rule: None, act, clause: None, due })
    }

    fn party(&mut self, node: NamedOrBlankNodeRef<'a>) -> Option<String> {
        let party = self.value(node, odrl::CONSENTING_PARTY);
        let name = match party {
            Some(TermRef::NamedNode(iri)) => self.address.word_of("Approval", iri.as_str()),
            _ => None,
        };
        if name.is_none() {
            let who = party.map_or("nobody".to_owned(), shown);
            let help = "name an approval of the schema, as <ADDRESS/v1/schema#Approval/data-steward>";
            self.refuse(node, format!("odrl:consentingParty is {who}"), help);
        }
        name
    }

    /// `[ rdf:value odrl:compensate; odrl:refinement [ payAmount eq 500.00; unit EUR ] ]`.
    fn compensation(&mut self, node: NamedOrBlankNodeRef<'a>) -> Option<Tariff> {
        self.only(node, &[rdf::VALUE, odrl::REFINEMENT]);
        let action = self.value(node, rdf::VALUE);
        let amounts = self.nodes(node, odrl::REFINEMENT);
        let (Some(TermRef::NamedNode(odrl::COMPENSATE)), [amount]) = (action, amounts.as_slice()) else {
            self.refuse(node, "a refined action that is no payment of one amount", "known is odrl:compensate");
            return None;
        };
        let amount = *amount;
        self.only(amount, &[odrl::LEFT_OPERAND, odrl::OPERATOR, odrl::RIGHT_OPERAND, odrl::UNIT]);
        let is = |value: Option<TermRef<'_>>, term: NamedNodeRef<'_>| value == Some(term.into());
        let left = self.value(amount, odrl::LEFT_OPERAND);
        let operator = self.value(amount, odrl::OPERATOR);
        let cents = match self.value(amount, odrl::RIGHT_OPERAND) {
            Some(TermRef::Literal(value)) => cents(value.value()),
            _ => None,
        };
        let currency = match self.value(amount, odrl::UNIT) {
            Some(TermRef::NamedNode(unit)) => unit.as_str().strip_prefix(CURRENCY).map(str::to_owned),
            _ => None,
        };
        let currency = currency.filter(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase()));
        match (cents, currency) {
            (Some(cents), Some(currency)) if is(left, odrl::PAY_AMOUNT) && is(operator, odrl::EQ) => {
                let per = fill_in("year, month or request");
                Some(Tariff { cents, currency, per, discounts: Vec::new() })
            }
            _ => {
                let help = "write odrl:payAmount odrl:eq an amount with two decimals, and a currency of the EU's list as odrl:unit";
                self.refuse(amount, "no amount of money", help);
                None
            }
        }
    }

    /// `andSequence ( event gt <event>, elapsedTime lteq <period> )`, as the portal writes it.
    fn due(&mut self, node: NamedOrBlankNodeRef<'a>, may: bool) -> Option<Due> {
        let constraints = self.nodes(node, odrl::CONSTRAINT);
        let [one] = constraints.as_slice() else {
            if !constraints.is_empty() {
                self.refuse(node, "several constraints of one duty", "write one: when it falls due");
            }
            return None;
        };
        let due = if may { self.due_rule(*one) } else { None };
        if due.is_none() {
            let help =
                "only delete and inform fall due: odrl:andSequence of an event and an elapsedTime; or leave it out";
            self.refuse(node, "a constraint of a duty that is no due rule", help);
        }
        due
    }

    fn due_rule(&mut self, node: NamedOrBlankNodeRef<'a>) -> Option<Due> {
        self.only(node, &[odrl::AND_SEQUENCE]);
        let steps = self.value(node, odrl::AND_SEQUENCE).and_then(as_node)?;
        let steps = constraint::list(self, steps)?;
        let [event, period] = <[TermRef<'a>; 2]>::try_from(steps).ok()?;
        let (event, period) = (as_node(event)?, as_node(period)?);
        let started = self.step(event, odrl::EVENT, odrl::GT)?;
        let elapsed = self.step(period, odrl::ELAPSED_TIME, odrl::LTEQ)?;
        let (TermRef::NamedNode(event), TermRef::Literal(period)) = (started, elapsed) else { return None };
        let event = self.address.word_of("event", event.as_str())?;
        format!("{} after {event}", period.value()).parse().ok()
    }

    fn step(
        &mut self,
        node: NamedOrBlankNodeRef<'a>,
        left: NamedNodeRef<'_>,
        operator: NamedNodeRef<'_>,
    ) -> Option<TermRef<'a>> {
        self.only(node, &[odrl::LEFT_OPERAND, odrl::OPERATOR, odrl::RIGHT_OPERAND]);
        let right = self.value(node, odrl::RIGHT_OPERAND)?;
        let found = (self.value(node, odrl::LEFT_OPERAND)?, self.value(node, odrl::OPERATOR)?);
        (found == (left.into(), operator.into())).then_some(right)
    }
}

/// An amount of money with at most two decimals, in cents.
fn cents(text: &str) -> Option<u64> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let rest: u64 = if rest.is_empty() { 0 } else { format!("{rest:0<2}").parse().ok()? };
    whole.parse::<u64>().ok()?.checked_mul(100)?.checked_add(rest)
}

/// What every permission asks binds all of them.
fn common(offer: &mut Offer) {
    let Some((first, others)) = offer.permissions.split_first() else { return };
    let shared: Vec<Duty> =
        first.duties.iter().filter(|d| others.iter().all(|p| p.duties.contains(d))).cloned().collect();
    let binding: Vec<Constraint> = first
        .constraints
        .iter()
        .filter(|c| !others.is_empty() && others.iter().all(|p| p.constraints.contains(c)))
        .cloned()
        .collect();
    for permission in &mut offer.permissions {
        permission.duties.retain(|d| !shared.contains(d));
        permission.constraints.retain(|c| !binding.contains(c));
    }
    offer.duties.extend(shared);
    offer.constraints.extend(binding);
}
