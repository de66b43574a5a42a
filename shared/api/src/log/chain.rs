//! The messages of an error and its causes, as one text for the log.

use std::error::Error;

/// Returns the messages of an error and its causes, from the outside in.
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the table did not answer")]
    struct Outer(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("the connection broke")]
    struct Inner;

    #[test]
    fn what_caused_an_error_follows_it() {
        assert_eq!(
            chain(&Outer(Inner)),
            "the table did not answer: the connection broke"
        );
        assert_eq!(chain(&Inner), "the connection broke");
    }
}
