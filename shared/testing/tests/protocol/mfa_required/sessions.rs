//! The level of a session: in its tokens, at its refresh, and where its account asks for one.

use accounts::{AuthMethod, Authentication, Methods, WaysIn};
use api::{Gateway, TokenIssuer};
use serde_json::{Value, json};
use testing::{OTHER_PASSWORD, PASSWORD, Stack, number};

use super::{requiring, tokens};

/// The methods of a session, and the claims that they lead to.
const LEVELS: [(&[&str], &[&str], Option<&str>); 6] = [
    (&["pwd"], &["pwd"], Some("aal1")),
    (&["pwd", "otp"], &["pwd", "otp", "mfa"], Some("aal2")),
    (&["pop", "user"], &["pop", "user", "mfa"], Some("aal2")),
    (&["email"], &["email"], None),
    (&["email", "otp"], &["email", "otp"], Some("aal1")),
    (&["fed"], &["fed"], Some("aal1")),
];

#[tokio::test]
async fn tokens_name_the_methods_and_the_level_and_introspection_does_too() {
    let stack = Stack::start().await;
    let api = stack.api();
    let judge = stack.administrator(&api, "judge").await;
    let mut ada = api.sign_up("ada").await;
    for (methods, amr, acr) in LEVELS {
        stack.begun_with(&ada, methods).await;
        ada = ada.refreshed().await;
        let claims = stack.claims(&ada.access_token);
        assert_eq!(
            (json!(claims.amr), claims.acr.as_deref()),
            (json!(amr), acr)
        );
        for token in [&ada.access_token, &ada.refresh_token] {
            let form = format!("token={token}");
            let said = judge.form("/oauth2/introspect", &form).await.json();
            assert_eq!(said["amr"], json!(amr));
            assert_eq!(said.get("acr"), acr.map(Value::from).as_ref());
        }
    }
    let found = api.get("/.well-known/openid-configuration", None).await;
    let levels = json!(["aal1", "aal2", "phr"]);
    assert_eq!(found.json()["acr_values_supported"], levels);
    let claims = found.json()["claims_supported"].clone();
    let has = |claim| claims.as_array().unwrap().contains(&json!(claim));
    assert!(has("acr") && has("amr"));
}

#[tokio::test]
async fn a_session_below_the_level_of_everybody_is_refreshed_no_more() {
    let stack = Stack::start().await;
    let (before, all) = (stack.api(), requiring(&stack, "all"));
    let ended = before.sign_up("eve").await;
    ended.logout().await;
    let of_ended = all.refresh(&ended.refresh_token).await;
    let judge = stack.administrator(&before, "judge").await;
    stack.begun_with(&judge, &["pwd", "otp"]).await;
    let judge = all.session(judge.answer);
    for (index, (methods, _, acr)) in LEVELS.into_iter().enumerate() {
        let ada = before.sign_up(&format!("ada{index}")).await;
        stack.begun_with(&ada, methods).await;
        for whom in ["off", "admins"] {
            let other = before.sign_in(&format!("ada{index}")).await;
            stack.begun_with(&other, methods).await;
            let refreshed = requiring(&stack, whom).refresh(&other.refresh_token).await;
            assert_eq!(refreshed.status, 200, "{methods:?} {whom}");
        }
        let form = format!("token={}", ada.refresh_token);
        let said = judge.form("/oauth2/introspect", &form).await.json();
        let is_active = acr == Some("aal2");
        assert_eq!(said["active"], json!(is_active), "{methods:?}: {said}");
        let refreshed = all.refresh(&ada.refresh_token).await;
        let body = refreshed.json();
        if is_active {
            assert_eq!(refreshed.status, 200, "{methods:?}: {body}");
            continue;
        }
        assert_eq!(refreshed.status, 401, "{methods:?}");
        assert_eq!(body["error"], json!("invalid_grant"));
        assert_eq!(body["detail"], of_ended.json()["detail"], "as an ended one");
        assert_eq!(tokens(&body), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn a_session_that_was_raised_is_refreshed_again() {
    let stack = Stack::start().await;
    let all = requiring(&stack, "all");
    let ada = stack.api().sign_up("ada").await;
    stack.begun_with(&ada, &["pwd", "otp"]).await;
    let refreshed = all.session(all.refresh(&ada.refresh_token).await);
    let claims = stack.claims(&refreshed.access_token);
    assert_eq!(claims.acr.as_deref(), Some("aal2"));
    let replayed = all.refresh(&ada.refresh_token).await;
    assert_eq!(
        replayed.status,
        200,
        "within the grace: {}",
        replayed.json()
    );
}

#[tokio::test]
async fn nothing_signs_a_token_of_a_session_below_the_level_of_everybody() {
    let stack = Stack::start_with(&[("ISSUER_URL", "https://auth.example.com")]).await;
    stack.api().sign_up("ada").await;
    let user = stack.user("ada").await;
    let (gateway, now) = (Gateway::default(), api::now());
    for (whom, methods, status) in [
        ("off", AuthMethod::PASSWORD.into(), None),
        ("admins", AuthMethod::EMAIL.into(), None),
        ("all", AuthMethod::PASSWORD.into(), Some(500)),
        ("all", AuthMethod::EMAIL.into(), Some(500)),
        ("all", Methods::passkey(), None),
    ] {
        let environment = stack.environment_with("MFA_REQUIRED", Some(whom));
        let issuer = TokenIssuer::new(&environment).unwrap();
        let sign_in = issuer.open(&gateway, now).await.unwrap();
        let proof = Authentication::by(methods, now);
        let lifetime = environment.session_lifetime().unwrap();
        let (session, secret) = sign_in.begin(user.owner(), proof, lifetime).unwrap();
        assert_eq!(sign_in.permits(&session), status.is_none(), "{whom}");
        let answer = sign_in.answer(&user, &session, secret);
        let refused = answer.err().map(|error| error.status().as_u16());
        assert_eq!(refused, status, "{whom} {:?}", session.authentication);
    }
}

/// The other of the two passwords.
fn other(password: &str) -> &'static str {
    if password == PASSWORD {
        OTHER_PASSWORD
    } else {
        PASSWORD
    }
}

#[tokio::test]
async fn a_new_password_takes_the_level_that_its_account_asks_for() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let none = WaysIn::default();
    let totp = none.clone().with_totp();
    let (mut ada, mut current) = (api.sign_up("ada").await, PASSWORD);
    for (whom, ways_in, methods, needed) in [
        ("off", &none, &["email"][..], Some("aal1")),
        ("off", &none, &["pwd"], None),
        ("off", &totp, &["pwd"], Some("aal2")),
        ("off", &totp, &["email", "otp"], Some("aal2")),
        ("off", &totp, &["pwd", "otp"], None),
        ("admins", &none, &["pwd"], None),
        ("all", &none, &["pwd"], Some("aal2")),
        ("all", &none, &["pop", "user"], None),
    ] {
        let what = format!("{whom} {ways_in:?} {methods:?}");
        stack.give_ways_in("ada", ways_in.clone()).await;
        stack.begun_with(&ada, methods).await;
        let there = requiring(&stack, whom).session(ada.answer.clone());
        let answer = there.change_password(current, other(current)).await;
        let Some(needed) = needed else {
            assert_eq!(answer.status, 200, "{what}: {}", answer.json());
            ada = api.session(answer);
            current = other(current);
            let amr = stack.claims(&ada.access_token).amr;
            for method in methods.iter().chain(&["pwd"]) {
                assert!(amr.contains(&(*method).to_owned()), "{what}: {amr:?}");
            }
            continue;
        };
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"]),
            (401, &json!(STEP_UP)),
            "{what}"
        );
        let acr_values = format!(r#"acr_values="{needed}""#);
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.contains(&acr_values), "{what}: {challenge}");
        assert_eq!(tokens(&body), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn a_new_password_makes_an_old_second_factor_no_younger() {
    let stack = Stack::start().await;
    let mut ada = stack.api().sign_up("ada").await;
    let mut current = PASSWORD;
    for (methods, stays) in [
        (&["pwd"][..], false),
        (&["pwd", "otp"], true),
        (&["pop", "user"], true),
        (&["pwd", "email"], false),
    ] {
        stack.begun_with(&ada, methods).await;
        stack.set("SessionsTable", "auth_time", number(1)).await;
        let changed = ada.change_password(current, other(current)).await;
        assert_eq!(changed.status, 200, "{}", changed.json());
        current = other(current);
        ada = stack.api().session(changed);
        let claims = stack.claims(&ada.access_token);
        assert_eq!(claims.auth_time == 1, stays, "{methods:?}");
        assert_eq!(claims.fresh, !stays, "{methods:?}");
        let listed = ada.get("/me/sessions").await.json();
        let used = &listed["sessions"][0]["last_used_at"];
        assert!(used.as_u64().unwrap() > 1, "{methods:?}: {listed}");
        let is_fresh = ada.post("/me/recovery-codes", &Value::Null).await.status != 401;
        assert_eq!(is_fresh, !stays, "{methods:?}");
    }
}

const STEP_UP: &str = "insufficient_user_authentication";
