//! Recovery codes that replace those before.

use std::collections::BTreeSet;

use accounts::RecoveryCode;
use serde_json::Value;
use testing::Stack;

use super::{held, listed, refusal};

#[tokio::test]
async fn new_codes_replace_those_before_and_the_table_has_their_hashes_alone() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let (_, before) = ada.enrol().await;
    let other_ways = stack.user("ada").await.ways_in;
    let replaced = ada.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(replaced.status, 201, "{}", replaced.json());
    let codes = replaced.json()["recovery_codes"].clone();
    let codes: Vec<String> = serde_json::from_value(codes).unwrap();
    assert!(codes.iter().all(|code| !before.contains(code)));

    let user = stack.user("ada").await;
    let hash = |text: &String| RecoveryCode::parse(text).unwrap().hash(user.id);
    let stored = held(&stack, "ada").await.recovery.unwrap();
    assert_eq!(
        stored.hashes,
        codes.iter().map(hash).collect::<BTreeSet<_>>()
    );
    assert_eq!(stored.hashes.len(), 10);
    assert_eq!(user.ways_in, other_ways);
    assert_eq!(listed(&ada).await["recovery_codes_left"], 10);
    let item = format!("{:?}", stack.items("FactorsTable").await);
    assert!(codes.iter().all(|code| !item.contains(code)));
}

#[tokio::test]
async fn codes_that_stand_in_for_nothing_are_not_made() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let refused = ada.post("/me/recovery-codes", &Value::Null).await;
    assert_eq!(refusal(&refused), (409, Value::Null));
    assert_eq!(held(&stack, "ada").await.recovery, None);
}
