//! An authenticator app: a secret, its first code, and its end.

use std::collections::BTreeSet;

use accounts::WaysIn;
use futures_util::future::join_all;
use serde_json::{Value, json};
use testing::{Authenticator, Stack};

use super::{confirm, held, listed, offered, refusal, ways_in};

const NONE: (Value, u64, &str) = (Value::Null, 0, "optional");

fn summary(listed: &Value) -> (Value, u64, &str) {
    let left = listed["recovery_codes_left"].as_u64().unwrap();
    let rule = listed["second_factor"].as_str().unwrap();
    (listed["totp"].clone(), left, rule)
}

#[tokio::test]
async fn an_authenticator_is_asked_for_from_its_first_code_on_and_every_other_session_ends() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let other = api.sign_in("ada").await;
    assert_eq!(summary(&listed(&ada).await), NONE);

    let offer = offered(&ada).await;
    let authenticator = Authenticator::offered(&offer);
    let offer = offer.json();
    let secret = offer["secret"].as_str().unwrap();
    let domain = "abc123.execute-api.eu-west-1.amazonaws.com";
    let uri = format!("otpauth://totp/{domain}:ada?secret={secret}&issuer={domain}");
    assert_eq!(
        (&offer["otpauth_uri"], &offer["expires_in"]),
        (&json!(uri), &json!(600))
    );
    let image = offer["qr_code"].as_str().unwrap();
    assert!(image.starts_with("<svg ") && image.ends_with("</svg>"));
    assert_eq!(
        summary(&listed(&ada).await),
        NONE,
        "it waits for its first code"
    );
    assert_eq!(other.get("/me").await.status, 200);

    let now = api::now();
    let confirmed = confirm(&ada, &authenticator.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    let codes = confirmed.json()["recovery_codes"].clone();
    let codes: BTreeSet<String> = serde_json::from_value(codes).unwrap();
    assert_eq!(codes.len(), 10);
    assert_eq!(confirmed.json().get("mfa_token"), None, "it has a session");

    let (totp, left, rule) = (&listed(&ada).await["totp"], 10, "required");
    assert_eq!(totp["locked"], false);
    assert!((now..now + 60).contains(&totp["added_at"].as_u64().unwrap()));
    assert_eq!(summary(&listed(&ada).await), (totp.clone(), left, rule));
    assert_eq!(other.get("/me").await.status, 401);
    assert_eq!(other.refresh().await.status, 401);
    let claims = stack.claims(&ada.refreshed().await.access_token);
    assert_eq!(claims.amr, ["pwd", "otp", "mfa"]);
    assert_eq!(ways_in(&stack, "ada").await, WaysIn::default().with_totp());
    let user = stack.user("ada").await;
    assert!(user.factor_added_at.unwrap() >= now);
}

#[tokio::test]
async fn the_code_that_confirms_has_counted() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let authenticator = Authenticator::offered(&offered(&ada).await);
    let step = api::now() / 30 + 1;
    // The next code, which counts already: a phone may be ahead.
    let code = authenticator.code_in(1);
    assert_eq!(confirm(&ada, &code).await.status, 200);
    let active = held(&stack, "ada").await.totp.unwrap().active.unwrap();
    assert!([step, step + 1].contains(&active.last_step), "{active:?}");
    assert_eq!(active.failures, 0);
    let again = confirm(&ada, &code).await;
    assert_eq!(refusal(&again), (409, Value::Null), "no secret waits");
}

#[tokio::test]
async fn a_wrong_code_confirms_nothing_and_the_right_one_still_does() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let none = confirm(&ada, "123456").await;
    assert_eq!(refusal(&none), (409, Value::Null), "no secret waits");
    let replaced = Authenticator::offered(&offered(&ada).await);
    let authenticator = Authenticator::offered(&offered(&ada).await);
    let eve = api.sign_up("eve").await;
    let foreign = Authenticator::offered(&offered(&eve).await);
    let right = authenticator.code();
    for wrong in [
        authenticator.code_in(-3),
        authenticator.code_in(3),
        replaced.code(),
        foreign.code(),
    ] {
        let refused = confirm(&ada, &wrong).await;
        assert_eq!(refusal(&refused), (400, json!("invalid_code")), "{wrong}");
    }
    for malformed in ["", "12345", "1234567", "12345a", "１２３４５６", "null"] {
        let refused = confirm(&ada, malformed).await;
        assert_eq!(refusal(&refused), (400, json!("invalid_request")));
        assert_eq!(refused.json()["errors"][0]["field"], "code");
    }
    for body in [
        json!({}),
        json!({ "code": 123_456 }),
        json!({ "code": "123456", "a": 1 }),
    ] {
        let refused = ada.put("/me/totp", &body).await;
        assert_eq!(refusal(&refused), (400, json!("invalid_request")), "{body}");
    }
    assert_eq!(ways_in(&stack, "ada").await, WaysIn::default());
    assert_eq!(held(&stack, "ada").await.recovery, None);
    let typed = format!(" {}-{} ", &right[..3], &right[3..]);
    assert_eq!(confirm(&ada, &typed).await.status, 200);
}

#[tokio::test]
async fn another_secret_takes_over_at_its_first_code_and_not_before() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let (_, codes) = ada.enrol().await;
    let first = held(&stack, "ada").await.totp.unwrap();
    let second = Authenticator::offered(&offered(&ada).await);
    let waiting = held(&stack, "ada").await.totp.unwrap();
    assert_eq!(waiting.active, first.active, "it counts on");
    let confirmed = confirm(&ada, &second.code()).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.json());
    let after = held(&stack, "ada").await.totp.unwrap();
    assert_eq!(after.pending, None);
    assert_ne!(after.active.unwrap().secret, first.active.unwrap().secret);
    assert_ne!(confirmed.json()["recovery_codes"], json!(codes));
    assert_eq!(listed(&ada).await["recovery_codes_left"], 10);
}

#[tokio::test]
async fn of_many_uses_of_a_first_code_at_once_one_confirms() {
    let stack = Stack::unthrottled().await;
    let ada = stack.api().sign_up("ada").await;
    let code = Authenticator::offered(&offered(&ada).await).code();
    let uses = join_all((0..20).map(|_| confirm(&ada, &code))).await;
    let mut statuses: Vec<_> = uses.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses[0], 200);
    // Whoever comes after has the epoch of before.
    assert!(
        statuses[1..]
            .iter()
            .all(|status| [401, 409, 503].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(listed(&ada).await["second_factor"], "required");
}

#[tokio::test]
async fn no_app_is_asked_for_once_it_is_removed_and_its_codes_go_with_it() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    let nothing = ada.delete("/me/totp").await;
    assert_eq!(nothing.status, 204, "there is none");
    let other = api.sign_in("ada").await;
    assert_eq!(other.get("/me").await.status, 200, "nothing has changed");
    ada.enrol().await;
    let before = stack.user("ada").await;
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    assert_eq!(summary(&listed(&ada).await), NONE);
    let kept = held(&stack, "ada").await;
    assert_eq!((kept.totp, kept.recovery), (None, None));
    assert_eq!(ways_in(&stack, "ada").await, WaysIn::default());
    let after = stack.user("ada").await;
    assert_eq!(after.epoch, before.epoch.next(), "every other session ends");
    assert_eq!(ada.delete("/me/totp").await.status, 204);
}

#[tokio::test]
async fn the_recovery_codes_stay_where_a_passkey_does() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    stack.give_passkey(&stack.user("ada").await).await;
    let (_, codes) = ada.enrol().await;
    assert_eq!(ada.delete("/me/totp").await.status, 204);
    assert_eq!(listed(&ada).await["recovery_codes_left"], codes.len());
    let left = ways_in(&stack, "ada").await;
    let passkey = WaysIn::default().with_passkey().asking_for_passkey(true);
    assert_eq!(left, passkey, "it is still asked for");
}
