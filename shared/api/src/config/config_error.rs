//! The error that stops a function whose variables are missing or wrong.

use std::fmt;

/// A variable is missing or wrong. Its text is one sentence that names the variable.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}.")]
pub struct ConfigError {
    /// The environment variable.
    pub name: String,
    /// The problem, to be read after the name.
    pub problem: String,
}

/// `main` prints the error that stops it with `Debug`, which therefore is the sentence.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl ConfigError {
    /// An error for a variable. `problem` is read after its name.
    pub(crate) fn new(name: &str, problem: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            problem: problem.into(),
        }
    }
}
