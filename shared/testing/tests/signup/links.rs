//! Tickets that are not good, and what their bearers are told.

use accounts::{Email, Purpose, TicketSeed};
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;
use tables::{Asker, Mail, MailedRow, Permit, PermittedSignup, Recipient, TicketRow};
use testing::{PASSWORD, number};

use super::{ADA, EVE, World, confirm, confirm_by_code, refusal, without_id, wrong};

impl World {
    /// Ends every ticket.
    async fn expire(&self) {
        for item in self.stack.items("MailsTable").await {
            let update = self.stack.engine.client().update_item();
            let update = update.table_name("MailsTable");
            let update = update.key("id", item["id"].clone());
            let update = update.update_expression("SET expires_at = :past");
            let update = update.expression_attribute_values(":past", number(1));
            update.send().await.unwrap();
        }
    }

    /// A sign-up of some kind, as a link and as a handle with its code.
    pub(crate) async fn issue(&self, signup: PermittedSignup, address: &str) -> [String; 3] {
        let now = api::now();
        let keys = api::RefreshKeys::new(&self.stack.environment()).unwrap();
        let keys = keys.at(now).await.unwrap();
        let seed = TicketSeed::generate(&keys, now).unwrap();
        let mail = Mail {
            to: Recipient {
                address: Email::parse(address).unwrap(),
                locale: None,
            },
            issuer: self.stack.issuer(),
            asker: Asker::default(),
        };
        let permit = Permit::Signup(signup);
        let row = TicketRow::new(seed, None, permit, now + 600, Some(mail));
        let mailing = self.stack.environment().mailing().unwrap().unwrap();
        mailing.mails.issue(&MailedRow::Ticket(row)).await.unwrap();
        let purpose = Purpose::Signup;
        [
            seed.link(purpose, &keys, now)
                .unwrap()
                .to_text()
                .to_string(),
            seed.handle(purpose, &keys, now).unwrap().to_text(),
            seed.code(purpose, &keys, now)
                .unwrap()
                .grouped()
                .to_string(),
        ]
    }
}

#[tokio::test]
async fn a_link_that_is_over_says_so_and_one_that_never_was_too() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    world.expire().await;
    let before = world.stored().await;
    let expired = confirm(&world.api, &link, "eve").await;
    assert_eq!(refusal(&expired), (410, json!("ticket_expired")));
    assert_eq!(world.stored().await, before);

    let handle = &link[..link.len() - 21];
    let unknown = (404, json!("unknown_ticket"));
    let flipped = |at: usize| {
        let mut text = link.clone().into_bytes();
        text[at] = if text[at] == b'A' { b'B' } else { b'A' };
        String::from_utf8(text).unwrap()
    };
    for forged in [
        flipped(20),
        flipped(40),
        flipped(60),
        flipped(link.len() - 5),
        link.replacen("signup", "reset", 1),
        link.replacen("signup", "email", 1),
        handle[..handle.len() - 2].to_owned(),
        format!("{link}A"),
        "latchkey_signup_".to_owned(),
        "x".repeat(4_000),
    ] {
        let refused = confirm(&world.api, &forged, "eve").await;
        assert_eq!(refusal(&refused), unknown, "{forged:.60}");
    }
    assert_eq!(world.stored().await, before);
}

#[tokio::test]
async fn a_ticket_of_another_purpose_or_another_deployment_is_unknown() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let body = json!({ "email": ADA });
    let asked = world.api.post("/forgot-password", &body).await;
    assert_eq!(asked.status, 202);
    let reset = world.stack.letter(ADA, "reset").await;
    let elsewhere = World::start().await;
    let foreign = elsewhere.link(EVE).await;
    for ticket in [reset.ticket(), &foreign] {
        let refused = confirm(&world.api, ticket, "eve").await;
        assert_eq!(refusal(&refused), (404, json!("unknown_ticket")));
    }
    assert_eq!(world.stack.items("UsersTable").await.len(), 1);
}

#[tokio::test]
async fn a_row_that_is_gone_is_unknown() {
    let world = World::start().await;
    let link = world.link(EVE).await;
    let id = world.stack.items("MailsTable").await.remove(0)["id"].clone();
    let delete = world.stack.engine.client().delete_item();
    let delete = delete.table_name("MailsTable").key("id", id);
    delete.send().await.unwrap();
    let refused = confirm(&world.api, &link, "eve").await;
    assert_eq!(refusal(&refused), (404, json!("unknown_ticket")));
}

/// Handles with wrong codes: of a ticket that is good, used, over, for a taken address, and gone.
#[tokio::test]
async fn a_handle_with_a_wrong_code_has_one_answer_whatever_became_of_the_ticket() {
    let world = World::unlimited().await;
    let (spent, code) = world.code(ADA).await;
    let made = confirm_by_code(&world.api, &spent, &code, "ada").await;
    assert_eq!(made.status, 201);
    let (over, _) = world.code("over@example.com").await;
    world.expire().await;
    let [_, taken, right] = world.issue(PermittedSignup::Taken, ADA).await;
    let (good, good_code) = world.code(EVE).await;
    let other = wrong(&good_code);
    let mut answers = Vec::new();
    for (handle, code) in [
        (&good, other.as_str()),
        (&spent, other.as_str()),
        (&over, other.as_str()),
        (&taken, other.as_str()),
        (&taken, right.as_str()),
    ] {
        world.stack.wire.take();
        let refused = confirm_by_code(&world.api, handle, code, "eve").await;
        assert_eq!(refusal(&refused), (400, json!("invalid_code")));
        let calls: Vec<_> = world.stack.wire.take();
        let calls: Vec<_> = calls.into_iter().map(|call| call.operation).collect();
        answers.push((without_id(&refused), calls));
    }
    assert!(
        answers.windows(2).all(|pair| pair[0] == pair[1]),
        "{answers:?}"
    );
    // A text that is no code is refused without a guess.
    for code in ["1234567", "123456789", "1234567a", ""] {
        let refused = confirm_by_code(&world.api, &good, code, "eve").await;
        assert_eq!(refusal(&refused), (400, json!("invalid_code")), "{code:?}");
    }
    let without = json!({ "ticket": good, "password": PASSWORD });
    let without = world.api.post("/register/confirm", &without).await;
    assert_eq!(without.json()["errors"][0]["field"], "code");
    let made = confirm_by_code(&world.api, &good, &good_code, "eve").await;
    assert_eq!(made.status, 201, "{}", made.json());
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_is_wrong_and_the_link_is_good() {
    let world = World::start().await;
    let (handle, code) = world.code(EVE).await;
    for _ in 0..5 {
        let refused = confirm_by_code(&world.api, &handle, &wrong(&code), "eve").await;
        assert_eq!(refusal(&refused), (400, json!("invalid_code")));
    }
    let sixth = confirm_by_code(&world.api, &handle, &code, "eve").await;
    assert_eq!(refusal(&sixth), (400, json!("invalid_code")));
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    assert_eq!(confirm(&world.api, &link, "eve").await.status, 201);
}

#[tokio::test]
async fn the_ticket_of_a_taken_address_makes_no_account_by_any_text() {
    let world = World::unlimited().await;
    world.sign_up(ADA, "ada").await;
    let before = world.stored().await.len();
    let [link, handle, code] = world.issue(PermittedSignup::Taken, ADA).await;
    let shown = confirm(&world.api, &link, "other").await;
    assert_eq!(refusal(&shown), (404, json!("unknown_ticket")));
    let shown = confirm_by_code(&world.api, &handle, &code, "other").await;
    assert_eq!(refusal(&shown), (400, json!("invalid_code")));
    assert_eq!(world.stored().await.len(), before + 1);
    let spent = world.stack.items("MailsTable").await.into_iter();
    let spent = spent.filter(|item| item.contains_key("spent_at")).count();
    assert_eq!(spent, 1, "ada's own");
}

#[tokio::test]
async fn a_network_with_too_many_wrong_codes_waits_before_anything_is_guessed() {
    let slow = ("THROTTLE_WINDOW", "600");
    let world = World::with(&[("ADDRESS_FAILURES", "3"), slow]).await;
    let (handle, code) = world.code(EVE).await;
    for _ in 0..3 {
        let refused = confirm_by_code(&world.api, &handle, &wrong(&code), "eve").await;
        assert_eq!(refused.status, 400);
    }
    let before = world.stored().await;
    let refused = confirm_by_code(&world.api, &handle, &code, "eve").await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
    assert_eq!(world.stored().await, before, "no guess is counted");
    let elsewhere = world.api.at_address("198.51.100.7");
    let made = confirm_by_code(&elsewhere, &handle, &code, "eve").await;
    assert_eq!(made.status, 201);
}

#[tokio::test]
async fn a_ticket_in_a_table_that_was_stolen_shows_no_link_and_no_code() {
    let world = World::start().await;
    let (handle, code) = world.code(EVE).await;
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    let stored = format!("{:?}", world.stack.items("MailsTable").await);
    let secret = &link[handle.len()..];
    for text in [secret, &code, &code.replace(' ', "")] {
        assert!(!stored.contains(text));
    }
    let item = world.stack.items("MailsTable").await.remove(0);
    assert_eq!(item["to"], AttributeValue::S(EVE.to_owned()));
}
