//! Every route with every kind of token, as one table.

#![expect(
    clippy::unwrap_used,
    reason = "a test's helpers fail by panicking, as the test does"
)]

mod support;

use std::collections::BTreeSet;

use accounts::Status;
use axum::http::Method;
use claims::{Algorithm, Claims, Expected, KeySet, PrivateKey, Role};
use local::Template;
use serde_json::{Value, json};
use support::{OTHER_PASSWORD, PASSWORD};
use testing::{Client, Stack, openapi};

/// What a route wants of an access token.
#[derive(Clone, Copy, PartialEq)]
enum Wants {
    Nothing,
    /// A refresh token in the body, and no access token.
    RefreshToken,
    /// A signature and claims.
    Token,
    /// A session that is alive.
    Session,
    /// And a scope that the account's roles confer.
    Scope,
}

/// A token that is brought.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Brings {
    NoToken,
    Expired,
    Forged,
    OtherAudience,
    RevokedSession,
    DisabledUser,
    MissingScope,
    TheRightOne,
}

use Brings::*;

const STATES: [Brings; 8] = [
    NoToken,
    Expired,
    Forged,
    OtherAudience,
    RevokedSession,
    DisabledUser,
    MissingScope,
    TheRightOne,
];

type Row = (Method, &'static str, Wants, u16, Option<Value>);

/// Every method of every route, and the status that it has when nothing stands in its way.
fn routes() -> Vec<Row> {
    let named = json!({ "username": "adam", "password": PASSWORD });
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    let login = json!({ "username": "eve", "password": PASSWORD });
    let (username, disabled) = (
        json!({ "username": "adam" }),
        json!({ "status": "disabled" }),
    );
    let roles = json!({ "roles": ["admin"] });
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let (patch, delete) = (Method::PATCH, Method::DELETE);
    use Wants::{Nothing, RefreshToken, Scope, Session, Token};
    vec![
        (get.clone(), "/", Nothing, 200, None),
        (get.clone(), "/.well-known/jwks.json", Nothing, 200, None),
        (
            get.clone(),
            "/.well-known/openid-configuration",
            Nothing,
            200,
            None,
        ),
        (get.clone(), "/openapi.json", Nothing, 200, None),
        (post.clone(), "/register", Nothing, 201, Some(named)),
        (post.clone(), "/login", Nothing, 200, Some(login)),
        (post.clone(), "/refresh", RefreshToken, 200, None),
        (post.clone(), "/logout", Token, 204, None),
        (get.clone(), "/protected", Session, 200, None),
        (get.clone(), "/me", Session, 200, None),
        (patch.clone(), "/me", Session, 200, Some(username)),
        (delete.clone(), "/me", Session, 204, None),
        (put.clone(), "/me/password", Session, 204, Some(passwords)),
        (get.clone(), "/me/sessions", Session, 200, None),
        (delete.clone(), "/me/sessions", Session, 204, None),
        (delete.clone(), "/me/sessions/{id}", Session, 204, None),
        (post.clone(), "/oauth2/introspect", Scope, 200, None),
        (post.clone(), "/oauth2/revoke", Nothing, 200, None),
        (get.clone(), "/admin/users", Scope, 200, None),
        (get, "/admin/users/{id}", Scope, 200, None),
        (patch, "/admin/users/{id}", Scope, 200, Some(disabled)),
        (delete.clone(), "/admin/users/{id}", Scope, 204, None),
        (put, "/admin/users/{id}/roles", Scope, 200, Some(roles)),
        (delete, "/admin/users/{id}/sessions", Scope, 204, None),
    ]
}

fn expected(wants: Wants, brings: Brings, success: u16) -> u16 {
    match (wants, brings) {
        (Wants::Nothing, _) | (_, TheRightOne) => success,
        (Wants::RefreshToken, NoToken | Expired | Forged | OtherAudience) => success,
        (_, NoToken | Expired | Forged | OtherAudience) => 401,
        (Wants::RefreshToken | Wants::Session | Wants::Scope, RevokedSession | DisabledUser) => 401,
        (Wants::Scope, MissingScope) => 403,
        _ => success,
    }
}

/// What a genuine token becomes in other hands.
fn altered(stack: &Stack, token: &str, brings: Brings) -> String {
    let issuer = format!("https://{}", testing::stack::DOMAIN);
    let keys = KeySet::new([stack.key.jwk().clone()]).unwrap();
    let ours = Expected {
        issuer: &issuer,
        audience: "latchkey",
    };
    let now = api::now();
    let claims = keys.verify(token, &ours, now).unwrap();
    match brings {
        Expired => {
            let (iat, nbf, exp) = (now - 7_200, now - 7_200, now - 6_300);
            let expired = Claims {
                iat,
                nbf,
                exp,
                ..claims
            };
            stack.key.sign(&expired).unwrap()
        }
        OtherAudience => {
            let aud = "another".to_owned();
            stack.key.sign(&Claims { aud, ..claims }).unwrap()
        }
        Forged => {
            let (stranger, _) = PrivateKey::generate(Algorithm::Es256).unwrap();
            stranger.sign(&claims).unwrap()
        }
        _ => token.to_owned(),
    }
}

/// Brings a token to a route of a stack of its own, and gives back the status.
async fn bring(row: &Row, brings: Brings) -> u16 {
    let (method, path, wants, _, body) = row;
    let stack = Stack::start().await;
    let api = support::api(&stack);
    let eve = api.register("eve", PASSWORD).await.json();
    api.register("ada", PASSWORD).await;
    if *wants == Wants::Scope && brings != MissingScope {
        support::grant(&stack, "ada", vec![Role::Admin]).await;
    }
    let login = api.login("ada", PASSWORD).await;
    let token = login.access_token();
    let refresh_token = json!({ "refresh_token": login.refresh_token() });
    let body = match wants {
        Wants::RefreshToken => Some(refresh_token),
        _ => body.clone(),
    };
    match brings {
        RevokedSession => assert_eq!(api.logout(&token).await.status, 204),
        DisabledUser => {
            let ada = support::user(&stack, "ada").await;
            let disabled = ada.with_status(Status::Disabled);
            let accounts = stack.environment().accounts().unwrap();
            let by = tables::By::Operator;
            accounts.change(&ada, &disabled, by).await.unwrap();
        }
        _ => {}
    }
    let token = altered(&stack, &token, brings);
    let token = (brings != NoToken).then_some(token.as_str());
    let path = path.replace("{id}", eve["user"]["id"].as_str().unwrap());
    let answer = if path.starts_with("/oauth2/") {
        api.form(&path, token, "token=unknown").await
    } else {
        api.call(method.clone(), &path, token, body.as_ref()).await
    };
    challenged(&answer, *wants);
    answer.status
}

/// A guarded route says what is wrong in the terms of RFC 6750.
fn challenged(answer: &testing::Answer, wants: Wants) {
    if [Wants::Nothing, Wants::RefreshToken].contains(&wants)
        || ![401, 403].contains(&answer.status)
    {
        return;
    }
    let challenge = answer.header("www-authenticate").unwrap();
    match answer.json()["error"].as_str() {
        None => assert_eq!((answer.status, challenge), (401, "Bearer")),
        Some(code) => assert!(challenge.contains(&format!("error=\"{code}\""))),
    }
}

#[tokio::test]
async fn every_route_answers_every_kind_of_token_as_it_should() {
    let routes = routes();
    let paths: BTreeSet<_> = routes.iter().map(|row| row.1.to_owned()).collect();
    let deployed = Template::load().routes().into_iter();
    assert_eq!(paths, deployed.map(|route| route.path).collect());
    let covered: BTreeSet<_> = routes
        .iter()
        .map(|row| format!("{} {}", row.0, row.1))
        .collect();
    assert_eq!(covered, openapi::operations().into_keys().collect());

    let states = STATES.map(|state| format!("{state:?}"));
    println!("| route | {} |", states.join(" | "));
    println!("| --- |{}", " --- |".repeat(STATES.len()));
    let mut wrong = Vec::new();
    for row in routes {
        let (method, path, wants, success, _) = &row;
        let mut cells = Vec::new();
        for brings in STATES {
            let status = bring(&row, brings).await;
            if status != expected(*wants, brings, *success) {
                wrong.push(format!("{method} {path}, {brings:?}: {status}"));
            }
            cells.push(status.to_string());
        }
        println!("| {method} {path} | {} |", cells.join(" | "));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_is_answered_with_those_it_has() {
    let stack = Stack::start().await;
    let api = support::api(&stack);
    for route in Template::load().routes() {
        let answer = wrong_method(&api, &route.path).await;
        assert_eq!(answer.status, 405, "{}", route.path);
        assert!(answer.header("allow").is_some(), "{}", route.path);
    }
}

async fn wrong_method(api: &Client, path: &str) -> testing::Answer {
    api.call(Method::TRACE, path, None, None).await
}
