//! The Lambda function `account`.

use account::{App, router};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run(env!("CARGO_PKG_NAME"), App::new, App::warm, router).await
}
