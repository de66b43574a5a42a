//! The calls to DynamoDB, counted on the wire and held to a budget.

use serde_json::json;
use testing::OTHER_PASSWORD;

use crate::{ADA, World};

/// The calls in sequence and in all since this was last asked.
fn calls(world: &World) -> (usize, usize) {
    let sent = world.stack.wire.take();
    (sent.last().map_or(0, |call| call.step), sent.len())
}

#[tokio::test]
async fn each_request_keeps_to_its_budget() {
    let world = World::start().await;
    world.ask("warm@example.com").await;
    let handle = world.ask(ADA).await;
    let received = world.stack.letter(ADA, "reset").await;
    calls(&world);
    let mut rows = Vec::new();
    let mut row =
        |what: &str, budget: (usize, usize)| rows.push((what.to_owned(), calls(&world), budget));

    world.ask(ADA).await;
    row("POST /forgot-password, known", (3, 6));
    world.ask("nobody@example.com").await;
    row("POST /forgot-password, unknown", (3, 6));
    let page = |ticket: &str| format!("/reset-password?ticket={ticket}");
    world.api.get("/forgot-password", None).await;
    row("GET /forgot-password", (0, 0));
    world.api.get(&page(&handle), None).await;
    row("GET /reset-password, handle", (0, 0));
    world.api.get(&page(received.ticket()), None).await;
    row("GET /reset-password, link", (2, 2));
    world.api.get(&page("latchkey_reset_x"), None).await;
    row("GET /reset-password, forged", (0, 0));
    world.reset("latchkey_reset_x", OTHER_PASSWORD).await;
    row("POST /reset-password, forged", (0, 0));
    world
        .reset_by_code(&handle, "0000 0000", OTHER_PASSWORD)
        .await;
    row("POST /reset-password, wrong code", (3, 3));
    world.reset_by_code(&handle, "0000 0000", "short").await;
    row("POST /reset-password, weak password", (0, 0));
    let again = json!({ "ticket": handle, "code": received.code, "password": "ada@example.com" });
    world.api.post("/reset-password", &again).await;
    row("POST /reset-password, the account's name", (3, 3));
    let done = world.reset(received.ticket(), OTHER_PASSWORD).await;
    assert_eq!(done.status, 204);
    row("POST /reset-password, link", (3, 3));
    world.reset(received.ticket(), OTHER_PASSWORD).await;
    row("POST /reset-password, used link", (2, 2));
    let handle = world.ask(ADA).await;
    let code = world.stack.letter(ADA, "reset").await.code.unwrap();
    calls(&world);
    let done = world
        .reset_by_code(&handle, &code, "a velvet orchard gate hums")
        .await;
    assert_eq!(done.status, 204);
    row("POST /reset-password, code", (4, 4));
    let eve = "eve@example.com";
    world.register("eve", eve).await;
    let stranger = world.api.sign_in("eve").await;
    world.stack.add_passkey_row(&stranger, "AAAA").await;
    world.ask(eve).await;
    let received = world.stack.letter(eve, "reset").await;
    calls(&world);
    let done = world.reset(received.ticket(), OTHER_PASSWORD).await;
    assert_eq!(done.status, 204);
    row("POST /reset-password, with a passkey", (4, 4));

    println!("| request | in sequence | in all |\n| --- | --- | --- |");
    for (what, (sequence, all), (in_sequence, in_all)) in &rows {
        println!("| {what} | {sequence} of {in_sequence} | {all} of {in_all} |");
    }
    for (what, counted, budget) in rows {
        assert!(
            counted.0 <= budget.0 && counted.1 <= budget.1,
            "{what}: {counted:?}"
        );
    }
}
