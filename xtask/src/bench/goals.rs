//! What is to be reached, and what was.

use super::measure::Measured;
use super::report::{first, init, size, warm};
use super::subject::Subject;
use crate::Error;

/// What is to be reached.
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

/// Those at full speed. `hash` is what one hash took, in seconds.
pub(super) fn all(
    subjects: &[Subject],
    measured: &[Measured],
    hash: f64,
) -> Result<Vec<Goal>, Error> {
    let of = |name: &str| {
        let index = subjects.iter().position(|subject| subject.name == name);
        index
            .map(|index| &measured[index])
            .ok_or_else(|| format!("{name} was not measured"))
    };
    let base = of("floor-nothing")?;
    let mut slowest = ("", 0.0_f64);
    let mut largest = ("", 0.0_f64);
    let base_size = size(&subjects[0])?;
    for (subject, measured) in subjects.iter().zip(measured) {
        if subject.is_function() {
            let greater = |one: (&'static str, f64), ratio| {
                if ratio > one.1 {
                    (subject.name, ratio)
                } else {
                    one
                }
            };
            slowest = greater(slowest, init(measured) / init(base));
            largest = greater(largest, size(subject)? / base_size);
        }
    }
    let mut guarding = 0;
    for guard in ["protected", "discovery", "authorizer"] {
        guarding = guarding.max(of(guard)?.memory);
    }
    Ok(vec![
        Goal::worst("init of the slowest function ÷ base", slowest, 3.5),
        Goal::ratio(
            "start to first answer of protected ÷ usual-call's",
            first(of("protected")?) / first(of("usual-call")?),
            1.0 / 7.0,
        ),
        Goal::ratio(
            "start to first answer of login ÷ usual-login's",
            first(of("login")?) / first(of("usual-login")?),
            1.0 / 4.0,
        ),
        Goal::ratio("login ÷ one bare hash", warm(of("login")?) / hash, 1.12),
        Goal::ratio(
            "stateless guard ÷ base",
            warm(of("floor-stateless")?) / warm(base),
            1.8,
        ),
        Goal::ratio(
            "protected ÷ (base + one call)",
            warm(of("protected")?) / warm(of("floor-call")?),
            1.3,
        ),
        Goal::ratio(
            "refresh ÷ (base + two calls at once + one signature)",
            warm(of("refresh")?) / warm(of("floor-issue")?),
            1.2,
        ),
        Goal::worst("largest binary ÷ base", largest, 3.2),
        Goal::memory(
            "peak memory of a function that guards alone",
            guarding,
            12.0,
        ),
        Goal::memory("peak memory of login", of("login")?.memory, 36.0),
    ])
}
