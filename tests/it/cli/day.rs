//! An owner's day, from a new portal to the first question; every sentence and every object.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::{OWNER, Place, REUSER, snapshot, words};
use crate::bundles::credentials::vc_jwt;
use crate::support::issuer::Issuer;

/// The way from nothing to conditions in force.
#[test]
fn from_init_to_published_conditions() {
    let place = Place::new();
    place.copy("education");
    let told = place.transcript(
        "
        init --operator NL.OIN:00000099000000000000 --name 'Example portal' --origin deals.example/log --notice 'an example' --person manager --person-name 'the manager'
        --as manager org add NL.OIN:00000099000000012000 --name 'Ministry of Education'
        --as manager org add NL.KVK:69599084 --name 'Example University'
        --as manager org list
        --as manager person add steward --org NL.OIN:00000099000000012000 --name 'the data steward' --function 'data steward' --role owner-admin --role reviewer
        --as manager person add researcher --org NL.KVK:69599084 --name 'the researcher' --function researcher --role requester --role organisation-admin
        --as manager person authorise researcher --authority 'director, extract of 2026-11-20'
        --as manager person list
        --as manager key new --org NL.OIN:00000099000000012000 --use keys --use conditions --use mandates --use evidence --checked 'OIN register seen'
        key export --org NL.OIN:00000099000000012000
        --as manager dataset add education/dataset.json
        dataset list
        dataset show education
        conditions show --dataset education
        facts new --dataset education
        --as steward mandate add steward --until 2090-01-01
        --as steward person appoint researcher --approval ethics --dataset education --until 2090-01-01
        mandate list
        --as steward conditions publish education --dataset education
        conditions show --dataset education
        dataset show education
        ",
    );
    snapshot("owner", &told);
}

#[test]
fn what_people_read_in_dutch() {
    let place = Place::ready();
    let told = place.transcript(
        "
        --lang nl --as operator org list
        --lang nl --as operator person list --org NL.KVK:69599084
        --lang nl --as operator org add NL.KVK:68750110 --name 'Voorbeeld B.V.'
        --lang nl mandate list
        --lang nl dataset list
        --lang nl dataset show education
        --lang nl conditions show --dataset education
        --lang nl trust list
        --lang nl --as researcher evidence list
        --lang nl schema show --fact category
        --lang nl --as steward conditions publish education --dataset education --from 2090-01-01
        --lang nl conditions show --dataset education --at 2090-01-02
        ",
    );
    snapshot("dutch", &told);
}

/// A facts file is read by `check` as it is written, and answers `incomplete`; filled in line by line it becomes a review.
#[test]
fn a_facts_file_is_filled_in_and_asked() {
    let place = Place::ready();
    for lang in ["en", "nl"] {
        let file = place.run(&words(&format!("--lang {lang} facts new --dataset education")));
        assert_eq!(file.code, 0, "{}", file.err);
        assert!(file.out.lines().all(|l| l.chars().count() <= 110), "{}", file.out);
        snapshot(&format!("facts_{lang}"), &file.out);
        let came = place.run_with(&words("check --dataset education --facts -"), &file.out);
        assert_eq!(came.code, 3, "{}", came.out);
        snapshot(&format!("facts_unfilled_{lang}"), &came.out);
        // taking the two slashes away is all that a value needs
        let filled: String = file
            .out
            .lines()
            .map(|line| match line.trim_start().strip_prefix("// \"") {
                Some(value) if !value.starts_with("period") => format!("\"{value}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let came = place.run_with(&words("check --dataset education --facts -"), &filled);
        assert_eq!(came.code, 3, "{}{}", came.out, came.err);
    }
    let object = place.json("facts new --dataset education");
    assert_eq!(object["facts"].as_array().unwrap().iter().filter(|f| f["verified"] == true).count(), 4);
    snapshot("facts_json", &format!("{:#}", without(object, "file")));
}

/// Evidence: confirmed, trusted, counted, and no longer.
#[test]
fn evidence_counts_once_its_issuer_is_trusted() {
    let place = Place::ready();
    // without a case and a place on the trust list nobody adds to the file of another organisation
    let confirm = format!(
        "--as steward evidence confirm --about {REUSER} --fact kvkNumber --until 2089-01-01 --reason seen --value 69599084"
    );
    assert!(place.transcript(&confirm).contains("rights::forbidden"));
    let asked = "{\"purpose\": \"dd:EducationResearch\", \"declared\": {\"category\": \"university\"}}";
    place.write("asked.json", asked);
    place.json("--as researcher request submit --dataset education --facts asked.json");
    let told = place.transcript(&format!(
        "
        --as steward evidence confirm --about {REUSER} --fact designation --until 2089-01-01 --reason 'Gazette seen' --value '{{\"by\": \"the minister\", \"reference\": \"Stcrt. 2026, 4321\", \"until\": \"2089-01-01T00:00:00Z\"}}'
        --as researcher evidence list
        --as operator trust add --org {OWNER} --fact designation --fact protectionAssessment --kind confirmation
        trust list
        --as operator trust publish
        --as operator trust publish
        --as researcher evidence list --org {REUSER}
        --as steward evidence confirm --about {REUSER} --fact kvkNumber --until 2089-01-01 --reason 'extract seen' --value 69599084
        "
    ));
    snapshot("evidence", &told);
    let evidence = place.json(&format!("--as researcher evidence list --org {REUSER}"));
    let counts: Vec<_> = evidence["evidence"].as_array().unwrap().iter().map(|e| e.get("reason").is_none()).collect();
    assert_eq!(counts.iter().filter(|c| **c).count(), 1);
    // what is on file counts for who may add to it, and for nobody else
    place.write("facts.json", &format!("{{\"applicant\": \"{REUSER}\"}}"));
    let verified = |line: &str| {
        let answer = place.json(line);
        let grounds = answer["answer"]["grounds"].as_array().unwrap();
        let seen = grounds.iter().flat_map(|g| g["seen"].as_array().unwrap()).filter(|s| s.get("value").is_some());
        seen.filter(|s| s["path"] == "verified.designation").count()
    };
    assert_eq!(verified("check --dataset education --facts facts.json"), 0);
    assert_eq!(verified("--as steward check --dataset education --facts facts.json"), 0);
    assert!(verified("--as researcher check --dataset education --facts facts.json") > 0);
    let key = place.json("trust list")["trustList"]["trusted"][0]["key"].as_str().unwrap().to_owned();
    let told = place.transcript(&format!(
        "
        --as operator trust remove {key}
        --as operator trust publish
        trust list
        --as operator trust remove {key}
        "
    ));
    snapshot("trust_removed", &told);
}

/// A credential in the form of others is a file with its compact text; a register is a file that is asked.
#[test]
fn credentials_and_registers_are_evidence() {
    let place = Place::ready();
    let issuer = Issuer::ed25519(1);
    let credential = vc_jwt(&issuer, REUSER, "2089-01-01T00:00:00Z");
    place.write("accreditation.vc+jwt", &format!("{}\n", credential["compact"].as_str().unwrap()));
    place.write("trade-register.json", datadeal::evidence::registry::EXAMPLE);
    let told = place.transcript(&format!(
        "
        --as researcher evidence add accreditation.vc+jwt
        --as operator trust add --org NL.OIN:00000099000000001000 --name Office --key {} --fact category --kind credential
        --as operator trust publish
        --as researcher evidence list
        --as operator evidence lookup --org {REUSER} --register accreditation.vc+jwt
        --as operator evidence lookup --org {OWNER} --register trade-register.json
        --as steward evidence decision urn:uuid:0193e9a0-0000-7000-8000-000000000000 --fact authorisation
        ",
        issuer.key()
    ));
    snapshot("credentials", &told);
    let asked = format!("--as operator evidence lookup --org {REUSER} --register trade-register.json");
    let known = place.json(&asked)["evidence"].as_array().unwrap().clone();
    assert!(known.len() == 9 && known.iter().all(|e| e["kind"] == "registry" && e["reason"] == "issuer"), "{known:?}");
    assert_eq!(place.json(&asked)["evidence"].as_array().unwrap().len(), 0, "it was just asked");
}

/// Keys: held by the organisation, rotated with its own key, recovered by the operator. No private key is ever printed.
#[test]
fn keys_are_rotated_and_recovered() {
    let place = Place::ready();
    let pem = std::fs::read_to_string(place.dir.path().join("own.pem")).unwrap();
    let mode = std::fs::metadata(place.dir.path().join("own.pem")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let first = place.json(&format!("key list --org {REUSER}"))["keys"][0]["key"].as_str().unwrap().to_owned();
    let told = place.transcript(&format!(
        "
        --as researcher key rotate --org {REUSER} --file new.pem
        --as researcher key rotate --org {REUSER} --file own.pem --key own.pem
        --as researcher key rotate --org {REUSER} --file new.pem --key own.pem
        key list --org {REUSER}
        --as researcher key new --org {REUSER} --use acceptances --recovery --checked x
        --as operator key new --org {REUSER} --use keys --use acceptances --recovery --checked 'visited in person' --revoke {first}
        --as operator key new --org {REUSER} --use keys --use acceptances --recovery --checked 'visited in person'
        --as researcher key rotate --org {REUSER}
        key list
        key export
        "
    ));
    snapshot("keys", &told);
    assert!(!told.contains(pem.lines().nth(1).unwrap()) && !told.contains("PRIVATE"));
    let vkey = place.run(&words("key export --log")).out;
    assert_eq!(vkey.trim(), place.json("key export")["log"].as_str().unwrap());
    assert!(!place.dir.path().join("refused.pem").exists());
}

/// Every command that reads answers one object.
#[test]
fn every_list_is_an_object() {
    let place = Place::ready();
    let mut told = String::new();
    for line in [
        "--as operator org list",
        "--as operator person list",
        "key list",
        "key export",
        "mandate list",
        "trust list",
        "--as researcher evidence list",
        "schema show --fact designation",
        "dataset list",
        "dataset show education",
        "conditions show --dataset education",
        "dataset show nothing",
        "--as operator org add NL.KVK:69599084 --name again",
    ] {
        told.push_str(&format!("$ datadeal {line} --json\n{:#}\n\n", place.json(line)));
    }
    snapshot("json", &told);
    let schema = place.json("schema show");
    assert!(schema["facts"].as_array().unwrap().len() > 40 && schema["purposes"].as_array().unwrap().len() > 30);
}

/// The schema as it is printed can be published again.
#[test]
fn a_schema_goes_round() {
    let place = Place::ready();
    let text = place.run(&words("schema show --cedar")).out;
    place.write("same.cedarschema", &text);
    assert_eq!(place.run(&words("--as operator schema publish same.cedarschema")).code, 0);
    // without a fact that the conditions in force read it is refused, with the place
    place.write("less.cedarschema", &text.replace("  plan?: String", "  plans?: String"));
    let came = place.run(&words("--as operator schema publish less.cedarschema"));
    assert_eq!(came.code, 1, "{came:?}");
    assert!(came.err.contains("plan"), "{}", came.err);
    // without a portal the built-in schema is shown
    let nowhere = Place::new();
    assert_eq!(nowhere.run(&words("schema show")).code, 0);
    assert!(!nowhere.dir.path().join("datadeal-data").exists());
}

fn without(mut object: Value, member: &str) -> Value {
    object.as_object_mut().unwrap().remove(member);
    object
}

/// Somebody leaves: blocked, then back with other roles, and a mandate that is withdrawn.
#[test]
fn somebody_leaves() {
    let place = Place::ready();
    let mut told = place.transcript(
        r#"
        --as operator person block steward --reason "left on 30 November"
        --as operator person show steward
        --as steward person appoint steward --approval ethics --until 2090-01-01
        --as operator person block operator --reason "a mistake"
        --as operator person roles operator --role auditor
        --as operator person unblock steward
        --as operator person roles steward --role owner-admin
        "#,
    );
    let mandate = place.json("mandate list")["mandates"][0]["record"]["id"].as_str().unwrap().to_owned();
    told += &place.transcript(&format!(
        "--as steward mandate withdraw {mandate}\nmandate list\n--as steward mandate withdraw {mandate}"
    ));
    told += &place.transcript(
        "--lang nl --as operator person block steward --reason weg\n--lang nl --as operator person show steward",
    );
    snapshot("leaves", &told);
}
