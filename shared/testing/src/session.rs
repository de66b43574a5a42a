//! A signed-in user, who calls the API with the tokens of a session.

use axum::http::Method;
use serde_json::{Value, json};

use crate::client::PASSWORD;
use crate::{Answer, Client};

/// A session: a client with an access token and a refresh token.
#[derive(Clone, Debug)]
pub struct Session {
    /// The answer that brought the tokens.
    pub answer: Answer,
    /// Sent with every call.
    pub access_token: String,
    /// Continues and ends the session.
    pub refresh_token: String,
    pub(crate) api: Client,
}

impl Client {
    /// Registers a username with [`PASSWORD`].
    ///
    /// # Panics
    ///
    /// If the API refuses it.
    pub async fn sign_up(&self, username: &str) -> Session {
        let registered = self.register(username, PASSWORD).await;
        assert_eq!(registered.status, 201, "{}", registered.json());
        self.session(registered)
    }

    /// Registers a username with the address `USERNAME@example.com` and [`PASSWORD`].
    ///
    /// # Panics
    ///
    /// If the API refuses it.
    pub async fn sign_up_with_address(&self, username: &str) -> Session {
        let email = format!("{username}@example.com");
        let body = json!({ "username": username, "email": email, "password": PASSWORD });
        let registered = self.post("/register", &body).await;
        assert_eq!(registered.status, 201, "{}", registered.json());
        self.session(registered)
    }

    /// Logs a username in with [`PASSWORD`].
    ///
    /// # Panics
    ///
    /// If the API refuses it.
    pub async fn sign_in(&self, username: &str) -> Session {
        let login = self.login(username, PASSWORD).await;
        assert_eq!(login.status, 200, "{}", login.json());
        self.session(login)
    }

    /// The session that an answer of this API has tokens of.
    ///
    /// # Panics
    ///
    /// If the answer has no tokens.
    pub fn session(&self, answer: Answer) -> Session {
        Session {
            access_token: answer.access_token(),
            refresh_token: answer.refresh_token(),
            answer,
            api: self.clone(),
        }
    }
}

impl Session {
    /// The account, as the answer to its registration shows it.
    pub fn user(&self) -> Value {
        self.answer.json()["user"].clone()
    }

    /// The id of the account.
    ///
    /// # Panics
    ///
    /// If the session is not that of a registration.
    pub fn user_id(&self) -> String {
        let user = self.user();
        let id = user["id"].as_str().expect("the answer to a registration");
        id.to_owned()
    }

    /// The same with another access token.
    #[must_use]
    pub fn with_access_token(self, access_token: String) -> Self {
        Self {
            access_token,
            ..self
        }
    }

    /// Calls with the access token, and a JSON body or none.
    pub async fn call(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let token = Some(self.access_token.as_str());
        self.api.call(method, path, token, body).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    /// Sends a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    /// Changes a part.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// Replaces.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// Deletes.
    pub async fn delete(&self, path: &str) -> Answer {
        self.call(Method::DELETE, path, None).await
    }

    /// Sends a form.
    pub async fn form(&self, path: &str, form: &str) -> Answer {
        self.api.form(path, Some(&self.access_token), form).await
    }

    /// Logs in again with the refresh token as the device's.
    pub async fn login_again(&self, username: &str, password: &str) -> Answer {
        let device_token = &self.refresh_token;
        let body =
            json!({ "username": username, "password": password, "device_token": device_token });
        self.api.post("/login", &body).await
    }

    /// Changes the password of the account.
    pub async fn change_password(&self, current: &str, new: &str) -> Answer {
        let body = json!({ "current_password": current, "password": new });
        self.put("/me/password", &body).await
    }

    /// Uses the refresh token.
    pub async fn refresh(&self) -> Answer {
        self.api.refresh(&self.refresh_token).await
    }

    /// Uses the refresh token, and returns the session with the new tokens.
    ///
    /// # Panics
    ///
    /// If the API refuses it.
    pub async fn refreshed(&self) -> Self {
        let answer = self.refresh().await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        self.api.session(answer)
    }

    /// Logs out with the access token.
    pub async fn logout(&self) -> Answer {
        self.api.logout(&self.access_token).await
    }

    /// Logs out with the refresh token.
    pub async fn logout_by_refresh_token(&self) -> Answer {
        self.api.logout_by(&self.refresh_token).await
    }

    /// The same session, used from another address.
    ///
    /// # Panics
    ///
    /// If the API is not in this process.
    #[must_use]
    pub fn at_address(&self, source_ip: &str) -> Self {
        let mut moved = self.clone();
        moved.api = self.api.at_address(source_ip);
        moved
    }
}
