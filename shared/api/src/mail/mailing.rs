//! The mails of a deployment.

use std::time::Duration;

use accounts::{TicketId, Timestamp, User};
use tables::{Asker, Mail, Mails, Notice, NoticeKind, Recipient};

use crate::{ConfigError, Environment, Error, Gateway, Issuer};

/// The time for which a notice is worth a mail.
const NOTICE: Duration = Duration::from_secs(24 * 60 * 60);

/// The mails of a deployment that sends any. To store a row of its table is to order the mail.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// The table.
    pub mails: Mails,
    issuer: Issuer,
}

impl Environment {
    /// The mails of the deployment, by `MAILS_TABLE` and `ISSUER_URL`; `None` where it sends none.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the variable that is missing or wrong.
    pub fn mailing(&self) -> Result<Option<Mailing>, ConfigError> {
        let Some(mails) = self.mails()? else {
            return Ok(None);
        };
        let issuer = self.issuer()?;
        Ok(Some(Mailing { mails, issuer }))
    }
}

impl Mailing {
    /// A mail to this recipient about this request.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where there is no issuer.
    pub fn mail(&self, gateway: &Gateway, to: Recipient) -> Result<Mail, Error> {
        Ok(Mail {
            to,
            issuer: self.issuer.of(gateway)?,
            asker: Asker {
                device: gateway.device.rough_kind(),
                network: gateway.device.rough_network(),
            },
        })
    }

    /// A notice of what this request does to an account, to its address as it is in `user` and in
    /// the language that its owner has chosen; `None` where it has no address that is verified. What
    /// happens to an account is no business of an address that somebody has only typed.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where there is no issuer, or the random number generator fails.
    pub fn notice(
        &self,
        gateway: &Gateway,
        user: &User,
        kind: NoticeKind,
        now: Timestamp,
    ) -> Result<Option<Notice>, Error> {
        let Some(address) = user.verified_email() else {
            return Ok(None);
        };
        let to = Recipient {
            address: address.clone(),
            locale: user.locale.as_ref().map(ToString::to_string),
        };
        Ok(Some(Notice {
            id: TicketId::generate()?,
            kind,
            user_id: user.id,
            at: now,
            expires_at: now.saturating_add(NOTICE.as_secs()),
            mail: self.mail(gateway, to)?,
        }))
    }
}
