//! The limits on codes, and what a request takes from them.

use accounts::{Allowance, FailureLimit, SessionId, ThrottleKey, Timestamp, UserId};
use api::{ConfigError, Environment, Error, Gateway};

use crate::App;

/// The limits on codes of second factors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Codes of an account from one network, and those of its own devices.
    allowance: Allowance,
    /// Failures of an address, of logins too.
    address: FailureLimit,
}

impl Limits {
    pub(crate) fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            allowance: environment.allowance("MFA_BURST")?,
            address: environment.failure_limit("ADDRESS_FAILURES")?,
        })
    }
}

impl App {
    /// Takes an attempt at the second factor of an account. A device that was signed in to the
    /// account before has an allowance that nobody else uses up, as at the login.
    pub(crate) async fn take(
        &self,
        user_id: UserId,
        device: Option<SessionId>,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(), Error> {
        let allowance = self.limits.allowance;
        if device.is_some() {
            let key = ThrottleKey::mfa_devices(user_id);
            let wait = self.throttles.take(&key, allowance, now).await?;
            return Error::check_wait(wait);
        }
        let key = ThrottleKey::mfa(user_id, &gateway.device);
        let address = ThrottleKey::address(&gateway.device);
        let (wait, blocked) = tokio::join!(
            self.throttles.take(&key, allowance, now),
            self.throttles.blocked(&address, self.limits.address, now),
        );
        Error::check_wait(wait?.max(blocked?))
    }

    /// Counts a failure against the address.
    pub(crate) async fn count_failure(
        &self,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(), Error> {
        let address = ThrottleKey::address(&gateway.device);
        let limit = self.limits.address;
        Ok(self.throttles.count(&address, limit, now).await?)
    }
}
