//! The page of `GET /`, for somebody who opens the issuer in a browser.

use askama::Template;
use axum::http::StatusCode;

use crate::{Frame, Page};

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome<'a> {
    frame: Frame<'a>,
    has_mail: bool,
    links: &'a [(&'a str, String)],
}

impl Welcome<'_> {
    /// A line that works as it stands, for anybody and any number of times: it only reads.
    fn command(&self) -> String {
        let issuer = self.frame.issuer();
        format!("curl -i {issuer}/.well-known/openid-configuration")
    }
}

/// Says what this service is. `has_mail` says whether it sends mail, so that a password can be
/// reset; `links` are names with absolute URLs.
pub fn welcome(frame: Frame<'_>, has_mail: bool, links: &[(&str, String)]) -> Page {
    let page = Welcome {
        frame,
        has_mail,
        links,
    };
    Page::new(frame.site(), StatusCode::OK, &page)
}
