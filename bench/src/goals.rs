//! The goals, and whether they were reached.

use super::measured::{Measured, ROUNDS};
use super::results::Results;
use super::sample::ratio;
use super::subject::Subject;
use crate::Error;

/// A goal.
#[derive(Clone)]
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) measured: f64,
    /// Nothing, where it is only compared with earlier runs.
    pub(super) at_most: Option<f64>,
    pub(super) unit: &'static str,
    /// Of several functions, the one that the measure is of.
    pub(super) of: Option<&'static str>,
}

impl Goal {
    pub(super) fn ratio(what: impl Into<String>, measured: f64, at_most: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            at_most: Some(at_most),
            unit: "",
            of: None,
        }
    }

    /// A ratio without a goal, for comparison with other runs and builds.
    pub(super) fn compared(what: impl Into<String>, measured: f64) -> Self {
        Self {
            at_most: None,
            ..Self::ratio(what, measured, 0.0)
        }
    }

    /// In MB, of bytes.
    fn memory(what: &str, bytes: u64, at_most: f64) -> Self {
        Self {
            unit: "MB",
            ..Self::ratio(what, bytes as f64 / 1e6, at_most)
        }
    }

    /// Of a million requests.
    pub(super) fn dollars(what: &str, measured: f64, at_most: f64) -> Self {
        Self {
            unit: "$",
            ..Self::ratio(what, measured, at_most)
        }
    }

    /// The ratio of the worst of several functions.
    fn worst(what: &str, (function, ratio): (&'static str, f64), at_most: f64) -> Self {
        Self {
            of: Some(function),
            ..Self::ratio(what, ratio, at_most)
        }
    }

    /// Nothing, where there is no goal.
    pub(super) fn is_met(&self) -> Option<bool> {
        self.at_most.map(|at_most| self.measured <= at_most)
    }
}

/// Those at full speed.
pub(super) fn all(results: &Results) -> Result<Vec<Goal>, Error> {
    Ok([starts(results)?, warm(results)?, sizes(results)?].concat())
}

/// Each against its own floor, taken in turn: what the usual build costs differs from machine to machine.
fn starts(results: &Results) -> Result<Vec<Goal>, Error> {
    let first = |function: &str| results.first_to_issue_and_hash(function);
    let (slowest, init) = worst(results, |_, measured| Ok(measured.init_to_base()))?;
    Ok(vec![
        Goal::ratio(
            "start to first answer of protected ÷ floor-call's",
            results.first("protected", "floor-call")?,
            1.05,
        ),
        Goal::ratio(
            "start to first answer of login ÷ (floor-issue's + a bare hash)",
            first("login")?,
            1.15,
        ),
        Goal::ratio(
            "start to first answer of register ÷ (floor-issue's + a bare hash)",
            first("register")?,
            1.15,
        ),
        Goal {
            of: Some(slowest),
            ..Goal::compared("init of the slowest function ÷ base", init)
        },
        Goal::compared(
            "start to first answer of protected ÷ usual-call's",
            results.first("protected", "usual-call")?,
        ),
        Goal::compared(
            "start to first answer of login ÷ usual-login's",
            results.first("login", "usual-login")?,
        ),
    ])
}

fn warm(results: &Results) -> Result<Vec<Goal>, Error> {
    let login = &results.of("login")?.warm.took;
    Ok(vec![
        Goal::ratio(
            "login ÷ (one bare hash + floor-issue)",
            results.warm_to_issue_and_hash("login")?,
            1.05,
        ),
        Goal::ratio(
            "protected ÷ floor-call (base + one call)",
            results.warm("protected", "floor-call")?,
            1.2,
        ),
        Goal::ratio(
            "refresh ÷ floor-issue (base + two calls at once + one signature)",
            results.warm("refresh", "floor-issue")?,
            1.15,
        ),
        Goal::ratio(
            "stateless guard ÷ base",
            results.of("floor-stateless")?.warm_to_base(),
            1.8,
        ),
        Goal::compared(
            "login ÷ one bare hash",
            ratio(login, &results.hashes, ROUNDS),
        ),
    ])
}

fn sizes(results: &Results) -> Result<Vec<Goal>, Error> {
    let base = results.base().size()?;
    let largest = worst(results, |subject, _| Ok(subject.size()? / base))?;
    let mut guarding = 0;
    for guard in ["protected", "discovery", "authorizer"] {
        guarding = guarding.max(results.of(guard)?.memory);
    }
    let login = results.of("login")?.memory;
    Ok(vec![
        Goal::worst("largest binary ÷ base", largest, 2.9),
        Goal::memory(
            "peak memory of a function that guards alone",
            guarding,
            12.0,
        ),
        Goal::memory("peak memory of login", login, 34.0),
    ])
}

/// The function that has the greatest.
fn worst(
    results: &Results,
    ratio: impl Fn(&Subject, &Measured) -> Result<f64, Error>,
) -> Result<(&'static str, f64), Error> {
    let mut worst = ("", 0.0);
    for (subject, measured) in &results.all {
        if subject.is_function() {
            let ratio = ratio(subject, measured)?;
            if ratio > worst.1 {
                worst = (subject.name, ratio);
            }
        }
    }
    Ok(worst)
}
