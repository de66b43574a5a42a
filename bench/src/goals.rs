//! What is to be reached, and what was.

use super::measure::Measured;
use super::report::size;
use super::results::Results;
use super::sample::ratio;
use super::subject::Subject;
use super::warm::ROUNDS;
use crate::Error;

/// What is to be reached.
#[derive(Clone)]
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) measured: f64,
    pub(super) at_most: f64,
    pub(super) unit: &'static str,
    /// Of several functions, the one that the measure is of.
    pub(super) of: Option<&'static str>,
}

impl Goal {
    pub(super) fn ratio(what: impl Into<String>, measured: f64, at_most: f64) -> Self {
        Self {
            what: what.into(),
            measured,
            at_most,
            unit: "",
            of: None,
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

    pub(super) fn is_met(&self) -> bool {
        self.measured <= self.at_most
    }
}

/// Those at full speed.
pub(super) fn all(results: &Results) -> Result<Vec<Goal>, Error> {
    Ok([starts(results)?, warm(results)?, sizes(results)?].concat())
}

fn starts(results: &Results) -> Result<Vec<Goal>, Error> {
    let slowest = worst(results, |_, measured| Ok(measured.init_to_base()))?;
    Ok(vec![
        Goal::worst("init of the slowest function ÷ base", slowest, 3.5),
        Goal::ratio(
            "start to first answer of protected ÷ usual-call's",
            results.first("protected", "usual-call")?,
            1.0 / 7.0,
        ),
        Goal::ratio(
            "start to first answer of login ÷ usual-login's",
            results.first("login", "usual-login")?,
            1.0 / 4.0,
        ),
    ])
}

fn warm(results: &Results) -> Result<Vec<Goal>, Error> {
    let login = &results.of("login")?.warm.took;
    let login = ratio(login, &results.hashes, ROUNDS);
    Ok(vec![
        Goal::ratio("login ÷ one bare hash", login, 1.12),
        Goal::ratio(
            "stateless guard ÷ base",
            results.of("floor-stateless")?.warm_to_base(),
            1.8,
        ),
        Goal::ratio(
            "protected ÷ (base + one call)",
            results.warm("protected", "floor-call")?,
            1.3,
        ),
        Goal::ratio(
            "refresh ÷ (base + two calls at once + one signature)",
            results.warm("refresh", "floor-issue")?,
            1.2,
        ),
    ])
}

fn sizes(results: &Results) -> Result<Vec<Goal>, Error> {
    let base = size(results.base())?;
    let largest = worst(results, |subject, _| Ok(size(subject)? / base))?;
    let mut guarding = 0;
    for guard in ["protected", "discovery", "authorizer"] {
        guarding = guarding.max(results.of(guard)?.memory);
    }
    let login = results.of("login")?.memory;
    Ok(vec![
        Goal::worst("largest binary ÷ base", largest, 3.2),
        Goal::memory(
            "peak memory of a function that guards alone",
            guarding,
            12.0,
        ),
        Goal::memory("peak memory of login", login, 36.0),
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
