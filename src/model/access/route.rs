//! Data servers: who they are for tokens, and which data each of their addresses stands for. What is not understood stands for nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::model::{Name, OrgId, Time};

/// The longest address that is read, in bytes.
const MAX_ADDRESS: usize = 8192;

/// A server that holds data of an owner, and asks before it gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataServer {
    /// Its short name.
    pub name: Name,
    /// Whose data it holds.
    pub owner: OrgId,
    /// The audience of tokens for it: its address.
    #[schema(min_length = 1, max_length = 2048)]
    pub audience: String,
    /// Which data its addresses stand for; the longest path that fits counts.
    #[serde(default)]
    pub routes: Vec<ServerRoute>,
}

/// An address of a data server, and the data that it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServerRoute {
    /// A path, or with `/*` at its end all paths below it.
    #[schema(min_length = 1, max_length = 2048)]
    pub path: String,
    /// The dataset, by IRI or slug.
    #[schema(min_length = 1, max_length = 2048)]
    pub dataset: String,
    /// The columns that it gives; none named: all of them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub columns: BTreeSet<String>,
    /// The key of the query that names the columns, with commas between them; without it in an address: all of `columns`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns_key: Option<String>,
    /// Other keys that the query may have, since they do not change which columns are given.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub keys: BTreeSet<String>,
    /// The level of the data; `records` if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The edition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Data from this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_from: Option<Time>,
    /// Data before this instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_until: Option<Time>,
}

/// The data that an address stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aimed<'a> {
    /// The route that fits.
    pub route: &'a ServerRoute,
    /// The columns; none named: all of them.
    pub columns: BTreeSet<String>,
}

impl DataServer {
    /// What is wrong with its routes, if something is.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let mut paths = BTreeSet::new();
        for route in &self.routes {
            let path = route.path.strip_suffix("/*").unwrap_or(&route.path);
            let plain = path.is_empty() && route.path == "/*" || plain_path(path).as_deref() == Some(path);
            if !plain || path.contains('*') {
                return Some(format!("`{}` is no plain path that begins with a slash", route.path));
            }
            if !paths.insert(&route.path) {
                return Some(format!("the path `{}` stands twice", route.path));
            }
            let twice = |key: &String| route.keys.contains(key);
            if route.columns_key.as_ref().is_some_and(twice) {
                return Some(format!("of `{}`, `columnsKey` is also among `keys`", route.path));
            }
        }
        None
    }

    /// The data that an address of this server stands for: path and query as they were sent. None for a path that no route has, one
    /// that could be read in two ways, and a query with a key that no route knows, or one that stands twice.
    #[must_use]
    pub fn aim(&self, address: &str) -> Option<Aimed<'_>> {
        if address.len() > MAX_ADDRESS {
            return None;
        }
        let (path, query) = address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)));
        let path = plain_path(path)?;
        let fits = |route: &&ServerRoute| match route.path.strip_suffix("/*") {
            Some(above) => path.strip_prefix(above).is_some_and(|below| below.starts_with('/')),
            None => route.path == path,
        };
        // of a path and of all paths below it, the path itself is the longer text only without the star
        let route = self.routes.iter().filter(fits).max_by_key(|r| (!r.path.ends_with("/*"), r.path.len()))?;
        let columns = columns(route, query.unwrap_or_default())?;
        Some(Aimed { route, columns })
    }
}

/// The columns that the query names, within those of the route.
fn columns(route: &ServerRoute, query: &str) -> Option<BTreeSet<String>> {
    let mut pairs = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (key, value) = (decoded(key)?, decoded(value)?);
        let known = route.columns_key.as_ref() == Some(&key) || route.keys.contains(&key);
        if !known || pairs.insert(key, value).is_some() {
            return None;
        }
    }
    let named = route.columns_key.as_ref().and_then(|key| pairs.get(key));
    let Some(named) = named else { return Some(route.columns.clone()) };
    let named: BTreeSet<String> = named.split(',').map(str::to_owned).collect();
    let within = named.iter().all(|c| !c.is_empty() && (route.columns.is_empty() || route.columns.contains(c)));
    within.then_some(named)
}

/// A path in its one spelling, decoded; none if a server could read it as another one: empty, `.` or `..` parts, slashes and
/// backslashes that are encoded, control characters, what is no UTF-8.
fn plain_path(path: &str) -> Option<String> {
    let parts = path.strip_prefix('/')?;
    if parts.is_empty() {
        return Some(path.to_owned());
    }
    let mut plain = String::new();
    for part in parts.split('/') {
        let part = decoded(part)?;
        if part.is_empty() || part == "." || part == ".." || part.contains(['/', '\\', ';', '?', '#', '%']) {
            return None;
        }
        plain.push('/');
        plain.push_str(&part);
    }
    Some(plain)
}

/// A text without its percent signs. A plus stays one: in a path it is itself, and in a query nobody agrees.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' | b'#' => return None,
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.chars().any(char::is_control))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server() -> DataServer {
        let json = serde_json::json!({
            "name": "register", "owner": "NL.KVK:69599084", "audience": "https://data.example",
            "routes": [
                {"path": "/pupils.csv", "dataset": "pupils", "columns": ["year", "count"]},
                {"path": "/pupils", "dataset": "pupils", "columns": ["year", "count", "school"], "columnsKey": "select", "keys": ["page"]},
                {"path": "/files/*", "dataset": "files"},
                {"path": "/files/open/*", "dataset": "open"},
                {"path": "/files/open/one", "dataset": "one"},
            ],
        });
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn an_address_stands_for_the_longest_path_that_fits() {
        let server = server();
        assert_eq!(server.fault(), None);
        let dataset = |address: &str| server.aim(address).map(|a| a.route.dataset.clone());
        for (address, expected) in [
            ("/pupils.csv", "pupils"),
            ("/%70upils.csv", "pupils"),
            ("/files/a/b", "files"),
            ("/files/open/two", "open"),
            ("/files/open/one", "one"),
        ] {
            assert_eq!(dataset(address).as_deref(), Some(expected), "{address}");
        }
        let columns = |address: &str| server.aim(address).map(|a| a.columns.into_iter().collect::<Vec<_>>().join(","));
        assert_eq!(columns("/pupils").as_deref(), Some("count,school,year"));
        assert_eq!(columns("/pupils?select=year,count&page=2").as_deref(), Some("count,year"));
        assert_eq!(columns("/files/a").as_deref(), Some(""));
    }

    #[test]
    fn what_can_be_read_in_two_ways_stands_for_nothing() {
        let server = server();
        for address in [
            "",
            "pupils.csv",
            "/",
            "/PUPILS.csv",
            "/pupils.csv/",
            "//pupils.csv",
            "/files/../pupils.csv",
            "/files/%2e%2e/pupils.csv",
            "/files/./a",
            "/files/",
            "/files",
            "/filesystem/a",
            "/files%2fa",
            "/files/a%5cb",
            "/files/a\\b",
            "/files/a;v=1",
            "/files/a%00",
            "/files/%zz",
            "/files/%ff",
            "/files/a%252e",
            "/files/a#b",
            "/pupils.csv?select=year",
            "/pupils?select=year&select=count",
            "/pupils?select=pupil",
            "/pupils?select=",
            "/pupils?select=year,",
            "/pupils?Select=year",
            "/pupils?other=1",
            "/pupils?select=year+count",
            "http://data.example/pupils.csv",
        ] {
            assert_eq!(server.aim(address), None, "{address}");
        }
        assert!(server.aim(&format!("/files/{}", "a".repeat(MAX_ADDRESS))).is_none());
    }

    #[test]
    fn a_route_has_one_spelling() {
        for path in ["x", "/a/../b", "/a//b", "/a%20b", "/*/b", "/a/**", "/pupils.csv"] {
            let mut server = server();
            server.routes.push(ServerRoute { path: path.to_owned(), ..server.routes[0].clone() });
            assert!(server.fault().is_some(), "{path}");
        }
    }
}
