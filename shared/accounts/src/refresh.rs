//! Refreshing a session: the tokens, their MAC keys, and the decision about a token that is used.

mod judge;
mod mac_keys;
mod refresh_token;

use std::ops::RangeInclusive;

pub use judge::{Refresh, TokenUse, judge_refresh};
pub(crate) use mac_keys::KeyUse;
pub use mac_keys::{MacKey, MacKeyTimes, MacKeys};
pub use refresh_token::{NoMacKey, RefreshToken};

/// The bounds of the time for which a used refresh token is answered with the same successor, in
/// seconds.
pub const REFRESH_GRACE: RangeInclusive<u32> = 0..=60;
