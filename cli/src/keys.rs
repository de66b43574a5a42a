//! `latchkey keys`.

use accounts::Timestamp;
use claims::RingKey;
use claims::lifecycle::{self, Lifecycle};
use tables::SealedRing;

use crate::arguments::Keys;
use crate::key_ring::KeyRing;
use crate::output::{Key, Output};
use crate::stack::Stack;
use crate::{Error, terminal};

/// The type of the keys that seal the secrets of second factors.
const FACTOR: &str = "factor";

pub(crate) async fn run(stack: &Stack, command: Keys, output: &Output) -> Result<(), Error> {
    let keys = stack.key_ring().await?;
    let (ring, now) = match command {
        Keys::List => keys.read().await?,
        Keys::Rotate => keys.rotate().await?,
        Keys::Retire { id, yes } => retire(stack, &keys, &id, yes).await?,
    };
    output.keys(&listed(&ring, now)?)
}

async fn retire(
    stack: &Stack,
    keys: &KeyRing,
    ids: &[String],
    yes: bool,
) -> Result<(SealedRing, Timestamp), Error> {
    let (ring, now) = keys.read().await?;
    let known = listed(&ring, now)?;
    let unknown = ids.iter().find(|id| known.iter().all(|key| key.id != **id));
    if let Some(id) = unknown {
        return Err(format!("the ring has no key {id}, or it is retired already").into());
    }
    let is_factor = |id: &String| known.iter().any(|key| key.id == *id && key.kind == FACTOR);
    let (factors, others): (Vec<_>, Vec<_>) = ids.iter().cloned().partition(is_factor);
    if !yes {
        let effect = match (others.is_empty(), factors.is_empty()) {
            (false, true) => "Tokens of these keys will be refused",
            (true, _) => "Secrets under these keys will be sealed anew",
            (false, false) => {
                "Tokens of these keys will be refused, and secrets under them sealed anew"
            }
        };
        terminal::confirm(&format!("{effect}. Type retire to go on"), "retire")?;
    }
    // The tokens first: they are refused at once, and secrets take minutes.
    if !others.is_empty() {
        keys.retire(&others).await?;
    }
    if !factors.is_empty() {
        stack.resealing().await?.retire(keys, &factors).await?;
    }
    keys.read().await
}

/// The keys that are not retired.
fn listed(ring: &SealedRing, now: Timestamp) -> Result<Vec<Key>, Error> {
    let signer = ring.ring.signer(now).map(RingKey::kid).transpose()?;
    let signing = ring.ring.keys.iter().filter(|key| !key.is_retired(now));
    let mut keys = Vec::new();
    for key in signing {
        keys.push(Key {
            id: key.kid()?.to_owned(),
            kind: "signing",
            algorithm: key.algorithm()?.as_str(),
            state: state(key, signer == Some(key.kid()?), now, "verifies"),
            signs_from: key.signs_from,
            gone_at: key.gone_at,
        });
    }
    let current = lifecycle::active(&ring.macs.times, now).map(|key| &key.id);
    let macs = ring.macs.times.iter().filter(|key| !key.is_retired(now));
    keys.extend(macs.map(|key| Key {
        id: key.id.clone(),
        kind: "mac",
        algorithm: "HS256",
        state: state(key, current == Some(&key.id), now, "verifies"),
        signs_from: key.signs_from,
        gone_at: key.gone_at,
    }));
    let current = lifecycle::active(&ring.factors.times, now).map(|key| &key.id);
    keys.extend(ring.factors.times.iter().map(|key| Key {
        id: key.id.clone(),
        kind: FACTOR,
        algorithm: "A256GCM",
        state: state(key, current == Some(&key.id), now, "opens"),
        signs_from: key.seals_from,
        gone_at: None,
    }));
    Ok(keys)
}

/// The state of a key; `former` where it had its turn.
fn state(
    key: &impl Lifecycle,
    is_current: bool,
    now: Timestamp,
    former: &'static str,
) -> &'static str {
    if key.active_from() > now {
        "next"
    } else if is_current {
        "current"
    } else {
        former
    }
}
