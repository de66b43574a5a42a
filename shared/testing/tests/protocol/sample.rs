//! A request for each route, made of the route's event.

use accounts::{MfaPurpose, Purpose, User};
use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use local::openapi::{Access, operations, success};
use serde_json::{Value, json};
use testing::passkey::Passkey;
use testing::{Answer, Client, Stack};

/// A request that a route takes.
#[derive(Clone)]
pub(crate) struct Sample {
    /// The method and the pattern of the path.
    pub(crate) key: String,
    pub(crate) access: Access,
    /// The status when nothing stands in the way.
    pub(crate) success: u16,
    event: Value,
    /// In the place of `{id}`, where it is not the account's.
    id: Option<String>,
}

/// In the place of a code of an app, in an event.
const TOTP_CODE: &str = "TOTP_CODE";

/// In the place of an `mfa_token`, in an event.
const MFA_TOKEN: &str = "latchkey_mfa_TOKEN";

/// The recovery code of events.
const RECOVERY_CODE: &str = "7K3Q9M-XR2T8V-4HWZ6N-B5CDJE";

/// One for each operation of the document, by the first event that its route has.
pub(crate) fn samples() -> Vec<Sample> {
    let events = local::events();
    let samples = operations().into_iter().map(|(key, operation)| {
        let event = events.values().find(|event| event["routeKey"] == *key);
        Sample {
            access: Access::of(&operation),
            success: success(&operation),
            event: event.unwrap_or_else(|| panic!("no event of {key}")).clone(),
            id: None,
            key,
        }
    });
    samples.collect()
}

impl Sample {
    pub(crate) fn method(&self) -> Method {
        let (method, _) = self.key.split_once(' ').unwrap();
        method.parse().unwrap()
    }

    /// The same with a ticket and a code of this account's in the place of the event's, if it shows
    /// one, for an account that has what the route wants of it.
    pub(crate) async fn prepared(mut self, stack: &Stack, user: &User) -> Self {
        let event = self.event.to_string();
        if event.contains(TOTP_CODE) {
            let code = stack.offer(user).await.code();
            self.event = serde_json::from_str(&event.replace(TOTP_CODE, &code)).unwrap();
        }
        if event.contains(RECOVERY_CODE) {
            stack.give_recovery_code(user, RECOVERY_CODE).await;
            let token = stack.mfa_token(user, MfaPurpose::SignIn).await;
            self.event = serde_json::from_str(&event.replace(MFA_TOKEN, &token)).unwrap();
        }
        if self.key == "POST /me/recovery-codes" {
            stack.give_passkey(user).await;
        }
        match self.key.as_str() {
            "POST /me/passkeys" => {
                let options = stack.passkey_creation(user).await;
                self.show(&Passkey::of_stack().register(&options));
            }
            "POST /login/passkey" => {
                let mut passkey = stack.add_passkey(user).await;
                self.show(&passkey.sign_in(&stack.passkey_request().await));
            }
            key if key.ends_with("/me/passkeys/{id}") => {
                self.id = Some(stack.add_passkey(user).await.id());
            }
            _ => {}
        }
        for purpose in Purpose::ALL {
            let placeholder = format!("latchkey_{}_TICKET", purpose.name());
            if event.contains(&placeholder) {
                let ticket = stack.ticket(purpose, user).await;
                let event = event.replace(&placeholder, &ticket);
                self.event = serde_json::from_str(&event).unwrap();
            }
        }
        self
    }

    fn show(&mut self, credential: &Value) {
        self.event["body"] = json!(json!({ "credential": credential }).to_string());
    }

    /// Sends it with an access token, or without. `{id}` becomes the account's, and `suffix` ends each name in the body, so
    /// that accounts of other requests do not have it.
    pub(crate) async fn send(
        &self,
        api: &Client,
        token: Option<&str>,
        id: &str,
        suffix: &str,
    ) -> Answer {
        let mut body = self.body();
        for (name, end) in [("username", ""), ("email", ".example.com")] {
            if let Some(Value::String(name)) = body.get_mut(name) {
                name.push_str(suffix);
                name.push_str(end);
            }
        }
        self.send_body(api, token, id, &body).await
    }

    /// Sends it with another body: an object as JSON, text as what the event says that it is, `null` as none.
    pub(crate) async fn send_body(
        &self,
        api: &Client,
        token: Option<&str>,
        id: &str,
        body: &Value,
    ) -> Answer {
        let body = match body {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            json => json.to_string(),
        };
        let bearer = token.map(|token| format!("Bearer {token}"));
        let bearer = bearer.iter().map(|value| ("authorization", value.as_str()));
        let content_type = self.event["headers"]["content-type"].as_str();
        let content_type = content_type.filter(|_| !body.is_empty());
        let content_type = content_type.map(|value| ("content-type", value));
        let headers: Vec<_> = bearer.chain(content_type).collect();
        let path = self.path(id);
        api.send(self.method(), &path, &headers, body.as_bytes())
            .await
    }

    fn path(&self, id: &str) -> String {
        let (_, pattern) = self.key.split_once(' ').unwrap();
        let path = pattern.replace("{id}", self.id.as_deref().unwrap_or(id));
        match self.event["rawQueryString"].as_str() {
            None | Some("") => path,
            Some(query) => format!("{path}?{query}"),
        }
    }

    fn body(&self) -> Value {
        let Some(text) = self.event["body"].as_str() else {
            return Value::Null;
        };
        if self.event["isBase64Encoded"] == true {
            let bytes = STANDARD.decode(text).unwrap();
            return String::from_utf8(bytes).unwrap().into();
        }
        // A form is its text.
        serde_json::from_str(text).unwrap_or_else(|_| text.into())
    }
}
