//! The key ring of an environment: read once for all who need it.

use std::sync::{Arc, PoisonError, RwLock};

use accounts::Timestamp;
use tables::{Keys, RingPart};
use tokio::sync::Mutex;

use super::cache::Cached;
use super::ring_reading::Reading;
use crate::Error;

/// The key ring as it was read less than a minute ago, with its unsealed keys.
///
/// It reads as much as the most demanding of its holders needs, in one call for all of them.
#[derive(Debug)]
pub(crate) struct KeyRing {
    table: Keys,
    part: RwLock<RingPart>,
    last: Cached<Arc<Reading>>,
    reading: Mutex<()>,
}

impl KeyRing {
    /// The ring of that table, read when it is first asked for.
    pub(crate) fn new(table: Keys) -> Self {
        Self {
            table,
            part: RwLock::new(RingPart::Public),
            last: Cached::default(),
            reading: Mutex::new(()),
        }
    }

    /// Makes it read this part of the ring too.
    pub(crate) fn include(&self, part: RingPart) {
        let mut included = self.part.write().unwrap_or_else(PoisonError::into_inner);
        *included = part.max(*included);
    }

    /// The ring as of at most a minute ago, with at least that part of it.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where it cannot be read, or there is none yet; [`Error::Internal`] if
    /// one of its keys is malformed.
    pub(crate) async fn at(&self, now: Timestamp, part: RingPart) -> Result<Arc<Reading>, Error> {
        let known = || self.last.get(now).filter(|reading| reading.has(part));
        if let Some(reading) = known() {
            return Ok(reading);
        }
        // Other requests wait for this reading instead of beginning another.
        let _guard = self.reading.lock().await;
        match known() {
            Some(reading) => Ok(reading),
            // Boxed: the compiler gives up on futures that are nested deeper.
            None => Box::pin(self.read(now)).await,
        }
    }

    /// The ring as it is now, however young the last reading is.
    ///
    /// # Errors
    ///
    /// As [`KeyRing::at`].
    pub(crate) async fn anew(&self, now: Timestamp) -> Result<Arc<Reading>, Error> {
        let _guard = self.reading.lock().await;
        self.read(now).await
    }

    async fn read(&self, now: Timestamp) -> Result<Arc<Reading>, Error> {
        let part = *self.part.read().unwrap_or_else(PoisonError::into_inner);
        let stored = self.table.read(part).await?;
        let stored = stored.ok_or_else(|| Error::Unavailable(NO_RING.to_owned()))?;
        let reading = Reading::new(stored, part, now, self.last.last().as_deref())?;
        let reading = Arc::new(reading);
        self.last.put(now, Arc::clone(&reading));
        Ok(reading)
    }
}

const NO_RING: &str = "there is no key ring yet";
