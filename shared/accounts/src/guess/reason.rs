//! Why a password is easy to guess.

use std::fmt;

/// Why a password is easy to guess: what it is, or what two parts it is made of.
///
/// Its text follows the name of a field: "is a common password". It repeats nothing of the
/// password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guessable {
    first: Part,
    second: Option<Part>,
}

/// The kind of a part of a password, for somebody who guesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// A password, word or name that many people use.
    Common,
    /// A name of the account, or a part of one.
    Name,
    /// A word that belongs to the service.
    Service,
    /// The same again and again.
    Repetition,
    /// Characters as far from each other in the alphabet.
    Sequence,
    /// Keys beside each other.
    Keyboard,
    /// A date or a year.
    Date,
    /// Characters of which nothing is known, but they are few.
    Characters,
}

impl Guessable {
    pub(super) fn one(part: Part) -> Self {
        Self {
            first: part,
            second: None,
        }
    }

    pub(super) fn two(first: Part, second: Part) -> Self {
        Self {
            first,
            second: Some(second),
        }
    }
}

impl fmt::Display for Guessable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.first, self.second) {
            (first, None) => f.write_str(first.alone()),
            (first, Some(second)) if first == second => write!(f, "is made of {}", first.twice()),
            (first, Some(second)) => write!(f, "is made of {} and {}", first.one(), second.one()),
        }
    }
}

impl std::error::Error for Guessable {}

impl Part {
    fn alone(self) -> &'static str {
        match self {
            Self::Common => "is a common password",
            Self::Name => "is your name",
            Self::Service => "is a word that belongs to this service",
            Self::Repetition => "repeats itself",
            Self::Sequence => "is a sequence",
            Self::Keyboard => "follows the keyboard",
            Self::Date => "is a date",
            Self::Characters => "has too few characters",
        }
    }

    fn one(self) -> &'static str {
        match self {
            Self::Common => "a common word",
            Self::Name => "your name",
            Self::Service => "a word that belongs to this service",
            Self::Repetition => "a repetition",
            Self::Sequence => "a sequence",
            Self::Keyboard => "keys beside each other",
            Self::Date => "a date",
            Self::Characters => "a few characters",
        }
    }

    fn twice(self) -> &'static str {
        match self {
            Self::Common => "two common words",
            Self::Name => "your names",
            Self::Service => "two words that belong to this service",
            Self::Repetition => "two repetitions",
            Self::Sequence => "two sequences",
            Self::Keyboard => "two rows of keys beside each other",
            Self::Date => "two dates",
            Self::Characters => "too few characters",
        }
    }
}
