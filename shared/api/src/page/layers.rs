//! The layers around a router that has pages.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};

use super::Pages;
use crate::Error;
use crate::http::{FORM, MediaType, RequestFacts, answer_and_log, caught, is_meant, write_problem};

impl Pages {
    /// Adds the layers that every response needs, as [`layered`](crate::layered) does. On these
    /// paths, which are spelt as the router has them, a request for a page is answered by a page,
    /// errors included: each `GET`, each `HEAD`, and each `POST` of a form. Whatever is not JSON
    /// must come from the same origin there.
    pub fn layered(&self, router: Router, paths: &'static [&'static str]) -> Router {
        let pages = self.clone();
        let layer = move |request, next| pages.clone().answer(paths, request, next);
        caught(router).layer(from_fn(layer))
    }

    async fn answer(self, paths: &[&str], mut request: Request, next: Next) -> Response {
        let facts = RequestFacts::read(&request);
        let is_meant = is_meant(&request, &facts);
        let has_pages = facts
            .route
            .as_deref()
            .is_some_and(|path| paths.contains(&path));
        let reader = (has_pages && is_for_a_page(&request))
            .then(|| self.reader(&facts.gateway, request.uri(), request.headers()));
        // Without an issuer nothing can be answered but that.
        let (reader, failed) = match reader.transpose() {
            Ok(reader) => (reader, None),
            Err(error) => (None, Some(error)),
        };
        if let Some(reader) = &reader {
            request.extensions_mut().insert(reader.clone());
        }
        let work = async {
            match failed {
                Some(error) => error.into_response(),
                None if !is_meant => Error::NotFound.into_response(),
                None if has_pages => self.rule.check(request, next, Error::OtherOrigin).await,
                None => next.run(request).await,
            }
        };
        let write = |error: &Error, request_id: &str, bare: &HeaderMap| match &reader {
            Some(reader) => reader.failure(error, request_id, bare),
            None => write_problem(error, request_id, bare),
        };
        answer_and_log(facts, work, write).await
    }
}

fn is_for_a_page(request: &Request) -> bool {
    match *request.method() {
        Method::GET | Method::HEAD => true,
        _ => MediaType::of(request.headers()).is_some_and(|it| it.essence == FORM),
    }
}
