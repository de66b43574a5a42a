//! The Lambda function `recover`.

use recover::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run::<App>().await
}
