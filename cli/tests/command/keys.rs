//! The keys of a ring by the command itself, against a DynamoDB engine.

use serde_json::{Value, json};

use crate::local::Local;

pub(crate) fn keys(list: &Value, kind: &str) -> Vec<(String, String)> {
    let text = |key: &Value, name: &str| key[name].as_str().unwrap().to_owned();
    let keys = list["keys"].as_array().unwrap().iter();
    keys.filter(|key| key["type"] == kind)
        .map(|key| (text(key, "id"), text(key, "state")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_listed_followed_and_retired() {
    let local = Local::start().await;
    let listed = local.run(&["keys", "list", "--json"]).await.json();
    let first = local.stack.key.kid().to_owned();
    assert_eq!(
        keys(&listed, "signing"),
        [(first.clone(), "current".to_owned())]
    );
    assert_eq!(listed["keys"][0]["algorithm"], json!("RS256"));
    assert_eq!(listed["keys"][0]["gone_at"], json!(null));

    let rotated = local.run(&["keys", "rotate", "--json"]).await.json();
    let signing = keys(&rotated, "signing");
    assert_eq!(signing[0], (first.clone(), "current".to_owned()));
    assert_eq!((signing.len(), &*signing[1].1), (2, "next"));
    let successor = signing[1].0.clone();

    let shown = local.run(&["keys", "list"]).await.out;
    assert!(
        shown.starts_with("ID ") && shown.contains(" EdDSA "),
        "{shown}"
    );
    let asked = local.run(&["keys", "retire", "--", &first]).await;
    assert!(asked.err.contains("use --yes"), "{}", asked.err);
    let retired = local
        .run(&["keys", "retire", "--yes", "--json", "--", &first])
        .await;
    let signing = keys(&retired.json(), "signing");
    assert_eq!(signing[0], (successor, "current".to_owned()));
    assert!(signing.iter().all(|(id, _)| *id != first));

    let again = local.run(&["keys", "retire", "--yes", "--", &first]).await;
    assert_eq!(again.code, 1);
    assert!(again.err.contains("is retired already"), "{}", again.err);
    assert_eq!(local.run(&["keys", "retire"]).await.code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn mac_keys_that_are_retired_leave_a_new_one() {
    let local = Local::start().await;
    let rotated = local.run(&["keys", "rotate", "--json"]).await.json();
    let old: Vec<_> = keys(&rotated, "mac").into_iter().map(|key| key.0).collect();
    assert_eq!(old.len(), 2);
    let mut arguments = vec!["keys", "retire", "--yes", "--json", "--"];
    arguments.extend(old.iter().map(String::as_str));
    let left = keys(&local.run(&arguments).await.json(), "mac");
    assert!(left.iter().all(|(id, _)| !old.contains(id)), "{left:?}");
    assert_eq!(left[0].1, "current");
}
