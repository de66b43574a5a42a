//! What each function showed, and how often it was asked.

use std::time::Duration;

use super::sample::ratio;

/// How often everything is measured anew: whatever the machine does for a minute then falls on all alike.
pub(super) const TURNS: usize = 10;

/// Which of the subjects the others are compared with: the function that does nothing.
pub(super) const BASE: usize = 0;
/// How often each function starts in a turn, and in all.
pub(super) const STARTS_A_TURN: usize = 12;
pub(super) const STARTS: usize = TURNS * STARTS_A_TURN;
/// How often each function is asked in a turn, each time some requests in a row, and in all.
pub(super) const ROUNDS_A_TURN: usize = 10;
pub(super) const ROUNDS: usize = TURNS * ROUNDS_A_TURN;

/// What one function showed.
#[derive(Debug, Default)]
pub(super) struct Measured {
    pub(super) starts: Starts,
    pub(super) warm: Warm,
    /// What base showed, each time just before.
    pub(super) base_starts: Starts,
    pub(super) base_warm: Warm,
    /// The most that one environment had, in bytes.
    pub(super) memory: u64,
}

impl Measured {
    /// How many times the first poll of base its first poll is.
    pub(super) fn init_to_base(&self) -> f64 {
        ratio(&self.starts.init, &self.base_starts.init, STARTS)
    }

    /// How many times the first answer of base its first answer is.
    pub(super) fn first_to_base(&self) -> f64 {
        ratio(&self.starts.first, &self.base_starts.first, STARTS)
    }

    /// How many times a warm answer of base its warm answer is.
    pub(super) fn warm_to_base(&self) -> f64 {
        ratio(&self.warm.took, &self.base_warm.took, ROUNDS)
    }

    /// How many times as long as base it computes for a warm answer.
    pub(super) fn computing_to_base(&self) -> f64 {
        ratio(&self.warm.computing, &self.base_warm.computing, ROUNDS)
    }
}

/// What starts took.
#[derive(Debug, Default)]
pub(super) struct Starts {
    /// From the start of the process until it asked for its first event.
    pub(super) init: Vec<Duration>,
    /// From the start of the process to its first answer.
    pub(super) first: Vec<Duration>,
}

/// What warm answers took.
#[derive(Debug, Default)]
pub(super) struct Warm {
    pub(super) took: Vec<Duration>,
    /// What one of these took of a processor, the mean of each row.
    pub(super) computing: Vec<Duration>,
}
