//! Accounts: their ids, names, roles and status, and which of their sessions count.

mod epoch;
mod user;
mod user_id;

pub use epoch::{Epoch, Owner};
pub use user::{Status, User};
pub use user_id::UserId;
pub(crate) use user_id::parse_uuid;
