//! `latchkey keys`.

use std::time::UNIX_EPOCH;

use accounts::{MacKeyTimes, Timestamp};
use claims::RingKey;
use claims::turn::{self, Turn};
use keyring::{Rotation, RotationError};
use tables::SealedRing;

use crate::arguments::Keys;
use crate::output::{Key, Output};
use crate::{Error, terminal};

pub(crate) async fn run(rotation: &Rotation, command: Keys, output: &Output) -> Result<(), Error> {
    let now = UNIX_EPOCH.elapsed()?.as_secs();
    let ring = match command {
        Keys::List => rotation.ring().await?.ok_or(RotationError::NoRing)?,
        Keys::Rotate => rotation.rotate(now).await?,
        Keys::Retire { id, yes } => retire(rotation, &id, yes, now).await?,
    };
    output.keys(&listed(&ring, now)?)
}

async fn retire(
    rotation: &Rotation,
    ids: &[String],
    yes: bool,
    now: Timestamp,
) -> Result<SealedRing, Error> {
    let mut ring = rotation.ring().await?.ok_or(RotationError::NoRing)?;
    let known = listed(&ring, now)?;
    let unknown = ids.iter().find(|id| known.iter().all(|key| key.id != **id));
    if let Some(id) = unknown {
        return Err(format!("the ring has no key {id}, or it is gone already").into());
    }
    if !yes {
        let question = "Tokens of these keys will count no more. Type retire to go on";
        terminal::confirm(question, "retire")?;
    }
    for id in ids {
        ring = match rotation.retire(id, now).await {
            Ok(ring) => ring,
            // Named twice, or retired by somebody else meanwhile: it is as it should be.
            Err(RotationError::Unknown) => continue,
            Err(error) => return Err(format!("{id} is not retired: {error}").into()),
        };
    }
    Ok(ring)
}

/// The keys that count or will.
fn listed(ring: &SealedRing, now: Timestamp) -> Result<Vec<Key>, Error> {
    let signer = ring.ring.signer(now);
    let signing = ring.ring.keys.iter().filter(|key| !key.is_gone(now));
    let mut keys = Vec::new();
    for key in signing {
        keys.push(Key {
            id: key.kid()?.to_owned(),
            kind: "signing",
            algorithm: key.algorithm()?.as_str(),
            state: state(key, signer.map(RingKey::begins), now),
            signs_from: key.signs_from,
            gone_at: key.gone_at,
        });
    }
    let current = turn::current(&ring.macs.times, now).map(MacKeyTimes::begins);
    let macs = ring.macs.times.iter().filter(|key| !key.is_gone(now));
    keys.extend(macs.map(|key| Key {
        id: key.id.clone(),
        kind: "mac",
        algorithm: "HS256",
        state: state(key, current, now),
        signs_from: key.signs_from,
        gone_at: key.gone_at,
    }));
    Ok(keys)
}

fn state(key: &impl Turn, current: Option<Timestamp>, now: Timestamp) -> &'static str {
    if key.begins() > now {
        "next"
    } else if current == Some(key.begins()) {
        "current"
    } else {
        "verifies"
    }
}
