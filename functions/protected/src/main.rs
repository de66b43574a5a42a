//! The Lambda function `protected`.

use protected::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run::<App>().await
}
