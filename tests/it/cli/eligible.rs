//! `datadeal eligible`, as people read it.

use super::{Place, snapshot};

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
}
