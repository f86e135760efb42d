//! Who publishes, who made it, whom to ask.

use oxrdf::vocab::rdf;
use oxrdf::{NamedNode, NamedNodeRef, NamedOrBlankNode};

use crate::catalogue::statements::Statements;
use crate::catalogue::vocabulary::{dcat, foaf, prov, vcard};
use crate::model::description::{Agent, Contact};

impl Statements {
    /// An agent; `name` is what it is called if the source does not say.
    pub(super) fn agent(
        &mut self,
        subject: &NamedOrBlankNode,
        property: NamedNodeRef<'_>,
        agent: &Agent,
        name: Option<&str>,
    ) {
        let node = self.agent_node(agent, name);
        self.add(subject, property, node);
    }

    fn agent_node(&mut self, agent: &Agent, name: Option<&str>) -> NamedOrBlankNode {
        let named = agent.iri.as_ref().and_then(|iri| self.node(iri)).map(NamedOrBlankNode::from);
        let node = named.unwrap_or_else(|| self.blank());
        self.add(&node, rdf::TYPE, foaf::AGENT);
        match agent.name.as_deref().or(name) {
            Some(name) => self.text(&node, foaf::NAME, name),
            None => {
                let who = agent.iri.as_ref().map_or_else(String::new, |iri| format!(" of <{iri}>"));
                self.missing(format!("foaf:name{who}"));
            }
        }
        node
    }

    /// Somebody with a part in the dataset that has no property of its own.
    pub(super) fn attributed(&mut self, subject: &NamedOrBlankNode, agent: &Agent, role: NamedNodeRef<'_>) {
        let agent = self.agent_node(agent, None);
        let node = self.made(prov::ATTRIBUTION);
        self.add(&node, prov::AGENT, agent);
        self.add(&node, dcat::HAD_ROLE, role);
        self.add(subject, prov::QUALIFIED_ATTRIBUTION, node);
    }

    pub(super) fn contact(&mut self, subject: &NamedOrBlankNode, contact: &Contact) {
        let node = self.made(vcard::KIND);
        if let Some(name) = &contact.name {
            self.text(&node, vcard::FN, name);
        }
        if let Some(mail) = &contact.email {
            match NamedNode::new(format!("mailto:{mail}")) {
                Ok(mail) => self.add(&node, vcard::HAS_EMAIL, mail),
                Err(_) => self.left_out(format!("the mail address `{mail}`, which is none")),
            }
        }
        if let Some(web) = &contact.web {
            self.link(&node, vcard::HAS_URL, web);
        }
        if let Some(phone) = &contact.phone {
            // RFC 3966 has no spaces: what stands between them is one number
            let parts: Vec<&str> = phone.split([' ', '-']).filter(|part| !part.is_empty()).collect();
            match NamedNode::new(format!("tel:{}", parts.join("-"))) {
                Ok(phone) => self.add(&node, vcard::HAS_TELEPHONE, phone),
                Err(_) => self.text(&node, vcard::HAS_TELEPHONE, phone),
            }
        }
        self.add(subject, dcat::CONTACT_POINT, node);
    }
}
