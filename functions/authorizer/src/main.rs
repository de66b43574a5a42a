//! The Lambda function `authorizer`.

use api::logged;
use authorizer::{App, authorize};
use lambda_runtime::{LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    api::Log::init(env!("CARGO_PKG_NAME"))?;
    let environment = api::Environment::load()?;
    let app = &App::new(&environment)?;
    app.warm().await;
    let answer = |LambdaEvent { payload, context }: LambdaEvent<_>| {
        Box::pin(async move { logged("authorize", &context, authorize(app, payload)).await })
    };
    lambda_runtime::run(service_fn(answer)).await
}
