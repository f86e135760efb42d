//! `datadeal man`: a manual page for every command.

use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory};
use serde_json::json;

use super::{Cli, CliError, Exit, Reply};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal man | man -l -\n  datadeal man conditions publish | man -l -\n  datadeal man --dir ~/.local/share/man/man1"
)]
pub(super) struct Man {
    /// The page of this command; of the program itself if left out.
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    command: Vec<String>,
    /// Write the page of every command into this folder.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn run(cli: &Cli, args: &Man) -> Result<Reply, CliError> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    if let Some(dir) = &args.dir {
        let mut pages = Vec::new();
        every(dir, &root, &mut pages)?;
        let values = [("n", pages.len().into()), ("dir", dir.display().to_string().into())];
        return Reply::new(Exit::Yes, &json!({"pages": pages}), cli.texts().get("cli-man-written", &values));
    }
    let mut command = &root;
    for word in &args.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
            CliError::with_help(
                Exit::Usage,
                format!(
                    "`{}` has no command `{word}`",
                    command.get_display_name().unwrap_or("datadeal").replace('-', " ")
                ),
                if known.is_empty() {
                    "leave the word out".to_owned()
                } else {
                    format!("its commands are: {}", known.join(", "))
                },
            )
        })?;
    }
    let page = page(command)?;
    Reply::new(Exit::Yes, &json!({"command": name(command), "page": page}), page)
}

/// `datadeal-conditions-publish`.
fn name(command: &Command) -> String {
    command.get_display_name().unwrap_or(command.get_name()).to_owned()
}

fn page(command: &Command) -> Result<String, CliError> {
    let mut bytes = Vec::new();
    let unwritten = |e| CliError::input("the manual page", e);
    clap_mangen::Man::new(command.clone()).title(name(command)).render(&mut bytes).map_err(unwritten)?;
    Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
}

fn every(dir: &Path, command: &Command, pages: &mut Vec<String>) -> Result<(), CliError> {
    let file = format!("{}.1", name(command));
    let path = dir.join(&file);
    let text = format!("{}\n", page(command)?);
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|e| CliError::input_with_help(path.display(), e, "give a folder that can be written"))?;
    pages.push(file);
    command.get_subcommands().try_for_each(|c| every(dir, c, pages))
}
