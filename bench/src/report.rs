//! The tables, and the same as JSON.

use std::time::Duration;

use serde_json::{Value, json};

use super::goals::Goal;
use super::measured::{Measured, ROUNDS};
use super::results::Results;
use super::sample::{median, quantile, ratio};
use super::subject::Subject;
use crate::Error;

/// One row a function. What hashes is compared with a bare hash where it is warm: base hardly computes, and the speed of
/// computing drifts by itself.
pub(super) fn functions(results: &Results) -> Result<Value, Error> {
    println!(
        "{:16} {:>8} {:>6} {:>9} {:>6} {:>9} {:>7} {:>9} {:>7} {:>7} {:>8} {:>8} {:>6} {:>8}",
        "",
        "init ms",
        "÷base",
        "first ms",
        "÷base",
        "p50 µs",
        "÷base",
        "p99 µs",
        "CPU µs",
        "÷base",
        "peak MB",
        "size MB",
        "÷base",
        "zip MB"
    );
    let mut rows = Vec::new();
    for (subject, measured) in &results.all {
        rows.push(function(results, subject, measured)?);
    }
    let hash = median(&results.hashes) * 1e6;
    println!("h: instead of base, a bare hash of {hash:.0} µs");
    Ok(rows.into())
}

fn function(results: &Results, subject: &Subject, measured: &Measured) -> Result<Value, Error> {
    let hashes: Option<&[Duration]> = subject.hashes().then_some(&results.hashes);
    let (to, mark) = hashes.map_or(("base", ' '), |_| ("hash", 'h'));
    let init = measured.init_to_base();
    let first = measured.first_to_base();
    let (starts, warm) = (&measured.starts, &measured.warm);
    let [to_warm, to_computing] = match hashes {
        Some(hashes) => [&warm.took, &warm.computing].map(|sample| ratio(sample, hashes, ROUNDS)),
        None => [measured.warm_to_base(), measured.computing_to_base()],
    };
    let (init_ms, first_ms) = (median(&starts.init) * 1e3, median(&starts.first) * 1e3);
    let (p50, cpu_us) = (median(&warm.took) * 1e6, median(&warm.computing) * 1e6);
    let p99 = quantile(&warm.took, 0.99).as_secs_f64() * 1e6;
    let (size, zip) = (subject.size()?, zipped(subject)?);
    let binary = size / results.base().size()?;
    println!(
        "{:16} {init_ms:8.2} {init:6.2} {first_ms:9.2} {first:6.2} {p50:9.0} {to_warm:6.2}{mark} {p99:9.0} {cpu_us:7.0} {to_computing:6.2}{mark} {:8.1} {:8.2} {binary:6.2} {:8.2}",
        subject.name,
        measured.memory as f64 / 1e6,
        size / 1e6,
        zip / 1e6,
    );
    let mut row = json!({
        "function": subject.name,
        "init_ms": init_ms,
        "init_to_base": init,
        "first_ms": first_ms,
        "first_to_base": first,
        "warm_p50_us": p50,
        "warm_p99_us": p99,
        "cpu_us": cpu_us,
        "peak_memory_bytes": measured.memory,
        "binary_bytes": size,
        "binary_to_base": binary,
        "zip_bytes": zip,
    });
    row[format!("warm_to_{to}")] = to_warm.into();
    row[format!("cpu_to_{to}")] = to_computing.into();
    Ok(row)
}

/// One row a goal: whether it is met, and by how much.
pub(super) fn goals(goals: &[Goal]) -> Value {
    println!("\n{:72} {:>10} {:>10}", "", "measured", "goal");
    let row = |goal: &Goal| {
        let Goal {
            what,
            measured,
            at_most,
            unit,
            of,
        } = goal;
        let says = match goal.is_met() {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "for comparison",
        };
        let of = of.map_or(String::new(), |function| format!("({function})"));
        let at_most = at_most.map_or("-".to_owned(), |at_most| format!("{at_most:.4}"));
        println!("{what:72} {measured:8.4}{unit:2} {at_most:>8}{unit:2} {says} {of}");
        json!({ "goal": what, "of": goal.of, "measured": measured, "at_most": goal.at_most, "met": goal.is_met() })
    };
    goals.iter().map(row).collect::<Vec<_>>().into()
}

/// Bytes of what is uploaded of it.
fn zipped(subject: &Subject) -> Result<f64, Error> {
    let mut deflate =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::copy(&mut std::fs::File::open(subject.binary())?, &mut deflate)?;
    Ok(deflate.finish()?.len() as f64)
}
