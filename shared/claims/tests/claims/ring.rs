//! Which key signs and which keys verify, as time passes.

mod retired;

use claims::{Algorithm, Jwk, LEEWAY, PrivateKey, Ring, RingKey};

const NOW: u64 = 1_900_000_000;
const LIFETIME: u64 = 3600;

fn jwk() -> Jwk {
    let (key, _) = PrivateKey::generate(Algorithm::EdDsa).expect("a key can be made");
    key.jwk().clone()
}

fn kid(key: &Jwk) -> &str {
    key.common.key_id.as_deref().expect("our keys have names")
}

fn signer(ring: &Ring, now: u64) -> Option<&str> {
    ring.signer(now)
        .map(|key| key.kid().expect("our keys have names"))
}

fn verifying(ring: &Ring, now: u64) -> Vec<String> {
    let jwks = ring.verifying(now).expect("good keys").jwks();
    jwks.keys.iter().map(|key| kid(key).to_owned()).collect()
}

/// The ring after a change.
fn after(mut ring: Ring, change: impl FnOnce(&mut Ring)) -> Ring {
    change(&mut ring);
    ring
}

/// A key that has signed for an hour, and its successor, published but not signing for two hours
/// more.
fn rotating() -> (Jwk, Jwk, Ring) {
    let (old, new) = (jwk(), jwk());
    let mut ring = Ring::first(old.clone(), NOW - 3600);
    ring.keys.push(RingKey {
        jwk: new.clone(),
        published_at: NOW,
        signs_from: NOW + 7200,
        gone_at: None,
    });
    ring.keys[0].gone_at = Some(NOW + 7200 + LIFETIME + LEEWAY);
    (old, new, ring)
}

#[test]
fn the_first_key_signs_and_verifies_at_once() {
    let key = jwk();
    let ring = Ring::first(key.clone(), NOW);
    assert_eq!(ring.version, 1);
    assert_eq!(signer(&ring, NOW), Some(kid(&key)));
    assert_eq!(verifying(&ring, NOW), [kid(&key)]);
    assert_eq!(ring.keys[0].algorithm(), Ok(Algorithm::EdDsa));
}

#[test]
fn before_its_time_a_ring_has_no_signer_and_verifies_nothing() {
    let ring = Ring::first(jwk(), NOW);
    assert_eq!(signer(&ring, NOW - 1), None);
    assert!(verifying(&ring, NOW - 1).is_empty());
}

#[test]
fn a_successor_verifies_before_it_signs_and_its_predecessor_after_it_signed() {
    let (old, new, ring) = rotating();
    assert_eq!(signer(&ring, NOW + 7199), Some(kid(&old)));
    assert_eq!(signer(&ring, NOW + 7200), Some(kid(&new)));
    assert_eq!(verifying(&ring, NOW - 1), [kid(&old)]);
    assert_eq!(verifying(&ring, NOW), [kid(&old), kid(&new)]);
    let dead = NOW + 7200 + LIFETIME + LEEWAY;
    assert_eq!(verifying(&ring, dead - 1), [kid(&old), kid(&new)]);
    assert_eq!(verifying(&ring, dead), [kid(&new)]);
}

#[test]
fn a_key_without_successor_signs_for_ever() {
    let key = jwk();
    let ring = Ring::first(key.clone(), NOW);
    assert_eq!(signer(&ring, u64::MAX), Some(kid(&key)));
}

#[test]
fn a_gone_key_neither_signs_nor_verifies() {
    let mut ring = Ring::first(jwk(), NOW);
    ring.keys[0].gone_at = Some(NOW + 1);
    assert!(signer(&ring, NOW).is_some());
    assert_eq!(signer(&ring, NOW + 1), None);
    assert!(verifying(&ring, NOW + 1).is_empty());
}

#[test]
fn a_key_that_succeeds_at_once_signs_and_the_former_one_verifies_its_last_token() {
    let (old, new) = (jwk(), jwk());
    let ring = Ring::first(old.clone(), NOW - 1);
    let ring = after(ring, |ring| {
        ring.succeed_at_once(new.clone(), NOW, LIFETIME)
    });
    assert_eq!(ring.version, 2);
    assert_eq!(signer(&ring, NOW), Some(kid(&new)));
    let last = NOW + LIFETIME + LEEWAY;
    assert_eq!(verifying(&ring, last - 1), [kid(&old), kid(&new)]);
    assert_eq!(verifying(&ring, last), [kid(&new)]);
}

#[test]
fn two_successions_in_one_second_leave_the_later_key_signing() {
    let (second, third) = (jwk(), jwk());
    let mut ring = Ring::first(jwk(), NOW);
    ring.succeed_at_once(second, NOW, LIFETIME);
    ring.succeed_at_once(third.clone(), NOW, LIFETIME);
    assert_eq!((ring.version, ring.keys.len()), (3, 3));
    assert_eq!(signer(&ring, NOW), Some(kid(&third)));
    assert!(
        ring.keys[..2]
            .iter()
            .all(|key| key.gone_at == Some(NOW + LIFETIME + LEEWAY))
    );
}

#[test]
fn an_earlier_end_is_kept_and_a_later_one_is_brought_forward() {
    let (_, _, mut ring) = rotating();
    let ring_end = |ring: &Ring| ring.keys[0].gone_at;
    let sooner = after(ring.clone(), |ring| {
        ring.succeed_at_once(jwk(), NOW, LIFETIME)
    });
    assert_eq!(ring_end(&sooner), Some(NOW + LIFETIME + LEEWAY));
    assert_eq!(
        sooner.keys[1], ring.keys[1],
        "a key that has not signed yet keeps its times"
    );
    ring.keys[0].gone_at = Some(NOW + 1);
    let kept = after(ring, |ring| ring.succeed_at_once(jwk(), NOW, LIFETIME));
    assert_eq!(ring_end(&kept), Some(NOW + 1));
}

#[test]
fn gone_keys_leave_the_ring() {
    let (old, new, mut ring) = rotating();
    ring.keys[0].gone_at = Some(NOW);
    let third = jwk();
    let ring = after(ring, |ring| {
        ring.succeed_at_once(third.clone(), NOW, LIFETIME)
    });
    let kids: Vec<_> = ring.keys.iter().map(|key| kid(&key.jwk)).collect();
    assert_eq!(kids, [kid(&new), kid(&third)]);
    assert!(!kids.contains(&kid(&old)));
}

#[test]
fn the_current_signer_succeeding_itself_changes_nothing() {
    let (old, _, ring) = rotating();
    let after = after(ring.clone(), |ring| {
        ring.succeed_at_once(old, NOW, LIFETIME)
    });
    assert_eq!(after, ring);
}

#[test]
fn a_published_successor_can_be_called_early_and_is_not_there_twice() {
    let (old, new, ring) = rotating();
    let ring = after(ring, |ring| {
        ring.succeed_at_once(new.clone(), NOW + 10, LIFETIME)
    });
    assert_eq!(signer(&ring, NOW + 10), Some(kid(&new)));
    assert_eq!(verifying(&ring, NOW + 10), [kid(&old), kid(&new)]);
    assert_eq!(ring.keys[1].published_at, NOW);
}

#[test]
fn a_key_that_is_called_before_its_publication_is_published_at_once() {
    let (_, new, mut ring) = rotating();
    ring.keys[1].published_at = NOW + 100;
    let ring = after(ring, |ring| {
        ring.succeed_at_once(new.clone(), NOW, LIFETIME)
    });
    assert!(verifying(&ring, NOW).contains(&kid(&new).to_owned()));
}

#[test]
fn a_former_signer_can_be_called_back() {
    let (first, second) = (jwk(), jwk());
    let mut ring = Ring::first(first.clone(), NOW);
    ring.succeed_at_once(second.clone(), NOW + 1, LIFETIME);
    ring.succeed_at_once(first.clone(), NOW + 2, LIFETIME);
    assert_eq!(signer(&ring, NOW + 2), Some(kid(&first)));
    assert_eq!(verifying(&ring, u64::MAX), [kid(&first)]);
    assert_eq!(verifying(&ring, NOW + 2), [kid(&second), kid(&first)]);
}

#[test]
fn the_end_of_time_does_not_overflow() {
    let ring = after(Ring::first(jwk(), u64::MAX), |ring| {
        ring.succeed_at_once(jwk(), u64::MAX, u64::MAX)
    });
    assert_eq!(ring.keys[0].gone_at, Some(u64::MAX));
}

#[test]
fn a_ring_is_read_back_as_written() {
    let (_, _, ring) = rotating();
    let json = serde_json::to_string(&ring).expect("a ring serialises");
    assert_eq!(serde_json::from_str::<Ring>(&json).ok(), Some(ring));
}

#[test]
fn a_published_key_waits_for_its_turn_and_ends_its_predecessor() {
    let (first, second) = (jwk(), jwk());
    let ring = Ring::first(first.clone(), NOW);
    let ring = after(ring, |ring| {
        ring.publish(second.clone(), NOW + 10, NOW + 9_010, LIFETIME)
    });
    assert_eq!(ring.version, 2);
    assert_eq!(
        ring.successor(NOW + 10).map(RingKey::kid),
        Some(Ok(kid(&second)))
    );
    assert_eq!(verifying(&ring, NOW + 10), [kid(&first), kid(&second)]);
    assert_eq!(signer(&ring, NOW + 9_009), Some(kid(&first)));
    assert_eq!(signer(&ring, NOW + 9_010), Some(kid(&second)));
    assert_eq!(ring.successor(NOW + 9_010), None);
    let dead = NOW + 9_010 + LIFETIME + LEEWAY;
    assert_eq!(verifying(&ring, dead - 1), [kid(&first), kid(&second)]);
    assert_eq!(verifying(&ring, dead), [kid(&second)]);
}

#[test]
fn a_key_published_to_sign_earlier_takes_the_place_of_a_later_one() {
    let (first, late, early) = (jwk(), jwk(), jwk());
    let mut ring = Ring::first(first.clone(), NOW);
    ring.publish(late, NOW, NOW + 100_000, LIFETIME);
    ring.publish(early.clone(), NOW + 1, NOW + 9_001, LIFETIME);
    assert_eq!(verifying(&ring, NOW + 1), [kid(&first), kid(&early)]);
    assert_eq!(
        ring.keys[0].gone_at,
        Some(NOW + 9_001 + LIFETIME + LEEWAY),
        "its end comes forward with its successor's turn"
    );
}

#[test]
fn a_successor_can_be_called() {
    let (old, new, ring) = rotating();
    let ring = after(ring, |ring| {
        ring.activate_successor(NOW, NOW + 60, LIFETIME)
    });
    assert_eq!(signer(&ring, NOW + 59), Some(kid(&old)));
    assert_eq!(signer(&ring, NOW + 60), Some(kid(&new)));
    let dead = NOW + 60 + LIFETIME + LEEWAY;
    assert_eq!(verifying(&ring, dead), [kid(&new)]);
    let alone = Ring::first(jwk(), NOW);
    let called = after(alone.clone(), |ring| {
        ring.activate_successor(NOW, NOW, LIFETIME)
    });
    assert_eq!(called.keys, alone.keys);
}
