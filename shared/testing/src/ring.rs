//! The key ring of a local stack: what a deployment makes with KMS, made with a key in a file.

use std::collections::BTreeMap;
use std::path::Path;

use accounts::{MacKey, MacKeyTimes};
use api::{Purpose, Sealer};
use aws_sdk_dynamodb::Client;
use claims::{Algorithm, PrivateKey, Ring};
use tables::{Keys, SealedMacs, SealedRing};

use crate::engine::Error;

/// How long a key must verify after another has taken over, in seconds: the longest life that the
/// template's parameter allows an access token, and a minute for functions that have yet to see it.
const LONGEST_TOKEN: u64 = 3_600 + 60;

/// Sees to it that there is a key ring with a key that signs now: that of the PEM file, if there is
/// one, else the ring's own, else a fresh RS256 key. Keys that signed before keep verifying.
///
/// # Errors
///
/// Where a file cannot be read, the PEM holds no key that can sign, or the table does not answer.
pub async fn establish(
    client: &Client,
    sealing_key_file: &Path,
    signing_key_pem: Option<&Path>,
) -> Result<(), Error> {
    let sealer = Sealer::open_or_create(sealing_key_file)?;
    let keys = Keys::new(client, "KeysTable");
    let stored = keys.sealed().await?;
    let key = match (signing_key_pem, &stored) {
        (Some(file), _) => PrivateKey::from_pem(&std::fs::read(file)?)?,
        (None, Some(_)) => return Ok(()),
        (None, None) => PrivateKey::generate(Algorithm::Rs256)?,
    };
    add(&keys, &sealer, stored, (key.0, &key.1)).await
}

/// Puts a key, given as itself and as PKCS#8, into the ring to sign from now on.
pub(crate) async fn add(
    keys: &Keys,
    sealer: &Sealer,
    stored: Option<SealedRing>,
    (key, pkcs8): (PrivateKey, &[u8]),
) -> Result<(), Error> {
    let now = api::now();
    let old_version = stored.as_ref().map(|stored| stored.ring.version);
    let (ring, mut sealed, macs) = match stored {
        Some(SealedRing { ring, sealed, macs }) => {
            let ring = ring.succeed_at_once(key.jwk().clone(), now, LONGEST_TOKEN);
            (ring, sealed, macs)
        }
        None => {
            let ring = Ring::first(key.jwk().clone(), now);
            (ring, BTreeMap::new(), first_mac_key(sealer, now)?)
        }
    };
    if old_version == Some(ring.version) {
        return Ok(());
    }
    let private = sealer.seal(Purpose::Sign, key.kid(), pkcs8)?;
    sealed.insert(key.kid().to_owned(), private);
    let kept: Vec<_> = ring.keys.iter().filter_map(|key| key.kid().ok()).collect();
    sealed.retain(|kid, _| kept.contains(&kid.as_str()));
    let ring = SealedRing { ring, sealed, macs };
    Ok(keys.replace(&ring, old_version).await?)
}

/// A MAC key that is in force at once.
fn first_mac_key(sealer: &Sealer, now: u64) -> Result<SealedMacs, Error> {
    let key = MacKey::generate()?;
    let id = uuid::Uuid::new_v4().as_u64_pair().0;
    let times = MacKeyTimes {
        id: format!("{id:016x}"),
        signs_from: now,
        gone_at: None,
    };
    let sealed = sealer.seal(Purpose::Mac, &times.id, key.as_slice())?;
    Ok(SealedMacs {
        sealed: BTreeMap::from([(times.id.clone(), sealed)]),
        times: vec![times],
    })
}
