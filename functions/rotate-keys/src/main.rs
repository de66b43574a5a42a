//! The Lambda function `rotate-keys`.

use rotate_keys::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::handle::<App>().await
}
