//! The Lambda function `passkey`.

use passkey::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run::<App>().await
}
