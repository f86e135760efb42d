//! `datadeal dataset list`: every dataset, or those of an owner.

use clap::Args;
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, access, table};
use crate::engine::state::DatasetNow;
use crate::model::OrgId;

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only of this owner.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
}

pub(super) fn run(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let found = engine.datasets_seen(cli.seeing(&engine)?.as_ref(), args.owner.as_ref())?;
    let texts = cli.texts();
    let row = |now: &DatasetNow| {
        let d = &now.dataset;
        let mark = now.gone.map_or_else(String::new, |_| format!(" ({})", texts.get("cli-dataset-gone", &[])));
        vec![d.slug.to_string(), access(&texts, d.access), texts.of(&d.title) + &mark, d.owner.to_string()]
    };
    let rows: Vec<_> = found.iter().map(row).collect();
    let heads = ["cli-head-dataset", "cli-head-access", "cli-head-title", "cli-head-owner"];
    let object = |now: &DatasetNow| {
        let d = &now.dataset;
        let mut object = json!({"id": d.id, "slug": d.slug, "title": d.title, "access": d.access, "owner": d.owner});
        if let (Value::Object(members), Some(gone)) = (&mut object, now.gone) {
            members.insert("gone".to_owned(), json!(gone.at));
        }
        object
    };
    let objects: Vec<_> = found.iter().map(object).collect();
    Reply::new(Exit::Yes, &json!({"datasets": objects}), table(&texts, &heads, &rows))
}
