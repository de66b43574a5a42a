//! Whatever the operator does to the ring, and in whichever order: tokens are made by keys that
//! count, what is retired counts no more, and what is not retired counts for its whole life.

mod case;

use std::collections::BTreeSet;
use std::time::Duration;

use accounts::{
    AuthMethod, Authentication, Device, Epoch, Owner, RefreshToken, Session, SessionLifetime,
    SessionSecret, UserId,
};
use claims::lifecycle;
use keyring::{LEAST_MAC_LIFE, LONGEST_TOKEN, RotationError};
use tables::{Error, SealedRing};
use testing::Stack;
use testing::wire::Fault;

use case::Step::{RetireMac, RetireSigner, Rotate};
use case::Which::{Current, Former, Next};
use case::{Case, STEPS, pick};

/// The template's `SessionLifetime`.
const SESSION: u64 = 2_592_000;

fn token(now: u64) -> RefreshToken {
    let user = UserId::parse("019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11").unwrap();
    let secret = SessionSecret::generate().unwrap();
    let lifetime = SessionLifetime {
        idle: Duration::from_secs(SESSION),
        absolute: Duration::from_secs(SESSION),
    };
    let owner = Owner {
        user_id: user,
        epoch: Epoch::FIRST,
    };
    let proof = Authentication::by(AuthMethod::PASSWORD, now);
    let session = Session::begin(owner, proof, lifetime, &secret, Device::default());
    RefreshToken::first(&session, secret)
}

/// The times at which something changes, and those beside them.
fn moments(ring: &SealedRing, now: u64) -> BTreeSet<u64> {
    let macs = ring.macs.times.iter();
    let macs = macs.flat_map(|key| [Some(key.signs_from), key.gone_at]);
    let keys = ring.ring.keys.iter();
    let keys = keys.flat_map(|key| [Some(key.signs_from), key.gone_at]);
    let turns = macs.chain(keys).flatten();
    let around = turns.flat_map(|time| [time - 1, time, time + 1]);
    let later = [now, now + 60, now + 120, now + SESSION];
    around.chain(later).filter(|time| *time >= now).collect()
}

/// From now on there is a key of each kind that counts, and what it makes counts for its whole
/// life.
async fn assert_in_order(case: &Case, ring: &SealedRing, now: u64, what: &str) {
    let macs = case.macs(ring).await;
    let token = token(now);
    for time in moments(ring, now) {
        let text = token.to_text(&macs, time);
        let text = text.unwrap_or_else(|error| panic!("{what}: {error} at {time}"));
        for age in [0, SESSION - 1] {
            let parsed = RefreshToken::parse(&text, &macs, time + age);
            assert!(parsed.is_some(), "{what}: {time} + {age}");
        }
        let factor = lifecycle::active(&ring.factors.times, time);
        let factor = factor.unwrap_or_else(|| panic!("{what}: nothing seals at {time}"));
        assert!(ring.factors.sealed.contains_key(&factor.id), "{what}");
        let signer = ring.ring.signer(time);
        let signer = signer.unwrap_or_else(|| panic!("{what}: nothing signs at {time}"));
        let kid = signer.kid().unwrap();
        assert!(ring.sealed.contains_key(kid), "{what}");
        for age in [0, LONGEST_TOKEN - 1] {
            let jwks = ring.ring.verifying(time + age).unwrap().jwks();
            let mut kids = jwks.keys.iter().map(|key| key.common.key_id.as_deref());
            assert!(
                kids.any(|other| other == Some(kid)),
                "{what}: {time} + {age}"
            );
        }
    }
}

fn is_in(ring: &SealedRing, id: &str, now: u64) -> bool {
    let macs = ring.macs.times.iter();
    let counts = |key: &&accounts::MacKeyTimes| key.gone_at.is_none_or(|gone| now < gone);
    let mut macs = macs.filter(counts).map(|key| key.id.as_str());
    let mut keys = ring.ring.keys.iter().filter_map(|key| key.kid().ok());
    macs.any(|other| other == id) || keys.any(|other| other == id)
}

#[tokio::test]
async fn rotating_and_retiring_in_any_order_of_two_leaves_a_ring_in_order() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await;
    let mut case = Case::new(&stack).await;
    let begin = case.now;
    let macs = case.macs(&case.ring).await;
    let former = pick(&case.ring.macs.times, Former, begin).unwrap().clone();
    let current = pick(&case.ring.macs.times, Current, begin).unwrap().clone();
    let token = token(begin);
    let by_former = token.to_text(&macs, current.signs_from - 1).unwrap();
    let by_current = token.to_text(&macs, begin).unwrap();
    for first in STEPS {
        for second in STEPS {
            // Before, at and after the turn of the MAC key that a rotation calls.
            for gap in [0, 119, 120, 121] {
                case.reset().await;
                let now = begin + gap;
                let what = format!("{first:?}, then {second:?} {gap} s later");
                let (ring, retired) = case.take(first, begin).await;
                assert_in_order(&case, &ring, begin, &what).await;
                let (ring, also_retired) = case.take(second, now).await;
                assert_in_order(&case, &ring, now, &what).await;

                let retired: Vec<_> = retired.into_iter().chain(also_retired).collect();
                for id in &retired {
                    assert!(!is_in(&ring, id, now), "{what}: {id} counts");
                }
                let macs = case.macs(&ring).await;
                for (key, text, made) in [
                    (&former, &by_former, current.signs_from - 1),
                    (&current, &by_current, begin),
                ] {
                    let counts = |time| RefreshToken::parse(text, &macs, time).is_some();
                    let kept = !retired.contains(&key.id);
                    assert_eq!(counts(now), kept, "{what}");
                    assert_eq!(counts(made + SESSION - 1), kept, "{what}");
                }
                println!(
                    "{what}: {} MAC keys, {} signing keys, {} retired: in order",
                    ring.macs.times.len(),
                    ring.ring.keys.len(),
                    retired.len()
                );
            }
        }
    }
}

#[tokio::test]
async fn a_key_that_is_retired_before_its_turn_leaves_the_ring_and_another_waits() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await;
    let mut case = Case::new(&stack).await;
    for step in [RetireMac(Next), RetireSigner(Next)] {
        case.reset().await;
        let (ring, id) = case.take(step, case.now).await;
        let id = id.unwrap();
        assert!(ring.macs.times.iter().all(|key| key.id != id), "{step:?}");
        assert!(!ring.macs.sealed.contains_key(&id), "{step:?}");
        assert!(ring.ring.keys.iter().all(|key| key.kid() != Ok(&*id)));
        assert!(!ring.sealed.contains_key(&id), "{step:?}");
        assert!(pick(&ring.macs.times, Next, case.now).is_some());
        assert!(pick(&ring.ring.keys, Next, case.now).is_some());
    }
}

#[tokio::test]
async fn a_mac_key_verifies_for_nine_days_however_short_sessions_are() {
    let variables = [
        ("SIGNING_ALGORITHM", "EdDSA"),
        ("SESSION_LIFETIME", "3600"),
        ("KEY_ROTATION_DAYS", "1"),
    ];
    let stack = Stack::start_with(&variables).await;
    let rotation = stack.environment().rotation().unwrap();
    let now = api::now();
    let times = rotation.maintain(now).await.unwrap().macs.times;
    let (first, second) = (&times[0], &times[1]);
    assert!(second.signs_from >= first.signs_from + LEAST_MAC_LIFE);
    assert!(first.gone_at.unwrap() > second.signs_from + LEAST_MAC_LIFE);
    assert_eq!(LEAST_MAC_LIFE, 9 * 24 * 60 * 60);
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_not_told_as_a_conflict() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await;
    let mut case = Case::new(&stack).await;
    // One attempt of the SDK, and all that it makes.
    for lost in [1, 3] {
        for step in [Rotate, RetireMac(Current), RetireSigner(Current)] {
            case.reset().await;
            stack.wire.fail("UpdateItem", &Fault::LostAnswer, lost);
            let (ring, _) = case.take(step, case.now).await;
            stack.wire.mend();
            let stored = case.table.sealed().await.unwrap().unwrap();
            assert_eq!(ring, stored, "{step:?}");
            assert_eq!(ring.ring.version, case.ring.ring.version + 1, "{step:?}");
        }
    }
}

#[tokio::test]
async fn a_write_that_did_not_happen_is_told_as_what_it_is() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await;
    let mut case = Case::new(&stack).await;
    let fault = Fault::Refused(400, "AccessDeniedException");
    stack.wire.fail("UpdateItem", &fault, 1);
    let refused = case.rotation.rotate(case.now).await;
    assert!(
        matches!(&refused, Err(RotationError::Table(Error::Unavailable { reason, .. })) if reason == "AccessDeniedException"),
        "{refused:?}"
    );
    let version = case.ring.ring.version;
    case.ring.ring.version += 7;
    let stale = case.table.replace(&case.ring, Some(version - 1)).await;
    assert_eq!(stale, Err(Error::Conflict));
}

#[tokio::test]
async fn a_mac_key_that_was_retired_before_its_turn_tags_nothing() {
    let stack = Stack::start_with(&[("SIGNING_ALGORITHM", "EdDSA")]).await;
    let environment = stack.environment();
    let now = api::now();
    let mut ring = environment.rotation().unwrap().maintain(now).await.unwrap();
    let version = ring.ring.version;
    ring.ring.version += 1;
    ring.macs.times[0].signs_from = now - 200;
    ring.macs.times[1].signs_from = now - 100;
    ring.macs.times[1].gone_at = Some(now - 150);
    let keys = environment.keys().unwrap();
    keys.replace(&ring, Some(version)).await.unwrap();
    let ada = stack.api().sign_up("ada").await;
    assert_eq!(ada.refreshed().await.get("/protected").await.status, 200);
}
