//! The door between Lambda and the router of a function. It turns the gateway's event into a
//! request, and the response into the gateway's answer.

mod edge;
mod path;
mod payload;
mod reply;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use lambda_http::{Context, Service};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::layers::{RequestFacts, WrongEdgeSecret, answer_and_log};
use super::problem;
use crate::{Error, Gateway, read_event};

use edge::Client;
pub use edge::Edge;
pub(crate) use edge::{SECRET as EDGE_SECRET, SecretHash};
use payload::Payload;
pub use reply::Reply;

/// The door before a router that went through [`layered`](crate::layered). Every event gets an
/// answer and a log line.
///
/// `lambda_http` has a conversion of its own, which is not used: it builds a URL of the path, the
/// host and `X-Forwarded-Proto`, and resolves it, so that a path could climb out of its route and a
/// header choose one; and it panics if that is not a URL, or the body not base64.
#[derive(Clone, Debug)]
pub struct Door {
    router: Router,
    edge: Edge,
}

impl Door {
    /// The door before a router, and the edges that it believes.
    #[must_use]
    pub fn new(router: Router, edge: Edge) -> Self {
        Self { router, edge }
    }

    /// Answers an event of an HTTP API, payload format 2.0.
    ///
    /// - an event that no request can be made of: 400
    /// - a request without the secret of an [`Edge`] that is required, or with it and without a
    ///   readable address of the client: 403
    /// - a path that has other characters than letters, digits, `.`, `_`, `~` and `-` in segments
    ///   between single slashes, or a segment `.` or `..`: 404
    /// - a path that the router matches by another route than the event's `routeKey`, unless that
    ///   is `$default`: 404
    /// - any other event: the router's answer
    pub async fn answer(&self, event: &RawValue, invocation: Context) -> Reply {
        let response = match self.read(event, &invocation) {
            Ok(request) => {
                let Ok(response) = self.router.clone().call(request).await;
                response
            }
            Err((facts, error)) => {
                answer_and_log(facts, async { error.into_response() }, problem::write).await
            }
        };
        Reply::of(response).await
    }

    /// The request, or the answer to an event that does not come to the router.
    fn read(
        &self,
        event: &RawValue,
        invocation: &Context,
    ) -> Result<Request, (Box<RequestFacts>, Error)> {
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
        let mut payload: Payload = match read_event(event) {
            Ok(payload) => payload,
            Err(error) => return refused(RequestFacts::unknown(&invocation.request_id), error),
        };
        let client = match self.edge.admit(&mut payload.headers.0) {
            Ok(client) => client,
            Err(reason) => {
                let facts = RequestFacts::of(&payload.request_context);
                return refused(facts, Error::NotThroughEdge(reason));
            }
        };
        let has_wrong_secret = client == Client::SenderWithWrongSecret;
        if let Client::At(address) = client {
            // Whatever counts, stores or logs an address reads this one.
            payload.request_context.http.source_ip = Some(address);
        }
        let facts = RequestFacts {
            has_wrong_secret,
            ..RequestFacts::of(&payload.request_context)
        };
        if !path::is_plain(&payload.raw_path) {
            return refused(facts, Error::NotFound);
        }
        if payload.request_context.domain_name.is_none() {
            // Whose tokens count may depend on it.
            let reason = "the event names no domain".to_owned();
            return refused(facts, Error::Unreadable(reason));
        }
        match payload.into_request(invocation.clone()) {
            Ok(mut request) => {
                if has_wrong_secret {
                    request.extensions_mut().insert(WrongEdgeSecret);
                }
                Ok(request)
            }
            Err(reason) => refused(facts, Error::Unreadable(reason.to_string())),
        }
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
