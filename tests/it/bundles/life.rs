//! Bundles of deals that were followed by others, revoked step by step, and asked about again; and of mandates that were withdrawn.

use datadeal::engine::{Amendment, DealStep};
use datadeal::model::record::Transition;
use datadeal::model::{Urn, entry};
use serde_json::{Value, json};

use super::{Made, Maker};
use crate::deals::Life;
use crate::story::{owner, reuser};
use crate::support::forge::Forge;

/// A portal, one deal of it, and its bundle.
struct Scene {
    life: Life,
    bundle: Value,
}

impl Scene {
    fn new(life: Life, deal: &Urn) -> Self {
        let bundle = serde_json::to_value(life.world.bundle(deal)).unwrap();
        Scene { life, bundle }
    }

    fn right(&self, m: &mut Maker, name: &'static str) {
        self.push(m, name, None, self.bundle.clone());
    }

    fn forged(&self, m: &mut Maker, name: &'static str, must: &'static str, change: impl FnOnce(&mut Forge)) {
        let mut forge = Forge::new(&self.life.world, self.bundle.clone());
        change(&mut forge);
        forge.settle();
        self.push(m, name, Some(must), forge.bundle);
    }

    fn push(&self, m: &mut Maker, name: &'static str, must: Option<&'static str>, bundle: Value) {
        let log = self.life.world.engine.log_key().unwrap();
        m.made.push(Made { name, must, bundle, log, witnesses: Vec::new(), quorum: 0 });
    }
}

fn left_out(f: &mut Forge, path: &str) {
    let entry = f.entry_of(path);
    f.remove(&entry);
    f.remove(path);
}

pub(super) fn add(m: &mut Maker) {
    followed(m);
    steps(m);
    reviews(m);
    withdrawals(m);
}

fn followed(m: &mut Maker) {
    let life = Life::new();
    let deal = life.world.deal();
    let change = Amendment { columns: Some(["year".to_owned()].into()), until: None };
    let next = life.amend(&deal, &change).unwrap().id;
    life.accept(&next).unwrap();
    let scene = Scene::new(life, &next);
    scene.right(m, "in the place of another deal");
    scene.forged(m, "in the place of a deal on other data", "S-180", |f| {
        f.set("/supersedes/credentialSubject/dataset", "https://example.nl/id/other");
    });
    scene.forged(m, "in the place of a deal that is left out", "S-180", |f| left_out(f, "/supersedes"));
    let scene = Scene::new(scene.life, &deal);
    scene.right(m, "followed by another deal");
    scene.forged(m, "followed by a deal accepted by another", "S-181", |f| {
        f.set("/supersededByAcceptance/credentialSubject/actor/organisation", owner().as_str());
    });
    scene.forged(m, "followed by a deal that was not accepted", "S-181", |f| left_out(f, "/supersededByAcceptance"));
    scene.forged(m, "followed by a deal that follows another", "S-181", |f| {
        let other = f.at("/deal/credentialSubject/decision/record").clone();
        f.set("/supersededBy/credentialSubject/supersedes", other);
    });
    scene.forged(m, "followed by a deal without a mandate", "S-98", |f| {
        f.set("/supersededBy/credentialSubject/actor/authority", json!({"register": "chief"}));
    });
}

fn steps(m: &mut Maker) {
    let life = Life::new();
    let deal = life.world.deal();
    life.step(&deal, DealStep::Intend(14)).unwrap();
    life.view(&deal, "we keep to the terms").unwrap();
    life.step(&deal, DealStep::Revoke).unwrap();
    let scene = Scene::new(life, &deal);
    scene.right(m, "announced, heard and revoked");
    let action = |bundle: &Value, wanted: &str| {
        let list = bundle["revocations"].as_array().unwrap();
        let at = list.iter().position(|r| r["credentialSubject"]["action"] == wanted).unwrap();
        format!("/revocations/{at}")
    };
    let (intend, revoke) = (action(&scene.bundle, "intend"), action(&scene.bundle, "revoke"));
    scene.forged(m, "revoked without a view", "S-182", |f| f.remove(&format!("{revoke}/credentialSubject/view")));
    scene.forged(m, "revoked without an announcement", "S-182", |f| left_out(f, &intend));
    scene.forged(m, "announced without a time for a view", "S-182", |f| {
        f.remove(&format!("{intend}/credentialSubject/viewUntil"));
    });
    scene.forged(m, "announced for danger", "S-182", |f| f.set(&format!("{intend}/credentialSubject/danger"), true));
}

fn reviews(m: &mut Maker) {
    let life = Life::new();
    let deal = life.world.deal();
    let from = life.world.engine.now();
    life.stricter(Some(Transition::Live(from)), true);
    assert_eq!(life.world.engine.monitor(&life.world.actor("operator"), None).unwrap().changed.len(), 1);
    let scene = Scene::new(life, &deal);
    scene.right(m, "asked again and suspended by rule");
    let review = "/reviews/0/credentialSubject";
    scene.forged(m, "another answer before", "S-183", |f| f.set(&format!("{review}/before"), "deny"));
    scene.forged(m, "a person answers again", "S-183", |f| {
        f.set(&format!("{review}/actor/person"), "0".repeat(64));
    });
    scene.forged(m, "suspended without a rule", "S-98", |f| f.remove(&format!("{review}/suspends")));
    scene.forged(m, "suspended by another official", "S-98", |f| {
        f.set("/revocations/0/credentialSubject/actor/authority/automatic", "nobody");
    });
    scene.forged(m, "revoked by rule", "S-98", |f| {
        f.set("/revocations/0/credentialSubject/action", "revoke");
        f.set("/revocations/0/credentialSubject/danger", true);
        f.set("/revocations/0/credentialSubject/copies", "delete");
    });
    scene.forged(m, "a suspension deletes", "S-182", |f| {
        f.set("/revocations/0/credentialSubject/copies", "delete");
    });
    scene.forged(m, "too late to object", "S-182", |f| {
        f.set("/revocations/0/credentialSubject/objection/until", "2026-01-01");
    });
}

/// The appointment of the reviewer and the mandate of who decides are withdrawn after a deal.
fn withdrawals(m: &mut Maker) {
    let life = Life::new();
    let (engine, admin) = (&life.world.engine, life.world.actor("admin"));
    let deal = life.world.deal();
    for mandate in engine.mandates(Some(&owner())).unwrap() {
        engine.withdraw_mandate(&admin, &mandate.record.id).unwrap().wait().unwrap();
    }
    let scene = Scene::new(life, &deal);
    assert_eq!(scene.bundle["withdrawals"].as_array().unwrap().len(), 2);
    scene.right(m, "mandates withdrawn afterwards");
    let (withdrawal, mandates) = ("/withdrawals/0", &scene.bundle["mandates"]);
    scene.forged(m, "withdrawn by who did not give it", "S-76", |f| {
        f.set(&format!("{withdrawal}/credentialSubject/giver"), reuser().as_str());
    });
    let other = mandates[1]["id"].clone();
    scene.forged(m, "withdrawal of no mandate", "S-190", |f| {
        f.set(&format!("{withdrawal}/credentialSubject/mandate/id"), other);
    });
    let first = scene.bundle["withdrawals"][0]["credentialSubject"]["mandate"].clone();
    scene.forged(m, "withdrawn twice", "S-190", |f| {
        f.set("/withdrawals/1/credentialSubject/mandate", first);
    });
    scene.forged(m, "withdrawal about itself", "S-88", |f| {
        let place = f.entry_of(withdrawal);
        let (own, id) = (f.at(&format!("{withdrawal}/id")).clone(), f.at(&format!("{place}/entry/id")).clone());
        let about = entry::about(own.as_str().unwrap(), &id.as_str().unwrap().parse().unwrap(), None);
        f.set(&format!("{place}/entry/about"), about.to_string());
    });
    // the withdrawal in the place of what rests on the mandate, and all that follows it one place later
    let appointed = scene.bundle["approvals"][0]["credentialSubject"]["actor"]["authority"]["mandate"].clone();
    let of = |w: &Value| w["credentialSubject"]["mandate"]["digest"] == appointed;
    let at = scene.bundle["withdrawals"].as_array().unwrap().iter().position(of).unwrap();
    let paths = [&format!("/withdrawals/{at}"), "/approvals/0", "/decision", "/deal", "/acceptance"];
    scene.forged(m, "approved after the appointment was withdrawn", "S-191", |f| {
        let places = paths.map(|path| format!("{}/index", f.entry_of(path)));
        let mut indexes: Vec<u64> = places.iter().map(|place| f.at(place).as_u64().unwrap()).collect();
        indexes.sort_unstable();
        places.iter().zip(indexes).for_each(|(place, index)| f.set(place, index));
    });
}
