//! The change that a `PATCH /me` asks for.

use std::convert::Infallible;

use accounts::{Email, Locale, Names, User, Username};
use api::{Error, Fields, Patch};

/// The change that a request asks for.
pub(crate) enum Wanted {
    /// The account with other names, or another language.
    Profile(Box<User>),
    /// Whether a password asks for a second factor.
    SecondFactor(Rule),
}

/// Whether a password asks for a second factor, by the choice of the owner.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    Required,
    Optional,
}

/// Returns the change that a request asks for. A member that is not there leaves the account's own
/// as it is, and `null` takes it away (RFC 7396).
///
/// Where mail is sent, an address is not changed so: another one would be the account's before
/// anybody has proved to read it, and without one its owner has no way back.
pub(crate) fn wanted(mut fields: Fields, user: &User, mail_is_sent: bool) -> Result<Wanted, Error> {
    let names = &user.names;
    let username = fields.patch("username", Username::parse);
    let (email, locale) = if mail_is_sent {
        if fields.patch("email", anything) != Patch::Keep {
            fields.refuse("email", "is not changed here: use PUT /me/email");
        }
        (Patch::Keep, fields.patch("locale", Locale::parse))
    } else {
        (fields.patch("email", Email::parse), Patch::Keep)
    };
    let is_empty = username == Patch::Keep && email == Patch::Keep && locale == Patch::Keep;
    match fields.patch("second_factor", Rule::parse) {
        Patch::Set(_) if !is_empty => fields.refuse("second_factor", "is changed alone"),
        Patch::Set(rule) => return fields.finish(Some(Wanted::SecondFactor(rule))),
        Patch::Remove => fields.refuse("second_factor", RULES),
        Patch::Keep => {}
    }
    if is_empty && fields.is_ok() {
        let other = if mail_is_sent { "a locale" } else { "an email" };
        let detail = format!("is missing: give a username, {other} or both, or a second_factor");
        fields.refuse("username", detail);
    }
    let removed = match &username {
        Patch::Remove if names.username().is_some() => "username",
        _ => "email",
    };
    let username = username.apply(names.username().cloned());
    let email = email.apply(names.email().cloned());
    let names = Names::new(username, email);
    if names.is_none() && fields.is_ok() {
        let detail = "must not be removed: the account would have no name";
        fields.refuse(removed, detail);
    }
    let names = fields.finish(names)?;
    let locale = locale.apply(user.locale.clone());
    let changed = user.with_names(names).with_locale(locale);
    Ok(Wanted::Profile(Box::new(changed)))
}

const RULES: &str = "must be required or optional";

impl Rule {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text {
            "required" => Ok(Self::Required),
            "optional" => Ok(Self::Optional),
            _ => Err(RULES),
        }
    }
}

fn anything(_: &str) -> Result<(), Infallible> {
    Ok(())
}
