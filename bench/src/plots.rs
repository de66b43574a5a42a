//! The results as figures: one SVG file a question.

mod bars;
mod dollars;
mod figure;
mod lines;
mod values;

use std::path::Path;

use plotters::prelude::{BindKeyPoints, IntoLogRange};
use serde_json::Value;

use crate::Error;
use bars::Bar;
use figure::Figure;
use values::{extent, number, rows, text};

/// Draws what the bench writes as JSON, into files of this directory. The same numbers give the same bytes.
///
/// # Errors
///
/// Fails if a number is missing, which is then named, or if a file cannot be written.
pub(super) fn draw(all: &Value, directory: &Path) -> Result<(), Error> {
    start(all, &directory.join("start.svg"))?;
    warm(all, &directory.join("warm.svg"))?;
    dollars::cost(all, &directory.join("cost.svg"))?;
    dollars::month(all, &directory.join("month.svg"))
}

fn start(all: &Value, file: &Path) -> Result<(), Error> {
    let functions = rows(all, "/functions")?;
    let bars = functions
        .iter()
        .map(|row| bar(row, number(row, "init_ms")?, number(row, "first_ms")?))
        .collect::<Result<Vec<_>, Error>>()?;
    let (_, longest) = extent(bars.iter().flat_map(|bar| [bar.near, bar.far]))?;
    let figure = Figure {
        file,
        title: "Cold start: milliseconds from the start of the process",
        says: "Medians of one run. In grey, what the functions are measured against.",
        height: bars::height(&bars),
    };
    let axis = 0.0..longest * 1.03;
    bars::draw(
        &figure,
        ["to the first poll", "from there to the first answer"],
        ["poll", "answer"],
        ("ms", axis),
        &bars,
    )
}

fn warm(all: &Value, file: &Path) -> Result<(), Error> {
    let functions = rows(all, "/functions")?;
    let bars = functions
        .iter()
        .map(|row| {
            let (p50, p99) = (number(row, "warm_p50_us")?, number(row, "warm_p99_us")?);
            bar(row, p50 / 1e3, p99 / 1e3)
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let (shortest, longest) = extent(bars.iter().flat_map(|bar| [bar.near, bar.far]))?;
    let figure = Figure {
        file,
        title: "Warm requests: milliseconds from event to answer",
        says: "Median and 99th percentile of one run. In grey, what the functions are measured against.",
        height: bars::height(&bars),
    };
    let range = shortest / 2.0..longest * 1.1;
    let ticks = figure::ticks(&range, &[1.0, 2.0, 5.0]);
    bars::draw(
        &figure,
        ["median (p50)", "99th percentile (p99)"],
        ["p50", "p99"],
        (
            "ms, on a logarithmic axis",
            range.log_scale().with_key_points(ticks),
        ),
        &bars,
    )
}

fn bar(row: &Value, near: f64, far: f64) -> Result<Bar<'_>, Error> {
    let name = text(row, "function")?;
    Ok(Bar { name, near, far })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> Value {
        let function = |name, init, first| json!({ "function": name, "init_ms": init, "first_ms": first, "warm_p50_us": 300.0, "warm_p99_us": 900.0 });
        let cost = |memory| json!({ "function": "login", "memory_mb": memory, "dollars_a_million": 3.5, "ms": 48.0 });
        let month = |users: f64, cognito: [f64; 3]| json!({ "users": users, "latchkey": users / 500.0, "cognito_lite_essentials_plus": cognito });
        json!({
            "functions": [function("floor-nothing", 2.4, 2.9), function("usual-login", 5.6, 80.0), function("login", 19.9, 43.9)],
            "costs": {
                "per_million": [cost(256.0), cost(512.0)],
                "per_month": [month(1e3, [0.0, 0.0, 20.0]), month(1e6, [5445.0, 14850.0, 20000.0])],
            },
        })
    }

    #[test]
    fn the_same_numbers_are_drawn_as_the_same_files() -> Result<(), Error> {
        let (once, again) = (tempfile::tempdir()?, tempfile::tempdir()?);
        draw(&sample(), once.path())?;
        draw(&sample(), again.path())?;
        for file in ["start.svg", "warm.svg", "cost.svg", "month.svg"] {
            let drawn = std::fs::read_to_string(once.path().join(file))?;
            assert!(drawn.ends_with("</svg>\n"), "{file} is whole");
            assert_eq!(drawn, std::fs::read_to_string(again.path().join(file))?);
        }
        Ok(())
    }

    #[test]
    fn a_number_that_is_missing_is_named() -> Result<(), Error> {
        let directory = tempfile::tempdir()?;
        let mut all = sample();
        all["functions"][2]["first_ms"] = Value::Null;
        let drawn = draw(&all, directory.path()).map_err(|error| error.to_string());
        assert!(drawn.is_err_and(|error| error.contains("first_ms")));
        Ok(())
    }
}
