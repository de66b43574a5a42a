//! An API that leaves tokens to its gateway, which lets nobody through to it without one that counts.
//!
//! `GET /reports` is guarded by API Gateway's own JWT authorizer, which checks the signature, the claims
//! and a scope. `GET /orders` is guarded by Latchkey's Lambda authorizer, which also knows whether the
//! session is alive. The function finds who is calling in the request context, and no token at all.

use axum::extract::Extension;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use lambda_http::request::RequestContext;
use serde::Serialize;

/// The caller that the gateway names.
#[derive(Serialize)]
struct Seen {
    user_id: String,
    scope: String,
}

/// The routes of this function.
pub fn router() -> Router {
    let routes = Router::new()
        .route("/reports", get(reports))
        .route("/orders", get(orders));
    api::layered(routes)
}

/// The JWT authorizer passes the claims on, each as a string.
async fn reports(Extension(context): Extension<RequestContext>) -> Result<Json<Seen>, StatusCode> {
    let RequestContext::ApiGatewayV2(context) = context else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let jwt = context.authorizer.and_then(|authorizer| authorizer.jwt);
    // Without the authorizer before it, a route is open to everybody: better that it answers nobody.
    let claims = jwt.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?.claims;
    let claim = |name: &str| claims.get(name).cloned().unwrap_or_default();
    Ok(Json(Seen {
        user_id: claim("sub"),
        scope: claim("scope"),
    }))
}

/// The Lambda authorizer passes on what it answered.
async fn orders(Extension(context): Extension<RequestContext>) -> Result<Json<Seen>, StatusCode> {
    let RequestContext::ApiGatewayV2(context) = context else {
        return Err(StatusCode::INTERNAL_SERVER_ERROR);
    };
    let fields = context.authorizer.map(|authorizer| authorizer.fields);
    let fields = fields.ok_or(StatusCode::INTERNAL_SERVER_ERROR)?;
    let text = |name: &str| fields.get(name)?.as_str().map(ToOwned::to_owned);
    Ok(Json(Seen {
        user_id: text("user_id").ok_or(StatusCode::INTERNAL_SERVER_ERROR)?,
        scope: text("scope").unwrap_or_default(),
    }))
}
