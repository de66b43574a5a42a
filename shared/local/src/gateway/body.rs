//! The body of a request, in its event.

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A body as an event carries it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) text: String,
    pub(super) is_base64_encoded: bool,
}

/// The media types whose bodies stay text.
const TEXTS: [&str; 3] = [
    "application/javascript",
    "application/json",
    "application/xml",
];

/// [A body is text or
/// base64](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html),
/// and the page does not say which. Measured by others on AWS: `text/*`, JSON, XML and JavaScript
/// stay text unless they name a charset other than UTF-8; all else is base64, forms and bodies
/// without a media type too. Text that is not UTF-8 fits into no JSON: here it is base64.
pub(super) fn carry(headers: &HeaderMap, body: &[u8]) -> Carried {
    match std::str::from_utf8(body) {
        Ok(text) if is_text(headers) => Carried {
            text: text.to_owned(),
            is_base64_encoded: false,
        },
        _ => Carried {
            text: STANDARD.encode(body),
            is_base64_encoded: true,
        },
    }
}

fn is_text(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE);
    let Some(Ok(value)) = value.map(|value| value.to_str()) else {
        return false;
    };
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    });
    let is_utf8 = charset.is_none_or(|charset| charset.eq_ignore_ascii_case("utf-8"));
    is_utf8 && (media_type.starts_with("text/") || TEXTS.contains(&media_type.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(media_type: Option<&str>, body: &[u8]) -> (String, bool) {
        let media_type = media_type.map(|value| (CONTENT_TYPE, value.parse().unwrap()));
        let carried = carry(&media_type.into_iter().collect(), body);
        (carried.text, carried.is_base64_encoded)
    }

    #[test]
    fn texts_stay_text() {
        for media_type in [
            "text/plain",
            "text/html",
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/json; charset=\"utf-8\"",
            "application/xml",
            "application/javascript",
        ] {
            let carried = carried(Some(media_type), "é".as_bytes());
            assert_eq!(carried, ("é".to_owned(), false), "{media_type}");
        }
    }

    #[test]
    fn all_else_is_base64() {
        for media_type in [
            None,
            Some("application/x-www-form-urlencoded"),
            Some("application/octet-stream"),
            Some("application/merge-patch+json"),
            Some("multipart/form-data; boundary=a"),
            Some("text/plain; charset=iso-8859-1"),
            Some(""),
        ] {
            let carried = carried(media_type, b"a=b");
            assert_eq!(carried, ("YT1i".to_owned(), true), "{media_type:?}");
        }
    }

    #[test]
    fn a_text_that_is_not_utf_8_is_base64() {
        let carried = carried(Some("application/json"), b"\xff");
        assert_eq!(carried, ("/w==".to_owned(), true));
    }
}
