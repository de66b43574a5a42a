//! The parameters of a path and of a query.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::{Error, Fields};

/// The one parameter of a path. Rejection: 404 where it is not UTF-8, for nothing is there.
pub struct PathId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for PathId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(id)) => Ok(Self(id)),
            Err(_) => Err(Error::NotFound),
        }
    }
}

/// The parameters of a query, read like a form, but that none is empty. Rejection: 400 where it is
/// not UTF-8.
pub struct Query(pub Fields);

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let query = parts.uri.query().unwrap_or_default();
        Fields::from_query(query.as_bytes()).map(Self)
    }
}
