//! The Lambda function of an API that guards its routes itself.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::Log::init(env!("CARGO_PKG_NAME"))?;
    let environment = api::Environment::load()?;
    api::serve(own_guard::router(&environment)?).await
}
