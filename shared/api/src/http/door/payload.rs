//! The gateway's event, and the request that it becomes.

use aws_smithy_types::base64;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Uri, header};
use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequestContext;
use lambda_http::request::RequestContext;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Deserialize;

use crate::EventHeaders;
use crate::http::layers::RouteKey;

/// The gateway's own data about a request.
pub(super) type Context = ApiGatewayV2httpRequestContext;

/// The event that an HTTP API sends, in [payload format
/// 2.0](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html),
/// as far as a request is made of it. `null` counts as absent.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Payload {
    route_key: String,
    /// Decoded.
    pub(super) raw_path: String,
    /// As the client sent it.
    raw_query_string: Option<String>,
    cookies: Option<Vec<String>>,
    #[serde(default)]
    pub(super) headers: EventHeaders,
    pub(super) request_context: Context,
    body: Option<String>,
    is_base64_encoded: Option<bool>,
}

/// Characters that a URI cannot hold, though clients send them in a query. Their escaped form
/// decodes to the same text.
const UNSENDABLE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>');

/// The part of an event that no request can be made of, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotARequest {
    #[error("the body of the event is not base64")]
    Body,
    #[error("the path and the query of the event are not a URI")]
    Uri,
    #[error("the cookies of the event are not a header")]
    Cookies,
}

impl Payload {
    /// The request that was sent to the gateway. Its URI is the path and the query: no header
    /// counts for it.
    ///
    /// # Errors
    ///
    /// [`NotARequest`].
    pub(super) fn into_request(
        self,
        invocation: lambda_http::Context,
    ) -> Result<Request, NotARequest> {
        let body = match (self.body, self.is_base64_encoded) {
            (None, _) => Body::empty(),
            (Some(encoded), Some(true)) => {
                let decoded = base64::decode(encoded);
                Body::from(decoded.map_err(|_| NotARequest::Body)?)
            }
            (Some(text), _) => Body::from(text),
        };
        let mut request = Request::new(body);
        *request.uri_mut() =
            uri(self.raw_path, self.raw_query_string.as_deref()).ok_or(NotARequest::Uri)?;
        let mut headers = self.headers;
        if let Some(cookies) = self.cookies.filter(|cookies| !cookies.is_empty()) {
            let added = headers.add(header::COOKIE, cookies.join("; "));
            added.map_err(|_| NotARequest::Cookies)?;
        }
        *request.headers_mut() = headers.0;
        *request.method_mut() = self.request_context.http.method.clone();
        let extensions = request.extensions_mut();
        extensions.insert(RouteKey(self.route_key));
        extensions.insert(RequestContext::ApiGatewayV2(self.request_context));
        extensions.insert(invocation);
        Ok(request)
    }
}

fn uri(path: String, query: Option<&str>) -> Option<Uri> {
    let target = match query {
        None | Some("") => path,
        Some(query) => format!("{path}?{}", utf8_percent_encode(query, UNSENDABLE)),
    };
    Uri::try_from(target).ok()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_query_stays_what_it_is() {
        for (query, expected) in [
            ("", "/a"),
            ("b=c&d", "/a?b=c&d"),
            ("b=%22&c=\"<>", "/a?b=%22&c=%22%3C%3E"),
            ("b=c d#e", "/a?b=c%20d%23e"),
            ("b=é\u{0}", "/a?b=%C3%A9%00"),
            ("//x/?y", "/a?//x/?y"),
        ] {
            let uri = uri("/a".to_owned(), Some(query)).unwrap();
            assert_eq!(uri.to_string(), expected);
            assert_eq!(uri.path(), "/a");
        }
        assert!(uri("/a".to_owned(), Some(&"b".repeat(70_000))).is_none());
    }
}
