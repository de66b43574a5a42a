//! A service that checks tokens by their signature and claims alone.

use std::sync::Arc;

use api::{StatelessGuard, Verified};
use axum::Router;
use axum::routing::get;
use lambda_http::{Error, run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    api::Log::init(env!("CARGO_BIN_NAME"))?;
    let guard = Arc::new(StatelessGuard::new(&api::Environment::load()?)?);
    guard.warm().await;
    let route = get(async |Verified(claims): Verified| claims.sub);
    run(api::layered(
        Router::new().route("/protected", route).with_state(guard),
    ))
    .await
}
