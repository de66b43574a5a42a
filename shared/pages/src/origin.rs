//! The rule that a form comes from the same origin.

use std::convert::Infallible;

use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::{Layer, ServiceExt};
use tower_http::csrf::{CsrfLayer, ProtectionError};

/// Refuses requests that change something and come from a page of another origin, by
/// `Sec-Fetch-Site` or else by `Origin`.
///
/// It leaves out JSON, which no form can send: a browser asks first (Fetch, CORS preflight), and
/// the gateway answers that by the origins that it allows.
#[derive(Clone, Debug)]
pub struct SameOrigin(CsrfLayer);

/// An issuer whose origin is none that a browser could send.
#[derive(Clone, Debug)]
pub struct OriginError(String);

impl std::fmt::Display for OriginError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for OriginError {}

impl SameOrigin {
    /// The rule. A pinned issuer is trusted: behind an edge, `Host` is another name than the one
    /// that the browser has asked.
    ///
    /// # Errors
    ///
    /// [`OriginError`] if the issuer is no http or https URL.
    pub fn new(pinned_issuer: Option<&str>) -> Result<Self, OriginError> {
        let mut rule = CsrfLayer::new();
        if let Some(issuer) = pinned_issuer {
            rule = rule
                .add_trusted_origin(origin(issuer))
                .map_err(|error| OriginError(error.to_string()))?;
        }
        Ok(Self(rule))
    }

    /// Answers a request, in a middleware of axum: by what follows, or by `refused`, which should
    /// have the status 403.
    pub async fn check(self, request: Request, next: Next, refused: impl IntoResponse) -> Response {
        if is_json(&request) {
            return next.run(request).await;
        }
        let next = tower::service_fn(move |request| {
            let next = next.clone();
            async move { Ok::<_, Infallible>(next.run(request).await) }
        });
        match self.0.layer(next).oneshot(request).await {
            Ok(response) if is_refusal(&response) => refused.into_response(),
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

fn is_refusal(response: &Response) -> bool {
    response.extensions().get::<ProtectionError>().is_some()
}

/// The part of a URL before its path.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    url[host..]
        .find('/')
        .map_or(url, |path| &url[..host + path])
}

fn is_json(request: &Request) -> bool {
    let media_type = request.headers().get(CONTENT_TYPE);
    let media_type = media_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}
