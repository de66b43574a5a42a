//! Passwords: which ones are accepted, and how they are stored and verified.

mod hasher;
mod kept_argon2;
mod password;
mod policy;
mod words;

pub use hasher::{BelowFloor, Cost, HashError, PasswordHash, PasswordHasher, Verdict};
pub use password::{Password, PasswordError};
pub use policy::{PasswordPolicy, PolicyError};
pub use words::{PasswordWords, PasswordWordsError};
