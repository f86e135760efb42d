//! Deals issued in process, 1,024 in flight: decided, signed, logged, durable.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Instant;

use datadeal::conditions::{Schema, load};
use datadeal::log::Written;
use datadeal::model::condition::Level;
use datadeal::model::input::DecisionInput;
use datadeal::store::Kind;
use ed25519_dalek::SigningKey;

use crate::world::{World, in_flight};
use crate::{Budget, ROUNDS, decisions, median, parts, world};

const FLIGHT: usize = 1024;
const DEALS: usize = 4096;

pub(crate) fn run(budgets: &mut Vec<Budget>) {
    let world = World::new();
    let schema = Schema::built_in().unwrap();
    let set = load(&schema, "bench", &world::text(), Level::Dataset).unwrap_or_else(|e| panic!("{e:?}"));
    let input = decisions::input(&schema, &set, world::facts(), &[]);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    // the first round warms up
    for round in 0..=ROUNDS {
        let cases = world.granted(DEALS, FLIGHT);
        let before = world.engine.log().written();
        let start = Instant::now();
        let deals = in_flight(DEALS, FLIGHT, |i| world.engine.offer(&world.admin, &cases[i]).unwrap());
        let took = start.elapsed().as_secs_f64();
        if round == 0 {
            bytes = written(&world, &deals[0]);
            continue;
        }
        ours.push(took / DEALS as f64);
        let batch = mean_batch(before, world.engine.log().written());
        bare.push(parts_alone(&world.dir.path().join(format!("parts{round}.db")), &schema, &input, (batch, bytes)));
    }
    budgets.push(Budget { name: "issue a deal, 1,024 in flight", limit: 1.6, ours: median(ours), parts: median(bare) });
}

/// How many bytes one deal adds to the store: its record, its entry and the rows of case and deal.
pub(crate) fn written(world: &World, deal: &datadeal::engine::DealTold) -> usize {
    let store = world.engine.store();
    let record = store.record(&deal.id.to_string()).unwrap().unwrap();
    let row = |kind, key: String| store.row(kind, &key).unwrap().unwrap().body.len();
    let entry = store.leaf_of(&record.id).unwrap().unwrap().bytes.len();
    let rows = row(Kind::Deal, deal.id.to_string()) + row(Kind::Request, deal.request.to_string());
    record.bytes.len() + entry + rows
}

/// How many operations stood in a commit of a run, from what was written before and after it.
pub(crate) fn mean_batch(before: Written, after: Written) -> usize {
    let batch = (after.operations - before.operations) as f64 / (after.commits - before.commits) as f64;
    (batch.round() as usize).clamp(1, FLIGHT)
}

/// The same flow of bare operations on the same two threads: one decides and signs, one commits so many rows of that size at once.
pub(crate) fn parts_alone(path: &Path, schema: &Schema, input: &DecisionInput, (batch, bytes): (usize, usize)) -> f64 {
    let cedar = parts::Cedar::new(schema.text(), &world::text());
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut rows = parts::Rows::new(path);
    let body = vec![7; bytes];
    let (rows_in, rows_out): (SyncSender<SyncSender<()>>, Receiver<SyncSender<()>>) = sync_channel(FLIGHT);
    let start = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let waiting: Vec<_> = rows_out.iter().take(batch).collect();
                if waiting.is_empty() {
                    break;
                }
                parts::sign(&key, 1);
                rows.commit(waiting.len(), &body);
                waiting.into_iter().for_each(|done| done.send(()).unwrap());
            }
        });
        let key = SigningKey::from_bytes(&[8; 32]);
        let mut waiting: VecDeque<Receiver<()>> = VecDeque::new();
        for _ in 0..DEALS {
            if waiting.len() == FLIGHT {
                waiting.pop_front().unwrap().recv().unwrap();
            }
            std::hint::black_box(cedar.decide(input));
            parts::sign(&key, 1);
            let (done, ticket) = sync_channel(1);
            rows_in.send(done).unwrap();
            waiting.push_back(ticket);
        }
        drop(rows_in);
        waiting.into_iter().for_each(|ticket| ticket.recv().unwrap());
    });
    start.elapsed().as_secs_f64() / DEALS as f64
}
