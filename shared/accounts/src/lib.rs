//! The domain: who has an account, how they prove it, and how long a sign-in lasts.
//!
//! It knows names, passwords, users and sessions. It must not know HTTP, AWS or where anything is
//! stored, so that a rule about accounts can be read, and tested, without either.
//!
//! - [`Username`], [`Email`], [`Names`], [`LoginName`]: what people are called, in one canonical form
//! - [`Password`], [`PasswordPolicy`], [`Guessable`], [`PasswordHasher`]: what they prove themselves with
//! - [`Authentication`]: the time and the methods of a proof
//! - [`User`], [`Session`]: what an account and a sign-in are, and when they count
//! - [`Allowance`], [`FailureLimit`], [`ThrottleKey`]: how often a password may be guessed at
//! - [`RefreshToken`], [`MacKeys`]: how a sign-in is continued, once for each token

mod guess;
mod names;
mod network;
mod passwords;
mod refresh;
mod sessions;
mod throttle;
mod users;

pub use guess::Guessable;
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
    Authentication, Device, Generation, Method, Methods, NoRandomness, SecretHash, Session,
    SessionId, SessionLifetime, SessionSecret,
};
pub use throttle::{Allowance, FailureLimit, Failures, ThrottleKey};
pub use users::{Epoch, Owner, Status, User, UserId};

/// Seconds since the Unix epoch. Nothing in this crate reads a clock.
pub type Timestamp = u64;
