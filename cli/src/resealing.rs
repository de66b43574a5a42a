//! Secrets of second factors that are sealed anew, so that the key that sealed them can go.

use std::time::Duration;

use accounts::{FactorKey, FactorKeys, SealedTotp, Timestamp};
use futures_util::future::try_join_all;
use keyring::{Purpose, Sealer, idle_from};
use tables::{Factors, SealedRing};

use crate::Error;
use crate::key_ring::KeyRing;

/// The number of secrets that are written side by side.
const AT_ONCE: usize = 32;

/// The number of looks at the table. Nothing is sealed with the old keys any more, so that the
/// second finds nothing unless a function put an old secret back in the middle of the first.
const PASSES: usize = 5;

/// The table of factors, and what opens the keys that seal their secrets.
pub(crate) struct Resealing {
    factors: Factors,
    sealer: Sealer,
}

impl Resealing {
    pub(crate) fn new(factors: Factors, sealer: Sealer) -> Self {
        Self { factors, sealer }
    }

    /// Retires factor keys: their successors seal, then everything that they sealed is sealed anew,
    /// then they leave the ring. If it ends in the middle, they are in the ring still, and the same
    /// command goes on.
    pub(crate) async fn retire(&self, keys: &KeyRing, ids: &[String]) -> Result<(), Error> {
        keys.end_turns(ids).await?;
        let (ring, now) = wait(keys, ids).await?;
        let retired = |id: &String| ids.contains(id);
        if !ring.factors.times.iter().any(|key| retired(&key.id)) {
            return Ok(());
        }
        let unsealed = self.unseal(&ring, now).await?;
        let mut count = 0;
        for _ in 0..PASSES {
            let found = self.pass(&unsealed, ids, now).await?;
            if found == 0 {
                eprintln!("{count} secrets were sealed anew");
                return keys.remove_factor_keys(ids).await;
            }
            count += found;
        }
        Err("functions still seal with these keys, which stay in the ring: try again".into())
    }

    /// The keys that seal and open now.
    async fn unseal(&self, ring: &SealedRing, now: Timestamp) -> Result<FactorKeys, Error> {
        let mut keys = Vec::new();
        for times in ring
            .factors
            .times
            .iter()
            .filter(|key| key.seals_from <= now)
        {
            let malformed = || format!("the factor key {} is malformed", times.id);
            let sealed = ring.factors.sealed.get(&times.id).ok_or_else(malformed)?;
            let key = self.sealer.unseal(Purpose::Factor, &times.id, sealed).await;
            let key = key.map_err(|error| format!("the factor key {}: {error}", times.id))?;
            keys.push(FactorKey::new(times.clone(), &key).ok_or_else(malformed)?);
        }
        Ok(keys.into_iter().collect())
    }

    /// Looks at all secrets, and seals those anew that these keys sealed; the number of them.
    async fn pass(
        &self,
        keys: &FactorKeys,
        retired: &[String],
        now: Timestamp,
    ) -> Result<usize, Error> {
        let mut found = 0;
        let mut lost = Vec::new();
        let mut position = None;
        loop {
            let page = self.factors.sealed_secrets(position).await?;
            let mut writes = Vec::new();
            for secret in page.secrets {
                let owner = secret.user_id;
                let sealed = SealedTotp::from_stored(&secret.sealed);
                let Some(sealed) = sealed.filter(|sealed| retired.contains(&sealed.key_id()))
                else {
                    continue;
                };
                match keys.open(owner, &sealed) {
                    Ok(opened) => writes.push((secret, keys.seal(owner, &opened, now)?)),
                    Err(_) => lost.push(owner.to_string()),
                }
            }
            found += writes.len();
            for some in writes.chunks(AT_ONCE) {
                let replaced = some.iter().map(async |(old, new)| {
                    let new = new.to_bytes();
                    self.factors.replace_sealed(old, &new).await
                });
                try_join_all(replaced).await?;
            }
            position = page.next;
            if position.is_none() {
                break;
            }
        }
        if lost.is_empty() {
            return Ok(found);
        }
        let accounts = lost.join(" ");
        Err(format!("the keys stay in the ring: they do not open the secrets of these accounts, whose factors are lost and have to be removed: {accounts}").into())
    }
}

/// Waits until no function seals with these keys, and returns the ring and the time then.
async fn wait(keys: &KeyRing, ids: &[String]) -> Result<(SealedRing, Timestamp), Error> {
    loop {
        let (ring, now) = keys.read().await?;
        let idle = ids
            .iter()
            .filter_map(|id| idle_from(&ring.factors.times, id));
        let left = idle.max().unwrap_or(now).saturating_sub(now);
        if left == 0 {
            return Ok((ring, now));
        }
        eprintln!("waiting {left} s, until every function seals with the next key");
        tokio::time::sleep(Duration::from_secs(left)).await;
    }
}
