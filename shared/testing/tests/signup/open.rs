//! Open registration where mail is sent: the address is to be proven afterwards.

use serde_json::json;
use testing::wire::Fault;
use testing::{PASSWORD, Stack};

use super::{EVE, World};

fn account(username: &str, email: &str) -> serde_json::Value {
    json!({ "username": username, "email": email, "password": PASSWORD })
}

async fn open(variables: &[(&str, &str)]) -> World {
    let open = [("REGISTRATION_MODE", "open")];
    let variables: Vec<_> = open.iter().chain(variables).copied().collect();
    World::with(&variables).await
}

#[tokio::test]
async fn a_registration_with_an_address_orders_the_mail_that_proves_it() {
    let world = open(&[]).await;
    let registered = world.api.post("/register", &account("eve", EVE)).await;
    assert_eq!(registered.status, 201);
    let body = registered.json();
    assert_eq!(body["user"]["email_verified"], false);
    let handle = body["email_ticket"].as_str().unwrap();
    assert!(handle.starts_with("latchkey_email_"));
    let letter = world.stack.letter(EVE, "email").await;
    assert!(letter.link.unwrap().contains(&handle[..handle.len() - 1]));
    assert!(letter.code.is_some());
    let item = world.stack.items("MailsTable").await.remove(0);
    assert_eq!(
        item["user_id"].as_s().unwrap(),
        body["user"]["id"].as_str().unwrap()
    );
    let ends = item["expires_at"].as_n().unwrap().parse::<u64>().unwrap();
    assert!(ends.abs_diff(api::now() + 86_400) < 60);
}

#[tokio::test]
async fn without_an_address_or_without_mail_nothing_is_ordered() {
    let world = open(&[]).await;
    let body = json!({ "username": "eve", "password": PASSWORD });
    let registered = world.api.post("/register", &body).await;
    assert_eq!(registered.status, 201);
    assert_eq!(registered.json().get("email_ticket"), None);
    assert!(world.stack.items("MailsTable").await.is_empty());

    let stack = Stack::start().await;
    let registered = stack.api().post("/register", &account("eve", EVE)).await;
    assert_eq!(registered.status, 201);
    assert_eq!(registered.json().get("email_ticket"), None);
}

#[tokio::test]
async fn account_and_mail_are_written_together_or_not_at_all() {
    let world = open(&[]).await;
    let conflict = Fault::Canceled("TransactionConflict");
    world.stack.wire.fail("TransactWriteItems", &conflict, 100);
    let failed = world.api.post("/register", &account("eve", EVE)).await;
    assert_eq!(failed.status, 503);
    world.stack.wire.mend();
    assert!(world.stored().await.is_empty());
    world
        .stack
        .wire
        .fail("TransactWriteItems", &Fault::LostAnswer, 1);
    let registered = world.api.post("/register", &account("eve", EVE)).await;
    assert_eq!(registered.status, 201);
    assert_eq!(world.stack.letters(EVE).await.len(), 1);
    let other = account("eve", "other@example.com");
    let taken = world.api.post("/register", &other).await;
    assert_eq!(taken.status, 409);
    assert!(world.stack.letters("other@example.com").await.is_empty());
}

#[tokio::test]
async fn whoever_registers_and_deletes_an_address_again_and_again_mails_it_thrice() {
    let world = open(&[]).await;
    let mut statuses = Vec::new();
    for number in 0..5 {
        let body = account(&format!("eve{number}"), "eve+again@example.com");
        let registered = world.api.post("/register", &body).await;
        statuses.push(registered.status);
        if registered.status == 201 {
            let eve = world.api.session(registered);
            assert_eq!(eve.delete("/me").await.status, 204);
        }
    }
    assert_eq!(statuses, [201, 201, 201, 429, 429]);
    assert_eq!(world.stack.letters("eve+again@example.com").await.len(), 3);
}
