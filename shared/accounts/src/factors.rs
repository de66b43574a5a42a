//! Second factors: what is asked for between a password and the tokens of a session.

mod challenge;
mod factor_keys;
mod mfa_token;
mod recovery;
mod sealed_totp;
mod totp;

pub use challenge::{Challenge, ChallengeError, ChallengeUse};
pub use factor_keys::{FactorKey, FactorKeyTimes, FactorKeys, OpenTotpError, SealTotpError};
pub use mfa_token::{MfaPurpose, MfaToken, MfaTokenError};
pub use recovery::{RecoveryCode, RecoveryCodeError, RecoveryHash};
pub use sealed_totp::SealedTotp;
pub use totp::{TotpCode, TotpCodeError, TotpSecret};
