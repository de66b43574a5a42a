//! The results at full speed, and their ratios.

use std::time::Duration;

use super::measured::{BASE, Measured, ROUNDS, STARTS};
use super::sample::{added, median, ratio};
use super::subject::Subject;
use crate::Error;

pub(super) struct Results {
    /// Base is among them.
    pub(super) all: Vec<(Subject, Measured)>,
    /// The time that a bare hash took.
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

    /// The ratio of its first answer to that of another.
    pub(super) fn first(&self, of: &str, to: &str) -> Result<f64, Error> {
        let (of, to) = (&self.of(of)?.starts, &self.of(to)?.starts);
        Ok(ratio(&of.first, &to.first, STARTS))
    }

    /// The ratio of its warm answer to that of another.
    pub(super) fn warm(&self, of: &str, to: &str) -> Result<f64, Error> {
        let (of, to) = (&self.of(of)?.warm, &self.of(to)?.warm);
        Ok(ratio(&of.took, &to.took, ROUNDS))
    }

    /// The ratio of its first answer to that of `floor-issue` and a bare hash.
    pub(super) fn first_to_issue_and_hash(&self, of: &str) -> Result<f64, Error> {
        let hash = Duration::from_secs_f64(median(&self.hashes));
        let floor = self.of("floor-issue")?.starts.first.iter();
        let floor: Vec<_> = floor.map(|first| *first + hash).collect();
        Ok(ratio(&self.of(of)?.starts.first, &floor, STARTS))
    }

    /// The ratio of its warm answer to that of `floor-issue` and a bare hash.
    pub(super) fn warm_to_issue_and_hash(&self, of: &str) -> Result<f64, Error> {
        let floor = &self.of("floor-issue")?.warm.took;
        let floor = added(floor, &self.hashes, ROUNDS);
        Ok(ratio(&self.of(of)?.warm.took, &floor, ROUNDS))
    }
}
