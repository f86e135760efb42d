//! Finding datasets: by words in two languages, by facets, and only what somebody may see.

mod facets;
mod words;

use datadeal::engine::{Datasets, Wanted};
use datadeal::model::dataset::Dataset;
use datadeal::rights::Actor;
use serde_json::{Value, json};

use crate::story::{World, dataset};

/// A dataset like that of the world, under other words.
fn another(slug: &str, en: &str, nl: &str, change: impl FnOnce(&mut Value)) -> Dataset {
    let mut value = serde_json::to_value(dataset()).unwrap();
    value["slug"] = slug.into();
    value["id"] = format!("https://example.nl/id/{slug}").into();
    value["title"] = json!({"en": en, "nl": nl});
    value["description"] = json!({"en": "", "nl": ""});
    value["publisher"] = "Somebody".into();
    value["columns"] = json!([]);
    change(&mut value);
    if value["access"] == "open" {
        value["licence"] = "https://example.nl/licence".into();
    }
    serde_json::from_value(value).unwrap()
}

fn add(world: &World, datasets: &[Dataset]) {
    world.clock.advance(1);
    world.engine.add_datasets(&world.actor("operator"), datasets).unwrap();
}

fn words(text: &str) -> Wanted {
    Wanted { words: text.to_owned(), ..Wanted::default() }
}

fn search(world: &World, actor: Option<&Actor>, wanted: &Wanted) -> Datasets {
    world.engine.search(actor, wanted, None, 1000).unwrap()
}

fn slugs(found: &Datasets) -> Vec<&str> {
    found.items.iter().map(|item| item.slug.as_str()).collect()
}

/// What anybody finds by words, the nearest first.
fn found(world: &World, text: &str) -> Vec<String> {
    slugs(&search(world, None, &words(text))).into_iter().map(str::to_owned).collect()
}
