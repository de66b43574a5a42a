//! `POST /me/email/confirm`: the proof of an address, and the consent of the present one.

use accounts::{Email, Purpose, Refused, Timestamp};
use api::{
    AskedLanguage, Caller, Error, Event, Fields, Gateway, Mailing, Proven, Shown, UserAnswer,
    Verified, note,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tables::{AccountError, Moving, NoticeKind, Permit, Spend, SpendError};
use uuid::Uuid;

use crate::App;
use crate::profile::{any_name, own};

/// The purposes of the texts that prove something here: of the new address, and of the present one.
pub(crate) const PURPOSES: [Purpose; 2] = [Purpose::Email, Purpose::Agree];

/// A request by a session of the ticket's account, whose bearer has proved to read the mail.
struct Confirmed<'a> {
    mailing: &'a Mailing,
    caller: &'a Caller,
    gateway: &'a Gateway,
    language: AskedLanguage,
    proven: &'a Proven,
    now: Timestamp,
}

/// A proof counts in a session of the ticket's own account alone: nobody can be lured into proving
/// an address for the account of somebody else.
pub(crate) async fn confirm(
    State(app): State<App>,
    verified: Verified,
    gateway: Gateway,
    language: AskedLanguage,
    mut fields: Fields,
) -> Result<Response, Error> {
    let now = api::now();
    let mailing = match app.mailing() {
        Ok(mailing) => mailing,
        Err(disabled) => {
            app.guard.look_up(verified, now).await?;
            return Err(disabled);
        }
    };
    let shown = Shown::of(&mut fields);
    let shown = fields.finish(shown)?;
    let keys = app.keys.at(now).await?;
    let proving = app.settings.tickets.prove(
        (&mailing.mails, &app.throttles),
        &keys,
        &shown,
        &PURPOSES,
        (&gateway, now),
    );
    let (caller, proven) = tokio::join!(app.guard.look_up(verified, now), proving);
    let (caller, proven) = (caller?, proven?);
    let owner = proven.row.ticket.owner;
    if owner.is_none_or(|owner| owner.user_id != caller.user.id) {
        return Err(Error::ForeignTicket);
    }
    proven.row.judge(Some(&caller.user), now)?;
    let confirmed = Confirmed {
        mailing,
        caller: &caller,
        gateway: &gateway,
        language,
        proven: &proven,
        now,
    };
    match proven.purpose {
        Purpose::Agree => Ok(confirmed.agree().await?.into_response()),
        _ => Ok(app.take_effect(&confirmed).await?.into_response()),
    }
}

impl App {
    async fn take_effect(&self, confirmed: &Confirmed<'_>) -> Result<Json<UserAnswer>, Error> {
        let (user, proven) = (&confirmed.caller.user, confirmed.proven);
        let Permit::Email { address, .. } = &proven.row.permit else {
            return Err(Error::UnknownTicket);
        };
        let attempt = Uuid::new_v4().to_string();
        let spend = Spend {
            row: &proven.row,
            attempt: &attempt,
            now: confirmed.now,
        };
        if user.names.email() == Some(address) {
            let mails = &confirmed.mailing.mails;
            let changed = mails.verify_address(&self.users, &spend, user).await;
            let changed = changed.map_err(|error| refusal(proven, error))?;
            note(Event::EmailVerified);
            return Ok(Json(self.answers.of(changed)));
        }
        confirmed.check_time(self)?;
        self.change_address(confirmed, &spend, address).await
    }

    async fn change_address(
        &self,
        confirmed: &Confirmed<'_>,
        spend: &Spend<'_>,
        address: &Email,
    ) -> Result<Json<UserAnswer>, Error> {
        let Confirmed {
            mailing,
            caller: Caller { user, session, .. },
            gateway,
            language,
            proven,
            now,
        } = confirmed;
        let login = self.logins.get(&any_name(&user.names)?).await;
        let login = login
            .map_err(Error::from)
            .and_then(|login| own(login, user));
        let login = login.map_err(|error| proven.carried_by(error))?;
        let notice = self.notice((gateway, *language), user, NoticeKind::AddressChanged, *now)?;
        let moving = Moving {
            user,
            login: &login,
            session,
        };
        let mails = &mailing.mails;
        let changed = mails
            .change_address(&self.accounts, spend, moving, address, notice.as_ref())
            .await
            .map_err(|error| refusal(proven, error))?;
        note(Event::EmailChanged);
        note(Event::SessionsEnded);
        Ok(Json(self.answers.of(changed)))
    }
}

impl Confirmed<'_> {
    /// The present address agrees to another one, whose proof then counts at once.
    async fn agree(&self) -> Result<StatusCode, Error> {
        let agreed = self.mailing.mails.agree(self.proven.handle(), self.now);
        if !agreed.await? {
            return Err(Refused::Used.into());
        }
        note(Event::EmailAgreed);
        Ok(StatusCode::NO_CONTENT)
    }

    /// Checks that another address may take effect now: an address that is proved has a say, for
    /// whoever holds a session may not be its owner.
    fn check_time(&self, app: &App) -> Result<(), Error> {
        let Permit::Email {
            effective_at,
            agreed_at,
            ..
        } = self.proven.row.permit
        else {
            return Ok(());
        };
        match effective_at {
            _ if agreed_at.is_some() => Ok(()),
            Some(at) if self.now < at && !app.is_owner_beyond_doubt(self.caller, self.now) => {
                Err(self.proven.carried_by(Error::EmailChangePending(at)))
            }
            Some(_) => Ok(()),
            // It was proved since, and nobody has asked it.
            None if self.caller.user.email_is_verified() => Err(Refused::Superseded.into()),
            None => Ok(()),
        }
    }
}

/// The answer where an effect was refused. A ticket that may still have it needs no code again.
fn refusal(proven: &Proven, error: SpendError) -> Error {
    match error {
        SpendError::Refused(_) | SpendError::Account(AccountError::SessionEnded) => error.into(),
        _ => proven.carried_by(error.into()),
    }
}
