//! The domain: accounts, passwords, sessions and the limits on attempts.
//!
//! It knows names, passwords, users and sessions. It must not know HTTP, AWS or where anything is
//! stored, so that a rule about accounts can be read, and tested, without either.
//!
//! - [`Username`], [`Email`], [`Names`], [`LoginName`]: the names of accounts, in one canonical
//!   form
//! - [`Password`], [`PasswordPolicy`], [`Guessable`], [`PasswordHasher`]: passwords, from the
//!   policy to the hash
//! - [`Authentication`]: the methods and the time of a proof of identity
//! - [`User`], [`Session`]: an account and a sign-in, and when they are valid
//! - [`Allowance`], [`FailureLimit`], [`ThrottleKey`]: the limits on attempts
//! - [`RefreshToken`], [`MacKeys`]: the tokens that continue a session, each once
//! - [`WaysIn`], [`MfaToken`]: second factors, and the token between a password and one of them
//! - [`TotpSecret`], [`TotpCode`], [`RecoveryCode`]: authenticators, and the way in without one
//! - [`FactorKeys`], [`SealedTotp`]: the keys that seal the secrets of TOTP factors
//! - [`Challenge`]: the random part of what a passkey signs, each once
//! - [`Ticket`], [`TicketText`], [`TicketCode`]: permissions to do one thing once

mod factors;
mod guess;
mod ids;
mod names;
mod network;
mod passwords;
mod refresh;
mod sessions;
mod throttle;
mod tickets;
mod users;

pub use factors::{
    Challenge, ChallengeError, ChallengeUse, FactorKey, FactorKeyTimes, FactorKeys,
    MAX_WRONG_CODES, MfaPurpose, MfaToken, MfaTokenError, OpenTotpError, PasskeyName,
    PasskeyNameError, RecoveryCode, RecoveryCodeError, RecoveryHash, SealTotpError, SealedTotp,
    TotpCode, TotpCodeError, TotpSecret,
};
pub use guess::Guessable;
pub use ids::{SessionId, UserId};
pub use names::{Email, EmailError, LoginName, LoginNameError, Names, Username, UsernameError};
pub use passwords::{
    BelowFloor, Cost, HashError, Password, PasswordError, PasswordHash, PasswordHasher,
    PasswordPolicy, PasswordWords, PasswordWordsError, PolicyError, Verdict,
};
pub use refresh::{
    MacKey, MacKeyTimes, MacKeys, NoMacKey, REFRESH_GRACE, Refresh, RefreshToken, TokenUse,
    judge_refresh,
};
pub use sessions::{
    Acr, AuthMethod, Authentication, Device, Generation, Methods, NoRandomness, SecretHash,
    Session, SessionLifetime, SessionSecret,
};
pub use throttle::{Allowance, FailureLimit, Failures, Pseudonym, ThrottleKey};
pub use tickets::{
    Handle, INVITATION_LIFE, Link, MAX_GUESSES, NewTicketError, PROOF_LIFE, Purpose, RESET_LIFE,
    Refused, Spending, Ticket, TicketCode, TicketId, TicketSalt, TicketSeed, TicketText,
};
pub use users::{
    Epoch, Locale, LocaleError, Owner, SecondFactor, Status, User, VerifiedEmail, Way, WaysIn,
};

/// Seconds since the Unix epoch. Nothing in this crate reads a clock but new ids, which are UUIDv7s:
/// when a session began is read from its id.
pub type Timestamp = u64;
