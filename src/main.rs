//! The command line of datadeal.
fn main() {}
