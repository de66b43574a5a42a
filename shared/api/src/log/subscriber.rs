//! The `tracing` subscriber, for messages beside the log lines of requests.

use std::env;

use lambda_http::tracing::subscriber::filter::{LevelFilter, Targets};
use lambda_http::tracing::subscriber::{fmt, prelude::*, registry};

/// Has diagnostics written to standard output, as `lambda_http::tracing::init_default_subscriber`
/// has. Its filter understands the values of fields as well, by a megabyte of regular expressions
/// that most functions have no other use for.
pub(crate) fn init(is_json: bool) {
    let set = |name| env::var(name).unwrap_or_default();
    let filter = filter(&set("RUST_LOG"), &set("AWS_LAMBDA_LOG_LEVEL"));
    let registry = registry().with(filter);
    let layer = fmt::layer().with_target(false).without_time();
    if is_json {
        registry.with(layer.json()).init();
    } else {
        registry.with(layer).init();
    }
}

/// The directives of a developer, or else the level that Lambda's `LoggingConfig` gives.
fn filter(directives: &str, level: &str) -> Targets {
    if !directives.is_empty()
        && let Ok(targets) = directives.parse()
    {
        return targets;
    }
    let level = match level {
        // Lambda's highest level, which `tracing` does not have.
        "FATAL" => LevelFilter::ERROR,
        "" => LevelFilter::INFO,
        level => level.parse().unwrap_or(LevelFilter::INFO),
    };
    Targets::new().with_default(level)
}

#[cfg(test)]
mod tests {
    use lambda_http::tracing::Level;

    use super::*;

    #[test]
    fn the_level_is_lambdas() {
        for (level, expected) in [
            ("", Level::INFO),
            ("nonsense", Level::INFO),
            ("FATAL", Level::ERROR),
            ("WARN", Level::WARN),
            ("TRACE", Level::TRACE),
        ] {
            let filter = filter("", level);
            let expected = LevelFilter::from_level(expected);
            assert_eq!(filter.default_level(), Some(expected), "{level:?}");
        }
    }

    #[test]
    fn a_developers_directives_count_more() {
        let said = filter("api=debug", "WARN");
        assert!(said.would_enable("api::log", &Level::DEBUG));
        assert!(!said.would_enable("hyper", &Level::ERROR));
        for none in ["", "[span]=what"] {
            let unsaid = filter(none, "WARN");
            assert!(unsaid.would_enable("api", &Level::WARN), "{none:?}");
            assert!(!unsaid.would_enable("api", &Level::INFO), "{none:?}");
        }
    }
}
