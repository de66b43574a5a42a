//! The error of this crate.

/// Why a part of the deployment did not start. No caller tells one error from another.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
