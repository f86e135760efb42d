//! The command line, run as people and scripts run it: the real program, in a folder of its own.

mod bad_input;
mod conditions;
mod day;
mod eligible;
mod help;
mod import;
mod search;
mod structure;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// A folder with whatever the commands made in it.
pub(crate) struct Place {
    pub(crate) dir: tempfile::TempDir,
}

/// What a command came to.
#[derive(Debug)]
pub(crate) struct Came {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) const OWNER: &str = "NL.OIN:00000099000000012000";
pub(crate) const REUSER: &str = "NL.KVK:69599084";

impl Place {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Place { dir: tempfile::tempdir().unwrap() }
    }

    /// A portal with an owner, a reuser, and the education register of the examples under its conditions.
    pub(crate) fn ready() -> Self {
        // made once, in the target folder, for a temporary one that lives as long as the tests would never be removed
        static MADE: OnceLock<PathBuf> = OnceLock::new();
        let made = MADE.get_or_init(|| {
            let place = Place::new();
            place.copy("education");
            for line in READY.lines().filter(|l| !l.is_empty()) {
                let came = place.run(&words(line));
                assert_eq!(came.code, 0, "{line}\n{came:?}");
            }
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-ready");
            let _ = std::fs::remove_dir_all(&kept);
            copy(place.dir.path(), &kept);
            kept
        });
        let place = Place::new();
        copy(made, place.dir.path());
        place
    }

    /// Copies the folder of an example.
    pub(crate) fn copy(&self, example: &str) {
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(example), &self.dir.path().join(example));
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datadeal"));
        command.current_dir(self.dir.path());
        for name in ["DATADEAL_DATA", "DATADEAL_LANG", "DATADEAL_AS", "COLUMNS", "RUST_LOG"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, words: &[String]) -> Came {
        self.run_with(words, "")
    }

    /// Runs with a text on stdin.
    pub(crate) fn run_with(&self, words: &[String], stdin: &str) -> Came {
        let mut command = self.command();
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // a command that reads no stdin closes it
        let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Came {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs each line, and tells it as a terminal would show it.
    pub(crate) fn transcript(&self, lines: &str) -> String {
        let mut told = String::new();
        for line in lines.lines().map(str::trim).filter(|l| !l.is_empty()) {
            let came = self.run(&words(line));
            assert!(!came.err.contains("panicked"), "{line}\n{}", came.err);
            let _ = write!(told, "$ datadeal {line}\n{}{}", came.out, came.err);
            let _ = writeln!(told, "[exit {}]\n", came.code);
        }
        told
    }

    /// Runs a line with `--json`: one object, with the exit code in it.
    pub(crate) fn json(&self, line: &str) -> Value {
        let mut all = words(line);
        all.push("--json".to_owned());
        let came = self.run(&all);
        let value: Value = serde_json::from_str(&came.out).unwrap_or_else(|e| panic!("{line}: {e}\n{came:?}"));
        assert_eq!(value["code"], came.code, "{line}");
        value
    }
}

/// Copies a folder with its folders; modes stay.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(path, to).unwrap();
        }
    }
}

/// Splits a line into words; quotes of either kind hold one together.
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut out, mut word, mut quote, mut quoted) = (Vec::new(), String::new(), None, false);
    for c in line.chars().chain(" ".chars()) {
        match quote {
            Some(q) if c == q => quote = None,
            None if c == '\'' || c == '"' => (quote, quoted) = (Some(c), true),
            None if c.is_whitespace() => {
                if quoted || !word.is_empty() {
                    out.push(std::mem::take(&mut word));
                }
                quoted = false;
            }
            _ => word.push(c),
        }
    }
    out
}

/// Compares with a snapshot, without what differs from run to run: keys, ids, digests and days.
pub(crate) fn snapshot(name: &str, text: &str) {
    let months = "January|February|March|April|May|June|July|August|September|October|November|December|\
        januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december";
    let day = format!(r"\b\d{{1,2}} ({months}) \d{{4}}");
    let filters = vec![
        (r"z6Mk[1-9A-HJ-NP-Za-km-z]{44}", "[key]"),
        (r"z[1-9A-HJ-NP-Za-km-z]{80,90}", "[signature]"),
        (r"\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}", "+[hash]+[key]"),
        (r"urn:uuid:[0-9a-f-]{36}", "urn:uuid:[id]"),
        (r"\b[0-9a-f]{64}\b", "[digest]"),
        (r"\b\d{4}-[0-9A-F]{8}\b", "[number]"),
        (r"\b[0-9a-f]{12}…", "[digest]…"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[time]"),
        (r#""lastDay": "\d{4}-\d\d-\d\d""#, r#""lastDay": "[day]""#),
        (day.as_str(), "[day]"),
        // columns of a table are as wide as what stands in them
        (r"(\S) {2,}", "$1  "),
    ];
    insta::with_settings!({filters => filters, omit_expression => true}, { insta::assert_snapshot!(name, text) });
}

/// What an operator and an owner do before the first question.
const READY: &str = "
init
--as operator org add NL.OIN:00000099000000012000 --name 'Ministry of Education'
--as operator org add NL.KVK:69599084 --name 'Example University'
--as operator person add steward --org NL.OIN:00000099000000012000 --name 'the data steward' --function 'data steward' --role owner-admin --role reviewer
--as operator person add researcher --org NL.KVK:69599084 --name 'the researcher' --function researcher --role requester --role organisation-admin
--as operator person authorise researcher --authority 'director, extract of 2026-11-20'
--as operator key new --org NL.OIN:00000099000000012000 --use keys --use conditions --use deals --use mandates --use evidence --checked 'OIN register seen'
--as operator key new --org NL.KVK:69599084 --use keys --use acceptances --file own.pem --checked 'extract seen'
--as operator dataset add education/dataset.json
--as steward mandate add steward --until 2090-01-01
--as steward person appoint steward --approval data-steward --dataset education --until 2090-01-01
--as steward conditions publish education --dataset education
";
