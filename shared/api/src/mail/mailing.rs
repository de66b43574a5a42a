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
    names_asker: bool,
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
        Ok(Some(Mailing {
            mails,
            issuer,
            names_asker: true,
        }))
    }
}

impl Mailing {
    /// The same, whose mails do not describe whoever asks for them: device and network of an
    /// administrator are no business of the owner's.
    #[must_use]
    pub fn without_asker(self) -> Self {
        let names_asker = false;
        Self {
            names_asker,
            ..self
        }
    }

    /// A mail to this recipient about this request.
    ///
    /// # Errors
    ///
    /// [`Error::Internal`] where there is no issuer.
    pub fn mail(&self, gateway: &Gateway, to: Recipient) -> Result<Mail, Error> {
        Ok(Mail {
            to,
            issuer: self.issuer.of(gateway)?,
            asker: self.asker(gateway),
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
        Ok(Notice::of(
            user,
            kind,
            now,
            (&issuer, &self.asker(gateway)),
        )?)
    }

    /// The client of a request, as a mail may describe it.
    fn asker(&self, gateway: &Gateway) -> Asker {
        if !self.names_asker {
            return Asker::default();
        }
        Asker {
            device: gateway.device.rough_kind(),
            network: gateway.device.rough_network(),
        }
    }
}
