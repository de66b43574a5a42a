//! The settings that the environment has.

use std::sync::Arc;
use std::time::Duration;

use accounts::{
    Allowance, Cost, FailureLimit, PasswordHasher, PasswordPolicy, PasswordWords, SessionLifetime,
};
use claims::{Algorithm, Roles};
use keyring::{Rotation, Schedule};

use crate::{ConfigError, Environment, Issuer};

/// The settings of the deployment's owner.
impl Environment {
    /// The issuer that `ISSUER_URL` pins, or the gateway's own name where it is empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or not such a URL.
    pub fn issuer(&self) -> Result<Issuer, ConfigError> {
        Issuer::parse(self.text("ISSUER_URL")?)
            .map_err(|problem| ConfigError::new("ISSUER_URL", problem.to_string()))
    }

    /// The rotation of the key ring that `KEYS_TABLE` names, by `SIGNING_ALGORITHM`, by
    /// `KEY_ROTATION_DAYS` and by `SESSION_LIFETIME`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set or wrong; those of [`Environment::sealer`].
    pub fn rotation(&self) -> Result<Rotation, ConfigError> {
        let algorithms = Algorithm::ALL.map(|algorithm| (algorithm.as_str(), algorithm));
        let days = self.number("KEY_ROTATION_DAYS", 1..=365)?;
        let schedule = Schedule {
            algorithm: self.choice("SIGNING_ALGORITHM", &algorithms)?,
            period: u64::from(days) * 86_400,
            session_lifetime: self
                .number("SESSION_LIFETIME", SessionLifetime::BOUNDS)?
                .into(),
        };
        Ok(Rotation::new(self.keys()?, self.sealer()?, schedule))
    }

    /// Returns the issuer for another API: the URL that `ISSUER_URL` pins, or `API_URL` if it is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or not such a URL.
    pub fn issuer_elsewhere(&self) -> Result<Issuer, ConfigError> {
        let name = "API_URL";
        let url = self.required(name)?;
        let own =
            Issuer::parse(url).map_err(|problem| ConfigError::new(name, problem.to_string()))?;
        match self.issuer()? {
            Issuer::Gateway => Ok(own),
            pinned @ Issuer::Pinned(_) => Ok(pinned),
        }
    }

    /// The table of another stack's roles: as [`Environment::roles`], or nothing where `ROLES` is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or neither empty nor such a table.
    pub fn roles_elsewhere(&self) -> Result<Option<Arc<Roles>>, ConfigError> {
        match self.text("ROLES")? {
            "" => Ok(None),
            _ => self.roles().map(Some),
        }
    }

    /// A hasher with the cost of `ARGON2_MEMORY_KIB` and `ARGON2_ITERATIONS`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or the cost is too little.
    pub fn password_hasher(&self) -> Result<PasswordHasher, ConfigError> {
        let cost = Cost {
            memory_kib: self.number("ARGON2_MEMORY_KIB", 7_168..=1_048_576)?,
            iterations: self.number("ARGON2_ITERATIONS", 1..=16)?,
        };
        PasswordHasher::new(cost).map_err(|error| {
            ConfigError::new("ARGON2_MEMORY_KIB", format!("is too little: {error}"))
        })
    }

    /// Returns the lifetime of sessions: `SESSION_IDLE_LIFETIME` and `SESSION_LIFETIME`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn session_lifetime(&self) -> Result<SessionLifetime, ConfigError> {
        Ok(SessionLifetime {
            idle: self.session_idle_lifetime()?,
            absolute: self.seconds("SESSION_LIFETIME", SessionLifetime::BOUNDS)?,
        })
    }

    /// Returns the lifetime of a session that is not refreshed: `SESSION_IDLE_LIFETIME`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, no number, or out of bounds.
    pub fn session_idle_lifetime(&self) -> Result<Duration, ConfigError> {
        self.seconds("SESSION_IDLE_LIFETIME", SessionLifetime::BOUNDS)
    }

    /// The allowance of that many attempts, 0 for no limit, in the time of `THROTTLE_WINDOW`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn allowance(&self, burst: &str) -> Result<Allowance, ConfigError> {
        let burst = self.number(burst, 0..=Allowance::MAX_BURST)?;
        Ok(Allowance::new(burst, self.throttle_window()?))
    }

    /// The allowance of mails to one address from one network: `MAIL_BURST`, 0 for no limit, in ten
    /// minutes, whatever `THROTTLE_WINDOW` is.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, no number, or out of bounds.
    pub fn mail_allowance(&self) -> Result<Allowance, ConfigError> {
        let burst = self.number("MAIL_BURST", 0..=Allowance::MAX_BURST)?;
        Ok(Allowance::new(burst, Duration::from_secs(600)))
    }

    /// The limit of that many failed logins, 0 for none, in the time of `THROTTLE_WINDOW`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn failure_limit(&self, failures: &str) -> Result<FailureLimit, ConfigError> {
        let failures = self.number(failures, 0..=10_000)?;
        Ok(FailureLimit::new(failures, self.throttle_window()?))
    }

    fn throttle_window(&self) -> Result<Duration, ConfigError> {
        self.seconds("THROTTLE_WINDOW", 10..=600)
    }

    /// Returns the least length of a new password, in characters: `MIN_PASSWORD_LENGTH`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, no number, or out of bounds.
    pub fn min_password_length(&self) -> Result<u32, ConfigError> {
        self.number("MIN_PASSWORD_LENGTH", PasswordPolicy::MIN_LENGTHS)
    }

    /// Returns the policy for new passwords: at least `MIN_PASSWORD_LENGTH` characters, and not
    /// easy to guess; the words of `PASSWORD_WORDS` count as easy.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn password_policy(&self) -> Result<PasswordPolicy, ConfigError> {
        let min_length = self.min_password_length()?;
        let words = PasswordWords::parse(self.text("PASSWORD_WORDS")?)
            .map_err(|problem| ConfigError::new("PASSWORD_WORDS", problem.to_string()))?;
        Ok(PasswordPolicy::new(min_length as usize, words))
    }
}
