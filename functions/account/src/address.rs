//! `PUT /me/email`: the address of an account is to be proved, its present one or another.

use accounts::{
    Acr, Email, LoginName, MacKeys, PROOF_LIFE, Pseudonym, Purpose, TicketSeed, Timestamp, User,
};
use api::{AskedLanguage, Caller, Error, Event, Fields, Gateway, MailAsk, note};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use tables::{NoticeKind, Permit, Recipient, TicketRow};

use crate::App;

/// The answer to an ask, the same for a free and a taken address.
#[derive(Serialize)]
pub(crate) struct Asked {
    /// The handle, beside which the mailed code counts.
    ticket: String,
    /// Seconds.
    expires_in: u64,
    /// The time from which another address needs no consent of the present one.
    #[serde(skip_serializing_if = "Option::is_none")]
    effective_at: Option<Timestamp>,
}

/// Mails a link and a code to the address. Nothing changes yet, and nothing tells whether another
/// account has the address: then nothing is mailed to it.
pub(crate) async fn ask(
    State(app): State<App>,
    caller: Caller,
    gateway: Gateway,
    language: AskedLanguage,
    mut fields: Fields,
) -> Result<(StatusCode, Json<Asked>), Error> {
    let mailing = app.mailing()?;
    let address = fields.required("email", Email::parse);
    let address = fields.finish(address)?;
    let (user, now) = (&caller.user, api::now());
    let is_other = user.names.email() != Some(&address);
    if is_other {
        caller.requires_fresh(&app.settings.freshness, now)?;
    }
    let keys = app.keys.at(now).await?;
    let is_free = app.may_mail(user, &address, &gateway, (&keys, now)).await?;

    // An address that nobody has proved to read has no say.
    let waits = is_other && user.email_is_verified();
    let effective_at = waits.then(|| now.saturating_add(app.settings.email_change_delay.as_secs()));
    let expires_at = effective_at
        .unwrap_or(now)
        .saturating_add(PROOF_LIFE.as_secs());
    let seed = TicketSeed::generate(&keys, now)?;
    let notice = if waits {
        app.notice(
            (&gateway, language),
            user,
            NoticeKind::AddressAsked(seed),
            now,
        )?
    } else {
        None
    };
    let to = Recipient {
        address: address.clone(),
        locale: match &user.locale {
            Some(chosen) => Some(chosen.to_string()),
            None => language.0.map(str::to_owned),
        },
    };
    let mail = is_free.then(|| mailing.mail(&gateway, to)).transpose()?;
    let permit = Permit::Email {
        address,
        effective_at,
        agreed_at: None,
    };
    let ticket = TicketRow::new(seed, Some(user), permit, expires_at, mail);
    mailing.mails.issue_with(ticket, notice).await?;
    note(Event::EmailAsked);

    let asked = Asked {
        ticket: seed.handle(Purpose::Email, &keys, now)?.to_text(),
        expires_in: expires_at.saturating_sub(now),
        effective_at: effective_at.filter(|_| !app.is_owner_beyond_doubt(&caller, now)),
    };
    Ok((StatusCode::ACCEPTED, Json(asked)))
}

impl App {
    /// Returns whether a caller has shown two factors, neither of which is new: a thief would enrol
    /// one first. Such a caller need not wait.
    pub(crate) fn is_owner_beyond_doubt(&self, caller: &Caller, now: Timestamp) -> bool {
        let delay = self.settings.email_change_delay.as_secs();
        let is_old = |at: Timestamp| at.saturating_add(delay) <= now;
        let has_both = caller.session.authentication.methods.acr() >= Some(Acr::Aal2);
        has_both && caller.user.factor_added_at.is_some_and(is_old)
    }

    /// Takes a mail to the address out of the limits, and returns whether no other account has it.
    async fn may_mail(
        &self,
        user: &User,
        address: &Email,
        gateway: &Gateway,
        (keys, now): (&MacKeys, Timestamp),
    ) -> Result<bool, Error> {
        let (to, name) = (Pseudonym::of(address, keys, now)?, LoginName::from(address));
        let limits = &self.settings.mail_limits;
        let asked = MailAsk::proof(&to, user.id, &gateway.device);
        let (allowed, owner) = tokio::join!(
            limits.take_own(&self.throttles, &asked, now),
            self.logins.owner(&name),
        );
        allowed?;
        limits.take_shared(&self.throttles, &asked, now).await?;
        Ok(owner?.is_none_or(|owner| owner == user.id))
    }
}
