//! The command line of datadeal. Everything is in the library: see `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    datadeal::cli::run(std::env::args_os())
}
