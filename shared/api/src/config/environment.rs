//! The environment of a function: its variables, AWS clients and key ring.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_types::SdkConfig;
use claims::{Roles, RolesError};
use keyring::{KmsSealer, LocalSealer, Sealer};
use tables::{Client, RingParts};

use super::aws;
use super::config_error::ConfigError;
use crate::auth::KeyRing;

/// The environment of a function: its variables, a DynamoDB client, the configuration of other
/// clients, and the key ring and the table of roles, which all their holders share.
///
/// Every variable is asked for by name and checked when a function starts. None has a default here:
/// the template sets them all, so that all settings can be read in one place.
pub struct Environment {
    variables: HashMap<String, String>,
    client: Client,
    aws: SdkConfig,
    key_ring: OnceLock<Arc<KeyRing>>,
    roles: OnceLock<Arc<Roles>>,
}

impl Environment {
    /// The environment of this process.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the credentials of AWS are not set, a switch of the SDK is neither
    /// `true` nor `false`, or `AWS_CA_BUNDLE` names a file that cannot be read, or holds no
    /// certificate or a damaged one.
    pub fn load() -> Result<Self, ConfigError> {
        let aws = aws::config()?;
        let client = tables::connect(&aws);
        Ok(Self::new(std::env::vars().collect(), client, aws))
    }

    /// An environment of these variables, this client, and this configuration of other clients.
    pub fn new(variables: HashMap<String, String>, client: Client, aws: SdkConfig) -> Self {
        Self {
            variables,
            client,
            aws,
            key_ring: OnceLock::new(),
            roles: OnceLock::new(),
        }
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// The configuration of AWS's clients: credentials, region, roots of TLS.
    pub fn aws(&self) -> &SdkConfig {
        &self.aws
    }

    /// The key ring, for a holder who needs these parts of it.
    pub(crate) fn key_ring(&self, parts: RingParts) -> Result<Arc<KeyRing>, ConfigError> {
        let keys = self.keys()?;
        let ring = self.key_ring.get_or_init(|| Arc::new(KeyRing::new(keys)));
        ring.include(parts);
        Ok(Arc::clone(ring))
    }

    /// The scopes that each role confers: `ROLES`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or no such table.
    pub fn roles(&self) -> Result<Arc<Roles>, ConfigError> {
        if let Some(roles) = self.roles.get() {
            return Ok(Arc::clone(roles));
        }
        let name = "ROLES";
        let table = self.required(name)?.parse();
        let table = table.map_err(|error: RolesError| ConfigError::new(name, error.to_string()))?;
        Ok(Arc::clone(self.roles.get_or_init(|| Arc::new(table))))
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
            .ok_or_else(|| ConfigError::new(name, "is not set"))
    }

    /// A variable's text, which is not empty.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or empty.
    pub fn required(&self, name: &str) -> Result<&str, ConfigError> {
        match self.text(name)? {
            "" => Err(ConfigError::new(name, "is empty")),
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
                ConfigError::new(
                    name,
                    format!(
                        "must be a whole number from {} to {}",
                        bounds.start(),
                        bounds.end()
                    ),
                )
            })
    }

    /// A time within bounds, in whole seconds.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, no number, or out of bounds.
    pub fn seconds(
        &self,
        name: &str,
        bounds: RangeInclusive<u32>,
    ) -> Result<Duration, ConfigError> {
        let seconds = self.number(name, bounds)?;
        Ok(Duration::from_secs(seconds.into()))
    }

    /// Returns the value of a variable that is one of a few words.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where it is not set, or another word.
    pub fn choice<T: Copy>(&self, name: &str, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let text = self.required(name)?;
        let chosen = words.iter().find(|(word, _)| *word == text);
        chosen.map(|(_, meaning)| *meaning).ok_or_else(|| {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            ConfigError::new(name, format!("must be one of: {}", known.join(", ")))
        })
    }

    /// Returns the sealer of the key ring: the KMS key that `KMS_KEY` names or, in the local stack,
    /// the key in the file that `LOCAL_SEALING_KEY` names.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where `KMS_KEY` is not set, or empty, the file is no such key, or this is
    /// Lambda, where a key in a file protects nothing.
    pub fn sealer(&self) -> Result<Sealer, ConfigError> {
        let kms_key = self.required("KMS_KEY")?;
        let name = "LOCAL_SEALING_KEY";
        let Some(file) = self.variables.get(name) else {
            return Ok(Sealer::Kms(KmsSealer::new(&self.aws, kms_key)));
        };
        if ["AWS_EXECUTION_ENV", "LAMBDA_TASK_ROOT"]
            .iter()
            .any(|name| self.variables.contains_key(*name))
        {
            return Err(ConfigError::new(
                name,
                "is for the local stack alone and refuses to run inside Lambda",
            ));
        }
        let local = LocalSealer::open(file.as_ref());
        local
            .map(Sealer::Local)
            .map_err(|error| ConfigError::new(name, format!("is no sealing key: {error}")))
    }
}
