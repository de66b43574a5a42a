//! Accounts: their names, roles and status, and which of their sessions count.

mod epoch;
mod user;

pub use epoch::{Epoch, Owner};
pub use user::{Status, User};
