//! Passwords: which ones are accepted, and how they are stored and verified.

mod cost;
mod hasher;
mod kept_argon2;
mod password;
mod password_hash;
mod policy;
mod words;

pub use cost::{BelowFloor, Cost};
pub use hasher::{HashError, PasswordHasher, Verdict};
pub use password::{Password, PasswordError};
pub use password_hash::PasswordHash;
pub use policy::{PasswordPolicy, PolicyError};
pub use words::{PasswordWords, PasswordWordsError};
