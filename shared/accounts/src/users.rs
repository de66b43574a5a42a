//! Accounts: their names, roles and status, and which of their sessions count.

mod epoch;
mod locale;
mod user;
mod verified_email;
mod ways_in;

pub use epoch::{Epoch, Owner};
pub use locale::{Locale, LocaleError};
pub use user::{Status, User};
pub use verified_email::VerifiedEmail;
pub use ways_in::{SecondFactor, Way, WaysIn};
