//! `POST /reset-password`: what a ticket does.

use serde_json::{Value, json};
use testing::wire::Fault;
use testing::{OTHER_PASSWORD, PASSWORD};

use crate::{ADA, World, refusal, text};

#[tokio::test]
async fn a_link_sets_the_password_of_every_name_and_ends_every_session() {
    let world = World::start().await;
    let before = world.api.sign_in("ada").await;
    let link = world.link().await;
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);

    for name in ["ada", ADA] {
        assert_eq!(world.api.login(name, PASSWORD).await.status, 401, "{name}");
        assert_eq!(
            world.api.login(name, OTHER_PASSWORD).await.status,
            200,
            "{name}"
        );
    }
    assert_eq!(before.get("/me").await.status, 401);
    assert_eq!(before.refresh().await.status, 401);
    assert!(world.stack.user("ada").await.email_is_verified());

    let notice = world.stack.letter(ADA, "notice").await;
    assert!(notice.code.is_none() && notice.letter.text.contains("password"));
    let again = world.reset(&link, PASSWORD).await;
    assert_eq!(refusal(&again), (410, json!("ticket_used")));
    assert_eq!(world.api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_code_beside_its_handle_does_the_same_however_it_is_typed() {
    let world = World::start().await;
    let handle = world.ask(ADA).await;
    let code = world.stack.letter(ADA, "reset").await.code.unwrap();
    let typed = format!(" {} ", code.replace(' ', " - "));
    let reset = world.reset_by_code(&handle, &typed, OTHER_PASSWORD).await;
    assert_eq!(reset.status, 204, "{}", reset.json());
    assert_eq!(world.api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn nobody_is_signed_in_by_a_reset() {
    let world = World::start().await;
    let link = world.link().await;
    let reset = world.reset(&link, OTHER_PASSWORD).await;
    assert!(reset.body.is_empty() && reset.header("set-cookie").is_none());
    assert_eq!(
        world.stack.items("SessionsTable").await.len(),
        1,
        "the registration's"
    );
}

/// The number of codes that were tried at the one ticket that there is.
async fn guesses(world: &World) -> Option<String> {
    let rows = world.stack.items("MailsTable").await;
    let guesses = rows[0]["guesses"].as_n().ok();
    guesses.cloned()
}

#[tokio::test]
async fn a_weak_password_costs_no_guess() {
    let world = World::start().await;
    let handle = world.ask(ADA).await;
    for weak in ["short", "passwordpassword", "latchkeylatchkey"] {
        let refused = world.reset_by_code(&handle, "00000000", weak).await;
        assert_eq!(refusal(&refused), (400, json!("invalid_request")), "{weak}");
        assert_eq!(refused.json()["errors"][0]["field"], "password");
        assert_eq!(refused.json()["ticket"], Value::Null);
    }
    assert_eq!(guesses(&world).await.as_deref(), Some("0"));
}

#[tokio::test]
async fn a_right_code_is_worth_the_link_where_the_password_is_the_accounts_own_name() {
    let world = World::start().await;
    world
        .register("velvet.orchard.gate", "velvet.orchard@example.com")
        .await;
    let handle = world.ask("velvet.orchard@example.com").await;
    let received = world
        .stack
        .letter("velvet.orchard@example.com", "reset")
        .await;
    let code = received.code.clone().unwrap();
    let refused = world
        .reset_by_code(&handle, &code, "velvet.orchard.gate")
        .await;
    assert_eq!(refusal(&refused), (400, json!("invalid_request")));
    assert_eq!(refused.json()["errors"][0]["detail"], "is your name");
    let link = refused.json()["ticket"].as_str().unwrap().to_owned();
    assert_eq!(link, received.ticket());
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
}

#[tokio::test]
async fn an_account_that_changes_meanwhile_is_read_once_more() {
    let world = World::start().await;
    let link = world.link().await;
    // The second part of the transaction is the account.
    let changed = Fault::CanceledAt(1, "ConditionalCheckFailed");
    world.stack.wire.fail("TransactWriteItems", &changed, 2);
    let refused = world.reset(&link, OTHER_PASSWORD).await;
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.json()["ticket"],
        json!(link),
        "the next try needs no code"
    );

    world.stack.wire.fail("TransactWriteItems", &changed, 1);
    world.stack.wire.take();
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    let calls = world.stack.wire.take().into_iter();
    let calls: Vec<_> = calls.map(|call| call.operation).collect();
    let (read, write) = ("GetItem", "TransactWriteItems");
    assert_eq!(calls, [read, read, write, read, write]);
    assert_eq!(world.api.login("ada", OTHER_PASSWORD).await.status, 200);
}

#[tokio::test]
async fn an_answer_that_is_lost_is_a_reset_that_is_done() {
    let world = World::start().await;
    let link = world.link().await;
    world
        .stack
        .wire
        .fail("TransactWriteItems", &Fault::LostAnswer, 1);
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    assert_eq!(world.api.login("ada", OTHER_PASSWORD).await.status, 200);
    assert_eq!(world.reset(&link, PASSWORD).await.status, 410);
}

#[tokio::test]
async fn an_account_that_was_renamed_since_keeps_its_ticket() {
    let world = World::start().await;
    let link = world.link().await;
    let ada = world.api.sign_in("ada").await;
    let renamed = ada.patch("/me", &json!({ "username": "lovelace" })).await;
    assert_eq!(renamed.status, 200, "{}", renamed.json());
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    for name in ["lovelace", ADA] {
        assert_eq!(
            world.api.login(name, OTHER_PASSWORD).await.status,
            200,
            "{name}"
        );
    }
}

#[tokio::test]
async fn a_form_goes_from_the_address_to_the_new_password() {
    let world = World::start().await;
    let asked = world
        .form("/forgot-password", &format!("email={ADA}"))
        .await;
    let page = text(&asked);
    let (_, path) = page.split_once("/reset-password?ticket=").unwrap();
    let handle = path.split('"').next().unwrap();
    let form = text(
        &world
            .api
            .get(&format!("/reset-password?ticket={handle}"), None)
            .await,
    );
    assert!(form.contains("name=\"code\"") && form.contains(handle));

    let send = |code: &str, password: &str| {
        let code = code.replace(' ', "+");
        format!("ticket={handle}&code={code}&password={password}")
    };
    let wrong = world
        .form(
            "/reset-password",
            &send("0000 0000", "velvet+orchard+gate+hum"),
        )
        .await;
    assert_eq!(wrong.status, 400);
    let page = text(&wrong);
    assert!(page.contains("value=\"0000 0000\"") && page.contains("href=\"#code\""));
    assert!(!page.contains("velvet"), "a password is not shown again");

    let code = world.stack.letter(ADA, "reset").await.code.unwrap();
    let weak = world.form("/reset-password", &send(&code, "short")).await;
    assert_eq!(weak.status, 400);
    assert!(text(&weak).contains("href=\"#password\""));
    let name = world
        .form("/reset-password", &send(&code, "ada%40example.com"))
        .await;
    let page = text(&name);
    assert_eq!(name.status, 400);
    assert!(
        !page.contains("name=\"code\""),
        "a right code is worth the link"
    );
    let (_, link) = page.split_once("name=\"ticket\" value=\"").unwrap();
    let link = link.split('"').next().unwrap();
    assert!(page.contains(&format!("value=\"{ADA}\"")));

    let done = format!("ticket={link}&password=velvet+orchard+gate+hum");
    let done = world.form("/reset-password", &done).await;
    assert_eq!(done.status, 200);
    text(&done);
    assert_eq!(
        world
            .api
            .login("ada", "velvet orchard gate hum")
            .await
            .status,
        200
    );
}
