//! The events of what is asked, as API Gateway makes them of requests.

use std::sync::LazyLock;

use axum::body::Bytes;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use local::Template;
use local::gateway::{Gateway, Site};
use serde_json::Value;

const HOST_NAME: &str = "abc123.execute-api.eu-west-1.amazonaws.com";

static GATEWAY: LazyLock<Gateway> = LazyLock::new(|| {
    let site = Site {
        domain_name: HOST_NAME.to_owned(),
        scheme: "https",
        port: 443,
    };
    Gateway::of(&Template::load(), None, site)
});

/// A body and its media type.
pub(super) enum Body<'a> {
    None,
    Json(String),
    Form(String),
    Text(&'a str),
}

/// The event of a request by a route without parameters, such as `GET /me`, with an access token or without.
pub(super) fn event(route: &str, token: Option<&str>, body: Body<'_>) -> Value {
    let (method, path) = route.split_once(' ').expect("a method and a path");
    let mut request = Request::builder().method(method).uri(path);
    request = request.header(HOST, HOST_NAME);
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    let (media_type, text) = match body {
        Body::None => (None, String::new()),
        Body::Json(text) => (Some("application/json"), text),
        Body::Form(text) => (Some("application/x-www-form-urlencoded"), text),
        Body::Text(text) => (Some("text/plain"), text.to_owned()),
    };
    if let Some(media_type) = media_type {
        request = request.header(CONTENT_TYPE, media_type);
    }
    let request = request.body(Bytes::from(text)).expect("a request");
    let event = GATEWAY.event(request, "203.0.113.7");
    event.expect("template.yaml has the route")
}
