//! A small HTTP server on a free port of this machine: it keeps what it was sent and answers as told.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// What was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// An answer: status, headers as lines, body. Status 0: none.
pub(crate) type Reply = (u16, &'static str, Vec<u8>);

/// The server. Its thread ends with the program.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    pub(crate) at: SocketAddr,
    seen: Arc<(Mutex<Vec<Received>>, Condvar)>,
    replies: Arc<Mutex<Vec<Reply>>>,
}

impl Receiver {
    /// Starts it. It answers 204 once its replies are used up.
    pub(crate) fn start(replies: impl IntoIterator<Item = Reply>) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        let receiver = Receiver {
            at: listener.local_addr().unwrap(),
            seen: Arc::default(),
            replies: Arc::new(Mutex::new(replies)),
        };
        let own = receiver.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                _ = own.serve(stream);
            }
        });
        receiver
    }

    /// Adds an answer after those that are still to be given.
    pub(crate) fn then(&self, reply: Reply) {
        self.replies.lock().unwrap().insert(0, reply);
    }

    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut headers = BTreeMap::new();
        loop {
            let mut header = String::new();
            reader.read_line(&mut header)?;
            let Some((name, value)) = header.trim().split_once(": ") else { break };
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
        let length = headers.get("content-length").map_or(0, |l| l.parse().unwrap());
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        self.seen.0.lock().unwrap().push(Received { line: line.trim().to_owned(), headers, body });
        self.seen.1.notify_all();
        let (status, headers, body) = self.replies.lock().unwrap().pop().unwrap_or((204, "", Vec::new()));
        if status == 0 {
            // it keeps the caller waiting
            std::mem::forget(stream);
            return Ok(());
        }
        let head =
            format!("HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes())?;
        stream.write_all(&body)
    }

    /// Everything that was received so far.
    pub(crate) fn seen(&self) -> Vec<Received> {
        self.seen.0.lock().unwrap().clone()
    }

    /// The same, once there is so much of it: for what a service sends by itself. It never comes if this takes half a minute.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        let seen = self.seen.0.lock().unwrap();
        let few = |seen: &mut Vec<Received>| seen.len() < count;
        let (seen, late) = self.seen.1.wait_timeout_while(seen, Duration::from_secs(30), few).unwrap();
        assert!(!late.timed_out(), "{} of {count} came", seen.len());
        seen.clone()
    }

    /// Its address.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }
}
