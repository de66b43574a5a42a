//! The media type of a request body.

use axum::http::{HeaderMap, header};

/// The media type that a body is said to have (RFC 9110 §8.3).
pub(crate) struct MediaType {
    /// Type and subtype in lower case.
    pub(crate) essence: String,
    /// Whether the characters are those of UTF-8, which is so unless `charset` names another. ASCII
    /// is a part of it.
    pub(crate) is_utf8: bool,
}

const UTF8: [&str; 3] = ["utf-8", "utf8", "us-ascii"];

impl MediaType {
    /// Reads the `Content-Type` header; `None` if there are several, for it is undefined which one
    /// counts.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut values = headers.get_all(header::CONTENT_TYPE).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        let mut parts = parts(value.to_str().ok()?);
        Some(Self {
            essence: parts.next()?.trim().to_ascii_lowercase(),
            is_utf8: parts.filter_map(charset).all(|charset| {
                let is_it = |name: &&str| charset.eq_ignore_ascii_case(name);
                UTF8.iter().any(is_it)
            }),
        })
    }
}

/// Splits a text at the semicolons that are not in quotes (RFC 9110 §5.6.6).
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |character| {
        let is_escape = is_quoted && !is_escaped && character == '\\';
        if character == '"' && !is_escaped {
            is_quoted = !is_quoted;
        }
        is_escaped = is_escape;
        character == ';' && !is_quoted
    })
}

/// The value of a parameter, if it is `charset`, without the marks of a quoted string (RFC 9110
/// §5.6.4).
fn charset(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let is_charset = name.trim().eq_ignore_ascii_case("charset");
    is_charset.then(|| value.trim().replace(['"', '\\'], ""))
}
