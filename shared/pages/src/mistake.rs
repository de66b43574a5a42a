//! Mistakes in a form, in the words of the page's language.

use std::borrow::Cow;

use crate::texts::{Around, Texts};

/// A field of a form. Its name is also its id on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `email`
    Email,
    /// `username`
    Username,
    /// `password`
    Password,
    /// `code`
    Code,
}

impl Field {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Username => "username",
            Self::Password => "password",
            Self::Code => "code",
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Email => "E-mail address",
            Self::Username => "Username",
            Self::Password => "Password",
            Self::Code => "Code",
        }
    }
}

/// A mistake in a form that is shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// A field that must have a value has none.
    Missing(Field),
    /// The address has not the form of one.
    EmailForm,
    /// The username has not the form of one.
    UsernameForm,
    /// The username belongs to another account.
    UsernameTaken,
    /// The password has fewer characters than this.
    PasswordShort(usize),
    /// The password is easy to guess.
    PasswordGuessable,
    /// The code is wrong, or its ticket is no longer valid.
    CodeWrong,
    /// The next attempt is possible after this many seconds.
    Wait(u64),
    /// A problem of this field in English words, to be read after the field's name.
    Other(Field, Cow<'static, str>),
}

impl Mistake {
    /// The field, if there is one to mend.
    pub const fn field(&self) -> Option<Field> {
        match self {
            Self::Missing(field) | Self::Other(field, _) => Some(*field),
            Self::EmailForm => Some(Field::Email),
            Self::UsernameForm | Self::UsernameTaken => Some(Field::Username),
            Self::PasswordShort(_) | Self::PasswordGuessable => Some(Field::Password),
            Self::CodeWrong => Some(Field::Code),
            Self::Wait(_) => None,
        }
    }

    pub(crate) fn is_english(&self) -> bool {
        matches!(self, Self::Other(..))
    }

    pub(crate) fn text(&self, t: &Texts) -> String {
        let t = &t.mistakes;
        match self {
            Self::Missing(Field::Email) => t.email_missing.to_owned(),
            Self::Missing(Field::Username) => t.username_missing.to_owned(),
            Self::Missing(Field::Password) => t.password_missing.to_owned(),
            Self::Missing(Field::Code) => t.code_missing.to_owned(),
            Self::EmailForm => t.email_form.to_owned(),
            Self::UsernameForm => t.username_form.to_owned(),
            Self::UsernameTaken => t.username_taken.to_owned(),
            Self::PasswordShort(least) => around(t.password_short, *least),
            Self::PasswordGuessable => t.password_guessable.to_owned(),
            Self::CodeWrong => t.code_wrong.to_owned(),
            Self::Wait(seconds) if *seconds <= 60 => t.wait_a_minute.to_owned(),
            Self::Wait(seconds) => around(t.wait, seconds.div_ceil(60)),
            Self::Other(field, detail) => {
                format!("{} {detail}", field.english())
            }
        }
    }
}

fn around((before, after): Around, value: impl std::fmt::Display) -> String {
    format!("{before}{value}{after}")
}

/// The mistakes of one form, for its template.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mistakes<'a>(pub(crate) &'a [Mistake]);

impl<'a> Mistakes<'a> {
    pub(crate) fn at(self, name: &str) -> Option<&'a Mistake> {
        let mut all = self.0.iter();
        all.find(|mistake| mistake.field().is_some_and(|field| field.name() == name))
    }
}
