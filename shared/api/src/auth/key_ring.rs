//! The key ring of an environment: read once for all who need it.

use std::sync::{Arc, PoisonError, RwLock};

use accounts::Timestamp;
use tables::{Keys, RingParts};
use tokio::sync::Mutex;

use super::cache::Cached;
use super::ring_reading::Reading;
use crate::Error;

/// The key ring as it was read less than a minute ago, with its unsealed keys.
///
/// It reads the parts that its holders need, in one call for all of them.
#[derive(Debug)]
pub(crate) struct KeyRing {
    table: Keys,
    parts: RwLock<RingParts>,
    last: Cached<Arc<Reading>>,
    reading: Mutex<()>,
}

impl KeyRing {
    /// The ring of that table, read when it is first asked for.
    pub(crate) fn new(table: Keys) -> Self {
        Self {
            table,
            parts: RwLock::new(RingParts::PUBLIC),
            last: Cached::default(),
            reading: Mutex::new(()),
        }
    }

    /// Makes it read these parts of the ring too.
    pub(crate) fn include(&self, parts: RingParts) {
        let mut included = self.parts.write().unwrap_or_else(PoisonError::into_inner);
        *included = included.and(parts);
    }

    /// The ring as of at most a minute ago, with at least these parts of it.
    ///
    /// # Errors
    ///
    /// [`Error::Unavailable`] where it cannot be read, or there is none yet; [`Error::Internal`] if
    /// one of its keys is malformed.
    pub(crate) async fn at(&self, now: Timestamp, parts: RingParts) -> Result<Arc<Reading>, Error> {
        let known = || self.last.get(now).filter(|reading| reading.has(parts));
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
        let parts = *self.parts.read().unwrap_or_else(PoisonError::into_inner);
        let stored = self.table.read(parts).await?;
        let stored = stored.ok_or_else(|| Error::Unavailable(NO_RING.to_owned()))?;
        let reading = Reading::new(stored, parts, now, self.last.last().as_deref())?;
        let reading = Arc::new(reading);
        self.last.put(now, Arc::clone(&reading));
        Ok(reading)
    }
}

const NO_RING: &str = "there is no key ring yet";
