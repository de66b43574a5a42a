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

mod authentication;
mod email;
mod epoch;
mod generation;
mod guess;
mod hasher;
mod kept_argon2;
mod mac_keys;
mod names;
mod network;
mod password;
mod password_words;
mod policy;
mod refresh;
mod refresh_token;
mod secret;
mod session;
mod throttle;
mod user;
mod username;

pub use authentication::{Authentication, Method, Methods};
pub use email::{Email, EmailError};
pub use epoch::{Epoch, Owner};
pub use generation::Generation;
pub use guess::Guessable;
pub use hasher::{BelowFloor, Cost, HashError, PasswordHash, PasswordHasher, Verdict};
pub use mac_keys::{MacKey, MacKeyTimes, MacKeys};
pub use names::{LoginName, LoginNameError, Names};
pub use password::{Password, PasswordError};
pub use password_words::{PasswordWords, PasswordWordsError};
pub use policy::{PasswordPolicy, PolicyError};
pub use refresh::{REFRESH_GRACE, Refresh, TokenUse, judge_refresh};
pub use refresh_token::{NoMacKey, RefreshToken};
pub use secret::{NoRandomness, SecretHash, SessionSecret};
pub use session::{Device, Session, SessionId, SessionLifetime};
pub use throttle::{Allowance, FailureLimit, Failures, ThrottleKey};
pub use user::{Status, User, UserId};
pub use username::{Username, UsernameError};

/// Seconds since the Unix epoch. Nothing in this crate reads a clock.
pub type Timestamp = u64;
