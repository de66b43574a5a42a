//! Tickets that permit nothing: what their bearers are told.

use accounts::{Email, LoginName, Names, Status};
use serde_json::{Value, json};
use tables::By;
use testing::{Answer, OTHER_PASSWORD, PASSWORD};

use crate::{ADA, World, refusal, text, without_id};

/// Each answer to a link: JSON, the page that it opens, and the form of that page.
async fn answers(world: &World, link: &str) -> [Answer; 3] {
    let path = format!("/reset-password?ticket={link}");
    let form = format!("ticket={link}&password=nine+purple+elephants+dance");
    [
        world.reset(link, OTHER_PASSWORD).await,
        world.api.get(&path, None).await,
        world.form("/reset-password", &form).await,
    ]
}

async fn refused(world: &World, link: &str, status: u16, code: &str) {
    let before = world.stored().await;
    let [problem, page, form] = answers(world, link).await;
    assert_eq!(refusal(&problem), (status, json!(code)), "{code}");
    for page in [page, form] {
        assert_eq!(page.status, status, "{code}");
        let text = text(&page);
        assert!(text.contains("/forgot-password\""), "{code}: the next step");
        assert!(!text.contains("<form"), "{code}");
    }
    assert_eq!(world.stored().await, before, "{code}");
}

#[tokio::test]
async fn a_link_that_is_no_link_of_ours_is_unknown() {
    let world = World::start().await;
    let link = world.link().await;
    let elsewhere = World::start().await;
    let foreign = elsewhere.link().await;
    let flipped = |at: usize| {
        let mut link = link.clone().into_bytes();
        link[at] = if link[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(link).unwrap()
    };
    let prefix = "latchkey_reset_".len();
    for wrong in [
        "x".to_owned(),
        "latchkey_reset_TICKET".to_owned(),
        link.replace("_reset_", "_email_"),
        link.replace("_reset_", "_signup_"),
        link[..link.len() - 1].to_owned(),
        format!("{link}A"),
        flipped(prefix),
        flipped(prefix + 20),
        flipped(prefix + 60),
        // The secret alone is wrong.
        flipped(prefix + 85),
        foreign,
    ] {
        refused(&world, &wrong, 404, "unknown_ticket").await;
    }
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
}

#[tokio::test]
async fn a_page_without_a_ticket_leads_to_the_next_step() {
    let world = World::start().await;
    for path in [
        "/reset-password",
        "/reset-password?ticket=",
        "/reset-password?x=1",
    ] {
        let page = world.api.get(path, None).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(text(&page).contains("/forgot-password\""));
    }
    let without = world
        .form("/reset-password", "password=nine+purple+elephants")
        .await;
    assert_eq!(without.status, 404);
    assert!(text(&without).contains("/forgot-password\""));
}

#[tokio::test]
async fn a_link_that_was_used_or_is_over_says_so() {
    let world = World::start().await;
    let link = world.link().await;
    assert_eq!(world.reset(&link, OTHER_PASSWORD).await.status, 204);
    refused(&world, &link, 410, "ticket_used").await;

    let world = World::start().await;
    let link = world.link().await;
    world.expire().await;
    refused(&world, &link, 410, "ticket_expired").await;
}

/// Nobody types a password for nothing: the page says so before the form.
async fn superseded(world: &World, link: &str) {
    refused(world, link, 410, "ticket_superseded").await;
}

#[tokio::test]
async fn a_new_password_or_a_sign_out_everywhere_or_another_reset_ends_the_links_that_are_out() {
    let world = World::start().await;
    let link = world.link().await;
    let ada = world.api.sign_in("ada").await;
    assert_eq!(
        ada.change_password(PASSWORD, OTHER_PASSWORD).await.status,
        200
    );
    superseded(&world, &link).await;

    let link = world.link().await;
    let ada = world
        .api
        .session(world.api.login("ada", OTHER_PASSWORD).await);
    assert_eq!(ada.delete("/me/sessions").await.status, 204);
    superseded(&world, &link).await;

    let world = World::start().await;
    let first = world.link().await;
    let second = world.link().await;
    assert_ne!(first, second);
    assert_eq!(world.reset(&second, OTHER_PASSWORD).await.status, 204);
    superseded(&world, &first).await;
}

#[tokio::test]
async fn another_address_ends_the_links_to_the_one_before() {
    let world = World::start().await;
    let link = world.link().await;
    let (user, environment) = (world.stack.user("ada").await, world.stack.environment());
    let name = LoginName::from(user.names.username().unwrap());
    let login = environment.logins().unwrap().get(&name).await.unwrap();
    let email = Email::parse("ada@example.org").unwrap();
    let names = Names::new(user.names.username().cloned(), Some(email)).unwrap();
    let accounts = environment.accounts().unwrap();
    accounts
        .rename(&user, &user.with_names(names), &login.unwrap())
        .await
        .unwrap();
    superseded(&world, &link).await;
}

#[tokio::test]
async fn an_account_that_is_gone_or_shut_out_has_no_ticket() {
    let world = World::start().await;
    let link = world.link().await;
    let ada = world.api.sign_in("ada").await;
    assert_eq!(ada.delete("/me").await.status, 204);
    superseded(&world, &link).await;

    let world = World::start().await;
    let link = world.link().await;
    let user = world.stack.user("ada").await;
    let accounts = world.stack.environment().accounts().unwrap();
    let disabled = user.with_status(Status::Disabled);
    let done = accounts.change(&user, &disabled, By::Operator, None).await;
    done.unwrap();
    superseded(&world, &link).await;
}

/// The answer to a handle with a wrong code, without its request id, and the calls that it took.
async fn wrong_code(world: &World, handle: &str) -> (u16, Value, Vec<(usize, String)>) {
    world.stack.wire.take();
    let answer = world
        .reset_by_code(handle, "0000 0000", OTHER_PASSWORD)
        .await;
    let calls = world.stack.wire.take().into_iter();
    let calls = calls.map(|call| (call.step, call.operation)).collect();
    (answer.status, without_id(&answer), calls)
}

#[tokio::test]
async fn a_handle_with_a_wrong_code_gets_one_answer_whatever_became_of_the_ticket() {
    let unlimited = [("MAIL_BURST", "0"), ("REGISTRATION_BURST", "0")];
    let world = World::with(&unlimited).await;
    let handle = world.ask(ADA).await;
    let fresh = wrong_code(&world, &handle).await;
    assert_eq!((fresh.0, &fresh.1["error"]), (400, &json!("invalid_code")));

    let nobody = world.ask("nobody@example.com").await;
    assert_eq!(wrong_code(&world, &nobody).await, fresh, "for nobody");

    for _ in 0..4 {
        wrong_code(&world, &handle).await;
    }
    assert_eq!(
        wrong_code(&world, &handle).await,
        fresh,
        "after five guesses"
    );

    let (used, received) = world.mailed().await;
    let done = world.reset(received.ticket(), OTHER_PASSWORD).await;
    assert_eq!(done.status, 204);
    assert_eq!(wrong_code(&world, &used).await, fresh, "after use");

    let expired = world.ask(ADA).await;
    world.expire().await;
    assert_eq!(wrong_code(&world, &expired).await, fresh, "after expiry");
}

#[tokio::test]
async fn the_right_code_of_a_ticket_that_is_over_says_so() {
    let world = World::start().await;
    let handle = world.ask(ADA).await;
    let code = world.stack.letter(ADA, "reset").await.code.unwrap();
    world.expire().await;
    let late = world.reset_by_code(&handle, &code, OTHER_PASSWORD).await;
    assert_eq!(refusal(&late), (410, json!("ticket_expired")));
}

#[tokio::test]
async fn a_code_that_is_none_or_missing_is_refused_without_a_guess() {
    let world = World::start().await;
    let handle = world.ask(ADA).await;
    let before = world.stored().await;
    for code in ["", "1234", "abcdefgh", "123456789"] {
        let refused = world.reset_by_code(&handle, code, OTHER_PASSWORD).await;
        assert_eq!(refusal(&refused), (400, json!("invalid_code")), "{code}");
    }
    let missing = world.reset(&handle, OTHER_PASSWORD).await;
    assert_eq!(missing.status, 400);
    assert_eq!(missing.json()["errors"][0]["field"], "code");
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn wrong_codes_count_against_their_network() {
    let world = World::with(&[("ADDRESS_FAILURES", "3")]).await;
    let handle = world.ask("nobody@example.com").await;
    for _ in 0..3 {
        let wrong = world
            .reset_by_code(&handle, "00000000", OTHER_PASSWORD)
            .await;
        assert_eq!(wrong.status, 400);
    }
    let ada = world.ask(ADA).await;
    let before = world.stored().await;
    let blocked = world.reset_by_code(&ada, "00000000", OTHER_PASSWORD).await;
    assert_eq!(blocked.status, 429);
    assert!(blocked.header("retry-after").is_some());
    assert_eq!(world.stored().await, before, "nothing is written");
    let link = world.stack.letter(ADA, "reset").await.ticket().to_owned();
    assert_eq!(
        world.reset(&link, OTHER_PASSWORD).await.status,
        204,
        "a link is no guess"
    );
}
