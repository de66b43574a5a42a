//! The Lambda function `introspect`.

use introspect::{App, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let environment = api::Environment::load().await;
    lambda_http::run(router(App::new(&environment)?)).await
}
