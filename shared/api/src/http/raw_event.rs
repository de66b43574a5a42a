//! Reading the event of an invocation.

use std::collections::HashMap;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Error;

/// Reads an event in the gateway's documented format.
///
/// # Errors
///
/// [`Error::Unreadable`] if it has another format.
pub fn read_event<'a, T: Deserialize<'a>>(event: &'a RawValue) -> Result<T, Error> {
    serde_json::from_str(event.get()).map_err(|error| {
        // The error itself may repeat a text of the client's.
        let (line, column) = (error.line(), error.column());
        Error::Unreadable(format!(
            "the event is not of payload format 2.0: line {line}, column {column}"
        ))
    })
}

/// The headers of an event: one text a name, for the gateway joins headers of the same name. `null`
/// counts as absent.
#[derive(Clone, Default, Deserialize)]
#[serde(try_from = "Option<HashMap<String, Option<String>>>")]
pub struct EventHeaders(pub HeaderMap);

/// The headers are not valid in HTTP, or too many.
#[derive(Debug, thiserror::Error)]
#[error("the headers of the event are not valid")]
pub struct NotHeaders;

impl EventHeaders {
    /// Adds a header to those of the same name.
    pub(crate) fn add(&mut self, name: HeaderName, value: String) -> Result<(), NotHeaders> {
        let value = HeaderValue::try_from(value).map_err(|_| NotHeaders)?;
        // `append` panics where there are more than it holds.
        let added = self.0.try_append(name, value);
        added.map(drop).map_err(|_| NotHeaders)
    }
}

impl TryFrom<Option<HashMap<String, Option<String>>>> for EventHeaders {
    type Error = NotHeaders;

    fn try_from(given: Option<HashMap<String, Option<String>>>) -> Result<Self, NotHeaders> {
        let mut headers = Self::default();
        for (name, value) in given.unwrap_or_default() {
            if let Some(value) = value {
                let name = HeaderName::try_from(name).map_err(|_| NotHeaders)?;
                headers.add(name, value)?;
            }
        }
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(headers: Value) -> Option<HeaderMap> {
        let headers: Result<EventHeaders, _> = serde_json::from_value(headers);
        headers.ok().map(|headers| headers.0)
    }

    #[test]
    fn headers_are_texts() {
        let headers = read(json!({ "Accept": "a, b", "x": null, "y": "é" })).unwrap();
        assert_eq!(headers["accept"], "a, b");
        assert_eq!(headers["y"].as_bytes(), "é".as_bytes());
        assert_eq!(headers.len(), 2);
        assert!(read(Value::Null).unwrap().is_empty());
    }

    #[test]
    fn two_spellings_of_a_name_are_two_headers() {
        let headers = read(json!({ "Authorization": "a", "authorization": "b" })).unwrap();
        assert_eq!(headers.get_all("authorization").iter().count(), 2);
    }

    #[test]
    fn what_is_no_header_makes_none_of_them_count() {
        let many: HashMap<_, _> = (0..40_000).map(|n| (format!("x-{n}"), "")).collect();
        for headers in [
            json!({ "a b": "c" }),
            json!({ "": "a" }),
            json!({ "a": "b\r\nc: d" }),
            json!({ "a": "\u{0}" }),
            json!({ "a": 1 }),
            json!({ "a": ["b"] }),
            json!("a"),
            json!([]),
            json!(many),
        ] {
            assert!(read(headers).is_none());
        }
    }
}
