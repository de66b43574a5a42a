//! The reader of a page.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use pages::{Errand, Frame, Mistake, Page, Refusal, Site};

use zeroize::Zeroizing;

use super::language::{accept_language, ui_locales};
use super::mistakes::mistakes;
use crate::Error;
use crate::http::add_advice;

/// The reader of the answer to a request for a page: the site that was asked, and the language.
///
/// It is extracted on the routes of [`Pages::layered`](crate::Pages::layered). As an
/// `Option<Reader>` it tells whether the answer is to be a page: at `POST` it is `None` where the
/// body is no form.
#[derive(Clone, Debug)]
pub struct Reader {
    site: Site,
    ui_locales: Option<Zeroizing<String>>,
    accept_language: Option<String>,
}

impl Reader {
    pub(super) fn new(site: Site, uri: &Uri, headers: &HeaderMap) -> Self {
        Self {
            site,
            ui_locales: ui_locales(uri),
            accept_language: accept_language(headers).map(str::to_owned),
        }
    }

    /// The surroundings of a page.
    pub fn frame(&self) -> Frame<'_> {
        let chosen = self.ui_locales.as_ref().map(|tags| tags.as_str());
        Frame::new(&self.site, chosen, self.accept_language.as_deref())
    }

    /// Shows a form again, where the error is a mistake in it that can be mended there. `form`
    /// writes it with that status and these mistakes.
    ///
    /// # Errors
    ///
    /// The error, where it is another.
    pub fn again(
        &self,
        error: Error,
        form: impl FnOnce(Frame<'_>, StatusCode, &[Mistake]) -> Page,
    ) -> Result<Response, Error> {
        match mistakes(&error) {
            Some(mistakes) => {
                let page = form(self.frame(), error.status(), &mistakes);
                Ok(answer(&error, page))
            }
            None => Err(error),
        }
    }

    /// Says why a ticket is refused, where the error does.
    ///
    /// # Errors
    ///
    /// The error, where it is another.
    pub fn refused(&self, error: Error, errand: Errand) -> Result<Response, Error> {
        let refusal = match &error {
            Error::UnknownTicket => Refusal::Unknown,
            Error::TicketRefused(accounts::Refused::Used) => Refusal::Used,
            Error::TicketRefused(accounts::Refused::Expired) => Refusal::Expired,
            Error::TicketRefused(accounts::Refused::Superseded) => Refusal::Superseded,
            _ => return Err(error),
        };
        let page = pages::link_refused(self.frame(), refusal, errand);
        Ok(answer(&error, page))
    }

    /// The page of an error that no handler has made one of.
    pub(super) fn failure(&self, error: &Error, request_id: &str, bare: &HeaderMap) -> Response {
        let problem = error.problem();
        let page = match error {
            Error::FeatureDisabled(_) => pages::feature_disabled(self.frame()),
            _ => pages::failure(self.frame(), problem.status, problem.detail, request_id),
        };
        let mut response = page.into_response();
        add_advice(response.headers_mut(), error, bare);
        response
    }
}

/// A page that is an error's. The log is told, as of an error that is a problem document.
fn answer(error: &Error, page: Page) -> Response {
    error.note();
    let mut response = page.into_response();
    add_advice(response.headers_mut(), error, &HeaderMap::new());
    response
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let reader = parts.extensions.get::<Self>().cloned();
        reader.ok_or_else(|| Error::internal("the route is no page's"))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Error> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
