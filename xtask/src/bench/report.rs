//! The tables, and the same as JSON.

use serde_json::{Value, json};

use super::goals::Goal;
use super::measure::{Measured, median, quantile};
use super::subject::Subject;
use crate::Error;

/// One row a function.
pub(super) fn functions(subjects: &[Subject], measured: &[Measured]) -> Result<Value, Error> {
    println!(
        "{:16} {:>8} {:>6} {:>9} {:>6} {:>9} {:>6} {:>9} {:>7} {:>6} {:>8} {:>8} {:>6} {:>8}",
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
    let base = measured.first().ok_or("nothing was measured")?;
    let base_size = size(&subjects[0])?;
    for (subject, measured) in subjects.iter().zip(measured) {
        let ratio = |of: fn(&Measured) -> f64| of(measured) / of(base);
        let (size, zip) = (size(subject)?, zipped(subject)?);
        println!(
            "{:16} {:8.2} {:6.2} {:9.2} {:6.2} {:9.0} {:6.2} {:9.0} {:7.0} {:6.2} {:8.1} {:8.2} {:6.2} {:8.2}",
            subject.name,
            init(measured) * 1e3,
            ratio(init),
            first(measured) * 1e3,
            ratio(first),
            warm(measured) * 1e6,
            ratio(warm),
            quantile(&measured.warm, 0.99).as_secs_f64() * 1e6,
            computing(measured) * 1e6,
            ratio(computing),
            measured.memory as f64 / 1e6,
            size / 1e6,
            size / base_size,
            zip / 1e6,
        );
        rows.push(json!({
            "function": subject.name,
            "init_ms": init(measured) * 1e3,
            "init_to_base": ratio(init),
            "first_ms": first(measured) * 1e3,
            "first_to_base": ratio(first),
            "warm_p50_us": warm(measured) * 1e6,
            "warm_p50_to_base": ratio(warm),
            "warm_p99_us": quantile(&measured.warm, 0.99).as_secs_f64() * 1e6,
            "cpu_us": computing(measured) * 1e6,
            "cpu_to_base": ratio(computing),
            "peak_memory_bytes": measured.memory,
            "binary_bytes": size,
            "binary_to_base": size / base_size,
            "zip_bytes": zip,
        }));
    }
    Ok(rows.into())
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
        let says = if goal.is_met() { "met" } else { "MISSED" };
        let of = of.map_or(String::new(), |function| format!("({function})"));
        println!("{what:72} {measured:8.4}{unit:2} {at_most:8.4}{unit:2} {says} {of}");
        json!({ "goal": what, "of": goal.of, "measured": measured, "at_most": at_most, "met": goal.is_met() })
    };
    goals.iter().map(row).collect::<Vec<_>>().into()
}

/// Seconds.
pub(super) fn init(measured: &Measured) -> f64 {
    median(&measured.init).as_secs_f64()
}

pub(super) fn first(measured: &Measured) -> f64 {
    median(&measured.first).as_secs_f64()
}

pub(super) fn warm(measured: &Measured) -> f64 {
    median(&measured.warm).as_secs_f64()
}

pub(super) fn computing(measured: &Measured) -> f64 {
    median(&measured.computing).as_secs_f64()
}

/// Bytes.
pub(super) fn size(subject: &Subject) -> Result<f64, Error> {
    Ok(std::fs::metadata(subject.binary())?.len() as f64)
}

/// Bytes of what is uploaded of it.
fn zipped(subject: &Subject) -> Result<f64, Error> {
    let mut deflate =
        flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::copy(&mut std::fs::File::open(subject.binary())?, &mut deflate)?;
    Ok(deflate.finish()?.len() as f64)
}
