//! The key ring of a local stack: KMS makes that of a deployment, a key in a file makes this one.

use std::collections::BTreeMap;
use std::path::Path;

use accounts::{FactorKey, FactorKeyTimes, MacKey, MacKeyTimes};
use api::Environment;
use claims::{PrivateKey, Ring};
use keyring::{LONGEST_TOKEN, LocalSealer, Purpose};
use tables::{Keys, SealedFactors, SealedKey, SealedMacs, SealedRing};

use crate::Error;

/// Sees to it that the ring of a local environment is as the schedule of the environment has it,
/// and that the key of the PEM file signs now, if there is one. Keys that signed before keep
/// verifying.
///
/// # Errors
///
/// Where a variable is wrong, a file cannot be read, the PEM holds no key that can sign, or the
/// table does not answer.
pub async fn establish(
    environment: &Environment,
    sealing_key_file: &Path,
    signing_key_pem: Option<&Path>,
) -> Result<(), Error> {
    let sealer = LocalSealer::open_or_create(sealing_key_file)?;
    let ring = environment.rotation()?.maintain(api::now()).await?;
    if let Some(file) = signing_key_pem {
        let (key, pkcs8) = PrivateKey::from_pem(&std::fs::read(file)?)?;
        add(&environment.keys()?, &sealer, Some(ring), (key, &pkcs8)).await?;
    }
    Ok(())
}

/// Puts a key, given as itself and as PKCS#8, into the ring to sign from now on.
///
/// # Errors
///
/// Where the key cannot be sealed, or the table does not answer.
pub async fn add(
    keys: &Keys,
    sealer: &LocalSealer,
    stored: Option<SealedRing>,
    (key, pkcs8): (PrivateKey, &[u8]),
) -> Result<(), Error> {
    let now = api::now();
    let old_version = stored.as_ref().map(|stored| stored.ring.version);
    let mut new = match stored {
        Some(mut stored) => {
            let ring = &mut stored.ring;
            ring.succeed_at_once(key.jwk().clone(), now, LONGEST_TOKEN);
            stored
        }
        None => SealedRing {
            ring: Ring::first(key.jwk().clone(), now),
            macs: first_mac_key(sealer, now)?,
            factors: first_factor_key(sealer, now)?,
            ..SealedRing::default()
        },
    };
    if old_version == Some(new.ring.version) {
        return Ok(());
    }
    let private = sealer.seal(Purpose::Sign, key.kid(), pkcs8)?;
    new.sealed.insert(key.kid().to_owned(), sealed(private));
    let kept: Vec<_> = new
        .ring
        .keys
        .iter()
        .filter_map(|key| key.kid().ok())
        .collect();
    new.sealed.retain(|kid, _| kept.contains(&kid.as_str()));
    Ok(keys.replace(&new, old_version).await?)
}

/// A MAC key that is active at once.
fn first_mac_key(sealer: &LocalSealer, now: u64) -> Result<SealedMacs, Error> {
    let key = MacKey::generate()?;
    let times = MacKeyTimes {
        id: new_id(),
        signs_from: now,
        gone_at: None,
    };
    let key = sealer.seal(Purpose::Mac, &times.id, key.as_slice())?;
    Ok(SealedMacs {
        sealed: BTreeMap::from([(times.id.clone(), sealed(key))]),
        times: vec![times],
        ..SealedMacs::default()
    })
}

/// A factor key that is active at once.
fn first_factor_key(sealer: &LocalSealer, now: u64) -> Result<SealedFactors, Error> {
    let key = FactorKey::generate()?;
    let times = FactorKeyTimes {
        id: new_id(),
        seals_from: now,
    };
    let key = sealer.seal(Purpose::Factor, &times.id, key.as_slice())?;
    Ok(SealedFactors {
        sealed: BTreeMap::from([(times.id.clone(), sealed(key))]),
        times: vec![times],
        ..SealedFactors::default()
    })
}

fn new_id() -> String {
    let id = uuid::Uuid::new_v4().as_u64_pair().0;
    format!("{id:016x}")
}

fn sealed(bytes: Vec<u8>) -> SealedKey {
    let kms_key = None;
    SealedKey { bytes, kms_key }
}
