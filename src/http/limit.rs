//! How often one client may call: a token bucket for each, in this process. Several replicas allow as many times as much.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::caller::Shown;
use super::{Problem, Service};
use crate::config::Limits;
use crate::model::Name;

/// Whose calls are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Client {
    /// Somebody with a credential that opens something.
    Person(Name),
    /// An address; of IPv6 the network of 64 bits, which one client has.
    Address(IpAddr),
}

/// The buckets.
pub(super) struct Buckets(Option<DefaultKeyedRateLimiter<Client>>);

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Buckets").field(&self.0.as_ref().map(RateLimiter::len)).finish()
    }
}

impl Buckets {
    pub(super) fn new(limits: &Limits) -> Self {
        let quota = NonZeroU32::new(limits.per_minute).zip(NonZeroU32::new(limits.burst));
        Buckets(quota.map(|(minute, burst)| RateLimiter::keyed(Quota::per_minute(minute).allow_burst(burst))))
    }

    /// Forgets clients whose bucket is full again.
    pub(super) fn tidy(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
        }
    }
}

/// Looks up who calls, and lets the call through or answers 429 with a wait time. Who shows a credential that opens nothing is counted
/// by address, as everybody else: guessing is limited too.
pub(super) async fn limit(State(service): State<Arc<Service>>, mut request: Request, next: Next) -> Response {
    if let Some(shown) = service.shown(request.headers()) {
        request.extensions_mut().insert(shown);
    }
    if let Some(limiter) = &service.buckets.0
        && let Err(wait) = limiter.check_key(&client(&request, service.config.limits.proxies))
    {
        let wait = wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        return Problem::too_many(format!("Wait {wait} seconds.")).after(wait).into_response();
    }
    next.run(request).await
}

fn client(request: &Request, proxies: u8) -> Client {
    if let Some(Shown(Ok(actor))) = request.extensions().get() {
        return Client::Person(actor.person.clone());
    }
    let peer = request.extensions().get::<SocketAddr>().map(SocketAddr::ip);
    let address = forwarded(request, proxies).or(peer).unwrap_or(IpAddr::from([0, 0, 0, 0]));
    Client::Address(match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    })
}

/// The address that the outermost of our own proxies saw: the last but `proxies` - 1 of `X-Forwarded-For`. What stands before it
/// anybody can write.
fn forwarded(request: &Request, proxies: u8) -> Option<IpAddr> {
    let behind = usize::from(proxies).checked_sub(1)?;
    let lines = request.headers().get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
    let all: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    all.iter().rev().nth(behind)?.parse().ok()
}
