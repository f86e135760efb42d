//! The guarded HTTP client: whatever address it is given, it reaches the public internet and what is allowed, nothing else.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datadeal::net::{Allow, Client, Found, Lookup, MAX_ANSWER, NetError};

use crate::support::receiver::Receiver;

fn client(allow: &[&str]) -> Client {
    Client::new(Allow::parse(allow.iter().copied()).unwrap()).unwrap()
}

/// A name service that answers from a list, one answer a question; the last one stays.
#[derive(Debug)]
struct Told(Vec<Vec<IpAddr>>, AtomicUsize);

impl Told {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let answers = answers.iter().map(|a| a.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
        Arc::new(Told(answers, AtomicUsize::new(0)))
    }
}

impl Lookup for Told {
    fn lookup(&self, _: &str) -> Found {
        let at = self.1.fetch_add(1, Ordering::Relaxed).min(self.0.len() - 1);
        let found = self.0[at].clone();
        Box::pin(async move { Ok(found) })
    }
}

fn with_lookup(allow: &[&str], lookup: Arc<Told>) -> Client {
    Client::with_lookup(Allow::parse(allow.iter().copied()).unwrap(), lookup).unwrap()
}

/// Every way of writing an inner address, and every other trick within the text of an address.
#[test]
fn addresses_that_are_never_asked() {
    let client = client(&[]);
    let refused = [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.0x1/",
        "https://017700000001/",
        "https://127.0.0.1./",
        "https://１２７.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0/",
        "https://192.0.2.1/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::10.0.0.1]/",
        "https://[2002:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[ff02::1]/",
        "https://[2001:db8::1]/",
        "https://[::127.0.0.1]/",
    ];
    for address in refused {
        let error = client.address(address).unwrap_err();
        assert!(matches!(error, NetError::Refused { .. }), "{address}: {error}");
    }
    let wrong = [
        "http://example.nl/",
        "file:///etc/passwd",
        "ftp://example.nl/",
        "gopher://example.nl/",
        "data:text/plain,x",
        "javascript:alert(1)",
        "unix:/run/x.sock",
        "https://user@example.nl/",
        "https://user:secret@example.nl/",
        "https://:secret@example.nl/",
        "https://example.nl@127.0.0.1/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://",
        "https:///",
        "//example.nl/",
        "example.nl",
        "",
        "https://exa mple.nl/",
        "https://256.0.0.1/",
        "https://127.0.0.1%00.example.nl/",
    ];
    for address in wrong {
        let error = client.address(address).unwrap_err();
        assert!(matches!(error, NetError::Address { .. }), "{address}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    for address in
        ["https://example.nl/hook?x=1", "https://93.184.216.34/", "https://[2606:4700::1]:8443/a", "HTTPS://EXAMPLE.NL"]
    {
        client.address(address).unwrap();
    }
}

/// An allowed host or address may be asked, also over http; what is beside it may not.
#[tokio::test]
async fn what_is_allowed_is_reached() {
    let receiver = Receiver::start([(200, "", b"hello".to_vec()), (200, "", b"again".to_vec()), (404, "", Vec::new())]);
    let url = receiver.url("/list?secret=1");
    let error = client(&[]).fetch(&url).await.unwrap_err();
    assert!(matches!(error, NetError::Refused { .. }), "{error}");
    assert!(client(&["127.0.0.2"]).fetch(&url).await.is_err());
    assert_eq!(receiver.seen().len(), 0);

    assert_eq!(client(&["127.0.0.0/8"]).fetch(&url).await.unwrap(), b"hello");
    let named = with_lookup(&["hooks.internal"], Told::new(&[&["127.0.0.1"]]));
    let by_name = format!("http://hooks.internal:{}/list", receiver.at.port());
    assert_eq!(named.fetch(&by_name).await.unwrap(), b"again");
    let error = named.fetch(&by_name).await.unwrap_err();
    assert_eq!(error, NetError::Status { host: "http://hooks.internal".to_owned(), status: 404 });
    let seen = receiver.seen();
    assert_eq!(seen[0].line, "GET /list?secret=1 HTTP/1.1");
    assert!(seen.iter().all(|r| !r.headers.contains_key("cookie") && !r.headers.contains_key("referer")));
}

/// A name is judged by the addresses that the connection is made with: one that is asked first and says another thing later gains
/// nothing, and one inner address among public ones refuses the host.
#[tokio::test]
async fn a_name_that_turns_inward_is_refused() {
    let receiver = Receiver::start([]);
    let url = format!("https://rebind.example:{}/", receiver.at.port());
    for answers in
        [&[&["127.0.0.1"][..]][..], &[&["1.1.1.1", "127.0.0.1"]], &[&["::ffff:10.0.0.1"]], &[&["169.254.169.254"]]]
    {
        let client = with_lookup(&[], Told::new(answers));
        client.address(&url).unwrap();
        let error = client.fetch(&url).await.unwrap_err();
        assert!(matches!(error, NetError::Refused { .. }), "{answers:?}: {error}");
    }
    // public at first (an address of this test that is allowed stands for it), inner the next time
    let lookup = Told::new(&[&["127.0.0.1"], &["10.0.0.1"]]);
    let client = with_lookup(&["127.0.0.1"], Arc::clone(&lookup));
    assert!(matches!(client.fetch(&url).await.unwrap_err(), NetError::Failed { .. }), "it speaks no TLS");
    assert!(matches!(client.fetch(&url).await.unwrap_err(), NetError::Refused { .. }));
    assert_eq!(lookup.1.load(Ordering::Relaxed), 2, "no connection is kept, so each is judged");
    let nobody = with_lookup(&[], Told::new(&[&[]]));
    assert_eq!(nobody.fetch(&url).await.unwrap_err(), NetError::Unknown { host: "rebind.example".to_owned() });
}

/// A redirect is never followed, wherever it leads.
#[tokio::test]
async fn redirects_lead_nowhere() {
    let inner = Receiver::start([]);
    let to = format!("location: {}\r\n", inner.url("/admin")).leak();
    let statuses = [301, 302, 303, 307, 308];
    let outer = Receiver::start(statuses.map(|status| (status, &*to, Vec::new())));
    for status in statuses {
        let error = client(&["127.0.0.1"]).fetch(&outer.url("/")).await.unwrap_err();
        assert_eq!(error, NetError::Status { host: "http://127.0.0.1".to_owned(), status });
    }
    assert_eq!((outer.seen().len(), inner.seen().len()), (5, 0));
}

/// An endless answer is not read to its end, and one that breaks off is no answer.
#[tokio::test]
async fn answers_have_an_end() {
    let whole = vec![b'a'; MAX_ANSWER];
    let receiver = Receiver::start([(200, "", whole), (200, "", vec![b'a'; MAX_ANSWER + 1])]);
    let client = client(&["127.0.0.1"]);
    assert_eq!(client.fetch(&receiver.url("/")).await.unwrap().len(), MAX_ANSWER);
    let error = client.fetch(&receiver.url("/")).await.unwrap_err();
    assert!(matches!(error, NetError::TooLarge { .. }), "{error}");
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = client.fetch(&format!("http://{closed}/?token=secret")).await.unwrap_err();
    assert!(matches!(error, NetError::Failed { .. }) && !error.to_string().contains("secret"), "{error}");
}

/// The same client serves a thread that waits, inside a runtime too.
#[tokio::test]
async fn a_thread_may_wait() {
    let receiver = Receiver::start([(200, "", b"one".to_vec()), (200, "", b"two".to_vec())]);
    let client = client(&["127.0.0.1"]);
    assert_eq!(client.fetch_now(&receiver.url("/")).unwrap(), b"one");
    assert_eq!(client.fetch(&receiver.url("/")).await.unwrap(), b"two");
}
