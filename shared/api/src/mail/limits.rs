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

impl MailLimits {
    /// Takes a mail to a mailbox out of all three, side by side: known and unknown addresses take
    /// the same calls.
    ///
    /// # Errors
    ///
    /// [`Error::TooManyRequests`] with the longest wait; [`Error::Unavailable`].
    pub async fn take(
        &self,
        throttles: &Throttles,
        to: &Pseudonym,
        device: &Device,
        now: Timestamp,
    ) -> Result<(), Error> {
        let keys = [ThrottleKey::mail(to, device), ThrottleKey::mail_to(to)];
        Error::check_wait(self.take_all(throttles, keys, device, now).await?)
    }

    /// The same for a sign-up with an address. Sign-ups are counted by themselves: where somebody has
    /// the address, the mail has no ticket, and they must not use up the mails by which its owner
    /// sets a new password.
    ///
    /// # Errors
    ///
    /// As for [`MailLimits::take`].
    pub async fn take_sign_up(
        &self,
        throttles: &Throttles,
        with: &Pseudonym,
        device: &Device,
        now: Timestamp,
    ) -> Result<(), Error> {
        let keys = [
            ThrottleKey::sign_up(with, device),
            ThrottleKey::sign_up_with(with),
        ];
        Error::check_wait(self.take_all(throttles, keys, device, now).await?)
    }

    /// The same for the proof of an address that the owner of an account asks for, and out of the
    /// limit of that account over all addresses. Such asks are counted by themselves: where somebody
    /// else has the address nothing is mailed, and they must not use up the mails by which its owner
    /// sets a new password.
    ///
    /// # Errors
    ///
    /// As for [`MailLimits::take`].
    pub async fn take_proof(
        &self,
        throttles: &Throttles,
        (of, by): (&Pseudonym, UserId),
        device: &Device,
        now: Timestamp,
    ) -> Result<(), Error> {
        let keys = [ThrottleKey::proof(of, device), ThrottleKey::proof_of(of)];
        let by = ThrottleKey::proof_by(by);
        let (all, by) = tokio::join!(
            self.take_all(throttles, keys, device, now),
            throttles.take(&by, self.address, now),
        );
        Error::check_wait(all?.max(by?))
    }

    /// Returns the longest wait, if there is one.
    async fn take_all(
        &self,
        throttles: &Throttles,
        [both, address]: [ThrottleKey; 2],
        device: &Device,
        now: Timestamp,
    ) -> Result<Option<Duration>, Error> {
        let network = ThrottleKey::mail_from(device);
        let (both, address, network) = tokio::join!(
            throttles.take(&both, self.address_and_network, now),
            throttles.take(&address, self.address, now),
            throttles.take(&network, self.network, now),
        );
        Ok(both?.max(address?).max(network?))
    }
}
