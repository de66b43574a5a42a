//! The request for the mail by which its reader makes an account.

use std::time::Duration;

use accounts::{Email, LoginName, Pseudonym, Purpose, TicketSeed};
use api::{Error, Event, Fields, Gateway, MailAsk, note};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tables::{MailedRow, Permit, PermittedSignup, Recipient, TicketRow};

use crate::App;

/// The time for which a ticket is good.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The answer to a request for a mail, the same whether the address has an account or not.
#[derive(Serialize)]
pub(crate) struct Asked {
    /// The ticket's handle.
    pub(crate) ticket: String,
    /// Seconds.
    expires_in: u64,
}

impl IntoResponse for Asked {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, Json(self)).into_response()
    }
}

pub(crate) fn parse(mut fields: Fields) -> Result<Email, Error> {
    let email = fields.required("email", Email::parse);
    // The reader of the mail chooses them, not the client that asks for it.
    for name in ["username", "password"] {
        if fields.optional_secret(name).is_some() {
            fields.refuse(name, "is chosen at /register/confirm");
        }
    }
    fields.finish(email)
}

impl App {
    /// Issues a ticket for an account with this address. A free and a taken address take the same
    /// calls.
    pub(crate) async fn ask(
        &self,
        gateway: &Gateway,
        language: Option<&'static str>,
        email: Email,
    ) -> Result<Asked, Error> {
        let mailing = self.mailing()?;
        let now = api::now();
        let sign_in = self.tokens.open(gateway, now).await?;
        let to = Pseudonym::of(&email, sign_in.macs(), now)?;
        let name = LoginName::from(&email);
        let asked = MailAsk::sign_up(&to, &gateway.device);
        let (allowed, owner) = tokio::join!(
            self.mail_limits.take_own(&self.throttles, &asked, now),
            self.logins.owner(&name),
        );
        allowed?;
        self.mail_limits
            .take_shared(&self.throttles, &asked, now)
            .await?;
        let signup = match owner? {
            None => PermittedSignup::Free,
            Some(_) => PermittedSignup::Taken,
        };
        let seed = TicketSeed::generate(sign_in.macs(), now)?;
        let to = Recipient {
            address: email,
            locale: language.map(str::to_owned),
        };
        let mail = mailing.mail(gateway, to)?;
        let expires_at = now.saturating_add(LIFE.as_secs());
        let row = TicketRow::new(seed, None, Permit::Signup(signup), expires_at, Some(mail));
        mailing.mails.issue(&MailedRow::Ticket(row)).await?;
        note(Event::SignUpAsked);

        let handle = seed.handle(Purpose::Signup, sign_in.macs(), now)?;
        Ok(Asked {
            ticket: handle.to_text(),
            expires_in: LIFE.as_secs(),
        })
    }
}
