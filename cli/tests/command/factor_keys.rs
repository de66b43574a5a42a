//! Factor keys by the command itself: none is lost while a secret needs it.

use std::collections::BTreeMap;

use accounts::{FactorKey, FactorKeys, SealedTotp, TotpSecret, UserId};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use keyring::Purpose;
use tables::SealedRing;

use crate::keys::keys;
use crate::local::Local;

const ADA: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a11";
const EVE: &str = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";

async fn ring(local: &Local) -> SealedRing {
    let keys = local.stack.environment().keys().unwrap();
    keys.sealed().await.unwrap().unwrap()
}

/// Has everything of the ring have happened so many seconds earlier.
async fn age(local: &Local, seconds: u64) {
    let mut ring = ring(local).await;
    let version = ring.ring.version;
    ring.ring.version += 1;
    for key in &mut ring.factors.times {
        key.seals_from -= seconds;
    }
    let table = local.stack.environment().keys().unwrap();
    table.replace(&ring, Some(version)).await.unwrap();
}

async fn unsealed(local: &Local) -> FactorKeys {
    let ring = ring(local).await;
    let sealer = local.stack.environment().sealer().unwrap();
    let mut keys = Vec::new();
    for times in &ring.factors.times {
        let sealed = &ring.factors.sealed[&times.id];
        let key = sealer.unseal(Purpose::Factor, &times.id, sealed).await;
        keys.push(FactorKey::new(times.clone(), &key.unwrap()).unwrap());
    }
    keys.into_iter().collect()
}

fn secret(byte: u8) -> TotpSecret {
    TotpSecret::from_bytes(&[byte; TotpSecret::LEN]).unwrap()
}

/// Writes the item of an authenticator app, with these secrets.
async fn enrol(local: &Local, owner: &str, secrets: &[(&str, &[u8])]) {
    let put = local.stack.engine.client().put_item();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let mut put = put
        .table_name("FactorsTable")
        .item("user_id", text(owner))
        .item("id", text("totp"))
        .item("status", text("active"));
    for (name, sealed) in secrets {
        put = put.item(*name, AttributeValue::B(Blob::new(*sealed)));
    }
    put.send().await.unwrap();
}

/// The sealed secrets of the table, by their account and attribute.
async fn secrets(local: &Local) -> BTreeMap<(String, String), Vec<u8>> {
    let mut secrets = BTreeMap::new();
    for item in local.stack.items("FactorsTable").await {
        let owner = item["user_id"].as_s().unwrap().clone();
        for (name, value) in item {
            if let AttributeValue::B(sealed) = value {
                secrets.insert((owner.clone(), name), sealed.into_inner());
            }
        }
    }
    secrets
}

fn states(list: &serde_json::Value) -> Vec<String> {
    let keys = keys(list, "factor").into_iter();
    keys.map(|(_, state)| state).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_factor_key_goes_when_what_it_sealed_is_sealed_anew() {
    let local = Local::start().await;
    let listed = local.run(&["keys", "rotate", "--json"]).await.json();
    assert_eq!(states(&listed), ["current", "next"]);
    let factors = keys(&listed, "factor");
    let (old, next) = (factors[0].0.clone(), factors[1].0.clone());
    let (ada, eve) = (UserId::parse(ADA).unwrap(), UserId::parse(EVE).unwrap());
    let by_old = unsealed(&local).await;
    let seal = |owner, byte| by_old.seal(owner, &secret(byte), api::now()).unwrap();
    let (one, two, three) = (seal(ada, 1), seal(ada, 2), seal(eve, 3));
    assert_eq!(one.key_id(), old);
    let sealed = [one, two, three].map(|sealed| sealed.to_bytes());
    let [one, two, three] = &sealed;
    enrol(&local, ADA, &[("secret", one), ("pending_secret", two)]).await;
    enrol(&local, EVE, &[("secret", three)]).await;

    // Functions may know the ring of a minute ago, and seal with the key for as long.
    let retire = ["keys", "retire", "--yes", "--json", "--", &old];
    local.run_until(&retire, "waiting").await;
    let listed = local.run(&["keys", "list", "--json"]).await.json();
    assert_eq!(states(&listed), ["opens", "current", "next"]);
    assert_eq!(keys(&listed, "factor")[1].0, next);
    let before = secrets(&local).await;
    assert!(before.values().all(|secret| sealed.contains(secret)));

    age(&local, 120).await;
    let retired = local.run(&retire).await;
    assert!(
        retired.err.contains("3 secrets were sealed anew"),
        "{}",
        retired.err
    );
    let listed = retired.json();
    assert_eq!(states(&listed), ["current", "next"]);
    assert_eq!(keys(&listed, "factor")[0].0, next);
    assert!(!ring(&local).await.factors.sealed.contains_key(&old));
    let keys = unsealed(&local).await;
    let after = secrets(&local).await;
    for (owner, name, byte) in [
        (ada, "secret", 1),
        (ada, "pending_secret", 2),
        (eve, "secret", 3),
    ] {
        let sealed = &after[&(owner.to_string(), name.to_owned())];
        let sealed = SealedTotp::from_stored(sealed).unwrap();
        assert_eq!(sealed.key_id(), next, "{name}");
        let opened = keys.open(owner, &sealed).unwrap();
        assert_eq!(opened.as_bytes(), secret(byte).as_bytes(), "{name}");
    }
    assert_eq!(after.len(), 3);

    let again = local.run(&retire).await;
    assert!(again.err.contains("is retired already"), "{}", again.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_factor_key_stays_while_a_secret_does_not_open() {
    let local = Local::start().await;
    let listed = local.run(&["keys", "rotate", "--json"]).await.json();
    let old = keys(&listed, "factor")[0].0.clone();
    let eve = UserId::parse(EVE).unwrap();
    let by_old = unsealed(&local).await;
    let sealed = by_old.seal(eve, &secret(1), api::now()).unwrap().to_bytes();
    // That of one account in the item of another one.
    enrol(&local, ADA, &[("secret", &sealed)]).await;
    enrol(&local, EVE, &[("secret", &sealed)]).await;
    let retire = ["keys", "retire", "--yes", "--", &old];
    local.run_until(&retire, "waiting").await;
    age(&local, 120).await;
    for _ in 0..2 {
        let refused = local.run(&retire).await;
        assert_eq!(refused.code, 1);
        assert!(refused.err.contains(ADA), "{}", refused.err);
        assert!(!refused.err.contains(EVE), "{}", refused.err);
        assert!(ring(&local).await.factors.sealed.contains_key(&old));
    }
    let keys = unsealed(&local).await;
    let after = secrets(&local).await;
    let kept = SealedTotp::from_stored(&after[&(EVE.to_owned(), "secret".to_owned())]).unwrap();
    assert!(keys.open(eve, &kept).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_factor_key_that_was_never_active_goes_at_once_and_another_waits() {
    let local = Local::start().await;
    let listed = local.run(&["keys", "rotate", "--json"]).await.json();
    let next = keys(&listed, "factor")[1].0.clone();
    let retired = local
        .run(&["keys", "retire", "--yes", "--json", "--", &next])
        .await;
    let listed = retired.json();
    assert_eq!(states(&listed), ["current", "next"]);
    assert_ne!(keys(&listed, "factor")[1].0, next);
}
