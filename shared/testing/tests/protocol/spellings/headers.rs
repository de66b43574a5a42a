//! Media types, charsets, content codings and the Authorization scheme.

use axum::http::Method;
use testing::{Answer, Client, PASSWORD, Stack};

use super::Table;

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Media types, and whether a route that reads `essence` reads them.
fn spellings(essence: &str) -> Vec<(String, bool)> {
    let read = [
        essence.to_owned(),
        essence.to_uppercase(),
        format!("{essence};charset=utf-8"),
        format!("{essence}; charset=UTF-8"),
        format!("{essence} ; Charset=\"utf-8\""),
        format!("{essence}; charset=\"ut\\f-8\""),
        format!("{essence}; charset=utf8"),
        format!("{essence}; charset=us-ascii"),
        format!("{essence};"),
        format!("{essence}; profile=\"; charset=utf-16\"; v=1"),
    ];
    let refused = [
        format!("{essence}; charset=iso-8859-1"),
        format!("{essence}; charset=\"UTF-16\""),
        format!("{essence}; v=\"\\\"\"; charset=utf-16"),
        format!("{essence}; charset="),
        format!("{essence}, {essence}"),
        format!("{essence} charset=utf-8"),
        format!("{essence}x"),
        "text/json".to_owned(),
        "application/ld+json".to_owned(),
        "application/json-patch+json".to_owned(),
        "multipart/form-data; boundary=x".to_owned(),
        "text/plain".to_owned(),
        "*/*".to_owned(),
        String::new(),
    ];
    let read = read.into_iter().map(|text| (text, true));
    let refused = refused.into_iter().map(|text| (text, false));
    read.chain(refused).collect()
}

async fn send(
    api: &Client,
    (method, path): (Method, &str),
    token: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Answer {
    let bearer = format!("Bearer {token}");
    let mut all = vec![("authorization", bearer.as_str())];
    all.extend(headers);
    api.send(method, path, &all, body.as_bytes()).await
}

#[tokio::test]
async fn a_media_type_has_a_case_and_parameters() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let token = api.sign_up("ada").await.access_token;
    let login = format!(r#"{{"username":"ada","password":"{PASSWORD}"}}"#);
    let form = format!("username=ada&password={PASSWORD}");
    let unknown = r#"{"refresh_token":"x"}"#;
    let (post, patch) = (Method::POST, Method::PATCH);
    let merge_patch = "application/merge-patch+json";
    let reads_both = format!("{JSON}, {FORM}");
    let patches = format!("{merge_patch}, {JSON}");
    let mut table = Table::of("media type");
    for (method, path, essence, body, success, accept) in [
        (
            &post,
            "/login",
            JSON,
            login.as_str(),
            200,
            reads_both.as_str(),
        ),
        (&post, "/login", FORM, &form, 200, &reads_both),
        (&post, "/refresh", JSON, unknown, 401, JSON),
        (&post, "/oauth2/revoke", FORM, "token=x", 200, FORM),
        (&patch, "/me", JSON, r#"{"username":"ada"}"#, 200, &patches),
        (
            &patch,
            "/me",
            merge_patch,
            r#"{"email":null}"#,
            200,
            &patches,
        ),
    ] {
        for (media_type, is_read) in spellings(essence) {
            let headers = [("content-type", media_type.as_str())];
            let answer = send(&api, (method.clone(), path), &token, &headers, body).await;
            let status = if is_read { success } else { 415 };
            table.row(&format!("{method} {path}"), &media_type, &answer, status);
            let name = if *method == patch {
                "accept-patch"
            } else {
                "accept"
            };
            let said = (!is_read).then_some(accept);
            assert_eq!(answer.header(name), said, "{path} {media_type}");
        }
        let twice = [("content-type", essence), ("content-type", essence)];
        let answer = send(&api, (method.clone(), path), &token, &twice, body).await;
        table.row(&format!("{method} {path}"), "two headers", &answer, 415);
    }
    for (method, path, media_type) in [
        (post, "/login", merge_patch),
        (Method::PUT, "/me/password", merge_patch),
        (patch, "/me", FORM),
    ] {
        let headers = [("content-type", media_type)];
        let answer = send(&api, (method.clone(), path), &token, &headers, &login).await;
        table.row(&format!("{method} {path}"), media_type, &answer, 415);
    }
}

#[tokio::test]
async fn a_body_has_no_coding_but_identity() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let token = api.sign_up("ada").await.access_token;
    let login = format!(r#"{{"username":"ada","password":"{PASSWORD}"}}"#);
    let mut table = Table::of("content coding");
    for (coding, status) in [
        ("", 200),
        ("identity", 200),
        ("Identity, identity", 200),
        ("gzip", 415),
        ("GZIP", 415),
        ("identity, br", 415),
        ("gzip, identity", 415),
        ("utf-8", 415),
    ] {
        let headers = [("content-type", JSON), ("content-encoding", coding)];
        let answer = send(&api, (Method::POST, "/login"), &token, &headers, &login).await;
        table.row("POST /login", coding, &answer, status);
        let said = (status == 415).then_some("identity");
        assert_eq!(answer.header("accept-encoding"), said, "{coding}");
    }
    let headers = [("content-type", FORM), ("content-encoding", "gzip")];
    let answer = send(
        &api,
        (Method::POST, "/oauth2/revoke"),
        &token,
        &headers,
        "token=x",
    )
    .await;
    table.row("POST /oauth2/revoke", "gzip", &answer, 415);
}

#[tokio::test]
async fn the_scheme_has_a_case_and_blanks_behind_it() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let token = api.sign_up("ada").await.access_token;
    let mut table = Table::of("Authorization");
    for (spelling, status) in [
        ("Bearer T", 200),
        ("bearer T", 200),
        ("BEARER T", 200),
        ("Bearer    T", 200),
        ("Bearer\tT", 401),
        ("Bearer \tT", 401),
        ("BearerT", 401),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("T", 401),
        ("", 401),
        ("Bearer \"T\"", 401),
        ("Bearer token=T", 401),
        ("Bearer T,", 401),
        ("Bearer T, Bearer T", 401),
        ("Bearer T T", 401),
        ("Basic T", 401),
        ("DPoP T", 401),
    ] {
        let value = spelling.replace('T', &token);
        let headers = [("authorization", value.as_str())];
        let answer = api.send(Method::GET, "/me", &headers, b"").await;
        table.row("GET /me", spelling, &answer, status);
    }
    let bearer = format!("Bearer {token}");
    let twice = [("authorization", bearer.as_str()); 2];
    let answer = api.send(Method::GET, "/me", &twice, b"").await;
    table.row("GET /me", "two headers", &answer, 401);
}
