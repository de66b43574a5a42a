//! The mails that administrators order: invitations, links for new passwords, notices.

mod faults;
mod invitations;
mod notices;
mod resets;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::{Value, json};
use tables::By;
use testing::{Answer, Client, Session, Stack, number};

use super::id_of;

type Row = HashMap<String, AttributeValue>;

/// A stack that sends mail, and an administrator.
async fn with_root(variables: &[(&str, &str)]) -> (Stack, Client, Session) {
    let stack = Stack::with_mail(variables).await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    (stack, api, root)
}

async fn invite(session: &Session, body: &Value) -> Answer {
    session.post("/admin/users", body).await
}

async fn send_reset(session: &Session, id: &str) -> Answer {
    let path = format!("/admin/users/{id}/password-reset");
    session.call(Method::POST, &path, None).await
}

/// Registers somebody with an address, whose owner has proved to read it or has not.
async fn somebody(stack: &Stack, api: &Client, name: &str, verified: bool) -> String {
    let id = api.sign_up_with_address(name).await.user_id();
    if verified {
        stack.prove_address(name).await;
    }
    id
}

/// The rows of a purpose.
async fn rows(stack: &Stack, purpose: &str) -> Vec<Row> {
    let mut rows = stack.items("MailsTable").await;
    rows.retain(|row| text(row, "id").starts_with(&format!("{purpose}#")));
    rows
}

/// The number of tickets that administrators have had mailed.
async fn ordered(stack: &Stack) -> usize {
    rows(stack, "signup").await.len() + rows(stack, "reset").await.len()
}

fn text(row: &Row, name: &str) -> String {
    row[name].as_s().unwrap().clone()
}

fn expires_in(row: &Row) -> u64 {
    let at: u64 = row["expires_at"].as_n().unwrap().parse().unwrap();
    at - api::now()
}

#[tokio::test]
async fn a_mail_is_in_the_language_of_the_account_or_else_of_the_request() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", false).await;
    let bearer = format!("Bearer {}", root.access_token);
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("accept-language", "fr, de-AT;q=0.9, en;q=0.1"),
    ];
    let body = json!({ "email": "grace@example.com" }).to_string();
    let asked = api.send(Method::POST, "/admin/users", &headers, body.as_bytes());
    assert_eq!(asked.await.status, 202);
    let path = format!("/admin/users/{id}/password-reset");
    let asked = api.send(Method::POST, &path, &headers, b"").await;
    assert_eq!(asked.status, 202);
    for purpose in ["signup", "reset"] {
        assert_eq!(text(&rows(&stack, purpose).await[0], "locale"), "de");
    }
    let user = stack.user("ada").await;
    let english = user.with_locale(accounts::Locale::parse("en").ok());
    let accounts = stack.environment().accounts().unwrap();
    let changed = accounts.change(&user, &english, By::Operator, None).await;
    changed.unwrap();
    assert_eq!(
        api.send(Method::POST, &path, &headers, b"").await.status,
        202
    );
    let rows = rows(&stack, "reset").await;
    let mut locales: Vec<_> = rows.iter().map(|row| text(row, "locale")).collect();
    locales.sort();
    assert_eq!(locales, ["de", "en"]);
}

#[tokio::test]
async fn nobody_confers_a_scope_by_an_invitation_or_has_one_reset_that_they_lack() {
    let roles = "admin=users:read+users:write+tokens:introspect,support=users:read+users:write";
    let (stack, api, _) = with_root(&[("ROLES", roles)]).await;
    let root = somebody(&stack, &api, "chief", false).await;
    stack.grant("chief", &["admin"]).await;
    api.sign_up("support").await;
    stack.grant("support", &["support"]).await;
    let support = api.sign_in("support").await;
    let body = |roles: Value| json!({ "email": "grace@example.com", "roles": roles });
    for refused in [
        invite(&support, &body(json!(["admin"]))).await,
        invite(&support, &body(json!(["support", "admin"]))).await,
        send_reset(&support, &root).await,
    ] {
        assert_eq!(refused.status, 403, "{}", refused.json());
        let detail = refused.json()["detail"].clone();
        assert!(detail.as_str().unwrap().contains("a scope that you lack"));
    }
    assert_eq!(ordered(&stack).await, 0);
    let granted = invite(&support, &body(json!(["support"]))).await;
    assert_eq!(granted.status, 202, "{}", granted.json());
}

#[tokio::test]
async fn ordering_a_mail_takes_the_scope_a_recent_login_and_a_deployment_with_mail() {
    let (stack, api, root) = with_root(&[]).await;
    let ada = api.sign_up("ada").await;
    let body = json!({ "email": "grace@example.com" });
    let id = id_of(&stack, "ada").await;
    for refused in [invite(&ada, &body).await, send_reset(&ada, &id).await] {
        assert_eq!(refused.status, 403);
        assert_eq!(refused.json()["error"], json!("insufficient_scope"));
    }
    let without = stack.environment_with("MAILS_TABLE", Some(""));
    let without = Client::function("admin", &without).session(root.answer.clone());
    for refused in [
        invite(&without, &body).await,
        send_reset(&without, &id).await,
    ] {
        assert_eq!(refused.status, 403);
        assert_eq!(refused.json()["error"], json!("feature_disabled"));
        let detail = refused.json()["detail"].clone();
        assert!(detail.as_str().unwrap().contains("MailFrom"), "{detail}");
    }
    let user = stack.user("root").await;
    let update = stack
        .engine
        .client()
        .update_item()
        .table_name("SessionsTable");
    let session = stack.claims(&root.access_token).sid;
    let update = update.key("user_id", AttributeValue::S(user.id.to_string()));
    let update = update.key("id", AttributeValue::S(session));
    let update = update.update_expression("SET auth_time = :time");
    let update = update.expression_attribute_values(":time", number(api::now() - 301));
    update.send().await.unwrap();
    for stale in [invite(&root, &body).await, send_reset(&root, &id).await] {
        assert_eq!(stale.status, 401);
        let code = json!("insufficient_user_authentication");
        assert_eq!(stale.json()["error"], code);
    }
    assert_eq!(ordered(&stack).await, 0);
}

#[tokio::test]
async fn no_mail_of_an_administrator_describes_their_device_or_network() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", true).await;
    let invited = invite(&root, &json!({ "email": "new@example.com" })).await;
    let sent = send_reset(&root, &id).await;
    let disabled = super::set_status(&root, &id, "disabled").await;
    assert_eq!(
        (invited.status, sent.status, disabled.status),
        (202, 202, 200)
    );
    for purpose in ["signup", "reset", "notice"] {
        let rows = rows(&stack, purpose).await;
        assert!(!rows.is_empty(), "{purpose}");
        for row in rows {
            assert!(!row.contains_key("device"), "{purpose}");
            assert!(!row.contains_key("network"), "{purpose}");
        }
    }
}
