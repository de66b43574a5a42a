//! The modes of registration, and a deployment without mail.

use axum::http::Method;
use claims::Role;
use serde_json::json;
use tables::PermittedSignup;
use testing::{Answer, PASSWORD, Stack};

use super::{ADA, EVE, FORM, World, ask, confirm, confirm_by_code, refusal, text};

async fn form(api: &testing::Client, path: &str, form: &str) -> Answer {
    let body = form.as_bytes();
    api.send(Method::POST, path, &[FORM], body).await
}

#[tokio::test]
async fn without_mail_each_route_says_which_parameter_switches_it_on() {
    for mode in ["open", "closed"] {
        let stack = Stack::start_with(&[("REGISTRATION_MODE", mode)]).await;
        let api = stack.api();
        let refused = confirm(&api, "latchkey_signup_x", "eve").await;
        assert_eq!(refusal(&refused), (403, json!("feature_disabled")));
        let detail = refused.json()["detail"].to_string();
        assert!(detail.contains("MailFrom"), "{detail}");
        for answer in [
            api.get("/signup", None).await,
            api.get("/signup/confirm?ticket=x", None).await,
            form(&api, "/signup", "email=eve%40example.com").await,
            form(&api, "/signup/confirm", "ticket=x&password=y").await,
        ] {
            assert_eq!(answer.status, 403);
            assert!(text(&answer).contains("This is not available here"));
        }
        let head = api.send(Method::HEAD, "/signup/confirm?ticket=x", &[], b"");
        assert_eq!(head.await.status, 403);
        assert_eq!(stack.count().await, 0);
    }
}

#[tokio::test]
async fn confirmed_registration_without_mail_does_not_start() {
    let stack = Stack::start().await;
    let environment = stack.environment_with("REGISTRATION_MODE", Some("confirmed"));
    let function = local::functions::Function::named("register");
    let error = function.start(&environment).map(drop).unwrap_err();
    assert_eq!(
        error.to_string(),
        "REGISTRATION_MODE is confirmed, but MAIL_FROM is empty."
    );
}

#[tokio::test]
async fn an_invitation_is_good_in_every_mode_and_confers_its_roles() {
    for mode in ["open", "confirmed", "closed"] {
        let world = World::with(&[("REGISTRATION_MODE", mode)]).await;
        let admin: Role = "admin".parse().unwrap();
        let invited = || PermittedSignup::Invited(vec![admin.clone()]);
        let [link, ..] = world.issue(invited(), EVE).await;
        let made = confirm(&world.api, &link, "eve").await;
        assert_eq!(made.status, 201, "{mode}: {}", made.json());
        assert_eq!(made.json()["user"]["roles"], json!(["admin"]));
        let eve = world.api.session(made);
        assert_eq!(eve.get("/admin/users").await.status, 200);
        let [_, handle, code] = world.issue(invited(), ADA).await;
        let made = confirm_by_code(&world.api, &handle, &code, "ada").await;
        assert_eq!(made.status, 201, "{mode}: {}", made.json());
    }
}

#[tokio::test]
async fn a_closed_registration_mails_nobody_who_asks() {
    let world = World::with(&[("REGISTRATION_MODE", "closed")]).await;
    for body in [
        json!({ "email": EVE }),
        json!({ "email": EVE, "password": PASSWORD }),
    ] {
        let refused = world.api.post("/register", &body).await;
        assert_eq!(refused.status, 403);
        assert_eq!(refused.json()["detail"], "Registration is closed");
    }
    for page in [
        world.api.get("/signup", None).await,
        world.form("/signup", "email=eve%40example.com").await,
    ] {
        assert_eq!(page.status, 403);
        assert!(!text(&page).contains("<form"));
    }
    assert!(world.stored().await.is_empty());
}

#[tokio::test]
async fn an_open_registration_has_no_page_that_mails_and_still_takes_passwords() {
    let world = World::with(&[("REGISTRATION_MODE", "open")]).await;
    for page in [
        world.api.get("/signup", None).await,
        world.form("/signup", "email=eve%40example.com").await,
    ] {
        assert_eq!(page.status, 403);
        assert!(text(&page).contains("This is not available here"));
    }
    assert_eq!(
        ask(&world.api, EVE).await.status,
        400,
        "a password is missing"
    );
    assert!(world.stored().await.is_empty());
    let body = json!({ "username": "eve", "password": PASSWORD });
    assert_eq!(world.api.post("/register", &body).await.status, 201);
}
