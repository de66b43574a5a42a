//! The mails of a deployment.

use accounts::{Timestamp, User};
use tables::{Asker, Mail, Mails, Notice, NoticeKind, Recipient};

use crate::{ConfigError, Environment, Error, Gateway, Issuer};

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
            asker: asker(gateway),
        })
    }

    /// A notice of what this request does to an account, as [`Notice::of`].
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
        let issuer = self.issuer.of(gateway)?;
        Ok(Notice::of(user, kind, now, (&issuer, &asker(gateway)))?)
    }
}

/// Whoever makes a request, as a mail may describe them.
fn asker(gateway: &Gateway) -> Asker {
    Asker {
        device: gateway.device.rough_kind(),
        network: gateway.device.rough_network(),
    }
}
