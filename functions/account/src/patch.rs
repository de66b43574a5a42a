//! The account that a `PATCH /me` asks for.

use std::convert::Infallible;

use accounts::{Email, Locale, Names, User, Username};
use api::{Error, Fields, Patch};

/// Returns the account as a request wants it. A member that is not there leaves the account's own as
/// it is, and `null` takes it away (RFC 7396).
///
/// Where mail is sent, an address is not changed so: another one would be the account's before
/// anybody has proved to read it, and without one its owner has no way back.
pub(crate) fn wanted(mut fields: Fields, user: &User, mail_is_sent: bool) -> Result<User, Error> {
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
    if is_empty && fields.is_ok() {
        let other = if mail_is_sent { "a locale" } else { "an email" };
        let detail = format!("is missing: give a username, {other} or both");
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
    Ok(user.with_names(names).with_locale(locale))
}

fn anything(_: &str) -> Result<(), Infallible> {
    Ok(())
}
