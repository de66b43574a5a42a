//! The start of the functions: which of them have answered, and which have died before they did.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::Error;

/// The time for which a process of a function may be absent. `cargo run` becomes the function, and a restart takes a moment.
const ABSENCE: Duration = Duration::from_secs(3);

/// The time between two reports of a long wait.
const NOTICE: Duration = Duration::from_secs(10);

/// The time that a function may take to start.
const LIMIT: Duration = Duration::from_secs(300);

/// The functions that have not answered yet, and when a process of each was last seen.
pub(crate) struct Start {
    waiting: BTreeMap<String, Option<Instant>>,
    begun: Instant,
    noticed: Instant,
}

impl Start {
    pub(crate) fn new(functions: impl Iterator<Item = String>, now: Instant) -> Self {
        Self {
            waiting: functions.map(|function| (function, None)).collect(),
            begun: now,
            noticed: now,
        }
    }

    /// Takes note that a function has answered.
    pub(crate) fn answered(&mut self, function: &str) {
        self.waiting.remove(function);
    }

    /// Compares with the command lines that run now. Gives back a line for the user where the wait is long.
    ///
    /// # Errors
    ///
    /// If a function was seen and has ended, or is never started. A request to a function that has ended is never
    /// answered, and `cargo lambda watch` starts it again only when a source changes. A function that was never seen has
    /// not died: the start may take long on a busy machine.
    pub(crate) fn check(
        &mut self,
        commands: &[Vec<String>],
        now: Instant,
    ) -> Result<Option<String>, Error> {
        for (function, seen) in &mut self.waiting {
            if commands.iter().any(|command| runs(command, function)) {
                *seen = Some(now);
            }
            if seen.is_some_and(|seen| now.duration_since(seen) > ABSENCE) {
                return Err(format!(
                    "{function} ended before it answered; what it printed is above"
                )
                .into());
            }
        }
        let waited = now.duration_since(self.begun);
        let names: Vec<_> = self.waiting.keys().map(String::as_str).collect();
        let names = names.join(", ");
        if waited > LIMIT {
            return Err(format!("no answer from {names} after {} s", waited.as_secs()).into());
        }
        if now.duration_since(self.noticed) < NOTICE {
            return Ok(None);
        }
        self.noticed = now;
        Ok(Some(format!(
            "waiting for {names} ({} s)",
            waited.as_secs()
        )))
    }
}

/// Returns whether a command line is that of a function, or of the cargo that starts it with `--bin`.
fn runs(command: &[String], function: &str) -> bool {
    let is_function = |word: &String| word.rsplit('/').next() == Some(function);
    command.first().is_some_and(is_function)
        || command
            .windows(2)
            .any(|words| words[0] == "--bin" && words[1] == function)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }

    fn start(now: Instant) -> Start {
        Start::new(["login", "logout"].map(str::to_owned).into_iter(), now)
    }

    #[test]
    fn a_function_that_was_never_seen_has_not_died() {
        let begun = Instant::now();
        let mut start = start(begun);
        for second in 1..=120 {
            let report = start
                .check(&[], begun + Duration::from_secs(second))
                .unwrap();
            assert_eq!(report.is_some(), second % 10 == 0, "{second}");
        }
        assert!(start.check(&[], begun + LIMIT * 2).is_err());
    }

    #[test]
    fn a_function_that_was_seen_and_is_gone_has_died() {
        let begun = Instant::now();
        let mut start = start(begun);
        let at = |second| begun + Duration::from_secs(second);
        let cargo = [command(
            "cargo run --manifest-path /a/Cargo.toml --bin login",
        )];
        start.check(&cargo, at(1)).unwrap();
        let function = [command("/a/target/debug/login")];
        start.check(&function, at(3)).unwrap();
        start.check(&[], at(5)).unwrap();
        let error = start.check(&[], at(7)).unwrap_err().to_string();
        assert!(
            error.starts_with("login ended before it answered"),
            "{error}"
        );
    }

    #[test]
    fn a_function_that_has_answered_may_go() {
        let begun = Instant::now();
        let mut start = start(begun);
        let function = [command("target/debug/login")];
        start.check(&function, begun).unwrap();
        start.answered("login");
        start.check(&[], begun + ABSENCE * 2).unwrap();
    }

    #[test]
    fn a_command_line_is_of_one_function() {
        for (line, is_login) in [
            ("/src/target/debug/login", true),
            ("cargo run --quiet --bin login", true),
            ("cargo metadata --manifest-path /login/Cargo.toml", false),
            ("/src/target/debug/logout login", false),
            ("cargo run --bin logout", false),
        ] {
            assert_eq!(runs(&command(line), "login"), is_login, "{line}");
        }
    }
}
