//! The checks before a second factor or a passkey is added, and the answer afterwards.

use accounts::{Email, Timestamp, User, Username};
use api::{AskedLanguage, Enroller, Error, Gateway, MfaChallenge};
use serde::Serialize;
use tables::{Notice, NoticeKind, Order};

use crate::App;
use crate::recovery_codes::Texts;

/// The answer to whoever has added a second factor.
#[derive(Serialize)]
pub(crate) struct Enrolled {
    pub(crate) recovery_codes: Texts,
    /// The next step of a sign-in that waits for its first factor.
    #[serde(flatten)]
    pub(crate) next: Option<MfaChallenge>,
}

impl App {
    /// Checks that an account may have another factor or passkey. Where mail is sent, it is one that
    /// its address could recover, or has no address.
    pub(crate) fn check_may_add(&self, user: &User) -> Result<(), Error> {
        let unverified = user.names.email().is_some() && !user.email_is_verified();
        if self.mailing.is_some() && unverified {
            return Err(Error::EmailUnverified);
        }
        Ok(())
    }

    /// The next step of a sign-in that has enrolled a factor; `None` where there is a session.
    /// `user` is the account with the factor.
    pub(crate) async fn next(
        &self,
        enroller: &Enroller,
        user: &User,
        now: Timestamp,
    ) -> Result<Option<MfaChallenge>, Error> {
        if enroller.session.is_some() {
            return Ok(None);
        }
        let macs = self.keys.at(now).await?;
        enroller.next_challenge(&self.settings.challenges, user, &macs, now)
    }

    /// The notice of a change of the factors; `None` where no mail is sent, or none to the account.
    pub(crate) fn notice(
        &self,
        (gateway, AskedLanguage(preferred)): (&Gateway, AskedLanguage),
        user: &User,
        kind: NoticeKind,
        now: Timestamp,
    ) -> Result<Option<Notice>, Error> {
        let Some(mailing) = &self.mailing else {
            return Ok(None);
        };
        let notice = mailing.notice(gateway, user, kind, now)?;
        Ok(notice.map(|notice| notice.or_in(preferred)))
    }

    /// The notice, for the transaction of the change.
    pub(crate) fn ordered<'a>(&'a self, notice: Option<&'a Notice>) -> Option<Order<'a>> {
        let mails = &self.mailing.as_ref()?.mails;
        notice.map(|notice| Order { mails, notice })
    }
}

/// The name by which an authenticator shows the account.
pub(crate) fn name(user: &User) -> Result<&str, Error> {
    let username = user.names.username().map(Username::as_str);
    let name = username.or(user.names.email().map(Email::as_str));
    name.ok_or_else(|| Error::internal("the account has no name"))
}
