//! Data servers: who they are, and whether a call that reached one may go on. A proxy asks for each call, with the token that the caller
//! brought; whatever is not understood may not go on.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Deciding;
use super::token::{Claims, named, question, subject};
use crate::engine::known::View;
use crate::engine::operation::{Operation, Pending};
use crate::engine::rows;
use crate::engine::{Engine, EngineError, Field};
use crate::model::access::line::Status;
use crate::model::access::route::Aimed;
use crate::model::access::{Call, DataServer, Event};
use crate::model::trace::Trace;
use crate::model::{Name, OrgId};
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// How many routes a data server may have.
const MAX_ROUTES: usize = 1000;

/// A call that reached a data server.
#[derive(Debug, Clone, Copy)]
pub struct Forward<'a> {
    /// Which data server.
    pub server: &'a str,
    /// The method of the call.
    pub method: &'a str,
    /// Its path and query, as they were sent.
    pub address: &'a str,
    /// The token that it brought.
    pub token: Option<&'a str>,
    /// The address of this service, by which tokens are issued.
    pub issuer: &'a str,
}

/// Whether the call may go on.
#[derive(Debug)]
pub enum Forwarded {
    /// It brought no token that counts.
    NoToken,
    /// There is no such data server.
    No,
    /// By its token: [`Engine::forward`] decides.
    Brought(Box<Brought>),
}

/// A call with a token that counts.
#[derive(Debug, Clone)]
pub struct Brought {
    server: Name,
    owner: OrgId,
    organisation: OrgId,
    call: Call,
}

impl Brought {
    /// The data server.
    #[must_use]
    pub fn server(&self) -> &Name {
        &self.server
    }
    /// Whose token it is.
    #[must_use]
    pub fn organisation(&self) -> &OrgId {
        &self.organisation
    }
}

impl Engine {
    /// Makes a data server known, or replaces what is known of it.
    ///
    /// # Errors
    /// No right, another owner's name, routes that could be read in two ways, or datasets that are not the owner's.
    pub fn put_data_server(&self, actor: &Actor, server: &DataServer) -> Result<Pending<()>, EngineError> {
        self.rights.require(actor, Act::ManageDataServers, &Target::of_owner(server.owner.clone()))?;
        let mut op = Operation::by(self, actor)?;
        let row = rows::load::<DataServer>(&*self.store, Kind::DataServer, server.name.as_str())?;
        if row.as_ref().is_some_and(|row| row.value.owner != server.owner) {
            return Err(EngineError::Exists { what: "data server", name: server.name.to_string() });
        }
        let wrong = |why: String| {
            EngineError::input(Field::Routes, why, "a route is read in one way only, and names data of the owner")
        };
        if server.audience.is_empty() || server.audience.len() > 2048 {
            return Err(EngineError::input(
                Field::Audience,
                "is empty or too long",
                "give the address of the data server",
            ));
        }
        if server.routes.len() > MAX_ROUTES {
            return Err(wrong(format!("are more than {MAX_ROUTES}")));
        }
        if let Some(fault) = server.fault() {
            return Err(wrong(fault));
        }
        for route in &server.routes {
            let dataset = self.dataset_seen(&op.view, Some(actor), &route.dataset)?.dataset;
            if dataset.owner != server.owner {
                return Err(wrong(format!("`{}` is of {}", route.dataset, dataset.owner)));
            }
            let known = dataset.column_names();
            if let Some(column) = route.columns.difference(&known).next() {
                return Err(wrong(format!("`{}` has no column `{column}`", route.dataset)));
            }
        }
        rows::guard(&mut op.item, Kind::DataServer, server.name.as_str(), row.map_or(0, |row| row.version));
        rows::put(&mut op.item, Kind::DataServer, server.name.as_str(), Some(server.owner.as_str()), server)?;
        op.answer(())
    }

    /// Forgets a data server: from now on it gives nothing.
    ///
    /// # Errors
    /// No right, or there is none of that name.
    pub fn remove_data_server(&self, actor: &Actor, name: &Name) -> Result<Pending<()>, EngineError> {
        let own = Target::of_owner(actor.organisation.clone());
        self.rights.require(actor, Act::ManageDataServers, &own)?;
        let row = rows::load::<DataServer>(&*self.store, Kind::DataServer, name.as_str())?;
        let none = || EngineError::not_found("data server", name, "see which there are");
        let row = row.filter(|row| row.value.owner == actor.organisation).ok_or_else(none)?;
        let mut op = Operation::by(self, actor)?;
        rows::guard(&mut op.item, Kind::DataServer, name.as_str(), row.version);
        op.item = std::mem::take(&mut op.item).delete(Kind::DataServer, name.as_str());
        op.answer(())
    }

    /// The data servers of somebody's own organisation.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn data_servers(&self, actor: &Actor) -> Result<Vec<DataServer>, EngineError> {
        self.rights.require(actor, Act::ManageDataServers, &Target::of_owner(actor.organisation.clone()))?;
        rows::all(&*self.store, Kind::DataServer, Some(actor.organisation.as_str()))
    }

    pub(super) fn data_server(&self, view: &View, name: &Name) -> Result<Option<DataServer>, EngineError> {
        Ok(self.known::<DataServer>(view, Kind::DataServer, name.as_str())?.map(|row| row.value.clone()))
    }

    /// What a call brings that reached a data server: a token for this server that counts, and a question. It is not answered yet. A call
    /// without such a token is nobody's.
    ///
    /// # Errors
    /// The store cannot be read: it is not known, so the call may not go on.
    pub fn brought(&self, forward: &Forward<'_>) -> Result<Forwarded, EngineError> {
        let view = self.view()?;
        let server =
            forward.server.parse::<Name>().ok().map(|name| self.data_server(&view, &name)).transpose()?.flatten();
        let Some(server) = server else { return Ok(Forwarded::No) };
        let Some(token) = forward.token else { return Ok(Forwarded::NoToken) };
        let Ok(claims) = self.read_token(token, forward.issuer, &server.audience)? else {
            return Ok(Forwarded::NoToken);
        };
        let Ok(call) = Call::read(self.forwarded(&view, forward, &server, &claims)?, Event::Evaluation) else {
            return Ok(Forwarded::No);
        };
        let DataServer { name: server, owner, .. } = server;
        Ok(Forwarded::Brought(Box::new(Brought { server, owner, organisation: claims.sub, call })))
    }

    /// Whether a call may go on: its token covers the data that the address stands for, and the deal is active now. Recorded when the answer
    /// is there, also one that may not go on.
    ///
    /// # Errors
    /// The store cannot be read: it is not known, so the call may not go on. A conflict from the pending answer: ask again.
    pub fn forward(&self, brought: &Brought, trace: Trace) -> Result<Pending<bool>, EngineError> {
        let Brought { server, owner, call, .. } = brought;
        let mut deciding = Deciding::start(self, Some(BTreeSet::from([owner.clone()])))?;
        let mut permits = false;
        let response = call.respond(|asked| {
            let verdict = deciding.answer(asked)?;
            permits = verdict.permits();
            Ok::<_, EngineError>(verdict)
        })?;
        deciding.give("forward-auth")?;
        deciding.record(call.event, Status::Ok, call.request.clone(), response, trace, server.as_str())?.answer(permits)
    }

    /// What a call asks, as a question. What stands for no data is a resource that is none, and what is not read is an action of its own.
    fn forwarded(
        &self,
        view: &View,
        forward: &Forward<'_>,
        server: &DataServer,
        claims: &Claims,
    ) -> Result<Value, EngineError> {
        let action = if matches!(forward.method, "GET" | "HEAD") { "read" } else { forward.method };
        let resource = match server.aim(forward.address) {
            None => json!({"type": "address", "id": forward.address}),
            Some(Aimed { route, columns }) => {
                let columns = match self.dataset_in(view, &route.dataset) {
                    Ok(found) if columns.is_empty() => found.dataset.column_names(),
                    Ok(_) | Err(EngineError::NotFound { .. }) => columns,
                    Err(other) => return Err(other),
                };
                json!({"type": "dataset", "id": route.dataset, "properties": named(json!({
                    "columns": columns, "level": route.level, "edition": route.edition,
                    "periodFrom": route.period_from, "periodUntil": route.period_until,
                }))})
            }
        };
        let context = json!({"deal": claims.deal, "server": server.name, "token": claims.brought()});
        Ok(question(subject(&claims.sub, claims.user.as_deref()), action, resource, context))
    }
}
