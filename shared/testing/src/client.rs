//! A client of the API, wherever it runs: in this process, or behind a URL.

mod in_process;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use accounts::Device;
use axum::http::Method;
use serde_json::{Value, json};

use crate::Answer;
use crate::gateway::InProcess;
use local::event;

/// Good enough for the policy.
pub const PASSWORD: &str = "correct horse battery staple";

/// As good.
pub const OTHER_PASSWORD: &str = "nine purple elephants dance";

/// An API to call.
#[derive(Clone, Debug)]
pub enum Client {
    /// Functions in this process, behind the gateway.
    InProcess(InProcess),
    /// A URL without trailing slash.
    Url {
        /// The HTTP client.
        http: reqwest::Client,
        /// The URL.
        base: String,
        /// The number of requests that were sent.
        sent: Arc<AtomicUsize>,
    },
}

impl Client {
    /// The API behind a URL.
    pub fn at(url: &str) -> Self {
        Self::Url {
            http: reqwest::Client::new(),
            base: url.to_owned(),
            sent: Arc::default(),
        }
    }

    /// Returns the number of requests that were sent to a URL.
    pub fn sent(&self) -> usize {
        match self {
            Self::InProcess(_) => 0,
            Self::Url { sent, .. } => sent.load(Ordering::Relaxed),
        }
    }

    /// Sends a request.
    ///
    /// # Panics
    ///
    /// If no answer comes, or the request is invalid.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        match self {
            Self::InProcess(api) => api.send(method, path, headers, body).await,
            Self::Url { http, base, sent } => {
                sent.fetch_add(1, Ordering::Relaxed);
                let mut request = http.request(method, format!("{base}{path}"));
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let response = request.body(body.to_vec()).send().await.expect("an answer");
                let (status, headers) = (response.status().as_u16(), response.headers().clone());
                let body = response.bytes().await.expect("a body");
                Answer {
                    status,
                    headers,
                    body: body.to_vec(),
                }
            }
        }
    }

    /// Sends an event of the folder `events`.
    ///
    /// # Panics
    ///
    /// Where there is no such event, or the API is not in this process.
    pub async fn event(&self, name: &str) -> Answer {
        self.invoke(&event(name)).await
    }

    /// Refreshes from a device.
    ///
    /// # Panics
    ///
    /// Where the API is not in this process.
    pub async fn refresh_from(&self, device: &Device, refresh_token: &str) -> Answer {
        let mut event = event("refresh");
        event["body"] = json!(json!({ "refresh_token": refresh_token }).to_string());
        event["requestContext"]["http"]["sourceIp"] = json!(device.address);
        event["requestContext"]["http"]["userAgent"] = json!(device.agent);
        self.invoke(&event).await
    }

    /// Sends a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, None, Some(body)).await
    }

    /// Asks with an access token, or without.
    pub async fn get(&self, path: &str, token: Option<&str>) -> Answer {
        self.call(Method::GET, path, token, None).await
    }

    /// Asks with an access token, a method and a JSON body, or without.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers: Vec<_> = bearer
            .iter()
            .map(|value| ("authorization", value.as_str()))
            .collect();
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        self.send(method, path, &headers, body.as_bytes()).await
    }

    /// Sends a form, with an access token or without.
    pub async fn form(&self, path: &str, token: Option<&str>, form: &str) -> Answer {
        let bearer = token.map(|token| format!("Bearer {token}"));
        let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
        headers.extend(bearer.iter().map(|value| ("authorization", value.as_str())));
        self.send(Method::POST, path, &headers, form.as_bytes())
            .await
    }

    /// Registers a username.
    pub async fn register(&self, username: &str, password: &str) -> Answer {
        self.post(
            "/register",
            &json!({ "username": username, "password": password }),
        )
        .await
    }

    /// Logs a username in.
    pub async fn login(&self, username: &str, password: &str) -> Answer {
        self.post(
            "/login",
            &json!({ "username": username, "password": password }),
        )
        .await
    }

    /// Refreshes.
    pub async fn refresh(&self, refresh_token: &str) -> Answer {
        let body = json!({ "refresh_token": refresh_token });
        self.post("/refresh", &body).await
    }

    /// Logs out with a refresh token.
    pub async fn logout_by(&self, refresh_token: &str) -> Answer {
        let body = json!({ "refresh_token": refresh_token });
        self.post("/logout", &body).await
    }

    /// Logs out with an access token.
    pub async fn logout(&self, access_token: &str) -> Answer {
        self.call(Method::POST, "/logout", Some(access_token), None)
            .await
    }
}
