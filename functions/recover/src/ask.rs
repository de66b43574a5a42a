//! `/forgot-password`: orders the mail by which a password is set anew.

use std::sync::Arc;

use accounts::{
    Email, Locale, LoginName, MacKeys, Names, Pseudonym, Purpose, RESET_LIFE, Status, TicketSeed,
    Timestamp, User,
};
use api::{AskedLanguage, Error, Event, Fields, Gateway, JsonOrForm, MailAsk, Reader, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pages::{Language, Page};
use serde::Serialize;
use tables::{MailedRow, Permit, Recipient, TicketRow};

use crate::App;

/// The answer to whoever asks, the same for an address that nobody has.
#[derive(Serialize)]
struct Asked {
    /// A handle, for the code in the mail.
    ticket: String,
    /// Seconds.
    expires_in: u64,
}

pub(crate) async fn show(State(app): State<Arc<App>>, reader: Reader) -> Result<Page, Error> {
    app.mailing()?;
    let (frame, status) = (reader.frame(), StatusCode::OK);
    Ok(pages::forgot_password(frame, status, "", &[]))
}

pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    reader: Option<Reader>,
    AskedLanguage(language): AskedLanguage,
    gateway: Gateway,
    JsonOrForm(fields): JsonOrForm,
) -> Result<Response, Error> {
    let typed = fields.typed("email");
    let asked = app.ask(fields, language, &gateway).await;
    let Some(reader) = reader else {
        return Ok((StatusCode::ACCEPTED, Json(asked?)).into_response());
    };
    match asked {
        Ok(asked) => {
            let page = pages::reset_mailed(reader.frame(), &typed, &asked.ticket);
            Ok(page.into_response())
        }
        Err(error) => reader.again(error, |frame, status, mistakes| {
            pages::forgot_password(frame, status, &typed, mistakes)
        }),
    }
}

/// Returns whether a new password lets the owner of an account in. Where nobody has verified the
/// address, a second factor may be that of a stranger, and stays.
fn has_way_back(user: &User) -> bool {
    user.email_is_verified() || !user.ways_in.ask_for_factor()
}

impl App {
    /// Issues a ticket, for the account of an address or for nobody. The calls are the same.
    async fn ask(
        &self,
        mut fields: Fields,
        language: Option<&'static str>,
        gateway: &Gateway,
    ) -> Result<Asked, Error> {
        let mailing = self.mailing()?;
        let address = fields.required("email", Email::parse);
        let address = fields.finish(address)?;

        let now = api::now();
        let keys = self.keys.at(now).await?;
        let account = self.account_of(&address, &keys, gateway, now).await?;
        let is_known = account.is_some();
        // The work and the row of nobody are those of whoever has just registered.
        let user = account.unwrap_or_else(|| User::register(Names::from(address.clone()), now));
        let chosen = user.locale.as_ref().map(Locale::as_str);
        let language = language.unwrap_or(Language::default().tag());
        let to = Recipient {
            address: address.clone(),
            locale: Some(chosen.unwrap_or(language).to_owned()),
        };
        let mail = mailing.mail(gateway, to)?;
        let permit = Permit::Reset {
            address: has_way_back(&user).then_some(address),
        };
        let seed = TicketSeed::generate(&keys, now)?;
        let handle = seed.handle(Purpose::Reset, &keys, now)?;
        let expires_at = now.saturating_add(RESET_LIFE.as_secs());
        let row = TicketRow::new(seed, Some(&user), permit, expires_at, Some(mail));
        if is_known {
            mailing.mails.issue(&MailedRow::Ticket(row)).await?;
        } else {
            mailing.mails.issue_for_nobody(&row).await?;
        }
        note(Event::PasswordResetAsked);
        Ok(Asked {
            ticket: handle.to_text(),
            expires_in: RESET_LIFE.as_secs(),
        })
    }

    /// The account that may be told at this address, verified or not: whoever reads the mail has
    /// the address. Where nobody has it, as much is read.
    async fn account_of(
        &self,
        address: &Email,
        keys: &MacKeys,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Option<User>, Error> {
        let mailbox = Pseudonym::of(address, keys, now)?;
        let name = LoginName::from(address);
        let exactly = Pseudonym::of_address(address, keys, now)?;
        let ask = MailAsk::reset((&mailbox, &exactly), &gateway.device);
        let (allowed, owner) = tokio::join!(
            self.limits.take_own(&self.throttles, &ask, now),
            self.logins.owner(&name),
        );
        allowed?;
        let id = owner?.unwrap_or_else(|| mailbox.nobody());
        let (allowed, user) = tokio::join!(
            self.limits.take_shared(&self.throttles, &ask, now),
            self.users.get(id),
        );
        allowed?;
        Ok(user?
            .filter(|user| user.status == Status::Active && user.names.email() == Some(address)))
    }
}
