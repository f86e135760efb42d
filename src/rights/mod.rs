//! Who may do what on the service: Cedar permits with default deny (`policies/service/`), asked at the head of every engine call.

mod seen;

use std::collections::{BTreeSet, HashSet};
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use serde::{Deserialize, Serialize};

use crate::model::record::Channel;
use crate::model::{Digest, Name, OrgId};
pub use seen::Seen;

/// Declares a closed list of words once.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] #[serde(rename = $text)] $variant),+
        }
        impl $name {
            /// Every word of the list.
            pub const ALL: &[$name] = &[$($name::$variant),+];
            /// The word as `policies/service/` writes it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }
        }
        impl FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|w| w.as_str() == text).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|w| w.as_str()).collect();
                    format!("`{text}` is none of: {}", known.join(", "))
                })
            }
        }
    };
}

words! {
    /// A role that a person has for its organisation.
    Role {
        Operator "operator", OwnerAdmin "owner-admin", ConditionAuthor "condition-author", Reviewer "reviewer", Requester "requester",
        OrganisationAdmin "organisation-admin", Auditor "auditor", Visitor "visitor", DataServer "data-server",
    }
}

words! {
    /// Something that a person does with the service.
    Act {
        Check "check", ShowConditions "showConditions", ShowDataset "showDataset", ShowSchema "showSchema", ReadLog "readLog", Verify "verify",
        AddOrganisation "addOrganisation", ManagePersons "managePersons", StateKey "stateKey", RecoverKey "recoverKey",
        PublishTrustList "publishTrustList", PublishSchema "publishSchema", AddDataset "addDataset", Erase "erase", Backup "backup",
        RestartLog "restartLog", CosignLog "cosignLog", ListOrganisations "listOrganisations", ManageColleagues "manageColleagues", RotateKey "rotateKey", ManageApiKeys "manageApiKeys",
        PublishConditions "publishConditions", GiveMandate "giveMandate", OfferDeal "offerDeal", RevokeDeal "revokeDeal",
        ConfirmDecision "confirmDecision", ReadRecipients "readRecipients", AddEvidence "addEvidence", ConfirmEvidence "confirmEvidence",
        LookUp "lookUp", KeepProfile "keepProfile",
        GiveView "giveView", NameUser "nameUser", ProveObligation "proveObligation", ReportIncident "reportIncident",
        RecordDelivery "recordDelivery", MonitorDeals "monitorDeals", NotifyRecipients "notifyRecipients", Withhold "withhold",
        SubmitRequest "submitRequest", CompleteRequest "completeRequest", EnterRequest "enterRequest", WithdrawRequest "withdrawRequest",
        ChangeTerm "changeTerm", ObjectDecision "objectDecision", AcceptDeal "acceptDeal", ApproveRequest "approveRequest",
        ReadCase "readCase", ListCases "listCases", ReadDeal "readDeal", Bundle "bundle", Replay "replay", Audit "audit",
        ManageWebhooks "manageWebhooks", ManageContacts "manageContacts", ReadMessages "readMessages", ReplayMessage "replayMessage",
        AskAccess "askAccess", TakeToken "takeToken", ManageDataServers "manageDataServers", ReadAccessLog "readAccessLog",
        RotateAccessKey "rotateAccessKey",
    }
}

/// A person who acts, for an organisation, in roles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The person's short name on this portal.
    pub person: Name,
    /// For whom.
    pub organisation: OrgId,
    /// In which roles.
    pub roles: BTreeSet<Role>,
    /// How we know that it is this person.
    pub sign_in: SignIn,
    /// Under which idempotency key, of a call that may be repeated.
    pub once: Option<Once>,
    /// What it saw of what it acts on, if it says so.
    pub seen: Option<Seen>,
}

/// How we know who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// The operator of the command line says so.
    CommandLine,
    /// A machine's key, by its public id.
    ApiKey(String),
    /// An OpenID Provider says so.
    OpenId {
        /// Which one.
        issuer: String,
        /// The level of assurance that it states (`acr`).
        level: Option<String>,
    },
}

impl SignIn {
    /// As records state it.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            SignIn::CommandLine => "by the operator of the command line".to_owned(),
            SignIn::ApiKey(id) => format!("by the API key {id}"),
            SignIn::OpenId { issuer, level: None } => format!("by OpenID Connect, {issuer}"),
            SignIn::OpenId { issuer, level: Some(level) } => format!("by OpenID Connect, {issuer}, level {level}"),
        }
    }

    /// Through which channel this person speaks to the portal.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self {
            SignIn::CommandLine => Channel::Cli,
            SignIn::ApiKey(_) => Channel::Api,
            SignIn::OpenId { .. } => Channel::Web,
        }
    }
}

/// A call that has its effect once, however often it is made (`Idempotency-Key`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Digest of the client and its key.
    pub key: Digest,
    /// Digest of what was asked: the same key with something else is refused.
    pub asked: Digest,
}

/// What is acted on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Target {
    /// Whose data it is about.
    pub owner: Option<OrgId>,
    /// Who asks for them, or whose own affairs it concerns.
    pub applicant: Option<OrgId>,
    /// Whether an approval for which the owner appointed the person who acts is awaited here, or that person gave or refused one.
    pub appointed: bool,
}

impl Target {
    /// Something of an owner.
    #[must_use]
    pub fn of_owner(owner: OrgId) -> Self {
        Target { owner: Some(owner), ..Target::default() }
    }
    /// An applicant's own affairs.
    #[must_use]
    pub fn of_applicant(applicant: OrgId) -> Self {
        Target { applicant: Some(applicant), ..Target::default() }
    }
    /// Something between an owner and an applicant.
    #[must_use]
    pub fn of_both(owner: OrgId, applicant: OrgId) -> Self {
        Target { owner: Some(owner), applicant: Some(applicant), appointed: false }
    }
}

/// Nobody gave this person the right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum RightsError {
    /// No permit names it.
    #[error("`{person}` of {organisation} may not `{act}` here (roles: {roles})")]
    #[diagnostic(
        code(rights::forbidden),
        help(
            "act as another person with `--as`, or give this one the role that may: `datadeal person roles`; policies/service/roles.cedar says which"
        )
    )]
    Forbidden {
        /// Who.
        person: Name,
        /// For whom.
        organisation: OrgId,
        /// What.
        act: &'static str,
        /// In which roles.
        roles: String,
    },
    /// The question could not be evaluated, which is a no.
    #[error("rights could not be evaluated: {0}")]
    #[diagnostic(code(rights::fault), help("tell the operator of the portal"))]
    Fault(String),
}

/// How many answers are kept.
const MAX_ALLOWED: usize = 4096;

/// The service's own policies, parsed and validated.
#[derive(Debug)]
pub struct Rights {
    policies: PolicySet,
    schema: Schema,
    person: EntityTypeName,
    role: EntityTypeName,
    target: EntityTypeName,
    action: EntityTypeName,
    /// What was allowed before: the policies never change, so the same question has the same answer.
    allowed: Mutex<HashSet<Allowed>>,
}

/// A question that was answered with yes: who, for whom, in which roles, what, on what.
type Allowed = (Name, OrgId, BTreeSet<Role>, Act, Target);

impl Rights {
    /// The policies that come with the program.
    ///
    /// # Errors
    /// None, as a test shows.
    pub fn built_in() -> Result<Self, RightsError> {
        let fault = |e: &dyn std::fmt::Display| RightsError::Fault(e.to_string());
        let (schema, _) = Schema::from_cedarschema_str(include_str!("../../policies/service/schema.cedarschema"))
            .map_err(|e| fault(&e))?;
        let policies =
            PolicySet::from_str(include_str!("../../policies/service/roles.cedar")).map_err(|e| fault(&e))?;
        let checked = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        if !checked.validation_passed_without_warnings() {
            return Err(fault(&checked));
        }
        let name = |n: &str| EntityTypeName::from_str(n).map_err(|e| fault(&e));
        Ok(Rights {
            policies,
            schema,
            person: name("Person")?,
            role: name("Role")?,
            target: name("Target")?,
            action: name("Action")?,
            allowed: Mutex::default(),
        })
    }

    /// Lets the call go on, or says who may not do what.
    ///
    /// # Errors
    /// [`RightsError::Forbidden`] when no permit names it; an evaluation error forbids as well.
    pub fn require(&self, actor: &Actor, act: Act, target: &Target) -> Result<(), RightsError> {
        let asked = (actor.person.clone(), actor.organisation.clone(), actor.roles.clone(), act, target.clone());
        let allowed = || self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        if allowed().contains(&asked) {
            return Ok(());
        }
        self.ask(actor, act, target)?;
        let mut allowed = allowed();
        if allowed.len() >= MAX_ALLOWED {
            allowed.clear();
        }
        allowed.insert(asked);
        Ok(())
    }

    fn ask(&self, actor: &Actor, act: Act, target: &Target) -> Result<(), RightsError> {
        let fault = |e: &dyn std::fmt::Display| RightsError::Fault(e.to_string());
        let uid = |ty: &EntityTypeName, id: &str| EntityUid::from_type_name_and_id(ty.clone(), EntityId::new(id));
        let text =
            |v: Option<&OrgId>| RestrictedExpression::new_string(v.map_or_else(String::new, ToString::to_string));
        let parents: HashSet<_> = actor.roles.iter().map(|r| uid(&self.role, r.as_str())).collect();
        let attributes = [("organisation".to_owned(), text(Some(&actor.organisation)))];
        let person = Entity::new(uid(&self.person, actor.person.as_str()), attributes.into_iter().collect(), parents)
            .map_err(|e| fault(&e))?;
        let attributes = [
            ("owner".to_owned(), text(target.owner.as_ref())),
            ("applicant".to_owned(), text(target.applicant.as_ref())),
            ("appointed".to_owned(), RestrictedExpression::new_bool(target.appointed)),
        ];
        let thing = Entity::new(uid(&self.target, "target"), attributes.into_iter().collect(), HashSet::new())
            .map_err(|e| fault(&e))?;
        let question = Request::new(
            person.uid(),
            uid(&self.action, act.as_str()),
            thing.uid(),
            Context::empty(),
            Some(&self.schema),
        )
        .map_err(|e| fault(&e))?;
        let entities = Entities::from_entities([person, thing], Some(&self.schema)).map_err(|e| fault(&e))?;
        let response = Authorizer::new().is_authorized(&question, &self.policies, &entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(fault(error));
        }
        if response.decision() == Decision::Allow {
            return Ok(());
        }
        let roles: Vec<_> = actor.roles.iter().map(|r| r.as_str()).collect();
        Err(RightsError::Forbidden {
            person: actor.person.clone(),
            organisation: actor.organisation.clone(),
            act: act.as_str(),
            roles: if roles.is_empty() { "none".to_owned() } else { roles.join(", ") },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(role: Role, organisation: &str) -> Actor {
        Actor {
            person: "p".parse().unwrap(),
            organisation: organisation.parse().unwrap(),
            roles: BTreeSet::from([role]),
            sign_in: SignIn::CommandLine,
            once: None,
            seen: None,
        }
    }

    /// Every act against every role, for the own organisation and for another: the whole table, so that no change is silent.
    #[test]
    fn the_table_of_rights() {
        let rights = Rights::built_in().unwrap();
        let (own, other) = ("NL.KVK:69599084", "NL.KVK:68727720");
        let target = |org: &str| Target { owner: org.parse().ok(), applicant: org.parse().ok(), appointed: false };
        let mut table = String::new();
        for act in Act::ALL {
            let mut cells = Vec::new();
            for role in Role::ALL {
                let may = |org: &str| rights.require(&actor(*role, own), *act, &target(org)).is_ok();
                match (may(own), may(other)) {
                    (true, true) => cells.push(role.as_str().to_owned()),
                    (true, false) => cells.push(format!("{} (own)", role.as_str())),
                    (false, true) => panic!("{} may {} only for others", role.as_str(), act.as_str()),
                    (false, false) => {}
                }
            }
            table += &format!(
                "{}: {}\n",
                act.as_str(),
                if cells.len() == Role::ALL.len() { "everyone".to_owned() } else { cells.join(", ") }
            );
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn the_operator_publishes_for_the_portal_only() {
        let rights = Rights::built_in().unwrap();
        let operator = actor(Role::Operator, "NL.KVK:69599084");
        assert!(rights.require(&operator, Act::PublishConditions, &Target::default()).is_ok());
        let owned = Target { owner: "NL.KVK:68727720".parse().ok(), ..Target::default() };
        assert!(rights.require(&operator, Act::PublishConditions, &owned).is_err());
    }
}
