//! `GET /`: what this service is, as a page for people and as JSON for programs.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::{Error, Gateway};
use axum::Json;
use axum::extract::State;
use axum::http::header::{ACCEPT, VARY};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use pages::prefers_html;
use serde::Serialize;

use crate::{App, JWKS, OPENAPI, OPENID_CONFIGURATION, openapi};

#[derive(Serialize)]
struct Welcome {
    name: &'static str,
    version: &'static str,
    links: BTreeMap<String, String>,
}

/// The documents that a person can read in a browser.
const DOCUMENTS: [(&str, &str); 3] = [
    ("OpenAPI", OPENAPI),
    ("OpenID Connect Discovery", OPENID_CONFIGURATION),
    ("JSON Web Key Set", JWKS),
];

pub(crate) async fn welcome(
    State(app): State<Arc<App>>,
    gateway: Gateway,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let issuer = app.issuer.of(&gateway)?;
    if is_for_people(&headers) {
        let links = DOCUMENTS.map(|(name, path)| (name, format!("{issuer}{path}")));
        let reader = app.pages.reader(&gateway, &uri, &headers)?;
        return Ok(pages::welcome(reader.frame(), app.mail_is_sent, &links).into_response());
    }
    let links = openapi::links().into_iter();
    let welcome = Welcome {
        name: "Latchkey",
        version: env!("CARGO_PKG_VERSION"),
        links: links
            .map(|(name, path)| (name, format!("{issuer}{path}")))
            .collect(),
    };
    // A page has it by itself.
    Ok(([(VARY, "Accept")], Json(welcome)).into_response())
}

/// An `Accept` of several lines is one list (RFC 9110 §5.3).
fn is_for_people(headers: &HeaderMap) -> bool {
    let lines: Vec<_> = headers
        .get_all(ACCEPT)
        .into_iter()
        .filter_map(|line| line.to_str().ok())
        .collect();
    prefers_html(&lines.join(","))
}
