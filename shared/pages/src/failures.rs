//! The pages of what cannot be done here.

use askama::Template;
use axum::http::StatusCode;

use crate::{Frame, Page};

#[derive(Template)]
#[template(path = "failure.html")]
struct Failure<'a> {
    frame: Frame<'a>,
    status: StatusCode,
    detail: &'a str,
    request_id: &'a str,
}

impl Failure<'_> {
    fn title(&self) -> &'static str {
        let t = &self.frame.t().failure;
        match self.status {
            StatusCode::FORBIDDEN => t.forbidden,
            StatusCode::NOT_FOUND => t.not_found,
            StatusCode::TOO_MANY_REQUESTS => t.too_many,
            status if status.is_server_error() => t.server,
            _ => t.bad_request,
        }
    }

    fn own_text(&self) -> Option<&'static str> {
        let t = &self.frame.t().failure;
        match self.status {
            StatusCode::FORBIDDEN => Some(t.other_site),
            StatusCode::NOT_FOUND => Some(t.no_page),
            StatusCode::TOO_MANY_REQUESTS => Some(t.wait),
            status => status.is_server_error().then_some(t.try_again),
        }
    }
}

/// Any other error. `detail` is the English text that the problem document would have. It is not
/// shown where there is a text for people: for 403, which is a form of another site, for 404, for
/// 429, and where the fault is the server's.
pub fn failure(frame: Frame<'_>, status: StatusCode, detail: &str, request_id: &str) -> Page {
    let page = Failure {
        frame,
        status,
        detail,
        request_id,
    };
    Page::new(frame.site(), status, &page)
}
