//! A router with pages, as a function has it.

use std::collections::HashMap;

use aws_smithy_runtime_api::client::behavior_version::BehaviorVersion;
use aws_types::SdkConfig;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http_body_util::BodyExt;
use pages::Errand;
use tower::ServiceExt;

use super::{AskedLanguage, Pages, Reader};
use crate::{Environment, Error, Feature, Gateway, JsonOrForm};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("content-type", "application/json");

/// `GET` fails as the query says; `POST` takes an address.
async fn look(request: Request) -> Result<Response, Error> {
    match request.uri().query().unwrap_or_default() {
        "panic" => panic!("the secret"),
        "off" => Err(Error::FeatureDisabled(Feature::Mail)),
        "down" => Err(Error::Unavailable("the reason".to_owned())),
        _ => Err(Error::Internal("the reason".to_owned())),
    }
}

async fn take(
    reader: Option<Reader>,
    AskedLanguage(locale): AskedLanguage,
    JsonOrForm(mut fields): JsonOrForm,
) -> Result<Response, Error> {
    let typed = fields.typed("email");
    let email = fields.required("email", accounts::Email::parse);
    let parsed = match fields.finish(email) {
        Ok(email) if email.as_str() == "used@example.com" => {
            Err(Error::TicketRefused(accounts::Refused::Used))
        }
        Ok(email) if email.as_str() == "gone@example.com" => Err(Error::UnknownTicket),
        parsed => parsed,
    };
    let Some(reader) = reader else {
        return Ok(locale
            .unwrap_or(parsed?.as_str())
            .to_owned()
            .into_response());
    };
    let Err(error) = parsed else {
        return Ok(pages::password_set(reader.frame()).into_response());
    };
    let shown = reader.again(error, |frame, status, mistakes| {
        pages::forgot_password(frame, status, &typed, mistakes)
    });
    shown.or_else(|error| reader.refused(error, Errand::Reset))
}

fn pages(issuer: &str, sender: &str) -> Pages {
    let variables = [("ISSUER_URL", issuer), ("MAIL_FROM", sender)];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let latest = BehaviorVersion::latest();
    let aws = SdkConfig::builder().behavior_version(latest).build();
    let client = tables::connect(&aws);
    let environment = Environment::new(HashMap::from(variables), client, aws);
    environment.pages().unwrap()
}

fn router(issuer: &str) -> Router {
    let routes = Router::new()
        .route("/page", get(look).post(take))
        .route("/data", get(look).post(take));
    pages(issuer, "Example <a@example.com>").layered(routes, &["/page"])
}

struct Answer {
    status: u16,
    response: Response<()>,
    text: String,
}

impl Answer {
    fn is_page(&self) -> bool {
        self.response.headers()[header::CONTENT_TYPE] == "text/html; charset=utf-8"
    }
}

async fn send(method: &str, uri: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "api.example.com");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let answered = router("https://id.example.com").oneshot(request).await;
    let (parts, body) = answered.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status.as_u16(),
        response: Response::from_parts(parts, ()),
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}

#[tokio::test]
async fn an_error_is_a_page_on_the_path_of_one_and_a_problem_elsewhere() {
    for (query, status, text) in [
        ("panic", 500, "<h1>"),
        ("off", 403, "<h1>This is not available here"),
        ("down", 503, "<h1>"),
        ("other", 500, "<h1>"),
    ] {
        let page = send("GET", &format!("/page?{query}"), &[], "").await;
        assert_eq!((page.status, page.is_page()), (status, true), "{query}");
        assert!(page.text.contains(text), "{query}: {}", page.text);
        for inside in ["secret", "the reason"] {
            assert!(!page.text.contains(inside), "{query}: {}", page.text);
        }
        let retry = page.response.headers().contains_key(header::RETRY_AFTER);
        assert_eq!(retry, status == 503);
        let data = send("GET", &format!("/data?{query}"), &[], "").await;
        assert_eq!((data.status, data.is_page()), (status, false), "{query}");
        assert!(data.text.starts_with('{'), "{query}: {}", data.text);
    }
}

#[tokio::test]
async fn every_page_has_the_headers_of_an_answer_and_its_request_id() {
    let page = send("GET", "/page?other", &[], "").await;
    let headers = page.response.headers();
    assert_eq!(headers[header::CACHE_CONTROL], "no-store");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
    // A UUID where no gateway has given one.
    let (_, id) = page.text.split_once("500 · ").unwrap();
    assert!(id.contains('-'), "{id}");
}

#[tokio::test]
async fn head_is_answered_as_get_is_without_the_page() {
    for query in ["off", "other"] {
        let uri = format!("/page?{query}");
        let (get, head) = (
            send("GET", &uri, &[], "").await,
            send("HEAD", &uri, &[], "").await,
        );
        assert_eq!((head.status, head.is_page()), (get.status, true));
        assert_eq!(head.text, "");
    }
}

#[tokio::test]
async fn a_form_is_answered_by_a_page_and_json_on_the_same_path_is_not() {
    let page = send("POST", "/page", &[FORM], "email=a%40example.com").await;
    assert_eq!((page.status, page.is_page()), (200, true));
    let json = r#"{"email": "a@example.com"}"#;
    let data = send("POST", "/page", &[JSON], json).await;
    assert_eq!((data.status, data.text.as_str()), (200, "a@example.com"));
    for (headers, body) in [(JSON, "{}"), (("content-type", "text/plain"), "email=a")] {
        let refused = send("POST", "/page", &[headers], body).await;
        assert!(refused.status >= 400 && !refused.is_page(), "{body}");
    }
    let elsewhere = send("POST", "/data", &[FORM], "email=a%40example.com").await;
    assert_eq!(elsewhere.text, "a@example.com");
}

#[tokio::test]
async fn a_form_that_is_wrong_comes_back_with_what_was_typed() {
    for (body, status, text) in [
        ("email=a%40b%3C", 400, r#"value="a@b&#60;""#),
        ("email=", 400, r##"<a href="#email">"##),
        ("x=1&email=a%40example.com", 400, "<h1>"),
        ("email=used%40example.com", 410, "/forgot-password"),
        ("email=gone%40example.com", 404, "/forgot-password"),
    ] {
        let page = send("POST", "/page", &[FORM], body).await;
        assert_eq!((page.status, page.is_page()), (status, true), "{body}");
        assert!(page.text.contains(text), "{body}: {}", page.text);
    }
}

#[tokio::test]
async fn a_form_of_another_origin_is_refused_by_a_page() {
    for origin in [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.example.com"),
    ] {
        let body = "email=a%40example.com";
        let page = send("POST", "/page", &[FORM, origin], body).await;
        assert_eq!((page.status, page.is_page()), (403, true), "{origin:?}");
        let text = send(
            "POST",
            "/page",
            &[("content-type", "text/plain"), origin],
            body,
        )
        .await;
        assert_eq!((text.status, text.is_page()), (403, false), "{origin:?}");
        let look = send("GET", "/page?off", &[origin], "").await;
        assert!(look.text.contains("not available here"), "{origin:?}");
    }
    let own = ("origin", "https://id.example.com");
    let page = send("POST", "/page", &[FORM, own], "email=a%40example.com").await;
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn the_language_is_that_of_the_parameter_or_of_the_header() {
    let german = ("accept-language", "de-AT,en;q=0.5");
    for (uri, headers, lang) in [
        ("/page?other", vec![], "en"),
        ("/page?other", vec![german], "de"),
        ("/page?ui_locales=en&other", vec![german], "en"),
        ("/page?ui_locales=fr+de&other", vec![], "de"),
    ] {
        let page = send("GET", uri, &headers, "").await;
        let begin = format!("<!doctype html>\n<html lang=\"{lang}\">");
        assert!(page.text.starts_with(&begin), "{uri} {headers:?}");
    }
    let json = r#"{"email": "a@example.com"}"#;
    let locale = send("POST", "/page", &[JSON, german], json).await;
    assert_eq!(locale.text, "de");
}

#[tokio::test]
async fn headers_that_a_stranger_writes_change_no_byte_of_a_page() {
    let uri = "/page?off";
    let plain = send("GET", uri, &[], "").await;
    for header in [
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "referer",
        "origin",
    ] {
        let page = send("GET", uri, &[(header, "evil.example.com")], "").await;
        assert_eq!(page.text, plain.text, "{header}");
    }
}

#[test]
fn a_page_shows_the_name_of_the_sender_or_the_host() {
    for (sender, name) in [
        ("", "id.example.com"),
        ("noreply@example.com", "id.example.com"),
        ("Example <noreply@example.com>", "Example"),
    ] {
        let pages = pages("https://id.example.com/base", sender);
        let reader = pages.reader(&Gateway::default(), &Uri::default(), &HeaderMap::new());
        let shown = format!("{:?}", reader.unwrap());
        assert!(shown.contains(&format!("name: \"{name}\"")), "{shown}");
    }
}
