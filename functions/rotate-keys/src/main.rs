//! The Lambda function `rotate-keys`.

use lambda_runtime::{LambdaEvent, service_fn};
use rotate_keys::{App, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda_runtime::tracing::init_default_subscriber();
    let environment = api::Environment::load().await;
    let app = &App::new(&environment)?;
    let answer = |event: LambdaEvent<_>| Box::pin(handle(app, event.payload));
    lambda_runtime::run(service_fn(answer)).await
}
