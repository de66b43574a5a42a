//! A wrong code is counted, and the owner of the account is told.

use accounts::MAX_WRONG_CODES;
use api::{Error, Event, note};
use tables::{MailedRow, Notice, NoticeKind};

use crate::App;
use crate::prove::Attempt;

/// The wrong codes in a row after which the owner is told: whoever shows them knows the password.
const TOLD_AT: u64 = 10;

impl App {
    /// Counts a failure, and returns its answer. `failures` is the number of wrong codes of an app
    /// in a row, this one included.
    pub(crate) async fn refuse(&self, attempt: &Attempt<'_>, failures: Option<u64>) -> Error {
        let kind = match failures {
            Some(TOLD_AT) => Some(NoticeKind::WrongCodes),
            Some(MAX_WRONG_CODES) => {
                note(Event::MfaLocked);
                Some(NoticeKind::MfaLocked)
            }
            _ => None,
        };
        let (counted, told) = tokio::join!(
            self.count_failure(attempt.gateway, attempt.now),
            self.tell(attempt, kind),
        );
        match counted.and(told) {
            Ok(()) => Error::InvalidSecondFactor,
            Err(fault) => fault,
        }
    }

    async fn tell(&self, attempt: &Attempt<'_>, kind: Option<NoticeKind>) -> Result<(), Error> {
        let (Some(kind), Some(mailing)) = (kind, &self.mailing) else {
            return Ok(());
        };
        match self.notice(attempt, kind)? {
            Some(notice) => Ok(mailing.mails.issue(&MailedRow::Notice(notice)).await?),
            None => Ok(()),
        }
    }

    /// In the language of the owner alone: the one that the request prefers may be a thief's.
    pub(crate) fn notice(
        &self,
        attempt: &Attempt<'_>,
        kind: NoticeKind,
    ) -> Result<Option<Notice>, Error> {
        let notice = self
            .mailing
            .as_ref()
            .map(|mailing| mailing.notice(attempt.gateway, attempt.user, kind, attempt.now));
        notice.map_or(Ok(None), |notice| notice)
    }
}
