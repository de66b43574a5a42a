//! The Lambda function `discovery`.

use discovery::{App, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    api::Log::init(env!("CARGO_PKG_NAME"))?;
    let environment = api::Environment::load()?;
    let app = App::new(&environment)?;
    app.warm().await;
    lambda_http::run(router(app)).await
}
