//! `datadeal dataset list` with words and facets, as people read it.

use super::{Place, snapshot};

#[test]
fn datasets_are_found_at_the_command_line() {
    let place = Place::ready();
    place.copy("open-dataset");
    let told = place.transcript(
        "
        dataset list
        --as operator org add NL.OIN:00000099000000016000 --name 'Electoral Council'
        --as operator dataset add open-dataset/dataset.json
        dataset list
        --lang nl dataset list
        dataset list inschrijvingen
        dataset list schools 'birth year'
        dataset list --limit 1 --lang nl
        dataset list --access open --automatic yes
        dataset list --automatic no --owner NL.OIN:00000099000000012000
        dataset list nothing of the sort
        dataset list --access closed --automatic no
        dataset list '\"; DROP TABLE words' --theme 'a b'
        dataset list --access ajar
        dataset list --automatic perhaps
        dataset list register --after nothing
        dataset list a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a
        ",
    );
    snapshot("search", &told);
    let object = place.json("dataset list --limit 1");
    assert_eq!((object["datasets"].as_array().unwrap().len(), &object["total"]), (1, &2.into()));
    let rest = place.json(&format!("dataset list --after {}", object["after"].as_str().unwrap()));
    assert_ne!(rest["datasets"][0]["slug"], object["datasets"][0]["slug"]);
    assert_eq!(rest["facets"], object["facets"]);
}
