//! The use of a code: of any number of uses at once, one has an effect.

use accounts::{RecoveryHash, UserId};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use uuid::Uuid;

use super::item::{RECOVERY, TOTP, is_used_by};
use super::totp::ACTIVE;
use super::{ActiveTotp, Factors};
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, number, text};
use crate::transaction::{Outcome, Transaction, contended};
use crate::{Error, Order, SessionChange, Sessions};

/// A code that was found right and has not been used yet.
#[derive(Clone, Copy, Debug)]
pub enum ShownCode<'a> {
    /// A code of an app.
    Totp {
        /// The codes of the app, as they were when this one was counted.
        codes: &'a ActiveTotp,
        /// The step that it is of.
        step: u64,
    },
    /// A recovery code.
    Recovery {
        /// Its hash.
        hash: &'a RecoveryHash,
        /// Whether the account has codes of an app. They are unlocked with it.
        has_totp: bool,
    },
}

/// One use of a code, and its effect.
#[derive(Clone, Copy, Debug)]
pub struct CodeUse<'a> {
    /// Whose code it is.
    pub user_id: UserId,
    /// The code.
    pub code: ShownCode<'a>,
    /// The request's own random id, by which its write is recognised when its answer was lost.
    pub attempt: &'a str,
    /// The effect.
    pub change: SessionChange<'a>,
    /// The notice of it, if there is one.
    pub notice: Option<Order<'a>>,
}

/// Why a code had no effect. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeUseError {
    /// The code is not, or not any more, one of the account.
    #[error("the code has been used, or is none of the account")]
    Refused,
    /// The session to raise has ended.
    #[error("the session has ended")]
    SessionEnded,
    /// A table did not answer.
    #[error(transparent)]
    Table(#[from] Error),
}

/// The part of the transaction whose condition failed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Code,
    Lock,
    Session,
    Notice,
}

impl Factors {
    /// Uses a code, writes its effect and orders its notice, all or nothing.
    ///
    /// # Errors
    ///
    /// [`CodeUseError`].
    pub async fn use_code(
        &self,
        sessions: &Sessions,
        used: &CodeUse<'_>,
    ) -> Result<(), CodeUseError> {
        let refused = match self.write_use(sessions, used, true).await? {
            // A restored table may lack the codes of an app that the account is said to have, and
            // a recovery code is the way out of that.
            refused
                if refused.iter().all(|(part, _)| *part == Part::Lock) && !refused.is_empty() =>
            {
                self.write_use(sessions, used, false).await?
            }
            refused => refused,
        };
        let has = |wanted| refused.iter().any(|(part, _)| *part == wanted);
        let is_ours = |(part, item): &(Part, Option<Item>)| {
            *part == Part::Code
                && item
                    .as_ref()
                    .is_some_and(|item| is_used_by(item, used.attempt))
        };
        if refused.is_empty() || refused.iter().any(is_ours) {
            Ok(())
        } else if has(Part::Session) {
            Err(CodeUseError::SessionEnded)
        } else if has(Part::Code) {
            Err(CodeUseError::Refused)
        } else {
            Err(Error::Conflict.into())
        }
    }

    /// Returns the parts that were refused, none where all is written.
    async fn write_use(
        &self,
        sessions: &Sessions,
        used: &CodeUse<'_>,
        unlocks: bool,
    ) -> Result<Vec<(Part, Option<Item>)>, Error> {
        let mut transaction = Transaction::new(Uuid::new_v4().to_string());
        transaction.add(Part::Code, self.spend(used)?);
        if unlocks && matches!(used.code, ShownCode::Recovery { has_totp: true, .. }) {
            transaction.add(Part::Lock, self.unlock(used.user_id)?);
        }
        for write in sessions.change(used.change)? {
            transaction.add(Part::Session, write);
        }
        if let Some(notice) = used.notice {
            transaction.add(Part::Notice, notice.write()?);
        }
        match transaction.write(&self.client).await? {
            Outcome::Written => Ok(Vec::new()),
            Outcome::Refused(refused) => Ok(refused),
            Outcome::Contended => Err(contended()),
        }
    }

    fn spend(&self, used: &CodeUse<'_>) -> Result<TransactWriteItem, Error> {
        let to = ConditionalWrite::to(self.table()).value(":attempt", text(used.attempt));
        match used.code {
            ShownCode::Totp { codes, step } => to
                .when("#status = :active AND last_step < :step AND enrolled_at = :enrolled")
                // A reserved word of expressions.
                .name("#status", "status")
                .value(":active", text(ACTIVE))
                .value(":step", number(step))
                .value(":enrolled", number(codes.enrolled_at))
                .value(":none", number(0_u64))
                .returning_old()
                .update(
                    Self::key(used.user_id, TOTP),
                    "SET last_step = :step, failures = :none, used_by = :attempt",
                ),
            ShownCode::Recovery { hash, .. } => {
                let hash = Blob::new(hash.as_bytes().as_slice());
                to.when("contains(codes, :code)")
                    .value(":code", AttributeValue::B(hash.clone()))
                    .value(":codes", AttributeValue::Bs(vec![hash]))
                    .returning_old()
                    .update(
                        Self::key(used.user_id, RECOVERY),
                        "SET used_by = :attempt DELETE codes :codes",
                    )
            }
        }
    }

    /// Forgets the wrong codes of an app, which unlocks it: its owner has shown another factor.
    pub(crate) fn unlock(&self, user_id: UserId) -> Result<TransactWriteItem, Error> {
        ConditionalWrite::to(self.table())
            .when("attribute_exists(id)")
            .value(":none", number(0_u64))
            .update(Self::key(user_id, TOTP), "SET failures = :none")
    }
}
