//! An Offer as statements. Terms that ODRL does not have are the portal's own, and named as its profile, so that a reader which does not know them
//! takes nothing for granted.

use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term};

use crate::catalogue::address::Address;
use crate::catalogue::statements::Statements;
use crate::catalogue::vocabulary::{CURRENCY, cc, dct, odrl, spdx};
use crate::model::condition::{Due, Level, Tariff};
use crate::model::dataset::Dataset;
use crate::model::odrl::{Act, Constraint, Duty, Forbidden, Offer, Order, Prohibition};

/// Writes it; gives its node.
pub(in crate::catalogue) fn offer(
    s: &mut Statements,
    address: &Address,
    dataset: &Dataset,
    offer: &Offer,
) -> NamedOrBlankNode {
    let node = s.ours(&address.dataset(&dataset.slug, "offer"));
    Writer { s, address, dataset, offer }.write(&node);
    node
}

struct Writer<'a> {
    s: &'a mut Statements,
    address: &'a Address,
    dataset: &'a Dataset,
    offer: &'a Offer,
}

impl Writer<'_> {
    fn write(&mut self, node: &NamedOrBlankNode) {
        let offer = self.offer;
        self.s.add(node, rdf::TYPE, odrl::POLICY);
        self.s.add(node, rdf::TYPE, odrl::OFFER);
        self.s.add(node, odrl::UID, node.clone());
        self.own(node, odrl::PROFILE, "odrl");
        self.s.add(node, odrl::CONFLICT, odrl::PROHIBIT);
        for text in &offer.texts {
            let Some(record) = &text.record else { continue };
            let set = self.s.ours(&self.address.condition_set(record));
            let sum = self.s.made(spdx::CHECKSUM_CLASS);
            self.s.add(&sum, spdx::ALGORITHM, spdx::SHA256);
            let value = Literal::new_typed_literal(text.digest.to_string(), xsd::HEX_BINARY);
            self.s.add(&sum, spdx::VALUE, value);
            self.s.add(&set, spdx::CHECKSUM, sum);
            self.s.add(node, dct::SOURCE, set);
        }
        let (constraints, duties): (Vec<_>, Vec<_>) = (
            offer.constraints.iter().map(|c| self.constraint(c)).collect(),
            offer.duties.iter().map(|d| self.duty(d)).collect(),
        );
        for permission in &offer.permissions {
            let one = self.rule(odrl::PERMISSION_CLASS, permission.rule.as_deref());
            self.s.add(&one, odrl::ACTION, odrl::USE);
            let own: Vec<_> = permission.constraints.iter().map(|c| self.constraint(c)).collect();
            for constraint in own.iter().chain(&constraints) {
                self.s.add(&one, odrl::CONSTRAINT, constraint.clone());
            }
            let own: Vec<_> = permission.duties.iter().map(|d| self.duty(d)).collect();
            for duty in own.iter().chain(&duties) {
                self.s.add(&one, odrl::DUTY, duty.clone());
            }
            self.s.add(node, odrl::PERMISSION, one);
        }
        for Prohibition { rule, act } in &offer.prohibitions {
            let one = self.rule(odrl::PROHIBITION_CLASS, rule.as_deref());
            let action = match act {
                Forbidden::Distribute => odrl::DISTRIBUTE,
                Forbidden::CommercialUse => cc::COMMERCIAL_USE,
            };
            self.s.add(&one, odrl::ACTION, action);
            self.s.add(node, odrl::PROHIBITION, one);
        }
    }

    /// A permission or prohibition: by the owner, of the dataset, drawn from a rule.
    fn rule(&mut self, class: NamedNodeRef<'_>, rule: Option<&str>) -> NamedOrBlankNode {
        let node = self.s.made(class);
        if let Some(target) = self.s.node(&self.dataset.id) {
            self.s.add(&node, odrl::TARGET, target);
        }
        let owner = self.s.ours(&self.address.organisation(&self.dataset.owner));
        self.s.add(&node, odrl::ASSIGNER, owner);
        self.drawn_from(&node, rule);
        node
    }

    fn drawn_from(&mut self, node: &NamedOrBlankNode, rule: Option<&str>) {
        if let Some(rule) = rule {
            let source = self.rule_iri(rule);
            self.s.add(node, dct::SOURCE, source);
        }
    }

    /// `level/id` as a part of the record that published the set of that level.
    fn rule_iri(&mut self, rule: &str) -> NamedOrBlankNode {
        let (level, id) = rule.split_once('/').unwrap_or(("", rule));
        let of_level = |l: Level| l.as_str() == level;
        let record = self.offer.texts.iter().find(|t| of_level(t.level)).and_then(|t| t.record.as_ref());
        let iri = match record {
            Some(record) => format!("{}#{id}", self.address.condition_set(record)),
            None => self.address.dataset(&self.dataset.slug, rule),
        };
        self.s.ours(&iri)
    }

    fn own(&mut self, node: &NamedOrBlankNode, property: NamedNodeRef<'_>, term: &str) {
        let term = self.s.ours(&self.address.term(term));
        self.s.add(node, property, term);
    }

    fn test(&mut self, left: NamedNodeRef<'_>, operator: NamedNodeRef<'_>, right: Vec<Term>) -> NamedOrBlankNode {
        let node = self.s.made(odrl::CONSTRAINT_CLASS);
        self.s.add(&node, odrl::LEFT_OPERAND, left);
        self.s.add(&node, odrl::OPERATOR, operator);
        for value in right {
            self.s.add(&node, odrl::RIGHT_OPERAND, value);
        }
        node
    }

    fn words(&mut self, list: &str, words: &[String]) -> Vec<Term> {
        words.iter().map(|word| self.s.ours(&self.address.word(list, word)).into()).collect()
    }

    fn constraint(&mut self, constraint: &Constraint) -> NamedOrBlankNode {
        match constraint {
            Constraint::Within(purpose) => {
                let right = self.words("Purpose", std::slice::from_ref(purpose));
                self.test(odrl::PURPOSE, odrl::IS_A, right)
            }
            Constraint::Purpose(purposes) => {
                let right = self.words("Purpose", purposes);
                self.test(odrl::PURPOSE, odrl::IS_ANY_OF, right)
            }
            Constraint::Recipient(categories) => {
                let right = self.words("Category", categories);
                self.test(odrl::RECIPIENT, odrl::IS_ANY_OF, right)
            }
            Constraint::Now(order, at) => {
                let operator = match order {
                    Order::Less => odrl::LT,
                    Order::AtMost => odrl::LTEQ,
                    Order::More => odrl::GT,
                    Order::AtLeast => odrl::GTEQ,
                };
                let at = Literal::new_typed_literal(at.to_string(), xsd::DATE_TIME);
                self.test(odrl::DATE_TIME, operator, vec![at.into()])
            }
            Constraint::Condition(rule) => {
                let right = vec![self.rule_iri(rule).into()];
                let left = NamedNode::new_unchecked(self.address.term("condition"));
                self.test(left.as_ref(), odrl::EQ, right)
            }
            Constraint::And(parts) => self.logical(odrl::AND, parts),
            Constraint::Or(parts) => self.logical(odrl::OR, parts),
        }
    }

    fn logical(&mut self, operand: NamedNodeRef<'_>, parts: &[Constraint]) -> NamedOrBlankNode {
        let parts: Vec<Term> = parts.iter().map(|part| self.constraint(part).into()).collect();
        let node = self.s.made(odrl::LOGICAL_CLASS);
        let parts = self.s.list(parts);
        self.s.add(&node, operand, parts);
        node
    }

    fn duty(&mut self, duty: &Duty) -> NamedOrBlankNode {
        let node = self.s.made(odrl::DUTY_CLASS);
        match &duty.act {
            Act::Keep => self.own(&node, odrl::ACTION, "keep"),
            Act::Attribute => self.s.add(&node, odrl::ACTION, odrl::ATTRIBUTE),
            Act::Delete => self.s.add(&node, odrl::ACTION, odrl::DELETE),
            Act::Inform => self.s.add(&node, odrl::ACTION, odrl::INFORM),
            Act::Compensate(tariff) => self.compensate(&node, tariff),
            Act::Consent(name) => {
                self.s.add(&node, odrl::ACTION, odrl::OBTAIN_CONSENT);
                let party = self.s.ours(&self.address.word("Approval", name));
                self.s.add(&node, odrl::CONSENTING_PARTY, party);
            }
        }
        if let Some(clause) = &duty.clause {
            self.s.bilingual(&node, dct::DESCRIPTION, clause);
        }
        self.drawn_from(&node, duty.rule.as_deref());
        if let Some(Due { period, after }) = &duty.due {
            let event = self.s.ours(&self.address.term(&format!("event/{}", after.as_str())));
            let started = self.test(odrl::EVENT, odrl::GT, vec![event.into()]);
            let period = Literal::new_typed_literal(period.clone(), xsd::DURATION);
            let elapsed = self.test(odrl::ELAPSED_TIME, odrl::LTEQ, vec![period.into()]);
            let steps = self.s.list(vec![started.into(), elapsed.into()]);
            let due = self.s.made(odrl::LOGICAL_CLASS);
            self.s.add(&due, odrl::AND_SEQUENCE, steps);
            self.s.add(&node, odrl::CONSTRAINT, due);
        }
        node
    }

    /// The full amount; what it is counted by and what is taken off stand in the tariff, for ODRL has no words for them.
    fn compensate(&mut self, node: &NamedOrBlankNode, tariff: &Tariff) {
        let action = self.s.blank();
        self.s.add(&action, rdf::VALUE, odrl::COMPENSATE);
        let amount = format!("{}.{:02}", tariff.cents / 100, tariff.cents % 100);
        let amount =
            self.test(odrl::PAY_AMOUNT, odrl::EQ, vec![Literal::new_typed_literal(amount, xsd::DECIMAL).into()]);
        let unit = self.s.ours(&format!("{CURRENCY}{}", tariff.currency));
        self.s.add(&amount, odrl::UNIT, unit);
        self.s.add(&action, odrl::REFINEMENT, amount);
        self.s.add(node, odrl::ACTION, action);
        if let Ok(text) = serde_json::to_string(tariff) {
            let property = NamedNode::new_unchecked(self.address.term("tariff"));
            self.s.add(node, property.as_ref(), Literal::new_simple_literal(text));
        }
    }
}
