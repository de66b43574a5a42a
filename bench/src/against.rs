//! The comparison of a run with an earlier one, to judge a change by.

use std::path::Path;

use serde_json::Value;

use crate::Error;

/// By how much two runs of the same tree may differ.
const NOISE: f64 = 0.10;

/// The file of an earlier run.
pub(super) fn read(file: &Path) -> Result<Value, Error> {
    let written = std::fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(serde_json::from_slice(&written)?)
}

/// Prints by how much each ratio differs from that of another run: all that stand among the goals, and those of the
/// functions that differ by more than what is noise.
///
/// # Errors
///
/// Where one that has a goal is greater by more than that, or only one of the runs has it.
pub(super) fn compare(before: &Value, now: &Value) -> Result<(), Error> {
    println!("\n{:72} {:>10} {:>10}", "", "before", "now");
    let (before_goals, now_goals) = (goals(before), goals(now));
    let mut worse = only_one(&before_goals, &now_goals);
    for change in changes(&before_goals, now_goals) {
        change.tell();
        if has_goal(now, &change.what) && (change.by() > NOISE || change.by().is_nan()) {
            worse.push(change.what);
        }
    }
    let (mut all, mut noisy) = (0, 0);
    for change in changes(&functions(before), functions(now)) {
        all += 1;
        if change.by().abs() > NOISE {
            noisy += 1;
            change.tell();
        }
    }
    println!("of {all} ratios of the functions, {noisy} differ by more than 10 %");
    if worse.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these are worse than before, or in one run alone: {}",
        worse.join("; ")
    )
    .into())
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

/// The entries that one has and the other has not.
fn only_one(before: &[(String, f64)], now: &[(String, f64)]) -> Vec<String> {
    let missing = |of: &[(String, f64)], from: &[(String, f64)]| {
        let is_missing = |(what, _): &&(String, f64)| !from.iter().any(|(name, _)| name == what);
        let missing = of.iter().filter(is_missing);
        missing.map(|(what, _)| what.clone()).collect::<Vec<_>>()
    };
    [missing(before, now), missing(now, before)].concat()
}

fn goals(all: &Value) -> Vec<(String, f64)> {
    let ratio = |row: &Value| {
        let measured = row["measured"].as_f64().unwrap_or(f64::NAN);
        Some((row["goal"].as_str()?.to_owned(), measured))
    };
    let rows = all["goals"].as_array().into_iter().flatten();
    rows.filter_map(ratio).collect()
}

/// Returns whether a ratio is to stay below a limit, and does not only stand there for comparison.
fn has_goal(all: &Value, what: &str) -> bool {
    let mut rows = all["goals"].as_array().into_iter().flatten();
    rows.any(|row| row["goal"] == what && !row["at_most"].is_null())
}

fn functions(all: &Value) -> Vec<(String, f64)> {
    let mut ratios = Vec::new();
    for row in all["functions"].as_array().into_iter().flatten() {
        let function = row["function"].as_str().unwrap_or_default();
        for (name, value) in row.as_object().into_iter().flatten() {
            if let Some((what, to)) = name.split_once("_to_")
                && let Some(ratio) = value.as_f64()
            {
                ratios.push((format!("{function}: {what} ÷ {to}"), ratio));
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
            "goals": [{ "goal": "login", "measured": ratio, "at_most": 2.0 }],
        })
    }

    #[test]
    fn ratios_are_compared() {
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
    fn noise_is_no_change_for_the_worse() {
        for (ratio, is_fine) in [(1.0, true), (2.15, true), (2.3, false), (f64::NAN, false)] {
            assert_eq!(compare(&run(2.0), &run(ratio)).is_ok(), is_fine, "{ratio}");
        }
    }

    #[test]
    fn a_ratio_without_a_goal_may_get_worse() {
        let mut now = run(9.0);
        now["goals"][0]["at_most"] = Value::Null;
        assert!(compare(&run(2.0), &now).is_ok());
    }

    #[test]
    fn what_only_one_run_has_is_said() {
        let other = json!({ "goals": [{ "goal": "refresh", "measured": 1.0 }] });
        let said = compare(&run(2.0), &other).map_err(|error| error.to_string());
        assert!(said.is_err_and(|error| error.contains("login; refresh")));
    }
}
