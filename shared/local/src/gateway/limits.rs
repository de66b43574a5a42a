//! [The quotas of an HTTP
//! API](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html). The
//! page has the sizes; the statuses are those that are reported.

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_LENGTH;
use axum::http::request::Parts;
use http_body_util::LengthLimitError;

use super::refusal::Refusal;

/// The time that a function may take: "maximum integration timeout".
pub const TIMEOUT: Duration = Duration::from_secs(30);

/// "Total combined size of request line and header values", in bytes.
const HEAD: usize = 10_240;

/// "Payload size": 10 MB, in bytes.
const BODY: usize = 10 * 1024 * 1024;

/// Refuses a request whose head is too large.
pub(super) fn check_head(parts: &Parts) -> Result<(), Refusal> {
    let target = parts.uri.path_and_query();
    let target = target.map_or(0, |target| target.as_str().len());
    let line = parts.method.as_str().len() + " ".len() + target + " HTTP/1.1".len();
    let values = parts.headers.values().map(|value| value.len());
    if line + values.sum::<usize>() > HEAD {
        return Err(Refusal::HeadTooLarge);
    }
    Ok(())
}

/// Reads a body that is not too large. A body whose `Content-Length` exceeds the quota is not read.
pub(super) async fn read(headers: &HeaderMap, body: Body) -> Result<Bytes, Refusal> {
    let length = headers.get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > BODY) {
        return Err(Refusal::TooLarge);
    }
    to_bytes(body, BODY).await.map_err(|error| {
        let is_too_large = error
            .source()
            .is_some_and(|source| source.is::<LengthLimitError>());
        if is_too_large {
            Refusal::TooLarge
        } else {
            Refusal::BadRequest
        }
    })
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn parts(path: &str, value: &str) -> Parts {
        let request = Request::builder().uri(path).header("x-long-name", value);
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn the_request_line_and_the_values_of_headers_are_10240_bytes_at_most() {
        let line = "GET /a HTTP/1.1".len();
        let rest = HEAD - line;
        assert_eq!(check_head(&parts("/a", &"b".repeat(rest))), Ok(()));
        for (path, value) in [
            ("/a".to_owned(), "b".repeat(rest + 1)),
            (format!("/a?{}", "b".repeat(rest)), String::new()),
        ] {
            let checked = check_head(&parts(&path, &value));
            assert_eq!(checked, Err(Refusal::HeadTooLarge), "{}", path.len());
        }
    }

    #[tokio::test]
    async fn a_body_is_10_mb_at_most_whether_it_says_so_or_not() {
        let none = HeaderMap::new();
        let read_all = read(&none, Body::from(vec![b'a'; BODY])).await;
        assert_eq!(read_all.unwrap().len(), BODY);
        let too_large = read(&none, Body::from(vec![b'a'; BODY + 1])).await;
        assert_eq!(too_large, Err(Refusal::TooLarge));
        let said = [(CONTENT_LENGTH, (BODY + 1).into())].into_iter().collect();
        assert_eq!(read(&said, Body::empty()).await, Err(Refusal::TooLarge));
    }
}
