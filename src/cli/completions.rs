//! `datadeal completions`: the words of the command line, for a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal completions bash > ~/.local/share/bash-completion/completions/datadeal\n  datadeal completions zsh > ~/.zfunc/_datadeal\n  datadeal completions fish > ~/.config/fish/completions/datadeal.fish"
)]
pub(super) struct Completions {
    /// Which shell.
    shell: Shell,
}

pub(super) fn run(args: &Completions) -> Result<Reply, CliError> {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "datadeal", &mut bytes);
    let script = String::from_utf8_lossy(&bytes).trim_end().to_owned();
    Reply::new(Exit::Yes, &json!({"shell": args.shell.to_string(), "script": script}), script)
}
