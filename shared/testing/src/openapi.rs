//! The operations of openapi.json of the function `discovery`, for tests that check the API against
//! it.

use std::collections::BTreeMap;

use serde_json::Value;

use local::workspace;

/// The document, before a deployment has filled in where it is.
///
/// # Panics
///
/// Where the file is not there or is not JSON.
#[must_use]
pub fn document() -> Value {
    let file = workspace().join("functions/discovery/src/openapi.json");
    let text = std::fs::read_to_string(file).expect("openapi.json");
    serde_json::from_str(&text).expect("openapi.json is JSON")
}

/// Every operation by its method and path, such as `GET /me`.
///
/// # Panics
///
/// As [`document`], and where it has no paths.
#[must_use]
pub fn operations() -> BTreeMap<String, Value> {
    let document = document();
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten();
        methods.map(move |(method, operation)| {
            let name = format!("{} {path}", method.to_uppercase());
            (name, operation.clone())
        })
    });
    operations.collect()
}
