//! The verification of a code, and the write of its effect.

use accounts::{RecoveryCode, SecondFactor, Timestamp, User};
use api::{Error, Event, Gateway, note};
use tables::{CodeUse, CodeUseError, Notice, NoticeKind, Order, SessionChange, ShownCode};
use uuid::Uuid;

use crate::App;
use crate::shown::Code;

/// A request that shows a code, and may be answered.
pub(crate) struct Attempt<'a> {
    pub(crate) user: &'a User,
    pub(crate) gateway: &'a Gateway,
    pub(crate) now: Timestamp,
    /// Its own random id, by which its writes are recognised when an answer was lost.
    pub(crate) id: String,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(user: &'a User, gateway: &'a Gateway, now: Timestamp) -> Self {
        Self {
            user,
            gateway,
            now,
            id: Uuid::new_v4().to_string(),
        }
    }
}

impl App {
    /// Reads the keys that the verification needs, so that nothing is written without them.
    pub(crate) async fn unseal_for(&self, code: &Code, now: Timestamp) -> Result<(), Error> {
        match code {
            Code::Totp(_) => self.factor_keys.at(now).await.map(drop),
            Code::Recovery(_) => Ok(()),
        }
    }

    /// Verifies a code and writes the effect of its use. Of any number of requests with the same
    /// one, one succeeds.
    pub(crate) async fn prove(
        &self,
        attempt: &Attempt<'_>,
        code: &Code,
        change: SessionChange<'_>,
    ) -> Result<(), Error> {
        match code {
            Code::Totp(code) => self.prove_totp(attempt, code, change).await,
            Code::Recovery(code) => self.prove_recovery(attempt, code, change).await,
        }
    }

    /// A recovery code has more bits than anybody guesses, and is the way out of locked codes: it
    /// is not counted.
    async fn prove_recovery(
        &self,
        attempt: &Attempt<'_>,
        code: &RecoveryCode,
        change: SessionChange<'_>,
    ) -> Result<(), Error> {
        let user = attempt.user;
        let code = ShownCode::Recovery {
            hash: &code.hash(user.id),
            has_totp: user.ways_in.factors.contains(&SecondFactor::TOTP),
        };
        let notice = self.notice(attempt, NoticeKind::RecoveryCodeUsed)?;
        self.use_code(attempt, code, change, notice.as_ref())
            .await?;
        note(Event::RecoveryCodeUsed);
        Ok(())
    }

    pub(crate) async fn use_code(
        &self,
        attempt: &Attempt<'_>,
        code: ShownCode<'_>,
        change: SessionChange<'_>,
        notice: Option<&Notice>,
    ) -> Result<(), Error> {
        let mails = self.mailing.as_ref().map(|mailing| &mailing.mails);
        let used = CodeUse {
            user_id: attempt.user.id,
            code,
            attempt: &attempt.id,
            change,
            notice: mails
                .zip(notice)
                .map(|(mails, notice)| Order { mails, notice }),
        };
        match self.factors.use_code(&self.sessions, &used).await {
            Err(CodeUseError::Refused) => Err(self.refuse(attempt, None).await),
            outcome => Ok(outcome?),
        }
    }
}
