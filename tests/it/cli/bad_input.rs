//! What can be wrong on the command line: each is named with its place, its value and its mend, and nothing is half done.

use std::process::Stdio;

use super::{Place, snapshot, words};

#[test]
fn wrong_words_files_and_rights() {
    let place = Place::ready();
    place.write("comma.json", "{\n  \"declared\": {\"plan\": \"x\" \"necessity\": \"y\"}\n}\n");
    place.write("float.json", "{\"scope\": {\"termMonths\": 1.5}}");
    place.write("twice.json", "{\"declared\": {}, \"declared\": {}}");
    place.write("verified.json", "{\"declared\": {}, \"verified\": {\"category\": \"university\"}}");
    place.write("fact.json", "{\"declared\": {\"categry\": \"university\", \"retentionMonths\": \"12\"}}");
    place.write("column.json", "{\"scope\": {\"columns\": [\"nothing\"]}}");
    place.write("purpose.json", "{\"purpose\": \"dpv:Marketting\"}");
    place.write("dataset.json", "[{\"id\": \"https://example.nl/x\"}]");
    place.write("empty.json", "[]");
    place.write("bad.cedar", "permit (principal, action, resource);");
    std::fs::write(place.dir.path().join("latin.json"), b"{\"purpose\": \"\xe9\"}").unwrap();
    let told = place.transcript(
        "
        init
        org list
        --as nobody org list
        --as researcher org list
        --as operator org add NL.OIN:1234 --name x
        --as operator org add NL.KVK:69599084 --name x
        --as operator org add NL.KVK:68750110 --name ' '
        --as operator person add steward --org NL.KVK:69599084 --name x --function y --role requester
        --as operator person add X --org NL.KVK:69599084 --name x --function y --role requester
        --as operator person add x --org NL.KVK:69599084 --name x --function y --role king
        --as operator person add x --org NL.KVK:68750110 --name x --function y --role requester
        --as operator key new --org NL.KVK:69599084 --use everything
        --as researcher key rotate --org NL.KVK:69599084 --file own.pem --key own.pem
        --as researcher key rotate --org NL.KVK:69599084 --key nothing.pem
        --as steward mandate add steward --until yesterday
        --as steward mandate add steward --until 2020-01-01
        --as steward mandate add nobody --until 2090-01-01
        --as steward person appoint steward --approval ethic --until 2090-01-01
        --as researcher mandate add researcher --until 2090-01-01
        --as operator trust add --org NL.KVK:69599084 --fact category --kind confirmation
        --as operator trust add --org NL.OIN:00000099000000012000 --fact plan --kind confirmation
        --as operator trust remove did:key:z6Mk
        --as steward evidence confirm --about NL.KVK:69599084 --fact category --value universty --until 2090-01-01 --reason seen
        --as steward evidence confirm --about NL.KVK:69599084 --fact category --value university --until 2020-01-01 --reason seen
        --as researcher evidence add comma.json
        --as researcher evidence add fact.json
        schema show --fact categry
        --as operator schema publish bad.cedar
        --as operator dataset add nothing.json
        --as operator dataset add dataset.json
        --as operator dataset add empty.json
        --as operator dataset add education/dataset.json education/dataset.json
        --as steward dataset add education/dataset.json
        --as steward conditions publish education
        --as steward conditions publish education --portal --dataset education
        --as steward conditions publish bad.cedar --dataset education
        --as steward conditions publish education --dataset education --from 2020-01-01
        --as researcher conditions publish education --dataset education
        conditions show --dataset nothing
        facts new --dataset nothing
        check --dataset education --facts nothing.json
        check --dataset education --facts latin.json
        check --dataset education --facts comma.json
        check --dataset education --facts float.json
        check --dataset education --facts twice.json
        check --dataset education --facts verified.json
        check --dataset education --facts fact.json
        check --dataset education --facts column.json
        check --dataset education --facts purpose.json
        --lang fr dataset list
        --data elsewhere dataset list
        man conditions nothing
        completions csh
        ",
    );
    snapshot("bad_input", &told);
    assert!(!place.dir.path().join("elsewhere").exists());
    // nothing of all this was kept
    assert_eq!(place.json("--as operator person list")["persons"].as_array().unwrap().len(), 3);
    assert_eq!(place.json("dataset list")["datasets"].as_array().unwrap().len(), 1);
    assert!(place.json("trust list")["draft"].is_null());
}

/// Who stops reading gets no panic.
#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let place = Place::new();
    for line in ["schema show", "schema show --json", "man", "dataset list --json", "dataset list"] {
        let mut command = place.command();
        command.args(words(line)).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert!(output.status.code().is_some(), "{line}: {output:?}");
        assert!(!String::from_utf8_lossy(&output.stderr).contains("panicked"), "{line}");
    }
}
