//! `GET /openapi.json`: the API in the terms of OpenAPI 3.1.

use std::sync::Arc;

use api::{Error, Gateway};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::{App, CACHEABLE};

const DOCUMENT: &str = include_str!("openapi.json");

/// Only where the API is and which version of it depend on the deployment.
pub(crate) async fn openapi(
    State(app): State<Arc<App>>,
    gateway: Gateway,
) -> Result<impl IntoResponse, Error> {
    let mut document: Value = serde_json::from_str(DOCUMENT).map_err(Error::internal)?;
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"] = json!([{ "url": app.issuer.of(&gateway)? }]);
    Ok((CACHEABLE, Json(document)))
}
