//! The Lambda function `factors`.

use factors::App;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), api::RunError> {
    api::run::<App>().await
}
