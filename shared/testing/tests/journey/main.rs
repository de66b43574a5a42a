//! The black-box journey of one person, against the API in this process or, where `LATCHKEY_URL`
//! names one, a running one with the grace of the template, of which `LATCHKEY_ADMINISTRATOR` is
//! one: `USERNAME:PASSWORD`. Where its CORS allows an origin, `LATCHKEY_ORIGIN` names that. Those of
//! people who get mails take a running one that sends them, to the inbox `LATCHKEY_INBOX`.

#![cfg(test)]

mod administration;
mod discovery;
mod letters;
mod mail;
mod origin;
mod second_factors;

use std::time::Duration;

use administration::{Administrator, administration};
use claims::Algorithm;
use discovery::discovery;
use letters::Letters;
use serde_json::{Value, json};
use testing::{Client, OTHER_PASSWORD, PASSWORD, Session, Stack};

/// Of the API in this process and of one that runs, in seconds.
const GRACES: (&str, u64) = ("2", 10);

#[tokio::test]
async fn a_person_registers_signs_in_and_reaches_what_is_protected() {
    match std::env::var("LATCHKEY_URL") {
        Ok(url) => {
            let administrator = std::env::var("LATCHKEY_ADMINISTRATOR").unwrap();
            let administrator = Administrator::parse(&administrator);
            let api = Client::at(&url);
            if let Ok(origin) = std::env::var("LATCHKEY_ORIGIN") {
                origin::preflights(&url, &origin).await;
                origin::requests(&api, &origin).await;
            }
            journeys(&api, &administrator, GRACES.1).await;
        }
        Err(_) => {
            let (grace, seconds) = (GRACES.0, GRACES.0.parse().unwrap());
            for algorithm in Algorithm::ALL.map(Algorithm::as_str) {
                let variables = [("SIGNING_ALGORITHM", algorithm), ("REFRESH_GRACE", grace)];
                let stack = Stack::start_with(&variables).await;
                let api = stack.api();
                stack.administrator(&api, "root").await;
                let administrator = Administrator::parse(&format!("root:{PASSWORD}"));
                journeys(&api, &administrator, seconds).await;
            }
        }
    }
}

#[tokio::test]
async fn whoever_forgets_a_password_or_moves_to_another_address_gets_letters() {
    let (api, letters) = with_letters(&[]).await;
    let administrator = administrator(&api, &letters).await;
    mail::open(&api, &letters, &administrator).await;
    println!("the journey took {} requests", api.sent());
}

#[tokio::test]
async fn somebody_protects_an_account_with_an_app_and_a_passkey() {
    let (api, letters) = with_letters(&[("MFA_BURST", "20")]).await;
    let administrator = administrator(&api, &letters).await;
    second_factors::second_factors(&api, &letters, &administrator).await;
    println!("the journey took {} requests", api.sent());
}

#[tokio::test]
async fn an_address_is_proven_before_its_account_is_made() {
    let modes = [
        ("REGISTRATION_MODE", "confirmed"),
        ("EMAIL_CHANGE_DELAY", "0"),
    ];
    let (api, letters) = with_letters(&modes).await;
    mail::confirmed(&api, &letters).await;
    println!("the journey took {} requests", api.sent());
}

#[tokio::test]
async fn whoever_needs_a_second_factor_enrols_one_first() {
    let modes = [("REGISTRATION_MODE", "confirmed"), ("MFA_REQUIRED", "all")];
    let (api, letters) = with_letters(&modes).await;
    second_factors::enrolled_first(&api, &letters).await;
    println!("the journey took {} requests", api.sent());
}

/// The administrator of a stack that sends letters.
async fn administrator(api: &Client, letters: &Letters) -> Administrator {
    Administrator::parse(&match letters {
        Letters::Inbox(_) => std::env::var("LATCHKEY_ADMINISTRATOR").unwrap(),
        Letters::InProcess(stack) => {
            stack.administrator(api, "root").await;
            format!("root:{PASSWORD}")
        }
    })
}

/// The API, in this process with these variables, and where its letters arrive.
async fn with_letters(variables: &[(&str, &str)]) -> (Client, Letters) {
    if let Ok(url) = std::env::var("LATCHKEY_URL") {
        let inbox = std::env::var("LATCHKEY_INBOX").unwrap();
        return (Client::at(&url), Letters::Inbox(inbox));
    }
    let stack = Stack::with_mail(variables).await;
    (stack.api(), Letters::InProcess(Box::new(stack)))
}

async fn journeys(api: &Client, administrator: &Administrator, grace: u64) {
    tokio::join!(journey(api, administrator), old_token(api, grace));
    println!("the journey took {} requests", api.sent());
}

async fn journey(api: &Client, administrator: &Administrator) {
    let unique = uuid::Uuid::new_v4().simple().to_string();
    let username = format!("Ada-{unique}");
    let email = format!("Ada-{unique}@Example.com");

    let welcome = api.get("/", None).await;
    assert_eq!(
        (welcome.status, welcome.json()["name"].clone()),
        (200, json!("Latchkey"))
    );

    let body = json!({ "username": username, "email": email, "password": PASSWORD });
    let registered = api.post("/register", &body).await;
    assert_eq!(registered.status, 201, "{}", registered.json());
    assert_eq!(registered.header("cache-control"), Some("no-store"));
    let registered = api.session(registered);
    let user = registered.user();
    assert_eq!(user["username"], json!(username));
    assert_eq!(user["email"], json!(email.to_lowercase()));
    assert_eq!(user["roles"], json!([]));
    assert_token_answer(&registered.answer.json());
    assert_protected(&registered, &user).await;

    let again = api.post("/register", &body).await;
    assert_eq!(again.status, 409);
    let taken: Vec<_> = again.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].clone())
        .collect();
    assert_eq!(taken, ["username", "email"]);

    for name in [
        json!({ "username": username.to_uppercase() }),
        json!({ "email": email.to_uppercase() }),
    ] {
        let mut body = name;
        body["password"] = json!(PASSWORD);
        let login = api.post("/login", &body).await;
        assert_eq!(login.status, 200, "{}", login.json());
        assert_eq!(login.header("cache-control"), Some("no-store"));
        assert!(login.json()["user"].is_null());
        assert_token_answer(&login.json());
        assert_protected(&api.session(login), &user).await;
    }

    let form = format!("username={username}&password=correct+horse%20battery+staple");
    let login = api.form("/login", None, &form).await;
    assert_eq!(login.status, 200, "{}", login.json());
    let login = api.session(login);

    let wrong = api.login(&username, "correct horse battery stable").await;
    let unknown = api.login(&format!("nobody-{unique}"), PASSWORD).await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.json()["detail"], json!("Invalid credentials"));
    assert_eq!(
        without_instance(wrong.json()),
        without_instance(unknown.json())
    );
    let names = |answer: &testing::Answer| answer.headers.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        (unknown.status, names(&unknown)),
        (wrong.status, names(&wrong))
    );

    let none = api.get("/protected", None).await;
    assert_eq!(
        (none.status, none.header("www-authenticate")),
        (401, Some("Bearer"))
    );

    let refreshed = login.refreshed().await;
    assert_token_answer(&refreshed.answer.json());
    assert_protected(&refreshed, &user).await;
    let again = login.refreshed().await;
    assert_eq!(
        again.refresh_token, refreshed.refresh_token,
        "the same successor"
    );

    late_tab(api, &username).await;
    discovery(api, &login.access_token).await;
    let refreshed = account(api, &username, &refreshed).await;

    let ended = refreshed.logout_by_refresh_token().await;
    assert_eq!((ended.status, ended.body.len()), (204, 0));
    assert_eq!(refreshed.refresh().await.status, 401);
    let refused = refreshed.get("/protected").await;
    assert_eq!(
        (refused.status, refused.json()["error"].clone()),
        (401, json!("invalid_token"))
    );

    let renamed = format!("{username}.2");
    // A client that keeps a refresh token sends it as the token of the device.
    let last = api.session(refreshed.login_again(&renamed, OTHER_PASSWORD).await);
    let deleted = last.delete("/me").await;
    assert_eq!(deleted.status, 204, "{}", deleted.json());
    assert_eq!(last.get("/me").await.status, 401);

    administration(api, administrator, &unique).await;
}

/// After the grace, a refresh token that was used before ends its session.
async fn old_token(api: &Client, grace: u64) {
    let username = format!("Old-{}", uuid::Uuid::new_v4().simple());
    let first = api.sign_up(&username).await;
    let second = first.refreshed().await;
    // Times are in whole seconds.
    tokio::time::sleep(Duration::from_secs(grace + 1)).await;
    assert_eq!(first.refresh().await.status, 401);
    assert_eq!(second.get("/protected").await.status, 401);
    assert_eq!(second.refresh().await.status, 401);
}

/// A token that was used before the last one is refused and, within the grace, ends nothing.
async fn late_tab(api: &Client, username: &str) {
    let first = api.sign_in(username).await;
    let third = first.refreshed().await.refreshed().await;
    assert_eq!(first.refresh().await.status, 401);
    assert_eq!(third.get("/protected").await.status, 200);
    assert_eq!(third.refreshed().await.logout().await.status, 204);
}

/// Uses an account as its owner does, in a session that stays, and returns its last tokens.
async fn account(api: &Client, username: &str, session: &Session) -> Session {
    let renamed = json!({ "username": format!("{username}.2") });
    let answer = session.patch("/me", &renamed).await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let me = session.get("/me").await;
    assert_eq!(me.json()["username"], renamed["username"]);

    let changed = session.change_password(PASSWORD, OTHER_PASSWORD).await;
    assert_eq!(changed.status, 200, "{}", changed.json());
    let answer = changed.json();
    assert_eq!(answer["expires_in"], json!(900));
    let left = answer["refresh_expires_in"].as_u64().unwrap();
    assert!(
        left <= REFRESH_EXPIRES_IN,
        "it ends when it would have ended"
    );
    assert_eq!(session.refresh().await.status, 401);
    let session = api.session(changed);
    let second = api.login(&format!("{username}.2"), OTHER_PASSWORD).await;
    assert_eq!(second.status, 200, "{}", second.json());
    let second = api.session(second);
    let list = session.get("/me/sessions").await.json();
    let sessions = list["sessions"].as_array().unwrap();
    assert_eq!(
        sessions.len(),
        2,
        "those before the new password have ended"
    );
    let newest = sessions[1]["id"].as_str().unwrap();
    let path = format!("/me/sessions/{newest}");
    assert_eq!(session.delete(&path).await.status, 204);
    assert_eq!(second.get("/me").await.status, 401);
    assert_eq!(session.delete("/me/sessions").await.status, 204);
    let denied = session.get("/admin/users").await;
    assert_eq!(
        (denied.status, denied.json()["error"].clone()),
        (403, json!("insufficient_scope"))
    );
    session
}

async fn assert_protected(session: &Session, user: &Value) {
    let answer = session.get("/protected").await;
    assert_eq!(answer.status, 200, "{}", answer.json());
    assert_eq!(
        answer.json()["message"],
        json!("You have accessed a protected endpoint!")
    );
    assert_eq!(&answer.json()["user"], user);
}

/// The template's `SessionIdleLifetime`, in seconds.
const REFRESH_EXPIRES_IN: u64 = 1_209_600;

/// RFC 6749 §5.1, with the default lifetime.
fn assert_token_answer(answer: &Value) {
    assert_eq!(answer["token_type"], json!("Bearer"));
    assert_eq!(answer["expires_in"], json!(900));
    assert_eq!(answer["refresh_expires_in"], json!(REFRESH_EXPIRES_IN));
    assert!(
        answer["refresh_token"]
            .as_str()
            .unwrap()
            .starts_with("latchkey_rt_")
    );
    assert!(answer["access_token"].as_str().unwrap().split('.').count() == 3);
}

fn without_instance(mut problem: Value) -> Value {
    assert!(
        problem
            .as_object_mut()
            .unwrap()
            .remove("instance")
            .is_some()
    );
    problem
}
