//! Every route with every kind of token, as one table.

use std::collections::BTreeSet;
use std::sync::Arc;

use accounts::Status;
use axum::http::Method;
use claims::{Algorithm, Claims, PrivateKey};
use serde_json::{Value, json};
use testing::{Client, OTHER_PASSWORD, PASSWORD, Stack, openapi};

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

/// Every method of every route, and the status that it has when nothing stands in its way. `{cell}` is the number of the cell
/// in the table, whose accounts are its own.
fn routes() -> Vec<Row> {
    let named = json!({ "username": "adam{cell}", "password": PASSWORD });
    let passwords = json!({ "current_password": PASSWORD, "password": OTHER_PASSWORD });
    let login = json!({ "username": "eve{cell}", "password": PASSWORD });
    let (username, disabled) = (
        json!({ "username": "adam{cell}" }),
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
        (put.clone(), "/me/password", Session, 200, Some(passwords)),
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

/// Brings a token to a route on behalf of accounts of its own, and gives back the status.
async fn bring(stack: &Stack, api: &Client, cell: usize, row: &Row, brings: Brings) -> u16 {
    let (method, path, wants, _, body) = row;
    let eve = api.sign_up(&format!("eve{cell}")).await;
    let username = format!("ada{cell}");
    let mut ada = api.sign_up(&username).await;
    if *wants == Wants::Scope && brings != MissingScope {
        stack.grant(&username, &["admin"]).await;
        ada = ada.refreshed().await;
    }
    let body = match wants {
        Wants::RefreshToken => Some(json!({ "refresh_token": ada.refresh_token })),
        _ => body.as_ref().map(|body| numbered(body, cell)),
    };
    match brings {
        RevokedSession => assert_eq!(ada.logout().await.status, 204),
        DisabledUser => {
            let user = stack.user(&username).await;
            let disabled = user.with_status(Status::Disabled);
            let accounts = stack.environment().accounts().unwrap();
            let by = tables::By::Operator;
            accounts.change(&user, &disabled, by).await.unwrap();
        }
        _ => {}
    }
    let token = altered(stack, &ada.access_token, brings);
    let token = (brings != NoToken).then_some(token.as_str());
    let path = path.replace("{id}", &eve.user_id());
    let answer = if path.starts_with("/oauth2/") {
        api.form(&path, token, "token=unknown").await
    } else {
        api.call(method.clone(), &path, token, body.as_ref()).await
    };
    challenged(&answer, *wants);
    answer.status
}

/// A body with the number of its cell.
fn numbered(body: &Value, cell: usize) -> Value {
    let text = body.to_string().replace("{cell}", &cell.to_string());
    serde_json::from_str(&text).unwrap()
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

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_route_answers_every_kind_of_token_as_it_should() {
    let routes = routes();
    let covered: BTreeSet<_> = routes
        .iter()
        .map(|row| format!("{} {}", row.0, row.1))
        .collect();
    assert_eq!(covered, openapi::operations().into_keys().collect());

    let states = STATES.map(|state| format!("{state:?}"));
    println!("| route | {} |", states.join(" | "));
    println!("| --- |{}", " --- |".repeat(STATES.len()));
    let stack = Arc::new(Stack::unthrottled().await);
    let api = stack.api();
    let statuses = routes.iter().enumerate().map(|(line, row)| {
        let cells = STATES.iter().enumerate().map(|(column, brings)| {
            let (stack, api, row, brings) = (stack.clone(), api.clone(), row.clone(), *brings);
            let cell = line * STATES.len() + column;
            tokio::spawn(async move { bring(&stack, &api, cell, &row, brings).await })
        });
        cells.collect::<Vec<_>>()
    });
    let statuses: Vec<_> = statuses.collect();
    let mut wrong = Vec::new();
    for ((method, path, wants, success, _), row) in routes.iter().zip(statuses) {
        let mut cells = Vec::new();
        for (brings, status) in STATES.into_iter().zip(row) {
            let status = status.await.unwrap();
            if status != expected(*wants, brings, *success) {
                wrong.push(format!("{method} {path}, {brings:?}: {status}"));
            }
            cells.push(status.to_string());
        }
        println!("| {method} {path} | {} |", cells.join(" | "));
    }
    assert_eq!(wrong, Vec::<String>::new());
}
