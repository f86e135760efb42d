//! The door for others: the API under `/v1`, the use of deals under `/access/v1`, the log under `/log`. A route reads what was sent, makes
//! one engine call, and shows what came of it; `problem` is the only place where an error becomes an answer.
//!
//! A call goes through, from outside: its trace and the metrics; the headers that every answer has; what a library answers becomes a
//! problem; the time that it may take; a panic becomes 500; its session; who calls, and how often; no post from another site. Then its
//! route.

mod access;
mod body;
mod caller;
mod headers;
mod health;
mod heavy;
mod limit;
mod log;
mod observe;
mod openapi;
mod parts;
mod problem;
mod server;
mod session;
mod sign_in;
mod status;
mod v1;
mod version;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::csrf::CsrfLayer;
use tower_http::timeout::TimeoutLayer;
use tracing::Instrument as _;

use crate::config::{self, Config};
use crate::engine::{Carrier, Engine, LastLook};
use crate::evidence::FileRegistry;
use crate::model::condition::{Bilingual, Lang};
use crate::net::mail::{MailWay, Mailer};
use crate::net::oidc::Oidc;
use crate::net::{Allow, Client, NetError};
use crate::sign::{NoteError, VerifierKey};
use crate::text::Texts;
use limit::Buckets;
pub use problem::{Changed, Fault, Problem};

/// The service cannot be started.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ServiceError {
    /// What it may reach.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Net(#[from] NetError),
    /// A value of the configuration that cannot be used.
    #[error("the value `{key}` {why}")]
    #[diagnostic(code(service::value), help("docs/configuration.md says how it is written"))]
    Value {
        /// Which.
        key: &'static str,
        /// What is wrong with it.
        why: String,
    },
}

/// Says which value of the configuration an error is about.
fn of<E: std::fmt::Display>(key: &'static str) -> impl Fn(E) -> ServiceError {
    move |e| ServiceError::Value { key, why: format!("cannot be used: {e}") }
}

/// The way by which mail leaves.
fn mailer(config: &config::Mail) -> Result<Mailer, ServiceError> {
    let way = match (&config.folder, &config.server) {
        (Some(folder), None) => MailWay::Folder(folder.clone()),
        (None, Some(server)) => {
            let read = |path: &PathBuf| std::fs::read_to_string(path).map_err(of("mail.password_file"));
            let password = config.password_file.as_ref().map(read).transpose()?;
            let login = config.user.clone().zip(password.map(|p| p.trim_end().to_owned()));
            MailWay::Smtp { server: server.clone(), login }
        }
        _ => return Err(of("mail")("name either a server or a folder")),
    };
    Mailer::new(&config.from, &way).map_err(of("mail"))
}

/// How often what is kept in memory is tidied.
const TIDY: Duration = Duration::from_secs(60);
/// How often it is looked whether live deals are to be asked about again.
const WATCH: Duration = Duration::from_secs(15);
/// The bounds of the histogram of answer times, in seconds.
const SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The service: a portal, and what its routes share.
pub struct Service {
    pub(self) engine: Arc<Engine>,
    pub(self) config: Config,
    pub(self) buckets: Buckets,
    pub(self) signed: status::Signed,
    pub(self) recorder: PrometheusRecorder,
    pub(self) witnesses: Vec<VerifierKey>,
    pub(self) client: Client,
    /// Places for calls that read much.
    heavy: Arc<Semaphore>,
    mailer: Option<Mailer>,
    oidc: Option<Oidc>,
    /// The register that is asked about organisations.
    registry: Option<Arc<FileRegistry>>,
    english: Texts,
    dutch: Texts,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Service {
    /// A service of a portal.
    ///
    /// # Errors
    /// The configuration names hosts that are none, or a file that cannot be read.
    pub fn new(engine: Arc<Engine>, config: Config) -> Result<Arc<Self>, ServiceError> {
        let client =
            Client::new(Allow::parse(config.outgoing.allow.iter().map(String::as_str)).map_err(of("outgoing.allow"))?)?;
        let oidc = sign_in::provider(&config, &client).map_err(of("sign_in.client_secret_file"))?;
        let mailer = config.mail.as_ref().map(mailer).transpose()?;
        let registry = registry(&config)?;
        let builder = PrometheusBuilder::new();
        let whole = Matcher::Full("http_request_duration_seconds".to_owned());
        // bounds of ours are neither empty nor unsorted; without them it would be a summary
        let recorder = builder.set_buckets_for_metric(whole, SECONDS).unwrap_or_default().build_recorder();
        let (english, dutch) = (Texts::new(Lang::En), Texts::new(Lang::Nl));
        let buckets = Buckets::new(&config.limits);
        let witnesses = config.witnesses.iter().map(|key| key.parse().map_err(of::<NoteError>("witnesses")));
        let witnesses = witnesses.collect::<Result<_, _>>()?;
        Ok(Arc::new(Service {
            engine,
            config,
            buckets,
            signed: status::Signed::default(),
            recorder,
            witnesses,
            client,
            heavy: heavy::places(),
            mailer,
            oidc,
            registry,
            english,
            dutch,
        }))
    }

    /// Answers on a listener until `end`; calls under way are let finish.
    pub async fn serve(self: Arc<Self>, listener: TcpListener, end: impl Future<Output = ()>) {
        let tidy = tokio::spawn(Arc::clone(&self).tidy());
        let engine = Arc::clone(&self.engine);
        let carrier = Arc::new(Carrier { client: self.client.clone(), mailer: self.mailer.clone() });
        // ended between two steps it sends again what it had claimed, with the same id
        let sender = tokio::spawn(Arc::clone(&self.engine).keep_sending(carrier));
        let monitor = tokio::spawn(Arc::clone(&self).monitor());
        let lists = tokio::spawn(Arc::clone(&self).lists());
        let index = tokio::spawn(Arc::clone(&self).index());
        server::serve(listener, Arc::clone(&self).router(), &self.config.limits, end).await;
        index.abort();
        sender.abort();
        monitor.abort();
        lists.abort();
        tidy.abort();
        if let Ok(Err(error)) = tokio::task::spawn_blocking(move || engine.write_counts()).await {
            tracing::warn!(%error, "the last counts of checks were not written");
        }
    }

    /// Makes the index over all datasets, so that who asks first need not wait for it.
    async fn index(self: Arc<Self>) {
        match self.heavy(Engine::index_datasets).await {
            Ok(datasets) => tracing::info!(datasets, "datasets are indexed"),
            Err(_) => tracing::warn!("datasets could not be indexed: the next question tries again"),
        }
    }

    /// Asks about live deals again whenever that is due, and tells what is.
    async fn monitor(self: Arc<Self>) {
        let mut last = LastLook::default();
        loop {
            let engine = Arc::clone(&self.engine);
            let looked = tokio::task::spawn_blocking(move || {
                let found = engine.monitor_if_due(&mut last);
                (last, found)
            });
            if let Ok((after, found)) = looked.await {
                last = after;
                match found {
                    Ok(Some(report)) if !report.undecided.is_empty() => {
                        tracing::warn!(deals = report.undecided.len(), "deals could not be asked about again");
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "live deals could not be asked about again"),
                }
            }
            tokio::time::sleep(WATCH).await;
        }
    }

    /// Fetches the status lists of issuers: a task of its own, since an issuer that is slow must keep nothing else waiting.
    async fn lists(self: Arc<Self>) {
        loop {
            tokio::time::sleep(TIDY).await;
            let (engine, client) = (Arc::clone(&self.engine), self.client.clone());
            match tokio::task::spawn_blocking(move || engine.refresh_status_lists(&client)).await {
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => tracing::warn!(%error, "status lists could not be refreshed"),
            }
        }
    }

    async fn tidy(self: Arc<Self>) {
        loop {
            tokio::time::sleep(TIDY).await;
            self.buckets.tidy();
            let engine = Arc::clone(&self.engine);
            let written = tokio::task::spawn_blocking(move || engine.write_counts().and_then(|()| engine.tidy()));
            match written.await {
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => tracing::warn!(%error, "what was kept long enough could not be removed"),
            }
            let engine = Arc::clone(&self.engine);
            match tokio::task::spawn_blocking(move || engine.keep_access_log()).await {
                // another process was faster
                Ok(Err(error)) if error.is_conflict() => {}
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => tracing::error!(%error, "the access log could not be sealed"),
            }
            self.recorder.handle().run_upkeep();
        }
    }

    /// Every route behind every layer.
    pub fn router(self: Arc<Self>) -> Router {
        let (v1, _) = v1::router().split_for_parts();
        let (access, _) = access::router().split_for_parts();
        let routes = Router::new()
            .nest("/v1", v1)
            .route("/v1/openapi.json", get(openapi::v1))
            .nest(access::BASE, access)
            .route("/access/v1/openapi.json", get(access::document))
            .route("/.well-known/authzen-configuration", get(access::configuration))
            .nest("/log", log::router())
            .nest("/log/status", status::router())
            .route("/sign-in", get(sign_in::begin))
            .route(sign_in::DONE, get(sign_in::done))
            .route("/sign-out", post(sign_in::out))
            .route("/healthz", get(health::healthz))
            .route("/readyz", get(health::readyz))
            .route("/metrics", get(health::metrics))
            .fallback(nothing_here)
            .method_not_allowed_fallback(other_method);
        self.behind_layers(routes)
    }

    /// Routes behind every layer: what every answer has, then what a call goes through, the outermost first. The router puts each layer that it
    /// is given in a box of its own for every call, and a function that is a layer makes copies of all that is within it, so there are few.
    fn behind_layers(self: Arc<Self>, routes: Router<Arc<Self>>) -> Router {
        let time = Duration::from_secs(self.config.limits.seconds);
        let calls = (
            middleware::from_fn_with_state(Arc::clone(&self), around),
            TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time),
            CatchPanicLayer::custom(panicked),
            session::layer(&self.engine, self.config.by_tls()),
            middleware::from_fn_with_state(Arc::clone(&self), limit::limit),
            CsrfLayer::new().with_rejection_response(cross_site),
        );
        routes.layer(calls).with_state(self)
    }

    /// A sentence in both languages.
    pub(self) fn both(&self, key: &str) -> Bilingual {
        Bilingual { en: self.english.get(key, &[]), nl: self.dutch.get(key, &[]) }
    }
}

/// The register of the configuration, if there is one.
fn registry(config: &Config) -> Result<Option<Arc<FileRegistry>>, ServiceError> {
    let Some(file) = &config.register else { return Ok(None) };
    let bytes = std::fs::read(file).map_err(of("register"))?;
    let registry = FileRegistry::read(&bytes).map_err(of("register"))?;
    Ok(Some(Arc::new(registry)))
}

async fn nothing_here() -> Problem {
    Problem::not_found("There is nothing at this address: /v1/openapi.json lists what there is.")
}

async fn other_method() -> Problem {
    Problem::method("/v1/openapi.json lists the methods of each address.")
}

fn cross_site(_: tower_http::csrf::ProtectionError) -> Response {
    Problem::forbidden("This call came from another site.").into_response()
}

/// Around every call: its trace and its place in the metrics, the headers of its answer, and a problem where a library answered.
async fn around(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    let call = observe::Call::begin(&service, &mut request);
    let id = request.headers().get(headers::REQUEST_ID).cloned();
    let mut response = as_problem(next.run(request).instrument(call.span.clone()).await);
    headers::add(&service, id, &mut response);
    call.end(&service, &mut response);
    response
}

/// What a library answers without a body of ours.
fn as_problem(response: Response) -> Response {
    match response.status() {
        StatusCode::REQUEST_TIMEOUT => Problem::slow("It was not there or not answered in time.").into_response(),
        StatusCode::INTERNAL_SERVER_ERROR if response.headers().get(CONTENT_TYPE).is_none() => {
            // a session that could not be kept: its layer says no more
            Problem::unavailable("The session cannot be read or kept now.").after(10).into_response()
        }
        _ => response,
    }
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a call panicked: this is a fault of the program");
    Problem::internal("The operator of this portal finds the reason in its log.").into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use tower::ServiceExt as _;

    use super::*;
    use crate::clock::{SystemClock, SystemRandom};
    use crate::engine::{DataDir, Init, NewPerson};
    use crate::model::OrgId;

    async fn panics() -> StatusCode {
        panic!("for a test")
    }

    /// A fault of the program is an answer like every other, with a trace by which the operator finds it, and is counted.
    #[test]
    fn a_panic_is_answered() {
        let dir = tempfile::tempdir().unwrap();
        let operator: OrgId = "NL.OIN:00000099000000000000".parse().unwrap();
        let init = Init {
            operator: operator.clone(),
            name: "Portal".to_owned(),
            origin: "portal.example/log".to_owned(),
            notice: None,
            person: NewPerson {
                person: "operator".parse().unwrap(),
                organisation: operator,
                name: "The operator".to_owned(),
                function: "operator".to_owned(),
                roles: [].into(),
            },
        };
        let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
        let engine = Engine::init(&DataDir::new(dir.path().join("portal")), &init, clock, random).unwrap();
        let service = Service::new(Arc::new(engine), Config::default()).unwrap();
        let router = Arc::clone(&service).behind_layers(Router::new().route("/panics", get(panics)));
        let call = router.oneshot(Request::get("/panics").body(Body::empty()).unwrap());
        let answer = tokio::runtime::Runtime::new().unwrap().block_on(call).unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer.headers()[CONTENT_TYPE], "application/problem+json");
        for header in ["traceparent", "api-version", "content-security-policy", "cache-control"] {
            assert!(answer.headers().contains_key(header), "{header}");
        }
        let counted = service.recorder.handle().render();
        assert!(counted.contains("{method=\"GET\",route=\"/panics\",status=\"500\"} 1"), "{counted}");
    }
}
