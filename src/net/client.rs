//! The one HTTP client. It reaches the public internet and what the operator allows, nothing else, whatever a name resolves to.

use std::error::Error as _;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Method, Request, Url};

use super::address::{Allow, special};
use super::{Answer, NetError};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a whole exchange may take.
const EXCHANGE: Duration = Duration::from_secs(15);
/// No answer is read further, in bytes.
pub const MAX_ANSWER: usize = 1 << 20;

/// Addresses of a host, as they are looked up.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Says which addresses a host has. The system's resolver outside tests.
pub trait Lookup: Send + Sync + fmt::Debug {
    /// The addresses of a host.
    fn lookup(&self, host: &str) -> Found;
}

/// The resolver of the operating system.
#[derive(Debug, Clone, Copy, Default)]
struct SystemLookup;

impl Lookup for SystemLookup {
    fn lookup(&self, host: &str) -> Found {
        let host = host.to_owned();
        Box::pin(async move { Ok(tokio::net::lookup_host((host, 0)).await?.map(|a| a.ip()).collect()) })
    }
}

/// The resolver that connections are made by: it gives an address only after it was judged, so a name that says one address when asked
/// and another when connected to (DNS rebinding) gains nothing. One address that may not be reached refuses the host.
#[derive(Debug)]
struct Guarded {
    allow: Arc<Allow>,
    lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (allow, host) = (Arc::clone(&self.allow), name.as_str().to_owned());
        let looked_up = self.lookup.lookup(&host);
        Box::pin(async move {
            let addresses = looked_up.await.map_err(|_| NetError::Unknown { host: host.clone() })?;
            if addresses.is_empty() {
                return Err(NetError::Unknown { host }.into());
            }
            if !allow.host(&host) {
                addresses.iter().try_for_each(|a| judge(&allow, &host, *a))?;
            }
            Ok(Box::new(addresses.into_iter().map(|a| SocketAddr::new(a, 0))) as Addrs)
        })
    }
}

/// Whether an address may be reached.
fn judge(allow: &Allow, host: &str, address: IpAddr) -> Result<(), NetError> {
    match special(address) {
        Some(range) if !allow.address(address) => Err(NetError::Refused { host: host.to_owned(), address, range }),
        _ => Ok(()),
    }
}

/// A guarded HTTP client. Cloning shares it.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    allow: Arc<Allow>,
}

impl Client {
    /// A client that reaches the public internet and what is allowed beside it.
    ///
    /// # Errors
    /// The TLS library does not start.
    pub fn new(allow: Allow) -> Result<Self, NetError> {
        Self::with_lookup(allow, Arc::new(SystemLookup))
    }

    /// The same, with a resolver that is given.
    ///
    /// # Errors
    /// The TLS library does not start.
    pub fn with_lookup(allow: Allow, lookup: Arc<dyn Lookup>) -> Result<Self, NetError> {
        let allow = Arc::new(allow);
        let inner = reqwest::Client::builder()
            .dns_resolver(Arc::new(Guarded { allow: Arc::clone(&allow), lookup }))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("datadeal/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(EXCHANGE)
            // each exchange is judged anew, and the client is not bound to the runtime that used it first
            .pool_max_idle_per_host(0)
            .build()
            .map_err(|e| NetError::Failed { host: String::new(), why: reason(&e) })?;
        Ok(Client { inner, allow })
    }

    /// Reads an address that may be asked: https (or http to a host that is allowed by name or address), no user or password in it, and
    /// if it names an address, a public or allowed one. Names are judged when they are resolved.
    ///
    /// # Errors
    /// [`NetError::Address`] or [`NetError::Refused`], with the reason.
    pub fn address(&self, text: &str) -> Result<Url, NetError> {
        let wrong = |why: &str| NetError::Address { address: shown(text), why: why.to_owned() };
        let url = Url::parse(text).map_err(|e| wrong(&e.to_string()))?;
        self.judge(&url)?;
        Ok(url)
    }

    fn judge(&self, url: &Url) -> Result<(), NetError> {
        let wrong = |why: &str| NetError::Address { address: shown(url.as_str()), why: why.to_owned() };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("it holds a user name or password"));
        }
        let host = url.host_str().unwrap_or_default();
        // `Url` has turned every spelling of an IPv4 address (decimal, octal, hexadecimal, short) into this one
        let address = match url.host() {
            Some(url::Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(url::Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(url::Host::Domain(_)) => None,
            None => return Err(wrong("it names no host")),
        };
        if let Some(address) = address {
            judge(&self.allow, host, address)?;
        }
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow.host(host) || address.is_some_and(|a| self.allow.address(a)) => Ok(()),
            "http" => Err(wrong("it begins with http:, which anyone on the way can read and change")),
            _ => Err(wrong("it does not begin with https:")),
        }
    }

    /// What is at an address, at most [`MAX_ANSWER`] bytes.
    ///
    /// # Errors
    /// The address may not be asked, does not answer in time, answers with another status than 200, or with too much.
    pub async fn fetch(&self, address: &str) -> Result<Vec<u8>, NetError> {
        let answer = self.send(Request::new(Method::GET, self.address(address)?)).await?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(NetError::Status { host: shown(address), status }),
        }
    }

    /// The same, from a thread that may wait, within a runtime or not.
    ///
    /// # Errors
    /// As [`Client::fetch`].
    pub fn fetch_now(&self, address: &str) -> Result<Vec<u8>, NetError> {
        now(address, self.fetch(address))
    }

    /// One exchange. A redirect is an answer like any other: it is never followed.
    pub(super) async fn send(&self, request: Request) -> Result<Answer, NetError> {
        self.send_within(request, MAX_ANSWER).await
    }

    /// The same with an answer of at most so many bytes.
    pub(super) async fn send_within(&self, request: Request, limit: usize) -> Result<Answer, NetError> {
        self.judge(request.url())?;
        let host = shown(request.url().as_str());
        let failed = |e: reqwest::Error| told(&host, &e);
        let mut response = self.inner.execute(request).await.map_err(failed)?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > limit {
                return Err(NetError::TooLarge { host, limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body })
    }
}

/// Waits for an exchange on a thread of its own: a runtime may not be started on a thread that has one.
pub(super) fn now<T: Send>(
    address: &str,
    exchange: impl Future<Output = Result<T, NetError>> + Send,
) -> Result<T, NetError> {
    let failed = |why: &str| NetError::Failed { host: shown(address), why: why.to_owned() };
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map_err(|e| failed(&e.to_string()))?.block_on(exchange)
        });
        thread.join().map_err(|_| failed("the thread that asked ended early"))?
    })
}

/// An address as errors show it: scheme and host, never a path or query, where secrets stand.
pub(super) fn shown(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => match url.host_str() {
            Some(host) => format!("{}://{host}", url.scheme()),
            None => format!("{}:", url.scheme()),
        },
        Err(_) => "that is none".to_owned(),
    }
}

/// What went wrong: our own refusal where the chain of causes holds one.
fn told(host: &str, error: &reqwest::Error) -> NetError {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(own) = inner.downcast_ref::<NetError>() {
            return own.clone();
        }
        cause = inner.source();
    }
    if error.is_timeout() {
        return NetError::Timeout { host: host.to_owned() };
    }
    NetError::Failed { host: host.to_owned(), why: reason(error) }
}

/// The innermost cause, which says most; never the address.
fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(next) = inner.source() {
        inner = next;
    }
    if inner.is::<reqwest::Error>() { "the exchange broke off".to_owned() } else { inner.to_string() }
}
