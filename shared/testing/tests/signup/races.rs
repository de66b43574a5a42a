//! Many at once.

use serde_json::json;
use tables::PermittedSignup;
use testing::PASSWORD;
use tokio::task::JoinSet;

use super::{EVE, World, confirm, confirm_by_code, refusal, wrong};

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_sign_ups_by_one_ticket_over_fifty_environments_one_makes_an_account() {
    let world = World::unlimited().await;
    let (handle, code) = world.code(EVE).await;
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    let environments: Vec<_> = (0..50).map(|_| world.stack.api()).collect();
    let mut attempts = JoinSet::new();
    for number in 0..1_000 {
        let api = environments[number % environments.len()].clone();
        let (link, handle, code) = (link.clone(), handle.clone(), code.clone());
        attempts.spawn(async move {
            let username = format!("eve{number}");
            // Five may guess, the others have the link.
            let answer = if number < 5 {
                confirm_by_code(&api, &handle, &code, &username).await
            } else {
                confirm(&api, &link, &username).await
            };
            (username, answer)
        });
    }
    let mut winners = Vec::new();
    for (username, answer) in attempts.join_all().await {
        match answer.status {
            201 => winners.push(username),
            503 => {}
            _ => assert_eq!(refusal(&answer), (410, json!("ticket_used"))),
        }
    }
    let [winner] = &*winners else {
        panic!("{} made an account", winners.len());
    };
    assert_eq!(world.stack.items("UsersTable").await.len(), 1);
    assert_eq!(world.stack.items("LoginsTable").await.len(), 2);
    assert_eq!(world.stack.items("SessionsTable").await.len(), 1);
    assert_eq!(world.api.login(winner, PASSWORD).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tickets_for_one_address_at_once_one_makes_an_account() {
    let world = World::unlimited().await;
    for round in 0..20 {
        let address = format!("eve{round}@example.com");
        let free = || PermittedSignup::Free;
        let [one, ..] = world.issue(free(), &address).await;
        let [two, ..] = world.issue(free(), &address).await;
        let names = [format!("one{round}"), format!("two{round}")];
        let (one, two) = tokio::join!(
            confirm(&world.api, &one, &names[0]),
            confirm(&world.api, &two, &names[1])
        );
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{round}");
        assert_eq!(world.stack.items("UsersTable").await.len(), round + 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_wrong_codes_at_once_five_are_counted() {
    let world = World::unlimited().await;
    let (handle, code) = world.code(EVE).await;
    let mut guesses = JoinSet::new();
    for _ in 0..1_000 {
        let (api, handle, code) = (world.api.clone(), handle.clone(), wrong(&code));
        guesses.spawn(async move { confirm_by_code(&api, &handle, &code, "eve").await });
    }
    for refused in guesses.join_all().await {
        assert_eq!(refusal(&refused), (400, json!("invalid_code")));
    }
    let item = world.stack.items("MailsTable").await.remove(0);
    assert_eq!(item["guesses"].as_n().unwrap(), "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_registration_and_an_invitation_of_one_address_at_once_make_one_account() {
    let world = World::with(&[
        ("REGISTRATION_MODE", "open"),
        ("MAIL_BURST", "0"),
        ("REGISTRATION_BURST", "0"),
    ])
    .await;
    for round in 0..20 {
        let address = format!("eve{round}@example.com");
        let invited = PermittedSignup::Invited(Vec::new());
        let [link, ..] = world.issue(invited, &address).await;
        let body = json!({ "email": address, "password": PASSWORD });
        let username = format!("eve{round}");
        let (registered, confirmed) = tokio::join!(
            world.api.post("/register", &body),
            confirm(&world.api, &link, &username)
        );
        let mut statuses = [registered.status, confirmed.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{round}");
        assert_eq!(world.stack.items("UsersTable").await.len(), round + 1);
    }
}
