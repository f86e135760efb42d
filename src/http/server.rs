//! The listener: HTTP/1.1, so many connections at once, limits on how slowly a head may come and an answer may be read, and an end that
//! lets calls under way finish.

use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep};
use tower::ServiceExt as _;

use crate::config::Limits;

/// How long the head of a request may take, and how long a connection may wait for one.
const HEAD: Duration = Duration::from_secs(10);
/// How long calls under way may take once the end is asked for.
const LAST_CALLS: Duration = Duration::from_secs(20);

/// Serves until `end`, then lets calls under way finish. When all places are taken, the next connection waits to be accepted; each of
/// those that hold a place gives it back in time, since none may be slow for long.
pub(super) async fn serve(listener: TcpListener, router: Router, limits: &Limits, end: impl Future<Output = ()>) {
    let (calls, mut end) = (GracefulShutdown::new(), pin!(end));
    let (places, patience) = (Arc::new(Semaphore::new(limits.connections)), Duration::from_secs(limits.seconds));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = &mut end => break,
        };
        match accepted {
            (Ok(place), Ok((stream, peer))) => converse(stream, peer, router.clone(), patience, place, &calls),
            // nobody closes the places
            (Err(_), _) => break,
            // too many open files, or a client that left: the next one may fare better
            (_, Err(error)) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_CALLS, calls.shutdown()).await.is_err() {
        tracing::warn!("some calls did not end in time");
    }
}

fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    patience: Duration,
    place: OwnedSemaphorePermit,
    calls: &GracefulShutdown,
) {
    // an answer is written at once: nothing is gained by waiting for more
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD.min(patience))
        .serve_connection(TokioIo::new(Patient { stream, patience, until: None }), TowerToHyperService::new(service));
    let watched = calls.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            tracing::debug!(%error, "a connection ended badly");
        }
        drop(place);
    });
}

/// A connection that ends when its peer takes nothing of what is written to it for too long.
struct Patient {
    stream: TcpStream,
    patience: Duration,
    /// When patience ends, while a write waits.
    until: Option<Pin<Box<Sleep>>>,
}

impl Patient {
    fn in_time<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.until = None;
            return written;
        }
        let patience = self.patience;
        ready!(self.until.get_or_insert_with(|| Box::pin(sleep(patience))).as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl AsyncWrite for Patient {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.in_time(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
