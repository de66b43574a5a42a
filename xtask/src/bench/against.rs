//! How a run differs from one before, so that a change can be held to it.

use std::path::Path;

use serde_json::Value;

use crate::Error;

/// By how much two runs of the same tree differ at most.
const NOISE: f64 = 0.10;

/// Prints by how much each ratio differs from that in the file of another run: all that have a goal, and those of the
/// functions that differ by more than what is noise.
///
/// # Errors
///
/// Where one that has a goal is greater by more than that.
pub(super) fn compare(now: &Value, file: &Path) -> Result<(), Error> {
    let before = serde_json::from_slice(&std::fs::read(file)?)?;
    println!("\n{:72} {:>10} {:>10}", "", "before", "now");
    let mut worse = Vec::new();
    for change in changes(&goals(&before), goals(now)) {
        change.tell();
        if change.by() > NOISE {
            worse.push(change.what);
        }
    }
    let (mut all, mut noisy) = (0, 0);
    for change in changes(&functions(&before), functions(now)) {
        all += 1;
        if change.by().abs() > NOISE {
            noisy += 1;
            change.tell();
        }
    }
    println!("of {all} ratios of functions to base, {noisy} differ by more than 10 %");
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!("these are worse than before: {}", worse.join("; ")).into())
}

#[derive(Debug, PartialEq)]
struct Change {
    what: String,
    before: f64,
    now: f64,
}

impl Change {
    fn by(&self) -> f64 {
        self.now / self.before - 1.0
    }

    fn tell(&self) {
        let Self { what, before, now } = self;
        let percent = self.by() * 100.0;
        println!("{what:72} {before:10.4} {now:10.4} {percent:+6.1} %");
    }
}

/// Of what both have.
fn changes(before: &[(String, f64)], now: Vec<(String, f64)>) -> Vec<Change> {
    let change = |(what, now)| {
        let (_, before) = *before.iter().find(|(name, _)| *name == what)?;
        Some(Change { what, before, now })
    };
    now.into_iter().filter_map(change).collect()
}

fn goals(all: &Value) -> Vec<(String, f64)> {
    let ratio = |row: &Value| Some((row["goal"].as_str()?.to_owned(), row["measured"].as_f64()?));
    let rows = all["goals"].as_array().into_iter().flatten();
    rows.filter_map(ratio).collect()
}

fn functions(all: &Value) -> Vec<(String, f64)> {
    let mut ratios = Vec::new();
    for row in all["functions"].as_array().into_iter().flatten() {
        let function = row["function"].as_str().unwrap_or_default();
        for (name, value) in row.as_object().into_iter().flatten() {
            if let Some(what) = name.strip_suffix("_to_base")
                && let Some(ratio) = value.as_f64()
            {
                ratios.push((format!("{function}: {what} ÷ base"), ratio));
            }
        }
    }
    ratios
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn run(ratio: f64) -> Value {
        json!({
            "functions": [{ "function": "login", "init_ms": 1.0, "init_to_base": ratio }],
            "goals": [{ "goal": "login", "measured": ratio }, { "goal": ratio.to_string(), "measured": 1.0 }],
        })
    }

    #[test]
    fn what_both_have_is_compared() {
        let (before, now) = (run(2.0), run(3.0));
        let change = |what: &str| Change {
            what: what.to_owned(),
            before: 2.0,
            now: 3.0,
        };
        assert_eq!(changes(&goals(&before), goals(&now)), [change("login")]);
        let init = change("login: init ÷ base");
        assert_eq!(changes(&functions(&before), functions(&now)), [init]);
    }

    #[test]
    fn noise_is_no_change_for_the_worse() -> Result<(), Error> {
        let file = tempfile::NamedTempFile::new()?;
        std::fs::write(file.path(), run(2.0).to_string())?;
        for (ratio, is_fine) in [(1.0, true), (2.15, true), (2.3, false)] {
            assert_eq!(
                compare(&run(ratio), file.path()).is_ok(),
                is_fine,
                "{ratio}"
            );
        }
        Ok(())
    }
}
