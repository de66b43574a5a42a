//! `GET /openapi.json`: the API in the terms of OpenAPI 3.1.

use std::sync::Arc;

use api::{Error, Gateway};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::{App, CACHEABLE};

const DOCUMENT: &str = include_str!("openapi.json");

/// Where the API is, which version of it and how long a password must be depend on the deployment.
pub(crate) async fn openapi(
    State(app): State<Arc<App>>,
    gateway: Gateway,
) -> Result<impl IntoResponse, Error> {
    let mut document: Value = serde_json::from_str(DOCUMENT).map_err(Error::internal)?;
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"] = json!([{ "url": app.issuer.of(&gateway)? }]);
    let password = &mut document["components"]["schemas"]["ChosenPassword"];
    password["minLength"] = app.min_password_length.into();
    Ok((CACHEABLE, Json(document)))
}
