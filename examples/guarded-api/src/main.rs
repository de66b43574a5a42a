//! The Lambda function of an API that leaves tokens to its gateway.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::Log::init(env!("CARGO_PKG_NAME"))?;
    api::serve(guarded_api::router()).await
}
