//! The Lambda function `rotate-keys`.

use rotate_keys::{App, handle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    let nothing = async |_: &App| ();
    api::handle(env!("CARGO_PKG_NAME"), App::new, nothing, handle).await
}
