//! Second factors: what is asked for between a password and the tokens of a session.

mod challenge;
mod factor_keys;
mod mfa_token;
mod passkey_name;
mod recovery;
mod sealed_totp;
mod totp;

pub use challenge::{Challenge, ChallengeError, ChallengeUse};
pub use factor_keys::{FactorKey, FactorKeyTimes, FactorKeys, OpenTotpError, SealTotpError};
pub use mfa_token::{MfaPurpose, MfaToken, MfaTokenError};
pub use passkey_name::{PasskeyName, PasskeyNameError};
pub use recovery::{RecoveryCode, RecoveryCodeError, RecoveryHash};
pub use sealed_totp::SealedTotp;
pub use totp::{TotpCode, TotpCodeError, TotpSecret};

/// The wrong codes of an app, in a row and over all networks, after which none is compared any more:
/// NIST SP 800-63B-4 §3.2.2 permits no more than 100.
pub const MAX_WRONG_CODES: u64 = 100;
