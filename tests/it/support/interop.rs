//! Programs of others that a test starts and that end with it (`tests/interop/interop.sh`).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

fn script() -> Command {
    let mut command = Command::new("bash");
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop/interop.sh"));
    command
}

/// Runs the script to its end.
pub(crate) fn interop(words: &[&str]) -> Output {
    script().args(words).output().unwrap()
}

/// Whether the programs are installed. Where they are not, the test says so and passes; on a build server it fails.
pub(crate) fn ready() -> bool {
    let ready = interop(&["ready"]);
    if !ready.status.success() {
        let why = String::from_utf8_lossy(&ready.stdout).trim().to_owned();
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "{why}");
        eprintln!("{why}");
    }
    ready.status.success()
}

/// A program that answers a line with a line, until its input ends.
pub(crate) struct Peer {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Peer {
    pub(crate) fn start(words: &[&str]) -> Peer {
        let (input, output) = (Stdio::piped(), Stdio::piped());
        let mut child = script().args(words).stdin(input).stdout(output).stderr(Stdio::null()).spawn().unwrap();
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        Peer { child, input, output }
    }

    /// Its next line.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Gives it a line.
    pub(crate) fn say(&mut self, line: &str) {
        writeln!(self.input.as_mut().unwrap(), "{line}").unwrap();
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.input.take());
        _ = self.child.wait();
    }
}
