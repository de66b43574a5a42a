//! Tokens that a guarded route refuses.

use axum::http::Method;
use serde_json::json;
use testing::{Client, Stack};

/// A route that a stateless guard keeps, as an owner's service would.
mod stateless {
    use std::sync::Arc;

    use api::{StatelessGuard, Verified};
    use axum::extract::FromRef;
    use axum::routing::get;
    use axum::{Json, Router};

    #[derive(Clone, FromRef)]
    struct App {
        guard: Arc<StatelessGuard>,
    }

    pub(super) fn router(environment: &api::Environment) -> Router {
        let guard = Arc::new(StatelessGuard::new(environment).unwrap());
        let route = get(|Verified(claims): Verified| async move { Json(claims.sub) });
        api::layered(
            Router::new()
                .route("/stateless", route)
                .with_state(App { guard }),
        )
    }
}

async fn refused(api: &Client, authorization: &[&str], what: &str) {
    for path in ["/protected", "/stateless"] {
        let headers: Vec<_> = authorization
            .iter()
            .map(|value| ("authorization", *value))
            .collect();
        let answer = api.send(Method::GET, path, &headers, b"").await;
        assert_eq!(answer.status, 401, "{what} at {path}: {}", answer.json());
        let challenge = answer.header("www-authenticate").unwrap();
        match answer.json()["error"].as_str() {
            Some(code) => {
                assert!(code == "invalid_token" && challenge.contains(r#"error="invalid_token""#))
            }
            None => assert_eq!(challenge, "Bearer", "{what}"),
        }
    }
}

#[tokio::test]
async fn whatever_is_no_live_token_of_ours_is_refused() {
    let stack = Stack::start().await;
    let merged = stack
        .router()
        .merge(stateless::router(&stack.environment()));
    let api = Client::with_own(merged, &["GET /stateless"]);
    let token = api.sign_up("ada").await.access_token;
    for path in ["/protected", "/stateless"] {
        assert_eq!(api.get(path, Some(&token)).await.status, 200, "{path}");
    }

    let bearer = |token: &str| format!("Bearer {token}");
    let (head, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = head.split_once('.').unwrap();
    let other = if signature.starts_with('A') { 'B' } else { 'A' };
    for (what, token) in [
        ("nothing", String::new()),
        ("a word", "token".to_owned()),
        ("no signature", format!("{head}.")),
        ("no third part", head.to_owned()),
        (
            "a changed signature",
            format!("{head}.{other}{}", &signature[1..]),
        ),
        ("alg none", format!("eyJhbGciOiJub25lIn0.{payload}.")),
        ("another payload", format!("{header}.e30.{signature}")),
        ("padding", format!("{token}=")),
        // More is the gateway's to refuse.
        ("very long", "a".repeat(10_000)),
        ("two tokens", format!("{token},{token}")),
        (
            "two tokens with a space",
            format!("{token}, Bearer {token}"),
        ),
        ("a trailing space", format!("{token} ")),
    ] {
        refused(&api, &[&bearer(&token)], what).await;
    }
    refused(&api, &[], "no header").await;
    refused(&api, &[&bearer(&token), &bearer(&token)], "two headers").await;
    refused(&api, &["Basic YWRhOnBhc3N3b3Jk"], "another scheme").await;
    refused(&api, &[&token], "no scheme").await;
    refused(&api, &["Bearer"], "a scheme alone").await;

    for (name, value) in [
        ("cookie", format!("access_token={token}")),
        ("x-authorization", bearer(&token)),
    ] {
        let answer = api
            .send(Method::GET, "/protected", &[(name, &value)], b"")
            .await;
        assert_eq!(answer.status, 401, "{name}");
    }
    let answer = api
        .get(&format!("/protected?access_token={token}"), None)
        .await;
    assert_eq!(answer.status, 401, "a query");
    let headers = [("authorization", format!("bEaReR {token}"))];
    let answer = api
        .send(
            Method::GET,
            "/protected",
            &[(headers[0].0, &headers[0].1)],
            b"",
        )
        .await;
    assert_eq!(
        answer.status, 200,
        "the scheme is case-insensitive (RFC 9110 §11.1)"
    );
}

#[tokio::test]
async fn a_genuine_signature_does_not_help_wrong_claims() {
    let stack = Stack::start().await;
    let merged = stack
        .router()
        .merge(stateless::router(&stack.environment()));
    let api = Client::with_own(merged, &["GET /stateless"]);
    let ada = api.sign_up("ada").await;
    let genuine = stack.claims(&ada.access_token);
    let now = api::now();

    type Change = fn(&mut claims::Claims, u64);
    let changes: [(&str, Change); 5] = [
        ("has expired", |c, now| {
            (c.iat, c.nbf, c.exp) = (now - 7_200, now - 7_200, now - 6_300)
        }),
        ("is not valid yet", |c, now| {
            (c.iat, c.nbf) = (now + 600, now + 600)
        }),
        ("is from another issuer", |c, _| {
            c.iss = "https://evil.example.com".to_owned()
        }),
        ("is for another audience", |c, _| {
            c.aud = "another".to_owned()
        }),
        ("is malformed", |c, _| c.sub = String::new()),
    ];
    for (detail, change) in changes {
        let mut claims = genuine.clone();
        change(&mut claims, now);
        let forged = stack.key.sign(&claims).unwrap();
        for path in ["/protected", "/stateless"] {
            let answer = api.get(path, Some(&forged)).await;
            assert_eq!(answer.status, 401, "{detail}");
            assert_eq!(
                answer.json()["detail"],
                json!(format!("The access token {detail}"))
            );
        }
    }

    let (other, _) = claims::PrivateKey::generate(claims::Algorithm::Rs256).unwrap();
    let forged = other.sign(&genuine).unwrap();
    refused(
        &api,
        &[&format!("Bearer {forged}")],
        "signed by another key",
    )
    .await;
    for (sub, sid) in [
        ("ada", "x"),
        (&*genuine.sub, "../x"),
        (&*genuine.sid, &*genuine.sub),
    ] {
        let claims = claims::Claims {
            sub: sub.to_owned(),
            sid: sid.to_owned(),
            ..genuine.clone()
        };
        let forged = stack.key.sign(&claims).unwrap();
        assert_eq!(
            api.get("/protected", Some(&forged)).await.status,
            401,
            "{sub} {sid}"
        );
    }
}

#[tokio::test]
async fn a_token_refused_costs_no_read() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    assert_eq!(ada.get("/protected").await.status, 200);
    stack.wire.take();
    let (other, _) = claims::PrivateKey::generate(claims::Algorithm::Es256).unwrap();
    let forged = other.sign(&stack.claims(&ada.access_token)).unwrap();
    for _ in 0..100 {
        assert_eq!(api.get("/protected", Some(&forged)).await.status, 401);
    }
    assert_eq!(stack.wire.take(), []);
}

#[tokio::test]
async fn interleaved_callers_each_get_their_own_identity() {
    let stack = Stack::start().await;
    let api = stack.api();
    let mut people = Vec::new();
    for n in 0..8 {
        let name = format!("person{n}");
        let person = api.sign_up(&name).await;
        people.push((name, person));
    }
    let callers = people.into_iter().map(|(name, person)| {
        tokio::spawn(async move {
            for _ in 0..100 {
                let answer = person.get("/protected").await;
                assert_eq!(answer.json()["user"]["username"], json!(name), "{answer:?}");
            }
        })
    });
    for caller in callers.collect::<Vec<_>>() {
        caller.await.unwrap();
    }
}
