//! Who may add a second factor, and how a sign-in goes on afterwards.

use std::sync::Arc;

use accounts::{AuthMethod, MacKeys, MfaPurpose, MfaToken, Owner, Status, User, WaysIn};
use api::{Enroller, EnrollingGuard, Environment, Error, MfaChallenges, RefreshKeys, SessionGuard};
use axum::extract::{FromRef, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tables::By;
use testing::{Client, PASSWORD, Stack, number};

use super::mfa_token;

#[derive(Clone, FromRef)]
struct App {
    guard: Arc<EnrollingGuard>,
    keys: Arc<RefreshKeys>,
    challenges: Arc<MfaChallenges>,
}

/// Says whose request it is and, as if a factor was added, what comes next.
async fn enrol(State(app): State<App>, enroller: Enroller) -> Result<Json<Value>, Error> {
    let now = api::now();
    let ways_in = enroller.user.ways_in.clone().with_totp();
    let new = enroller.user.without_sessions().with_factor(ways_in, now);
    let keys = app.keys.at(now).await?;
    let next = enroller.next_challenge(&app.challenges, &new, &keys, now)?;
    Ok(Json(json!({
        "user": enroller.user.id.to_string(),
        "has_session": enroller.session.is_some(),
        "is_enrolling": matches!(enroller.by(), By::Enrolling),
        "next": next,
    })))
}

/// The API of a stack, and beside it a route for those who may add a factor.
fn with_own(environment: &Environment) -> Client {
    let guard = Arc::new(SessionGuard::new(environment).unwrap());
    let app = App {
        guard: Arc::new(EnrollingGuard::new(environment, guard).unwrap()),
        keys: Arc::new(RefreshKeys::new(environment).unwrap()),
        challenges: Arc::new(environment.mfa_challenges().unwrap()),
    };
    let own = api::layered(Router::new().route("/enrol", get(enrol)).with_state(app));
    let router = testing::router::router(environment).merge(own);
    Client::with_own(router, &["GET /enrol"])
}

async fn keys(stack: &Stack) -> Arc<MacKeys> {
    let keys = RefreshKeys::new(&stack.environment()).unwrap();
    keys.at(api::now()).await.unwrap()
}

fn token(owner: Owner, purpose: MfaPurpose) -> MfaToken {
    MfaToken {
        purpose,
        owner,
        issued_at: api::now(),
        methods: AuthMethod::PASSWORD.into(),
        device: None,
    }
}

#[tokio::test]
async fn an_access_token_of_a_fresh_session_may() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    for (rule, factor, methods, auth_time, status) in [
        ("off", false, &["pwd"][..], None, 200),
        ("off", false, &["pwd"], Some(1), 401),
        ("off", false, &["email"], None, 401),
        ("off", true, &["pwd"], None, 401),
        ("off", true, &["pwd", "otp"], None, 200),
        ("off", true, &["pwd", "otp"], Some(1), 401),
        ("admins", false, &["pwd"], None, 200),
        ("all", false, &["pwd"], None, 401),
        ("all", false, &["pop", "user"], None, 200),
    ] {
        let what = format!("{rule} {factor} {methods:?} {auth_time:?}");
        let none = WaysIn::default();
        let ways_in = if factor { none.with_totp() } else { none };
        stack.give_ways_in("ada", ways_in).await;
        stack.begun_with(&ada, methods).await;
        let at = auth_time.unwrap_or_else(api::now);
        stack.set("SessionsTable", "auth_time", number(at)).await;
        let api = with_own(&stack.environment_where(&[("MFA_REQUIRED", rule)]));
        let answer = api.get("/enrol", Some(&ada.access_token)).await;
        assert_eq!(answer.status, status, "{what}: {}", answer.json());
        let body = answer.json();
        if status == 200 {
            assert_eq!(body["has_session"], json!(true));
            assert_eq!(
                (&body["is_enrolling"], &body["next"]),
                (&json!(false), &Value::Null)
            );
        } else {
            assert_eq!(
                body["error"],
                json!("insufficient_user_authentication"),
                "{what}"
            );
        }
    }
    let api = with_own(&stack.environment());
    assert_eq!(api.get("/enrol", None).await.status, 401);
    assert_eq!(api.get("/enrol", Some("e30.e30.e30")).await.status, 401);
}

#[tokio::test]
async fn the_token_of_a_login_without_a_factor_may_and_goes_on_with_the_next_one() {
    let stack = Stack::start_with(&[("MFA_REQUIRED", "all")]).await;
    let api = with_own(&stack.environment());
    let before = stack.environment_with("MFA_REQUIRED", Some("off"));
    let earlier = Client::api(&before).sign_up("ada").await;
    let ada = stack.user("ada").await;
    let login = api
        .session(earlier.answer)
        .login_again("ada", PASSWORD)
        .await;
    assert_eq!(login.status, 403, "{}", login.json());
    let text = login.json()["mfa_token"].as_str().unwrap().to_owned();
    stack.wire.take();
    let answer = api.get("/enrol", Some(&text)).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let body = answer.json();
    assert_eq!(body["user"], json!(ada.id.to_string()));
    assert_eq!(
        (&body["has_session"], &body["is_enrolling"]),
        (&json!(false), &json!(true))
    );

    let next = &body["next"];
    assert_eq!(next["methods"], json!(["totp", "recovery_code"]));
    assert_eq!(next["expires_in"], json!(300));
    let first = mfa_token(&stack, &login.json(), MfaPurpose::Enrol)
        .await
        .unwrap();
    let next = mfa_token(&stack, next, MfaPurpose::SignIn).await.unwrap();
    assert_eq!(
        next.owner.epoch,
        ada.epoch.next(),
        "of the account with the factor"
    );
    assert_eq!((&next.methods, next.device), (&first.methods, first.device));
    assert!(next.device.is_some());

    let calls = stack.wire.take();
    let calls = calls
        .iter()
        .filter(|call| call.uses.iter().all(|(_, table)| table != "KeysTable"));
    let calls: Vec<_> = calls.map(|call| call.operation.as_str()).collect();
    assert_eq!(calls, ["GetItem"], "of the account");
}

#[tokio::test]
async fn any_other_mfa_token_is_refused() {
    let stack = Stack::start_with(&[("MFA_REQUIRED", "all")]).await;
    let api = with_own(&stack.environment());
    api.register("ada", PASSWORD).await;
    let (ada, keys) = (stack.user("ada").await, keys(&stack).await);
    let right = token(ada.owner(), MfaPurpose::Enrol);
    let text = right.to_text(&keys).unwrap();
    assert_eq!(api.get("/enrol", Some(&text)).await.status, 200);

    let nobody = User::register(ada.names.clone(), api::now());
    let mut wrong = vec![
        format!("{}A", *text),
        text[..text.len() - 1].to_owned(),
        text.replace("latchkey_mfa_", "latchkey_rt_"),
        "latchkey_mfa_".to_owned(),
    ];
    let changed = [
        token(ada.owner(), MfaPurpose::SignIn),
        token(nobody.owner(), MfaPurpose::Enrol),
        token(
            Owner {
                epoch: ada.epoch.next(),
                ..ada.owner()
            },
            MfaPurpose::Enrol,
        ),
    ];
    wrong.extend(
        changed
            .iter()
            .map(|token| token.to_text(&keys).unwrap().to_string()),
    );
    for text in wrong {
        let answer = api.get("/enrol", Some(&text)).await;
        assert_eq!(answer.status, 401, "{text}: {}", answer.json());
        let error = if text.starts_with("latchkey_mfa_") {
            "invalid_grant"
        } else {
            "invalid_token"
        };
        assert_eq!(answer.json()["error"], json!(error), "{text}");
        assert!(answer.header("www-authenticate").is_some());
    }
}

#[tokio::test]
async fn what_becomes_of_the_account_meanwhile_ends_the_token() {
    let stack = Stack::start_with(&[("MFA_REQUIRED", "all")]).await;
    let api = with_own(&stack.environment());
    type Change = fn(&User) -> User;
    let changes: [(&str, Change); 5] = [
        ("a second factor", |user| {
            user.with_ways_in(WaysIn::default().with_totp())
        }),
        ("a passkey", |user| {
            user.with_ways_in(WaysIn::default().with_passkey())
        }),
        ("a new password", User::without_sessions),
        ("shut out", |user| user.with_status(Status::Disabled)),
        ("another language", |user| user.with_locale(None)),
    ];
    for (index, (what, change)) in changes.into_iter().enumerate() {
        let name = format!("ada{index}");
        let registered = api.register(&name, PASSWORD).await.json();
        let text = registered["mfa_token"].as_str().unwrap();
        let before = stack.user(&name).await;
        let accounts = stack.environment().accounts().unwrap();
        let after = change(&before);
        let changed = accounts.change(&before, &after, By::Operator, None);
        changed.await.unwrap();
        let answer = api.get("/enrol", Some(text)).await;
        let expected = if what == "another language" { 200 } else { 401 };
        assert_eq!(answer.status, expected, "{what}: {}", answer.json());
    }
    let registered = api.register("eve", PASSWORD).await.json();
    let eve = stack.user("eve").await;
    let accounts = stack.environment().accounts().unwrap();
    let factors = stack.environment().factors().unwrap();
    let deleted = accounts.delete(&factors, &eve, By::Operator, None).await;
    deleted.unwrap();
    let text = registered["mfa_token"].as_str();
    assert_eq!(api.get("/enrol", text).await.status, 401, "deleted");
}
