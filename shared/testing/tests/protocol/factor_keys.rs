//! The factor keys of the ring: made with the others, read by those who seal secrets with them, and
//! never lost.

use accounts::{SealedTotp, TotpSecret, UserId};
use api::{Environment, FactorKeys};
use aws_sdk_dynamodb::types::AttributeValue;
use claims::lifecycle;
use keyring::{FACTOR_PERIOD, RotationError, idle_from};
use tables::{RingParts, SealedRing};
use testing::Stack;

const SECRET: [u8; TotpSecret::LEN] = *b"12345678901234567890";

fn secret() -> TotpSecret {
    TotpSecret::from_bytes(&SECRET).unwrap()
}

fn owner() -> UserId {
    UserId::parse("019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11").unwrap()
}

async fn stack() -> Stack {
    Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await
}

/// The keys as an environment of Lambda has them, which knows the ring as of up to a minute ago.
fn keys(environment: &Environment) -> FactorKeys {
    FactorKeys::new(environment).unwrap()
}

async fn opened(keys: &FactorKeys, sealed: &SealedTotp, now: u64) -> [u8; TotpSecret::LEN] {
    *keys.open(owner(), sealed, now).await.unwrap().as_bytes()
}

async fn seal(keys: &FactorKeys, now: u64) -> SealedTotp {
    keys.seal(owner(), &secret(), now).await.unwrap()
}

#[tokio::test]
async fn a_reader_gets_the_parts_that_it_asks_for_and_no_other_sealed_key() {
    let stack = stack().await;
    let table = stack.environment().keys().unwrap();
    let parts = |ring: &SealedRing| {
        [
            !ring.sealed.is_empty(),
            !ring.macs.times.is_empty(),
            !ring.macs.sealed.is_empty(),
            !ring.factors.times.is_empty(),
            !ring.factors.sealed.is_empty(),
        ]
    };
    for (asked, expected) in [
        (RingParts::PUBLIC, [false, false, false, false, false]),
        (RingParts::MAC_TIMES, [false, true, false, false, false]),
        (RingParts::MACS, [false, true, true, false, false]),
        (RingParts::SIGNING, [true, false, false, false, false]),
        (RingParts::FACTORS, [false, false, false, true, true]),
        (
            RingParts::MACS.and(RingParts::FACTORS),
            [false, true, true, true, true],
        ),
        (RingParts::WHOLE, [true, true, true, true, true]),
    ] {
        let ring = table.read(asked).await.unwrap().unwrap();
        assert_eq!(parts(&ring), expected, "{asked:?}");
        assert_eq!(ring.ring.keys.len(), 1, "{asked:?}");
    }
}

#[tokio::test]
async fn a_ring_of_a_version_without_factor_keys_gets_some_when_it_is_maintained() {
    let stack = stack().await;
    let removal = stack.engine.client().update_item().table_name("KeysTable");
    let removal = removal
        .key("id", AttributeValue::S("ring".to_owned()))
        .update_expression("REMOVE factor_keys, sealed_factor_keys");
    removal.send().await.unwrap();
    let now = api::now();
    let environment = stack.environment();
    let before = environment.keys().unwrap().sealed().await.unwrap().unwrap();
    assert!(before.factors.times.is_empty());
    let error = keys(&environment).seal(owner(), &secret(), now).await;
    assert!(
        matches!(error, Err(api::Error::Unavailable(_))),
        "{error:?}"
    );

    let after = environment.rotation().unwrap().maintain(now).await.unwrap();
    assert_eq!(after.factors.times.len(), 2);
    let waiting = keys(&stack.environment());
    let sealed = seal(&waiting, now).await;
    assert_eq!(opened(&waiting, &sealed, now).await, SECRET);
}

#[tokio::test]
async fn a_key_seals_for_a_year_and_opens_for_ever() {
    let stack = stack().await;
    let environment = stack.environment();
    let rotation = environment.rotation().unwrap();
    let begin = api::now();
    let first = rotation.maintain(begin).await.unwrap();
    let first = first.factors.times[0].clone();
    let mut sealed = Vec::new();
    for year in 0..5 {
        let now = begin + year * (FACTOR_PERIOD + 1) + 1;
        let ring = rotation.maintain(now).await.unwrap();
        let active = lifecycle::active(&ring.factors.times, now).unwrap();
        assert_eq!(active.seals_from, first.seals_from + year * FACTOR_PERIOD);
        assert_eq!(ring.factors.times.len() as u64, year + 2);
        let keys = keys(&stack.environment());
        sealed.push(seal(&keys, now).await);
        for (nth, sealed) in sealed.iter().enumerate() {
            assert_eq!(opened(&keys, sealed, now).await, SECRET, "{nth}");
            let is_newest = keys.at(now).await.unwrap().seals_with_newest(sealed, now);
            assert_eq!(is_newest, nth as u64 == year, "{nth}");
        }
    }
}

#[tokio::test]
async fn a_rotation_lets_the_next_key_seal_when_every_function_knows_it() {
    let stack = stack().await;
    let rotation = stack.environment().rotation().unwrap();
    let now = api::now();
    let before = rotation.maintain(now).await.unwrap();
    let after = rotation.rotate(now).await.unwrap();
    let next = lifecycle::next(&before.factors.times, now).unwrap();
    let active = lifecycle::active(&after.factors.times, now + 120).unwrap();
    assert_eq!((&active.id, active.seals_from), (&next.id, now + 120));
    let still = lifecycle::active(&after.factors.times, now + 119).unwrap();
    assert_ne!(still.id, next.id);
}

#[tokio::test]
async fn a_secret_under_a_key_that_is_younger_than_the_ring_at_hand_opens() {
    let stack = stack().await;
    let (old, now) = (keys(&stack.environment()), api::now());
    seal(&old, now).await;
    let environment = stack.environment();
    let mut ring = environment.rotation().unwrap().maintain(now).await.unwrap();
    let version = ring.ring.version;
    ring.ring.version += 1;
    lifecycle::activate_next(&mut ring.factors.times, now, now);
    ring.factors.times[0].seals_from -= 1;
    let table = environment.keys().unwrap();
    table.replace(&ring, Some(version)).await.unwrap();
    let sealed = seal(&keys(&environment), now).await;
    assert!(!old.at(now).await.unwrap().seals_with_newest(&sealed, now));
    assert_eq!(opened(&old, &sealed, now).await, SECRET);
    // A secret that no key of the ring opens is a fault.
    let mut unknown = sealed.to_bytes();
    unknown[0] ^= 1;
    let unknown = SealedTotp::from_stored(&unknown).unwrap();
    assert!(old.open(owner(), &unknown, now).await.is_err());
}

#[tokio::test]
async fn a_key_leaves_the_ring_when_no_function_seals_with_it_any_more() {
    let stack = stack().await;
    let (environment, now) = (stack.environment(), api::now());
    let rotation = environment.rotation().unwrap();
    let ring = environment.keys().unwrap().sealed().await.unwrap().unwrap();
    // The only one: another has to be made to take over.
    let old = ring.factors.times[0].id.clone();
    assert_eq!(ring.factors.times.len(), 1);
    let by_tokens = rotation.retire(&old, now).await;
    assert!(
        matches!(by_tokens, Err(RotationError::Unknown)),
        "{by_tokens:?}"
    );
    let in_use = |removed| matches!(removed, Err(RotationError::InUse));
    assert!(in_use(rotation.remove_factor_key(&old, now + 500).await));

    let ring = rotation.end_turn(&old, now).await.unwrap();
    let times = &ring.factors.times;
    let active = lifecycle::active(times, now).unwrap();
    assert_ne!(active.id, old);
    assert_eq!(active.seals_from, now);
    assert!(lifecycle::next(times, now).is_some());
    assert_eq!(idle_from(times, &old), Some(now + 120));
    assert_eq!(rotation.end_turn(&old, now + 9).await.unwrap(), ring);
    assert!(in_use(rotation.remove_factor_key(&old, now + 119).await));
    let ring = rotation.remove_factor_key(&old, now + 120).await.unwrap();
    assert_eq!(ring.factors.times.len(), 2);
    assert_eq!(ring.factors.sealed.len(), 2);
    assert!(!ring.factors.sealed.contains_key(&old));
    let again = rotation.remove_factor_key(&old, now + 120).await;
    assert!(matches!(again, Err(RotationError::Unknown)), "{again:?}");
}

#[tokio::test]
async fn a_key_that_waits_for_its_turn_is_replaced_by_another() {
    let stack = stack().await;
    let (environment, now) = (stack.environment(), api::now());
    let rotation = environment.rotation().unwrap();
    let ring = rotation.maintain(now).await.unwrap();
    let next = lifecycle::next(&ring.factors.times, now).unwrap().clone();
    let ring = rotation.end_turn(&next.id, now).await.unwrap();
    let other = lifecycle::next(&ring.factors.times, now).unwrap();
    assert_ne!(other.id, next.id);
    assert_eq!(other.seals_from, next.seals_from);
    assert_eq!(ring.factors.times.len(), 2);
    assert!(!ring.factors.sealed.contains_key(&next.id));
}
