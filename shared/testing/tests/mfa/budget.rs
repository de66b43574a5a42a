//! The calls to DynamoDB, counted on the wire and held to a budget.

use serde_json::json;
use testing::number;

use crate::passkey::{passkey_of, show_passkey};
use crate::{World, recover, show};

/// The calls in sequence and in all since this was last asked.
fn calls(world: &World) -> (usize, usize) {
    let sent = world.stack.wire.take();
    (sent.last().map_or(0, |call| call.step), sent.len())
}

#[tokio::test]
async fn each_request_keeps_to_its_budget() {
    let limits = [("MFA_BURST", "20"), ("LOGIN_BURST", "20")];
    let world = World::with(&limits).await;
    let (api, session) = (&world.api, &world.session);
    let known = session.login_again("ada", testing::PASSWORD).await;
    let known = crate::mfa_token(&known);
    let token = world.mfa_token().await;
    let wrong: Vec<_> = world.wrong_codes().take(3).collect();
    show(api, &token, &wrong[0]).await;
    session.post("/step-up", &json!({ "code": wrong[0] })).await;
    calls(&world);
    let mut rows = Vec::new();
    let mut row =
        |what: &str, budget: (usize, usize)| rows.push((what.to_owned(), calls(&world), budget));

    assert_eq!(show(api, "latchkey_mfa_x", "123456").await.status, 401);
    row("POST /login/mfa, forged", (0, 0));
    assert_eq!(show(api, &token, &wrong[0]).await.status, 400);
    row("POST /login/mfa, wrong code", (3, 5));
    assert_eq!(show(api, &token, &world.app.code()).await.status, 200);
    row("POST /login/mfa, code", (3, 5));
    assert_eq!(show(api, &token, &world.app.code()).await.status, 400);
    row("POST /login/mfa, used code", (3, 5));
    assert_eq!(recover(api, &token, &"7".repeat(24)).await.status, 400);
    row("POST /login/mfa, wrong recovery code", (3, 5));
    let recovered = recover(api, &token, &world.recovery_codes[0]).await;
    assert_eq!(recovered.status, 200);
    row("POST /login/mfa, recovery code", (2, 4));
    let code = json!({ "code": wrong[1] });
    assert_eq!(session.post("/step-up", &code).await.status, 400);
    row("POST /step-up, wrong code", (4, 5));
    let code = json!({ "code": world.app.code_in(1) });
    assert_eq!(session.post("/step-up", &code).await.status, 200);
    row("POST /step-up, code", (4, 5));
    let code = json!({ "recovery_code": world.recovery_codes[1] });
    assert_eq!(session.post("/step-up", &code).await.status, 200);
    row("POST /step-up, recovery code", (3, 4));
    for (failures, what) in [(9, "10th"), (99, "100th")] {
        world.set("failures", number(failures)).await;
        calls(&world);
        assert_eq!(show(api, &token, &wrong[2]).await.status, 400);
        row(&format!("POST /login/mfa, {what} wrong code"), (3, 6));
    }
    assert_eq!(show(api, &token, &wrong[2]).await.status, 403);
    row("POST /login/mfa, locked", (2, 4));
    world.set("failures", number(0)).await;
    world.forget_the_last_code().await;
    calls(&world);
    assert_eq!(show(api, &known, &world.app.code()).await.status, 200);
    row("POST /login/mfa, code, known device", (3, 4));
    for code in world.wrong_codes().take(20) {
        show(&api.at_address("198.51.100.7"), &token, &code).await;
    }
    calls(&world);
    let over = show(&api.at_address("198.51.100.7"), &token, &wrong[0]).await;
    assert_eq!(over.status, 429);
    row("POST /login/mfa, over the allowance", (1, 3));

    hold(rows);
}

#[tokio::test]
async fn each_request_with_a_passkey_keeps_to_its_budget() {
    let world = World::with(&[("LOGIN_BURST", "20")]).await;
    let (api, session) = (&world.api, &world.session);
    let mut passkey = passkey_of(&world, "ada").await;
    let known = session.login_again("ada", testing::PASSWORD).await;
    let known = crate::mfa_token(&known);
    let token = world.mfa_token().await;
    let mut answers = Vec::new();
    for _ in 0..4 {
        answers.push(passkey.sign_in(&world.stack.passkey_request().await));
    }
    passkey.rp_id = "example.org".to_owned();
    let wrong = passkey.sign_in(&world.stack.passkey_request().await);
    show_passkey(api, &token, &answers[0]).await;
    let shown = json!({ "passkey": answers[0] });
    session.post("/step-up", &shown).await;
    calls(&world);
    let mut rows = Vec::new();
    let mut row =
        |what: &str, budget: (usize, usize)| rows.push((what.to_owned(), calls(&world), budget));

    assert_eq!(show_passkey(api, &token, &json!({})).await.status, 401);
    row("POST /login/mfa, forged passkey", (0, 0));
    assert_eq!(show_passkey(api, &token, &answers[1]).await.status, 200);
    row("POST /login/mfa, passkey", (2, 3));
    assert_eq!(show_passkey(api, &token, &answers[1]).await.status, 401);
    row("POST /login/mfa, passkey, answered before", (2, 3));
    assert_eq!(show_passkey(api, &token, &wrong).await.status, 401);
    row("POST /login/mfa, passkey, refused", (2, 3));
    let shown = json!({ "passkey": answers[2] });
    assert_eq!(session.post("/step-up", &shown).await.status, 200);
    row("POST /step-up, passkey", (3, 4));
    assert_eq!(session.post("/step-up", &shown).await.status, 401);
    row("POST /step-up, passkey, answered before", (3, 4));
    assert_eq!(show_passkey(api, &known, &answers[3]).await.status, 200);
    row("POST /login/mfa, passkey, known device", (2, 3));
    hold(rows);
}

/// A request, its calls in sequence and in all, and its budget of both.
type Row = (String, (usize, usize), (usize, usize));

/// Prints what was counted, and holds it to the budgets.
fn hold(rows: Vec<Row>) {
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
