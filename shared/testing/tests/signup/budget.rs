//! The calls to DynamoDB of each route.

use serde_json::json;
use testing::PASSWORD;

use super::{EVE, World, ask, confirm, confirm_by_code, wrong};

/// Takes the calls of the request before: in sequence and in all.
fn calls(world: &World) -> (usize, Vec<String>) {
    let sent = world.stack.wire.take();
    let steps = sent.last().map_or(0, |call| call.step);
    let mut operations: Vec<_> = sent.into_iter().map(|call| call.operation).collect();
    operations.sort();
    (steps, operations)
}

fn assert_calls(world: &World, what: &str, steps: usize, expected: &[&str]) {
    let (in_sequence, operations) = calls(world);
    println!("| {what} | {in_sequence} | {} |", operations.join(", "));
    assert_eq!(operations, expected, "{what}");
    assert_eq!(in_sequence, steps, "{what}");
}

const THREE_THROTTLES: [&str; 5] = [
    "GetItem",
    "PutItem",
    "UpdateItem",
    "UpdateItem",
    "UpdateItem",
];

#[tokio::test]
async fn a_sign_up_by_mail_makes_these_calls_and_no_others() {
    let world = World::with(&[("MAIL_BURST", "20")]).await;
    world.ask("warm@example.com").await;
    world.stack.wire.take();
    world.ask(EVE).await;
    assert_calls(&world, "POST /register, confirmed", 3, &THREE_THROTTLES);
    world.form("/signup", "email=eve%40example.com").await;
    assert_calls(&world, "POST /signup", 3, &THREE_THROTTLES);

    let (handle, code) = world.code(EVE).await;
    let link = world.stack.letter(EVE, "signup").await.ticket().to_owned();
    world.stack.wire.take();
    let path = format!("/signup/confirm?ticket={link}");
    assert_eq!(world.api.get(&path, None).await.status, 200);
    assert_calls(&world, "GET /signup/confirm, a link", 1, &["GetItem"]);
    let path = format!("/signup/confirm?ticket={handle}");
    assert_eq!(world.api.get(&path, None).await.status, 200);
    assert_calls(&world, "GET /signup/confirm, a handle", 0, &[]);
    assert_eq!(world.api.get("/signup", None).await.status, 200);
    assert_calls(&world, "GET /signup", 0, &[]);

    confirm_by_code(&world.api, &handle, &wrong(&code), "eve").await;
    let guessed = ["GetItem", "UpdateItem", "UpdateItem"];
    assert_calls(&world, "POST /register/confirm, a wrong code", 3, &guessed);
    let made = confirm_by_code(&world.api, &handle, &code, "eve").await;
    assert_eq!(made.status, 201);
    let by_code = ["GetItem", "TransactWriteItems", "UpdateItem"];
    assert_calls(&world, "POST /register/confirm, a code", 3, &by_code);

    let link = world.link("bob@example.com").await;
    world.stack.wire.take();
    assert_eq!(confirm(&world.api, &link, "bob").await.status, 201);
    let by_link = ["GetItem", "TransactWriteItems", "UpdateItem"];
    assert_calls(&world, "POST /register/confirm, a link", 2, &by_link);
    assert_eq!(confirm(&world.api, &link, "bob").await.status, 410);
    let used = ["GetItem", "UpdateItem"];
    assert_calls(&world, "POST /register/confirm, a used link", 1, &used);
    assert_eq!(confirm(&world.api, "x", "bob").await.status, 404);
    assert_calls(&world, "POST /register/confirm, no ticket", 0, &[]);
    assert_eq!(ask(&world.api, "x").await.status, 400);
    assert_calls(&world, "POST /register, no address", 0, &[]);
}

#[tokio::test]
async fn an_open_registration_with_an_address_counts_the_mail_beside_itself() {
    let world = World::with(&[("REGISTRATION_MODE", "open")]).await;
    let warm = json!({ "username": "warm", "password": PASSWORD });
    world.api.post("/register", &warm).await;
    world.stack.wire.take();
    let body = json!({ "username": "ada", "password": PASSWORD });
    assert_eq!(world.api.post("/register", &body).await.status, 201);
    let alone = ["TransactWriteItems", "UpdateItem"];
    assert_calls(&world, "POST /register, a username", 2, &alone);
    let body = json!({ "email": EVE, "password": PASSWORD });
    assert_eq!(world.api.post("/register", &body).await.status, 201);
    let mailed = [
        "TransactWriteItems",
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
        "UpdateItem",
    ];
    assert_calls(&world, "POST /register, an address", 3, &mailed);
}
