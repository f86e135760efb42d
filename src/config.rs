//! What the service is started with: defaults, then a TOML file, then the environment (`DATADEAL_SERVE_...`). An error names the
//! value, and where it came from. `docs/configuration.md` lists every value.

use std::net::SocketAddr;
use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Names in the environment begin with this; two underscores part a table from its value: `DATADEAL_SERVE_LIMITS__PER_MINUTE`.
pub const ENVIRONMENT: &str = "DATADEAL_SERVE_";

/// The configuration of the service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen. TLS is ended by a proxy in front.
    pub listen: SocketAddr,
    /// The address by which others reach the service, without a slash at the end: for documents, tokens and sign-in.
    pub address: String,
    /// The mail address of whoever answers for the API, for its documents; without one `postmaster` at the host of `address`, which every
    /// host has (RFC 2142).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How much is allowed.
    #[serde(default)]
    pub limits: Limits,
    /// The program's own log.
    #[serde(default)]
    pub tracing: Tracing,
    /// Which addresses inside the own network may be reached.
    #[serde(default)]
    pub outgoing: Outgoing,
    /// A register of organisations as a file, which is asked about their facts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<std::path::PathBuf>,
    /// Witnesses whose cosignatures of the log are taken: their keys, as `witness new` printed them.
    #[serde(default)]
    pub witnesses: Vec<String>,
    /// Who signs people in; without it only API keys are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sign_in: Option<SignIn>,
    /// How mail leaves; without it a mail to somebody becomes a task of who sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Mail>,
}

/// How mail leaves: by a server, or into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Who writes: an address, or `Name <address>`.
    pub from: String,
    /// The mail server: `smtps://mail.example.nl`, or `smtp://mail.example.nl?tls=required` for STARTTLS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// As whom to log in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// A file with the password, for this user only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<std::path::PathBuf>,
    /// A folder in which each mail becomes a file, in place of a server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<std::path::PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            address: "http://127.0.0.1:8080".to_owned(),
            contact: None,
            limits: Limits::default(),
            tracing: Tracing::default(),
            outgoing: Outgoing::default(),
            register: None,
            witnesses: Vec::new(),
            sign_in: None,
            mail: None,
        }
    }
}

/// How much is allowed, of one client and of one call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Calls of one client in a minute, once its burst is used up. A client is a person who is known, the bearer of a token at a data
    /// server, or else an address. 0: no limit.
    pub per_minute: u32,
    /// Calls at once before `per_minute` counts.
    pub burst: u32,
    /// The largest body of a call, in bytes.
    pub body_bytes: usize,
    /// How long one call may take, in seconds, with the sending of its body; who reads nothing of its answer for so long is cut off.
    pub seconds: u64,
    /// Connections at once; the next one waits until another ends. Stay below the number of files that the program may open.
    pub connections: usize,
    /// The number of proxies in front that add to `X-Forwarded-For`; 0: the address of the connection is the client's.
    pub proxies: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { per_minute: 600, burst: 120, body_bytes: 1 << 20, seconds: 30, connections: 512, proxies: 0 }
    }
}

/// The program's own log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tracing {
    /// `text` for people, `json` for machines.
    pub format: TracingFormat,
    /// Which lines, as `tracing` filters are written: `info`, `datadeal=debug`.
    pub filter: String,
}

impl Default for Tracing {
    fn default() -> Self {
        Tracing { format: TracingFormat::Text, filter: "info".to_owned() }
    }
}

/// Connections that the service makes itself: to sign-in providers, webhooks, status lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Outgoing {
    /// Hosts, addresses and ranges that may be reached though they are not public: `idp.intra.example`, `10.1.2.3`, `10.1.0.0/16`.
    pub allow: Vec<String>,
}

/// How lines of the program's log are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TracingFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// An OpenID Provider that signs people in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Its issuer identifier; the discovery document is below it.
    pub issuer: String,
    /// What it knows this service as.
    pub client_id: String,
    /// A file with the client's secret, for this user only; without one the client is public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_secret_file: Option<std::path::PathBuf>,
    /// Scopes that are asked for beside `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim that holds the organisation, as `NL.KVK:69599084`; without one, people are known by `person add` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation_claim: Option<String>,
    /// The levels of assurance (`acr`) that are accepted; none: any.
    #[serde(default)]
    pub levels: Vec<String>,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ConfigError {
    /// A value is missing, unknown or of another type.
    #[error("{}", said(.0))]
    #[diagnostic(code(config::value), help("docs/configuration.md lists every value with its default"))]
    Values(Box<figment::Error>),
    /// A value that cannot be.
    #[error("the value `{key}` {why} (from {origin})")]
    #[diagnostic(code(config::wrong), help("docs/configuration.md lists every value with its default"))]
    Wrong {
        /// Which.
        key: &'static str,
        /// What is wrong with it.
        why: String,
        /// Where it came from.
        origin: String,
    },
    /// The file that was named is not there.
    #[error("there is no configuration file `{0}`")]
    #[diagnostic(code(config::file), help("name one that is there with --config, or leave it out"))]
    NoFile(String),
}

/// Every fault with its place, one a line.
fn said(error: &figment::Error) -> String {
    let one = |e: figment::Error| {
        let place = e.metadata.as_ref().map_or_else(|| "the program".to_owned(), origin);
        let key = e.path.join(".");
        let key = if key.is_empty() { String::new() } else { format!("the value `{key}`: ") };
        format!("{key}{} (from {place})", e.kind)
    };
    error.clone().into_iter().map(one).collect::<Vec<_>>().join("\n")
}

fn origin(metadata: &figment::Metadata) -> String {
    match &metadata.source {
        Some(source) => format!("{} {source}", metadata.name),
        None => metadata.name.to_string(),
    }
}

/// Where each value came from.
#[derive(Debug, Clone)]
pub struct Origins(Figment);

impl Origins {
    /// An error about a value, which says where the value came from.
    #[must_use]
    pub fn wrong(&self, key: &'static str, why: String) -> ConfigError {
        let origin = self.0.find_metadata(key).map_or_else(|| "the program".to_owned(), origin);
        ConfigError::Wrong { key, why, origin }
    }
}

impl Config {
    /// The configuration of a file, if one is given, and of the environment, which counts for more.
    ///
    /// # Errors
    /// A value that is unknown, of another type or cannot be, with where it came from.
    pub fn load(file: Option<&Path>) -> Result<(Self, Origins), ConfigError> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(ConfigError::NoFile(file.display().to_string()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        let figment = figment.merge(Env::prefixed(ENVIRONMENT).split("__"));
        let config: Config = figment.extract().map_err(|e| ConfigError::Values(Box::new(e)))?;
        let origins = Origins(figment);
        match config.wrong() {
            Some((key, why)) => Err(origins.wrong(key, why)),
            None => Ok((config, origins)),
        }
    }

    /// The first value that cannot be, and why.
    fn wrong(&self) -> Option<(&'static str, String)> {
        let address = match url::Url::parse(&self.address) {
            Ok(address) => address,
            Err(e) => return Some(("address", format!("is no address: {e}"))),
        };
        let web = matches!(address.scheme(), "http" | "https");
        if !web || self.address.ends_with('/') || address.query().is_some() {
            return Some(("address", "is not like `https://deals.example.nl`, without a slash at the end".to_owned()));
        }
        let mail =
            |contact: &String| contact.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
        if !self.contact.as_ref().is_none_or(mail) {
            return Some(("contact", "is no mail address".to_owned()));
        }
        let (key, why) = match &self.limits {
            l if l.per_minute > 0 && l.burst == 0 => ("limits.burst", "is 0, so that no call would be answered"),
            l if l.body_bytes == 0 || l.body_bytes > crate::model::json::MAX_BYTES => {
                ("limits.body_bytes", "is not from 1 to 4194304")
            }
            l if l.seconds == 0 => ("limits.seconds", "is 0, so that no call would be answered"),
            l if l.connections == 0 => ("limits.connections", "is 0, so that no call would be answered"),
            _ => return None,
        };
        Some((key, why.to_owned()))
    }

    /// The mail address of whoever answers for the API.
    #[must_use]
    pub fn contact(&self) -> String {
        let host = || url::Url::parse(&self.address).ok().and_then(|url| url.host_str().map(str::to_owned));
        self.contact.clone().unwrap_or_else(|| format!("postmaster@{}", host().unwrap_or_default()))
    }

    /// Whether others reach the service by TLS: then cookies are for TLS only, and browsers are told to stay with it.
    #[must_use]
    pub fn by_tls(&self) -> bool {
        self.address.starts_with("https://")
    }
}
