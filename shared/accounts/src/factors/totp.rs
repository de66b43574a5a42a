//! Time-based one-time passwords (RFC 6238), as every authenticator app computes them: HMAC-SHA-1,
//! six digits, steps of 30 seconds. Apps ignore the parameters that would say otherwise.

mod code;
mod secret;

pub use code::{TotpCode, TotpCodeError};
pub use secret::TotpSecret;
