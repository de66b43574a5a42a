//! The key ring of a local stack: what a deployment makes with KMS, made with a key in a file.

use std::collections::BTreeMap;
use std::path::Path;

use api::Sealer;
use aws_sdk_dynamodb::Client;
use claims::{Algorithm, PrivateKey, Ring};
use tables::{Keys, SealedRing};

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
    let (ring, mut sealed) = match stored {
        Some(SealedRing { ring, sealed }) => (
            ring.succeed_at_once(key.jwk().clone(), now, LONGEST_TOKEN),
            sealed,
        ),
        None => (Ring::first(key.jwk().clone(), now), BTreeMap::new()),
    };
    if old_version == Some(ring.version) {
        return Ok(());
    }
    sealed.insert(key.kid().to_owned(), sealer.seal(key.kid(), pkcs8)?);
    sealed.retain(|kid, _| {
        ring.keys
            .iter()
            .any(|key| key.kid().is_ok_and(|id| id == kid))
    });
    Ok(keys
        .replace(&SealedRing { ring, sealed }, old_version)
        .await?)
}
