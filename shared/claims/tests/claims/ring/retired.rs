//! A ring after one of its keys was retired.

use claims::{LEEWAY, Ring};

use super::{LIFETIME, NOW, after, jwk, kid, rotating, signer, verifying};

#[test]
fn a_retired_signer_is_dead_at_once_and_its_successor_signs() {
    let (old, new, ring) = rotating();
    let ring = after(ring, |ring| ring.retire(kid(&old), NOW, LIFETIME));
    assert_eq!(signer(&ring, NOW), Some(kid(&new)));
    assert_eq!(verifying(&ring, NOW), [kid(&new)]);
    assert_eq!(ring.keys[1].gone_at, None);
}

#[test]
fn a_retired_signer_without_successor_leaves_none() {
    let key = jwk();
    let ring = after(Ring::first(key.clone(), NOW), |ring| {
        ring.retire(kid(&key), NOW, LIFETIME)
    });
    assert_eq!(signer(&ring, NOW), None);
    assert!(verifying(&ring, NOW).is_empty());
}

#[test]
fn a_retired_successor_leaves_the_signer_signing_for_ever() {
    let (old, new, ring) = rotating();
    let ring = after(ring, |ring| ring.retire(kid(&new), NOW, LIFETIME));
    assert_eq!(signer(&ring, u64::MAX), Some(kid(&old)));
    assert_eq!(verifying(&ring, NOW), [kid(&old)]);
}

#[test]
fn a_former_key_gains_no_time_by_what_becomes_of_its_successors() {
    let (old, new, ring) = rotating();
    let third = jwk();
    let ring = after(ring, |ring| {
        ring.publish(third.clone(), NOW, NOW + 100_000, LIFETIME)
    });
    let end = NOW + 7200 + LIFETIME + LEEWAY;
    let ring = after(ring, |ring| ring.retire(kid(&new), NOW + 7300, LIFETIME));
    assert_eq!(signer(&ring, NOW + 7300), Some(kid(&third)));
    assert_eq!(verifying(&ring, end - 1), [kid(&old), kid(&third)]);
    assert_eq!(verifying(&ring, end), [kid(&third)]);
    let unknown = after(ring.clone(), |ring| {
        ring.retire("nobody", NOW + 7300, LIFETIME)
    });
    assert_eq!(unknown.keys, ring.keys);
}
