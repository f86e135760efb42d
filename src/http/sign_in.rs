//! Signing in with the portal's OpenID Provider, and out again.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use url::Url;

use super::parts::Query;
use super::session::{self, Who, trouble};
use super::{Problem, Service};
use crate::clock::RandomError;
use crate::config::Config;
use crate::engine::{EngineError, NewIdentity};
use crate::net::oidc::{Oidc, OidcConfig, OidcError, Pending, Returned, SignedIn};
use crate::net::{Client, NetError};
use crate::rights::SignIn;

/// Where the provider sends the browser back to.
pub(super) const DONE: &str = "/sign-in/done";
/// What a session holds of a sign-in that has begun.
const BEGUN: &str = "begun";

/// A sign-in that has begun.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    pending: Pending,
    back: String,
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Back {
    back: Option<String>,
}

/// The provider of the configuration, if there is one.
///
/// # Errors
/// The file with the client's secret cannot be read.
pub(super) fn provider(config: &Config, client: &Client) -> Result<Option<Oidc>, std::io::Error> {
    let Some(sign_in) = &config.sign_in else { return Ok(None) };
    let secret = sign_in.client_secret_file.as_ref().map(std::fs::read_to_string).transpose()?;
    let config = OidcConfig {
        issuer: sign_in.issuer.clone(),
        client_id: sign_in.client_id.clone(),
        client_secret: secret.map(|s| s.trim().to_owned()),
        redirect: format!("{}{DONE}", config.address),
        scopes: sign_in.scopes.clone(),
        organisation_claim: sign_in.organisation_claim.clone(),
    };
    Ok(Some(Oidc::new(config, client.clone())))
}

fn none() -> Problem {
    Problem::not_found("This portal has no sign-in provider: use an API key.")
}

fn see_other(to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::from_str(to).map_err(|_| Problem::invalid("The address to go back to cannot be sent."))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

/// Whether a path leads to a place of our own, as a browser follows it: `//host`, `/\host` and `//host` with a tab in it are other sites.
fn is_our_own(address: &str, back: &str) -> bool {
    let plain = back.starts_with('/') && !back.contains(|c: char| c.is_control() || c == '\\');
    let home = Url::parse(address);
    plain && home.is_ok_and(|home| home.join(back).is_ok_and(|there| there.origin() == home.origin()))
}

/// `GET /sign-in?back=/nl/...`: sends the browser to the provider.
pub(super) async fn begin(
    State(service): State<Arc<Service>>,
    session: Session,
    Query(Back { back }): Query<Back>,
) -> Result<Response, Problem> {
    let oidc = service.oidc.as_ref().ok_or_else(none)?;
    let back = back.filter(|back| is_our_own(&service.config.address, back)).unwrap_or_else(|| "/".to_owned());
    let mut chance = [0; 96];
    service.engine.random().fill(&mut chance).map_err(|e: RandomError| Problem::from(EngineError::from(e)))?;
    let (url, pending) = oidc.begin(chance, service.engine.now()).await.map_err(refused)?;
    session.insert(BEGUN, Begun { pending, back }).await.map_err(|e| trouble(&e))?;
    see_other(&url)
}

/// `GET /sign-in/done`: the browser comes back from the provider.
pub(super) async fn done(
    State(service): State<Arc<Service>>,
    session: Session,
    Query(returned): Query<Returned>,
) -> Result<Response, Problem> {
    let oidc = service.oidc.as_ref().ok_or_else(none)?;
    // taken, so that it is good for one answer
    let begun: Option<Begun> = session.remove(BEGUN).await.map_err(|e| trouble(&e))?;
    let Begun { pending, back } =
        begun.ok_or_else(|| Problem::invalid("No sign-in began in this browser: begin again."))?;
    let SignedIn { issuer, subject, name, acr, organisation, .. } =
        oidc.finish(&returned, &pending, service.engine.now()).await.map_err(refused)?;
    let levels = service.config.sign_in.as_ref().map(|s| s.levels.as_slice()).unwrap_or_default();
    if !levels.is_empty() && !acr.as_ref().is_some_and(|level| levels.contains(level)) {
        let stated = acr.unwrap_or_else(|| "none".to_owned());
        return Err(Problem::forbidden(format!(
            "Sign in at one of these levels: {}; yours was {stated}.",
            levels.join(", ")
        )));
    }
    let organisation = organisation.map(|o| o.parse()).transpose().map_err(|e| Problem::from(EngineError::Id(e)))?;
    let identity = NewIdentity { issuer: issuer.clone(), subject, name, organisation };
    let engine = Arc::clone(&service.engine);
    let found = tokio::task::spawn_blocking(move || engine.person_signed_in(&identity)).await;
    let person = found.map_err(|_| Problem::internal("The sign-in was cut off."))??;
    let person = person.ok_or_else(|| {
        Problem::forbidden("You are signed in, but nobody here is known so. Ask an administrator of your organisation, or of this portal.")
    })?;
    // who is blocked gets no session
    let sign_in = SignIn::OpenId { issuer: issuer.clone(), level: acr.clone() };
    service.engine.actor_signed_in(&person, sign_in)?;
    session::begin(&session, Who { person, issuer, level: acr }).await?;
    see_other(&back)
}

/// `POST /sign-out`: ends the session.
pub(super) async fn out(session: Session) -> Result<StatusCode, Problem> {
    session.flush().await.map_err(|e| trouble(&e))?;
    Ok(StatusCode::NO_CONTENT)
}

/// A provider that did not answer, or an answer that is none.
fn refused(error: OidcError) -> Problem {
    match &error {
        OidcError::Net(NetError::Timeout { .. }) | OidcError::Net(_) | OidcError::Provider(_) => {
            tracing::error!(%error, "the sign-in provider could not be used");
            Problem::unavailable("The sign-in provider cannot be used now.").after(60)
        }
        OidcError::State(_) => Problem::invalid(error.to_string()),
        OidcError::Denied(_) | OidcError::Code(_) | OidcError::Token(_) => {
            tracing::warn!(%error, "nobody was signed in");
            Problem::forbidden(error.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_to_a_place_of_our_own_only() {
        let ours = |back| is_our_own("https://deals.example.nl", back);
        for back in ["/", "/nl/verzoeken", "/nl/verzoeken?na=1&a=//b#c", "/nl//x", "/.//elsewhere.example", "/%09/x"] {
            assert!(ours(back), "{back:?}");
        }
        for back in [
            "",
            "nl",
            "//elsewhere.example",
            "///elsewhere.example",
            "/\\elsewhere.example",
            "/nl\\x",
            "/\t/elsewhere.example",
            "/\n/elsewhere.example",
            "\t//elsewhere.example",
            "/nl\r\nlocation: x",
            "/\u{85}",
            "https://elsewhere.example/",
            "https://deals.example.nl/",
            "javascript:alert(1)",
        ] {
            assert!(!ours(back), "{back:?}");
        }
    }
}
