//! The newest mail to an address, for programs: they ask before it has come.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tokio::time::{Instant, interval};

use super::{Inbox, Mail};

/// The time that is waited for a mail: more than a function takes to start and to send it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(50);

/// The parameters of the query: `to`, an address, and `page`, the path that a link of the mail leads
/// to.
#[derive(Default)]
struct Wanted {
    to: String,
    page: Option<String>,
}

#[derive(Serialize)]
struct Newest<'a> {
    subject: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    text: Option<&'a str>,
}

pub(super) async fn newest(State(inbox): State<Inbox>, RawQuery(query): RawQuery) -> Response {
    let Some(wanted) = Wanted::of(query.as_deref().unwrap_or_default()) else {
        let usage = "usage: /newest?to=ADDRESS or /newest?to=ADDRESS&page=/PATH\n";
        return refusal(StatusCode::BAD_REQUEST, usage);
    };
    let end = Instant::now() + PATIENCE;
    let mut looks = interval(INTERVAL);
    while Instant::now() < end {
        looks.tick().await;
        if let Some(mail) = wanted.find(&inbox) {
            return Json(wanted.answer(&mail)).into_response();
        }
    }
    refusal(StatusCode::NOT_FOUND, "no such mail has come\n")
}

fn refusal(status: StatusCode, text: &'static str) -> Response {
    (status, [(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

impl Wanted {
    /// Reads the query; `None` where it names no address, or something else.
    fn of(query: &str) -> Option<Self> {
        let mut wanted = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                // In a query, a blank is written as `+`, which is what people write for itself.
                "to" => wanted.to = value.replace(' ', "+"),
                "page" => wanted.page = Some(value.into_owned()),
                _ => return None,
            }
        }
        (!wanted.to.is_empty()).then_some(wanted)
    }

    fn find(&self, inbox: &Inbox) -> Option<Arc<Mail>> {
        let mut mails = inbox.mails().into_iter().rev();
        mails.find(|mail| {
            let is_to = mail.to.iter().any(|to| to.eq_ignore_ascii_case(&self.to));
            is_to && (self.page.is_none() || self.link(mail).is_some())
        })
    }

    /// The link to the page; without a page, the first one that has a ticket.
    fn link<'a>(&self, mail: &'a Mail) -> Option<&'a str> {
        let mut links = mail.links().into_iter();
        links.find(|link| match &self.page {
            Some(page) => link
                .split('?')
                .next()
                .is_some_and(|url| url.ends_with(page)),
            None => ticket(link).is_some(),
        })
    }

    fn answer<'a>(&self, mail: &'a Mail) -> Newest<'a> {
        let link = self.link(mail);
        Newest {
            subject: &mail.subject,
            link,
            ticket: link.and_then(ticket),
            code: mail.codes().into_iter().next(),
            text: mail.text.as_deref(),
        }
    }
}

/// A ticket is text that no URL has to encode.
fn ticket(link: &str) -> Option<&str> {
    link.split_once("?ticket=").map(|(_, ticket)| ticket)
}
