//! Reading what a path names: a file, a set folder, `-` for stdin, or a built-in folder of the library or the examples; and
//! writing a file.

use std::io::Read;
use std::path::Path;

use super::CliError;
use crate::conditions::{MAX_FILE, library};
use crate::durable;
use crate::model::json::MAX_BYTES;

/// A set folder, or a single `.cedar` file.
#[derive(Debug)]
pub(super) struct SetFiles {
    /// The name of the policy file, for messages.
    pub(super) name: String,
    /// `policy.cedar`.
    pub(super) policy: String,
    /// `cases.json`, where there is one.
    pub(super) cases: Option<String>,
    /// `dataset.json`, where there is one.
    pub(super) dataset: Option<String>,
}

/// Reads at most `limit` bytes of text from a file, or from stdin for `-`.
pub(super) fn text(path: &Path, limit: usize) -> Result<String, CliError> {
    let (bytes, whole) = start(path, limit)?;
    if !whole {
        return Err(CliError::input_with_help(path.display(), format!("more than {limit} bytes"), "split it"));
    }
    String::from_utf8(bytes).map_err(|e| {
        CliError::input_with_help(
            path.display(),
            format!("not UTF-8 from byte {} on", e.utf8_error().valid_up_to()),
            "save it as UTF-8",
        )
    })
}

/// At most the first `limit` bytes of a file, or of stdin for `-`; and whether that is all of it.
pub(super) fn start(path: &Path, limit: usize) -> Result<(Vec<u8>, bool), CliError> {
    let mut bytes = Vec::new();
    let over = limit as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(over).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|f| f.take(over).read_to_end(&mut bytes))
    };
    read.map_err(|e| {
        CliError::input_with_help(path.display(), e, "give a file that exists and can be read, or `-` for stdin")
    })?;
    let whole = bytes.len() <= limit;
    bytes.truncate(limit);
    Ok((bytes, whole))
}

/// Writes a file whole or not at all; one that is there is replaced.
pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    durable::write(path, bytes)
        .map_err(|e| CliError::input_with_help(path.display(), e, "give a file in a folder that can be written"))
}

/// Reads a set: a `.cedar` file, a folder, or a folder of the library or an example by name (`no-re-identification`,
/// `policies/embargo`, `examples/education`).
pub(super) fn set(path: &Path) -> Result<SetFiles, CliError> {
    if path == Path::new("-") || path.is_file() {
        return Ok(SetFiles {
            name: path.display().to_string(),
            policy: text(path, MAX_FILE)?,
            cases: None,
            dataset: None,
        });
    }
    if path.is_dir() {
        let optional = |file: &str| {
            let path = path.join(file);
            if path.exists() { text(&path, MAX_BYTES).map(Some) } else { Ok(None) }
        };
        let policy = path.join("policy.cedar");
        return Ok(SetFiles {
            name: policy.display().to_string(),
            policy: text(&policy, MAX_FILE)?,
            cases: optional("cases.json")?,
            dataset: optional("dataset.json")?,
        });
    }
    if let Some(example) = path.strip_prefix("examples").ok().and_then(|p| library::example(p.to_str()?))
        && let Some(policy) = example.policy
    {
        return Ok(SetFiles {
            name: format!("examples/{}/policy.cedar", example.name),
            policy: policy.to_owned(),
            cases: Some(example.cases.to_owned()),
            dataset: Some(example.dataset.to_owned()),
        });
    }
    let name = path.strip_prefix("policies").unwrap_or(path).to_str().unwrap_or("");
    match library::folder(name) {
        Some(folder) => Ok(SetFiles {
            name: format!("policies/{name}/policy.cedar"),
            policy: folder.policy.to_owned(),
            cases: Some(folder.cases.to_owned()),
            dataset: None,
        }),
        None => Err(CliError::input_with_help(
            path.display(),
            "neither a file, nor a folder, nor a name of the library",
            "give a `.cedar` file, a set folder, or a library name such as `no-re-identification`",
        )),
    }
}
