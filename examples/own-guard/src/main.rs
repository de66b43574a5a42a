//! The Lambda function of an API that guards its routes itself.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    let environment = api::Environment::load()?;
    lambda_http::run(own_guard::router(&environment)?).await
}
