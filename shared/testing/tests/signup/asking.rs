//! The request for the mail, and how little it tells of the address.

use serde_json::json;
use testing::{Client, PASSWORD};
use tokio::task::JoinSet;

use super::{ADA, EVE, World, ask};

#[tokio::test]
async fn a_free_and_a_taken_address_have_the_same_answer_after_the_same_calls() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let mut seen = Vec::new();
    for address in [ADA, EVE] {
        world.stack.wire.take();
        let asked = ask(&world.api, address).await;
        let calls = world.stack.wire.take();
        assert_eq!(asked.status, 202);
        let body = String::from_utf8(asked.body.clone()).unwrap();
        let ticket = asked.json()["ticket"].as_str().unwrap().to_owned();
        let rest = body.replace(&ticket, "TICKET");
        let mut headers = format!("{:?}", asked.headers);
        let id = asked.header("apigw-requestid").unwrap_or_default();
        headers = headers.replace(id, "ID");
        seen.push((rest, ticket.len(), headers, calls));
    }
    let [taken, free] = <[_; 2]>::try_from(seen).unwrap();
    assert_eq!(taken.0, r#"{"ticket":"TICKET","expires_in":86400}"#);
    assert_eq!(taken, free);
}

#[tokio::test]
async fn the_mail_to_a_taken_address_says_so_and_has_neither_link_nor_code_of_a_sign_up() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let before = world.stack.letters(ADA).await.len();
    let handle = world.ask(ADA).await;
    let letters = world.stack.letters(ADA).await;
    assert_eq!(letters.len(), before + 1);
    let is_taken = |text: &str| text.contains("already has an account");
    let told: Vec<_> = letters
        .iter()
        .filter(|one| is_taken(&one.letter.text))
        .collect();
    let [told] = &*told else {
        panic!("one letter tells it");
    };
    assert!(told.link.is_none() && told.code.is_none());
    assert!(!told.letter.text.contains(&handle[..24]));
    assert!(told.letter.text.contains("/forgot-password"));
}

#[tokio::test]
async fn nothing_but_the_address_is_chosen_by_whoever_asks() {
    let world = World::start().await;
    let chosen = "is chosen at /register/confirm";
    for (body, errors) in [
        (
            json!({ "email": EVE, "password": PASSWORD }),
            json!([{ "field": "password", "detail": chosen }]),
        ),
        (
            json!({ "email": EVE, "username": "eve" }),
            json!([{ "field": "username", "detail": chosen }]),
        ),
        (
            json!({ "username": "eve" }),
            json!([
                { "field": "email", "detail": "is missing" },
                { "field": "username", "detail": chosen },
            ]),
        ),
        (
            json!({ "email": EVE, "code": "1" }),
            json!([{ "field": "code", "detail": "is not a member of this request" }]),
        ),
    ] {
        let refused = world.api.post("/register", &body).await;
        assert_eq!(refused.status, 400, "{body}");
        assert_eq!(refused.json()["errors"], errors, "{body}");
    }
    for email in ["eve", "eve@", "eve@example.com\r\nBcc: x@example.com", ""] {
        assert_eq!(ask(&world.api, email).await.status, 400, "{email:?}");
    }
    assert!(world.stored().await.is_empty(), "nobody is mailed");
}

#[tokio::test]
async fn a_mail_has_the_language_of_whoever_asks() {
    let world = World::start().await;
    let body = json!({ "email": EVE }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept-language", "de-AT,en;q=0.5"),
    ];
    let asked = world.api.send(
        axum::http::Method::POST,
        "/register",
        &headers,
        body.as_bytes(),
    );
    assert_eq!(asked.await.status, 202);
    let letter = world.stack.letter(EVE, "signup").await;
    assert!(letter.letter.html.contains("lang=\"de\""));
}

/// Asks a thousand times at once, each from what `from` makes of its number, and returns the
/// number of mails.
async fn asked_at_once(world: &World, from: impl Fn(usize, &Client) -> Client) -> usize {
    let mut asks = JoinSet::new();
    for number in 0..1_000 {
        let api = from(number, &world.api);
        // All addresses of a mailbox are one.
        let address = format!("eve+{number}@example.com");
        asks.spawn(async move { ask(&api, &address).await });
    }
    let answers = asks.join_all().await;
    for answer in &answers {
        assert!(
            [202, 429, 503].contains(&answer.status),
            "{}",
            answer.json()
        );
    }
    let asked = answers.iter().filter(|answer| answer.status == 202).count();
    let mails = world.stack.items("MailsTable").await.len();
    assert!(
        asked <= mails,
        "{asked} were acknowledged, {mails} are mailed"
    );
    mails
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_thousand_asks_at_once_for_one_mailbox_each_network_gets_its_allowance_and_all_ten() {
    let world = World::start().await;
    let asked = asked_at_once(&world, |_, api| api.clone()).await;
    // One that is within an allowance may be over another.
    assert!(asked <= 3, "{asked}");
    let world = World::start().await;
    let from = |number: usize, api: &Client| {
        api.at_address(&format!("10.0.{}.{}", number / 200, number % 200))
    };
    let asked = asked_at_once(&world, from).await;
    assert!((1..=10).contains(&asked), "{asked}");
}

#[tokio::test]
async fn strangers_who_ask_do_not_keep_the_owner_of_an_address_from_a_new_password() {
    let world = World::start().await;
    world.sign_up(ADA, "ada").await;
    for _ in 0..20 {
        ask(&world.api, ADA).await;
    }
    assert_eq!(ask(&world.api, ADA).await.status, 429);
    let body = json!({ "email": ADA });
    let owner = world.api.at_address("198.51.100.7");
    let asked = owner.post("/forgot-password", &body).await;
    assert_eq!(asked.status, 202, "{}", asked.json());
}
