//! Words: stems, both languages, hostile questions, and an index that follows the datasets.

use std::sync::Arc;

use datadeal::clock::SeededRandom;
use datadeal::engine::{DataDir, Engine, EngineError, Wanted};
use datadeal::model::condition::Lang;
use datadeal::model::dataset::Dataset;
use datadeal::model::{Name, OrgId};
use serde_json::{Value, json};

use super::{add, another, found, search, slugs, words};
use crate::story::{World, reuser};
use crate::support::BEFORE_SIX;

fn some() -> Vec<Dataset> {
    vec![
        another("permits", "Environmental permits", "Omgevingsvergunning", |d| {
            d["description"] =
                json!({"en": "Each licence that was given", "nl": "Elke vergunning die is verleend aan bedrijven"});
        }),
        another("ports", "Quays", "Kades", |d| {
            d["described"] = json!({"keywords": [{"text": "havens", "lang": "nl"}, {"text": "ports", "lang": "en-GB"}, {"text": "Mainport"}],
                "themes": ["http://standaarden.overheid.nl/owms/terms/Migratie_en_integratie"], "publisher": {"name": "Rijkswaterstaat"}});
        }),
        another("pupils", "Pupils with a licence", "Leerlingen", |d| {
            d["publisher"] = "Coöperatie Noord".into();
            d["columns"] = json!([{"name": "birth_date", "title": {"en": "Date of birth", "nl": "Geboortedatum"}}]);
        }),
    ]
}

/// S-240: words are found in any of their forms, in either language, wherever they stand.
#[test]
fn forms_of_a_word_find_each_other() {
    let world = World::new();
    add(&world, &some());
    for (text, slugs) in [
        ("vergunningen", vec!["permits"]),
        ("licences", vec!["pupils", "permits"]), // the title before the description
        ("LICENCE", vec!["pupils", "permits"]),
        ("haven", vec!["ports"]),
        ("port", vec!["ports"]),
        ("mainports", vec!["ports"]),
        ("integratie", vec!["ports"]),
        ("rijkswaterstaat", vec!["ports"]),
        ("bedrijf", vec!["permits"]),
        ("cooperatie", vec!["pupils"]),
        ("COÖPERATIE noord", vec!["pupils"]),
        ("co\u{308}operatie", vec!["pupils"]),
        ("birth", vec!["pupils", "register"]), // the beginning of `birthDate`
        ("geboortedatum", vec!["pupils"]),
        // one word of each language
        ("vergunningen licences", vec!["permits"]),
        ("leerling licences birth", vec!["pupils"]),
        // all words, not one of them
        ("vergunningen havens", vec![]),
        ("nothing", vec![]),
        // the last word may be the beginning of one, the others may not
        ("environm", vec!["permits"]),
        ("vergunn", vec!["permits"]),
        ("environm licence", vec![]),
        ("licence environm", vec!["permits"]),
        // too short to be a beginning
        ("li", vec![]),
        // parts of words are found from the beginning only
        ("vergunning omgev", vec!["permits"]),
        ("gevings", vec![]),
    ] {
        assert_eq!(found(&world, text), slugs, "{text}");
    }
    let spoken = |text: &str, lang| {
        let wanted = Wanted { lang: Some(lang), ..words(text) };
        slugs(&search(&world, None, &wanted)).len()
    };
    assert_eq!((spoken("licence", Lang::En), spoken("licence", Lang::Nl)), (2, 0));
    assert_eq!((spoken("havens", Lang::En), spoken("havens", Lang::Nl)), (0, 1));
    // no language of its own: in both
    assert_eq!((spoken("mainport", Lang::En), spoken("mainport", Lang::Nl)), (1, 1));
}

/// S-241: what somebody types is words and no language of questions, and nothing of it does harm.
#[test]
fn a_hostile_question_is_words() {
    let world = World::new();
    add(&world, &some());
    let all = search(&world, None, &Wanted::default()).total;
    assert_eq!(all, 4);
    for (text, count) in [
        ("\"licence\"", 2),
        ("\"licence", 2),
        ("licence\" OR \"quays", 0),
        ("licence OR quays", 0),
        ("licence AND quays", 0),
        ("NOT licence", 0),
        ("NEAR(licence quays, 5)", 0),
        ("title_en : licence", 0),
        ("{title_en en} : (licence)", 0),
        ("^licence", 2),
        ("- licence", 2),
        ("licence*", 2),
        ("lic* en", 0),
        ("licence; DROP TABLE words; --", 0),
        ("licence\0quays", 0),
        ("licence\\", 2),
        ("'licence'", 2),
        ("%", all),
        ("***", all),
        ("\"\"", all),
        (" \t\n", all),
        ("\u{202e}licence", 2),
        ("日本語", 0),
        ("💥", all),
    ] {
        assert_eq!(search(&world, None, &words(text)).total, count, "{text:?}");
    }
    let many = "licence ".repeat(10_000);
    for text in [many.as_str(), &"x ".repeat(33), &"x".repeat(1001), &"\"".repeat(100_000)] {
        let error = world.engine.search(None, &words(text), None, 10).unwrap_err();
        assert!(matches!(error, EngineError::Input { .. }), "{error}");
    }
    assert_eq!(search(&world, None, &words(&"licence ".repeat(32))).total, 2);
    assert_eq!(search(&world, None, &words("licence")).total, 2);
}

/// The order is that of nearness, then of short names, on each page.
#[test]
fn what_is_found_comes_in_pages() {
    let world = World::new();
    let made: Vec<Dataset> = (0..23)
        .map(|n| {
            let title = if n % 4 == 0 { "Water" } else { "Land" };
            another(&format!("d{n:02}"), title, title, |d| d["description"] = json!({"en": "by the water", "nl": ""}))
        })
        .collect();
    add(&world, &made);
    let whole = search(&world, None, &words("water"));
    assert_eq!((whole.total, whole.next.clone()), (23, None));
    let (first, rest) = whole.items.split_at(6);
    let sorted = |items: &[datadeal::engine::DatasetRow]| items.windows(2).all(|two| two[0].slug < two[1].slug);
    assert!(first.iter().all(|item| item.title.en == "Water") && sorted(first), "{:?}", slugs(&whole));
    assert!(rest.iter().all(|item| item.title.en == "Land") && sorted(rest), "{:?}", slugs(&whole));
    for text in ["water", ""] {
        let whole = search(&world, None, &words(text));
        let (mut told, mut after) = (Vec::new(), None);
        loop {
            let page = world.engine.search(None, &words(text), after.as_ref(), 5).unwrap();
            assert_eq!((page.total, &page.facets), (whole.total, &whole.facets));
            told.extend(slugs(&page).into_iter().map(str::to_owned));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(told, slugs(&whole), "{text}");
    }
    // behind what is not in the list nothing can begin; by short name it can
    let gone: Name = "d11x".parse().unwrap();
    assert!(world.engine.search(None, &words("water"), Some(&gone), 5).is_err());
    let behind = world.engine.search(None, &Wanted::default(), Some(&gone), 2).unwrap();
    assert_eq!(slugs(&behind), ["d12", "d13"]);
    let first: Name = "a".parse().unwrap();
    assert_eq!(slugs(&world.engine.search(None, &Wanted::default(), Some(&first), 1).unwrap()), ["d00"]);
}

/// S-242: what is not for somebody is neither found nor counted.
#[test]
fn what_is_not_for_somebody_is_not_found() {
    let world = World::new();
    let hide = |d: &mut Value| {
        d["audience"] = json!([reuser()]);
        d["described"] =
            json!({"themes": ["https://example.nl/themes/secret"], "distributions": [{"format": "SECRET"}]});
    };
    add(&world, &[another("hidden", "Secret ports", "Geheime havens", hide)]);
    let stranger = world.engine.search(None, &words("secret"), None, 9).unwrap();
    assert_eq!((stranger.total, stranger.items.len()), (0, 0));
    assert_eq!(stranger.facets, search(&world, None, &words("nothing")).facets);
    let whole = search(&world, None, &Wanted::default());
    assert_eq!((slugs(&whole), whole.total), (vec!["register"], 1));
    assert!(whole.facets.theme.is_empty() && whole.facets.format.is_empty());
    // a place behind it says no more of it than of what is not there
    let told = |slug: &str| {
        let after: Name = slug.parse().unwrap();
        world.engine.search(None, &words("register"), Some(&after), 9).unwrap_err().to_string()
    };
    assert_eq!(told("hidden"), told("hidde0"));
    for person in ["researcher", "admin", "operator"] {
        let found = search(&world, Some(&world.actor(person)), &words("geheime havens"));
        assert_eq!((slugs(&found), found.total), (vec!["hidden"], 1), "{person}");
        assert_eq!(found.facets.format[0].value, "SECRET");
    }
    let other: OrgId = "NL.KVK:10000001".parse().unwrap();
    let nobody = Wanted { owner: Some(other), ..Wanted::default() };
    assert_eq!(search(&world, None, &nobody).total, 0);
}

fn opened(world: &World) -> Engine {
    let random = Arc::new(SeededRandom::not_for_production([9; 32]));
    Engine::open(&DataDir::new(world.dir.path().join("data")), world.clock.clone(), random).unwrap()
}

fn totals(engine: &Engine, text: &str) -> usize {
    engine.search(None, &words(text), None, 9).unwrap().total
}

/// A dataset is found by what it says now, as soon as it is there, in every process.
#[test]
fn the_index_follows_its_datasets() {
    let world = World::new();
    let other = opened(&world);
    assert_eq!(totals(&other, "harbours"), 0);
    add(&world, &[another("one", "Harbours", "Havens", |_| {})]);
    assert_eq!((totals(&world.engine, "harbours"), totals(&other, "harbours")), (1, 1));
    add(&world, &[another("one", "Airports", "Luchthavens", |_| {})]);
    for engine in [&world.engine, &other] {
        assert_eq!((totals(engine, "harbours"), totals(engine, "airport"), totals(engine, "luchthaven")), (0, 1, 1));
    }
    // the other one writes
    world.clock.advance(1);
    other.add_datasets(&world.actor("operator"), &[another("one", "Stations", "Stations", |_| {})]).unwrap();
    assert_eq!((totals(&world.engine, "airports"), totals(&world.engine, "station")), (0, 1));
    // what is refused is not found: two of one name
    let twice = [another("two", "Quays", "Kades", |_| {}), another("two", "Quays", "Kades", |_| {})];
    world.engine.add_datasets(&world.actor("operator"), &twice).unwrap_err();
    assert_eq!(totals(&world.engine, "quays"), 0);
}

/// A database from before gets its words, and what an older program writes meanwhile is not missed.
#[test]
fn a_database_from_before_gets_its_words() {
    let world = World::new();
    let made: Vec<Dataset> = (0..450).map(|n| another(&format!("d{n:03}"), "Harbours", "Havens", |_| {})).collect();
    add(&world, &made);
    let World { engine, clock, dir } = world;
    drop(engine);
    let path = dir.path().join("data").join("datadeal.db");
    let sql = rusqlite::Connection::open(&path).unwrap();
    sql.execute_batch(BEFORE_SIX).unwrap();
    sql.execute_batch("DROP TABLE words; DROP TABLE worded; DELETE FROM migration WHERE number = 5").unwrap();
    let open = || {
        let random = Arc::new(SeededRandom::not_for_production([9; 32]));
        Engine::open(&DataDir::new(dir.path().join("data")), clock.clone(), random).unwrap()
    };
    let (engine, other) = (open(), open());
    // without words nothing is made
    assert_eq!(engine.search(None, &Wanted::default(), None, 9).unwrap().total, 451);
    assert!(engine.store().worded(0, 9).unwrap().is_empty());
    assert_eq!((totals(&engine, "havens"), totals(&other, "harbour")), (450, 450));
    assert_eq!(engine.store().worded(0, 999).unwrap().len(), 451);
    // what an older program writes: the row alone
    sql.execute_batch(
        "UPDATE state SET version = version + 1, body = CAST(replace(CAST(body AS TEXT), 'Harbours', 'Bridges') AS BLOB)
         WHERE kind = 'dataset' AND key = 'd007'; UPDATE epoch SET value = value + 1 WHERE kind = 'dataset'",
    )
    .unwrap();
    assert_eq!((totals(&engine, "bridge"), totals(&other, "harbours")), (1, 449));
    engine.store().check().unwrap();
}
