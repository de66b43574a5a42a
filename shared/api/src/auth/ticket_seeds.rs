//! New tickets of a function that must not be able to compute their texts.

use std::sync::Arc;

use accounts::{TicketSeed, Timestamp};
use tables::RingParts;

use super::key_ring::KeyRing;
use crate::{ConfigError, Environment, Error};

/// The seeds of new tickets, by the times of the MAC keys alone: their holder has no MAC key, and
/// can compute neither handle, link nor code of a ticket that it issues.
#[derive(Debug)]
pub struct TicketSeeds(Arc<KeyRing>);

impl TicketSeeds {
    /// The ring of an environment: `KEYS_TABLE`.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] where the variable is not set, or empty.
    pub fn new(environment: &Environment) -> Result<Self, ConfigError> {
        environment.key_ring(RingParts::MAC_TIMES).map(Self)
    }

    /// The seed of a new ticket, with the MAC key that is active now.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where the ring cannot be read, or there is none yet;
    /// [`Error::Internal`] where no MAC key is active, or the random number generator fails.
    pub async fn generate(&self, now: Timestamp) -> Result<TicketSeed, Error> {
        let reading = self.0.at(now, RingParts::MAC_TIMES).await?;
        Ok(TicketSeed::generate_without_key(reading.mac_times(), now)?)
    }
}
