//! The measurements of each function, and the number of its requests.

use std::time::Duration;

use super::sample::ratio;

/// The number of times that everything is measured: whatever the machine does for a minute then falls on all alike.
pub(super) const TURNS: usize = 10;

/// Which of the subjects the others are compared with: the function that does nothing.
pub(super) const BASE: usize = 0;
/// The number of starts of each function in a turn, and in all.
pub(super) const STARTS_A_TURN: usize = 12;
pub(super) const STARTS: usize = TURNS * STARTS_A_TURN;
/// The number of times that each function is asked in a turn, each time some requests in a row, and in all.
pub(super) const ROUNDS_A_TURN: usize = 10;
pub(super) const ROUNDS: usize = TURNS * ROUNDS_A_TURN;

/// The measurements of one function.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) starts: Starts,
    pub(super) warm: Warm,
    /// The measurements of base, each time just before.
    pub(super) base_starts: Starts,
    pub(super) base_warm: Warm,
    /// The most that one environment had, in bytes.
    pub(super) memory: u64,
}

impl Measured {
    /// The ratio of its first poll to that of base.
    pub(super) fn init_to_base(&self) -> f64 {
        ratio(&self.starts.init, &self.base_starts.init, STARTS)
    }

    /// The ratio of its first answer to that of base.
    pub(super) fn first_to_base(&self) -> f64 {
        ratio(&self.starts.first, &self.base_starts.first, STARTS)
    }

    /// The ratio of its warm answer to that of base.
    pub(super) fn warm_to_base(&self) -> f64 {
        ratio(&self.warm.took, &self.base_warm.took, ROUNDS)
    }

    /// The ratio of its computing for a warm answer to that of base.
    pub(super) fn computing_to_base(&self) -> f64 {
        ratio(&self.warm.computing, &self.base_warm.computing, ROUNDS)
    }
}

/// The times of starts.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// From the start of the process until it asked for its first event.
    pub(super) init: Vec<Duration>,
    /// From the start of the process to its first answer.
    pub(super) first: Vec<Duration>,
}

/// The times of warm answers.
#[derive(Debug, Default)]
pub(super) struct Warm {
    pub(super) took: Vec<Duration>,
    /// The processor time of one of these, the mean of each row.
    pub(super) computing: Vec<Duration>,
}
