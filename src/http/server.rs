//! The listener: HTTP/1.1, a limit on how slowly a head may come, and an end that lets calls under way finish.

use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt as _;

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// How long calls under way may take once the end is asked for.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// Serves until `end`, then lets calls under way finish.
pub(super) async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let (calls, mut end) = (GracefulShutdown::new(), pin!(end));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut end => break,
        };
        match accepted {
            Ok((stream, peer)) => converse(stream, peer, router.clone(), &calls),
            // too many open files, or a client that left: the next one may fare better
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_CALLS, calls.shutdown()).await.is_err() {
        tracing::warn!("some calls did not end in time");
    }
}

fn converse(stream: TcpStream, peer: SocketAddr, router: Router, calls: &GracefulShutdown) {
    // an answer is written at once: nothing is gained by waiting for more
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let watched = calls.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended badly");
        }
    });
}
