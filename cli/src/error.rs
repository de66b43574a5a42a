//! The error of a command.

/// Why a command was not carried out, as a sentence.
pub(crate) type Error = Box<dyn std::error::Error>;
