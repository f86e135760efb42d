//! What an import does: shown first, then one record, one entry and one commit; and nothing where there is nothing to do.

use datadeal::catalogue::document::Format;
use datadeal::catalogue::read::Doubt;
use datadeal::engine::{EngineError, Import, ImportFinding, Reached, SkipReason, Wanted};
use datadeal::model::dataset::Access;
use datadeal::model::decision::Outcome;
use datadeal::model::record::{DatasetImported, RecordType, read};
use datadeal::model::{Document, Iri};
use datadeal::store::Kind;
use serde_json::json;

use super::{example, import, read_as};
use crate::story::{World, dataset, question};

fn catalogue() -> String {
    example("catalogue.ttl")
}

fn entries(world: &World) -> u64 {
    world.engine.store().head().unwrap().unwrap().size
}

fn clean(world: &World) {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!(audit.findings, []);
}

fn slugs(list: &[datadeal::engine::Touched]) -> Vec<&str> {
    list.iter().map(|t| t.slug.as_str()).collect()
}

fn of<'i>(import: &'i Import, slug: &str) -> Vec<&'i ImportFinding> {
    import.findings.iter().filter(|f| f.dataset.as_str() == slug).map(|f| &f.finding).collect()
}

/// S-192: one import is one record and one entry; a preview writes nothing, nor does the same file again.
#[test]
fn one_import_is_one_entry() {
    let world = World::new();
    let before = entries(&world);
    let shown = world.preview(read_as("c.ttl", &catalogue()));
    assert_eq!((shown.new.len(), shown.changed.len(), shown.gone.len(), shown.record), (5, 0, 0, None));
    assert_eq!(entries(&world), before);
    let done = world.apply(read_as("c.ttl", &catalogue()));
    assert_eq!(entries(&world), before + 1);
    assert_eq!(slugs(&done.new), slugs(&shown.new));
    let record = world.engine.store().record_by_digest(&done.record.unwrap().digest, None).unwrap().unwrap();
    let record = read::<DatasetImported>(Document::read(record.bytes).unwrap(), RecordType::Dataset).unwrap();
    assert_eq!((record.subject.datasets.len(), record.subject.source.as_deref()), (5, Some("catalogue")));
    let lights = world.engine.dataset("street-lights").unwrap().dataset;
    assert_eq!((lights.access, lights.personal_data, lights.regime.as_str()), (Access::Open, false, "open"));
    let bridges = world.engine.dataset("https://data.example.nl/id/dataset/bridge-sensors").unwrap().dataset;
    assert_eq!((bridges.regime.as_str(), bridges.competent_body.en.as_str()), ("who", "Executive of the example body"));
    let holders = world.engine.show(None, "permit-holders", None).unwrap();
    assert_eq!(holders.reuse.reason.unwrap().en, "it holds personal data, or data that leads to persons");
    let again = world.apply(read_as("c.ttl", &catalogue()));
    assert_eq!((again.unchanged, again.record, again.changes()), (5, None, false));
    assert_eq!(entries(&world), before + 1);
    clean(&world);
}

/// What the catalogue says is new each time; what the owner said stays.
#[test]
fn the_words_of_the_owner_stay() {
    let world = World::new();
    world.apply(read_as("c.ttl", &catalogue()));
    let mut own = world.engine.dataset("bridge-sensors").unwrap().dataset;
    own.columns = serde_json::from_value(json!([{"name": "strain"}, {"name": "minute"}])).unwrap();
    own.law = "Algemene wet bestuursrecht".to_owned();
    world.engine.add_datasets(&world.actor("operator"), &[own.clone()]).unwrap();
    let again = world.apply(read_as("c.ttl", &catalogue()));
    assert!(!again.changes(), "{:?}", again.changed);
    let other = catalogue().replace("Readings of strain", "Values of strain");
    let done = world.apply(read_as("c.ttl", &other));
    let [changed] = done.changed.as_slice() else { panic!("{:?}", done.changed) };
    assert_eq!((changed.slug.as_str(), changed.new_version), ("bridge-sensors", false));
    let [field] = changed.fields.as_slice() else { panic!("{:?}", changed.fields) };
    assert_eq!(field.field, "description");
    let now = world.engine.dataset("bridge-sensors").unwrap().dataset;
    assert_eq!((now.columns, now.law), (own.columns, own.law));
    assert!(now.description.en.starts_with("Values"));
}

/// S-195 S-197: what the catalogue holds no more is marked, and only if all of it was read; it cannot be asked for, and comes back.
#[test]
fn what_is_gone_is_marked() {
    let world = World::new();
    world.apply(read_as("c.ttl", &catalogue()));
    let without = |text: &str| {
        let at = text.find(":bridge-sensors a dcat:Dataset").unwrap();
        let end = at + text[at..].find("\n\n").unwrap();
        format!("{}{}", &text[..at], &text[end..])
    };
    // a part of the file shows nothing of what is not there
    let part =
        format!("{}\n:broken a dcat:Dataset ; dct:title \"x\" ; dct:relation <not an iri> .\n", without(&catalogue()));
    let shown = world.apply(read_as("c.ttl", &part));
    assert_eq!((shown.whole, shown.gone.len(), shown.changes()), (false, 0, false));
    let done = world.apply(read_as("c.ttl", &without(&catalogue())));
    assert_eq!((slugs(&done.gone), done.unchanged), (vec!["bridge-sensors"], 4));
    let row = world.engine.dataset("bridge-sensors").unwrap();
    assert_eq!(row.gone.unwrap().record, done.record.unwrap());
    let new = datadeal::engine::NewRequest {
        dataset: "bridge-sensors".to_owned(),
        question: serde_json::from_value(question()).unwrap(),
        sets: None,
        entered: datadeal::engine::Entered::default(),
    };
    let refused = world.engine.submit(&world.actor("researcher"), &new).unwrap_err();
    assert!(
        matches!(&refused, EngineError::State { why, .. } if why.contains("no more since 2026-11-25")),
        "{refused}"
    );
    // nor is it answered for, alone or among all
    let ask = serde_json::from_value(question()).unwrap();
    assert!(matches!(world.engine.check(None, "bridge-sensors", &ask, None), Err(EngineError::State { .. })));
    let of_all = serde_json::from_value(json!({"purpose": "dpv:ScientificResearch"})).unwrap();
    let part = datadeal::engine::Part { after: None, limit: 50 };
    let all = world.engine.eligible(None, &of_all, &datadeal::engine::Filter::default(), &part, None).unwrap();
    assert!(all.items.iter().all(|item| item.slug.as_str() != "bridge-sensors"), "{:?}", all.items);
    // nor is it given to other catalogues, nor counted among what a person decides of or not
    let reached = Reached { address: "https://portal.example.nl".to_owned(), mail: "desk@example.nl".to_owned() };
    let exported = world.engine.export(None, Some("bridge-sensors"), &reached, Format::Turtle).unwrap_err();
    assert!(matches!(&exported, EngineError::State { why, .. } if why.contains("no more since")), "{exported}");
    let found = |automatic| {
        let wanted = Wanted { automatic, ..Wanted::default() };
        world.engine.search(None, &wanted, None, 50).unwrap()
    };
    let listed = found(None);
    let counted: usize = listed.facets.automatic.iter().map(|c| c.count).sum();
    assert_eq!((listed.items.iter().filter(|row| row.gone.is_some()).count(), counted), (1, listed.total - 1));
    for automatic in [true, false] {
        assert!(found(Some(automatic)).items.iter().all(|row| row.gone.is_none()));
    }
    assert!(!world.apply(read_as("c.ttl", &without(&catalogue()))).changes());
    let back = world.apply(read_as("c.ttl", &catalogue()));
    assert_eq!(slugs(&back.changed), ["bridge-sensors"]);
    assert_eq!(back.changed[0].fields[0].field, "gone");
    assert_eq!(world.engine.dataset("bridge-sensors").unwrap().gone, None);
    // the dataset that was there before is of no catalogue, and of none that holds it no more
    assert_eq!(world.engine.dataset("register").unwrap().gone, None);
    clean(&world);
}

/// S-165 S-197: no data server gives what is gone and no deal was made of; nor is its structure set.
#[test]
fn what_is_gone_is_not_given() {
    let world = crate::access::with_server(World::new());
    world.apply(read_as("c.ttl", &catalogue()));
    let ask = || {
        let mut ask = crate::access::asks(&["id"]);
        ask["resource"] = json!({"type": "dataset", "id": "street-lights"});
        crate::access::answer(&world, ask)
    };
    assert_eq!(ask()["decision"], true);
    let nothing =
        "@prefix dcat: <http://www.w3.org/ns/dcat#> . <https://data.example.nl/id/catalogue> a dcat:Catalog .";
    assert_eq!(world.apply(read_as("c.ttl", nothing)).gone.len(), 5);
    world.clock.advance(1);
    let no = ask();
    assert_eq!((&no["decision"], &no["context"]["reason"]), (&json!(false), &json!("dataset")));
    let table = datadeal::catalogue::structure::csv::read(b"id\n1\n", true).unwrap();
    let new = datadeal::engine::NewStructure { table, marks: Vec::new(), models: Vec::new() };
    let refused = world.engine.set_structure(&world.actor("admin"), "street-lights", &new).unwrap_err();
    assert!(matches!(refused, EngineError::State { .. }), "{refused}");
    // the records of both answers follow from what they name
    clean(&world);
}

/// S-195: what is a page of a longer list shows nothing of what is on others.
#[test]
fn a_page_is_not_the_catalogue() {
    let world = World::new();
    world.apply(read_as("c.ttl", &catalogue()));
    let package = json!({"identifier": "https://data.example.nl/id/dataset/noise", "title": "Noise", "notes": "n"});
    for page in [
        json!({"success": true, "result": {"count": 2, "results": [package]}}).to_string(),
        json!({"success": true, "help": "https://data.example.nl/api/3/action/help_show?name=package_list"})
            .to_string(),
    ] {
        let shown = world.preview(read_as("p.json", &page));
        assert_eq!((shown.gone.len(), shown.whole), (0, false), "{page}");
    }
    let page = "@prefix hydra: <http://www.w3.org/ns/hydra/core#> . <https://data.example.nl/catalog.ttl?page=1> hydra:next <https://data.example.nl/catalog.ttl?page=2> .";
    let shown =
        world.preview(read_as("c.ttl", &format!("{}\n{page}", example("catalogue.ttl").split("\n\n").next().unwrap())));
    assert_eq!((shown.gone.len(), shown.whole), (0, false));
}

/// S-198: what is under conditions that are published, and what is kept back, an import does not open.
#[test]
fn an_import_opens_nothing() {
    let world = World::new();
    let id = dataset().id;
    let level = |level: &str| {
        format!(
            "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
            <{id}> a dcat:Dataset ; dct:title \"r\" ; dct:description \"r\" ; dct:license <http://creativecommons.org/publicdomain/zero/1.0/> ;
            dct:accessRights <http://publications.europa.eu/resource/authority/access-right/{level}> ."
        )
    };
    let done = world.apply(read_as("c.ttl", &level("PUBLIC")));
    assert_eq!(slugs(&done.changed), ["register"]);
    assert_eq!(world.engine.dataset("register").unwrap().dataset.access, Access::Conditions);
    assert!(of(&done, "register").contains(&&ImportFinding::ConditionsOnPublic));
    // so do those that are in force later, and those of the owner on what was not open
    let another = |what: &str| {
        let mut other = dataset();
        (other.id, other.slug) = (format!("https://example.nl/id/{what}").parse().unwrap(), what.parse().unwrap());
        world.engine.add_datasets(&world.actor("operator"), &[other]).unwrap();
    };
    let public = |what: &str| read_as("c.ttl", &level("PUBLIC").replace("/register>", &format!("/{what}>")));
    let opened = |done: &Import, what: &str| {
        let found = of(done, what).contains(&&ImportFinding::ConditionsOnPublic);
        assert_eq!(done.record.is_some(), done.changes());
        (world.engine.dataset(what).unwrap().dataset.access, found)
    };
    ["later", "bare", "owned"].into_iter().for_each(another);
    let set = crate::story::set();
    let from = Some(world.engine.now().plus_seconds(30 * 86_400));
    let later = datadeal::engine::NewSet { dataset: Some("later".to_owned()), from, ..set.clone() };
    world.engine.publish_conditions(&world.actor("admin"), &later).unwrap();
    assert_eq!(opened(&world.apply(public("later")), "later"), (Access::Conditions, true));
    assert_eq!(opened(&world.apply(public("bare")), "bare"), (Access::Open, false));
    let level_of = datadeal::model::condition::Level::Owner;
    let of_owner =
        datadeal::engine::NewSet { level: level_of, owner: Some(crate::story::owner()), dataset: None, ..set };
    world.engine.publish_conditions(&world.actor("admin"), &of_owner).unwrap();
    assert_eq!(opened(&world.apply(public("owned")), "owned"), (Access::Conditions, true));
    let packages = |hidden: bool| {
        let license = "http://creativecommons.org/publicdomain/zero/1.0/deed.nl";
        let package = json!({"success": true, "result": {"name": "lamps", "identifier": "https://data.example.nl/id/lamps", "title": "Lamps",
            "notes": "Lamps.", "license_id": license, "private": hidden,
            "access_rights": "http://publications.europa.eu/resource/authority/access-right/PUBLIC"}});
        read_as("p.json", &package.to_string())
    };
    world.apply(packages(false));
    assert_eq!(world.engine.dataset("lamps").unwrap().dataset.audience, None);
    world.apply(packages(true));
    let nobody = Some(std::collections::BTreeSet::new());
    assert_eq!(world.engine.dataset("lamps").unwrap().dataset.audience, nobody);
    // that it is shown again is for its owner to say
    world.apply(packages(false));
    assert_eq!(world.engine.dataset("lamps").unwrap().dataset.audience, nobody);
    clean(&world);
}

#[test]
fn what_an_owner_should_look_at() {
    let world = World::new();
    let shown = world.preview(read_as("c.ttl", &catalogue()));
    assert_eq!(of(&shown, "street-lights"), Vec::<&ImportFinding>::new());
    assert_eq!(of(&shown, "bridge-sensors"), [&ImportFinding::NoConditions]);
    let lapsed = ImportFinding::LapsedBasis("Wet openbaarheid van bestuur".to_owned(), "2022-05-01".to_owned());
    assert_eq!(of(&shown, "old-minutes"), [&lapsed]);
    let level = Doubt::UnknownAccess("https://data.example.nl/id/level/ask-us".to_owned());
    assert_eq!(of(&shown, "noise"), [&ImportFinding::Doubt(level)]);
    let mut without = import(read_as("c.ttl", &catalogue()));
    without.defaults = datadeal::engine::Defaults::default();
    let shown = world.engine.preview_import(&world.actor("admin"), without, &mut |_, _| {}).unwrap();
    assert!(of(&shown, "permit-holders").contains(&&ImportFinding::NoRegime));
    // conditions for a dataset that its catalogue calls public
    let id = dataset().id;
    let public = format!(
        "<{id}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> \"r\" ; <http://purl.org/dc/terms/description> \"r\" ;
        <http://purl.org/dc/terms/accessRights> <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
        <http://purl.org/dc/terms/license> <http://creativecommons.org/publicdomain/zero/1.0/> ."
    );
    let shown = world.preview(read_as("c.ttl", &public));
    assert!(of(&shown, "register").contains(&&ImportFinding::ConditionsOnPublic), "{:?}", shown.findings);
}

/// Datasets of another owner, or of another catalogue, are left alone; names that are taken get another one, the same each time.
#[test]
fn what_is_not_taken_in() {
    let world = World::new();
    world.apply(read_as("c.ttl", &catalogue()));
    let mut other = import(read_as("c.ttl", &catalogue()));
    other.source = "another catalogue".to_owned();
    let shown = world.engine.preview_import(&world.actor("admin"), other.clone(), &mut |_, _| {}).unwrap();
    assert_eq!((shown.skipped.len(), shown.changes()), (5, false));
    assert_eq!(shown.skipped[0].why, SkipReason::OtherSource("catalogue".to_owned()));
    other.owner = crate::story::reuser();
    let refused = world.engine.preview_import(&world.actor("admin"), other.clone(), &mut |_, _| {}).unwrap_err();
    assert!(matches!(refused, EngineError::Rights(_)), "{refused}");
    let shown = world.engine.apply_import(&world.actor("operator"), other, &mut |_, _| {}).unwrap();
    assert_eq!(shown.skipped[0].why, SkipReason::OtherOwner);
    let moved = catalogue().replace("<https://data.example.nl/id/dataset/>", "<https://other.example.nl/id/dataset/>");
    let mut second = import(read_as("c.ttl", &moved));
    second.source = "another catalogue".to_owned();
    let shown = world.engine.apply_import(&world.actor("admin"), second.clone(), &mut |_, _| {}).unwrap();
    assert!(shown.new.iter().all(|t| t.slug.as_str().len() > 9), "{:?}", shown.new);
    assert!(!world.engine.apply_import(&world.actor("admin"), second, &mut |_, _| {}).unwrap().changes());
    clean(&world);
}

/// Many datasets, in one package of CKAN each.
fn many(count: usize, more: &str) -> String {
    let package = |n: usize| {
        json!({"identifier": format!("https://example.nl/many/{n:05}"), "name": format!("many-{n}"), "title": format!("Dataset {n}"),
            "notes": format!("{} {more}", "words ".repeat(400)), "access_rights": "http://publications.europa.eu/resource/authority/access-right/RESTRICTED"})
    };
    json!({"success": true, "result": {"count": count, "results": (0..count).map(package).collect::<Vec<_>>()}})
        .to_string()
}

/// S-194: a list too long for its record stands beside it, is named by its digest, and an audit sees each change of it.
#[test]
fn a_list_too_long_for_a_record() {
    let world = World::new();
    let done = world.apply(read_as("many.json", &many(700, "")));
    assert_eq!(done.new.len(), 700);
    let record = world.engine.store().record_by_digest(&done.record.unwrap().digest, None).unwrap().unwrap();
    assert!(record.bytes.len() < 4096, "{}", record.bytes.len());
    let record = read::<DatasetImported>(Document::read(record.bytes).unwrap(), RecordType::Dataset).unwrap().subject;
    assert_eq!((record.datasets.len(), record.list.unwrap().datasets), (0, 700));
    clean(&world);
    // the words of so many follow, and whoever looks for some finds all
    assert!(done.words_follow);
    let found = |words: &str| {
        let wanted = datadeal::engine::Wanted { words: words.to_owned(), ..datadeal::engine::Wanted::default() };
        world.engine.search(None, &wanted, None, 1000).unwrap().items.len()
    };
    assert_eq!((found("dataset"), found("dataset 650"), found("lanterns")), (700, 1, 0));
    let other = world.apply(read_as("many.json", &many(700, "").replace("Dataset", "Lantern")));
    assert!(other.words_follow && other.changed.len() == 700);
    assert_eq!((found("lanterns"), found("dataset 650")), (700, 0));
    world.apply(read_as("many.json", &many(700, "")));
    assert!(!world.apply(read_as("many.json", &many(700, ""))).changes());
    let done = world.apply(read_as("many.json", &many(10, "")));
    assert_eq!(done.gone.len(), 690);
    clean(&world);
    let rows = world.engine.store().rows(Kind::DatasetList, None, None, 100).unwrap();
    assert_eq!(rows.len(), 24, "two lists, each with eleven parts of at most 64");
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    let found = || {
        let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
        audit.findings.iter().map(|f| (f.must, f.why.clone())).collect::<Vec<_>>()
    };
    let changed = "UPDATE state SET body = CAST(replace(CAST(body AS TEXT), 'Dataset 650', 'Dataset 65x') AS BLOB) WHERE kind = 'dataset-list'";
    assert_eq!(database.execute(changed, []).unwrap(), 24);
    let [(must, why)] = &found()[..] else { panic!("{:?}", found()) };
    assert!(*must == "S-194" && why.contains("many/00650"), "{why}");
    database.execute("DELETE FROM state WHERE kind = 'dataset-list' AND key NOT LIKE '%/%'", []).unwrap();
    assert!(found().iter().any(|(must, why)| *must == "S-194" && why.contains("missing")));
}

/// Two who import at once: one of them is told, and nothing of it is written.
#[test]
fn nothing_is_half_applied() {
    let world = World::new();
    world.apply(read_as("c.ttl", &catalogue()));
    let before = entries(&world);
    let other = catalogue().replace("lamp post", "lantern");
    let mut seen = false;
    // while one compares, another one writes
    let mut meanwhile = |done: u64, _: u64| {
        if done == 0 && !seen {
            seen = true;
            let mine = catalogue().replace("lamp post", "light");
            world.apply(read_as("c.ttl", &mine));
        }
    };
    let refused = world.engine.apply_import(&world.actor("admin"), import(read_as("c.ttl", &other)), &mut meanwhile);
    assert!(matches!(refused, Err(EngineError::Submit(_))), "{refused:?}");
    assert_eq!(entries(&world), before + 1);
    assert!(world.engine.dataset("street-lights").unwrap().dataset.description.en.contains("light and"));
    assert_eq!(world.apply(read_as("c.ttl", &other)).changed.len(), 1);
    clean(&world);
}

/// A catalogue that keeps a dataset back for privacy says that it holds personal data: another version, and its live deals are decided again.
#[test]
fn another_version_is_decided_again() {
    let world = World::new();
    let without = datadeal::model::dataset::Dataset { personal_data: false, ..dataset() };
    world.engine.add_datasets(&world.actor("operator"), &[without]).unwrap();
    // of personal data the portal asks an assessment, of other data none
    let folder = datadeal::conditions::library::folder("data-protection-assessment").unwrap();
    let assessment = datadeal::engine::NewSet {
        text: folder.policy.to_owned(),
        cases: serde_json::from_str(folder.cases).unwrap(),
        level: datadeal::model::condition::Level::Portal,
        dataset: None,
        ..crate::story::set()
    };
    world.engine.publish_conditions(&world.actor("operator"), &assessment).unwrap();
    let deal = world.deal();
    let before = world.engine.dataset("register").unwrap().version;
    let id: Iri = dataset().id;
    let said = format!(
        "<{id}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> \"Register\" ; <http://purl.org/dc/terms/description> \"r\" ;
        <http://purl.org/dc/terms/accessRights> <https://dcat.overheid.nl/application-profile/donl/term/PRIVACY> ."
    );
    let done = world.apply(read_as("c.ttl", &said));
    assert!(
        done.changed[0].new_version && done.changed[0].fields.iter().any(|f| f.field == "personalData"),
        "{:?}",
        done.changed
    );
    let deals = done.deals.unwrap();
    assert_eq!((deals.looked, deals.undecided.len()), (1, 0));
    let [changed] = deals.changed.as_slice() else { panic!("{deals:?}") };
    assert_eq!((changed.deal, changed.before), (deal, Outcome::Permit));
    assert_eq!(
        (changed.after, changed.failing.as_slice()),
        (Outcome::Incomplete, ["portal/data-protection-assessment".to_owned()].as_slice())
    );
    assert_ne!(world.engine.dataset("register").unwrap().version, before);
    assert_eq!(world.verdict(&world.bundle(&deal)).verdict, datadeal::verify::Verdict::Valid);
    clean(&world);
}

/// A dataset that has deals gets a new description: the deals stay as they were signed, and their decisions replay.
#[test]
fn deals_on_a_dataset_that_changes() {
    let world = World::new();
    let deal = world.deal();
    let id: Iri = dataset().id;
    let said = format!(
        "<{id}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> \"Another title\" ; <http://purl.org/dc/terms/description> \"r\" ;
        <http://purl.org/dc/terms/accessRights> <http://publications.europa.eu/resource/authority/access-right/RESTRICTED> ."
    );
    let done = world.apply(read_as("c.ttl", &said));
    let [changed] = done.changed.as_slice() else { panic!("{:?}", done.changed) };
    assert!(!changed.new_version && done.deals.is_none(), "no condition reads a title");
    let now = world.engine.dataset("register").unwrap();
    assert_eq!((now.dataset.title.en.as_str(), now.dataset.columns.len()), ("Another title", 2));
    let verdict = world.verdict(&world.bundle(&deal));
    assert_eq!(verdict.verdict, datadeal::verify::Verdict::Valid);
    clean(&world);
}

/// S-193: where a catalogue says nothing of access its owner may; where it says what nobody understands, and without a licence, nothing is open.
#[test]
fn an_owner_can_say_what_the_catalogue_does_not() {
    let world = World::new();
    let access = |said: &str| {
        let text = format!(
            "@prefix dct: <http://purl.org/dc/terms/> . <https://example.nl/d> a <http://www.w3.org/ns/dcat#Dataset> ; dct:title \"x\" ; dct:description \"y\" {said} ."
        );
        let mut wanted = import(read_as("c.ttl", &text));
        wanted.source = said.to_owned();
        wanted.defaults.access = Some(Access::Open);
        let shown = world.engine.preview_import(&world.actor("admin"), wanted, &mut |_, _| {}).unwrap();
        let [new] = shown.new.as_slice() else { panic!("{shown:?}") };
        assert_eq!(new.slug.as_str(), "d");
        new.access
    };
    assert_eq!(access("; dct:license <http://creativecommons.org/publicdomain/zero/1.0/>"), Access::Open);
    assert_eq!(access(""), Access::Closed);
    assert_eq!(access("; dct:license <http://standaarden.overheid.nl/owms/terms/geslotenlicentie>"), Access::Closed);
    let unknown = "; dct:license <http://creativecommons.org/publicdomain/zero/1.0/> ; dct:accessRights <https://example.nl/open>";
    assert_eq!(access(unknown), Access::Closed);
    let cc0 = "; dct:license <http://creativecommons.org/publicdomain/zero/1.0/>";
    // a level that is no word, that of a form, and one that may stand in what could not be read
    assert_eq!(access(&format!("{cc0} ; dct:accessRights [ dct:title \"none\" ]")), Access::Closed);
    let form = |level: &str| format!("{cc0} ; <http://www.w3.org/ns/dcat#distribution> [ dct:accessRights {level} ]");
    assert_eq!(access(&form("<https://example.nl/staff>")), Access::Closed);
    assert_eq!(access(&form("[ dct:title \"staff\" ]")), Access::Closed);
    let eu = "<http://publications.europa.eu/resource/authority/access-right/";
    assert_eq!(access(&form(&format!("{eu}RESTRICTED>"))), Access::Conditions);
    assert_eq!(access(&form(&format!("{eu}PUBLIC>"))), Access::Open);
    let lost = "<https://example.nl/e> a <http://www.w3.org/ns/dcat#Dataset> . <https://example.nl/d> dct:accessRights <https://example.nl/a b>";
    assert_eq!(access(&format!("{cc0} . {lost}")), Access::Closed);
}

/// What was open and is no more was described as what hides nothing: as of what is new, the worst is taken for granted.
#[test]
fn what_is_closed_is_taken_for_personal() {
    let world = World::new();
    let said = |level: &str| {
        let text = catalogue().replace("access:PUBLIC", &format!("access:{level}"));
        let mut wanted = import(read_as("c.ttl", &text));
        wanted.defaults = datadeal::engine::Defaults::default();
        world.engine.apply_import(&world.actor("admin"), wanted, &mut |_, _| {}).unwrap();
        let now = world.engine.dataset("street-lights").unwrap().dataset;
        (now.access, now.personal_data, now.special_categories, now.regime.to_string())
    };
    assert_eq!(said("PUBLIC"), (Access::Open, false, false, "open".to_owned()));
    // what its owner added is no word of the catalogue
    let mut own = world.engine.dataset("street-lights").unwrap().dataset;
    let described = own.described.as_mut().unwrap();
    described.price = Some(datadeal::model::condition::Bilingual { en: "free".to_owned(), nl: "gratis".to_owned() });
    own.structure.models = vec!["https://example.nl/model".parse().unwrap()];
    world.engine.add_datasets(&world.actor("operator"), &[own]).unwrap();
    assert_eq!(said("RESTRICTED"), (Access::Conditions, true, true, "none".to_owned()));
    let now = world.engine.dataset("street-lights").unwrap().dataset;
    assert_eq!(now.described.unwrap().price.unwrap().en, "free");
    assert_eq!(now.structure.models.len(), 1);
    clean(&world);
}
