//! The work that functions and Flask are compared by.

use super::flask::Accounts;

/// Work that both sides do.
pub(super) struct Work {
    pub(super) what: &'static str,
    pub(super) function: &'static str,
    pub(super) accounts: Accounts,
    pub(super) asks: Ask,
    /// The number of processes of each side that are asked in a turn, since one is not as fast as the next.
    pub(super) processes: usize,
    /// The number of requests in a row to each.
    pub(super) in_a_row: u32,
    /// The share of Flask's time from start to first answer, computing and memory that the function may take.
    pub(super) at_most: [Option<f64>; 3],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Login,
    Protected,
}

pub(super) const WORK: [Work; 3] = [
    Work {
        what: "login",
        function: "login",
        accounts: Accounts::DynamoDb,
        asks: Ask::Login,
        processes: 1,
        in_a_row: 3,
        at_most: [Some(1.0 / 12.0), None, Some(1.0 / 3.0)],
    },
    Work {
        what: "protected, its session read",
        function: "protected",
        accounts: Accounts::DynamoDb,
        asks: Ask::Protected,
        processes: 1,
        in_a_row: 100,
        at_most: [None, Some(1.0 / 5.0), Some(1.0 / 7.0)],
    },
    Work {
        what: "protected by signature alone",
        function: "floor-stateless",
        accounts: Accounts::Memory,
        asks: Ask::Protected,
        processes: 2,
        in_a_row: 100,
        at_most: [None; 3],
    },
];
