//! The cost of a password hash, and its minimum.

/// The cost of an argon2id hash with one lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub iterations: u32,
}

/// The parameters ask for less work than OWASP's minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} KiB with {} iterations is below the minimum for argon2id: 47104 with 1, 19456 with 2, 12288 with 3, 9216 with 4 or 7168 with 5",
    .0.memory_kib, .0.iterations
)]
pub struct BelowFloor(pub Cost);

/// The pairs that OWASP's Password Storage Cheat Sheet calls equal, each a floor.
pub(super) const FLOOR: [Cost; 5] = [
    Cost::new(47_104, 1),
    Cost::new(19_456, 2),
    Cost::new(12_288, 3),
    Cost::new(9_216, 4),
    Cost::new(7_168, 5),
];

impl Cost {
    const fn new(memory_kib: u32, iterations: u32) -> Self {
        Self {
            memory_kib,
            iterations,
        }
    }

    /// Returns whether it is at least OWASP's minimum.
    pub(super) fn is_enough(&self) -> bool {
        let reaches = |floor: &Self| {
            self.memory_kib >= floor.memory_kib && self.iterations >= floor.iterations
        };
        FLOOR.iter().any(reaches)
    }
}
