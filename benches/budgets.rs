//! The budgets of the design, each as a ratio to its parts measured alone in the same run, alternating, median of five, both absolute
//! figures beside the ratio: `cargo bench`, or `cargo bench -- NAME` for some of `decisions`, `deals`, `bundle`, `audit`, `import`, `start`,
//! `eligible`, `search`, `service` (or `service-checks`, `-deals`, `-memory`, `-tail`, `-start`).
//! Ends in lines `budget NAME: RATIO (limit)`, and fails if one is missed.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a bench that cannot go on stops; the size of its log is set from outside"
)]

mod deals;
mod decisions;
mod eligible;
mod import;
mod logs;
mod parts;
mod portal;
mod search;
mod service;
mod start;
mod world;

use std::process::ExitCode;
use std::time::Instant;

/// That of the program, so that the parts have it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROUNDS: usize = 5;

/// A ratio and its limit.
struct Budget {
    name: &'static str,
    limit: f64,
    /// Seconds for one operation of ours and of the parts.
    ours: f64,
    parts: f64,
}

/// A figure that has a limit by itself.
struct Ceiling {
    name: &'static str,
    limit: f64,
    found: f64,
    unit: &'static str,
}

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| asked.is_empty() || asked.iter().any(|a| a == name);
    let (mut budgets, mut ceilings) = (Vec::new(), Vec::new());
    if wanted("decisions") {
        decisions::run(&mut budgets);
    }
    if wanted("deals") {
        deals::run(&mut budgets);
    }
    if wanted("bundle") {
        logs::bundle(&mut budgets);
    }
    if wanted("audit") {
        logs::audit(&mut budgets, &mut ceilings);
    }
    if wanted("import") {
        import::run(&mut budgets);
    }
    if wanted("start") {
        start::run(&mut ceilings);
    }
    if wanted("eligible") {
        eligible::run(&mut budgets, &mut ceilings);
    }
    if wanted("search") {
        search::run(&mut ceilings);
    }
    service::run(wanted, &mut budgets, &mut ceilings);
    let mut missed = 0;
    println!();
    for b in &budgets {
        println!("{:<34} ours {:>12.1} us, parts {:>12.1} us", b.name, b.ours * 1e6, b.parts * 1e6);
    }
    for b in &budgets {
        let ratio = b.ours / b.parts;
        println!("budget {}: {ratio:.2} (limit {})", b.name, b.limit);
        missed += usize::from(ratio > b.limit);
    }
    for c in &ceilings {
        println!("budget {}: {:.1} {} (limit {} {})", c.name, c.found, c.unit, c.limit, c.unit);
        missed += usize::from(c.found > c.limit);
    }
    println!("{missed} missed");
    ExitCode::from(u8::from(missed > 0))
}

fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}

/// Times both sides in turn, the median of the rounds of each.
fn compare(n: u32, mut ours: impl FnMut(), mut parts: impl FnMut()) -> (f64, f64) {
    let time = |f: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..n {
            f();
        }
        start.elapsed().as_secs_f64() / f64::from(n)
    };
    time(&mut ours);
    time(&mut parts);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        a.push(time(&mut ours));
        b.push(time(&mut parts));
    }
    (median(a), median(b))
}
