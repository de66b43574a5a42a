//! `POST /admin/users` and `POST /admin/users/{id}/password-reset`: tickets that go out by mail; and
//! the notices of what is done to accounts.
//!
//! No answer has a handle, and this function has no MAC key: an administrator can have a ticket
//! mailed, and cannot use it.

use std::time::Duration;

use accounts::{Email, INVITATION_LIFE, Locale, LoginName, RESET_LIFE, Status, User};
use api::{
    AskedLanguage, Caller, Error, Event, Feature, FieldError, Fields, Gateway, Mailing, PathId,
    TicketSeeds, note, note_target,
};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use claims::Role;
use serde::Serialize;
use tables::{Notice, NoticeKind, Order, Permit, PermittedSignup, Recipient, TicketRow};

use crate::App;
use crate::change::MORE_THAN_ONES_OWN;

/// The mails of a deployment that sends any, and the tickets in them.
#[derive(Debug)]
pub(crate) struct Outbox {
    pub(crate) mailing: Mailing,
    pub(crate) seeds: TicketSeeds,
}

/// The answer to an order of a mail.
#[derive(Serialize)]
pub(crate) struct Ordered {
    /// The seconds for which the link is valid.
    expires_in: u64,
}

const NO_ADDRESS: &str = "The account has no e-mail address that a link could be sent to";
const DISABLED: &str = "The account is disabled; enable it before its owner sets a new password";

pub(crate) async fn invite(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    AskedLanguage(language): AskedLanguage,
    mut fields: Fields,
) -> Result<(StatusCode, Json<Ordered>), Error> {
    app.admit(&caller)?;
    let outbox = app.outbox()?;
    let address = fields.required("email", Email::parse);
    let roles = fields.optional_list("roles", str::parse::<Role>);
    let address = fields.finish(address)?;
    let mut roles = roles.unwrap_or_default();
    roles.sort();
    roles.dedup();
    app.are_known(&roles, &[])?;
    app.within(&caller, &roles, MORE_THAN_ONES_OWN)?;
    let name = LoginName::from(&address);
    if app.logins.owner(&name).await?.is_some() {
        return Err(Error::Conflict(vec![FieldError::new("email", "is taken")]));
    }
    let permit = Permit::Signup(PermittedSignup::Invited(roles));
    let to = Recipient {
        address,
        locale: language.map(str::to_owned),
    };
    let ticket = outbox.ticket(&gateway, None, permit, INVITATION_LIFE, to);
    let (mails, ticket) = (&outbox.mailing.mails, ticket.await?);
    mails
        .issue_by(&app.users, &caller.user, None, &ticket)
        .await?;
    note(Event::AccountInvited);
    Ok(ordered(INVITATION_LIFE))
}

pub(crate) async fn send_reset(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    AskedLanguage(language): AskedLanguage,
    PathId(id): PathId,
) -> Result<(StatusCode, Json<Ordered>), Error> {
    app.admit(&caller)?;
    let outbox = app.outbox()?;
    let user = app.target(&caller, &id).await?;
    let address = user.names.email().ok_or(Error::NotPossible(NO_ADDRESS))?;
    if user.status != Status::Active {
        return Err(Error::NotPossible(DISABLED));
    }
    let permit = Permit::Reset {
        address: Some(address.clone()),
    };
    let chosen = user.locale.as_ref().map(Locale::as_str);
    let to = Recipient {
        address: address.clone(),
        locale: chosen.or(language).map(str::to_owned),
    };
    let ticket = outbox.ticket(&gateway, Some(&user), permit, RESET_LIFE, to);
    let (mails, ticket) = (&outbox.mailing.mails, ticket.await?);
    mails
        .issue_by(&app.users, &caller.user, Some(&user), &ticket)
        .await?;
    note_target(Event::AccountResetSent, user.id);
    Ok(ordered(RESET_LIFE))
}

fn ordered(life: Duration) -> (StatusCode, Json<Ordered>) {
    let expires_in = life.as_secs();
    (StatusCode::ACCEPTED, Json(Ordered { expires_in }))
}

impl App {
    fn outbox(&self) -> Result<&Outbox, Error> {
        let outbox = self.outbox.as_deref();
        outbox.ok_or(Error::FeatureDisabled(Feature::Mail))
    }

    /// The notice of what is done to an account; nothing where no mail is sent, or none to it.
    pub(crate) fn notice(
        &self,
        (gateway, AskedLanguage(language)): (&Gateway, AskedLanguage),
        user: &User,
        kind: NoticeKind,
    ) -> Result<Option<Notice>, Error> {
        let Some(outbox) = &self.outbox else {
            return Ok(None);
        };
        let notice = outbox.mailing.notice(gateway, user, kind, api::now())?;
        Ok(notice.map(|notice| notice.or_in(language)))
    }

    pub(crate) fn in_its_transaction<'a>(
        &'a self,
        notice: Option<&'a Notice>,
    ) -> Option<Order<'a>> {
        let mails = &self.outbox.as_deref()?.mailing.mails;
        notice.map(|notice| Order { mails, notice })
    }
}

impl Outbox {
    async fn ticket(
        &self,
        gateway: &Gateway,
        user: Option<&User>,
        permit: Permit,
        life: Duration,
        to: Recipient,
    ) -> Result<TicketRow, Error> {
        let now = api::now();
        let (seed, mail) = (
            self.seeds.generate(now).await?,
            self.mailing.mail(gateway, to)?,
        );
        let expires_at = now.saturating_add(life.as_secs());
        Ok(TicketRow::new(seed, user, permit, expires_at, Some(mail)))
    }
}
