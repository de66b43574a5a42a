//! The functions in this process, behind the gateway: every request of a test becomes the event
//! that API Gateway would make of it.

use std::sync::Arc;

use api::Door;
use axum::body::Body;
use axum::http::header::{HOST, USER_AGENT};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use lambda_http::Context;
use local::Template;
use local::gateway::{Functions, Gateway, Site, response};
use local::template::Route;
use serde_json::Value;
use serde_json::value::to_raw_value;

use crate::Answer;
use crate::stack::DOMAIN;

/// Functions in this process, and the gateway before them.
#[derive(Clone, Debug)]
pub struct InProcess {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) door: Door,
    pub(crate) source_ip: String,
}

/// The gateway of template.yaml, at the domain of a stack.
#[must_use]
pub fn gateway() -> Gateway {
    with_routes(Template::load().routes())
}

pub(crate) fn with_routes(routes: Vec<Route>) -> Gateway {
    let site = Site {
        domain_name: DOMAIN.to_owned(),
        scheme: "https",
        port: 443,
    };
    Gateway::with(routes, None, site)
}

impl InProcess {
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        let request = Request::builder().method(method).uri(path);
        let mut request = request.body(Body::from(body.to_vec())).expect("a request");
        *request.headers_mut() = all_headers(headers);
        let functions = Functions::Merged(self.door.clone());
        let answer = self.gateway.answer(request, &self.source_ip, &functions);
        Answer::read(answer.await).await
    }

    pub(crate) async fn invoke(&self, event: &Value) -> Answer {
        let event = to_raw_value(event).expect("an event is JSON");
        let reply = self.door.answer(&event, Context::default()).await;
        let reply = serde_json::to_value(reply).expect("an answer is JSON");
        Answer::read(response(&reply).expect("an answer")).await
    }
}

/// The headers that a client adds to those that it is told to send.
fn all_headers(given: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let name: HeaderName = name.parse().expect("a header's name");
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header's value");
        headers.append(name, value);
    }
    for (name, value) in [(HOST, DOMAIN), (USER_AGENT, "tests")] {
        let value = HeaderValue::from_static(value);
        headers.entry(name).or_insert(value);
    }
    headers
}
