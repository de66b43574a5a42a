//! The times for which tickets are good.

use std::time::Duration;

/// The life of an invitation: whoever gets it has not asked for it, and may read it days later.
pub const INVITATION_LIFE: Duration = Duration::from_secs(72 * 60 * 60);

/// The life of a ticket that sets a new password.
pub const RESET_LIFE: Duration = Duration::from_secs(30 * 60);
