//! The subjects of the measurements: a binary, and the requests that it gets.

use std::path::PathBuf;

use local::openapi::{operations, success};
use serde_json::{Value, json};

use super::build::binary;
use super::event::{Body, event};
use super::stage::{FirstStep, PASSWORD, Stage, USERNAME};
use crate::Error;

/// A function and what it is asked, again and again.
pub(super) struct Subject {
    pub(super) name: &'static str,
    ask: Ask,
    /// The number of requests that it got.
    asked: usize,
}

enum Ask {
    /// The same event each time, and a member of the answer that is to have that value.
    Always(Value, (&'static str, Value)),
    /// A name that nobody has yet.
    Register,
    /// The refresh token of the answer before.
    Refresh(String),
    /// A recovery code that is not the account's: a right one counts once.
    SecondFactor(FirstStep),
}

const NO_CODE: &str = "000000-000000-000000-000000";

/// Returns whether it is one of ours, and nothing that these are measured against.
pub(super) fn is_function(name: &str) -> bool {
    !name.starts_with("floor-") && !name.starts_with("usual-")
}

impl Subject {
    fn new(name: &'static str, ask: Ask) -> Self {
        Self {
            name,
            ask,
            asked: 0,
        }
    }

    pub(super) fn binary(&self) -> PathBuf {
        binary(self.name)
    }

    /// The bytes of its binary.
    pub(super) fn size(&self) -> Result<f64, Error> {
        Ok(std::fs::metadata(self.binary())?.len() as f64)
    }

    pub(super) fn is_function(&self) -> bool {
        is_function(self.name)
    }

    /// Returns whether it hashes a password for every request.
    pub(super) fn hashes(&self) -> bool {
        ["usual-login", "register", "login"].contains(&self.name)
    }

    /// The next event.
    pub(super) fn event(&mut self) -> String {
        self.asked += 1;
        match &self.ask {
            Ask::Always(event, _) => event.to_string(),
            Ask::Register => {
                let username = format!("user-{}", self.asked);
                let body = json!({ "username": username, "password": PASSWORD });
                json_event("POST /register", &body).to_string()
            }
            Ask::Refresh(token) => {
                let body = json!({ "refresh_token": token });
                json_event("POST /refresh", &body).to_string()
            }
            Ask::SecondFactor(first) => {
                let body = json!({ "mfa_token": first.mfa_token(), "recovery_code": NO_CODE });
                json_event("POST /login/mfa", &body).to_string()
            }
        }
    }

    /// Sees that the answer is what the work should have led to.
    pub(super) fn take(&mut self, answer: &Value) -> Result<(), Error> {
        let (member, expected) = match &self.ask {
            Ask::Always(_, (member, expected)) => (*member, expected.clone()),
            Ask::Register => ("statusCode", json!(201)),
            Ask::Refresh(_) => ("statusCode", json!(200)),
            Ask::SecondFactor(_) => ("statusCode", json!(400)),
        };
        if answer[member] != expected {
            return Err(format!("{} answered {answer}", self.name).into());
        }
        if let Ask::Refresh(token) = &mut self.ask {
            let body: Value = serde_json::from_str(answer["body"].as_str().unwrap_or_default())?;
            *token = body["refresh_token"]
                .as_str()
                .ok_or("no refresh token")?
                .to_owned();
        }
        Ok(())
    }
}

/// The one of that name.
pub(super) fn named<'a>(subjects: &'a mut [Subject], name: &str) -> Result<&'a mut Subject, Error> {
    let found = subjects.iter_mut().find(|subject| subject.name == name);
    Ok(found.ok_or_else(|| format!("{name} is not among the subjects"))?)
}

/// Every function, and the floors that some are measured against.
pub(super) async fn all(stage: &Stage) -> Result<Vec<Subject>, Error> {
    let tokens = stage.session().await?;
    let refreshed = stage.session().await?;
    let ended = stage.session().await?;
    let id = stage.user_id().await?.to_string();
    let ok = ("statusCode", json!(200));
    let bearer = |route: &str, token: &str| event(route, Some(token), Body::None);
    let form = |route: &str, token: &str, of: &str| {
        let body = Body::Form(format!("token={of}"));
        event(route, Some(token), body)
    };
    let mut authorize = local::event("authorizer");
    authorize["headers"]["authorization"] = format!("Bearer {}", tokens.access).into();
    let plain = |name, event| Subject::new(name, Ask::Always(event, ok.clone()));
    let other =
        |name, event, member, value| Subject::new(name, Ask::Always(event, (member, value)));
    let credentials = json!({ "username": USERNAME, "password": PASSWORD });
    let protected = "GET /protected";
    let asks_for = |id: &str| event(protected, None, Body::Text(id));
    let access = &tokens.access;
    let mut subjects = vec![
        plain("floor-nothing", event(protected, None, Body::None)),
        plain("floor-stateless", bearer(protected, access)),
        plain("floor-call", asks_for(&id)),
        plain("floor-issue", asks_for(&id)),
        plain("usual-call", asks_for(&id)),
        plain("usual-login", json_event("POST /login", &credentials)),
        plain(
            "discovery",
            event("GET /.well-known/jwks.json", None, Body::None),
        ),
        Subject::new("register", Ask::Register),
        plain("login", json_event("POST /login", &credentials)),
        Subject::new("refresh", Ask::Refresh(refreshed.refresh)),
        Subject::new("mfa", Ask::SecondFactor(stage.first_step().await?)),
        plain(
            "passkey",
            event("POST /login/passkey/options", None, Body::None),
        ),
        other(
            "logout",
            bearer("POST /logout", &ended.access),
            "statusCode",
            json!(204),
        ),
        plain("protected", bearer(protected, access)),
        plain(
            "introspect",
            form("POST /oauth2/introspect", access, access),
        ),
        plain("revoke", form("POST /oauth2/revoke", access, &ended.access)),
        other("authorizer", authorize, "isAuthorized", json!(true)),
        other("rotate-keys", json!({}), "signing_keys", json!(2)),
        // A row that is worth no mail any more: what a mail takes is for SES to say.
        other(
            "mailer",
            local::event("mailer"),
            "batchItemFailures",
            json!([]),
        ),
    ];
    for function in local::functions::ALL {
        if subjects.iter().all(|subject| subject.name != function.name) {
            subjects.push(by_its_event(function.name, access));
        }
    }
    Ok(subjects)
}

/// A function that is asked with its own event, and a token that counts.
fn by_its_event(name: &'static str, token: &str) -> Subject {
    let mut event = local::event(name);
    event["headers"]["authorization"] = format!("Bearer {token}").into();
    let key = event["routeKey"].as_str().expect("an event has a route");
    let success = success(&operations()[key]);
    Subject::new(name, Ask::Always(event, ("statusCode", json!(success))))
}

fn json_event(route: &str, body: &Value) -> Value {
    event(route, None, Body::Json(body.to_string()))
}
