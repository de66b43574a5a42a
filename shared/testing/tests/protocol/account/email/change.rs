//! Another address.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};
use testing::{PASSWORD, Session, Stack, number};

use super::{
    ADA, NEW, ask, asked, confirm, letter_of, notices, problem, signed_up, started, verified,
};

/// The status of a login with a name.
async fn login(stack: &Stack, email: &str) -> u16 {
    let names = json!({ "email": email, "password": PASSWORD });
    stack.api().post("/login", &names).await.status
}

/// The account has the new address alone, proved, and one session of all.
async fn assert_moved(stack: &Stack, ada: &Session, other: &Session, answer: &Value) {
    assert_eq!(
        (&answer["email"], &answer["email_verified"]),
        (&json!(NEW), &json!(true))
    );
    assert_eq!(
        &ada.get("/me").await.json(),
        answer,
        "its own session goes on"
    );
    assert_eq!(ada.refresh().await.status, 200);
    assert_eq!(other.get("/me").await.status, 401);
    assert_eq!(
        (login(stack, ADA).await, login(stack, NEW).await),
        (401, 200)
    );
    assert_eq!(stack.api().login("ada", PASSWORD).await.status, 200);
    let again = signed_up(&stack.api(), "heiress", ADA).await;
    assert_eq!(again.user()["email"], ADA, "the old name is free");
}

#[tokio::test]
async fn an_account_without_a_proved_address_gets_another_with_its_proof() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let other = stack.api().sign_in("ada").await;
    let asked = ask(&ada, NEW).await.json();
    assert_eq!(asked.get("effective_at"), None);
    let letter = stack.letter(NEW, "email").await;
    let changed = confirm(&ada, letter.ticket(), None).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    assert_moved(&stack, &ada, &other, &changed.json()).await;
    let told = notices(&stack, ADA).await;
    assert!(
        told.is_empty(),
        "the old address may be anybody's: {told:?}"
    );
}

#[tokio::test]
async fn an_account_gets_its_first_address_with_its_proof() {
    let stack = started(&[]).await;
    let ada = stack.api().sign_up("ada").await;
    asked(&ada, NEW).await;
    assert_eq!(login(&stack, NEW).await, 401, "nobody's yet");
    let letter = stack.letter(NEW, "email").await;
    let changed = confirm(&ada, letter.ticket(), None).await.json();
    assert_eq!(
        (&changed["email"], &changed["email_verified"]),
        (&json!(NEW), &json!(true))
    );
    assert_eq!(login(&stack, NEW).await, 200);
}

#[tokio::test]
async fn another_address_waits_until_the_present_one_agrees() {
    for by_code in [true, false] {
        let stack = started(&[]).await;
        let ada = verified(&stack, "ada", ADA).await;
        let other = stack.api().sign_in("ada").await;
        let asked = ask(&ada, NEW).await.json();
        let effective_at = asked["effective_at"].as_u64().unwrap();
        let wait = effective_at.abs_diff(api::now());
        assert!(wait.abs_diff(72 * 3_600) < 60, "{wait}");
        assert_eq!(asked["expires_in"], 96 * 3_600);
        let handle = asked["ticket"].as_str().unwrap();

        let letter = stack.letter(NEW, "email").await;
        let early = confirm(&ada, handle, letter.code.as_deref()).await;
        assert_eq!(problem(&early), (409, json!("email_change_pending")));
        assert_eq!(early.json()["effective_at"], effective_at);
        let ticket = early.json()["ticket"].as_str().unwrap().to_owned();
        assert_eq!(ticket, letter.ticket(), "a right code is worth the link");
        assert_eq!(ada.get("/me").await.json()["email"], ADA);
        assert_eq!(
            (login(&stack, ADA).await, login(&stack, NEW).await),
            (200, 401)
        );

        let consent = stack.letter(ADA, "notice").await;
        assert!(
            !consent.letter.text.contains(NEW),
            "the new address is not told"
        );
        let agreed = if by_code {
            confirm(&ada, handle, consent.code.as_deref()).await
        } else {
            confirm(&ada, consent.ticket(), None).await
        };
        assert_eq!(agreed.status, 204, "{}", agreed.json());
        assert_eq!(
            ada.get("/me").await.json()["email"],
            ADA,
            "a consent is no proof"
        );
        assert_eq!(
            confirm(&ada, consent.ticket(), None).await.status,
            204,
            "twice is once"
        );

        let changed = confirm(&ada, &ticket, None).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        let mut told = notices(&stack, ADA).await;
        told.sort();
        let topics: Vec<_> = told
            .iter()
            .map(|it| it.split(" for ").next().unwrap())
            .collect();
        assert_eq!(topics, ["Another address", "Your address"]);
        assert_moved(&stack, &ada, &other, &changed.json()).await;
        let late = confirm(&ada, consent.ticket(), None).await;
        assert_eq!(problem(&late), (410, json!("ticket_used")));
    }
}

/// Sets the time from which the change needs no consent.
async fn wait_until(stack: &Stack, time: u64) {
    let items = stack.items("MailsTable").await;
    let pending = items.iter().find(|item| {
        let data = item["data"].as_m().unwrap();
        data.contains_key("effective_at")
    });
    let client = stack.engine.client();
    let update = client.update_item().table_name("MailsTable");
    let update = update.key("id", pending.expect("a change is pending")["id"].clone());
    let update = update.update_expression("SET #data.effective_at = :time");
    let update = update.expression_attribute_names("#data", "data");
    let update = update.expression_attribute_values(":time", number(time));
    update.send().await.unwrap();
}

#[tokio::test]
async fn another_address_waits_no_longer_than_the_delay() {
    let stack = started(&[]).await;
    let ada = verified(&stack, "ada", ADA).await;
    let other = stack.api().sign_in("ada").await;
    asked(&ada, NEW).await;
    let letter = stack.letter(NEW, "email").await;
    wait_until(&stack, api::now() + 60).await;
    let early = confirm(&ada, letter.ticket(), None).await;
    assert_eq!(problem(&early), (409, json!("email_change_pending")));
    wait_until(&stack, api::now()).await;
    let changed = confirm(&ada, letter.ticket(), None).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    assert_moved(&stack, &ada, &other, &changed.json()).await;
}

#[tokio::test]
async fn where_there_is_no_delay_the_proof_is_enough() {
    let stack = started(&[("EMAIL_CHANGE_DELAY", "0")]).await;
    let ada = verified(&stack, "ada", ADA).await;
    asked(&ada, NEW).await;
    let letter = stack.letter(NEW, "email").await;
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 200);
}

#[tokio::test]
async fn an_address_that_was_proved_after_the_ask_has_a_say() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    asked(&ada, NEW).await;
    let handle = asked(&ada, ADA).await;
    let present = letter_of(&stack, ADA, &handle).await;
    assert_eq!(confirm(&ada, present.ticket(), None).await.status, 200);
    let letter = stack.letter(NEW, "email").await;
    let refused = confirm(&ada, letter.ticket(), None).await;
    assert_eq!(problem(&refused), (410, json!("ticket_superseded")));
    assert_eq!(ada.get("/me").await.json()["email"], ADA);
}

#[tokio::test]
async fn a_taken_address_gets_the_same_answer_and_nothing_is_mailed_to_it() {
    let mut answers = Vec::new();
    for email in [NEW, "eve@example.com"] {
        let stack = started(&[]).await;
        let ada = verified(&stack, "ada", ADA).await;
        signed_up(&stack.api(), "eve", "eve@example.com").await;
        let letters = stack.letters(email).await.len();
        stack.wire.take();
        let answer = ask(&ada, email).await;
        let calls = stack.wire.take().into_iter();
        let mut calls: Vec<_> = calls.map(|call| call.operation).collect();
        calls.sort();
        let mut json = answer.json();
        let handle = json["ticket"].take();
        let handle = handle.as_str().unwrap();
        let effective_at = json["effective_at"].take().as_u64().unwrap();
        assert!(effective_at.abs_diff(api::now() + 72 * 3_600) < 60);
        answers.push((answer.status, json, handle.len(), calls));

        let mailed = stack.letters(email).await.len() - letters;
        assert_eq!(mailed, usize::from(email == NEW));
        let consent = stack.letter(ADA, "notice").await;
        let agreed = confirm(&ada, handle, consent.code.as_deref()).await;
        assert_eq!(agreed.status, 204, "which tells nobody who has the address");
        let wrong = confirm(&ada, handle, Some("00000000")).await;
        assert_eq!(problem(&wrong), (400, json!("invalid_code")));
    }
    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn an_address_that_was_taken_meanwhile_leaves_the_ticket_good() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    let handle = asked(&ada, NEW).await;
    let letter = stack.letter(NEW, "email").await;
    let eve = signed_up(&stack.api(), "eve", NEW).await;
    let taken = confirm(&ada, &handle, letter.code.as_deref()).await;
    assert_eq!(problem(&taken), (409, json!("email_taken")));
    assert_eq!(taken.json()["ticket"], letter.ticket());
    assert_eq!(login(&stack, ADA).await, 200, "nothing has changed");
    assert_eq!(eve.delete("/me").await.status, 204);
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 200);
}

#[tokio::test]
async fn a_new_name_keeps_what_a_later_version_has_added_to_the_login() {
    let stack = started(&[]).await;
    let ada = signed_up(&stack.api(), "ada", ADA).await;
    for item in stack.items("LoginsTable").await {
        let update = stack
            .engine
            .client()
            .update_item()
            .table_name("LoginsTable");
        let update = update.key("name", item["name"].clone());
        let update = update.update_expression("SET later = :later");
        let later = AttributeValue::S("kept".to_owned());
        update
            .expression_attribute_values(":later", later)
            .send()
            .await
            .unwrap();
    }
    asked(&ada, NEW).await;
    let letter = stack.letter(NEW, "email").await;
    assert_eq!(confirm(&ada, letter.ticket(), None).await.status, 200);
    let logins = stack.items("LoginsTable").await;
    let epochs: Vec<_> = logins
        .iter()
        .map(|login| login["epoch"].as_n().unwrap().as_str())
        .collect();
    assert_eq!(epochs, ["1", "1"]);
    assert!(
        logins
            .iter()
            .all(|login| login["later"].as_s().unwrap() == "kept")
    );
}
