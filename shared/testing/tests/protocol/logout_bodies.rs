//! The body of a logout: a refresh token, however it is sent, and nothing else.

use axum::http::Method;
use serde_json::json;
use testing::wire::Fault;
use testing::{Answer, Client, Stack};

#[tokio::test]
async fn a_logout_without_a_token_is_refused() {
    let stack = Stack::start().await;
    let api = stack.api();
    let ada = api.sign_up("ada").await;
    for (media_type, body) in bodies_without_a_token() {
        let what = String::from_utf8_lossy(&body);
        let answer = log_out(&api, None, media_type, &body).await;
        assert_eq!(answer.status, 401, "{what}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"), "{what}");
        let answer = log_out(&api, Some("x"), media_type, &body).await;
        assert_eq!(answer.json()["error"], json!("invalid_token"), "{what}");
    }
    assert_eq!(ada.get("/protected").await.status, 200);
}

#[tokio::test]
async fn a_body_that_names_no_token_says_nothing_against_the_header() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    api.sign_up("ada").await;
    let unknown = [
        br#"{"refresh_token":"undefined"}"#.to_vec(),
        b"refresh_token=x".to_vec(),
    ];
    let unknown = unknown.map(|body| ("application/json", body));
    for (media_type, body) in bodies_without_a_token().into_iter().chain(unknown) {
        let what = String::from_utf8_lossy(&body);
        let ada = api.sign_in("ada").await;
        let answer = log_out(&api, Some(&ada.access_token), media_type, &body).await;
        assert_eq!(answer.status, 204, "{media_type} {what}");
        assert_eq!(
            ada.get("/protected").await.status,
            401,
            "{media_type} {what}"
        );
    }
}

#[tokio::test]
async fn a_refresh_token_in_the_body_is_found_whatever_the_body_is_said_to_be() {
    let stack = Stack::unthrottled().await;
    let api = stack.api();
    let bearer = api.sign_up("ada").await;
    for media_type in [
        JSON,
        FORM,
        "text/plain;charset=UTF-8",
        "",
        "application/xml",
        "*",
    ] {
        for (before, after) in [
            (r#"{"refresh_token":""#, r#""}"#),
            (
                "\u{feff} {\"all\":true,\"refresh_token\":\"",
                "\\n\",\"note\":[1,{}]}\r\n",
            ),
            (r#"{"refresh_token":null,"refresh_token":""#, r#""}"#),
            (r#"{"refresh\u005ftoken":""#, r#""}"#),
            ("refresh_token=", ""),
            ("all=&refresh%5Ftoken=+", "%0A&note"),
        ] {
            let ada = api.sign_in("ada").await;
            let body = format!("{before}{}{after}", ada.refresh_token);
            for access_token in [Some(bearer.access_token.as_str()), None] {
                let answer = log_out(&api, access_token, media_type, body.as_bytes()).await;
                assert_eq!(
                    (answer.status, answer.body.len()),
                    (204, 0),
                    "{media_type} {body}"
                );
            }
            assert_eq!(
                ada.get("/protected").await.status,
                401,
                "{media_type} {body}"
            );
        }
    }
    assert_eq!(bearer.get("/protected").await.status, 200, "the body wins");
}

#[tokio::test]
async fn a_logout_whose_keys_cannot_be_read_is_no_success() {
    let stack = Stack::start().await;
    let ada = stack.api().sign_up("ada").await;
    let api = stack.api();
    let fault = Fault::Refused(500, "InternalServerError");
    stack.wire.fail("GetItem", &fault, 100);
    for body in [&b"refresh_token=x"[..], b""] {
        let answer = log_out(&api, Some(&ada.access_token), FORM, body).await;
        assert_eq!(answer.status, 503);
    }
    stack.wire.mend();
    assert_eq!(ada.get("/protected").await.status, 200);
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// Logs out with any body, and an access token or none.
async fn log_out(api: &Client, token: Option<&str>, media_type: &str, body: &[u8]) -> Answer {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("content-type", media_type)];
    headers.extend(bearer.iter().map(|value| ("authorization", value.as_str())));
    api.send(Method::POST, "/logout", &headers, body).await
}

/// Bodies that name no token, and what they are said to be.
fn bodies_without_a_token() -> Vec<(&'static str, Vec<u8>)> {
    let mut bodies = vec![
        ("text/plain;charset=UTF-8", b"{}".to_vec()),
        ("multipart/form-data; boundary=x", b"--x--".to_vec()),
        (FORM, b"{}".to_vec()),
        (FORM, b"refresh_token=".to_vec()),
        (FORM, b"refresh_token=%ff".to_vec()),
        (FORM, b"token=x&all=true".to_vec()),
    ];
    let json = [
        "",
        "{}",
        "null",
        "[]",
        "\"text\"",
        "{\"refresh_token\":null}",
        "{\"refresh_token\":\"\"}",
        "{\"refresh_token\":\" \"}",
        "{\"refresh_token\":5}",
        "{\"refresh_token\":[\"x\"]}",
        "{\"refresh_token\":\"\\ud800\"}",
        "{\"all\":true}",
        "{",
        "&&&===",
    ];
    bodies.extend(json.map(|text| (JSON, text.as_bytes().to_vec())));
    let large = format!("{{\"refresh_token\":\"{}\"}}", "x".repeat(20_000));
    bodies.push((JSON, large.into_bytes()));
    bodies.push((JSON, vec![0xff, 0xfe, 0, 0]));
    bodies
}
