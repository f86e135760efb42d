//! `datadeal dataset list`: what there is to ask for, found by words and narrowed by facets.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use super::{Cli, CliError, Exit, Reply, access, table};
use crate::cli::eligible::access as read_access;
use crate::engine::{DatasetRow, Datasets, Wanted};
use crate::model::dataset::Access;
use crate::model::facets::Facets;
use crate::model::{Name, OrgId};
use crate::text::{self, Texts};

#[derive(Debug, Args)]
#[command(
    after_help = "Words are found in title, description, keywords, themes, publisher and columns, in Dutch and in English, in any form of the word; a dataset \
has all of them. The last word may be the beginning of one.\n\nExamples:\n  datadeal dataset list\n  datadeal dataset list vergunningen --access conditions\n  \
datadeal dataset list school leavers --format csv --automatic yes\n  datadeal dataset list --theme EDUC --owner NL.OIN:00000099000000012000 --json"
)]
pub(in crate::cli) struct List {
    /// Words that the datasets have.
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Only of this owner.
    #[arg(long, value_name = "ORG")]
    owner: Option<OrgId>,
    /// Only about this theme: its IRI, or what that ends with.
    #[arg(long, value_name = "THEME")]
    theme: Option<String>,
    /// Only those that are so open: open, conditions or closed.
    #[arg(long, value_name = "ACCESS", value_parser = read_access)]
    access: Option<Access>,
    /// Only those that are given in this format, as csv.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Only those that can be had without a person deciding, or only the others.
    #[arg(long, value_name = "YES|NO")]
    automatic: Option<YesNo>,
    /// At most so many datasets.
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    /// What comes after this dataset: the last one of the list before.
    #[arg(long, value_name = "DATASET")]
    after: Option<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum YesNo {
    Yes,
    No,
}

pub(super) fn run(cli: &Cli, args: &List) -> Result<Reply, CliError> {
    let engine = cli.engine()?;
    let wanted = Wanted {
        words: args.words.join(" "),
        lang: None,
        owner: args.owner.clone(),
        theme: args.theme.clone(),
        access: args.access,
        format: args.format.clone(),
        automatic: args.automatic.map(|automatic| automatic == YesNo::Yes),
    };
    let found = engine.search(cli.seeing(&engine)?.as_ref(), &wanted, args.after.as_ref(), args.limit)?;
    let Datasets { items, next, total, facets } = &found;
    let texts = cli.texts();
    let heads = ["cli-head-dataset", "cli-head-access", "cli-head-title", "cli-head-owner"];
    let narrowed = *total == 0 && wanted != Wanted::default();
    let mut told = if narrowed { texts.get("facets-none", &[]) } else { table(&texts, &heads, &rows(&texts, items)) };
    // where nothing fits, what another choice would leave may help
    if *facets != Facets::default() {
        told = format!("{told}\n\n{}", text::facets(&texts, *total, facets));
    }
    let object = |d: &DatasetRow| {
        let mut object = json!({"id": d.id, "slug": d.slug, "title": d.title, "access": d.access, "owner": d.owner});
        if let (Value::Object(members), Some(gone)) = (&mut object, d.gone) {
            members.insert("gone".to_owned(), json!(gone));
        }
        object
    };
    let objects: Vec<_> = items.iter().map(object).collect();
    let mut object = json!({"datasets": objects, "total": total, "facets": facets});
    if let (Some(slug), Some(map)) = (next, object.as_object_mut()) {
        map.insert("after".to_owned(), slug.as_str().into());
    }
    let reply = Reply::new(Exit::Yes, &object, told)?;
    Ok(match next {
        Some(slug) => reply.next(again(args, slug)),
        None => reply,
    })
}

fn rows(texts: &Texts, items: &[DatasetRow]) -> Vec<Vec<String>> {
    let row = |d: &DatasetRow| {
        let mark = d.gone.map_or_else(String::new, |_| format!(" ({})", texts.get("cli-dataset-gone", &[])));
        vec![d.slug.to_string(), access(texts, d.access), texts.of(&d.title) + &mark, d.owner.to_string()]
    };
    items.iter().map(row).collect()
}

/// The command that goes on behind a dataset.
fn again(args: &List, after: &Name) -> String {
    let mut words = "datadeal dataset list".to_owned();
    let quoted = |word: &str| {
        let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "._:/-".contains(c));
        if plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    };
    let given = [
        ("owner", args.owner.as_ref().map(ToString::to_string)),
        ("theme", args.theme.clone()),
        ("access", args.access.map(|access| access.as_str().to_owned())),
        ("format", args.format.clone()),
        ("automatic", args.automatic.map(|a| if a == YesNo::Yes { "yes" } else { "no" }.to_owned())),
        ("limit", (args.limit != 100).then(|| args.limit.to_string())),
        ("after", Some(after.to_string())),
    ];
    for word in &args.words {
        words.push_str(&format!(" {}", quoted(word)));
    }
    for (name, value) in given.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        words.push_str(&format!(" --{name} {}", quoted(&value)));
    }
    words
}
