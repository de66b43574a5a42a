use std::collections::HashMap;
use std::fmt;
use std::ops::RangeInclusive;

use accounts::{Allowance, Cost, FailureLimit, PasswordHasher, PasswordPolicy, SessionLifetime};
use aws_config::BehaviorVersion;
use aws_config::environment::{
    EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider,
};
use tables::{Accounts, Client, Keys, Logins, Sessions, Throttles, Users};

use crate::{Issuer, Sealer};

/// The environment of a function: its variables, and a DynamoDB client.
///
/// Every variable is asked for by name and checked when a function starts. None has a default here:
/// the template sets them all, so that what is in force can be read in one place.
pub struct Environment {
    variables: HashMap<String, String>,
    client: Client,
}

/// A variable is missing or wrong. Its text is one sentence that names the variable.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} {problem}.")]
pub struct ConfigError {
    /// The environment variable.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
}

/// `main` prints the error that stops it with `Debug`; the sentence is what helps there.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Environment {
    /// The environment of this process. Lambda provides credentials and region as variables, so
    /// nothing else is searched for them.
    pub async fn load() -> Self {
        let config = aws_config::defaults(BehaviorVersion::latest())
            .credentials_provider(EnvironmentVariableCredentialsProvider::new())
            .region(EnvironmentVariableRegionProvider::new())
            .load()
            .await;
        Self::new(std::env::vars().collect(), tables::connect(&config))
    }

    /// An environment of these variables and this client.
    pub fn new(variables: HashMap<String, String>, client: Client) -> Self {
        Self { variables, client }
    }

    /// A variable's text, which may be empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set.
    pub fn text(&self, name: &str) -> Result<&str, ConfigError> {
        self.variables
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| wrong(name, "is not set"))
    }

    /// A variable's text, which is not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or empty.
    pub fn required(&self, name: &str) -> Result<&str, ConfigError> {
        match self.text(name)? {
            "" => Err(wrong(name, "is empty")),
            text => Ok(text),
        }
    }

    /// A whole number within bounds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, no number, or out of bounds.
    pub fn number(&self, name: &str, bounds: RangeInclusive<u32>) -> Result<u32, ConfigError> {
        let number: Option<u32> = self.required(name)?.parse().ok();
        number
            .filter(|number| bounds.contains(number))
            .ok_or_else(|| {
                wrong(
                    name,
                    format!(
                        "must be a whole number from {} to {}",
                        bounds.start(),
                        bounds.end()
                    ),
                )
            })
    }

    /// One of a few words, and what it stands for.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or another word.
    pub fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let text = self.required(name)?;
        let chosen = words.iter().find(|(word, _)| *word == text);
        chosen.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            wrong(name, format!("must be one of: {}", known.join(", ")))
        })
    }

    /// The table that `LOGINS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn logins(&self) -> Result<Logins, ConfigError> {
        Ok(Logins::new(&self.client, self.required("LOGINS_TABLE")?))
    }

    /// The table that `USERS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn users(&self) -> Result<Users, ConfigError> {
        Ok(Users::new(&self.client, self.required("USERS_TABLE")?))
    }

    /// The table that `SESSIONS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn sessions(&self) -> Result<Sessions, ConfigError> {
        Ok(Sessions::new(
            &self.client,
            self.required("SESSIONS_TABLE")?,
        ))
    }

    /// The tables that `LOGINS_TABLE`, `USERS_TABLE` and `SESSIONS_TABLE` name.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or empty.
    pub fn accounts(&self) -> Result<Accounts, ConfigError> {
        Ok(Accounts::new(
            self.logins()?,
            self.users()?,
            self.sessions()?,
        ))
    }

    /// The table that `THROTTLES_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn throttles(&self) -> Result<Throttles, ConfigError> {
        Ok(Throttles::new(
            &self.client,
            self.required("THROTTLES_TABLE")?,
        ))
    }

    /// The allowance of that many attempts, 0 for no limit, in `THROTTLE_WINDOW` seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn allowance(&self, burst: &str) -> Result<Allowance, ConfigError> {
        let burst = self.number(burst, 0..=Allowance::MAX_BURST)?;
        Ok(Allowance::new(burst, self.throttle_window()?))
    }

    /// How many failed logins an address may have: `ADDRESS_FAILURES`, 0 for no limit, in
    /// `THROTTLE_WINDOW` seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn failure_limit(&self) -> Result<FailureLimit, ConfigError> {
        let failures = self.number("ADDRESS_FAILURES", 0..=10_000)?;
        Ok(FailureLimit::new(failures, self.throttle_window()?))
    }

    fn throttle_window(&self) -> Result<u32, ConfigError> {
        self.number("THROTTLE_WINDOW", 10..=3_600)
    }

    /// What a new password must be: `MIN_PASSWORD_LENGTH`, in characters.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, no number, or out of bounds.
    pub fn password_policy(&self) -> Result<PasswordPolicy, ConfigError> {
        let min_length = self.number("MIN_PASSWORD_LENGTH", 8..=64)?;
        Ok(PasswordPolicy::new(min_length as usize))
    }

    /// The table that `KEYS_TABLE` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn keys(&self) -> Result<Keys, ConfigError> {
        Ok(Keys::new(&self.client, self.required("KEYS_TABLE")?))
    }

    /// The issuer that `ISSUER_URL` pins, or the gateway's own name where it is empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or not such a URL.
    pub fn issuer(&self) -> Result<Issuer, ConfigError> {
        Issuer::parse(self.text("ISSUER_URL")?).map_err(|problem| wrong("ISSUER_URL", problem))
    }

    /// The issuer as another API sees it: what `ISSUER_URL` pins, or where it is empty `API_URL`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or not such a URL.
    pub fn issuer_elsewhere(&self) -> Result<Issuer, ConfigError> {
        let name = "API_URL";
        let url = self.required(name)?;
        let own = Issuer::parse(url).map_err(|problem| wrong(name, problem))?;
        match self.issuer()? {
            Issuer::Gateway => Ok(own),
            pinned @ Issuer::Pinned(_) => Ok(pinned),
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
        PasswordHasher::new(cost)
            .map_err(|error| wrong("ARGON2_MEMORY_KIB", format!("is too little: {error}")))
    }

    /// How long sessions last: `SESSION_IDLE_LIFETIME` and `SESSION_LIFETIME`, in seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, no number, or out of bounds.
    pub fn session_lifetime(&self) -> Result<SessionLifetime, ConfigError> {
        Ok(SessionLifetime {
            idle: self.session_idle_lifetime()?.into(),
            absolute: self.number("SESSION_LIFETIME", 3_600..=31_536_000)?.into(),
        })
    }

    /// How long a session lasts without being refreshed: `SESSION_IDLE_LIFETIME`, in seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, no number, or out of bounds.
    pub fn session_idle_lifetime(&self) -> Result<u32, ConfigError> {
        self.number("SESSION_IDLE_LIFETIME", 3_600..=31_536_000)
    }

    /// What unseals the keys of the ring: the key in the file that `LOCAL_SEALING_KEY` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, the file is no such key, or this is Lambda,
    /// where a key in a file protects nothing.
    pub fn sealer(&self) -> Result<Sealer, ConfigError> {
        let name = "LOCAL_SEALING_KEY";
        let file = self.required(name)?;
        if ["AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT"]
            .iter()
            .any(|name| self.variables.contains_key(*name))
        {
            return Err(wrong(
                name,
                "is for the local stack alone and refuses to run inside Lambda",
            ));
        }
        Sealer::open(file.as_ref())
            .map_err(|error| wrong(name, format!("is no sealing key: {error}")))
    }
}

fn wrong(name: &str, problem: impl Into<String>) -> ConfigError {
    ConfigError {
        name: name.to_owned(),
        problem: problem.into(),
    }
}
