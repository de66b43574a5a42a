//! The writes to factors that are parts of the transaction of a change.

use accounts::{Challenge, Timestamp, UserId};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use super::item::{RECOVERY, TOTP, of_passkey};
use super::totp::ACTIVE;
use super::{Factors, PasskeyRow, PendingTotp, RecoveryCodes, passkey, recovery};
use crate::conditional_write::ConditionalWrite;
use crate::item::{Item, number, text};
use crate::{Error, Throttles};

/// A write to a factor of an account, in the transaction that changes the account on the condition
/// of its version. A pending secret and a passkey must also be as they were read.
#[derive(Clone, Copy, Debug)]
pub enum FactorWrite<'a> {
    /// Codes of an app that were pending are asked for from now on, in place of those before. The
    /// code that was shown counts, and does not count again.
    ActivateTotp {
        /// The pending ones, as they were read.
        pending: &'a PendingTotp,
        /// The step of the code that was shown.
        step: u64,
        /// When.
        now: Timestamp,
    },
    /// The codes of an app, pending ones too, are gone.
    RemoveTotp,
    /// New recovery codes, in place of those before.
    PutRecoveryCodes(&'a RecoveryCodes),
    /// The recovery codes are gone.
    RemoveRecoveryCodes,
    /// A passkey more. No account has two of the same credential.
    AddPasskey(&'a PasskeyRow),
    /// The passkey of that credential id is gone.
    RemovePasskey(&'a str),
    /// A challenge is answered, and counts no more.
    Consume {
        /// The table that remembers it.
        throttles: &'a Throttles,
        /// The challenge.
        challenge: &'a Challenge,
        /// The request's own random id.
        attempt: &'a str,
    },
}

impl Factors {
    pub(crate) fn write(
        &self,
        user_id: UserId,
        write: &FactorWrite<'_>,
    ) -> Result<TransactWriteItem, Error> {
        let to = || ConditionalWrite::to(self.table());
        match *write {
            FactorWrite::ActivateTotp { pending, step, now } => to()
                .when("pending_secret = :secret")
                .name("#status", "status")
                .value(
                    ":secret",
                    AttributeValue::B(Blob::new(pending.secret.as_slice())),
                )
                .value(":active", text(ACTIVE))
                .value(":now", number(now))
                .value(":step", number(step))
                .value(":none", number(0_u64))
                .update(
                    Self::key(user_id, TOTP),
                    "SET #status = :active, secret = :secret, enrolled_at = :now, \
                     last_step = :step, failures = :none REMOVE pending_secret, pending_until",
                ),
            FactorWrite::RemoveTotp => to().delete(Self::key(user_id, TOTP)),
            FactorWrite::PutRecoveryCodes(codes) => {
                // Of the codes before nothing stays; what a later version has added does.
                let before = Item::from([(recovery::CODES.to_owned(), text(""))]);
                let after = recovery::write(codes);
                to().change(Self::key(user_id, RECOVERY), &before, &after)
            }
            FactorWrite::RemoveRecoveryCodes => to().delete(Self::key(user_id, RECOVERY)),
            FactorWrite::AddPasskey(passkey) => to()
                .when("attribute_not_exists(id)")
                .put(passkey::write(user_id, passkey)?),
            FactorWrite::Consume {
                throttles,
                challenge,
                attempt,
            } => throttles.consume(challenge, attempt),
            FactorWrite::RemovePasskey(credential_id) => to()
                .when("attribute_exists(id)")
                .delete(Self::key(user_id, &of_passkey(credential_id))),
        }
    }
}
