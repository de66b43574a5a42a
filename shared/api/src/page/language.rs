//! The language of whoever sends a request.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use pages::Language;
use zeroize::Zeroizing;

/// The tag (BCP 47) of the language that a request prefers among those that pages and mails have:
/// by its parameter `ui_locales`, else by its header `Accept-Language`; `None` where neither names
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedLanguage(pub Option<&'static str>);

impl<S: Sync> FromRequestParts<S> for AskedLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let chosen = ui_locales(&parts.uri);
        let chosen = chosen
            .as_ref()
            .and_then(|tags| Language::of_ui_locales(tags));
        let accepted = || accept_language(&parts.headers).and_then(Language::of_header);
        Ok(Self(chosen.or_else(accepted).map(Language::tag)))
    }
}

/// OpenID Connect Core 1.0 §3.1.2.1.
pub(super) fn ui_locales(uri: &Uri) -> Option<Zeroizing<String>> {
    parameter(uri, "ui_locales")
}

/// The first parameter of that name in a query. Others are let be: mail programs and those who
/// count clicks add their own to a link.
pub fn parameter(uri: &Uri, name: &str) -> Option<Zeroizing<String>> {
    let query = uri.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let found = pairs.find(|(found, _)| found == name);
    found.map(|(_, value)| Zeroizing::new(value.into_owned()))
}

/// RFC 9110 §12.5.4.
pub(super) fn accept_language(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?;
    value.to_str().ok()
}
