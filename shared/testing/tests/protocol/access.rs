//! Every route with every kind of token, as one table. The routes and what they ask for are those of openapi.json.

use std::sync::Arc;

use accounts::Status;
use claims::{Algorithm, Claims, PrivateKey};
use local::openapi::Access;
use serde_json::{Value, json};
use testing::{Client, Stack};

use crate::sample::{Sample, samples};

/// The token of a request.
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

fn expected(access: &Access, brings: Brings, success: u16) -> u16 {
    match (access, brings) {
        (Access::Anyone, _) | (_, TheRightOne) => success,
        (Access::RefreshToken, NoToken | Expired | Forged | OtherAudience) => success,
        (_, NoToken | Expired | Forged | OtherAudience) => 401,
        // Only the signature and the claims count: what is to end may have ended.
        (Access::Either, _) => success,
        (_, RevokedSession | DisabledUser) => 401,
        (Access::Scope(_), MissingScope) => 403,
        (_, MissingScope) => success,
    }
}

/// A genuine token, altered as this state says.
fn altered(stack: &Stack, token: &str, brings: Brings) -> String {
    let (claims, now) = (stack.claims(token), api::now());
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

/// Brings a token to a route on behalf of accounts of its own, and gives back the status. Events log `ada` in: here this is
/// another account than the one that calls.
async fn bring(stack: &Stack, api: &Client, cell: usize, route: &Sample, brings: Brings) -> u16 {
    let ada = api.sign_up_with_address(&format!("ada{cell}")).await;
    let username = format!("eve{cell}");
    let mut eve = api.sign_up(&username).await;
    if matches!(route.access, Access::Scope(_)) && brings != MissingScope {
        stack.grant(&username, &["admin"]).await;
        eve = eve.refreshed().await;
    }
    match brings {
        RevokedSession => assert_eq!(eve.logout().await.status, 204),
        DisabledUser => {
            let user = stack.user(&username).await;
            let disabled = user.with_status(Status::Disabled);
            let accounts = stack.environment().accounts().unwrap();
            let by = tables::By::Operator;
            accounts.change(&user, &disabled, by, None).await.unwrap();
        }
        _ => {}
    }
    // A route that needs a token needs a ticket of the same account.
    let owner = match route.access {
        Access::Token => username.clone(),
        _ => format!("ada{cell}"),
    };
    let owner = stack.user(&owner).await;
    let route = route.clone().prepared(stack, &owner).await;
    let confirmed = confirmed(stack);
    let api = match route.key.split_once(' ') {
        Some((_, "/signup")) => &confirmed,
        _ => api,
    };
    let token = altered(stack, &eve.access_token, brings);
    let token = (brings != NoToken).then_some(token.as_str());
    let id = ada.user_id();
    let answer = match route.access {
        Access::RefreshToken => {
            let body = json!({ "refresh_token": eve.refresh_token });
            route.send_body(api, token, &id, &body).await
        }
        // A token in the body would win.
        Access::Either => route.send_body(api, token, &id, &Value::Null).await,
        // A name that nobody has.
        _ if route.success == 201 => route.send(api, token, &id, &format!("{cell}.new")).await,
        _ => route.send(api, token, &id, &cell.to_string()).await,
    };
    challenged(&answer, &route.access);
    answer.status
}

/// The API where people sign up by mail alone.
fn confirmed(stack: &Stack) -> Client {
    let environment = stack.environment_with("REGISTRATION_MODE", Some("confirmed"));
    Client::function("register", &environment)
}

/// A guarded route says what is wrong in the terms of RFC 6750.
fn challenged(answer: &testing::Answer, access: &Access) {
    if [Access::Anyone, Access::RefreshToken].contains(access)
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

/// The operations that need no access token. The table takes this from openapi.json: a guard that is dropped there and in
/// the code together fails here.
const OPEN: [&str; 27] = [
    "GET /",
    "GET /.well-known/jwks.json",
    "GET /.well-known/openid-configuration",
    "GET /.well-known/webauthn",
    "GET /account/email",
    "GET /forgot-password",
    "GET /openapi.json",
    "GET /reset-password",
    "GET /signup",
    "GET /signup/confirm",
    "HEAD /account/email",
    "HEAD /forgot-password",
    "HEAD /reset-password",
    "HEAD /signup/confirm",
    "POST /forgot-password",
    "POST /login",
    "POST /login/mfa",
    "POST /login/passkey",
    "POST /login/passkey/options",
    "POST /logout",
    "POST /oauth2/revoke",
    "POST /refresh",
    "POST /register",
    "POST /register/confirm",
    "POST /reset-password",
    "POST /signup",
    "POST /signup/confirm",
];

#[test]
fn all_operations_but_these_need_an_access_token() {
    let mut routes = samples();
    routes.retain(|route| !matches!(route.access, Access::Token | Access::Scope(_)));
    let keys: Vec<_> = routes.iter().map(|route| route.key.as_str()).collect();
    assert_eq!(keys, OPEN);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_route_answers_every_kind_of_token_as_it_should() {
    let routes = samples();
    let states = STATES.map(|state| format!("{state:?}"));
    println!("| route | {} |", states.join(" | "));
    println!("| --- |{}", " --- |".repeat(STATES.len()));
    let stack = Arc::new(Stack::unthrottled_with_mail().await);
    let api = stack.api();
    let statuses = routes.iter().enumerate().map(|(line, route)| {
        let cells = STATES.iter().enumerate().map(|(column, brings)| {
            let (stack, api, route, brings) = (stack.clone(), api.clone(), route.clone(), *brings);
            let cell = line * STATES.len() + column;
            tokio::spawn(async move { bring(&stack, &api, cell, &route, brings).await })
        });
        cells.collect::<Vec<_>>()
    });
    let statuses: Vec<_> = statuses.collect();
    let mut wrong = Vec::new();
    for (route, row) in routes.iter().zip(statuses) {
        let mut cells = Vec::new();
        for (brings, status) in STATES.into_iter().zip(row) {
            let status = status.await.unwrap();
            if status != expected(&route.access, brings, route.success) {
                wrong.push(format!("{}, {brings:?}: {status}", route.key));
            }
            cells.push(status.to_string());
        }
        println!("| {} | {} |", route.key, cells.join(" | "));
    }
    assert_eq!(wrong, Vec::<String>::new());
}
