//! An API Gateway HTTP API on this machine. It makes of a request the event that AWS documents,
//! hands it to the function that template.yaml names for the route, and makes HTTP of the answer.
//!
//! Each rule has its page of AWS's in the module that keeps it. Where the page is silent, the
//! module says what was chosen.
//!
//! - routes, cors, event, body, reply: from a request to the event, and from the answer to the
//!   response
//! - limits, refusal: the gateway's own answers
//! - site: the address of the API
//! - functions, watch: where the functions are
//! - listener: HTTP on loopback

mod body;
mod cors;
mod event;
mod failure;
mod functions;
mod limits;
mod listener;
mod refusal;
mod reply;
mod routes;
mod site;
mod uri;
mod watch;

#[cfg(test)]
mod tests;

use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, Request};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use time::OffsetDateTime;

use crate::template::{Route, Template};
pub use cors::Cors;
pub use failure::Failure;
pub use functions::Functions;
pub use limits::TIMEOUT;
pub use listener::Listener;
pub use reply::response;
pub use site::Site;
pub use watch::Watch;

use event::Sent;
use refusal::Refusal;
use routes::Routes;

/// On every answer, the gateway's own included: the id that `requestContext` has. AWS's pages do
/// not mention it; every answer of an HTTP API is seen to carry it.
const REQUEST_ID: HeaderName = HeaderName::from_static("apigw-requestid");

/// An HTTP API: its routes, and what it says of itself.
#[derive(Clone, Debug)]
pub struct Gateway {
    routes: Routes,
    cors: Option<Cors>,
    site: Site,
}

impl Gateway {
    /// The API of a template, with CORS or without.
    #[must_use]
    pub fn of(template: &Template, cors: Option<Cors>, site: Site) -> Self {
        Self::with(template.routes(), cors, site)
    }

    /// An API with these routes and no others. The path of a route is as in a template, or
    /// `$default`.
    #[must_use]
    pub fn with(routes: Vec<Route>, cors: Option<Cors>, site: Site) -> Self {
        Self {
            routes: Routes::of(routes),
            cors,
            site,
        }
    }

    /// Answers a request that came from an address.
    pub async fn answer(
        &self,
        request: Request<Body>,
        source_ip: &str,
        functions: &Functions,
    ) -> Response {
        let id = event::request_id();
        let answered = self.pass(request, source_ip, &id, functions).await;
        let mut response = answered.unwrap_or_else(IntoResponse::into_response);
        let id = HeaderValue::try_from(id).expect("base64 is text");
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }

    /// The event of a request that came from an address, as [`Gateway::answer`] hands it to a
    /// function; nothing where no route has the request.
    #[must_use]
    pub fn event(&self, request: Request<Bytes>, source_ip: &str) -> Option<Value> {
        let (parts, body) = request.into_parts();
        let path = uri::path(&parts.uri);
        let found = self.routes.find(&parts.method, &path)?;
        let sent = Sent {
            parts: &parts,
            path: &path,
            body: &body,
            source_ip,
            request_id: &event::request_id(),
            now: OffsetDateTime::now_utc(),
        };
        Some(event::of(&found, &sent, &self.site))
    }

    async fn pass(
        &self,
        request: Request<Body>,
        source_ip: &str,
        request_id: &str,
        functions: &Functions,
    ) -> Result<Response, Refusal> {
        let (parts, body) = request.into_parts();
        limits::check_head(&parts)?;
        let path = uri::path(&parts.uri);
        let Some(found) = self.routes.find(&parts.method, &path) else {
            return self.without_route(&parts);
        };
        let body: Bytes = limits::read(&parts.headers, body).await?;
        let sent = Sent {
            parts: &parts,
            path: &path,
            body: &body,
            source_ip,
            request_id,
            now: OffsetDateTime::now_utc(),
        };
        let event = event::of(&found, &sent, &self.site);
        let answer = functions.invoke(found.function, &event).await?;
        let mut response = response(&answer).ok_or(Refusal::InternalServerError)?;
        if let Some(cors) = &self.cors {
            cors.apply(&parts.headers, response.headers_mut());
        }
        Ok(response)
    }

    fn without_route(&self, parts: &Parts) -> Result<Response, Refusal> {
        match &self.cors {
            Some(cors) if parts.method == Method::OPTIONS => Ok(cors.preflight(&parts.headers)),
            _ => Err(Refusal::NotFound),
        }
    }
}
