//! The rules for members of a form, by which a page says in its own words what is wrong.

use std::any::Any;

use accounts::{EmailError, Guessable, PolicyError, UsernameError};

/// A rule that a member has broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// It must be there.
    Present,
    /// An e-mail address has a certain form.
    EmailForm,
    /// A username has a certain form.
    UsernameForm,
    /// A password has this many characters at least.
    PasswordLength(usize),
    /// A password is not easy to guess.
    PasswordGuessing,
}

/// The problem of a member that is not there.
pub(crate) const MISSING: &str = "is missing";

impl Rule {
    /// The rule behind a problem; `None` where pages have no words of their own for it.
    pub(super) fn of(problem: &dyn Any) -> Option<Self> {
        if problem.is::<EmailError>() {
            Some(Self::EmailForm)
        } else if problem.is::<UsernameError>() {
            Some(Self::UsernameForm)
        } else if problem.is::<Guessable>() {
            Some(Self::PasswordGuessing)
        } else if let Some(problem) = problem.downcast_ref::<PolicyError>() {
            match problem {
                PolicyError::TooShort(least) => Some(Self::PasswordLength(*least)),
                PolicyError::Guessable(_) => Some(Self::PasswordGuessing),
                PolicyError::ControlCharacter => None,
            }
        } else {
            let is_missing = problem.downcast_ref::<&str>() == Some(&MISSING);
            is_missing.then_some(Self::Present)
        }
    }
}
