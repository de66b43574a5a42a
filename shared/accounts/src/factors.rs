//! Second factors: what is asked for between a password and the tokens of a session.

mod mfa_token;

pub use mfa_token::{MfaPurpose, MfaToken, MfaTokenError};
