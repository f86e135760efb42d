//! The command line of datadeal. Everything is in the library: see `cli`.

use std::process::ExitCode;

/// Evaluating conditions and reading records make many small allocations on all cores at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    datadeal::cli::run(std::env::args_os())
}
