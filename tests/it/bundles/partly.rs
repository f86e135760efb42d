//! Bundles of the example of road traffic: deals on some of the columns, after one of them waited for a person who refused.

use datadeal::sign::VerifierKey;
use serde_json::{Value, json};

use super::{Made, Maker};
use crate::examples::{retold, supplier_refuses};
use crate::support::forge::Forge;

const DECISION: &str = "/decision/credentialSubject";

pub(super) fn add(m: &mut Maker) {
    retold("road-traffic", supplier_refuses, |stage, told, folder| {
        let log = stage.engine().log_key().unwrap();
        let bundle =
            serde_json::to_value(stage.engine().bundle(stage.operator(), &told.deals[0], true).unwrap()).unwrap();
        push(m, "columns refused by a person", None, &log, bundle.clone());
        // the reuser holds its own key: what it said is left out
        let forged = |change: &dyn Fn(&mut Forge)| {
            let mut forge = Forge::of(stage.engine(), &folder.join("data/keys"), bundle.clone());
            drop_record(&mut forge, "/acceptance");
            change(&mut forge);
            forge.settle();
            forge.bundle
        };
        push(m, "a refusal that is left out", "S-78", &log, forged(&unrefused));
        push(m, "more granted than was permitted", "S-78", &log, forged(&all_granted));
        push(
            m,
            "granted while a column waits",
            "S-78",
            &log,
            forged(&|f| f.set(&format!("{DECISION}/result"), "granted")),
        );
        push(m, "deal on a column that was refused", "S-91", &log, forged(&refused_column));
        push(m, "another answer for a column", "S-100", &log, forged(&other_column));
    });
    // a promise on columns that were not given was declined: the deal does not hold it
    retold(
        "road-traffic",
        |_| {},
        |stage, told, _| {
            let bundle = stage.engine().bundle(stage.operator(), &told.deals[0], true).unwrap();
            let log = stage.engine().log_key().unwrap();
            push(m, "a declined promise", None, &log, serde_json::to_value(bundle).unwrap());
        },
    );
}

fn push(m: &mut Maker, name: &'static str, must: impl Into<Option<&'static str>>, log: &VerifierKey, bundle: Value) {
    let (must, log) = (must.into(), log.clone());
    m.made.push(Made { name, must, bundle, log, witnesses: Vec::new(), quorum: 0 });
}

/// Takes a record away, with its place in the log.
fn drop_record(f: &mut Forge, path: &str) {
    let entry = f.entry_of(path);
    f.remove(&entry);
    f.remove(path);
}

/// The approval that was refused is in neither the bundle nor the decision.
fn unrefused(f: &mut Forge) {
    let approvals = f.at("/approvals").as_array().unwrap().clone();
    let at = approvals.iter().position(|a| a["credentialSubject"]["given"] == false).unwrap();
    let id = approvals[at]["id"].clone();
    f.at(&format!("{DECISION}/approvals")).as_array_mut().unwrap().retain(|a| a["id"] != id);
    drop_record(f, &format!("/approvals/{at}"));
}

fn all_granted(f: &mut Forge) {
    let all = f.at("/request/credentialSubject/scope/columns").clone();
    f.set(&format!("{DECISION}/granted"), all);
    f.remove(&format!("{DECISION}/refused"));
}

fn refused_column(f: &mut Forge) {
    let mut columns = f.at("/deal/credentialSubject/scope/columns").as_array().unwrap().clone();
    columns.push(f.at(&format!("{DECISION}/refused"))[0].clone());
    columns.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    f.set("/deal/credentialSubject/scope/columns", json!(columns));
}

/// A column that was given belongs to another group than the ground for it reads.
fn other_column(f: &mut Forge) {
    let given = f.at(&format!("{DECISION}/granted"))[0].clone();
    let columns = f.at("/input/dataset/columns").as_array_mut().unwrap();
    columns.iter_mut().find(|c| c["name"] == given).unwrap()["group"] = "elsewhere".into();
}
