//! The settings of passkeys.

use passkeys::{RelyingParty, SettingError};

use crate::{ConfigError, Environment};

impl Environment {
    /// For which domain passkeys are, and on which pages: `PASSKEY_RP_ID` and `PASSKEY_ORIGINS`,
    /// whose members commas separate; `None` where both are empty, since there are no passkeys.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where a variable is not set, or is none of these, or one of them alone is
    /// empty.
    pub fn relying_party(&self) -> Result<Option<RelyingParty>, ConfigError> {
        let (id, origins) = (self.text(RP_ID)?, self.text(ORIGINS)?);
        if id.is_empty() && origins.is_empty() {
            return Ok(None);
        }
        let listed = Vec::from_iter(origins.split(',').map(str::trim));
        let listed = if origins.is_empty() { &[][..] } else { &listed };
        let party = RelyingParty::new(id, listed);
        party.map(Some).map_err(|error| {
            let variable = match error {
                SettingError::RpId | SettingError::Lost => RP_ID,
                _ => ORIGINS,
            };
            ConfigError::new(variable, format!("is wrong: {error}"))
        })
    }
}

const RP_ID: &str = "PASSKEY_RP_ID";
const ORIGINS: &str = "PASSKEY_ORIGINS";
