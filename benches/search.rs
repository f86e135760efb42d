//! Finding datasets over a generated catalogue with the skew of a real portal: some words are in a third of all datasets, most in a few. Questions of one
//! to four words, common and rare, whole and half typed, in either language, with and without facets.
//!
//! `DATADEAL_BENCH_DATASETS` sets how many datasets there are, 100,000 if it is not set.

use std::time::Instant;

use datadeal::engine::state::DatasetNow;
use datadeal::engine::{Datasets, Engine, Wanted};
use datadeal::model::dataset::{Access, Dataset};
use serde_json::{Value, json};

use crate::Ceiling;
use crate::portal::{self, Dice, Rows, datasets};
use crate::world::{self, World};

/// Distinct words, owners, themes.
const VOCABULARY: usize = 12_000;
const OWNERS: usize = 150;
const THEMES: usize = 14;
const FORMATS: [&str; 9] = ["CSV", "JSON", "WMS", "WFS", "XLSX", "PDF", "XML", "application/geo+json", "text/turtle"];
const QUESTIONS: usize = 500;

/// One of many, the first of them far more often than the last, as words are: the nth about once in n.
fn skewed(dice: &mut Dice, many: usize) -> usize {
    ((many as f64).powf(dice.part()) - 1.0) as usize
}

fn words(dice: &mut Dice, count: usize, lang: &str) -> String {
    (0..count).map(|_| word(skewed(dice, VOCABULARY), lang)).collect::<Vec<_>>().join(" ")
}

/// A word that no stemmer makes equal to another: syllables by its number, with the ending of a plural for some.
fn word(number: usize, lang: &str) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "te", "vi", "zo", "bru", "cla", "dro", "fle",
        "gri", "kra", "pla", "sta", "tro", "wij",
    ];
    let (mut word, mut rest) = (String::new(), number + 600);
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    match (number % 3, lang) {
        (0, "nl") => word + "ken",
        (0, _) => word + "ks",
        _ => word + "k",
    }
}

fn dataset(dice: &mut Dice, slug: &str) -> Dataset {
    let mut value = world::dataset();
    value["id"] = format!("https://example.nl/id/{slug}").into();
    value["slug"] = slug.into();
    value["title"] = json!({"en": words(dice, 5, "en"), "nl": words(dice, 5, "nl")});
    value["description"] = json!({"en": words(dice, 35, "en"), "nl": words(dice, 35, "nl")});
    value["owner"] = format!("NL.OIN:0000009900001{:07}", skewed(dice, OWNERS)).into();
    value["access"] = ["open", "conditions", "conditions", "closed"][dice.roll(4)].into();
    let keywords: Vec<Value> = (0..dice.roll(6)).map(|_| json!({"text": words(dice, 1, "nl"), "lang": "nl"})).collect();
    let themes: Vec<String> =
        (0..=dice.roll(2)).map(|_| format!("https://example.nl/themes/theme{}", skewed(dice, THEMES))).collect();
    let forms: Vec<Value> =
        (0..dice.roll(5)).map(|_| json!({"format": FORMATS[skewed(dice, FORMATS.len())]})).collect();
    value["described"] = json!({"keywords": keywords, "themes": themes, "distributions": forms});
    value["columns"] = (0..dice.roll(12)).map(|_| json!({"name": words(dice, 1, "nl")})).collect();
    serde_json::from_value(value).unwrap()
}

/// A data directory with the catalogue in it, its words made.
fn generated(world: &World) {
    let first = world.engine.dataset("register").unwrap();
    let (mut dice, mut rows) = (Dice(0x2545_f491_4f6c_dd1d), Rows::new(world.dir.path()));
    for n in 0..datasets() {
        let dataset = dataset(&mut dice, &format!("d{n:06}"));
        let version = dataset.version().unwrap();
        rows.dataset(&DatasetNow { version, dataset, record: first.record, source: None, gone: None });
    }
    rows.commit();
    let begun = Instant::now();
    world.engine.index_datasets().unwrap();
    println!("words made in {:.1} s", begun.elapsed().as_secs_f64());
}

fn wanted(dice: &mut Dice) -> Wanted {
    let mut words = Vec::new();
    for _ in 0..=dice.roll(4) {
        let lang = ["nl", "en"][dice.roll(2)];
        // as they are typed: some are everywhere, most are not
        let number = if dice.roll(3) == 0 { skewed(dice, VOCABULARY) } else { dice.roll(VOCABULARY / 10) };
        words.push(word(number, lang));
    }
    if dice.roll(4) == 0
        && let Some(last) = words.last_mut()
    {
        last.truncate(3 + dice.roll(3));
    }
    Wanted {
        words: words.join(" "),
        access: (dice.roll(5) == 0).then_some(Access::Conditions),
        theme: (dice.roll(5) == 0).then(|| "theme1".to_owned()),
        format: (dice.roll(6) == 0).then(|| "csv".to_owned()),
        automatic: (dice.roll(6) == 0).then_some(true),
        ..Wanted::default()
    }
}

/// One question, and how long it took in milliseconds.
fn ask(engine: &Engine, wanted: &Wanted) -> (Datasets, f64) {
    let begun = Instant::now();
    let found = engine.search(None, wanted, None, 50).unwrap();
    (found, begun.elapsed().as_secs_f64() * 1e3)
}

pub(crate) fn run(ceilings: &mut Vec<Ceiling>) {
    let world = World::new();
    generated(&world);
    let World { engine, dir, .. } = world;
    drop(engine);
    let (engine, listed, start) = portal::started(dir.path());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let questions: Vec<Wanted> = (0..QUESTIONS).map(|_| wanted(&mut dice)).collect();
    let mut took: Vec<(f64, usize, &str)> = Vec::new();
    for wanted in &questions {
        let (found, ms) = ask(&engine, wanted);
        took.push((ms, found.total, &wanted.words));
    }
    took.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wide = took.iter().filter(|(_, total, _)| total * 10 > listed).count();
    println!(
        "{listed} datasets, {QUESTIONS} questions: {wide} find more than a tenth, median {:.1} ms; the slowest:",
        took[QUESTIONS / 2].0
    );
    for (ms, total, words) in took.iter().rev().take(5) {
        println!("  {ms:.1} ms, {total} found: {words}");
    }
    let p99 = took[QUESTIONS * 99 / 100].0;
    // the list without words
    let (_, all) = ask(&engine, &Wanted::default());
    ceilings.push(Ceiling { name: "search, p99", limit: 50.0, found: p99, unit: "ms" });
    ceilings.push(Ceiling { name: "search, the whole list", limit: 50.0, found: all, unit: "ms" });
    ceilings.push(Ceiling { name: "search, start", limit: 2000.0, found: start, unit: "ms" });
}
