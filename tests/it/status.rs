//! The status lists of an owner: what they say follows where its deals stand.

use std::collections::BTreeSet;

use datadeal::engine::DealStep;
use datadeal::engine::{EngineError, KeyPlace, NewKey};
use datadeal::model::Urn;
use datadeal::model::bitstring::{Bitstring, STATUS_SIZE};
use datadeal::model::record::{KeyUse, StatusList, StatusPurpose};
use datadeal::sign::proof;

use crate::story::{World, owner, reuser};

/// The places that are set, of revocation and of suspension; the lists are verified.
fn places(world: &World) -> [Vec<u32>; 2] {
    let lists = world.engine.status_lists(&owner()).unwrap();
    let of = |wanted: StatusPurpose| {
        let (_, document) = lists.iter().find(|(purpose, _)| *purpose == wanted).unwrap();
        let signed = proof::verify(document).unwrap();
        let list = StatusList::read(document.clone()).unwrap();
        assert_eq!((list.purpose, list.issuer.id), (wanted, signed.key));
        assert_eq!(list.issuer.register_number, owner());
        assert_eq!(list.address, format!("https://portal.example/log/status/{}/{}", owner(), wanted.as_str()));
        assert_eq!(list.valid_until, list.valid_from.plus_seconds(7 * 86_400));
        let bits = Bitstring::decode(&list.encoded).unwrap();
        (0..STATUS_SIZE).filter(|place| bits.get(*place) == Some(true)).collect()
    };
    StatusPurpose::ALL.map(of)
}

/// Where a deal's record says that its status stands.
fn place(world: &World, deal: &Urn) -> u32 {
    let document = world.bundle(deal).deal.unwrap();
    let status = document["credentialStatus"].as_array().unwrap().clone();
    assert_eq!(status.len(), 2);
    for (entry, purpose) in status.iter().zip(StatusPurpose::ALL) {
        assert_eq!(entry["statusPurpose"], purpose.as_str());
        assert!(entry["statusListCredential"].as_str().unwrap().ends_with(purpose.as_str()));
    }
    assert_eq!(status[0]["statusListIndex"], status[1]["statusListIndex"]);
    status[0]["statusListIndex"].as_str().unwrap().parse().unwrap()
}

#[test]
fn lists_follow_the_deals() {
    let world = World::new();
    let (one, other) = (world.deal(), world.deal());
    let admin = world.actor("admin");
    // no key may sign it yet
    let none = world.engine.status_lists(&owner()).unwrap_err();
    assert!(matches!(none, EngineError::NoKey { key_use: "status", .. }), "{none}");
    let key = NewKey {
        organisation: &owner(),
        place: KeyPlace::Service,
        uses: BTreeSet::from([KeyUse::Status]),
        checked: None,
        revokes: BTreeSet::new(),
        recovery: false,
    };
    world.engine.state_key(&admin, &key).unwrap();
    let (first, second) = (place(&world, &one), place(&world, &other));
    assert_ne!(first, second);
    assert_eq!(places(&world), [Vec::<u32>::new(), Vec::new()]);
    let act = |deal: &Urn, action| world.engine.deal_step(&admin, deal, action, "a reason").unwrap().wait().unwrap();
    act(&one, DealStep::Suspend);
    assert_eq!(places(&world), [vec![], vec![first]]);
    act(&one, DealStep::Resume);
    act(&other, DealStep::RevokeAtOnce);
    assert_eq!(places(&world), [vec![second], vec![]]);
    act(&one, DealStep::Suspend);
    act(&one, DealStep::RevokeAtOnce);
    let mut both = vec![first, second];
    both.sort_unstable();
    assert_eq!(places(&world), [both, vec![]]);
    // it is not in the log, and an organisation without deals has lists of its own
    let size = world.engine.newest().unwrap().checkpoint.size();
    places(&world);
    assert_eq!(world.engine.newest().unwrap().checkpoint.size(), size);
    assert!(matches!(world.engine.status_lists(&reuser()), Err(EngineError::NoKey { .. })));
}

#[test]
fn another_document_is_no_status_list() {
    let world = World::new();
    assert!(StatusList::read(world.bundle(&world.deal()).deal.unwrap()).is_err());
}
