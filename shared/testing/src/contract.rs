//! Holds requests and answers to openapi.json, in every test of the API in this process.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::openapi;

const JSON: [&str; 2] = ["application/json", "application/merge-patch+json"];

const HTML: &str = "text/html";

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let document = openapi::document();
    let operations = openapi::operations().into_iter();
    operations
        .map(|(name, operation)| Operation::read(&document, name, &operation))
        .collect()
});

/// One operation of the document.
struct Operation {
    name: String,
    request: Option<Validator>,
    /// By status and media type. Without a media type there must be no body.
    answers: BTreeMap<u16, BTreeMap<String, Validator>>,
}

/// A layer around a router, which fails the test if the document does not have the answer, or does
/// not allow a request that succeeded.
///
/// # Panics
///
/// In these two cases.
pub async fn check_contract(request: Request, next: Next) -> Response {
    let name = format!("{} {}", request.method(), request.uri().path());
    let Some(operation) = OPERATIONS.iter().find(|operation| operation.is(&name)) else {
        return next.run(request).await;
    };
    let is_head = request.method() == Method::HEAD;
    let (parts, body) = request.into_parts();
    let asked = whole(body).await;
    let is_json = JSON.contains(&media_type(&parts.headers));
    let request = Request::from_parts(parts, Body::from(asked.clone()));
    let (parts, body) = next.run(request).await.into_parts();
    let answered = whole(body).await;
    let status = parts.status.as_u16();
    if is_head {
        // The body is left out behind this layer.
        operation.check(status, "nothing", &Bytes::new());
    } else {
        operation.check(status, media_type(&parts.headers), &answered);
    }
    if status == 401 {
        let challenge = parts.headers.contains_key(WWW_AUTHENTICATE);
        assert!(challenge, "{name} answered 401 without WWW-Authenticate");
    }
    if let Some(request) = &operation.request
        && is_json
        && parts.status.is_success()
    {
        // A body that is not JSON is checked as `null`, which a route that reads anything allows.
        let asked = asked.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&asked);
        let asked = serde_json::from_slice(asked).unwrap_or_default();
        valid(request, &asked, &format!("{name} answered {status} to"));
    }
    Response::from_parts(parts, Body::from(answered))
}

impl Operation {
    fn read(document: &Value, name: String, operation: &Value) -> Self {
        let responses = operation["responses"].as_object().into_iter().flatten();
        let answers = responses.map(|(status, response)| {
            let content = resolved(document, response)["content"].as_object();
            let by_type = content.into_iter().flatten().map(|(media_type, content)| {
                let validator = validator(document, &content["schema"]);
                (media_type.clone(), validator)
            });
            (status.parse().expect("a status"), by_type.collect())
        });
        let request = operation["requestBody"]["content"].get(JSON[0]);
        Self {
            answers: answers.collect(),
            request: request.map(|content| validator(document, &content["schema"])),
            name,
        }
    }

    /// Returns whether a method and a path are of this operation.
    fn is(&self, name: &str) -> bool {
        let (ours, theirs) = (self.name.split('/'), name.split('/'));
        let is_same = |(ours, theirs): (&str, &str)| ours == theirs || ours.starts_with('{');
        ours.clone().count() == theirs.clone().count() && ours.zip(theirs).all(is_same)
    }

    fn check(&self, status: u16, media_type: &str, body: &Bytes) {
        let name = &self.name;
        let Some(answers) = self.answers.get(&status) else {
            panic!("openapi.json has no {status} for {name}");
        };
        match answers.get(media_type) {
            Some(validator) => {
                let body = if media_type == HTML {
                    Value::from(String::from_utf8_lossy(body))
                } else {
                    serde_json::from_slice(body).expect("a body in JSON")
                };
                valid(validator, &body, &format!("{name} answered {status} with"));
            }
            None => assert!(
                answers.is_empty() && body.is_empty(),
                "openapi.json has no {media_type} for the {status} of {name}"
            ),
        }
    }
}

/// The value that a `$ref` stands for.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let Some(reference) = value["$ref"].as_str() else {
        return value;
    };
    let pointer = reference.trim_start_matches('#');
    document
        .pointer(pointer)
        .expect("a reference leads somewhere")
}

/// The document's schemas are open, so that members can be added; what the API has now is what the
/// document says.
fn validator(document: &Value, schema: &Value) -> Validator {
    let mut schema = json!({ "allOf": [schema], "components": document["components"] });
    close(&mut schema);
    schema["unevaluatedProperties"] = json!(false);
    jsonschema::draft202012::new(&schema).expect("a schema")
}

/// Allows no object below to have more members than are named.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, member) in members {
                match (name.as_str(), member) {
                    ("items", item) => close_one(item),
                    ("properties", Value::Object(properties)) => {
                        properties.values_mut().for_each(close_one);
                    }
                    (_, other) => close(other),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(close),
        _ => {}
    }
}

fn close_one(schema: &mut Value) {
    close(schema);
    if let Value::Object(members) = schema
        && !members.contains_key("additionalProperties")
    {
        members.insert("unevaluatedProperties".to_owned(), json!(false));
    }
}

fn valid(validator: &Validator, body: &Value, what: &str) {
    let errors: Vec<_> = validator
        .iter_errors(body)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{what} {body}: {errors:?}");
}

fn media_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    match value {
        Some("text/html; charset=utf-8") => HTML,
        value => value.unwrap_or("nothing"),
    }
}

async fn whole(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.expect("a body in memory")
}
