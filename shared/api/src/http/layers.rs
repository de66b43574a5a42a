//! The layers around a router: problems, panics, the deadline, headers and the log line.

use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use lambda_http::Context;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, info_span};

use super::problem;
use crate::log::{self, LineFacts, with_notes};
use crate::{Deadline, Error, Event, Gateway, note};

/// Adds the layers that every response needs: errors written as problem+json, a panic turned into
/// one, 503 where the time of the invocation is over, `Cache-Control: no-store` where the handler
/// did not say otherwise, and one log line, without anything secret.
pub fn layered(router: Router) -> Router {
    caught(router).layer(from_fn(run_handler))
}

/// Turns a panic into an error.
pub(crate) fn caught(router: Router) -> Router {
    router.layer(CatchPanicLayer::custom(panicked))
}

async fn run_handler(request: Request, next: Next) -> Response {
    let facts = RequestFacts::read(&request);
    let is_meant = is_meant(&request, &facts);
    let work = async {
        if is_meant {
            next.run(request).await
        } else {
            Error::NotFound.into_response()
        }
    };
    answer_and_log(facts, work, problem::write).await
}

/// Returns whether the gateway and the router have taken the same route.
pub(crate) fn is_meant(request: &Request, facts: &RequestFacts) -> bool {
    let key = request.extensions().get::<RouteKey>();
    key.is_none_or(|key| key.is_of(request.method(), facts.route.as_deref()))
}

/// The route by which the gateway has sent a request here: `$default`, or a method, or `ANY`, and a
/// pattern.
#[derive(Clone, Debug)]
pub(crate) struct RouteKey(pub(crate) String);

impl RouteKey {
    /// Returns whether the gateway and the router have taken the same route. Otherwise the request
    /// has come past the throttle and the authorizer of the route that the router has taken.
    fn is_of(&self, method: &Method, matched: Option<&str>) -> bool {
        match self.0.split_once(' ') {
            Some((known, pattern)) => {
                (known == "ANY" || known == method.as_str()) && Some(pattern) == matched
            }
            None => self.0 == "$default",
        }
    }
}

/// The request came with a wrong secret of an edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WrongEdgeSecret;

/// The facts of a request that are known before it is answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestFacts {
    pub(crate) gateway: Gateway,
    pub(crate) method: Option<Method>,
    pub(crate) route: Option<String>,
    pub(crate) invocation: Option<Context>,
    pub(crate) has_wrong_secret: bool,
}

impl RequestFacts {
    /// The facts of a request that the router has a route for, or has none for.
    pub(crate) fn read(request: &Request) -> Box<Self> {
        let extensions = request.extensions();
        let matched = extensions.get::<MatchedPath>().map(MatchedPath::as_str);
        Box::new(Self {
            gateway: Gateway::of(extensions),
            method: Some(request.method().clone()),
            route: matched.map(ToOwned::to_owned),
            invocation: extensions.get::<Context>().cloned(),
            has_wrong_secret: extensions.get::<WrongEdgeSecret>().is_some(),
        })
    }
}

/// Answers a request by some work within the time of its invocation, and writes the one line that
/// the log has of it. `write` makes the answer of an error, of the request's id and of the headers
/// that the router has set.
pub(crate) async fn answer_and_log(
    facts: Box<RequestFacts>,
    work: impl Future<Output = Response>,
    write: impl FnOnce(&Error, &str, &HeaderMap) -> Response,
) -> Response {
    let RequestFacts {
        gateway,
        method,
        route,
        invocation,
        has_wrong_secret,
    } = *facts;
    let (method, route) = (method.as_ref().map(Method::as_str), route.as_deref());
    let span = info_span!("request", request_id = gateway.request_id);
    let start = Instant::now();
    let work = async {
        // An unreadable event is logged as such already.
        if method.is_some() && gateway.device.address.is_none() {
            note(Event::AddressUnreadable);
        }
        if has_wrong_secret {
            note(Event::EdgeSecretWrong);
        }
        let response = match &invocation {
            None => work.await,
            Some(invocation) => match Deadline::of(invocation).limit(work).await {
                Ok(response) => response,
                Err(late) => Error::Unavailable(late.to_string()).into_response(),
            },
        };
        complete(response, &gateway.request_id, write)
    };
    let (response, notes) = with_notes(work.instrument(span)).await;
    let status = response.status().as_u16();
    let line = LineFacts {
        message: format!(
            "{} {} {status}",
            method.unwrap_or("-"),
            route.unwrap_or("-")
        ),
        method,
        route: Some(route.unwrap_or("-")),
        status,
        request_id: Some(&gateway.request_id),
        source_ip: gateway.device.address.as_deref(),
        invocation: invocation.as_ref(),
        latency: start.elapsed(),
    };
    log::write(&line, &notes);
    response
}

fn complete(
    mut response: Response,
    request_id: &str,
    write: impl FnOnce(&Error, &str, &HeaderMap) -> Response,
) -> Response {
    let error = response.extensions_mut().remove::<Error>();
    let error = error.or_else(|| error_of_router(&response));
    let mut response = match error {
        Some(error) => {
            error.note();
            write(&error, request_id, response.headers())
        }
        None => response,
    };
    let headers = response.headers_mut();
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

/// Returns the error for a refusal of the router, which has a status and no body. A page of that
/// status has one.
fn error_of_router(response: &Response) -> Option<Error> {
    if response.headers().contains_key(header::CONTENT_TYPE) {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::MethodNotAllowed),
        _ => None,
    }
}

/// The panic hook has printed the message, which must not reach the client.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Error::internal("the handler panicked").into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use http_body_util::BodyExt;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;

    async fn call(router: Router) -> (Response<()>, Value) {
        let request = Request::builder().uri("/x").body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        (
            Response::from_parts(parts, ()),
            serde_json::from_slice(&body).unwrap_or_default(),
        )
    }

    #[tokio::test]
    async fn a_panic_is_a_500_that_says_nothing_and_the_next_request_is_answered() {
        async fn panics() -> &'static str {
            panic!("the secret")
        }
        let route = get(panics);
        let router = layered(Router::new().route("/x", route));
        for _ in 0..2 {
            let (response, problem) = call(router.clone()).await;
            assert_eq!(response.status(), 500);
            assert_eq!(problem["detail"], "The server failed to handle the request");
            assert!(!problem.to_string().contains("secret"));
        }
    }

    #[tokio::test]
    async fn an_answer_is_not_stored_unless_its_handler_says_so() {
        let router = layered(Router::new().route("/x", get(|| async { "x" })));
        let (response, _) = call(router).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        let route = get(|| async { ([(header::CACHE_CONTROL, "public")], "x") });
        let (response, _) = call(layered(Router::new().route("/x", route))).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public");
    }

    #[tokio::test]
    async fn what_is_unavailable_says_when_to_try_again_and_not_why() {
        let route = get(|| async { Error::Unavailable("GetItem: the reason".to_owned()) });
        let (response, problem) = call(layered(Router::new().route("/x", route))).await;
        assert_eq!(
            (
                response.status().as_u16(),
                &response.headers()[header::RETRY_AFTER]
            ),
            (503, &RETRY)
        );
        assert!(!problem.to_string().contains("reason"));
        assert!(problem["instance"].is_string());
    }

    const RETRY: HeaderValue = HeaderValue::from_static("1");
}
