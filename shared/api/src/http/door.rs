//! The door between Lambda and the router of a function. It turns the gateway's event into a
//! request, and the response into the gateway's answer.

mod path;
mod payload;
mod reply;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use lambda_http::{Context, Service};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::layers::{RequestFacts, answer_and_log};
use crate::{Error, Gateway, read_event};

use payload::Payload;
pub use reply::Reply;

/// The door before a router that went through [`layered`](crate::layered). Every event gets an
/// answer and a log line.
///
/// `lambda_http` has a conversion of its own, which is not used: it builds a URL of the path, the
/// host and `X-Forwarded-Proto`, and resolves it, so that a path could climb out of its route and a
/// header choose one; and it panics if that is not a URL, or the body not base64.
#[derive(Clone, Debug)]
pub struct Door(Router);

impl Door {
    /// The door before a router.
    #[must_use]
    pub fn new(router: Router) -> Self {
        Self(router)
    }

    /// Answers an event of an HTTP API, payload format 2.0.
    ///
    /// - an event that no request can be made of: 400
    /// - a path that has other characters than letters, digits, `.`, `_`, `~` and `-` in segments
    ///   between single slashes, or a segment `.` or `..`: 404
    /// - a path that the router matches by another route than the event's `routeKey`, unless that
    ///   is `$default`: 404
    /// - any other event: the router's answer
    pub async fn answer(&self, event: &RawValue, invocation: Context) -> Reply {
        let response = match read(event, &invocation) {
            Ok(request) => {
                let Ok(response) = self.0.clone().call(request).await;
                response
            }
            Err((facts, error)) => answer_and_log(facts, async { error.into_response() }).await,
        };
        Reply::of(response).await
    }
}

/// The request, or the answer to an event that does not come to the router.
fn read(event: &RawValue, invocation: &Context) -> Result<Request, (Box<RequestFacts>, Error)> {
    let refused = |facts: RequestFacts, error| {
        let invocation = Some(invocation.clone());
        Err((
            Box::new(RequestFacts {
                invocation,
                ..facts
            }),
            error,
        ))
    };
    let payload: Payload = match read_event(event) {
        Ok(payload) => payload,
        Err(error) => return refused(RequestFacts::unknown(&invocation.request_id), error),
    };
    let facts = RequestFacts::of(&payload.request_context);
    if !path::is_plain(&payload.raw_path) {
        return refused(facts, Error::NotFound);
    }
    if payload.request_context.domain_name.is_none() {
        // Whose tokens count may depend on it.
        let reason = "the event names no domain".to_owned();
        return refused(facts, Error::Unreadable(reason));
    }
    match payload.into_request(invocation.clone()) {
        Ok(request) => Ok(request),
        Err(reason) => refused(facts, Error::Unreadable(reason.to_string())),
    }
}

impl RequestFacts {
    /// A request of which nothing is known. Its id is then that of the invocation.
    fn unknown(invocation_id: &str) -> Self {
        let request_id = match invocation_id {
            "" => Uuid::new_v4().to_string(),
            id => id.to_owned(),
        };
        Self {
            gateway: Gateway {
                request_id,
                ..Gateway::default()
            },
            ..Self::default()
        }
    }

    fn of(context: &payload::Context) -> Self {
        Self {
            gateway: Gateway::read(context),
            method: Some(context.http.method.clone()),
            ..Self::default()
        }
    }
}
