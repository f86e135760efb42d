//! A data server behind the real nginx, by the example in `docs/nginx/`: without a deal there are no data.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use datadeal::engine::DealStep;
use datadeal::model::DidKey;
use datadeal::sign::SigningKey;
use datadeal::sign::token;
use serde_json::{Value, json};

use super::http::{concluded, service};
use crate::http::server::Server;

pub(crate) struct Nginx {
    child: Child,
    address: String,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Nginx {
    /// nginx with the example's configuration, as this user; none where it is not installed, which fails on a build server.
    pub(crate) fn start(service: &str) -> Option<Nginx> {
        let program =
            ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"].into_iter().find(|p| Path::new(p).exists());
        let Some(program) = program else {
            assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "skipped: needs nginx");
            eprintln!("skipped: needs nginx");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("data");
        std::fs::create_dir(&root).unwrap();
        for file in ["pupils.csv", "nationalities.csv", "health.csv", "2025.csv", "second.csv"] {
            std::fs::write(root.join(file), format!("the data of {file}\n")).unwrap();
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/nginx/register.conf");
        let mut text = std::fs::read_to_string(example).unwrap();
        let here = [
            ("127.0.0.1:8081", address.as_str()),
            ("/srv/register", root.to_str().unwrap()),
            ("http://127.0.0.1:8080", service),
        ];
        for (from, to) in here {
            assert_eq!(text.matches(from).count(), 1, "{from}");
            text = text.replace(from, to);
        }
        std::fs::write(folder.path().join("register.conf"), text).unwrap();
        let own = folder.path().to_str().unwrap();
        let temp: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|name| format!("{name}_temp_path {own}/{name};\n"))
            .concat();
        let main = format!(
            "daemon off; master_process off; pid {own}/pid; error_log stderr notice;\nevents {{}}\n\
             http {{ access_log off; {temp} include {own}/register.conf; }}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), main).unwrap();
        let mut child = Command::new(program)
            .args(["-p", own, "-e", "stderr", "-c", &format!("{own}/nginx.conf")])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // it listens before it says by which method it waits for events
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        loop {
            let line = lines.next().unwrap_or_else(|| panic!("nginx ended: {said:?}")).unwrap();
            if line.contains("event method") {
                break;
            }
            said.push(line);
        }
        // what it says later must not fill the pipe
        std::thread::spawn(move || lines.for_each(drop));
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Some(Nginx { child, address: format!("http://{address}"), client, _folder: folder })
    }

    /// Status and body of a call for a file.
    pub(crate) fn get(&self, server: &Server, path: &str, token: Option<&str>, more: &[(&str, &str)]) -> (u16, String) {
        server.wait(async {
            let mut request = self.client.get(format!("{}{path}", self.address));
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            for (name, value) in more {
                request = request.header(*name, *value);
            }
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        })
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn education() -> Value {
    serde_json::from_str(datadeal::conditions::library::example("education").unwrap().dataset).unwrap()
}

/// A second dataset of the same owner, on which nobody has a deal.
fn second_dataset(server: &Server) {
    let mut second = education();
    (second["id"], second["slug"]) = ("https://example.nl/id/second".into(), "second".into());
    server.engine.add_datasets(&server.operator, &[serde_json::from_value(second).unwrap()]).unwrap();
}

/// No data for: no token, no deal, another dataset, another column, another edition, an expired, revoked or forged token, a suspended deal,
/// and a datadeal that is stopped; and the data for the right one.
#[test]
fn there_are_no_data_without_a_deal() {
    let mut server = service();
    let Some(nginx) = Nginx::start(&server.address) else { return };
    second_dataset(&server);
    let columns = json!(super::http::COLUMNS);
    let routes = json!([
        {"path": "/pupils.csv", "dataset": "education", "columns": columns},
        {"path": "/nationalities.csv", "dataset": "education", "columns": ["nationality"]},
        {"path": "/health.csv", "dataset": "education", "columns": ["health"]},
        {"path": "/2025.csv", "dataset": "education", "columns": ["nationality"], "edition": "2025"},
        {"path": "/second.csv", "dataset": "second", "columns": columns},
    ]);
    let audience = "https://data.example";
    let known = json!({"name": "register", "owner": super::http::OWNER, "audience": audience, "routes": routes});
    server.call("education-head", "PUT", "/v1/data-servers/register", Some(&known)).expect(200);
    let deal = concluded(&server);
    let take = |body: Value| {
        let issued = server.post("education-researcher", "/access/v1/tokens", &body).expect(201);
        issued["accessToken"].as_str().unwrap().to_owned()
    };
    let right = take(json!({"deal": deal, "server": "register"}));
    let narrow = take(json!({"deal": deal, "server": "register", "columns": ["nationality"]}));
    let given = |path: &str, token: &str| {
        let file = format!("the data of {}\n", path.trim_start_matches('/'));
        assert_eq!(nginx.get(&server, path, Some(token), &[]), (200, file), "{path}");
    };
    given("/pupils.csv", &right);
    given("/nationalities.csv", &narrow);
    given("/2025.csv", &right);

    let refused = |what: &str, status: u16, path: &str, token: Option<&str>, more: &[(&str, &str)]| {
        let (found, body) = nginx.get(&server, path, token, more);
        assert_eq!(found, status, "{what}");
        assert!(!body.contains("the data of"), "{what}: {body}");
    };
    refused("no token", 401, "/pupils.csv", None, &[]);
    refused("another dataset of the owner", 403, "/second.csv", Some(&right), &[]);
    refused("another column", 403, "/health.csv", Some(&right), &[]);
    refused("columns that the token leaves out", 403, "/pupils.csv", Some(&narrow), &[]);
    refused("an API key", 401, "/pupils.csv", Some(&server.key("education-researcher")), &[]);
    refused("another spelling", 403, "/%2e/health.csv", Some(&right), &[]);
    refused("two slashes", 403, "//pupils.csv", Some(&right), &[]);
    refused("a query", 403, "/pupils.csv?columns=health", Some(&right), &[]);
    let said = [("x-original-uri", "/pupils.csv"), ("x-forwarded-uri", "/pupils.csv"), ("x-original-method", "GET")];
    refused("headers of the caller", 403, "/health.csv", Some(&right), &said);
    refused("the question itself", 404, "/datadeal", Some(&right), &[]);

    // claims that no token of ours says: under a key of somebody else, under no key, and, as if it had leaked, under our own
    let now = server.engine.now().unix();
    let claims = json!({
        "iss": server.address, "sub": super::http::UNIVERSITY, "client_id": super::http::UNIVERSITY, "aud": audience,
        "iat": now, "exp": now + 900, "jti": "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f", "deal": deal,
        "dataset": "https://example.nl/id/second", "columns": super::http::COLUMNS, "level": "records",
    });
    let says = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        claims
    };
    let education = || education()["id"].clone();
    let stranger = SigningKey::from_seed([66; 32]);
    let forged = token::sign(&says("dataset", education()), &stranger).unwrap();
    refused("a forged token", 401, "/pupils.csv", Some(&forged), &[]);
    let (signed, _) = right.rsplit_once('.').unwrap();
    refused("no signature", 401, "/pupils.csv", Some(&format!("{signed}.")), &[]);
    let ours = access_key(&server);
    let leaked = |claims: &Value| token::sign(claims, &ours).unwrap();
    given("/pupils.csv", &leaked(&says("dataset", education())));
    refused("no deal on this dataset", 403, "/second.csv", Some(&leaked(&claims)), &[]);
    let mut other = says("dataset", education());
    (other["sub"], other["client_id"]) = ("NL.KVK:68750110".into(), "NL.KVK:68750110".into());
    refused("an organisation without a deal", 403, "/pupils.csv", Some(&leaked(&other)), &[]);
    let mut old = says("dataset", education());
    old["editions"] = json!(["2024"]);
    refused("another edition", 403, "/2025.csv", Some(&leaked(&old)), &[]);
    refused("no edition", 403, "/nationalities.csv", Some(&leaked(&old)), &[]);

    let head = server.engine.actor(&"education-head".parse().unwrap()).unwrap();
    let change = |action| server.engine.deal_step(&head, &deal, action, "misuse").unwrap().wait().unwrap();
    change(DealStep::Suspend);
    refused("suspended", 403, "/pupils.csv", Some(&right), &[]);
    change(DealStep::Resume);
    given("/pupils.csv", &right);
    server.clock.advance(900);
    refused("an expired token", 401, "/pupils.csv", Some(&right), &[]);
    let newer = take(json!({"deal": deal, "server": "register"}));
    given("/pupils.csv", &newer);
    change(DealStep::RevokeAtOnce);
    refused("revoked", 403, "/pupils.csv", Some(&newer), &[]);
    server.stop();
    let (found, body) = nginx.get(&server, "/pupils.csv", Some(&newer), &[]);
    assert_eq!((found, body.contains("the data of")), (500, false), "datadeal is stopped");
}

/// The key that signs tokens, from its file.
fn access_key(server: &Server) -> SigningKey {
    use base64::Engine as _;
    let keys = server.engine.access_keys().unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(&keys[0].x).unwrap();
    let key = DidKey::new(bytes.try_into().unwrap());
    datadeal::sign::keyfile::read(&server.engine.keys().path(&key)).unwrap()
}
