//! Second factors that are required: by the account, of administrators, or of everybody.

mod administrators;
mod enrolling;
mod every_route;
mod login;
mod registration;
mod sessions;

use accounts::{MfaPurpose, MfaToken};
use api::RefreshKeys;
use serde_json::Value;
use testing::{Client, Stack};

/// The whole API of a stack, where a second factor is required so.
pub(crate) fn requiring(stack: &Stack, whom: &str) -> Client {
    Client::api(&stack.environment_where(&[("MFA_REQUIRED", whom)]))
}

/// An `mfa_token` of an answer, if it has one that is valid for that purpose.
async fn mfa_token(stack: &Stack, answer: &Value, purpose: MfaPurpose) -> Option<MfaToken> {
    let text = answer["mfa_token"].as_str()?;
    let keys = RefreshKeys::new(&stack.environment()).unwrap();
    let keys = keys.at(api::now()).await.unwrap();
    MfaToken::parse(text, purpose, &keys, api::now())
}

/// The members of an answer that are tokens.
fn tokens(answer: &Value) -> Vec<&str> {
    let names = ["access_token", "refresh_token"];
    let there = |name: &&str| answer.get(name).is_some();
    names.into_iter().filter(there).collect()
}
