//! An API in Rust that guards its routes itself, with the crates of this repository.

use std::sync::Arc;

use api::{Caller, ConfigError, Environment, Error, SessionGuard};
use axum::routing::get;
use axum::{Json, Router};
use claims::Scope;
use serde_json::{Value, json};

/// A scope of this API's own. The parameter `Roles` of the Latchkey stack has a role that confers it.
const REPORTS_READ: Scope = Scope::new("reports:read");

/// The routes, guarded as the environment says: `USERS_TABLE`, `SESSIONS_TABLE`, `KEYS_TABLE`,
/// `API_URL`, `ISSUER_URL`, `AUDIENCE`, `ROLES` and `MFA_REQUIRED`.
///
/// # Errors
///
/// [`ConfigError`] names the variable that is missing or wrong.
pub fn router(environment: &Environment) -> Result<Router, ConfigError> {
    let guard = Arc::new(SessionGuard::for_another_api(environment)?);
    let routes = Router::new()
        .route("/hello", get(hello))
        .route("/reports", get(reports))
        .route("/drafts", get(drafts));
    Ok(api::layered(routes.with_state(guard)))
}

/// A handler that takes a [`Caller`] is for whoever brings a token of a session that is alive.
async fn hello(caller: Caller) -> Json<Value> {
    Json(json!({ "hello": caller.claims.sub }))
}

/// A scope counts if the token has it, and a role confers it that token and account both have. Without
/// the table of roles it counts while the account has every role of the token.
async fn reports(caller: Caller) -> Result<Json<Value>, Error> {
    caller.requires(REPORTS_READ)?;
    Ok(Json(json!({ "reports": [] })))
}

/// A role counts if the token has it, and the account has it still.
async fn drafts(caller: Caller) -> Result<Json<Value>, Error> {
    caller.requires_role("editor")?;
    Ok(Json(json!({ "drafts": [] })))
}
