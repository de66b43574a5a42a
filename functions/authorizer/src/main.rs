//! The Lambda function `authorizer`.

use authorizer::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::handle::<App>().await
}
