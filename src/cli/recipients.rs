//! `datadeal recipients` and `datadeal register`: who received what of a dataset, for its controller; and what the public may read of
//! decisions and deals.

use clap::Args;
use serde_json::json;

use super::table::table;
use super::{Cli, CliError, Exit, Reply, time};
use crate::engine::{Received, register_csv};
use crate::model::Time;

/// How many rows of the register are read at once.
const PAGE: usize = 100;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  datadeal --as admin recipients register --column birthDate --from 2026-01-01\n  datadeal --as admin recipients register --edition 2026 --corrected"
)]
pub(super) struct Recipients {
    /// The dataset, by short name or IRI.
    dataset: String,
    /// Only who received this column.
    #[arg(long, value_name = "NAME")]
    column: Option<String>,
    /// Only who received this edition.
    #[arg(long, value_name = "EDITION")]
    edition: Option<String>,
    /// From then.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    from: Option<Time>,
    /// Before then.
    #[arg(long, value_name = "TIME", value_parser = time::parse)]
    until: Option<Time>,
    /// Tell everybody who received the edition that it was corrected.
    #[arg(long, requires = "edition", conflicts_with_all = ["column", "from", "until"])]
    corrected: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  datadeal register --text education\n  datadeal register --csv > register.csv")]
pub(super) struct Register {
    /// Only rows with this text in dataset, addressee or purpose.
    #[arg(long)]
    text: Option<String>,
    /// As CSV.
    #[arg(long)]
    csv: bool,
}

pub(super) fn recipients(cli: &Cli, args: &Recipients) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let actor = cli.actor(&engine)?;
    let Recipients { dataset, column, edition, from, until, corrected } = args;
    let found = match edition {
        Some(edition) if *corrected => engine.correct(&actor, dataset, edition)?.wait()?,
        _ => {
            let (column, edition) = (column.clone(), edition.clone());
            engine.recipients(&actor, dataset, &Received { column, edition, from: *from, until: *until })?
        }
    };
    let texts = cli.texts();
    let list = |set: &std::collections::BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
    let rows: Vec<_> = found
        .iter()
        .map(|r| {
            let days = [texts.date(r.first), texts.date(r.last)];
            let [first, last] = days;
            vec![r.organisation.to_string(), r.name.clone(), list(&r.editions), first, last, list(&r.columns)]
        })
        .collect();
    let heads = [
        "cli-head-organisation",
        "cli-head-name",
        "cli-head-edition",
        "cli-head-first",
        "cli-head-last",
        "cli-head-columns",
    ];
    Reply::new(Exit::Yes, &json!({"recipients": found}), table(&texts, &heads, &rows))
}

pub(super) fn register(cli: &Cli, args: &Register) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let (mut rows, mut after) = (Vec::new(), None);
    loop {
        let (page, next) = engine.register(args.text.as_deref(), after.as_ref(), PAGE)?;
        rows.extend(page);
        after = next;
        if after.is_none() {
            break;
        }
    }
    let object = json!({"rows": rows});
    if args.csv {
        return Reply::new(Exit::Yes, &object, register_csv(&rows, cli.lang)?.trim_end().to_owned());
    }
    let texts = cli.texts();
    let cells = |row: &crate::engine::RegisterRow| {
        let who = row.addressee.as_ref().map_or_else(|| texts.get("register-withheld", &[]), |a| a.name.clone());
        let state = row.state.map_or_else(String::new, |s| s.as_str().to_owned());
        vec![texts.date(row.decided), row.result.as_str().to_owned(), state, who, texts.of(&row.title).to_owned()]
    };
    let table_rows: Vec<_> = rows.iter().map(cells).collect();
    let heads = ["cli-head-decided", "cli-head-result", "cli-head-state", "cli-head-addressee", "cli-head-dataset"];
    Reply::new(Exit::Yes, &object, table(&texts, &heads, &table_rows))
}
