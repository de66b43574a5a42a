//! Errors as mistakes in a form.

use pages::{Field, Mistake};

use crate::error::Rule;
use crate::{Error, FieldError};

/// The mistakes that an error stands for; `None` where the form cannot mend it.
pub(super) fn mistakes(error: &Error) -> Option<Vec<Mistake>> {
    match error {
        Error::Carrying(error, _) => mistakes(error),
        Error::BadRequest(_, errors) if !errors.is_empty() => errors.iter().map(of_field).collect(),
        Error::Conflict(errors) => errors.iter().map(taken).collect(),
        Error::InvalidCode => Some(vec![Mistake::CodeWrong]),
        Error::TooManyRequests(wait) => Some(vec![Mistake::Wait(wait.as_secs())]),
        _ => None,
    }
}

fn of_field(error: &FieldError) -> Option<Mistake> {
    let field = match error.field.as_str() {
        "email" => Field::Email,
        "username" => Field::Username,
        "password" => Field::Password,
        "code" => Field::Code,
        _ => return None,
    };
    Some(match error.rule {
        Some(Rule::Present) => Mistake::Missing(field),
        Some(Rule::EmailForm) => Mistake::EmailForm,
        Some(Rule::UsernameForm) => Mistake::UsernameForm,
        Some(Rule::PasswordLength(least)) => Mistake::PasswordShort(least),
        Some(Rule::PasswordGuessing) => Mistake::PasswordGuessable,
        None => Mistake::Other(field, error.detail.clone().into()),
    })
}

/// An address that is taken is no mistake: its owner wants to sign in.
fn taken(error: &FieldError) -> Option<Mistake> {
    (error.field == "username").then_some(Mistake::UsernameTaken)
}
