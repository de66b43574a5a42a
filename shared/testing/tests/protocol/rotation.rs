//! Keys follow each other by the clock, and nobody who holds a token notices.

use std::collections::HashSet;

use api::{PublicKeys, SigningKeys};
use claims::{Claims, Expected, KeySet, LEEWAY, Rejected, TokenType};
use keyring::{LONGEST_TOKEN, RING_AGE, RotationError};
use testing::Stack;

const LIFETIME: u64 = 900;
/// The time for which API Gateway may use a published key set, in seconds.
const GATEWAY_AGE: u64 = 7_200;

const EXPECTED: Expected<'_> = Expected {
    issuer: "https://auth.example.com",
    audience: "latchkey",
};

fn claims(now: u64) -> Claims {
    Claims {
        iss: EXPECTED.issuer.to_owned(),
        sub: "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11".to_owned(),
        aud: EXPECTED.audience.to_owned(),
        client_id: "latchkey".to_owned(),
        exp: now + LIFETIME,
        iat: now,
        nbf: now,
        jti: now.to_string(),
        sid: "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12".to_owned(),
        auth_time: now,
        acr: Some("aal1".to_owned()),
        amr: vec!["pwd".to_owned()],
        preferred_username: None,
        email_verified: None,
        roles: Vec::new(),
        scope: String::new(),
        token_type: TokenType::Access,
        fresh: true,
    }
}

/// An environment of Lambda: what it knows of the ring is up to a minute old.
struct Warm {
    signing: SigningKeys,
    public: PublicKeys,
}

impl Warm {
    fn new(stack: &Stack) -> Self {
        let environment = &stack.environment();
        Self {
            signing: SigningKeys::new(environment).unwrap(),
            public: PublicKeys::new(environment).unwrap(),
        }
    }

    async fn sign(&self, now: u64) -> (String, String) {
        let signer = self.signing.at(now).await.unwrap().signer;
        (signer.sign(&claims(now)).unwrap(), signer.kid().to_owned())
    }

    async fn verify(&self, token: &str, now: u64) -> Result<Claims, Rejected> {
        let keys = self.public.at(now).await.unwrap();
        keys.verify(token, &EXPECTED, now)
    }
}

/// A gateway that looks at the key set as seldom as it may.
struct Gateway {
    keys: KeySet,
    read_at: u64,
}

impl Gateway {
    async fn verify(&mut self, warm: &Warm, token: &str, now: u64) -> Result<Claims, Rejected> {
        if now >= self.read_at + GATEWAY_AGE {
            self.keys = KeySet::new(warm.public.at(now).await.unwrap().jwks().keys).unwrap();
            self.read_at = now;
        }
        self.keys.verify(token, &EXPECTED, now)
    }
}

/// Quick keys, and quickly one after the other.
async fn stack(algorithm: &str) -> Stack {
    Stack::start_with(&[("SIGNING_ALGORITHM", algorithm), ("KEY_ROTATION_DAYS", "1")]).await
}

#[tokio::test]
async fn of_10000_tokens_minted_and_verified_through_rotations_none_fails() {
    let stack = stack("EdDSA").await;
    let environment = stack.environment();
    let rotation = environment.rotation().unwrap();
    let switched = stack.environment_with("SIGNING_ALGORITHM", Some("ES256"));
    let switched = switched.rotation().unwrap();
    let environments = [(); 3].map(|()| Warm::new(&stack));
    let start = api::now();
    let mut gateway = Gateway {
        keys: KeySet::new(environments[0].public.at(start).await.unwrap().jwks().keys).unwrap(),
        read_at: start,
    };
    let (mut failures, mut signers, mut verified) = (0, HashSet::new(), 0);
    let mut alive: Vec<(String, u64)> = Vec::new();
    for step in 0..10_000u64 {
        // Four days and some hours, in bursts of 45 seconds: in the course of one, what an
        // environment knows of the ring grows old. In the middle of a burst the ring may change,
        // and half-way in time the algorithm.
        let now = start + step / 4 * 148 + step % 4 * 15;
        if step % 800 == 2 {
            let rotation = if step < 4_000 { &rotation } else { &switched };
            rotation.maintain(now).await.unwrap();
        }
        let one = &environments[(step / 4 % 3) as usize];
        let other = &environments[((step + 2) / 4 % 3) as usize];
        let (token, kid) = one.sign(now).await;
        signers.insert(kid);
        alive.push((token.clone(), now + LIFETIME));
        alive.retain(|(_, exp)| now < *exp);
        for token in [&token, &alive[0].0] {
            failures += u32::from(other.verify(token, now).await.is_err());
            failures += u32::from(gateway.verify(other, token, now).await.is_err());
            verified += 2;
        }
    }
    println!(
        "10000 tokens by {} keys, verified {verified} times: {failures} failures",
        signers.len()
    );
    assert_eq!(failures, 0);
    assert!(signers.len() >= 4, "{}", signers.len());
}

#[tokio::test]
async fn a_token_of_the_old_key_dies_on_time() {
    let stack = stack("ES256").await;
    let environment = stack.environment();
    let rotation = environment.rotation().unwrap();
    let now = api::now();
    let ring = rotation.maintain(now).await.unwrap().ring;
    let turn = ring.successor(now).unwrap().signs_from;
    let warm = Warm::new(&stack);
    let (old, old_kid) = warm.sign(turn - 1).await;
    let (_, new_kid) = warm.sign(turn).await;
    assert_ne!(old_kid, new_kid);
    let end = turn + LIFETIME - 1 + LEEWAY;
    assert!(warm.verify(&old, end - 1).await.is_ok());
    assert_eq!(warm.verify(&old, end).await, Err(Rejected::Expired));
    let gone = turn + LONGEST_TOKEN + LEEWAY + RING_AGE;
    assert_eq!(warm.verify(&old, gone).await, Err(Rejected::UnknownKey));
}

#[tokio::test]
async fn a_retired_key_is_dead_at_once_and_its_successor_signs() {
    let stack = stack("EdDSA").await;
    let environment = stack.environment();
    let rotation = environment.rotation().unwrap();
    let now = api::now();
    let successor = rotation.maintain(now).await.unwrap().ring;
    let successor = successor.successor(now).unwrap().kid().unwrap().to_owned();
    let (token, kid) = Warm::new(&stack).sign(now).await;
    let warm = Warm::new(&stack);
    assert!(warm.verify(&token, now).await.is_ok());

    rotation.retire(&kid, now).await.unwrap();
    let cold = Warm::new(&stack);
    assert_eq!(cold.verify(&token, now).await, Err(Rejected::UnknownKey));
    assert_eq!(
        warm.verify(&token, now + RING_AGE).await,
        Err(Rejected::UnknownKey)
    );
    let (token, kid) = cold.sign(now).await;
    assert_eq!(kid, successor);
    assert!(warm.verify(&token, now + RING_AGE).await.is_ok());
    let again = rotation.retire("nobody", now).await;
    assert!(matches!(again, Err(RotationError::Unknown)));
}

#[tokio::test]
async fn a_rotation_by_hand_waits_for_those_who_cache_the_key_set() {
    let stack = stack("EdDSA").await;
    let environment = stack.environment();
    let rotation = environment.rotation().unwrap();
    let now = api::now();
    let ring = rotation.rotate(now).await.unwrap().ring;
    assert!(ring.successor(now).unwrap().signs_from >= now + GATEWAY_AGE);
    // Published for hours, it may have its turn as soon as every environment has read the ring.
    let later = now + 8_999;
    let ring = rotation.rotate(later).await.unwrap().ring;
    let successor = ring.successor(later).unwrap();
    assert_eq!(successor.signs_from, later + 1);
}

#[tokio::test]
async fn rotations_that_race_leave_one_successor() {
    let stack = stack("EdDSA").await;
    let now = api::now();
    let races = (0..8).map(|_| {
        let rotation = stack.environment().rotation().unwrap();
        tokio::spawn(async move { rotation.maintain(now).await })
    });
    for race in races.collect::<Vec<_>>() {
        let outcome = race.await.unwrap();
        assert_eq!(outcome.unwrap().ring.keys.len(), 2);
    }
    let stored = stack.environment().keys().unwrap();
    let stored = stored.sealed().await.unwrap().unwrap();
    assert_eq!((stored.ring.version, stored.sealed.len()), (2, 2));
}

#[tokio::test]
async fn a_ring_that_is_in_order_is_not_written() {
    let stack = stack("EdDSA").await;
    let rotation = stack.environment().rotation().unwrap();
    let now = api::now();
    rotation.maintain(now).await.unwrap();
    stack.wire.take();
    rotation.maintain(now + 60).await.unwrap();
    let calls: Vec<_> = stack
        .wire
        .take()
        .into_iter()
        .map(|sent| sent.operation)
        .collect();
    assert_eq!(calls, ["GetItem"]);
}

#[tokio::test]
async fn a_private_half_that_is_not_that_of_its_name_signs_nothing() {
    let stack = stack("EdDSA").await;
    let environment = stack.environment();
    let now = api::now();
    let mut ring = environment.rotation().unwrap().maintain(now).await.unwrap();
    let version = ring.ring.version;
    let mut sealed = ring.sealed.values().cloned().collect::<Vec<_>>();
    sealed.rotate_left(1);
    for (slot, sealed) in ring.sealed.values_mut().zip(sealed) {
        *slot = sealed;
    }
    ring.ring.version += 1;
    environment
        .keys()
        .unwrap()
        .replace(&ring, Some(version))
        .await
        .unwrap();
    assert!(Warm::new(&stack).signing.at(now).await.is_err());
}
