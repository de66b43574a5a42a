//! `latchkey keys`.

use accounts::{MacKeyTimes, Timestamp};
use claims::RingKey;
use claims::lifecycle::{self, Lifecycle};
use tables::SealedRing;

use crate::arguments::Keys;
use crate::key_ring::KeyRing;
use crate::output::{Key, Output};
use crate::{Error, terminal};

pub(crate) async fn run(keys: &KeyRing, command: Keys, output: &Output) -> Result<(), Error> {
    let (ring, now) = match command {
        Keys::List => keys.read().await?,
        Keys::Rotate => keys.rotate().await?,
        Keys::Retire { id, yes } => retire(keys, &id, yes).await?,
    };
    output.keys(&listed(&ring, now)?)
}

async fn retire(
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
    if !yes {
        let question = "Tokens of these keys will be refused. Type retire to go on";
        terminal::confirm(question, "retire")?;
    }
    keys.retire(ids).await
}

/// The keys that are not retired.
fn listed(ring: &SealedRing, now: Timestamp) -> Result<Vec<Key>, Error> {
    let signer = ring.ring.signer(now);
    let signing = ring.ring.keys.iter().filter(|key| !key.is_retired(now));
    let mut keys = Vec::new();
    for key in signing {
        keys.push(Key {
            id: key.kid()?.to_owned(),
            kind: "signing",
            algorithm: key.algorithm()?.as_str(),
            state: state(key, signer.map(RingKey::active_from), now),
            signs_from: key.signs_from,
            gone_at: key.gone_at,
        });
    }
    let current = lifecycle::active(&ring.macs.times, now).map(MacKeyTimes::active_from);
    let macs = ring.macs.times.iter().filter(|key| !key.is_retired(now));
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

fn state(key: &impl Lifecycle, current: Option<Timestamp>, now: Timestamp) -> &'static str {
    if key.active_from() > now {
        "next"
    } else if current == Some(key.active_from()) {
        "current"
    } else {
        "verifies"
    }
}
