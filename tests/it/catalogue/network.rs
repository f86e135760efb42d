//! A catalogue by its address: what is not new is not fetched, pages are followed, and nothing inside the network is asked.

use std::time::Duration;

use datadeal::engine::state::ImportSource;
use datadeal::engine::{Defaults, HARVEST, Harvested, harvest};
use datadeal::net::{Allow, Client, FileLimits, NetError};
use serde_json::json;

use super::{example, import, read_as};
use crate::story::{World, owner, reuser};
use crate::support::receiver::Receiver;

fn client() -> Client {
    Client::new(Allow::parse(["127.0.0.1"]).unwrap()).unwrap()
}

fn get(address: &str, seen: &ImportSource) -> Result<Option<Harvested>, NetError> {
    harvest(&client(), address, None, seen, HARVEST, &mut |_, _| {})
}

/// The state of a file is kept with what was applied, told to the server, and a file that is the same is not read.
#[test]
fn a_harvest_on_a_schedule() {
    let world = World::new();
    let headers = "content-type: text/turtle\r\netag: \"v1\"\r\nlast-modified: Wed, 25 Nov 2026 08:00:00 GMT\r\n";
    let server = Receiver::start([(200, headers, example("catalogue.ttl").into_bytes()), (304, "", Vec::new())]);
    let address = server.url("/catalogue");
    let defaults = import(read_as("c.ttl", "")).defaults;
    let state = |of: &World| of.engine.import_source(&address, &owner(), &defaults).unwrap();
    let seen = state(&world);
    assert_eq!(seen, ImportSource::default());
    let got = get(&address, &seen).unwrap().unwrap();
    assert_eq!(got.reading.records.len(), 5);
    let mut wanted = import(got.reading);
    (wanted.source, wanted.state) = (address.clone(), got.state);
    world.engine.apply_import(&world.actor("admin"), wanted, &mut |_, _| {}).unwrap();
    let seen = state(&world);
    // for another owner, or with other defaults, nothing of it was applied
    let of = |owner: datadeal::model::OrgId, defaults: &Defaults| {
        world.engine.import_source(&address, &owner, defaults).unwrap()
    };
    assert_eq!(of(reuser(), &defaults), ImportSource::default());
    assert_eq!(of(owner(), &Defaults::default()), ImportSource::default());
    assert_eq!(seen.etag.as_deref(), Some("\"v1\""));
    assert!(get(&address, &seen).unwrap().is_none());
    let asked = &server.seen()[1].headers;
    assert_eq!(asked.get("if-none-match").map(String::as_str), Some("\"v1\""));
    assert_eq!(asked.get("if-modified-since").map(String::as_str), Some("Wed, 25 Nov 2026 08:00:00 GMT"));
    // of what could not all be taken in, no state is kept: it is read again
    let mut broken =
        import(read_as("c.ttl", &format!("{}\n<https://example.nl/x> a dcat:Dataset .", example("catalogue.ttl"))));
    (broken.source, broken.state) =
        (address.clone(), ImportSource { etag: Some("\"v2\"".to_owned()), ..ImportSource::default() });
    let done = world.engine.apply_import(&world.actor("admin"), broken, &mut |_, _| {}).unwrap();
    assert_eq!((done.faults.len(), done.whole), (1, true));
    assert_eq!(state(&world), ImportSource::default());
}

#[test]
fn pages_of_a_search() {
    let package = |n: u32| json!({"identifier": format!("https://example.nl/{n}"), "title": "t", "notes": "n"});
    let page = |from: u32, to: u32, count: u32| {
        let results: Vec<_> = (from..to).map(package).collect();
        (
            200,
            "content-type: application/json\r\n",
            json!({"success": true, "result": {"count": count, "results": results}}).to_string().into_bytes(),
        )
    };
    // a server that gives three at once, whatever it is asked for
    let server = Receiver::start([page(0, 3, 7), page(3, 6, 7), page(6, 7, 7)]);
    let address = server.url("/api/3/action/package_search?q=x&rows=10");
    let got = get(&address, &ImportSource::default()).unwrap().unwrap();
    assert_eq!((got.reading.records.len(), got.reading.is_all()), (7, true));
    let asked: Vec<_> = server.seen().iter().map(|r| r.line.clone()).collect();
    assert!(asked[1].contains("q=x&sort=name+asc&rows=1000&start=3 "), "{asked:?}");
    // one that stops in the middle: what came is read, and nothing is taken for gone
    let server = Receiver::start([page(0, 3, 7), page(3, 3, 7)]);
    let got = get(&server.url("/api/3/action/package_search"), &ImportSource::default()).unwrap().unwrap();
    assert_eq!((got.reading.records.len(), got.reading.is_all()), (3, false));
    // and one that does not say how many there are
    let silent = json!({"success": true, "result": {"results": [package(0)]}}).to_string().into_bytes();
    let server = Receiver::start([(200, "content-type: application/json\r\n", silent)]);
    let got = get(&server.url("/api/3/action/package_search"), &ImportSource::default()).unwrap().unwrap();
    assert_eq!((got.reading.records.len(), got.reading.is_all()), (1, false));
    let server = Receiver::start([page(0, 3, 7), (500, "", Vec::new())]);
    let failed = get(&server.url("/api/3/action/package_search"), &ImportSource::default());
    assert!(matches!(failed, Err(NetError::Status { status: 500, .. })), "{failed:?}");
}

/// A server that stalls, sends too much, or sends on to an inner address.
#[test]
fn servers_that_mean_no_good() {
    let stalls = Receiver::start([(0, "", Vec::new())]);
    let limits = FileLimits { bytes: 1000, time: Duration::from_millis(200) };
    let asked = |server: &Receiver| {
        harvest(&client(), &server.url("/c.ttl"), None, &ImportSource::default(), limits, &mut |_, _| {}).unwrap_err()
    };
    assert!(matches!(asked(&stalls), NetError::Timeout { .. }));
    let floods = Receiver::start([(200, "", vec![b'#'; 2000])]);
    assert!(matches!(asked(&floods), NetError::TooLarge { limit: 1000, .. }));
    let sends_on = Receiver::start([(302, "location: http://169.254.169.254/latest/\r\n", Vec::new())]);
    assert!(matches!(asked(&sends_on), NetError::Status { status: 302, .. }));
    assert_eq!(sends_on.seen().len(), 1);
    // a state that nobody saw cannot be the same
    let same = Receiver::start([(304, "", Vec::new())]);
    assert!(matches!(asked(&same), NetError::Status { status: 304, .. }));
    let guarded = Client::new(Allow::default()).unwrap();
    for inner in ["https://127.0.0.1/c.ttl", "https://[::1]/c.ttl", "https://10.0.0.1/api/3/action/package_search"] {
        let refused = harvest(&guarded, inner, None, &ImportSource::default(), HARVEST, &mut |_, _| {});
        assert!(matches!(refused, Err(NetError::Refused { .. })), "{inner}: {refused:?}");
    }
}
