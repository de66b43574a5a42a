//! `POST /reset-password`: a new password, by a ticket.

use std::sync::Arc;

use accounts::{Password, PasswordHash, Timestamp, User};
use api::{
    AskedLanguage, Error, Event, Fields, Gateway, JsonOrForm, Mailing, Proven, Reader, Shown,
    note_target,
};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pages::Errand;
use tables::{NoticeKind, Spend};
use uuid::Uuid;

use crate::App;

pub(crate) async fn reset(
    State(app): State<Arc<App>>,
    reader: Option<Reader>,
    AskedLanguage(language): AskedLanguage,
    gateway: Gateway,
    JsonOrForm(fields): JsonOrForm,
) -> Result<Response, Error> {
    let (typed, code) = (fields.typed("ticket"), fields.typed("code"));
    let done = app.reset(fields, language, &gateway).await;
    let Some(reader) = reader else {
        done?;
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let Err(error) = done else {
        return Ok(pages::password_set(reader.frame()).into_response());
    };
    let error = match reader.refused(error, Errand::Reset) {
        Ok(page) => return Ok(page),
        Err(error) => error,
    };
    // A right code is worth the link.
    let ticket = match &error {
        Error::Carrying(_, link) => link.to_text(),
        _ => typed,
    };
    match app.form(ticket, &gateway).await {
        Ok(form) => reader.again(error, |frame, status, mistakes| {
            form.page(frame, status, &code, mistakes)
        }),
        Err(refused) => reader.refused(refused, Errand::Reset),
    }
}

/// A proven ticket, and the password that its bearer has chosen.
struct Bearer<'a> {
    proven: &'a Proven,
    password: &'a Password,
    now: Timestamp,
}

/// The new password, on its way to the tables.
struct Change<'a> {
    mailing: &'a Mailing,
    spend: Spend<'a>,
    hash: &'a PasswordHash,
    gateway: &'a Gateway,
    language: Option<&'static str>,
}

impl App {
    /// Sets a new password. An account that changes meanwhile, as by another name, is read once
    /// more.
    async fn reset(
        &self,
        fields: Fields,
        language: Option<&'static str>,
        gateway: &Gateway,
    ) -> Result<(), Error> {
        let mailing = self.mailing()?;
        let (shown, password) = self.parse(fields)?;

        let now = api::now();
        let keys = self.keys.at(now).await?;
        let proven = self.prove(mailing, &keys, &shown, (gateway, now)).await?;
        let bearer = Bearer {
            proven: &proven,
            password: &password,
            now,
        };
        let user = self.account(&bearer).await?;
        let attempt = Uuid::new_v4().to_string();
        let change = Change {
            mailing,
            spend: Spend {
                row: &proven.row,
                attempt: &attempt,
                now,
            },
            hash: &self.hasher.hash(&password).map_err(Error::internal)?,
            gateway,
            language,
        };
        let mut written = self.write(&change, &user).await;
        if let Err(Error::Changed) = written {
            let user = self.account(&bearer).await?;
            written = self.write(&change, &user).await;
        }
        match written {
            Ok(()) => note_target(Event::PasswordReset, user.id),
            Err(error @ Error::Changed) => return Err(proven.carried_by(error)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The password is judged before a code is guessed, so that a weak one costs no guess.
    fn parse(&self, mut fields: Fields) -> Result<(Shown, Password), Error> {
        let shown = Shown::of(&mut fields);
        let password = fields.required("password", Password::parse);
        if let Some(password) = &password {
            if let Err(error) = self.policy.check_form(password) {
                fields.refuse("password", error);
            } else if let Err(reason) = self.policy.check_guessing_by_anybody(password) {
                fields.refuse("password", reason);
            }
        }
        fields.finish(shown.zip(password))
    }

    /// Reads the account of a ticket, where the ticket still permits to set this password.
    async fn account(&self, bearer: &Bearer<'_>) -> Result<User, Error> {
        let user = self.owner(&bearer.proven.row, bearer.now).await?;
        match self.policy.check_guessing(bearer.password, &user.names) {
            Ok(()) => Ok(user),
            Err(reason) => Err(bearer.proven.carried_by(Error::field("password", reason))),
        }
    }

    async fn write(&self, change: &Change<'_>, user: &User) -> Result<(), Error> {
        let Change { mailing, spend, .. } = change;
        // The reset proves the address, and so the notice goes there.
        let proved = user.with_verified_email(spend.now);
        let kind = NoticeKind::PasswordReset;
        let notice = mailing.notice(change.gateway, &proved, kind, spend.now)?;
        let notice = notice.map(|notice| notice.or_in(change.language));
        let tables = (&self.logins, &self.users, &self.factors);
        mailing
            .mails
            .reset_password(tables, spend, user, change.hash, notice.as_ref())
            .await?;
        Ok(())
    }
}
