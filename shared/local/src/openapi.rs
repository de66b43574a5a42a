//! The document of the API, `functions/discovery/src/openapi.json`, for tests that hold the API to it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::workspace;

/// The credentials that an operation asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// None.
    Anyone,
    /// A refresh token in the body, and no access token: the schema of the body is `RefreshToken`.
    RefreshToken,
    /// An access token, or something else in its place.
    Either,
    /// An access token.
    Token,
    /// An access token with this scope.
    Scope(String),
}

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

/// Every operation by its method and path, such as `GET /me`. An operation without `security` has
/// that of the document.
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
    let secured = operations.map(|(name, mut operation)| {
        if operation.get("security").is_none() {
            operation["security"] = document["security"].clone();
        }
        (name, operation)
    });
    secured.collect()
}

impl Access {
    /// The credentials that an operation of [`operations`] asks for.
    ///
    /// # Panics
    ///
    /// Where its `security` is of another form than the document has.
    #[must_use]
    pub fn of(operation: &Value) -> Self {
        let security = &operation["security"];
        let scopes = security[0]["accessToken"].as_array().map(Vec::as_slice);
        match (security.as_array().map(Vec::len), scopes) {
            (Some(0), _) if takes_refresh_token(operation) => Self::RefreshToken,
            (Some(0), _) => Self::Anyone,
            (Some(2), Some([])) if security[1] == json!({}) => Self::Either,
            (Some(1), Some([])) => Self::Token,
            (Some(1), Some([Value::String(scope)])) => Self::Scope(scope.clone()),
            _ => panic!("the security of an operation: {security}"),
        }
    }
}

fn takes_refresh_token(operation: &Value) -> bool {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    schema["$ref"] == "#/components/schemas/RefreshToken"
}

/// The status of an operation that succeeds. Where a form is answered by a page with another
/// status, it is that of the answer to JSON.
///
/// # Panics
///
/// Where the operation has no such answer.
#[must_use]
pub fn success(operation: &Value) -> u16 {
    let answers = operation["responses"].as_object().expect("answers");
    let mut successes: Vec<_> = answers
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
        .collect();
    successes.sort_by_key(|(_, answer)| {
        let content = answer["content"].as_object();
        content.is_some_and(|content| content.keys().all(|kind| kind == "text/html"))
    });
    let (status, _) = successes.first().expect("an answer that is a success");
    status.parse().expect("a status")
}
