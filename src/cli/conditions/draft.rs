//! `datadeal conditions draft`: from an ODRL Offer to a condition file that somebody completes.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::export::format;
use super::super::{Cli, CliError, Exit, Reply, folder};
use crate::catalogue::address::Address;
use crate::catalogue::document::Format;
use crate::catalogue::odrl::read::{self, OdrlError};
use crate::conditions::draft;

#[derive(Debug, Args)]
pub(in crate::cli) struct Draft {
    /// A file with one ODRL Offer, in Turtle or JSON-LD; `-` for stdin.
    #[arg(long, value_name = "FILE")]
    odrl: PathBuf,
    /// How it is written; by the end of its name if left out.
    #[arg(long, value_parser = format)]
    format: Option<Format>,
    /// Into this file, in place of the terminal.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The address of the portal whose words (kinds of organisation, approvals) the offer uses.
    #[arg(long, value_name = "URL", default_value = "https://example.nl")]
    address: String,
}

pub(super) fn run(cli: &Cli, args: &Draft) -> Result<Reply, CliError> {
    let text = folder::text(&args.odrl, read::MAX_FILE)?;
    let json = args.odrl.extension().is_some_and(|end| end == "jsonld" || end == "json");
    let format = args.format.unwrap_or(if json { Format::JsonLd } else { Format::Turtle });
    let refused = |error: OdrlError| CliError::new(Exit::Input, error);
    let offer = read::offer(text.as_bytes(), format, &Address::new(&args.address)).map_err(refused)?;
    let schema = cli.schema()?;
    let drafted = draft(&schema, &offer).map_err(|refusals| refused(OdrlError::Refused(refusals)))?;
    let object = json!({"policy": drafted});
    match &args.out {
        None => Reply::new(Exit::Yes, &object, drafted.trim_end().to_owned()),
        Some(file) => {
            folder::save(file, drafted.as_bytes())?;
            let values = [("file", file.display().to_string().into())];
            let reply = Reply::new(Exit::Yes, &object, cli.texts().get("draft-written", &values))?;
            Ok(reply.next(format!("datadeal conditions check {}", file.display())))
        }
    }
}
