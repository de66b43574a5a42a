//! What administrators have mailed: invitations, links for new passwords, notices.

mod faults;

use std::collections::HashMap;

use accounts::Status;
use aws_sdk_dynamodb::types::AttributeValue;
use axum::http::Method;
use serde_json::{Value, json};
use tables::By;
use testing::stack::DOMAIN;
use testing::{Answer, Client, PASSWORD, Session, Stack, number};

use super::{delete, id_of, set_status};

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

fn text(row: &Row, name: &str) -> String {
    row[name].as_s().unwrap().clone()
}

fn expires_in(row: &Row) -> u64 {
    let at: u64 = row["expires_at"].as_n().unwrap().parse().unwrap();
    at - api::now()
}

#[tokio::test]
async fn somebody_is_invited_also_where_registration_is_closed() {
    let (stack, api, root) = with_root(&[]).await;
    let (first, again) = (stack.user("root").await, root.refreshed().await);
    let closed = stack.environment_with("REGISTRATION_MODE", Some("closed"));
    let closed = Client::function("admin", &closed).session(again.answer);
    let body =
        json!({ "email": " Grace@Example.com", "roles": ["introspector", "admin", "admin"] });
    let invited = invite(&closed, &body).await;
    assert_eq!(invited.status, 202, "{}", invited.json());
    assert_eq!(invited.json(), json!({ "expires_in": 259_200 }));

    let rows = rows(&stack, "signup").await;
    let [row] = &*rows else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(text(row, "to"), "grace@example.com");
    assert_eq!(text(row, "issuer"), format!("https://{DOMAIN}"));
    let data = row["data"].as_m().unwrap();
    assert_eq!(data["kind"].as_s().unwrap(), "invited");
    let roles = data["roles"].as_l().unwrap().iter();
    let roles: Vec<_> = roles.map(|role| role.as_s().unwrap().as_str()).collect();
    assert_eq!(roles, ["admin", "introspector"]);
    assert!((259_190..=259_200).contains(&expires_in(row)));
    assert!(!row.contains_key("user_id") && !row.contains_key("spent_at"));

    let letter = stack.letter("grace@example.com", "signup").await;
    let link = letter.link.as_deref().unwrap();
    let begins = format!("https://{DOMAIN}/signup/confirm?ticket=latchkey_signup_");
    assert!(link.starts_with(&begins), "{link}");
    assert!(letter.code.is_some());
    assert_eq!(stack.user("root").await, first, "the inviter is unchanged");
    assert_eq!(api.get("/", None).await.status, 200);
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
async fn an_invitation_that_cannot_be_is_refused_and_orders_nothing() {
    let (stack, api, root) = with_root(&[]).await;
    somebody(&stack, &api, "ada", false).await;
    for (body, status, field) in [
        (json!({}), 400, "email"),
        (json!({ "email": null }), 400, "email"),
        (json!({ "email": "grace" }), 400, "email"),
        (json!({ "email": 1 }), 400, "email"),
        (
            json!({ "email": "grace@example.com", "username": "grace" }),
            400,
            "username",
        ),
        (
            json!({ "email": "grace@example.com", "password": PASSWORD }),
            400,
            "password",
        ),
        (
            json!({ "email": "grace@example.com", "roles": "admin" }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": [1] }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": ["a king"] }),
            400,
            "roles",
        ),
        (
            json!({ "email": "grace@example.com", "roles": ["king"] }),
            400,
            "roles",
        ),
        (json!({ "email": "ADA@example.com" }), 409, "email"),
    ] {
        let answer = invite(&root, &body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.json());
        assert_eq!(answer.json()["errors"][0]["field"], json!(field), "{body}");
    }
    let taken = invite(&root, &json!({ "email": "ada@example.com" })).await;
    assert_eq!(taken.json()["error"], json!("email_taken"));
    let unknown = invite(
        &root,
        &json!({ "email": "a@example.com", "roles": ["king"] }),
    )
    .await;
    assert_eq!(
        unknown.json()["errors"][0]["detail"],
        json!("may contain only these: admin, introspector")
    );
    let form = root.form("/admin/users", "email=grace@example.com").await;
    assert_eq!(form.status, 415);
    assert_eq!(rows(&stack, "signup").await.len(), 0);
    for absent in [json!(null), json!([])] {
        let body = json!({ "email": "grace@example.com", "roles": absent });
        assert_eq!(invite(&root, &body).await.status, 202, "{body}");
    }
}

#[tokio::test]
async fn a_link_for_a_new_password_goes_to_the_address_of_the_account() {
    let (stack, api, root) = with_root(&[]).await;
    let id = somebody(&stack, &api, "ada", false).await;
    let sent = send_reset(&root, &id).await;
    assert_eq!(sent.status, 202, "{}", sent.json());
    assert_eq!(sent.json(), json!({ "expires_in": 1_800 }));
    let rows = rows(&stack, "reset").await;
    let [row] = &*rows else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(
        (text(row, "to"), text(row, "user_id")),
        ("ada@example.com".to_owned(), id)
    );
    assert_eq!(text(row, "issuer"), format!("https://{DOMAIN}"));
    assert_eq!(row["epoch"].as_n().unwrap(), "0");
    let data = row["data"].as_m().unwrap();
    assert_eq!(data["address"].as_s().unwrap(), "ada@example.com");
    assert!((1_790..=1_800).contains(&expires_in(row)));
    let letter = stack.letter("ada@example.com", "reset").await;
    let begins = format!("https://{DOMAIN}/reset-password?ticket=latchkey_reset_");
    assert!(letter.link.as_deref().unwrap().starts_with(&begins));
    assert!(letter.code.is_some());
}

#[tokio::test]
async fn a_link_for_a_new_password_is_refused_where_nobody_could_use_it() {
    let (stack, api, root) = with_root(&[]).await;
    api.sign_up("eve").await;
    let eve = id_of(&stack, "eve").await;
    let ada = somebody(&stack, &api, "ada", false).await;
    assert_eq!(set_status(&root, &ada, "disabled").await.status, 200);
    let own = id_of(&stack, "root").await;
    let nobody = "019f8a3c-5f0e-7c3a-9c1b-2f6d1f0e8a12";
    for (id, status, says) in [
        (&*eve, 409, "no e-mail address"),
        (&*ada, 409, "disabled"),
        (&*own, 403, "own account"),
        (nobody, 404, ""),
        ("x", 404, ""),
    ] {
        let answer = send_reset(&root, id).await;
        assert_eq!(answer.status, status, "{id}: {}", answer.json());
        let problem = answer.json();
        assert!(
            problem["detail"].as_str().unwrap().contains(says),
            "{problem}"
        );
    }
    assert_eq!(rows(&stack, "reset").await.len(), 0);
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
    assert_eq!(stack.items("MailsTable").await.len(), 0);
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
    assert_eq!(stack.items("MailsTable").await.len(), 0);
}

#[tokio::test]
async fn whose_account_is_disabled_or_deleted_is_told_at_a_proven_address() {
    let (stack, api, root) = with_root(&[]).await;
    for (name, verified) in [("ada", true), ("eve", false)] {
        let id = somebody(&stack, &api, name, verified).await;
        let told = async |kind: &str| {
            let rows = rows(&stack, "notice").await.into_iter();
            let of_kind = |row: &Row| {
                let data = row["data"].as_m().unwrap();
                data["kind"].as_s().unwrap() == kind && text(row, "user_id") == id
            };
            rows.filter(of_kind).count()
        };
        for status in ["disabled", "disabled", "active"] {
            assert_eq!(set_status(&root, &id, status).await.status, 200);
            assert_eq!(told("disabled").await, usize::from(verified), "{status}");
        }
        let path = format!("/admin/users/{id}");
        assert_eq!(delete(&root, &format!("{path}/sessions")).await, 204);
        assert_eq!(delete(&root, &path).await, 204);
        assert_eq!(told("deleted").await, usize::from(verified));
    }
    assert_eq!(rows(&stack, "notice").await.len(), 2);
    let letters = stack.letters("ada@example.com").await;
    assert_eq!(letters.len(), 2);
    for letter in letters {
        assert_eq!(letter.purpose, "notice");
        assert!(letter.link.is_none() && letter.code.is_none());
    }
}

#[tokio::test]
async fn without_mail_an_account_is_disabled_and_nobody_is_told() {
    let stack = Stack::start().await;
    let api = stack.api();
    let root = stack.administrator(&api, "root").await;
    let id = somebody(&stack, &api, "ada", true).await;
    stack.wire.take();
    assert_eq!(set_status(&root, &id, "disabled").await.status, 200);
    let tables = stack.wire.take().into_iter().flat_map(|sent| sent.uses);
    let tables: Vec<_> = tables.map(|(_, table)| table).collect();
    assert!(
        !tables.iter().any(|table| table.contains("Mails")),
        "{tables:?}"
    );
    assert_eq!(stack.user("ada").await.status, Status::Disabled);
}
