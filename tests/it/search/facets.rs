//! Facets: as many as a naive count finds, whatever is chosen.

use std::collections::{BTreeMap, BTreeSet};

use datadeal::conditions::{cases::Cases, library};
use datadeal::engine::{NewSet, Wanted};
use datadeal::model::condition::Level;
use datadeal::model::dataset::{Access, Dataset};
use datadeal::model::decision::Need;
use datadeal::model::facets::{Counted, Facets};
use datadeal::model::{Name, OrgId};
use datadeal::rights::Actor;
use serde_json::json;

use super::{add, another, search, slugs, words};
use crate::story::{NOW, World, owner, reuser, set};

/// A stream of choices.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 40).unwrap() % sides
    }
    fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.roll(3) == 0).collect()
    }
    fn one<'a>(&mut self, of: &[&'a str]) -> Option<&'a str> {
        (self.roll(2) == 0).then(|| of[self.roll(of.len())])
    }
}

const WORDS: [&str; 5] = ["water", "land", "lucht", "boom", "steen"];
const THEMES: [&str; 4] =
    ["https://a.example/t/EDUC", "https://b.example/t#educ", "https://a.example/t/GOVE", "https://a.example/t/TECH"];
const FORMATS: [&str; 4] =
    ["CSV", "text/csv", "http://publications.europa.eu/resource/authority/file-type/JSON", "xml"];

fn other() -> OrgId {
    "NL.OIN:00000099000000000002".parse().unwrap()
}

/// A dataset of some owner, with some words, themes and formats; not everybody sees each.
fn some_dataset(dice: &mut Dice, number: usize) -> Dataset {
    let title = dice.some(&WORDS).join(" ");
    another(&format!("d{number:02}"), &title, &title, |d| {
        d["access"] = ["open", "conditions", "closed"][dice.roll(3)].into();
        d["owner"] = json!(if dice.roll(3) == 0 { other() } else { owner() });
        d["personalData"] = (dice.roll(2) == 0).into();
        let form = |format: &str| {
            if format.starts_with("text/") { json!({"mediaType": format}) } else { json!({"format": format}) }
        };
        let formats: Vec<_> = dice.some(&FORMATS).into_iter().map(form).collect();
        d["described"] = json!({"themes": dice.some(&THEMES), "distributions": formats});
        if dice.roll(5) == 0 {
            d["audience"] = json!([reuser()]);
        }
    })
}

/// One owner's datasets are under a ground, and an approval that only personal data asks.
fn publish(world: &World) {
    let ground = library::folder("named-category").unwrap().policy;
    let approval = "@id(\"by-a-person\") @kind(\"entry\") @theme(\"use\") @label_en(\"a\") @label_nl(\"a\") @hint_en(\"a\") @hint_nl(\"a\") \
        @legal_basis(\"Who art. 6\")\nforbid (principal, action == Action::\"reuse\", resource)\n\
        unless { !resource.personalData || context.approvals.contains(\"ethics\") };\n";
    let case = json!({"name": "one", "purpose": "dpv:ScientificResearch", "approvals": ["ethics"], "expect": "incomplete", "failing": ["named-category"]});
    let cases: Cases =
        serde_json::from_value(json!({"now": NOW, "dataset": {"personalData": true}, "cases": [case]})).unwrap();
    let text = format!("{ground}\n{approval}");
    let new = NewSet { text, cases, level: Level::Owner, owner: Some(owner()), dataset: None, ..set() };
    world.clock.advance(1);
    world.engine.publish_conditions(&world.actor("admin"), &new).unwrap();
}

/// What a dataset has of each facet, read from the dataset itself and from what is shown of it.
struct Has {
    owner: OrgId,
    themes: BTreeSet<String>,
    access: Access,
    formats: BTreeSet<String>,
    automatic: bool,
    words: BTreeSet<String>,
}

fn has(world: &World, actor: Option<&Actor>, dataset: &Dataset) -> Has {
    let shown = world.engine.show(actor, dataset.slug.as_str(), None).unwrap();
    let leaves = shown.conditions.iter().filter_map(|o| o.needs.as_ref()).flat_map(Need::leaves);
    let by_person = leaves.into_iter().any(|leaf| matches!(leaf, Need::Approval(_)));
    let described = dataset.described.clone().unwrap_or_default();
    let format = |text: String| text.rsplit('/').next().unwrap().to_uppercase();
    Has {
        owner: dataset.owner.clone(),
        themes: described.themes.iter().map(ToString::to_string).collect(),
        access: dataset.access,
        formats: described.distributions.into_iter().filter_map(|d| d.format.or(d.media_type)).map(format).collect(),
        automatic: dataset.access == Access::Open || (shown.has_ground && !by_person),
        words: dataset.title.nl.to_lowercase().split(' ').map(str::to_owned).collect(),
    }
}

/// Whether it fits each facet by itself.
fn fits(has: &Has, wanted: &Wanted) -> [bool; 5] {
    let ends = |theme: &String, meant: &str| {
        theme == meant || theme.rsplit(['/', '#']).next().unwrap().eq_ignore_ascii_case(meant)
    };
    [
        wanted.owner.as_ref().is_none_or(|owner| *owner == has.owner),
        wanted.theme.as_ref().is_none_or(|meant| has.themes.iter().any(|theme| ends(theme, meant))),
        wanted.access.is_none_or(|access| access == has.access),
        wanted.format.as_ref().is_none_or(|format| has.formats.contains(&format.to_uppercase())),
        wanted.automatic.is_none_or(|automatic| automatic == has.automatic),
    ]
}

/// The counts of a facet without regard to their order.
fn counted<T: ToString>(facet: &[Counted<T>]) -> BTreeMap<String, usize> {
    assert!(facet.windows(2).all(|two| two[0].count >= two[1].count));
    facet.iter().map(|c| (c.value.to_string(), c.count)).collect()
}

fn of_facets(facets: &Facets) -> [BTreeMap<String, usize>; 5] {
    let access: Vec<Counted<&str>> =
        facets.access.iter().map(|c| Counted { value: c.value.as_str(), count: c.count }).collect();
    [
        counted(&facets.owner),
        counted(&facets.theme),
        counted(&access),
        counted(&facets.format),
        counted(&facets.automatic),
    ]
}

fn naive(all: &[(Name, Has)], wanted: &Wanted) -> (Vec<String>, [BTreeMap<String, usize>; 5]) {
    let mut facets: [BTreeMap<String, usize>; 5] = Default::default();
    let mut found = Vec::new();
    for (slug, has) in all {
        if !wanted.words.split_whitespace().all(|word| has.words.contains(word)) {
            continue;
        }
        let fits = fits(has, wanted);
        if fits.iter().all(|fits| *fits) {
            found.push(slug.to_string());
        }
        let values: [Vec<String>; 5] = [
            vec![has.owner.to_string()],
            has.themes.iter().cloned().collect(),
            vec![has.access.as_str().to_owned()],
            has.formats.iter().cloned().collect(),
            vec![has.automatic.to_string()],
        ];
        for (n, values) in values.into_iter().enumerate() {
            if (0..5).all(|other| other == n || fits[other]) {
                for value in values {
                    *facets[n].entry(value).or_default() += 1;
                }
            }
        }
    }
    found.sort_unstable();
    (found, facets)
}

fn some_wanted(dice: &mut Dice) -> Wanted {
    Wanted {
        words: dice.some(&WORDS).join(" "),
        lang: None,
        owner: match dice.roll(4) {
            0 => Some(owner()),
            1 => Some(other()),
            _ => None,
        },
        theme: dice.one(&["https://a.example/t/EDUC", "educ", "TECH", "nothing"]).map(str::to_owned),
        access: [None, None, Some(Access::Open), Some(Access::Conditions), Some(Access::Closed)][dice.roll(5)],
        format: dice.one(&["csv", "CSV", "json", "XML", "pdf"]).map(str::to_owned),
        automatic: [None, None, Some(true), Some(false)][dice.roll(4)],
    }
}

/// S-243: on random catalogues, for whoever asks and whatever is chosen, facets and list are those of a naive count.
#[test]
fn facets_are_those_of_a_naive_count() {
    let world = World::new();
    let operator = world.actor("operator");
    world.engine.add_organisation(&operator, &other(), "Another").unwrap();
    publish(&world);
    let mut automatic = BTreeSet::new();
    for seed in 1..=4 {
        let mut dice = Dice(seed);
        let datasets: Vec<Dataset> = (0..40).map(|number| some_dataset(&mut dice, number)).collect();
        add(&world, &datasets);
        let researcher = world.actor("researcher");
        for actor in [None, Some(&researcher)] {
            let seen = world.engine.datasets_seen(actor, None).unwrap();
            let all: Vec<_> = seen.iter().map(|d| (d.dataset.slug.clone(), has(&world, actor, &d.dataset))).collect();
            automatic.extend(all.iter().map(|(_, has)| (has.access == Access::Open, has.automatic)));
            for _ in 0..60 {
                let wanted = some_wanted(&mut dice);
                let found = search(&world, actor, &wanted);
                let (expected, facets) = naive(&all, &wanted);
                let mut listed: Vec<String> = slugs(&found).into_iter().map(str::to_owned).collect();
                listed.sort_unstable();
                assert_eq!((found.total, listed), (expected.len(), expected), "{wanted:?}");
                assert_eq!(of_facets(&found.facets), facets, "{wanted:?}");
            }
        }
    }
    assert_eq!(automatic.len(), 3, "open, by a person and without one: {automatic:?}");
}

/// Where no set names a ground nothing can be given: a refusal needs no person if the narrowest set in force says so.
#[test]
fn what_is_refused_at_once_needs_no_person() {
    let world = World::new();
    let automatic = |slug: &str| {
        let found = search(&world, None, &Wanted { automatic: Some(true), ..words("boom") });
        slugs(&found).contains(&slug)
    };
    add(
        &world,
        &[another("one", "boom", "boom", |_| {}), another("two", "boom", "boom", |d| d["access"] = "open".into())],
    );
    assert!(!automatic("one") && automatic("two"));
    let text = library::folder("purpose-within").unwrap().policy.to_owned();
    let case = json!({"name": "one", "purpose": "dpv:ScientificResearch", "expect": "deny"});
    let cases: Cases =
        serde_json::from_value(json!({"now": NOW, "dataset": {"personalData": true}, "cases": [case]})).unwrap();
    for automatic_refusals in [false, true] {
        let (text, cases) = (text.clone(), cases.clone());
        let level = Level::Owner;
        let new = NewSet { text, cases, level, owner: Some(owner()), dataset: None, automatic_refusals, ..set() };
        world.clock.advance(1);
        world.engine.publish_conditions(&world.actor("admin"), &new).unwrap();
        assert_eq!(automatic("one"), automatic_refusals);
    }
}
