//! An answer that is a page.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};

use crate::Site;
use crate::style::POLICY;

/// A rendered page. As a response it has the headers that every page has.
///
/// `Debug` shows nothing of its text: a page may hold a ticket.
#[derive(Clone)]
pub struct Page {
    status: StatusCode,
    html: String,
    is_https: bool,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut page = formatter.debug_struct("Page");
        page.field("status", &self.status).finish_non_exhaustive()
    }
}

impl Page {
    pub(crate) fn new(site: &Site, status: StatusCode, template: &impl Template) -> Self {
        Self {
            status,
            html: template
                .render()
                .expect("a String takes every text, and no value of ours fails to display"),
            is_https: site.is_https(),
        }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, "text/html; charset=utf-8"),
            (CONTENT_SECURITY_POLICY, POLICY.as_str()),
            (X_FRAME_OPTIONS, "DENY"),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (CACHE_CONTROL, "no-store"),
            (VARY, "Accept, Accept-Language"),
            // With `no-referrer` the browser would post our own forms with `Origin: null`.
            (REFERRER_POLICY, "same-origin"),
        ];
        let mut response = (self.status, headers, self.html).into_response();
        if self.is_https {
            let year = axum::http::HeaderValue::from_static("max-age=31536000");
            response
                .headers_mut()
                .insert(STRICT_TRANSPORT_SECURITY, year);
        }
        response
    }
}
