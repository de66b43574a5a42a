//! `GET /openapi.json`: the API in the terms of OpenAPI 3.1.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use api::{Error, Gateway};
use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::{App, CACHEABLE};

/// Parsed once: a request changes a copy, or reads it.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("openapi.json")).expect("a test reads the document")
});

/// Where the API is, which version of it and how long a password must be depend on the deployment.
pub(crate) async fn openapi(
    State(app): State<Arc<App>>,
    gateway: Gateway,
) -> Result<impl IntoResponse, Error> {
    let mut document = DOCUMENT.clone();
    document["info"]["version"] = env!("CARGO_PKG_VERSION").into();
    document["servers"] = json!([{ "url": app.issuer.of(&gateway)? }]);
    let password = &mut document["components"]["schemas"]["ChosenPassword"];
    password["minLength"] = app.min_password_length.into();
    Ok((CACHEABLE, Json(document)))
}

/// The paths that a client can begin with, by name: those without parameters that can be read or
/// posted to. What is only changed or deleted is below one of them. A name is that of the last
/// segment; that of a confirmation or of options begins with what they are for.
pub(crate) fn links() -> BTreeMap<String, String> {
    let mut links = BTreeMap::new();
    for (path, methods) in DOCUMENT["paths"].as_object().into_iter().flatten() {
        let is_beginning = methods.get("get").or(methods.get("post")).is_some();
        let suffixes = ["/confirm", "/options"];
        let owner = suffixes.iter().find_map(|suffix| path.strip_suffix(suffix));
        let parts = [owner.unwrap_or_default(), path]
            .map(|path| path.rsplit('/').next().unwrap_or_default());
        let name = parts.join("_");
        let name = name
            .trim_start_matches('_')
            .split('.')
            .next()
            .unwrap_or_default();
        if is_beginning && !name.is_empty() && !path.contains('{') {
            links.insert(name.replace('-', "_"), path.clone());
        }
    }
    links
}
