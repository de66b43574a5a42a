//! Passkeys: added, used, refused and removed.

mod add;
mod limits;
mod own;
mod races;
mod sign_in;

use serde_json::{Value, json};
use testing::passkey::Passkey;
use testing::{Answer, Client, Session};

/// An account with a session and a passkey.
async fn ada(api: &Client) -> (Session, Passkey) {
    let session = api.sign_up("ada").await;
    let mut passkey = Passkey::of_stack();
    let added = passkey.enrol(&session, "Phone").await;
    assert_eq!(added.status, 201, "{}", added.json());
    (session, passkey)
}

/// The options of a sign-in.
async fn request(api: &Client) -> Value {
    let options = api.post("/login/passkey/options", &json!({})).await;
    assert_eq!(options.status, 200, "{}", options.json());
    options.json()
}

/// The options of a new passkey.
async fn creation(session: &Session) -> Value {
    let options = session.post("/me/passkeys/options", &json!({})).await;
    assert_eq!(options.status, 200, "{}", options.json());
    options.json()
}

async fn send(api: &Client, credential: &Value) -> Answer {
    let body = json!({ "credential": credential });
    api.post("/login/passkey", &body).await
}

/// The one answer to a passkey that is refused.
fn is_refused(answer: &Answer) -> bool {
    let body = answer.json();
    let member = body.get("error");
    answer.status == 401 && body["detail"] == "Invalid credentials" && member.is_none()
}

fn is_unknown(answer: &Answer) -> bool {
    answer.status == 401 && answer.json()["error"] == "unknown_credential"
}
