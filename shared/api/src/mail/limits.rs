//! The limits on mails that anybody can ask for.

use std::time::Duration;

use accounts::{Allowance, Device, Pseudonym, ThrottleKey, Timestamp, UserId};
use tables::Throttles;

use crate::{ConfigError, Environment, Error};

/// Mails to one address in an hour, over all networks. Each has a link that its owner can use.
const HOURLY: u32 = 10;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// The limits on mails that anybody can ask for: to an address from one network, to an address from
/// all together, and from a network to all addresses.
#[derive(Clone, Copy, Debug)]
pub struct MailLimits {
    address_and_network: Allowance,
    address: Allowance,
    network: Allowance,
}

impl Environment {
    /// The limits on mails: `MAIL_BURST`, and those of registrations, `REGISTRATION_BURST` and
    /// `THROTTLE_WINDOW`. Where `MAIL_BURST` is 0, an address has no limit.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn mail_limits(&self) -> Result<MailLimits, ConfigError> {
        let address_and_network = self.mail_allowance()?;
        let hourly = if address_and_network.is_unlimited() {
            0
        } else {
            HOURLY
        };
        Ok(MailLimits {
            address_and_network,
            address: Allowance::steady(hourly, HOUR),
            network: self.allowance("REGISTRATION_BURST")?,
        })
    }
}

/// An ask for a mail, by the keys that it is counted by.
///
/// Resets, sign-ups and proofs are counted apart: a sign-up with an address that somebody has, or a
/// proof of it, mails its owner no ticket, and must not use up the mails by which the owner sets
/// a new password.
#[derive(Clone, Debug)]
pub struct MailAsk {
    here: ThrottleKey,
    network: ThrottleKey,
    account: Option<ThrottleKey>,
    everywhere: ThrottleKey,
}

impl MailAsk {
    /// An ask for a new password of whoever has an address of a mailbox. Over all networks the
    /// address counts, and not the mailbox: only an account's own address is mailed, and asks for
    /// others that strangers make up beside it must not use up the mails of its owner.
    pub fn reset((mailbox, address): (&Pseudonym, &Pseudonym), device: &Device) -> Self {
        Self {
            here: ThrottleKey::mail(mailbox, device),
            network: ThrottleKey::mail_from(device),
            account: None,
            everywhere: ThrottleKey::mail_to(address),
        }
    }

    /// A sign-up with an address of a mailbox.
    pub fn sign_up(with: &Pseudonym, device: &Device) -> Self {
        Self {
            here: ThrottleKey::sign_up(with, device),
            network: ThrottleKey::mail_from(device),
            account: None,
            everywhere: ThrottleKey::sign_up_with(with),
        }
    }

    /// A proof of an address of a mailbox, for which the owner of an account asks. An account
    /// has a limit over all addresses as well.
    pub fn proof(of: &Pseudonym, by: UserId, device: &Device) -> Self {
        Self {
            here: ThrottleKey::proof(of, device),
            network: ThrottleKey::mail_from(device),
            account: Some(ThrottleKey::proof_by(by)),
            everywhere: ThrottleKey::proof_of(of),
        }
    }
}

impl MailLimits {
    /// Takes an ask out of the limits that nobody but the asker uses up: those of the network, and
    /// of the account if there is one. All are taken side by side; known and unknown addresses
    /// take the same calls.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyRequests`] with the longest wait; [`Error::Unavailable`].
    pub async fn take_own(
        &self,
        throttles: &Throttles,
        ask: &MailAsk,
        now: Timestamp,
    ) -> Result<(), Error> {
        let account = async {
            match &ask.account {
                Some(account) => throttles.take(account, self.address, now).await,
                None => Ok(None),
            }
        };
        let (here, network, account) = tokio::join!(
            throttles.take(&ask.here, self.address_and_network, now),
            throttles.take(&ask.network, self.network, now),
            account,
        );
        Error::check_wait(here?.max(network?).max(account?))
    }

    /// Takes an ask that [`MailLimits::take_own`] has permitted out of the limit that all who ask for
    /// these mails share. It comes after: an ask that is refused, and so is not mailed, must
    /// not use it up, or one network could keep the owner's own asks from being mailed.
    ///
    /// # Errors
    ///
    /// As for [`MailLimits::take_own`].
    pub async fn take_shared(
        &self,
        throttles: &Throttles,
        ask: &MailAsk,
        now: Timestamp,
    ) -> Result<(), Error> {
        Error::check_wait(throttles.take(&ask.everywhere, self.address, now).await?)
    }
}
