//! What was measured at full speed, and how one thing of it compares with another.

use std::time::Duration;

use super::measure::{BASE, Measured, STARTS};
use super::sample::ratio;
use super::subject::Subject;
use super::warm::ROUNDS;
use crate::Error;

pub(super) struct Results {
    /// Base is among them.
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

    pub(super) fn base(&self) -> &Subject {
        &self.all[BASE].0
    }

    /// How many times the first answer of another it is.
    pub(super) fn first(&self, of: &str, to: &str) -> Result<f64, Error> {
        let (of, to) = (&self.of(of)?.starts, &self.of(to)?.starts);
        Ok(ratio(&of.first, &to.first, STARTS))
    }

    /// How many times another's warm answer it is.
    pub(super) fn warm(&self, of: &str, to: &str) -> Result<f64, Error> {
        let (of, to) = (&self.of(of)?.warm, &self.of(to)?.warm);
        Ok(ratio(&of.took, &to.took, ROUNDS))
    }
}
