//! The times for which tickets are good.

use std::time::Duration;

/// The life of an invitation: whoever gets it has not asked for it, and may read it days later.
pub const INVITATION_LIFE: Duration = Duration::from_secs(72 * 60 * 60);

/// The life of a ticket that proves an address, from when the proof can have its effect.
pub const PROOF_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The life of a ticket that sets a new password.
pub const RESET_LIFE: Duration = Duration::from_secs(30 * 60);
