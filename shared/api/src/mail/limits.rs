//! The limits on mails that anybody can ask for.

use std::time::Duration;

use accounts::{Allowance, Device, Pseudonym, ThrottleKey, Timestamp};
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
        let (both, address, network) = (
            ThrottleKey::mail(to, device),
            ThrottleKey::mail_to(to),
            ThrottleKey::mail_from(device),
        );
        let (both, address, network) = tokio::join!(
            throttles.take(&both, self.address_and_network, now),
            throttles.take(&address, self.address, now),
            throttles.take(&network, self.network, now),
        );
        Error::check_wait(both?.max(address?).max(network?))
    }
}
