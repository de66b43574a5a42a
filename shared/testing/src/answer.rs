//! The answer to a request.

use axum::body::to_bytes;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await;
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.expect("a body in memory").into(),
        }
    }

    /// The body as JSON, or `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// A header's text, or nothing where it is not there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The refresh token of a token answer.
    ///
    /// # Panics
    ///
    /// Where the answer has none.
    pub fn refresh_token(&self) -> String {
        self.token("refresh_token")
    }

    /// The access token of a token answer.
    ///
    /// # Panics
    ///
    /// Where the answer has none.
    pub fn access_token(&self) -> String {
        self.token("access_token")
    }

    fn token(&self, member: &str) -> String {
        let json = self.json();
        let token = json[member].as_str();
        token
            .unwrap_or_else(|| panic!("no {member} in {self:?}"))
            .to_owned()
    }
}
