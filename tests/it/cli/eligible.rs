//! `datadeal eligible`, as people read it.

use datadeal::conditions::library;
use serde_json::Value;

use super::{Place, snapshot, words};

#[test]
fn what_may_i_use_at_the_command_line() {
    let place = Place::ready();
    place.copy("open-dataset");
    place.write(
        "facts.json",
        "{\"purpose\": \"dd:EducationResearch\", \"scope\": {\"termMonths\": 24}, \"declared\": {\"category\": \"university\"}}",
    );
    place.write("nothing.json", "{}");
    let told = place.transcript(
        "
        eligible --facts facts.json
        --as operator org add NL.OIN:00000099000000016000 --name 'Electoral Council'
        --as operator dataset add open-dataset/dataset.json
        eligible --facts facts.json
        --lang nl eligible --facts facts.json
        eligible --facts facts.json --group after --limit 1
        eligible --facts facts.json --limit 1
        eligible --facts facts.json --purpose dpv:Marketing --group not
        eligible --facts nothing.json --access conditions
        eligible --facts facts.json --group soon
        eligible --facts facts.json --after nowhere
        ",
    );
    snapshot("eligible", &told);
    let object = place.json("eligible --facts facts.json --limit 1");
    assert_eq!(object["items"].as_array().unwrap().len(), 1);
    let after = object["after"].as_str().unwrap().to_owned();
    let rest = place.json(&format!("eligible --facts facts.json --after {after}"));
    assert!(rest["items"].as_array().unwrap().iter().all(|item| item["slug"] != object["items"][0]["slug"]));
    // the command that goes on asks the same
    for name in ["one", "two"] {
        let mut dataset: Value = serde_json::from_str(library::example("education").unwrap().dataset).unwrap();
        dataset["id"] = format!("https://example.nl/id/{name}").into();
        dataset["slug"] = name.into();
        place.write("another.json", &dataset.to_string());
        assert_eq!(place.run(&words("--as operator dataset add another.json")).code, 0);
    }
    let same = "--as operator eligible --facts facts.json --purpose dd:EducationResearch --group not --owner NL.OIN:00000099000000012000 \
        --access conditions --limit 1 --at 2030-01-01T00:00:00Z";
    let came = place.run(&words(same));
    assert!(came.out.contains(&format!("\nnext: datadeal {same} --after not-")), "{came:?}");
}
