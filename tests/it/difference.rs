//! A new version of a condition set: what it changes is told before it is published and after, and named deals are real ones.

use std::collections::BTreeSet;

use datadeal::conditions::library;
use datadeal::engine::{EngineError, NewPerson, NewSet};
use datadeal::model::condition::{Lang, Level};
use datadeal::model::decision::Outcome;
use datadeal::model::difference::{Change, Meaning, Part};
use datadeal::rights::Role;
use datadeal::store::{Batch, Item, Kind};
use datadeal::text::{self, Texts};
use serde_json::json;

use crate::story::{World, owner, reuser, set};

const STRICTER: &str = "registered-organisation";

/// The set of the world with one condition more.
fn stricter() -> NewSet {
    let mut new = set();
    new.text += library::folder(STRICTER).unwrap().policy;
    new.cases.cases.retain(|case| case.name == "unknown");
    new.cases.cases[0].failing.insert(STRICTER.to_owned());
    new
}

/// Version 1 and a deal under it; then a stricter version is looked at, published, and followed by one that undoes it.
#[test]
fn a_stricter_version_from_preview_to_publication() {
    let world = World::new();
    let admin = world.actor("admin");
    let deal = world.deal();
    let size = world.engine.log().reader().head().unwrap().unwrap().size;

    let preview = world.engine.preview_conditions(&admin, &stricter()).unwrap();
    assert_eq!(world.engine.log().reader().head().unwrap().unwrap().size, size, "nothing is logged");
    assert_eq!(preview.version, 2);
    assert_eq!(preview.before.as_ref().unwrap().version, 1);
    let told = &preview.difference;
    let rules: Vec<_> = told.rules.iter().map(|r| (r.id.as_str(), r.change)).collect();
    assert_eq!(rules, [(STRICTER, Change::Added)]);
    assert_eq!(told.meaning, Meaning::Stricter);
    assert!(told.text.contains("\n+@id(\"registered-organisation\")\n") && !told.text.contains("\n-"), "{}", told.text);
    // the case that version 1 was published with is put to both, although version 2 does not bring it
    let changed: Vec<_> =
        told.cases.changed.iter().map(|c| (c.name.as_str(), c.before.outcome, c.after.outcome)).collect();
    assert_eq!(
        changed,
        [("unknown", Outcome::Incomplete, Outcome::Incomplete), ("a university", Outcome::Permit, Outcome::Incomplete)]
    );
    assert_eq!(told.cases.total, 2);
    assert_eq!((preview.deals.live, preview.deals.changed, preview.deals.not_decided), (1, 1, 0));
    let named = &preview.deals.listed[0];
    assert_eq!((named.deal, &named.reuser), (deal, &reuser()));
    assert_eq!((named.before, named.after), (Outcome::Permit, Outcome::Incomplete));
    assert_eq!(named.failing, ["dataset/registered-organisation"]);
    for lang in [Lang::En, Lang::Nl] {
        let words = text::difference(&Texts::new(lang), &preview);
        assert!(
            words.contains(&deal.to_string()) && words.contains("a university") && !words.contains("[diff-"),
            "{words}"
        );
    }

    // what was shown is what happens
    let published = world.engine.publish_conditions(&admin, &stricter()).unwrap();
    assert_eq!(published.difference, preview);
    assert_eq!(world.engine.show(None, "register", None).unwrap().sets[0].version, 2);

    // and back: looser, the cases of version 2 are asked, and nothing changes for the deal that it had
    let back = world.engine.publish_conditions(&admin, &set()).unwrap().difference;
    assert_eq!((back.version, back.difference.meaning), (3, Meaning::Looser));
    assert_eq!(back.deals.listed[0].after, Outcome::Permit);

    // the same once more, in another layout
    let mut same = set();
    same.text = same.text.replace("unless {", "unless\n{");
    let same = world.engine.preview_conditions(&admin, &same).unwrap();
    assert!(same.difference.rules.iter().all(|r| r.parts == [Part::Layout]) && !same.difference.rules.is_empty());
    assert_eq!(
        (same.difference.meaning, same.difference.cases.changed.len(), same.deals.changed),
        (Meaning::Same, 0, 0)
    );
}

/// A promise that is new was not accepted, so a deal under the old version does not have it.
#[test]
fn a_new_promise_is_none_of_an_old_deal() {
    let world = World::new();
    world.deal();
    let mut new = set();
    new.text += library::folder("source-named").unwrap().policy;
    let told = world.engine.preview_conditions(&world.actor("admin"), &new).unwrap();
    assert_eq!(told.deals.listed[0].failing, ["dataset/source-named"]);
    // in a new question it is taken as accepted
    assert!(told.difference.cases.changed.is_empty(), "{:?}", told.difference.cases);
}

/// A set of the portal or of an owner binds the deals of every dataset under it, also when it is the first.
#[test]
fn sets_above_bind_the_same_deals() {
    let world = World::new();
    let deal = world.deal();
    for (level, of, person) in [(Level::Portal, None, "operator"), (Level::Owner, Some(owner()), "admin")] {
        let folder = library::folder(STRICTER).unwrap();
        let new = NewSet {
            text: folder.policy.to_owned(),
            cases: serde_json::from_str(folder.cases).unwrap(),
            level,
            owner: of,
            dataset: None,
            ..set()
        };
        let told = world.engine.preview_conditions(&world.actor(person), &new).unwrap();
        assert!(told.before.is_none() && told.difference.text.is_empty());
        assert_eq!(told.difference.meaning, Meaning::Stricter);
        assert_eq!(told.deals.listed.iter().map(|d| d.deal).collect::<Vec<_>>(), [deal]);
        assert_eq!(told.deals.listed[0].failing, [format!("{}/{STRICTER}", level.as_str())]);
        // no live deal of another owner or dataset is looked at
        let words = text::difference(&Texts::new(Lang::En), &told);
        assert!(words.contains("first version") && words.contains("1 of 1 live deals"), "{words}");
    }
    let admin = world.actor("admin");
    world.engine.deal_step(&admin, &deal, datadeal::engine::DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    assert_eq!(world.engine.preview_conditions(&admin, &stricter()).unwrap().deals.live, 0);
}

/// Who writes conditions need not be allowed to see cases: the count is told, the deals are not.
#[test]
fn who_may_not_see_cases_sees_how_many() {
    let world = World::new();
    world.deal();
    let author = NewPerson {
        person: "author".parse().unwrap(),
        organisation: owner(),
        name: "Person author".to_owned(),
        function: "writes conditions".to_owned(),
        roles: BTreeSet::from([Role::ConditionAuthor]),
    };
    world.engine.add_person(&world.actor("operator"), &author).unwrap();
    let told = world.engine.preview_conditions(&world.actor("author"), &stricter()).unwrap();
    assert_eq!((told.deals.changed, told.deals.listed.len()), (1, 0));
    assert!(text::difference(&Texts::new(Lang::En), &told).contains("You may not see which these are."));
    assert!(matches!(
        world.engine.preview_conditions(&world.actor("researcher"), &stricter()),
        Err(EngineError::Rights(_))
    ));
}

/// What could not be published has no preview, and the cases stay with the version that they tested.
#[test]
fn a_preview_refuses_what_publication_refuses() {
    let world = World::new();
    let admin = world.actor("admin");
    let mut failing = stricter();
    failing.cases.cases[0].failing.clear();
    let mut past = stricter();
    past.from = Some("2020-01-01T00:00:00Z".parse().unwrap());
    let mut broken = stricter();
    broken.text += "permit";
    for new in [failing, past, broken] {
        let preview = world.engine.preview_conditions(&admin, &new).unwrap_err().to_string();
        assert_eq!(preview, world.engine.publish_conditions(&admin, &new).unwrap_err().to_string());
    }
    let kept = world.engine.store().rows(Kind::Cases, None, None, 10).unwrap();
    assert_eq!(kept.len(), 1);
    let cases: serde_json::Value = serde_json::from_slice(&kept[0].body).unwrap();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 2);
    // as JSON: one object, with every member that the help names
    let told = json!(world.engine.preview_conditions(&admin, &stricter()).unwrap());
    for member in ["version", "before", "rules", "meaning", "text", "cases", "deals"] {
        assert!(told.get(member).is_some(), "{member}");
    }
}

/// More deals than are named, and what is not kept any more: an input that was erased, the cases of a version of an older program.
#[test]
fn many_deals_are_counted_and_what_is_gone_is_said() {
    let world = World::new();
    let admin = world.actor("admin");
    let mut deals: Vec<_> = (0..23).map(|_| world.deal()).collect();
    deals.sort_by_key(ToString::to_string);
    let store = world.engine.store();
    let gone = store.rows(Kind::Input, None, None, 1).unwrap().remove(0);
    let cases = store.rows(Kind::Cases, None, None, 1).unwrap().remove(0);
    let item = Item::default().delete(Kind::Input, gone.key).delete(Kind::Cases, cases.key);
    store.commit(&Batch { advance: None, items: vec![&item] }).unwrap();
    let told = world.engine.preview_conditions(&admin, &stricter()).unwrap();
    assert_eq!((told.deals.live, told.deals.changed, told.deals.not_decided), (23, 22, 1));
    assert_eq!(told.deals.listed.len(), 20);
    assert!(told.deals.listed.iter().all(|d| deals.contains(&d.deal)));
    let names: Vec<_> = told.difference.cases.changed.iter().map(|c| c.name.as_str()).collect();
    assert_eq!((told.difference.cases.total, names), (1, vec!["unknown"]), "only the new version brings cases");
    let words = text::difference(&Texts::new(Lang::En), &told);
    assert!(words.contains("22 of 23 live deals") && words.contains("and 2 more"), "{words}");
    assert!(words.contains("cannot be evaluated: one deal"), "{words}");
}
