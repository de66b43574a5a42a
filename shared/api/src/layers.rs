use std::any::Any;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use lambda_http::Context;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::{Instrument, info_span};

use crate::line::Facts;
use crate::log;
use crate::record::recorded;
use crate::{Error, Gateway, problem};

/// Puts around a router what every answer of the API has: errors written as problem+json, a panic
/// turned into one, `Cache-Control: no-store` where the handler did not say otherwise, and one log
/// line, without anything secret.
pub fn layered(router: Router) -> Router {
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn(answer))
}

async fn answer(request: Request, next: Next) -> Response {
    let gateway = Gateway::of(request.extensions());
    let method = request.method().clone();
    let extensions = request.extensions();
    let route = extensions
        .get::<MatchedPath>()
        .map_or("-", MatchedPath::as_str)
        .to_owned();
    let invocation = extensions.get::<Context>().cloned();
    let span = info_span!("request", request_id = gateway.request_id);
    let start = Instant::now();
    let work = async { finish(next.run(request).await, &gateway.request_id) };
    let (response, record) = recorded(work.instrument(span)).await;
    let status = response.status().as_u16();
    let facts = Facts {
        message: format!("{method} {route} {status}"),
        method: Some(method.as_str()),
        route: Some(&route),
        status,
        request_id: Some(&gateway.request_id),
        source_ip: gateway.device.address.as_deref(),
        invocation: invocation.as_ref(),
        latency: start.elapsed(),
    };
    log::write(&facts, &record);
    response
}

fn finish(mut response: Response, request_id: &str) -> Response {
    let error = response
        .extensions_mut()
        .remove::<Error>()
        .or_else(|| unsaid(response.status()));
    let mut response = match error {
        Some(error) => {
            error.note();
            problem::write(&error, request_id, response.headers())
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

/// The router's own refusals have a status and no body.
fn unsaid(status: StatusCode) -> Option<Error> {
    match status {
        StatusCode::NOT_FOUND => Some(Error::NotFound),
        StatusCode::METHOD_NOT_ALLOWED => Some(Error::MethodNotAllowed),
        _ => None,
    }
}

/// The panic's message has been printed by the panic hook; what it was about stays out of the answer.
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
            assert_eq!(problem["detail"], "Something went wrong on our side");
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
