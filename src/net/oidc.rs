//! Signing in people with OpenID Connect: discovery, authorization code with PKCE, token exchange, and what the provider says of who
//! signed in (OpenID Connect Core 1.0; RFC 7636, RFC 9207). The provider is asked through the guarded client.
//!
//! The way: [`Oidc::begin`] gives an address for the browser and a [`Pending`] to keep with the browser's session; the browser comes back
//! with a [`Returned`]; [`Oidc::finish`] turns both into a [`SignedIn`]. Chance and time are arguments.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken,
    DiscoveryError, HttpRequest, HttpResponse, IdToken, IdTokenClaims, IdTokenVerifier, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    SignatureVerificationError, TokenResponse as _, UserInfoClaims, UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use subtle::ConstantTimeEq as _;

use super::{Client, NetError};
use crate::model::Time;

/// How long what a provider says of itself is used before it is asked again, in seconds.
const METADATA_SECONDS: i64 = 300;
/// By how much a provider's clock may be ahead, in seconds.
const AHEAD_SECONDS: i64 = 60;
/// How old an identity token may be when it is handed in, in seconds.
const TOKEN_SECONDS: i64 = 600;
/// Bytes of chance for each of state, nonce and verifier.
const CHANCE: usize = 32;

/// With which provider, and as which client.
#[derive(Clone, PartialEq, Eq)]
pub struct OidcConfig {
    /// The provider's issuer identifier; its discovery document is below it.
    pub issuer: String,
    /// As whom the portal is registered there.
    pub client_id: String,
    /// The client's secret, of a confidential client.
    pub client_secret: Option<String>,
    /// Where the browser comes back to; registered at the provider.
    pub redirect: String,
    /// Scopes that are asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds the organisation's register number, if the provider gives one.
    pub organisation_claim: Option<String>,
}

impl fmt::Debug for OidcConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let OidcConfig { issuer, client_id, redirect, .. } = self;
        write!(f, "OidcConfig({client_id} at {issuer}, back to {redirect})")
    }
}

/// What must be kept with the browser's session until it comes back. It is secret: `Debug` shows nothing of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    state: String,
    nonce: String,
    verifier: String,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending")
    }
}

/// The query with which the browser came back.
#[derive(Clone, Default, Deserialize)]
pub struct Returned {
    /// The code, to be exchanged once.
    pub code: Option<String>,
    /// The state that was sent.
    pub state: Option<String>,
    /// Who answers (RFC 9207).
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

impl fmt::Debug for Returned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returned").field("error", &self.error).finish_non_exhaustive()
    }
}

/// What the provider says of who signed in. Issuer and subject together are the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The provider.
    pub issuer: String,
    /// The person's id there.
    pub subject: String,
    /// The person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How surely: the level of assurance or context class that the provider states.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// The organisation's register number, from the claim that the configuration names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// When.
    pub at: Time,
}

/// Why nobody is signed in. No variant holds a code, token or secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum OidcError {
    /// The provider could not be asked.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Net(#[from] NetError),
    /// The configuration, or what the provider says of itself, does not fit.
    #[error("the sign-in provider does not fit: {0}")]
    #[diagnostic(
        code(oidc::provider),
        help("compare issuer and redirect in the configuration with the provider's own")
    )]
    Provider(String),
    /// The browser came back with something else than it was sent with.
    #[error("this answer belongs to no sign-in that began here: {0}")]
    #[diagnostic(code(oidc::state), help("begin again, in the same browser"))]
    State(&'static str),
    /// The provider did not sign the person in.
    #[error("the provider signed nobody in: {0}")]
    #[diagnostic(code(oidc::denied), help("begin again, or ask the provider why"))]
    Denied(String),
    /// The provider did not exchange the code.
    #[error("the provider did not take the code: {0}")]
    #[diagnostic(code(oidc::code), help("begin again; a code is good once and for a short time"))]
    Code(String),
    /// The identity token, or what belongs to it, is not valid.
    #[error("what the provider says of the person is not valid: {0}")]
    #[diagnostic(code(oidc::token), help("nobody is signed in on it; tell the operator of the portal"))]
    Token(String),
}

/// Claims that OpenID Connect does not name itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct More {
    #[serde(flatten)]
    claims: BTreeMap<String, Value>,
}
impl AdditionalClaims for More {}

type Token = IdToken<More, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type Claims = IdTokenClaims<More, CoreGenderClaim>;

/// One provider.
#[derive(Debug)]
pub struct Oidc {
    config: OidcConfig,
    client: Client,
    /// What the provider said of itself, and when.
    metadata: Mutex<Option<(Time, CoreProviderMetadata)>>,
}

impl Oidc {
    /// A provider that is asked through `client`; nothing is asked yet.
    #[must_use]
    pub fn new(config: OidcConfig, client: Client) -> Self {
        Oidc { config, client, metadata: Mutex::default() }
    }

    /// Begins: where the browser goes, and what to keep until it comes back. `chance` is drawn afresh each time.
    ///
    /// # Errors
    /// The provider cannot be asked, or does not fit the configuration.
    pub async fn begin(&self, chance: [u8; 3 * CHANCE], now: Time) -> Result<(String, Pending), OidcError> {
        let metadata = self.metadata(now).await?;
        let mut drawn = chance.chunks(CHANCE).map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
        let mut next = || drawn.next().unwrap_or_default();
        let pending = Pending { state: next(), nonce: next(), verifier: next() };
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(pending.verifier.clone()));
        let (state, nonce) = (CsrfToken::new(pending.state.clone()), Nonce::new(pending.nonce.clone()));
        let client = self.provider(metadata)?;
        let (url, ..) = client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce)
            .add_scopes(self.config.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        // a browser is sent only where we would go ourselves
        Ok((self.client.address(url.as_str())?.into(), pending))
    }

    /// Finishes: the code is exchanged, and what comes of it is verified.
    ///
    /// # Errors
    /// The answer belongs to another sign-in, the provider refuses, or its token is not valid.
    pub async fn finish(&self, returned: &Returned, pending: &Pending, now: Time) -> Result<SignedIn, OidcError> {
        let state = returned.state.as_deref().unwrap_or_default();
        if !bool::from(state.as_bytes().ct_eq(pending.state.as_bytes())) {
            return Err(OidcError::State("the state differs"));
        }
        if returned.iss.as_ref().is_some_and(|iss| *iss != self.config.issuer) {
            return Err(OidcError::State("another provider answers"));
        }
        if let Some(error) = &returned.error {
            return Err(OidcError::Denied(crate::text::plain(error)));
        }
        let code = returned.code.clone().ok_or(OidcError::State("there is no code"))?;
        let metadata = self.metadata(now).await?;
        let ask = self.asker();
        let client = self.provider(metadata.clone())?;
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|e| provider(&e))?;
        let verifier = PkceCodeVerifier::new(pending.verifier.clone());
        let response = request.set_pkce_verifier(verifier).request_async(&ask).await.map_err(code_error)?;
        let missing = || OidcError::Token("there is no identity token".to_owned());
        let token: Token = response.id_token().ok_or_else(missing)?.to_string().parse().map_err(|e| invalid(&e))?;
        let nonce = Nonce::new(pending.nonce.clone());
        let mut verifier = self.verifier(&metadata, now);
        let unknown_key = matches!(
            token.claims(&verifier, &nonce),
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey))
        );
        if unknown_key {
            // the provider may have new keys
            verifier = self.verifier(&self.discover(now).await?, now);
        }
        let claims = token.claims(&verifier, &nonce).map_err(|e| invalid(&e))?;
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (token.signing_alg(), token.signing_key(&verifier));
            let (alg, key) = (alg.map_err(|e| invalid(&e))?, key.map_err(|e| invalid(&e))?);
            let actual = AccessTokenHash::from_token(response.access_token(), alg, key).map_err(|e| invalid(&e))?;
            if actual != *expected {
                return Err(OidcError::Token("the access token is another one".to_owned()));
            }
        }
        let mut signed_in = self.told(claims, now);
        let lacks =
            signed_in.name.is_none() || (signed_in.organisation.is_none() && self.config.organisation_claim.is_some());
        if lacks && metadata.userinfo_endpoint().is_some() {
            let subject = Some(claims.subject().clone());
            let request = client.user_info(response.access_token().clone(), subject).map_err(|e| provider(&e))?;
            let more: UserInfoClaims<More, CoreGenderClaim> = request.request_async(&ask).await.map_err(info_error)?;
            let name = more.name().and_then(|n| n.get(None)).map(|n| n.as_str().to_owned());
            signed_in.name = signed_in.name.or(name);
            signed_in.organisation = signed_in.organisation.or_else(|| self.organisation(more.additional_claims()));
        }
        Ok(signed_in)
    }

    fn told(&self, claims: &Claims, now: Time) -> SignedIn {
        SignedIn {
            issuer: self.config.issuer.clone(),
            subject: claims.subject().as_str().to_owned(),
            name: claims.name().and_then(|n| n.get(None)).map(|n| n.as_str().to_owned()),
            acr: claims.auth_context_ref().map(|acr| acr.as_str().to_owned()),
            organisation: self.organisation(claims.additional_claims()),
            at: now,
        }
    }

    fn organisation(&self, more: &More) -> Option<String> {
        let claim = self.config.organisation_claim.as_ref()?;
        Some(more.claims.get(claim)?.as_str()?.to_owned())
    }

    /// Asymmetric algorithms only: the client's secret signs nothing.
    fn verifier(&self, metadata: &CoreProviderMetadata, now: Time) -> IdTokenVerifier<'static, CoreJsonWebKey> {
        let (client, issuer) = (ClientId::new(self.config.client_id.clone()), metadata.issuer().clone());
        IdTokenVerifier::new_public_client(client, issuer, metadata.jwks().clone())
            .set_allowed_algs([
                CoreJwsSigningAlgorithm::EcdsaP256Sha256,
                CoreJwsSigningAlgorithm::EdDsa,
                CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
                CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            ])
            .set_time_fn(move || now.chrono())
            .set_issue_time_verifier_fn(move |issued| {
                let age = now.unix() - issued.timestamp();
                let sound = (-AHEAD_SECONDS..=TOKEN_SECONDS).contains(&age);
                if sound { Ok(()) } else { Err(format!("it was issued {age} seconds ago")) }
            })
    }

    /// What the provider says of itself, kept for a while.
    async fn metadata(&self, now: Time) -> Result<CoreProviderMetadata, OidcError> {
        let kept = self.metadata.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match kept {
            Some((at, metadata)) if (0..METADATA_SECONDS).contains(&(now.unix() - at.unix())) => Ok(metadata),
            _ => self.discover(now).await,
        }
    }

    async fn discover(&self, now: Time) -> Result<CoreProviderMetadata, OidcError> {
        let issuer = IssuerUrl::new(self.config.issuer.clone()).map_err(|e| provider(&e))?;
        let ask = self.asker();
        let found = CoreProviderMetadata::discover_async(issuer, &ask).await.map_err(|error| match error {
            DiscoveryError::Request(net) => OidcError::Net(net),
            other => provider(&other),
        })?;
        *self.metadata.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, found.clone()));
        Ok(found)
    }

    fn provider(&self, metadata: CoreProviderMetadata) -> Result<Flow, OidcError> {
        let redirect = RedirectUrl::new(self.config.redirect.clone()).map_err(|e| provider(&e))?;
        let (id, secret) = (ClientId::new(self.config.client_id.clone()), self.config.client_secret.clone());
        let client = CoreClient::from_provider_metadata(metadata, id, secret.map(ClientSecret::new));
        Ok(client.set_redirect_uri(redirect))
    }

    /// How the library asks: through our client. What it gives borrows nothing, so that the whole of a sign-in can go from one thread
    /// to another.
    fn asker(&self) -> impl Fn(HttpRequest) -> Asking + Send + Sync + 'static {
        let client = self.client.clone();
        move |request| Box::pin(exchange(client.clone(), request))
    }
}

/// An exchange under way.
type Asking = Pin<Box<dyn Future<Output = Result<HttpResponse, NetError>> + Send>>;

async fn exchange(client: Client, request: HttpRequest) -> Result<HttpResponse, NetError> {
    let host = super::client::shown(&request.uri().to_string());
    let failed = |why: String| NetError::Failed { host: host.clone(), why };
    let request = request.try_into().map_err(|e: reqwest::Error| failed(e.without_url().to_string()))?;
    let answer = client.send(request).await?;
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() =
        openidconnect::http::StatusCode::from_u16(answer.status).map_err(|e| failed(e.to_string()))?;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// A client with the addresses that discovery gave.
type Flow = CoreClient<
    openidconnect::EndpointSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointNotSet,
    openidconnect::EndpointMaybeSet,
    openidconnect::EndpointMaybeSet,
>;

fn provider(error: &dyn fmt::Display) -> OidcError {
    OidcError::Provider(error.to_string())
}

fn invalid(error: &dyn fmt::Display) -> OidcError {
    OidcError::Token(error.to_string())
}

/// Why no tokens came. A parse error would show them, so it is not told.
fn code_error<T: openidconnect::ErrorResponse + fmt::Display>(error: RequestTokenError<NetError, T>) -> OidcError {
    match error {
        RequestTokenError::Request(net) => OidcError::Net(net),
        RequestTokenError::ServerResponse(answer) => OidcError::Code(crate::text::plain(&answer.to_string())),
        RequestTokenError::Parse(..) => OidcError::Code("its answer is none".to_owned()),
        RequestTokenError::Other(why) => OidcError::Code(why),
    }
}

fn info_error(error: UserInfoError<NetError>) -> OidcError {
    match error {
        UserInfoError::Request(net) => OidcError::Net(net),
        UserInfoError::ClaimsVerification(why) => invalid(&why),
        _ => OidcError::Token("the user info is none".to_owned()),
    }
}
