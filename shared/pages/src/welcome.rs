//! The page of `GET /`, for somebody who opens the issuer in a browser.

use askama::Template;
use axum::http::StatusCode;

use crate::{Frame, Page};

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome<'a> {
    frame: Frame<'a>,
    is_open: bool,
    links: &'a [(&'a str, String)],
}

impl Welcome<'_> {
    /// A line that works as it stands: where nobody may register by a request alone, it reads.
    fn command(&self) -> String {
        let issuer = self.frame.issuer();
        if self.is_open {
            format!(
                "curl -i {issuer}/register -d 'username=alan' -d 'password=four yellow kites rising'"
            )
        } else {
            format!("curl -i {issuer}/.well-known/openid-configuration")
        }
    }
}

/// Says what this service is. `is_open` says whether an account can be registered by a name and a
/// password alone; `links` are names with absolute URLs.
pub fn welcome(frame: Frame<'_>, is_open: bool, links: &[(&str, String)]) -> Page {
    let page = Welcome {
        frame,
        is_open,
        links,
    };
    Page::new(frame.site(), StatusCode::OK, &page)
}
