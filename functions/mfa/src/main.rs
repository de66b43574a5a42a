//! The Lambda function `mfa`.

use mfa::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run::<App>().await
}
