//! The pages: the list of all mails, and one mail. The newest one is to be had as JSON.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use super::newest::newest;
use super::{Inbox, Mail};

/// Of the pages themselves, which have a style, an empty icon and, of a mail, a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; frame-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Of the HTML of a mail, which nobody vouches for: it runs no script, loads nothing, sends no form,
/// and is of no origin. Its links open in a new tab.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
                           form-action 'none'; frame-ancestors 'self'; \
                           sandbox allow-popups allow-popups-to-escape-sandbox";

/// The names of this machine. A page of another site can have a name of its own resolve to
/// loopback, and would read the codes.
const HOSTS: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

#[derive(Template)]
#[template(path = "list.html")]
struct ListPage<'a> {
    mails: Vec<&'a Mail>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct MailPage<'a> {
    mail: &'a Mail,
}

pub(super) fn routes() -> Router<Inbox> {
    Router::new()
        .route("/", get(list))
        .route("/mails/{id}", get(show))
        .route("/mails/{id}/html", get(html))
        .route("/style.css", get(style))
        .route("/newest", get(newest))
        .layer(from_fn(guard))
}

async fn list(State(inbox): State<Inbox>) -> Response {
    let mails = inbox.mails();
    page(&ListPage {
        mails: mails.iter().rev().map(AsRef::as_ref).collect(),
    })
}

async fn show(State(inbox): State<Inbox>, Path(id): Path<String>) -> Response {
    match find(&inbox, &id) {
        Some(mail) => page(&MailPage { mail: &mail }),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The HTML as it was sent, but for the target of its links.
async fn html(State(inbox): State<Inbox>, Path(id): Path<String>) -> Response {
    let mail = find(&inbox, &id);
    let Some(html) = mail.as_ref().and_then(|mail| mail.html.as_ref()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let html = html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    ([(CONTENT_SECURITY_POLICY, MAIL_POLICY)], Html(html)).into_response()
}

async fn style() -> Response {
    let css = include_str!("../../templates/style.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], css).into_response()
}

fn find(inbox: &Inbox, id: &str) -> Option<Arc<Mail>> {
    inbox.mails().into_iter().find(|mail| mail.id == id)
}

fn page(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => ([(CONTENT_SECURITY_POLICY, POLICY)], Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn guard(request: Request, next: Next) -> Response {
    if !is_local(request.headers()) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    let mut response = next.run(request).await;
    for (name, value) in [
        (CACHE_CONTROL.as_str(), "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        let value = value.parse().expect("a value of a header");
        let name = axum::http::HeaderName::from_static(name);
        response.headers_mut().insert(name, value);
    }
    response
}

fn is_local(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let name = host.map(|host| match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    });
    name.is_some_and(|name| HOSTS.contains(&name))
}
