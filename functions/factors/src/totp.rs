//! `/me/totp`: the codes of an authenticator app.

mod confirm;
mod offer;
mod remove;

pub(crate) use confirm::confirm;
pub(crate) use offer::offer;
pub(crate) use remove::remove;
