//! `POST /forgot-password`: what is told to whoever asks, and what is mailed.

use accounts::Status;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::{Value, json};
use tables::By;
use testing::{Stack, number};

use crate::{ADA, World, text};

const NOBODY: &str = "nobody@example.com";
const DISABLED: &str = "eve@example.com";

/// An answer without its handle, and the calls that it took.
async fn asked(world: &World, email: &str) -> (u16, Value, Vec<(usize, String)>) {
    world.stack.wire.take();
    let answer = world
        .api
        .post("/forgot-password", &json!({ "email": email }))
        .await;
    let mut body = answer.json();
    let handle = body["ticket"].take();
    let handle = handle.as_str().unwrap();
    assert!(handle.starts_with("latchkey_reset_"), "{handle}");
    assert_eq!(handle.len(), 90);
    let calls = world.stack.wire.take().into_iter();
    let mut calls: Vec<_> = calls.map(|call| (call.step, call.operation)).collect();
    calls.sort();
    (answer.status, body, calls)
}

async fn disable(stack: &Stack, username: &str) {
    let user = stack.user(username).await;
    let disabled = user.with_status(Status::Disabled);
    let accounts = stack.environment().accounts().unwrap();
    accounts
        .change(&user, &disabled, By::Operator, None)
        .await
        .unwrap();
}

#[tokio::test]
async fn an_address_that_nobody_has_gets_the_same_answer_after_the_same_calls() {
    let world = World::start().await;
    world.register("eve", DISABLED).await;
    disable(&world.stack, "eve").await;
    // So that the key ring is read.
    world.ask("warm@example.com").await;
    let known = asked(&world, ADA).await;
    assert_eq!((known.0, &known.1["expires_in"]), (202, &json!(1_800)));
    for email in [NOBODY, DISABLED] {
        assert_eq!(asked(&world, email).await, known, "{email}");
    }
    for email in [NOBODY, DISABLED] {
        assert!(world.resets(email).await.is_empty(), "{email}");
    }
    let letters = world.resets(ADA).await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].link.is_some() && letters[0].code.is_some());
}

/// The attributes of the row of an ask, those of its `data`, and its bytes on the wire.
async fn row_of(world: &World, email: &str, is_mailed: bool) -> (usize, usize, usize) {
    world.forget_tickets().await;
    world.ask(email).await;
    let mut rows = world.stack.items("MailsTable").await;
    let row = rows.remove(0);
    assert!(rows.is_empty());
    assert_eq!(row.contains_key("to"), is_mailed, "{email}");
    let json = serde_json::to_string(&serde_dynamo::Item::from(row.clone())).unwrap();
    assert_eq!(json.contains(email), is_mailed, "{email}");
    (row.len(), row["data"].as_m().unwrap().len(), json.len())
}

#[tokio::test]
async fn a_row_has_the_same_length_for_any_account_and_for_none() {
    let world = World::start().await;
    world.register("ida", "ida@example.com").await;
    world.register("eve", DISABLED).await;
    disable(&world.stack, "eve").await;
    let ida = world.stack.user("ida").await;
    let update = world.stack.engine.client().update_item();
    let update = update.table_name("UsersTable");
    let update = update.key("id", AttributeValue::S(ida.id.to_string()));
    let update = update.update_expression("SET epoch = :epoch, locale = :locale");
    let update = update.expression_attribute_values(":epoch", number(1_234_567));
    let locale = AttributeValue::S("de-AT".to_owned());
    let update = update.expression_attribute_values(":locale", locale);
    update.send().await.unwrap();
    // One that is mailed that it has no way back.
    world.register("mia", "mia@example.com").await;
    let mia = world.api.sign_in("mia").await;
    world.stack.give_totp(&mia).await;
    let known = row_of(&world, ADA, true).await;
    for (email, is_mailed) in [
        ("ida@example.com", true),
        ("mia@example.com", true),
        ("bob@example.com", false),
        (DISABLED, false),
    ] {
        assert_eq!(row_of(&world, email, is_mailed).await, known, "{email}");
    }
}

#[tokio::test]
async fn the_page_after_a_form_is_the_same_but_for_the_handle_and_what_was_typed() {
    let world = World::start().await;
    let mut pages = Vec::new();
    for email in [ADA, NOBODY] {
        let answer = world
            .form("/forgot-password", &format!("email={email}"))
            .await;
        assert_eq!(answer.status, 202);
        let page = text(&answer);
        let (_, after) = page.split_once("latchkey_reset_").unwrap();
        let handle = &after[..75];
        pages.push(page.replace(handle, "").replace(email, ""));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn an_address_is_mailed_however_it_is_spelt_and_whoever_else_has_another() {
    let world = World::start().await;
    world.register("ida", "ida@example.com").await;
    world.ask(" ADA@Example.com ").await;
    assert_eq!(world.resets(ADA).await.len(), 1);
    assert!(world.resets("ida@example.com").await.is_empty());
}

#[tokio::test]
async fn an_address_is_mailed_three_times_in_ten_minutes_whether_or_not_anybody_has_it() {
    let world = World::start().await;
    for email in [ADA, NOBODY] {
        for _ in 0..3 {
            world.ask(email).await;
        }
        let rows = world.stack.items("MailsTable").await.len();
        let fourth = world
            .api
            .post("/forgot-password", &json!({ "email": email }))
            .await;
        assert_eq!(fourth.status, 429, "{email}");
        let wait: u64 = fourth.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
        let page = world
            .form("/forgot-password", &format!("email={email}"))
            .await;
        assert_eq!(page.status, 429);
        assert!(page.header("retry-after").is_some());
        assert!(text(&page).contains(&format!("value=\"{email}\"")));
        assert_eq!(world.stack.items("MailsTable").await.len(), rows);
        let elsewhere = world.api.at_address("198.51.100.7");
        let body = json!({ "email": email });
        let elsewhere = elsewhere.post("/forgot-password", &body).await;
        assert_eq!(elsewhere.status, 202);
    }
}

#[tokio::test]
async fn asks_that_are_refused_on_one_network_leave_the_mails_of_all_others() {
    let world = World::start().await;
    let body = json!({ "email": ADA });
    let here = world.api.at_address("203.0.113.9");
    let mut statuses = Vec::new();
    for _ in 0..15 {
        statuses.push(here.post("/forgot-password", &body).await.status);
    }
    assert_eq!(statuses, [vec![202; 3], vec![429; 12]].concat());
    for network in 0..8 {
        let there = world.api.at_address(&format!("198.51.100.{network}"));
        let status = there.post("/forgot-password", &body).await.status;
        assert_eq!(status, if network < 7 { 202 } else { 429 }, "{network}");
    }
    assert_eq!(world.resets(ADA).await.len(), 10);
}

/// Mail programs deliver `ada+x@…` to Ada too, but no account has it: nothing goes out, and so it must
/// not count against the mails of the account that she has.
#[tokio::test]
async fn asks_for_addresses_beside_an_owners_keep_no_mail_from_the_owner() {
    let world = World::start().await;
    for network in 1..=5 {
        let api = world.stack.api();
        let api = api.at_address(&format!("198.51.100.{network}"));
        for _ in 0..3 {
            let body = json!({ "email": "ada+x@example.com" });
            api.post("/forgot-password", &body).await;
        }
    }
    world.ask(ADA).await;
    assert_eq!(world.resets(ADA).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_asks_at_once_the_allowance_is_mailed() {
    let world = World::with(&[("REGISTRATION_BURST", "0")]).await;
    let asks = (0..200).map(|_| {
        let api = world.stack.api();
        tokio::spawn(async move {
            let body = json!({ "email": ADA });
            api.post("/forgot-password", &body).await.status
        })
    });
    let mut statuses = Vec::new();
    for ask in asks.collect::<Vec<_>>() {
        statuses.push(ask.await.unwrap());
    }
    let accepted = statuses.iter().filter(|status| **status == 202).count();
    assert!(statuses.iter().all(|status| [202, 429].contains(status)));
    assert_eq!(accepted, 3);
    assert_eq!(world.resets(ADA).await.len(), 3);
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_whoever_asks_and_links_to_the_issuer() {
    let world = World::start().await;
    let strangers = [
        ("accept-language", "de"),
        ("x-forwarded-host", "evil.example.com"),
        ("x-forwarded-proto", "http"),
        ("forwarded", "host=evil.example.com"),
        ("referer", "https://evil.example.com"),
        ("user-agent", "<b>evil.example.com</b>"),
        ("content-type", "application/json"),
    ];
    let body = json!({ "email": ADA }).to_string();
    let asked = world.api.send(
        Method::POST,
        "/forgot-password",
        &strangers,
        body.as_bytes(),
    );
    assert_eq!(asked.await.status, 202);
    let received = world.stack.letter(ADA, "reset").await;
    let host = testing::stack::DOMAIN;
    let begin = format!("https://{host}/reset-password?ticket=latchkey_reset_");
    assert!(received.link.as_ref().unwrap().starts_with(&begin));
    assert!(received.letter.text.contains("Passwort"));
    for row in world.stack.items("MailsTable").await {
        assert!(!format!("{row:?}").contains("evil"), "{row:?}");
    }
}

#[tokio::test]
async fn what_is_no_address_is_refused_and_nothing_is_stored() {
    let world = World::start().await;
    let before = world.stored().await;
    for (body, field) in [
        (json!({}), "email"),
        (json!({ "email": null }), "email"),
        (json!({ "email": "ada" }), "email"),
        (
            json!({ "email": "ada@example.com\nbcc: eve@example.com" }),
            "email",
        ),
        (json!({ "email": ADA, "username": "ada" }), "username"),
        (
            json!({ "email": ADA, "redirect": "https://evil.example.com" }),
            "redirect",
        ),
        (json!({ "username": "ada" }), "email"),
    ] {
        let refused = world.api.post("/forgot-password", &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.json()["errors"][0]["field"], field, "{body}");
    }
    let page = world.form("/forgot-password", "email=ada%22%3E").await;
    assert_eq!(page.status, 400);
    assert!(text(&page).contains("value=\"ada&#34;&#62;\""));
    let text_plain = [("content-type", "text/plain")];
    let body = b"email=ada@example.com";
    let refused = world
        .api
        .send(Method::POST, "/forgot-password", &text_plain, body);
    assert_eq!(refused.await.status, 415);
    assert_eq!(world.stored().await, before);
}
