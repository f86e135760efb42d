//! scratch
#![allow(clippy::all, clippy::unwrap_used, clippy::print_stdout, clippy::indexing_slicing, missing_docs, dead_code)]
mod world;
use std::time::Instant;
fn main() {
    let w = world::World::new();
    let n = 4096;
    let t = Instant::now();
    let cases = w.granted(n, 1024);
    println!("submit {:.1} us", t.elapsed().as_secs_f64() * 1e6 / n as f64);
    let t = Instant::now();
    let deals = world::in_flight(n, 1024, |i| w.engine.offer(&w.admin, &cases[i]).unwrap());
    println!("offer {:.1} us", t.elapsed().as_secs_f64() * 1e6 / n as f64);
    let t = Instant::now();
    world::in_flight(n, 1024, |i| w.engine.accept(&w.researcher, &deals[i].id, None).unwrap());
    println!("accept {:.1} us", t.elapsed().as_secs_f64() * 1e6 / n as f64);
    println!("{}", w.dir.path().display());
    let t = Instant::now();
    let a = w.engine.audit(&w.auditor, &mut |_, _| {}).unwrap();
    println!("audit {:.1} us/deal {} findings", t.elapsed().as_secs_f64() * 1e6 / n as f64, a.findings.len());
    std::mem::forget(w);
}
