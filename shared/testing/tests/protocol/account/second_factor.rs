//! Whether a password asks for a second factor, by the choice of the owner.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use testing::{Answer, PASSWORD, Session, Stack};

async fn choose(session: &Session, rule: &str) -> Answer {
    let body = json!({ "second_factor": rule });
    session.patch("/me", &body).await
}

/// The factors of the account and of each of its names, as the tables have them.
async fn stored(stack: &Stack) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for table in ["UsersTable", "LoginsTable"] {
        for item in stack.items(table).await {
            let factors = item.get("factors").map(AttributeValue::as_l);
            let factors = factors.into_iter().flat_map(|list| list.unwrap().clone());
            all.push(factors.map(|one| one.as_s().unwrap().clone()).collect());
        }
    }
    all
}

#[tokio::test]
async fn a_passkey_is_asked_for_after_the_password_as_its_owner_chooses() {
    let stack = Stack::unthrottled_with_mail().await;
    let api = stack.api();
    let ada = api.sign_up_with_address("ada").await;
    stack.prove_address("ada").await;
    assert_eq!(ada.user()["second_factor"], json!("optional"));
    let without = choose(&ada, "required").await;
    assert_eq!(without.status, 409, "{}", without.json());
    stack.add_passkey_row(&ada, "AAAA").await;
    assert_eq!(stored(&stack).await, vec![Vec::<String>::new(); 3]);
    let other = api.sign_in("ada").await;

    let required = choose(&ada, "required").await;
    assert_eq!(required.status, 200, "{}", required.json());
    assert_eq!(required.json()["second_factor"], json!("required"));
    assert_eq!(ada.get("/me").await.json(), required.json());
    assert_eq!(stored(&stack).await, vec![vec!["passkey"]; 3]);
    assert_eq!(other.get("/me").await.status, 401, "every other one ends");
    assert!(!told(&stack).await, "nothing was taken away");
    // Once more it is nothing.
    assert_eq!(choose(&ada, "required").await.status, 200);
    assert_eq!(ada.refreshed().await.get("/me").await.status, 200);

    let optional = choose(&ada, "optional").await;
    assert_eq!(optional.json()["second_factor"], json!("optional"));
    assert_eq!(stored(&stack).await, vec![Vec::<String>::new(); 3]);
    assert!(told(&stack).await);
    let user = stack.user("ada").await;
    assert!(user.ways_in.reach_aal2(), "the passkey stays");
    assert_eq!(ada.get("/me").await.status, 200);
    api.sign_in("ada").await;
}

/// Whether the owner was told that a second factor is no longer asked for.
async fn told(stack: &Stack) -> bool {
    let letters = stack.letters("ada@example.com").await;
    letters.iter().any(|one| {
        let subject = &one.letter.subject;
        subject.starts_with("A second factor at ") && subject.ends_with(" is no longer asked for")
    })
}

#[tokio::test]
async fn codes_of_an_app_are_asked_for_as_long_as_there_are_any() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    stack.give_totp(&ada).await;
    let required = choose(&ada, "required").await;
    assert_eq!(required.json()["second_factor"], json!("required"));
    assert_eq!(choose(&ada, "optional").await.status, 409);
    assert_eq!(stored(&stack).await, vec![vec!["totp"]; 2]);
    stack.add_passkey_row(&ada, "AAAA").await;
    assert_eq!(choose(&ada, "optional").await.status, 409);
    assert_eq!(stored(&stack).await, vec![vec!["passkey", "totp"]; 2]);
}

#[tokio::test]
async fn a_wrong_choice_is_refused_by_its_field_and_changes_nothing() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let before = stack.add_passkey_row(&ada, "AAAA").await;
    let required = "required";
    for body in [
        json!({ "second_factor": null }),
        json!({ "second_factor": "" }),
        json!({ "second_factor": "Required" }),
        json!({ "second_factor": true }),
        json!({ "second_factor": [required] }),
        json!({ "second_factor": required, "username": "eve" }),
        json!({ "second_factor": required, "email": "ada@example.com" }),
    ] {
        let answer = ada.patch("/me", &body).await;
        assert_eq!(answer.status, 400, "{body}");
        let errors = answer.json()["errors"].clone();
        assert_eq!(errors[0]["field"], json!("second_factor"), "{body}");
    }
    let unknown = json!({ "second_factor": required, "factors": [] });
    let unknown = ada.patch("/me", &unknown).await;
    assert_eq!(unknown.json()["errors"][0]["field"], json!("factors"));
    assert_eq!(stack.user("ada").await, before);
}

#[tokio::test]
async fn the_choice_takes_a_session_that_is_fresh_by_what_the_account_asks_for() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    stack.add_passkey_row(&ada, "AAAA").await;
    let by_password = api.sign_in("ada").await;
    assert_eq!(choose(&by_password, "required").await.status, 200);
    let refused = choose(&by_password, "optional").await;
    let challenge = refused.header("www-authenticate").unwrap();
    assert_eq!(refused.status, 401);
    assert!(challenge.contains(r#"acr_values="aal2""#), "{challenge}");
    let names = json!({ "username": "countess" });
    assert_eq!(by_password.patch("/me", &names).await.status, 401);
    let password = by_password.change_password(PASSWORD, testing::OTHER_PASSWORD);
    assert_eq!(password.await.status, 401, "the thief has the password");
    assert_eq!(by_password.delete("/me").await.status, 401);
    assert_eq!(stored(&stack).await, vec![vec!["passkey"]; 2]);
}

#[tokio::test]
async fn choices_are_limited_in_a_session() {
    let stack = Stack::start_with(&[("LOGIN_BURST", "3")]).await;
    let ada = stack.api().sign_up("ada").await;
    stack.add_passkey_row(&ada, "AAAA").await;
    for (rule, status) in [
        ("required", 200),
        ("optional", 200),
        ("required", 200),
        ("optional", 429),
        ("required", 200),
    ] {
        assert_eq!(choose(&ada, rule).await.status, status, "{rule}");
    }
    let ways = stack.items("UsersTable").await.remove(0)["ways"].clone();
    let ways = serde_dynamo::AttributeValue::from(ways);
    let ways: Value = serde_dynamo::from_attribute_value(ways).unwrap();
    assert_eq!(ways, json!(["passkey", "password"]));
}
