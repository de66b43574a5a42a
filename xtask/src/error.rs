//! The error of a task.

/// Errors go to the terminal and nowhere else, so their text is all that matters.
pub(crate) type Error = Box<dyn std::error::Error + Send + Sync>;
