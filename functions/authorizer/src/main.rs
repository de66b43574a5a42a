//! The Lambda function `authorizer`.

use authorizer::{App, authorize};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    let name = env!("CARGO_PKG_NAME");
    api::handle(name, App::new, App::warm, async |app, event, _| {
        authorize(app, event).await
    })
    .await
}
