//! Registration where everybody must have a second factor.

use accounts::{MfaPurpose, Purpose, UserId};
use local::functions::Function;
use serde_json::{Value, json};
use testing::{Answer, Client, PASSWORD, Stack};

use super::{mfa_token, requiring, tokens};

/// Holds the answer to a registration to what it is where a factor is to be enrolled first.
async fn is_to_enrol(stack: &Stack, registered: &Answer) {
    let body = registered.json();
    assert_eq!(registered.status, 201, "{body}");
    assert_eq!(
        (&body["methods"], &body["expires_in"]),
        (&json!([]), &json!(600))
    );
    assert_eq!(tokens(&body), Vec::<&str>::new());
    assert_eq!(body.get("email_ticket"), None::<&Value>);
    let token = mfa_token(stack, &body, MfaPurpose::Enrol).await.unwrap();
    let id = body["user"]["id"].as_str().and_then(UserId::parse);
    assert_eq!(Some(token.owner.user_id), id);
    assert!(stack.items("SessionsTable").await.is_empty(), "no session");
}

#[tokio::test]
async fn a_new_account_has_no_tokens_before_its_first_factor() {
    let stack = Stack::start().await;
    let all = requiring(&stack, "all");
    is_to_enrol(&stack, &all.register("ada", PASSWORD).await).await;
    assert_eq!(all.register("ada", PASSWORD).await.status, 409);
    let login = all.login("ada", PASSWORD).await;
    assert_eq!((login.status, &login.json()["methods"]), (403, &json!([])));
    for whom in ["off", "admins"] {
        let registered = requiring(&stack, whom)
            .register(&format!("{whom}.eve"), PASSWORD)
            .await;
        assert_eq!(tokens(&registered.json()).len(), 2, "{whom}");
        assert_eq!(registered.json().get("mfa_token"), None::<&Value>);
    }
}

#[tokio::test]
async fn an_account_by_mail_has_no_tokens_either() {
    let variables = [("MFA_REQUIRED", "all"), ("REGISTRATION_MODE", "confirmed")];
    let stack = Stack::with_mail(&variables).await;
    let api = stack.api();
    let nobody = accounts::User::register(names("nobody"), api::now());
    let ticket = stack.ticket(Purpose::Signup, &nobody).await;
    let body = json!({ "ticket": ticket, "username": "ada", "password": PASSWORD });
    let registered = api.post("/register/confirm", &body).await;
    is_to_enrol(&stack, &registered).await;
    assert_eq!(registered.json()["user"]["email_verified"], json!(true));
}

fn names(username: &str) -> accounts::Names {
    let username = accounts::Username::parse(username).unwrap();
    accounts::Names::new(Some(username), None).unwrap()
}

#[tokio::test]
async fn nobody_registers_who_could_never_enrol() {
    let stack = Stack::with_mail(&[]).await;
    let start = |mode, whom| {
        let variables = [("REGISTRATION_MODE", mode), ("MFA_REQUIRED", whom)];
        let environment = stack.environment_where(&variables);
        Function::named("register").start(&environment).map(drop)
    };
    let refused = start("open", "all").unwrap_err().to_string();
    assert_eq!(
        refused,
        "REGISTRATION_MODE is open, but MFA_REQUIRED is all and MAIL_FROM is set: take confirmed, \
         or nobody could enrol."
    );
    for mode in ["open", "confirmed", "closed"] {
        for whom in ["off", "admins", "all"] {
            let starts = start(mode, whom).is_ok();
            assert_eq!(starts, (mode, whom) != ("open", "all"), "{mode} {whom}");
        }
    }
    let wrong = stack.environment_with("MFA_REQUIRED", Some("some"));
    let wrong = Function::named("register").start(&wrong).map(drop);
    let wrong = wrong.unwrap_err().to_string();
    assert_eq!(wrong, "MFA_REQUIRED must be one of: off, admins, all.");
}

#[tokio::test]
async fn without_mail_an_open_registration_can_enrol() {
    let stack = Stack::start_with(&[("MFA_REQUIRED", "all")]).await;
    let api = Client::function("register", &stack.environment());
    let body = json!({ "email": "ada@example.com", "password": PASSWORD });
    is_to_enrol(&stack, &api.post("/register", &body).await).await;
}
