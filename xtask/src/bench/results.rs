//! What was measured at full speed, and how one thing of it compares with another.

use std::time::Duration;

use super::measure::{Measured, ROUNDS, STARTS};
use super::sample::ratio;
use super::subject::Subject;
use crate::Error;

pub(super) struct Results {
    /// The first is base, the function that does nothing.
    pub(super) all: Vec<(Subject, Measured)>,
    /// How long a bare hash took.
    pub(super) hashes: Vec<Duration>,
}

impl Results {
    pub(super) fn of(&self, name: &str) -> Result<&Measured, Error> {
        let found = self.all.iter().find(|(subject, _)| subject.name == name);
        let (_, measured) = found.ok_or_else(|| format!("{name} was not measured"))?;
        Ok(measured)
    }

    pub(super) fn base(&self) -> (&Subject, &Measured) {
        let (subject, measured) = &self.all[0];
        (subject, measured)
    }

    /// How many times the first poll of base it is.
    pub(super) fn init(&self, of: &Measured) -> f64 {
        ratio(&of.init, &self.base().1.init, STARTS)
    }

    /// How many times the first answer of another it is.
    pub(super) fn first(&self, of: &str, to: &str) -> Result<f64, Error> {
        Ok(ratio(&self.of(of)?.first, &self.of(to)?.first, STARTS))
    }

    /// How many times another's warm answer it is.
    pub(super) fn warm(&self, of: &str, to: &str) -> Result<f64, Error> {
        Ok(ratio(&self.of(of)?.warm, &self.of(to)?.warm, ROUNDS))
    }
}
