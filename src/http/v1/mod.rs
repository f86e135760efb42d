//! The API: one file per area.

mod api_keys;
mod catalogue;
mod checks;
mod counts;
mod course;
mod data_servers;
mod deal_events;
mod deals;
mod drafts;
mod eligibility;
mod evidence;
mod export;
mod letters;
mod mandates;
mod me;
mod messages;
mod organisations;
mod persons;
mod register;
mod requests;
mod structure;
mod webhooks;

use std::sync::Arc;

use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Fault, Problem, Service};
use crate::engine::EngineError;

/// What is said of the API as a whole; the routes say the rest.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "datadeal",
        description = "May I use these data, for this, and if not: what is missing? Requests, decisions and signed deals on government data that is not open.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem, Fault)),
    tags(
        (name = "datasets", description = "The data, and what binds them"),
        (name = "checks", description = "Questions: nothing is kept of them"),
        (name = "drafts", description = "Requests that somebody is still writing"),
        (name = "requests", description = "Requests and their decisions"),
        (name = "organisations", description = "Who there is, and what it keeps declared of itself"),
        (name = "persons", description = "Who acts for an organisation, and in which roles"),
        (name = "mandates", description = "Who may decide or approve what in whose name"),
        (name = "evidence", description = "What makes a fact verified"),
        (name = "deals", description = "Deals, and what happens under them"),
        (name = "register", description = "The public register of decisions and deals, and who received data"),
        (name = "sign-in", description = "Who the caller is"),
        (name = "webhooks", description = "Programs that are told of events"),
        (name = "messages", description = "Mail addresses, and messages that did not arrive"),
        (name = "api-keys", description = "Credentials of machines"),
        (name = "data-servers", description = "Servers that hold data of an owner"),
    )
)]
struct Described;

/// A call of the engine that waits for the disk: on a thread that may.
pub(super) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    match tokio::task::spawn_blocking(move || span.in_scope(call)).await {
        Ok(answer) => answer.map_err(Problem::from),
        Err(_) => Err(Problem::internal("The operator of this portal finds the reason in its log.")),
    }
}

/// Every route of the API, with what it says of itself. Paths are those below `/v1`.
pub(super) fn router() -> OpenApiRouter<Arc<Service>> {
    OpenApiRouter::with_openapi(Described::openapi())
        .routes(routes!(catalogue::list))
        .routes(routes!(catalogue::show))
        .routes(routes!(structure::structure))
        .routes(routes!(structure::relations))
        .routes(routes!(catalogue::set))
        .routes(routes!(catalogue::schema))
        .routes(routes!(export::all))
        .routes(routes!(export::one))
        .routes(routes!(checks::check))
        .routes(routes!(eligibility::eligibility))
        .routes(routes!(counts::counts))
        .routes(routes!(me::me))
        .routes(routes!(requests::submit, requests::list))
        .routes(routes!(requests::show))
        .routes(routes!(organisations::list))
        .routes(routes!(organisations::register, organisations::registrations))
        .routes(routes!(organisations::confirm))
        .routes(routes!(organisations::decline))
        .routes(routes!(organisations::profile, organisations::keep_profile))
        .routes(routes!(persons::list))
        .routes(routes!(persons::show))
        .routes(routes!(persons::set_roles))
        .routes(routes!(persons::block, persons::unblock))
        .routes(routes!(mandates::list))
        .routes(routes!(mandates::withdraw))
        .routes(routes!(evidence::list, evidence::confirm))
        .routes(routes!(evidence::add))
        .routes(routes!(evidence::by_decision))
        .routes(routes!(evidence::look_up))
        .routes(routes!(evidence::missing))
        .routes(routes!(deals::offer, deals::list))
        .routes(routes!(deals::show))
        .routes(routes!(deals::acceptance, deals::accept))
        .routes(routes!(deals::step))
        .routes(routes!(deals::renew))
        .routes(routes!(deals::amend))
        .routes(routes!(deals::bundle))
        .routes(routes!(deals::monitor))
        .routes(routes!(deal_events::events))
        .routes(routes!(deal_events::users, deal_events::name_user))
        .routes(routes!(deal_events::remove_user))
        .routes(routes!(deal_events::deliver))
        .routes(routes!(deal_events::obligations))
        .routes(routes!(deal_events::prove))
        .routes(routes!(deal_events::incident))
        .routes(routes!(deal_events::view))
        .routes(routes!(deal_events::object))
        .routes(routes!(register::show))
        .routes(routes!(register::export))
        .routes(routes!(register::withhold))
        .routes(routes!(register::recipients))
        .routes(routes!(register::correct))
        .routes(routes!(course::complete))
        .routes(routes!(course::withdraw))
        .routes(routes!(course::approve))
        .routes(routes!(course::refuse))
        .routes(routes!(course::confirm))
        .routes(routes!(course::forward))
        .routes(routes!(course::dismiss))
        .routes(routes!(course::suspend))
        .routes(routes!(course::resume))
        .routes(routes!(course::extend))
        .routes(routes!(course::object, letters::objection))
        .routes(routes!(course::decide_objection))
        .routes(routes!(course::withdraw_objection))
        .routes(routes!(letters::term))
        .routes(routes!(letters::letter))
        .routes(routes!(letters::deal_letter))
        .routes(routes!(letters::receipt))
        .routes(routes!(letters::bundle))
        .routes(routes!(letters::events))
        .routes(routes!(letters::work))
        .routes(routes!(drafts::make, drafts::list))
        .routes(routes!(drafts::show, drafts::change, drafts::discard))
        .routes(routes!(drafts::submit))
        .routes(routes!(api_keys::make, api_keys::list))
        .routes(routes!(api_keys::revoke))
        .routes(routes!(webhooks::add, webhooks::list))
        .routes(routes!(webhooks::show, webhooks::remove))
        .routes(routes!(webhooks::rotate))
        .routes(routes!(webhooks::test))
        .routes(routes!(messages::list))
        .routes(routes!(messages::drop))
        .routes(routes!(messages::replay))
        .routes(routes!(messages::contacts))
        .routes(routes!(messages::set, messages::remove))
        .routes(routes!(messages::set_of_person, messages::remove_of_person))
        .routes(routes!(data_servers::list))
        .routes(routes!(data_servers::put, data_servers::remove))
}
