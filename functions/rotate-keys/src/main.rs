//! The Lambda function `rotate-keys`.

use api::logged;
use lambda_runtime::{LambdaEvent, service_fn};
use rotate_keys::{App, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    api::Log::init(env!("CARGO_PKG_NAME"))?;
    let environment = api::Environment::load()?;
    let app = &App::new(&environment)?;
    let answer = |LambdaEvent { payload, context }: LambdaEvent<_>| {
        Box::pin(async move { logged("rotate-keys", &context, handle(app, payload)).await })
    };
    lambda_runtime::run(service_fn(answer)).await
}
