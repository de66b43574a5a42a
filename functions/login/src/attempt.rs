//! The limits on password attempts, and what an attempt takes from them.

use accounts::{Allowance, FailureLimit, MacKeys, RefreshToken, ThrottleKey, Timestamp};
use api::{ConfigError, Environment, Error, Gateway};
use tables::Login;

use crate::App;
use crate::credentials::Credentials;

/// The limits on password attempts.
pub(crate) struct Limits {
    /// Attempts at a name from one network, and those of an account's own devices.
    allowance: Allowance,
    /// Failures of an address.
    address: FailureLimit,
    /// Failures of a name, over all networks.
    name: FailureLimit,
}

impl Limits {
    pub(crate) fn new(environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self {
            allowance: environment.allowance("LOGIN_BURST")?,
            address: environment.failure_limit("ADDRESS_FAILURES")?,
            name: environment.failure_limit("NAME_FAILURES")?,
        })
    }
}

/// An attempt at a password that may be made.
pub(crate) struct Attempt {
    /// The login behind the name, if there is one.
    pub(crate) login: Option<Login>,
    /// An earlier refresh token of that account, where the client brought one.
    pub(crate) device: Option<RefreshToken>,
}

impl App {
    /// Reads the login, and takes an attempt at it before anything is computed. Which calls are
    /// made does not depend on whether anybody has the name.
    ///
    /// Nothing that strangers do elsewhere refuses the owner: attempts are counted by name and
    /// network, and a name that fails too often, wherever it may be, has one attempt a network
    /// left, not none. A device that was signed in to the account before does not depend on either.
    pub(crate) async fn attempt(
        &self,
        credentials: &Credentials,
        macs: &MacKeys,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<Attempt, Error> {
        let (name, limits) = (&credentials.name, &self.limits);
        let (by_address, by_name) = (
            ThrottleKey::address(&gateway.device),
            ThrottleKey::name(name),
        );
        let (login, address, failing) = tokio::join!(
            self.logins.get(name),
            self.throttles.blocked(&by_address, limits.address, now),
            self.throttles.blocked(&by_name, limits.name, now),
        );
        let (login, address, failing) = (login?, address?, failing?);
        let token = credentials.device_token.as_ref();
        let device = token
            .and_then(|token| RefreshToken::parse(token, macs, now))
            // A token of another account would grant a second allowance for this name.
            .filter(|device| {
                login.as_ref().map(|login| login.owner.user_id) == Some(device.user_id)
            });
        let (key, allowance) = match (&device, address, failing) {
            (Some(device), _, _) => (ThrottleKey::devices(device.user_id), limits.allowance),
            // Without a write, for an address may send any number of these.
            (None, Some(wait), _) => return Err(Error::TooManyRequests(wait)),
            (None, None, failing) => {
                let key = ThrottleKey::login(name, &gateway.device);
                let single = limits.allowance.single();
                (key, failing.map_or(limits.allowance, |_| single))
            }
        };
        Error::check_wait(self.throttles.take(&key, allowance, now).await?)?;
        Ok(Attempt { login, device })
    }

    /// Counts a failure against the address and the name.
    pub(crate) async fn count_failure(
        &self,
        credentials: &Credentials,
        gateway: &Gateway,
        now: Timestamp,
    ) -> Result<(), Error> {
        let address = ThrottleKey::address(&gateway.device);
        let name = ThrottleKey::name(&credentials.name);
        let (address, name) = tokio::join!(
            self.throttles.count(&address, self.limits.address, now),
            self.throttles.count(&name, self.limits.name, now),
        );
        address?;
        Ok(name?)
    }
}
