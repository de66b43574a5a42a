//! The Lambda function of an API that leaves tokens to its gateway.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    lambda_http::tracing::init_default_subscriber();
    lambda_http::run(guarded_api::router()).await
}
