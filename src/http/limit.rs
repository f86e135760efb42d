//! How often one client may call: a token bucket for each, in this process. Several replicas allow as many times as much.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::access::FORWARD_AUTH;
use super::caller::Shown;
use super::{Problem, Service};
use crate::config::Limits;
use crate::model::{Name, OrgId};

/// What the machinery around the service asks is not counted, and a proxy's questions are where it is known whose calls they are about.
const NOT_BY_ADDRESS: [&str; 4] = ["/healthz", "/readyz", "/metrics", FORWARD_AUTH];

/// Whose calls are counted together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Client {
    /// Somebody with a credential that opens something, or who signed in.
    Person(Name),
    /// An organisation whose tokens count at a data server.
    Bearer {
        /// Which.
        organisation: OrgId,
        /// At which data server.
        server: Name,
    },
    /// Calls at data servers without such a token, by the address that asks about them.
    Tokenless(IpAddr),
    /// An address.
    Address(IpAddr),
}

/// How often somebody can ask in an hour for organisations to be added: in the 30 days that one waits, fewer than may wait in all.
const ASKING_PER_HOUR: NonZeroU32 = NonZeroU32::MIN;
/// How many at once before that counts.
const ASKING_BURST: NonZeroU32 = NonZeroU32::MIN.saturating_add(4);

/// The buckets: of all calls, and of asking for organisations to be added.
pub(super) struct Buckets {
    calls: Option<DefaultKeyedRateLimiter<Client>>,
    asking: Option<DefaultKeyedRateLimiter<Client>>,
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Buckets").field("calls", &self.calls.as_ref().map(RateLimiter::len)).finish_non_exhaustive()
    }
}

impl Buckets {
    pub(super) fn new(limits: &Limits) -> Self {
        let quota = NonZeroU32::new(limits.per_minute).zip(NonZeroU32::new(limits.burst));
        let calls = quota.map(|(minute, burst)| Quota::per_minute(minute).allow_burst(burst));
        let asking = quota.map(|_| Quota::per_hour(ASKING_PER_HOUR).allow_burst(ASKING_BURST));
        Buckets { calls: calls.map(RateLimiter::keyed), asking: asking.map(RateLimiter::keyed) }
    }

    /// Counts a call.
    ///
    /// # Errors
    /// It is one too many; it may be tried again after a while.
    pub(super) fn count(&self, client: &Client) -> Result<(), Problem> {
        take(self.calls.as_ref(), client)
    }

    /// Counts that somebody asks for an organisation to be added.
    fn count_asking(&self, client: &Client) -> Result<(), Problem> {
        take(self.asking.as_ref(), client)
    }

    /// Forgets clients whose bucket is full again.
    pub(super) fn tidy(&self) {
        self.calls.iter().chain(&self.asking).for_each(RateLimiter::retain_recent);
    }
}

fn take(bucket: Option<&DefaultKeyedRateLimiter<Client>>, client: &Client) -> Result<(), Problem> {
    let Some(bucket) = bucket else { return Ok(()) };
    bucket.check_key(client).map_err(|wait| {
        let wait = wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
        Problem::too_many(format!("Wait {wait} seconds.")).after(wait)
    })
}

/// Looks up who calls, and lets the call through or answers 429 with a wait time. Who shows a credential that opens nothing is counted
/// by address, as everybody else: guessing is limited too.
pub(super) async fn limit(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    if request.extensions().get::<MatchedPath>().is_some_and(|path| NOT_BY_ADDRESS.contains(&path.as_str())) {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    if let Some(shown) = service.shown(&parts).await {
        parts.extensions.insert(shown);
    }
    let client = client(&parts, service.config.limits.proxies);
    let asks = parts.method == Method::POST && parts.uri.path() == "/v1/registrations";
    let counted = service.buckets.count(&client);
    match counted.and_then(|()| if asks { service.buckets.count_asking(&client) } else { Ok(()) }) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

fn client(parts: &Parts, proxies: u8) -> Client {
    match parts.extensions.get() {
        Some(Shown(Ok(actor))) => Client::Person(actor.person.clone()),
        _ => Client::Address(address(parts, proxies)),
    }
}

/// The address that calls; of IPv6 the network of 64 bits, which one client has.
pub(super) fn address(parts: &Parts, proxies: u8) -> IpAddr {
    let peer = parts.extensions.get::<SocketAddr>().map(SocketAddr::ip);
    let address = forwarded(&parts.headers, proxies).or(peer).unwrap_or(IpAddr::from([0, 0, 0, 0]));
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

/// The address that the outermost of our own proxies saw: the last but `proxies` - 1 of `X-Forwarded-For`. What stands before it
/// anybody can write.
fn forwarded(headers: &HeaderMap, proxies: u8) -> Option<IpAddr> {
    let behind = usize::from(proxies).checked_sub(1)?;
    let lines = headers.get_all("x-forwarded-for").iter().map(|line| line.as_bytes());
    let all: Vec<&[u8]> = lines.flat_map(|line| line.split(|byte| *byte == b',')).collect();
    std::str::from_utf8(all.iter().rev().nth(behind)?).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    /// Whose call it is that comes from `peer`, with these lines of `X-Forwarded-For`.
    fn counted(peer: &str, lines: &[&[u8]], proxies: u8) -> String {
        let mut request = Request::builder().extension(SocketAddr::new(peer.parse().unwrap(), 4000));
        for line in lines {
            request = request.header("x-forwarded-for", *line);
        }
        let parts = request.body(Body::empty()).unwrap().into_parts().0;
        match client(&parts, proxies) {
            Client::Address(address) => address.to_string(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_address_is_one_client() {
        assert_eq!(counted("192.0.2.1", &[], 0), "192.0.2.1");
        // a listener of both families sees IPv4 as a part of IPv6
        assert_eq!(counted("::ffff:192.0.2.1", &[], 0), "192.0.2.1");
        assert_ne!(counted("::ffff:192.0.2.1", &[], 0), counted("::ffff:192.0.2.2", &[], 0));
        let one = counted("2001:db8:1:2:3:4:5:6", &[], 0);
        assert_eq!(one, "2001:db8:1:2::");
        assert_eq!(one, counted("2001:db8:1:2:ffff::1", &[], 0));
        assert_ne!(one, counted("2001:db8:1:3::1", &[], 0));
    }

    #[test]
    fn only_what_our_own_proxies_saw_is_believed() {
        let own = "10.0.0.1";
        // none of ours: whatever stands there was written by the caller
        assert_eq!(counted(own, &[b"192.0.2.7"], 0), own);
        assert_eq!(counted(own, &[b"192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(counted(own, &[b"192.0.2.9, 192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(counted(own, &[b"192.0.2.9", b"192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(counted(own, &[b"192.0.2.9, 192.0.2.7,10.0.0.2"], 2), "192.0.2.7");
        assert_eq!(counted(own, &[b"::ffff:192.0.2.7"], 1), "192.0.2.7");
        assert_eq!(counted(own, &[b"2001:db8:1:2::1"], 1), "2001:db8:1:2::");
        // what a caller wrote before it, of whatever bytes, changes nothing
        assert_eq!(counted(own, &[b"\xff\xfe, 192.0.2.7"], 1), "192.0.2.7");
        // fewer than there are proxies, or no address: the connection counts
        for lines in [&[][..], &[b"".as_slice()], &[b"unknown".as_slice()]] {
            assert_eq!(counted(own, lines, 1), own);
        }
        assert_eq!(counted(own, &[b"192.0.2.7"], 2), own);
    }
}
