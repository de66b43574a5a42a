//! The notices of what the owner of an account does to it.

use accounts::{Timestamp, User};
use api::{AskedLanguage, Error, Feature, Gateway, Mailing};
use tables::{Notice, NoticeKind, Order};

use crate::App;

impl App {
    pub(crate) fn mailing(&self) -> Result<&Mailing, Error> {
        let mailing = self.mailing.as_ref();
        mailing.ok_or(Error::FeatureDisabled(Feature::Mail))
    }

    /// The notice of a change, to the account as it is before, in the language that its owner has
    /// chosen, else in the one that the request prefers; nothing where no mail is sent, or none to
    /// the account.
    pub(crate) fn notice(
        &self,
        (gateway, AskedLanguage(preferred)): (&Gateway, AskedLanguage),
        user: &User,
        kind: NoticeKind,
        now: Timestamp,
    ) -> Result<Option<Notice>, Error> {
        let notice = match &self.mailing {
            Some(mailing) => mailing.notice(gateway, user, kind, now)?,
            None => None,
        };
        Ok(notice.map(|mut notice| {
            let locale = notice.mail.to.locale.take();
            notice.mail.to.locale = locale.or(preferred.map(str::to_owned));
            notice
        }))
    }

    /// The notice, for the transaction of the change.
    pub(crate) fn ordered<'a>(&'a self, notice: Option<&'a Notice>) -> Option<Order<'a>> {
        let mails = &self.mailing.as_ref()?.mails;
        notice.map(|notice| Order { mails, notice })
    }
}
