//! A ring with a key of each kind before, in and after its turn, and the steps that are done to it.

use accounts::{MacKey, MacKeys};
use claims::lifecycle;
use keyring::{Purpose, Rotation, Sealer};
use tables::{Keys, SealedRing};
use testing::Stack;

/// A step that is done to a ring.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    Maintain,
    Rotate,
    RetireMac(Which),
    RetireSigner(Which),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    Former,
    Current,
    Next,
}

use Step::{Maintain, RetireMac, RetireSigner, Rotate};
use Which::{Current, Former, Next};

pub(super) const STEPS: [Step; 8] = [
    Maintain,
    Rotate,
    RetireMac(Former),
    RetireMac(Current),
    RetireMac(Next),
    RetireSigner(Former),
    RetireSigner(Current),
    RetireSigner(Next),
];

/// The key of a list that was active, is, or will be next.
pub(super) fn pick<T: lifecycle::Lifecycle>(keys: &[T], which: Which, now: u64) -> Option<&T> {
    let current = lifecycle::active(keys, now);
    match which {
        Current => current,
        Next => lifecycle::next(keys, now),
        Former => keys.iter().find(|key| {
            let earlier = current.is_some_and(|current| key.active_from() < current.active_from());
            earlier && !key.is_retired(now)
        }),
    }
}

/// A ring of three keys of each kind: one had its turn, one has it, and one waits.
pub(super) struct Case {
    pub(super) table: Keys,
    pub(super) rotation: Rotation,
    sealer: Sealer,
    pub(super) now: u64,
    pub(super) ring: SealedRing,
}

impl Case {
    pub(super) async fn new(stack: &Stack) -> Self {
        let environment = stack.environment();
        let rotation = environment.rotation().unwrap();
        let begin = api::now();
        rotation.maintain(begin).await.unwrap();
        rotation.rotate(begin).await.unwrap();
        let now = begin + 10_000;
        let ring = rotation.maintain(now).await.unwrap();
        for which in [Former, Current, Next] {
            assert!(pick(&ring.macs.times, which, now).is_some(), "{which:?}");
            assert!(pick(&ring.ring.keys, which, now).is_some(), "{which:?}");
        }
        Self {
            table: environment.keys().unwrap(),
            rotation,
            sealer: environment.sealer().unwrap(),
            now,
            ring,
        }
    }

    /// Puts the ring back.
    pub(super) async fn reset(&mut self) {
        let stored = self.table.sealed().await.unwrap().unwrap().ring.version;
        self.ring.ring.version = stored + 1;
        let replaced = self.table.replace(&self.ring, Some(stored)).await;
        replaced.unwrap();
    }

    /// Takes a step; the id of the key that it retired, if it did.
    pub(super) async fn take(&self, step: Step, now: u64) -> (SealedRing, Option<String>) {
        let ring = self.table.sealed().await.unwrap().unwrap();
        let mac = |which| pick(&ring.macs.times, which, now).map(|key| key.id.clone());
        let signer = |which| pick(&ring.ring.keys, which, now);
        let id = match step {
            Maintain => return (self.rotation.maintain(now).await.unwrap(), None),
            Rotate => return (self.rotation.rotate(now).await.unwrap(), None),
            RetireMac(which) => mac(which),
            RetireSigner(which) => signer(which).map(|key| key.kid().unwrap().to_owned()),
        };
        match id {
            Some(id) => (self.rotation.retire(&id, now).await.unwrap(), Some(id)),
            None => (ring, None),
        }
    }

    pub(super) async fn macs(&self, ring: &SealedRing) -> MacKeys {
        let mut keys = Vec::new();
        for times in &ring.macs.times {
            let sealed = &ring.macs.sealed[&times.id];
            let key = self.sealer.unseal(Purpose::Mac, &times.id, sealed).await;
            keys.push(MacKey::new(times.clone(), &key.unwrap()).unwrap());
        }
        keys.into_iter().collect()
    }
}
